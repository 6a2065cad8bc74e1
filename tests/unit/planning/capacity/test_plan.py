"""Which way a case is planned, and which zones may be lent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from promesa.planning.capacity.loans import make_loans
from promesa.planning.capacity.needs import DepotWork, needs_of
from promesa.planning.capacity.plan import CapacityCase, is_tied, plan_capacity
from promesa.planning.capacity.route_length import RouteLimits, StopWork
from promesa.planning.capacity.scenarios import Scenarios
from promesa.planning.capacity.sources import Contract, DepotFleet
from promesa.planning.capacity.zones import Zone
from tests.support.capacity_days import FIRST_DAY, need_of

LIMITS, WORK = RouteLimits(parcels=90, shift_min=540), StopWork(service_min=4)


def depot(name: str, *zones: str, haul: float = 10) -> DepotWork:
    return DepotWork(
        id=name,
        name=name,
        zones=tuple(
            Zone(name=zone, depot=name, area_km2=4, pace_min_km=3, haul_min=haul) for zone in zones
        ),
        limits=LIMITS,
        work=WORK,
    )


def fleet(name: str, *, own: int = 8, doors: int | None = None) -> DepotFleet:
    return DepotFleet(depot=name, own=own, own_day_cost_clp=70_000, departures_max=doors)


def scenarios(**parcels: int) -> Scenarios:
    series = tuple(sorted(parcels))
    counts = np.array([[[parcels[name] for name in series]]] * 20, dtype=np.int64)
    return Scenarios(days=(FIRST_DAY,), series=series, events=("",), parcels=counts)


def test_each_depot_needs_what_its_own_zones_bring() -> None:
    found = needs_of(scenarios(A=100, B=40, C=7), [depot("QUI", "A"), depot("SJO", "B", "C")])
    assert [need.stops[0, 0] for need in found] == [100, 47]
    assert [need.zones for need in found] == [("A",), ("B", "C")]
    assert found[1].shares[0, 0].sum() == pytest.approx(1)


def test_a_stop_of_two_parcels_is_one_stop() -> None:
    double = replace(depot("QUI", "A"), work=StopWork(service_min=4, parcels=2))
    (need,) = needs_of(scenarios(A=100), [double])
    assert need.stops[0, 0] == 50


def test_vehicles_that_come_one_by_one_are_planned_day_by_day() -> None:
    by_day = replace(fleet("QUI"), contracts=(Contract(name="c", vehicles_max=5, day_cost_clp=9),))
    assert not is_tied([need_of([[5.0]])], [by_day], 0.97)


@pytest.mark.parametrize(("days_min", "block"), [(2, 1), (1, 2)])
def test_contracts_of_days_or_blocks_tie_the_days_together(days_min: int, block: int) -> None:
    contract = Contract(name="c", vehicles_max=6, day_cost_clp=9, days_min=days_min, block=block)
    tied = replace(fleet("QUI"), contracts=(contract,))
    assert is_tied([need_of([[5.0]])], [tied], 0.97)


def test_doors_tie_the_depots_together_only_where_they_are_too_few() -> None:
    assert not is_tied([need_of([[5.0]])], [fleet("QUI", doors=5)], 0.97)
    assert is_tied([need_of([[5.0]])], [fleet("QUI", doors=4)], 0.97)


def test_a_plan_stands_beside_a_reserve_a_zone_and_none() -> None:
    case = CapacityCase(
        scenarios=scenarios(A=200, B=100),
        depots=(depot("QUI", "A", "B"),),
        fleets=(fleet("QUI"),),
    )
    found = plan_capacity(case, 0.97)
    assert found.gap is None
    assert found.mean.vehicle_days <= found.pooled.vehicle_days <= found.by_zone.vehicle_days + 1
    assert [day.mix.own for day in found.plan.days] == [found.pooled.vehicle_days]


HOME, NEAR, FAR = depot("QUI", "A"), depot("SJO", "B"), depot("MAI", "C")


def test_a_zone_may_go_to_the_depots_that_can_reach_it_the_cheapest_first() -> None:
    hauls = {("A", "QUI"): 10.0, ("A", "SJO"): 20.0, ("A", "MAI"): 15.0}
    loans = make_loans([HOME, NEAR, FAR], hauls, {"A": 100, "B": 100, "C": 100})
    assert [(loan.zone, loan.other) for loan in loans] == [("A", "MAI"), ("A", "SJO")]
    assert 1 < loans[0].factor < loans[1].factor < 2


def test_a_zone_that_is_too_far_or_without_a_way_is_lent_to_nobody() -> None:
    hauls = {("A", "SJO"): 230.0}
    assert make_loans([HOME, NEAR], hauls, {"A": 100, "B": 100}) == ()
