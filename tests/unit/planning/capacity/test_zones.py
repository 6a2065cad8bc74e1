"""What a zone's stops and streets say of it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from promesa.planning.capacity.zones import AREA_KM2_MIN, occupied_km2, street_pace_min_km


def test_stops_spread_over_a_disc_take_up_the_disc() -> None:
    draws = np.random.default_rng(1)
    radius_m, angle = 1_000 * np.sqrt(draws.random(20_000)), draws.random(20_000) * 2 * math.pi
    disc = np.c_[radius_m * np.cos(angle), radius_m * np.sin(angle)]
    assert occupied_km2(disc) == pytest.approx(math.pi, rel=0.03)


def test_two_stops_or_a_straight_street_take_up_the_least_there_is() -> None:
    assert occupied_km2(np.array([[0.0, 0.0], [500.0, 0.0]])) == AREA_KM2_MIN
    assert occupied_km2(np.array([[0.0, 0.0], [500.0, 0.0], [900.0, 0.0]])) == AREA_KM2_MIN


def test_the_pace_is_the_median_of_minutes_a_straight_kilometre() -> None:
    """Three doors on a line, 1 km apart, 3 min each; one pair goes round a river in 60."""
    doors = np.array([[0.0, 0.0], [1_000.0, 0.0], [2_000.0, 0.0]])
    minutes = np.array([[0, 3, 60], [3, 0, 3], [6, 3, 0]], float)
    assert street_pace_min_km(doors, minutes) == pytest.approx(3.0)


def test_a_zone_no_way_leads_through_has_no_pace() -> None:
    doors = np.array([[0.0, 0.0], [1_000.0, 0.0]])
    minutes = np.array([[0, np.inf], [np.inf, 0]])
    assert street_pace_min_km(doors, minutes) is None
