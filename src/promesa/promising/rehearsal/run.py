"""A rehearsal: every way to promise, on the same days of the same scenarios, beside each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

from promesa.kernel.errors import UnavailableError
from promesa.promising.rehearsal.case import FleetKind, RehearsalCase, Size
from promesa.promising.rehearsal.depot_run import DepotRun, draw_all, measure_usual
from promesa.promising.rehearsal.outcome import (
    Priced,
    Rehearsal,
    RunCount,
    WayResult,
    way_result,
)
from promesa.promising.rehearsal.words import note_sentences, result_sentences, unfolded
from promesa.promising.rehearsal.world import World

# Tells how much is done, 0 to 1, and answers whether to go on.
Tell = Callable[[float], bool]


class RehearsalStoppedError(UnavailableError):
    """Who asked for it waits no longer."""

    code: ClassVar[str] = "rehearsal_stopped"
    message: ClassVar[str] = "El ensayo se detuvo porque alguien lo canceló. Vuelve a pedirlo."


def rehearse(case: RehearsalCase, name: str, size: Size, tell: Tell) -> Rehearsal:
    """Runs it; the same case, the same rehearsal.

    Raises:
        RehearsalStoppedError: ``tell`` answered not to go on.
    """
    counts = [[RunCount() for _ in case.orders] for _ in case.ways]
    steps = len(case.orders) * len(case.depots) * len(case.ways)
    done = 0
    for number in range(len(case.orders)):
        for depot, of_depot in case.depots.items():
            buyers = draw_all(case, number, depot)
            world = World(
                case.ground,
                depot,
                of_depot.vans,
                seed=case.seed + number,
                roughness=case.roughness,
                zone=case.terms.zone,
            )
            usual = measure_usual(case, world, buyers, case.fleets[FleetKind.MEAN])
            for place, way in enumerate(case.ways):
                run = DepotRun(
                    case,
                    depot,
                    way,
                    world=world,
                    buyers=buyers,
                    usual=usual,
                    count=counts[place][number],
                )
                span = (case.last - case.begins).days + 1
                for passed, _ in enumerate(run.days()):
                    if not tell((done + min(0.99, passed / span)) / steps):
                        raise RehearsalStoppedError
                done += 1
    results = tuple(
        way_result(way, runs, _priced(case, place), last=case.last)
        for place, (way, runs) in enumerate(zip(case.ways, counts, strict=True))
    )
    return _rehearsal(case, name, size, results)


def _priced(case: RehearsalCase, place: int) -> Priced:
    fleet = case.fleets[case.ways[place].fleet]
    span = (case.last - case.first).days + 1
    days = [case.first + timedelta(days=number) for number in range(span)]
    cost = sum(of_depot.get(day, 0) for of_depot in fleet.cost_clp.values() for day in days)
    return Priced(
        fleet_clp=cost,
        broken_clp=case.terms.broken_clp,
        lost_clp=case.lost_clp,
        missing=fleet.missing,
    )


def _rehearsal(
    case: RehearsalCase, name: str, size: Size, results: tuple[WayResult, ...]
) -> Rehearsal:
    came = {day.date: day.came for day in results[0].days if case.first <= day.date <= case.last}
    peak_day = max(came, key=lambda day: (came[day], -day.toordinal()), default=case.first)
    told = result_sentences(results, lost_clp=case.lost_clp, is_assumed=case.lost_sale_clp is None)
    return Rehearsal(
        name=name,
        size=size,
        first=case.first,
        last=case.last,
        seeds=len(case.orders),
        seed=case.seed,
        orders=results[0].orders,
        usual=_usual_orders(case),
        peak=came.get(peak_day, 0.0),
        peak_day=peak_day,
        results=results,
        sentences=told,
        notes=note_sentences(case),
        unfolded=unfolded(results),
        lost_sale_clp=round(case.lost_clp),
        is_lost_assumed=case.lost_sale_clp is None,
        broken_promise_clp=case.terms.broken_clp,
    )


def _usual_orders(case: RehearsalCase) -> float:
    """Of a usual day, over all depots and seeds."""
    days = [
        sum(sum(each.get(day, {}).values()) for each in orders.values())
        for orders in case.orders
        for day in case.usual
    ]
    return sum(days) / len(days) if days else 0.0
