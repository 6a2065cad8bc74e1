"""What a depot's own days teach: many move its coefficients, few and odd ones little."""

from __future__ import annotations

import numpy as np
import pytest

from promesa.planning.capacity.route_length import (
    DEFAULT,
    RouteCoefficients,
    RouteLimits,
    StopWork,
    estimate,
)
from promesa.planning.capacity.route_refit import ExecutedDay, refit
from promesa.planning.capacity.zones import Zone, ZoneArrays

TWO_ZONES = ZoneArrays.of(
    [
        Zone(name="A", depot="QUI", area_km2=4, pace_min_km=3, haul_min=15),
        Zone(name="B", depot="QUI", area_km2=20, pace_min_km=3, haul_min=45),
    ]
)


def days_driven(truth: RouteCoefficients, limits: RouteLimits, count: int) -> list[ExecutedDay]:
    """Days of two zones whose routes take exactly what ``truth`` says."""
    draws = np.random.default_rng(1)
    days = []
    for _ in range(count):
        stops = draws.integers(20, 300, 2)
        work = StopWork(service_min=4, parcels=1.2)
        found = estimate(stops.astype(float), TWO_ZONES, limits, work, truth)
        service_min = 4.0 * int(stops.sum())
        days.append(
            ExecutedDay(
                stops=tuple(stops.tolist()),
                driving_min=float(found.minutes) - service_min,
                service_min=service_min,
                vehicles=int(found.whole_vehicles),
                parcels=round(1.2 * int(stops.sum())),
            )
        )
    return days


LIMITS = RouteLimits(parcels=300, shift_min=540)
SLOW = RouteCoefficients(local=1.3, haul=0.7, shift_fill=0.8, load_fill=0.97)


def test_many_days_teach_the_depots_own_coefficients() -> None:
    learnt = refit(days_driven(SLOW, LIMITS, 200), TWO_ZONES, LIMITS)
    assert learnt.local == pytest.approx(1.3, rel=0.1)
    assert learnt.haul == pytest.approx(0.7, rel=0.1)
    assert learnt.shift_fill == pytest.approx(0.8, abs=0.02)


def test_it_says_how_many_days_and_routes_it_rests_on() -> None:
    days = days_driven(SLOW, LIMITS, 3)
    learnt = refit(days, TWO_ZONES, LIMITS)
    assert (learnt.days, learnt.routes) == (3, sum(day.vehicles for day in days))


def test_one_odd_day_moves_the_default_little() -> None:
    odd = ExecutedDay(stops=(2, 1), driving_min=600, service_min=12, vehicles=1, parcels=3)
    learnt = refit([odd], TWO_ZONES, LIMITS)
    assert learnt.local <= DEFAULT.local * 4
    assert learnt.haul <= DEFAULT.haul * 4
    assert learnt.shift_fill == pytest.approx(DEFAULT.shift_fill, abs=0.1)


def test_without_routes_it_stays_the_default() -> None:
    nothing = ExecutedDay(stops=(0, 0), driving_min=0, service_min=0, vehicles=0, parcels=0)
    assert refit([nothing], TWO_ZONES, LIMITS) == DEFAULT
