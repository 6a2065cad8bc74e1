"""Matrices of a day are found once, and under other conditions again."""

from __future__ import annotations

import weakref
from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from promesa.kernel.geo import Position
from promesa.roads.network import RoadNetwork, RowAndColumn
from promesa.roads.places import Places
from promesa.roads.snapping import Kerb
from promesa.roads.vehicles import Vehicle
from promesa.runtime import kept_roads
from promesa.runtime.kept_roads import KeptRoads
from tests.support.operation import EIGHT
from tests.support.straight_roads import StraightRoads
from tests.unit.roads.test_network import BLOCKS, WORKDAY_8, points_of

POINTS = [Position(lon=-70.6, lat=-33.4), Position(lon=-70.7, lat=-33.5)]
DOOR = Position(lon=-70.65, lat=-33.45)


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

    def with_vehicle(self, vehicle: Vehicle) -> Counted:
        """The same for everybody."""
        del vehicle
        return self

    def with_kerb(self, kerb: Kerb) -> Counted:
        """Straight lines have no sides."""
        del kerb
        return self

    def places(self, points: Sequence[Position]) -> Places:
        """Straight ways stand on no street."""
        raise AssertionError(points)

    def row_and_column(
        self, places: Places, point: Position, departure: datetime | None
    ) -> RowAndColumn:
        """So that nothing is added to a matrix."""
        raise AssertionError(places, point, departure)


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


def test_what_was_asked_about_longest_ago_goes_first_and_big_days_are_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three days of two places, 16 bytes each, where two of them fit."""
    monkeypatch.setattr(kept_roads, "BYTES_MAX", 32)
    roads = Counted()
    kept = KeptRoads(roads)
    days = [[Position(lon=-70.0 - n / 100, lat=-33.0), POINTS[0]] for n in range(3)]
    for day in (*days, days[2], days[1], days[0]):
        kept.matrix(day, EIGHT)
    assert len(roads.asked) == 4
    monkeypatch.setattr(kept_roads, "PLACES_KEPT_MAX", 1)
    kept.matrix(days[0], EIGHT)
    kept.matrix(days[0], EIGHT)
    assert len(roads.asked) == 6


def test_of_a_day_too_big_for_the_memory_the_next_question_finds_what_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Five hours of two places, 16 bytes each, where four of them fit."""
    monkeypatch.setattr(kept_roads, "BYTES_MAX", 64)
    roads = Counted()
    kept = KeptRoads(roads)
    for _ in range(3):
        for hour in range(5):
            kept.matrix(POINTS, EIGHT + timedelta(hours=hour))
    assert len(roads.asked) == 5 + 1 + 1


def test_a_day_with_a_place_less_is_a_part_of_what_is_known() -> None:
    roads = Counted()
    kept = KeptRoads(roads)
    whole = kept.matrix([*POINTS, DOOR], EIGHT)
    part = kept.matrix([DOOR, POINTS[0]], EIGHT)
    assert part.tolist() == whole[np.ix_([2, 0], [2, 0])].tolist()
    assert len(roads.asked) == 1


@pytest.mark.parametrize("more", [(0.5, 1.0), (0.5, -20.0)], ids=["on a street", "far from any"])
def test_a_day_with_a_place_more_asks_for_that_place_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[float, float]
) -> None:
    """Seven places of the town, then another in their midst: as the whole matrix has it."""
    monkeypatch.setattr(kept_roads, "PLACES_PER_NEW", 7)
    town = BLOCKS.network(tmp_path)
    first = points_of(BLOCKS)
    added = [*first[:3], BLOCKS.at(*more), *first[3:]]
    told: list[int] = []
    kept = KeptRoads(town).told(lambda: told.append(1))
    kept.matrix(first, WORKDAY_8)
    monkeypatch.setattr(RoadNetwork, "matrix", None)
    grown = kept.matrix(added, WORKDAY_8)
    assert kept.matrix(first, WORKDAY_8).shape == (7, 7)
    monkeypatch.undo()
    assert grown.tolist() == town.matrix(added, WORKDAY_8).tolist()
    assert len(told) == 2


def test_who_waits_is_told_before_each_matrix_that_is_new() -> None:
    told: list[int] = []
    kept = KeptRoads(Counted()).told(lambda: told.append(1))
    kept.matrix(POINTS, EIGHT)
    kept.matrix(POINTS, EIGHT)
    assert len(told) == 1
