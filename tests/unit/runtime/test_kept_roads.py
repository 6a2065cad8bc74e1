"""Matrices of a day are found once, and under other conditions again."""

from __future__ import annotations

import weakref
from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from promesa.kernel.geo import Position
from promesa.roads.snapping import Kerb
from promesa.runtime import kept_roads
from promesa.runtime.kept_roads import KeptRoads
from tests.support.operation import EIGHT
from tests.support.straight_roads import StraightRoads

POINTS = [Position(lon=-70.6, lat=-33.4), Position(lon=-70.7, lat=-33.5)]


class Counted(StraightRoads):
    """Counts its matrices; something may be special about its streets."""

    def __init__(self, special: str = "usual") -> None:
        self.asked: list[datetime | None] = []
        self.said = special

    def matrix(self, points: Sequence[Position], departure: datetime | None) -> NDArray[np.int32]:
        """Straight ways."""
        self.asked.append(departure)
        return super().matrix(points, departure)

    def special(self, departure: datetime | None) -> Hashable:
        """What was said."""
        del departure
        return self.said


def test_the_same_matrix_is_found_once_and_nobody_writes_into_it() -> None:
    roads = Counted()
    kept = KeptRoads(roads)
    first = kept.matrix(POINTS, EIGHT)
    assert kept.with_kerb(Kerb.AVENUES).matrix(POINTS, EIGHT) is not first
    assert kept.matrix(list(POINTS), EIGHT) is first
    assert len(roads.asked) == 2
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 1


def test_another_hour_and_other_streets_are_asked_for_again() -> None:
    roads, closed = Counted(), Counted("closed")
    kept = KeptRoads(roads)
    kept.matrix(POINTS, EIGHT)
    kept.matrix(POINTS, EIGHT + timedelta(minutes=30))
    kept.under(closed).matrix(POINTS, EIGHT)
    kept.under(Counted()).matrix(POINTS, EIGHT)
    assert (len(roads.asked), len(closed.asked)) == (2, 1)


def test_of_what_is_live_only_the_last_conditions_are_kept() -> None:
    usual, memory = Counted(), KeptRoads(Counted())
    first = [weakref.ref(memory.matrix(POINTS, EIGHT))]
    for minute in range(3):
        live = memory.under(Counted(f"live {minute}"))
        first.append(weakref.ref(live.matrix(POINTS, EIGHT)))
        assert memory.under(usual).matrix(POINTS, EIGHT) is first[0]()
    assert [kept() is not None for kept in first] == [True, False, False, True]
    assert usual.asked == []


def test_days_asked_about_long_ago_and_big_ones_are_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    roads = Counted()
    kept = KeptRoads(roads)
    for number in range(2 * kept_roads.DAYS_MAX + 1):
        kept.matrix([*POINTS, Position(lon=-70.0 - number / 100, lat=-33.0)], EIGHT)
    kept.matrix([*POINTS, Position(lon=-70.0, lat=-33.0)], EIGHT)
    assert len(roads.asked) == 2 * kept_roads.DAYS_MAX + 2
    monkeypatch.setattr(kept_roads, "POINTS_MAX", 1)
    kept.matrix(POINTS, EIGHT)
    kept.matrix(POINTS, EIGHT)
    assert len(roads.asked) == 2 * kept_roads.DAYS_MAX + 4


def test_who_waits_is_told_before_each_matrix_that_is_new() -> None:
    told: list[int] = []
    kept = KeptRoads(Counted()).told(lambda: told.append(1))
    kept.matrix(POINTS, EIGHT)
    kept.matrix(POINTS, EIGHT)
    assert len(told) == 1
