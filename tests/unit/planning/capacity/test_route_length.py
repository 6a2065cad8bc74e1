"""Minutes and vehicles without planning: figures small enough for a pencil."""

from __future__ import annotations

import math

import numpy as np
import pytest

from promesa.planning.capacity.route_length import (
    LAST_VEHICLE,
    RouteCoefficients,
    RouteLimits,
    StopWork,
    estimate,
    is_too_far,
)
from promesa.planning.capacity.zones import Zone, ZoneArrays

PLAIN = RouteCoefficients(local=1.0, haul=0.5, shift_fill=1.0, load_fill=1.0)
LONG = RouteLimits(parcels=1_000, shift_min=1_000)
NO_SERVICE = StopWork(service_min=0)


def zone(name: str = "A", *, area: float = 4, pace: float = 3, haul: float = 20) -> Zone:
    return Zone(name=name, depot="QUI", area_km2=area, pace_min_km=pace, haul_min=haul)


def arrays(*zones: Zone) -> ZoneArrays:
    return ZoneArrays.of(zones)


def test_a_tour_is_pace_times_the_root_of_stops_and_area_and_the_way_there_and_back() -> None:
    """25 stops on 4 km² at 3 min/km: 3 x 10 = 30 min; way out and back, halved: 20 a vehicle."""
    found = estimate(np.array([25.0]), arrays(zone()), LONG, NO_SERVICE, PLAIN)
    leaving = float(found.vehicles) + LAST_VEHICLE
    assert leaving < 1
    assert float(found.minutes) == pytest.approx(30 * (1 - leaving / 25) + 20 * leaving)


def test_service_is_added_stop_by_stop() -> None:
    without = estimate(np.array([25.0]), arrays(zone()), LONG, NO_SERVICE, PLAIN)
    work = StopWork(service_min=4)
    found = estimate(np.array([25.0]), arrays(zone()), LONG, work, PLAIN)
    assert float(found.minutes - without.minutes) == pytest.approx(100, abs=5)


def test_two_clusters_far_apart_take_less_than_one_wide_zone_of_the_same_stops() -> None:
    close = arrays(zone("A", area=1), zone("B", area=1))
    wide = arrays(zone("A", area=50), zone("B", area=50))
    stops = np.array([50.0, 50.0])
    in_clusters = estimate(stops, close, LONG, NO_SERVICE, PLAIN)
    spread = estimate(stops, wide, LONG, NO_SERVICE, PLAIN)
    assert float(in_clusters.minutes) < float(spread.minutes) / 3


def test_vehicles_are_the_load_where_load_decides() -> None:
    """100 stops of 2 parcels in vans of 50: four vans, and shifts to spare."""
    limits = RouteLimits(parcels=50, shift_min=100_000)
    work = StopWork(service_min=1, parcels=2)
    found = estimate(np.array([100.0]), arrays(zone()), limits, work, PLAIN)
    assert float(found.vehicles) == pytest.approx(4.0, abs=0.01)


def test_vehicles_are_the_minutes_where_the_shift_decides() -> None:
    limits = RouteLimits(parcels=100_000, shift_min=100)
    work = StopWork(service_min=10)
    found = estimate(np.array([100.0]), arrays(zone(haul=1)), limits, work, PLAIN)
    assert float(found.vehicles) == pytest.approx(float(found.minutes) / 100, rel=0.01)
    assert int(found.whole_vehicles) == math.ceil(float(found.vehicles))


def test_no_stops_take_nothing() -> None:
    found = estimate(np.array([0.0]), arrays(zone()), LONG, StopWork(service_min=4), PLAIN)
    assert (float(found.minutes), int(found.whole_vehicles)) == (0.0, 0)


def test_many_days_at_once_are_the_days_one_by_one() -> None:
    zones, work = arrays(zone("A"), zone("B", haul=40)), StopWork(service_min=4)
    days = np.array([[[10.0, 5.0], [80.0, 0.0]], [[0.0, 0.0], [200.0, 300.0]]])
    together = estimate(days, zones, LONG, work).minutes
    alone = [[float(estimate(day, zones, LONG, work).minutes) for day in row] for row in days]
    assert together.tolist() == [pytest.approx(row) for row in alone]


def test_a_zone_whose_way_takes_the_shift_is_too_far() -> None:
    limits = RouteLimits(parcels=90, shift_min=500)
    assert is_too_far(zone(haul=201), limits)
    assert not is_too_far(zone(haul=199), limits)
