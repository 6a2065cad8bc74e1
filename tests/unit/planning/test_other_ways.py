"""Other streets are asked only where some leave no way, and in the order given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from promesa.kernel.geo import Position
from promesa.planning.other_ways import fill_in, get_way
from promesa.planning.travel import Way
from promesa.roads.network import UnreachableError

HERE, THERE = Position(lat=-33.4, lon=-70.6), Position(lat=-33.5, lon=-70.7)


@dataclass(frozen=True, slots=True)
class Metres:
    distance_m: int
    duration_s: int = 60
    toll_clp: int = 0
    geometry: tuple[Position, ...] = (HERE, THERE)


@dataclass(slots=True)
class Streets:
    """Streets with a way of so many metres, or with none."""

    distance_m: int | None
    asked: list[Position] = field(default_factory=list)

    def matrix(self, points: object, departure: datetime | None) -> NDArray[np.int32]:
        raise NotImplementedError

    def path(self, origin: Position, destination: Position, departure: datetime | None) -> Way:
        self.asked.append(destination)
        if self.distance_m is None:
            raise UnreachableError
        return Metres(self.distance_m)


def test_the_first_streets_with_a_way_tell_it_and_no_others_are_asked() -> None:
    closed, open_now, last = Streets(None), Streets(700), Streets(900)
    assert get_way([closed, open_now, last], HERE, THERE, None).distance_m == 700
    assert (closed.asked, last.asked) == ([THERE], [])


def test_where_no_streets_have_a_way_that_is_said() -> None:
    with pytest.raises(UnreachableError):
        get_way([Streets(None), Streets(None)], HERE, THERE, None)


def test_only_what_is_cut_comes_from_the_others() -> None:
    seconds = np.array([[0, -1], [60, 0]], np.int32)
    others = np.array([[0, 90], [70, 0]], np.int32)
    assert fill_in(seconds, lambda: others).tolist() == [[0, 90], [60, 0]]
    assert seconds[0, 1] == -1, "what was given stays as it was"


def test_others_are_not_asked_where_nothing_is_cut() -> None:
    seconds = np.array([[0, 5], [60, 0]], np.int32)

    def asked() -> NDArray[np.int32]:
        raise AssertionError

    assert fill_in(seconds, asked) is seconds
