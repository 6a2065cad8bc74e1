"""The capacity board: every depot and day with what it needs, what there is, and what it keeps.

Each depot is planned on its own, for its own share of promises: the board lends no zones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from promesa.planning.capacity.hires import Hire
from promesa.planning.capacity.needs import Need, needs_of
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.sizing import FleetPlan, size_fleet
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.two_stage import solve_two_stage

# Targets of the curve beside the slider.
CURVE = (0.80, 0.85, 0.90, 0.93, 0.95, 0.96, 0.97, 0.98, 0.99, 0.995)
# A hire of days in a row is searched so long at most, a depot.
SEARCH_S_MAX = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """What a target costs, and what comes of it."""

    target: float
    cost_clp: float
    kept: float
    gap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotBoard:
    """A depot on the board.

    Attributes:
        hires: Of contracts that last several days.
        beyond_clp: Of hires that go on past the last day; not in the plan's cost.
        curve: Of every target; empty where contracts tie days together, which takes a search each.
    """

    depot: str
    name: str
    plan: FleetPlan
    hires: tuple[Hire, ...]
    curve: tuple[CurvePoint, ...]
    beyond_clp: int = 0

    @property
    def gap(self) -> int:
        """Vehicles missing over all days."""
        return sum(day.gap for day in self.plan.days)


def make_board(case: CapacityCase, targets: Mapping[str, float]) -> tuple[DepotBoard, ...]:
    """Every depot of the case.

    Args:
        case: Its loans are left aside.
        targets: Share of promises to keep, by depot.

    Raises:
        CapacityNotSolvedError: A search found nothing in its time.
    """
    needs = needs_of(case.scenarios, case.depots)
    return tuple(
        _depot(need, fleet, work.name, targets[work.id])
        for need, fleet, work in zip(needs, case.fleets, case.depots, strict=True)
    )


def case_of(case: CapacityCase, depot: str) -> CapacityCase:
    """The case of one depot: the board plans each on its own."""
    return replace(
        case,
        depots=tuple(each for each in case.depots if each.id == depot),
        fleets=tuple(each for each in case.fleets if each.depot == depot),
    )


def _depot(need: Need, fleet: DepotFleet, name: str, target: float) -> DepotBoard:
    if any(contract.days_min > 1 for contract in fleet.contracts):
        found = solve_two_stage([need], [fleet], target, seconds_max=SEARCH_S_MAX)
        return DepotBoard(
            depot=need.depot,
            name=name,
            plan=found.plan,
            hires=found.hires,
            curve=(),
            beyond_clp=found.beyond_clp,
        )
    plan = size_fleet([need], [fleet], target)
    curve = tuple(_point(need, fleet, each) for each in CURVE)
    return DepotBoard(depot=need.depot, name=name, plan=plan, hires=(), curve=curve)


def _point(need: Need, fleet: DepotFleet, target: float) -> CurvePoint:
    plan = size_fleet([need], [fleet], target)
    gap = sum(day.gap for day in plan.days)
    return CurvePoint(target=target, cost_clp=plan.cost_clp, kept=plan.kept, gap=gap)


def whole_plan(boards: Sequence[DepotBoard]) -> FleetPlan:
    """All depots as one plan; its target is the highest of theirs."""
    return FleetPlan(
        target=max((board.plan.target for board in boards), default=0.0),
        days=tuple(day for board in boards for day in board.plan.days),
    )
