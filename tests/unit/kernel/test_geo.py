"""Positions and great-circle distances, checked against hand figures."""

from __future__ import annotations

import math

import pytest

from promesa.kernel.geo import Position, between, distance_m

PLAZA_DE_ARMAS = Position(lon=-70.6506, lat=-33.4378)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    north = Position(lon=-70.0, lat=-33.0)
    south = Position(lon=-70.0, lat=-34.0)
    assert distance_m(north, south) == pytest.approx(111_195, abs=1)


def test_halfway_is_as_far_from_both_ends() -> None:
    end = Position(lon=-70.60, lat=-33.40)
    middle = between(PLAZA_DE_ARMAS, end, 0.5)
    assert distance_m(PLAZA_DE_ARMAS, middle) == pytest.approx(distance_m(middle, end), rel=1e-3)


@pytest.mark.parametrize(("lon", "lat"), [(math.nan, 0), (0, math.inf), (181, 0), (0, -90.1)])
def test_a_position_off_the_earth_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="coordinates"):
        Position(lon=lon, lat=lat)
