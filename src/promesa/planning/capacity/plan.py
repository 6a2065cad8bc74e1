"""From scenarios and fleets to the plan of capacity, by the way the case asks for.

Vehicles that can be had one by one are sized day by day, at once. Contracts with fewest days or
blocks tie days together, and doors that bind tie depots together: those go to the programme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from promesa.planning.capacity.hires import Hire, Lent, Loan
from promesa.planning.capacity.needs import DepotWork, Need, needs_of
from promesa.planning.capacity.reserves import (
    Outcome,
    mean_plan,
    outcome,
    pooled_target,
    zone_by_zone,
)
from promesa.planning.capacity.scenarios import Scenarios
from promesa.planning.capacity.sizing import FleetPlan, ready_vehicles, size_fleet
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.two_stage import solve_two_stage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CapacityCase:
    """What is planned for.

    Attributes:
        fleets: Of each depot, in order.
        loans: Zones another depot could take.
    """

    scenarios: Scenarios
    depots: tuple[DepotWork, ...]
    fleets: tuple[DepotFleet, ...]
    loans: tuple[Loan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CapacityPlan:
    """What was planned, beside what other ways would have been.

    Attributes:
        pooled: One reserve a depot, had every vehicle been there: what the plan aims at.
        by_zone: A reserve for each zone, likewise.
        mean: The mean day without reserve, likewise.
        hires: Of contracts that last; empty where days are planned one by one.
        beyond_clp: Of hires that last past the last day, besides.
        gap: How far the programme may be from the best, as a share; None without one.
    """

    case: CapacityCase
    needs: tuple[Need, ...]
    plan: FleetPlan
    pooled: Outcome
    by_zone: Outcome
    mean: Outcome
    hires: tuple[Hire, ...] = ()
    lent: tuple[Lent, ...] = ()
    beyond_clp: int = 0
    gap: float | None = None


def plan_capacity(case: CapacityCase, target: float) -> CapacityPlan:
    """Sizes all depots and days.

    Raises:
        CapacityNotSolvedError: The programme found nothing in its time.
    """
    needs = needs_of(case.scenarios, case.depots)
    pooled = [pooled_target(need, target) for need in needs]
    planned = CapacityPlan(
        case=case,
        needs=needs,
        plan=FleetPlan(target=target, days=()),
        pooled=outcome(needs, pooled, target),
        by_zone=outcome(needs, [zone_by_zone(need) for need in needs], target),
        mean=outcome(needs, [mean_plan(need) for need in needs], target),
    )
    if not is_tied(needs, case.fleets, target):
        return replace(planned, plan=size_fleet(needs, case.fleets, target))
    found = solve_two_stage(needs, case.fleets, target, loans=case.loans)
    return replace(
        planned,
        plan=found.plan,
        hires=found.hires,
        lent=found.lent,
        beyond_clp=found.beyond_clp,
        gap=found.gap,
    )


def is_tied(needs: Sequence[Need], fleets: Sequence[DepotFleet], target: float) -> bool:
    """Whether days or depots cannot be planned one by one."""
    if any(
        contract.days_min > 1 or contract.block > 1
        for fleet in fleets
        for contract in fleet.contracts
    ):
        return True
    return any(
        fleet.departures_max is not None and ready_vehicles(vehicles, target) > fleet.departures_max
        for need, fleet in zip(needs, fleets, strict=True)
        for vehicles in need.vehicles.T
    )
