"""The fleets that a rehearsal compares: what there is, the mean day's, one reserve a depot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from promesa.planning.capacity.needs import Need, needs_of
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.reserves import mean_plan, pooled_target
from promesa.planning.capacity.sources import DepotFleet, cheapest_mix, firm_cost_clp, own_paid
from promesa.promising.rehearsal.case import FleetDays, FleetKind


def make_fleets(case: CapacityCase, targets: Mapping[str, float]) -> dict[FleetKind, FleetDays]:
    """Every kind, over all depots and days of a case of capacity.

    What a plan asks for beyond own, contracted and spot vehicles is there too, at the dearest
    price known, and counted as missing: a rehearsal asks what it would bring.

    Args:
        case: Of deliveries.
        targets: Share of promises that the reserve is for, by depot.
    """
    needs = needs_of(case.scenarios, case.depots)
    pairs = list(zip(needs, case.fleets, strict=True))
    return {
        FleetKind.OWN: _own(pairs),
        FleetKind.MEAN: _planned(pairs, {need.depot: mean_plan(need) for need in needs}),
        FleetKind.POOLED: _planned(
            pairs, {need.depot: pooled_target(need, targets[need.depot]) for need in needs}
        ),
    }


def _own(pairs: Sequence[tuple[Need, DepotFleet]]) -> FleetDays:
    vans: dict[str, dict[date, int]] = {}
    costs: dict[str, dict[date, int]] = {}
    for need, fleet in pairs:
        own = {
            day: fleet.on(number).own if need.stops[:, number].any() else 0
            for number, day in enumerate(need.days)
        }
        vans[need.depot] = own
        costs[need.depot] = {
            day: own_paid(fleet.on(number), own[day]) * fleet.own_day_cost_clp
            for number, day in enumerate(need.days)
        }
    return FleetDays(vans=vans, cost_clp=costs)


def _planned(
    pairs: Sequence[tuple[Need, DepotFleet]], planned: Mapping[str, NDArray[np.int64]]
) -> FleetDays:
    vans: dict[str, dict[date, int]] = {}
    costs: dict[str, dict[date, int]] = {}
    missing = 0
    for need, fleet in pairs:
        own_vans = vans.setdefault(need.depot, {})
        own_costs = costs.setdefault(need.depot, {})
        for number, day in enumerate(need.days):
            of_day = fleet.on(number)
            # Who has a shift is paid, and drives where there is anything to drive.
            there = min(of_day.rostered, of_day.vehicles_max) if need.stops[:, number].any() else 0
            count = max(int(planned[need.depot][number]), there)
            had = min(count, of_day.vehicles_max)
            missing += count - had
            own_vans[day] = count
            own_costs[day] = _cost_clp(of_day, had, need.vehicles[:, number])
            own_costs[day] += (count - had) * _dearest_clp(of_day)
    return FleetDays(vans=vans, cost_clp=costs, missing=missing)


def _cost_clp(fleet: DepotFleet, vehicles: int, need: NDArray[np.float64]) -> int:
    """Of vehicles that all come."""
    mix = cheapest_mix(fleet, vehicles, need)
    called = sum(
        offer.day_cost_clp * count for offer, count in zip(fleet.spot, mix.spot, strict=True)
    )
    return firm_cost_clp(fleet, mix) + called


def _dearest_clp(fleet: DepotFleet) -> int:
    hired = [each.day_cost_clp for each in fleet.contracts]
    called = [each.day_cost_clp for each in fleet.spot]
    return max([fleet.own_day_cost_clp, *hired, *called])
