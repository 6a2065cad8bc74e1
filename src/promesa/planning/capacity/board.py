"""The capacity board: every depot and day with what it needs, what there is, and what it keeps.

Each depot is planned on its own, for its own share of promises: the board lends no zones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from promesa.planning.capacity.hires import Hire
from promesa.planning.capacity.needs import Need, needs_of
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.sizing import DayPlan, FleetPlan, size_fleet
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.two_stage import solve_two_stage
from promesa.planning.capacity.words import gap_sentence, hire_sentence, long_day_name, per_cent
from promesa.planning.capacity.words import vans as vans_words
from promesa.routing.words import pesos

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
        curve: Of every target; empty where contracts tie days together, which takes a search each.
    """

    depot: str
    name: str
    plan: FleetPlan
    hires: tuple[Hire, ...]
    curve: tuple[CurvePoint, ...]

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


def _depot(need: Need, fleet: DepotFleet, name: str, target: float) -> DepotBoard:
    if any(contract.days_min > 1 for contract in fleet.contracts):
        found = solve_two_stage([need], [fleet], target, seconds_max=SEARCH_S_MAX)
        return DepotBoard(depot=need.depot, name=name, plan=found.plan, hires=found.hires, curve=())
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


def headline(boards: Sequence[DepotBoard]) -> str:
    """What the board says in one sentence: how many days lack vehicles, and the worst of them."""
    plan = whole_plan(boards)
    short = [day for day in plan.days if day.gap]
    served = {day.date for day in plan.days if day.ready}
    money = f"{pesos(round(plan.cost_clp))}"
    if not served:
        return "El pronóstico no trae entregas en estos días: no hace falta ninguna camioneta."
    if not short:
        served_words = "1 día" if len(served) == 1 else f"{len(served)} días"
        return (
            f"No falta ninguna camioneta en {served_words} de reparto: se cumple al menos "
            f"{per_cent(plan.kept, 1)} de las promesas por {money}."
        )
    names = {board.depot: board.name for board in boards}
    worst = max(short, key=lambda day: (day.gap, -day.date.toordinal()))
    dates = {day.date for day in short}
    days = "1 día" if len(dates) == 1 else f"{len(dates)} días"
    (target,) = {board.plan.target for board in boards if board.depot == worst.depot}
    # Enough on average is missing for the days that come worse: those are named then.
    kept = f"se cumple {per_cent(worst.kept, 1)}"
    if worst.kept >= target:
        kept = f"en un mal día se cumple {per_cent(worst.kept_p05, 1)}"
    return (
        f"Faltan camionetas en {days} de {len(served)}. El peor es el "
        f"{long_day_name(worst.date)}: {_missing(worst)} en {names[worst.depot]}, y con las que "
        f"hay {kept}."
    )


def _missing(day: DayPlan) -> str:
    return f"{'falta' if day.gap == 1 else 'faltan'} {vans_words(day.gap)}"


def board_sentences(boards: Sequence[DepotBoard]) -> tuple[str, ...]:
    """What to do, day by day: what is missing, then what to hire."""
    names = {board.depot: board.name for board in boards}
    target = {board.depot: board.plan.target for board in boards}
    short = [day for board in boards for day in board.plan.days if day.gap]
    told = [
        gap_sentence(day, names[day.depot], target[day.depot])
        for day in sorted(short, key=lambda each: (each.date, each.depot))
    ]
    told += [hire_sentence(hire, names[hire.depot]) for board in boards for hire in board.hires]
    return tuple(told)
