"""The last look before a route is published anew: the independent checker must accept it.

What was wrong before the change may stay as wrong as it is: it is not the change that breaks it.
"""

from __future__ import annotations

from collections.abc import Iterable

from promesa.dispatch.choosing import MoveNotPossibleError, as_it_is
from promesa.dispatch.situation import RestOfDay, RouteNow
from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.loads import trips_of
from promesa.routing.plan import PlannedRoute
from promesa.routing.replan.judging import judge
from promesa.routing.schedule import time_route


def require_sound(rest: RestOfDay, timed: PlannedRoute, kept: RouteNow) -> None:
    """Checks a route of the rest; ``kept`` is it without what it gives away.

    Raises:
        MoveNotPossibleError: It breaks what no decision makes right.
    """
    number = timed.vehicle
    start, code = rest.starts[number], kept.route.code
    found = judge(rest.problem, timed, start)
    if found:
        present = time_route(rest.problem, number, as_it_is(rest, number, kept), start)
        was = _amounts(judge(rest.problem, present, start))
        worse = [each for each in found if each.amount > was.get((each.rule, each.stop), 0)]
        if worse:
            what = worse[0].sentence.removeprefix(f"{number}: ")
            raise MoveNotPossibleError(f"Ese cambio no se puede hacer. {code}: {what}")
    early = {rest.stop_ids[stop] for stop in trips_of(timed.sequence)[0]}
    if not kept.waiting.isdisjoint(early):
        raise MoveNotPossibleError(
            f"Los bultos de esa parada están en el CD: {kept.route.code} la visita después de "
            "volver a cargar."
        )


def _amounts(found: Iterable[Violation]) -> dict[tuple[Rule, str | None], int]:
    return {(each.rule, each.stop): each.amount for each in found}
