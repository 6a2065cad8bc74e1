"""Road times of quotes from memory: streets are asked once for each square."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from promesa.kernel.geo import Position, distance_m
from promesa.promising.cell_ways import CellWays

HOUR = datetime(2026, 11, 25, 14, tzinfo=UTC)
HERE = Position(lon=-70.6369, lat=-33.4436)


class Streets:
    """Five metres a second, straight; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
        assert departure == HOUR
        self.asked += 1
        return round(distance_m(origin, destination) / 5)


@pytest.mark.parametrize("east", [0.004, 0.02, 0.08])
def test_a_way_takes_what_the_streets_say_of_its_squares(east: float) -> None:
    there = Position(lon=HERE.lon + east, lat=HERE.lat)
    ways = CellWays(Streets().leg_s, lambda: HOUR)
    assert ways.leg_s(HERE, there) == pytest.approx(20 + distance_m(HERE, there) / 5, rel=0.01)


def test_the_same_squares_are_asked_of_the_streets_once() -> None:
    streets = Streets()
    ways = CellWays(streets.leg_s, lambda: HOUR)
    for step in range(20):
        ways.leg_s(HERE, Position(lon=HERE.lon + 0.08 + step * 1e-5, lat=HERE.lat))
        ways.leg_s(HERE, Position(lon=HERE.lon + 0.001, lat=HERE.lat))
    # One far pair, and three corners around the square it stands in.
    assert streets.asked == 4
