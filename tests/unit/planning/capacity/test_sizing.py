"""What a depot has ready each day, and what is kept with it."""

from __future__ import annotations

import numpy as np
import pytest

from promesa.planning.capacity.reserves import (
    mean_plan,
    outcome,
    pooled_quantile,
    zone_by_zone,
)
from promesa.planning.capacity.sizing import kept_shares, ready_vehicles, size_fleet
from promesa.planning.capacity.sources import DepotFleet, Spot
from tests.support.capacity_days import need_of


def fleet(own: int, *, depot: str = "QUI", doors: int | None = None) -> DepotFleet:
    return DepotFleet(depot=depot, own=own, own_day_cost_clp=100, departures_max=doors)


def test_ready_is_what_keeps_the_target_in_nineteen_of_twenty_scenarios() -> None:
    """Needs 1 to 100: 97 % of 95 or 96 vehicles is 92.2 to 93.1, so 93 or 94 are ready."""
    needed = np.arange(1.0, 101.0)
    assert ready_vehicles(needed, 0.97, 0.95) in {93, 94}


def test_ready_keeps_the_target_on_average_too() -> None:
    """One scenario in forty needs a hundred times as much; nineteen in twenty need one."""
    needed = np.array([1.0] * 39 + [100.0])
    ready = ready_vehicles(needed, 0.99, 0.95)
    assert kept_shares(needed, ready).mean() >= 0.99
    assert kept_shares(needed, ready - 1).mean() < 0.99


def test_half_the_vehicles_keep_half_the_promises() -> None:
    assert kept_shares(np.array([10.0, 4.0]), 5).tolist() == [0.5, 1.0]


def test_the_gap_is_what_is_missing_for_the_target_and_nothing_is_hidden() -> None:
    plan = size_fleet([need_of([[10.0]] * 20)], [fleet(6)], 0.97)
    (day,) = plan.days
    assert (day.ready, day.mix.own, day.gap) == (10, 6, 4)
    assert day.kept == pytest.approx(0.6)


def test_a_planner_that_may_choose_keeps_more_than_the_floor() -> None:
    """A quarter of the vans is missing: of the stops an eighth, as 0.25 to the 1.5."""
    (day,) = size_fleet([need_of([[8.0]] * 20)], [fleet(6)], 0.97).days
    assert day.kept == pytest.approx(0.75)
    assert day.kept_likely == pytest.approx(1 - 0.125)


def test_doors_that_hold_vehicles_back_are_named_as_the_reason() -> None:
    need = need_of([[10.0]] * 20)
    (held,) = size_fleet([need], [fleet(12, doors=8)], 0.97).days
    (short,) = size_fleet([need], [fleet(8)], 0.97).days
    assert (held.is_held_by_doors, short.is_held_by_doors) == (True, False)
    assert held.gap == short.gap == 2


def test_promises_kept_are_weighed_by_stops() -> None:
    """A day of 90 stops kept whole and one of 10 kept by half: 95 of 100."""
    need = need_of([[9.0, 1.0]] * 20)
    plan = size_fleet([need], [fleet(9)], 0.97)
    assert plan.kept == 1.0
    assert plan.worst is not None
    half = size_fleet([need_of([[9.0, 18.0]] * 20)], [fleet(9)], 0.97)
    assert half.kept == pytest.approx((90 + 90) / 270)
    assert half.worst is not None
    assert half.worst.date == need.days[1]


def test_spot_vehicles_fill_the_gap_and_are_paid_as_often_as_they_come() -> None:
    """Nine scenarios in ten need two vehicles, one needs three."""
    called = DepotFleet(
        depot="QUI",
        own=2,
        own_day_cost_clp=100,
        spot=(Spot(name="s", vehicles_max=5, day_cost_clp=300),),
    )
    (day,) = size_fleet([need_of([[2.0]] * 9 + [[3.0]])], [called], 0.97).days
    assert (day.mix.own, day.mix.spot, day.gap) == (2, (1,), 0)
    assert day.cost_clp == pytest.approx(200 + 30)
    assert day.spot_mean == pytest.approx(0.1)


def test_a_day_without_stops_needs_nobody_and_breaks_no_promise() -> None:
    (day,) = size_fleet([need_of([[0.0]] * 5)], [fleet(4)], 0.97).days
    assert (day.ready, day.mix.own, day.cost_clp, day.kept) == (0, 0, 0, 1.0)


def test_one_reserve_for_two_zones_is_smaller_than_one_for_each() -> None:
    """In each scenario one of two zones is busy and the other quiet: together always alike."""
    need = need_of([[10.0]] * 100, zones=("A", "B"))
    need.shares[::2] = [0.7, 0.3]
    need.shares[1::2] = [0.3, 0.7]
    assert pooled_quantile(need).tolist() == [10]
    assert zone_by_zone(need).tolist() == [14]
    assert mean_plan(need).tolist() == [10]


def test_an_outcome_counts_days_that_keep_the_target() -> None:
    """Four vehicles for needs of 4, 4, 5 and 8."""
    need = need_of([[4.0], [4.0], [5.0], [8.0]])
    seen = outcome([need], [np.array([4])], 0.97)
    assert (seen.vehicle_days, seen.days_kept) == (4, 0.5)
    assert seen.kept == pytest.approx((40 + 40 + 40 + 40) / 210)


def test_a_day_without_stops_is_kept_whole_in_an_outcome_too() -> None:
    seen = outcome([need_of([[0.0]])], [np.array([0])], 0.97)
    assert (seen.kept, seen.worst_day) == (1.0, 1.0)
