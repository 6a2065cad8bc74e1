"""Routes in trouble that no change to the rest of the day helps, and what stood in the way.

Facts only: each screen says them in its own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from promesa.dispatch.situation import RestOfDay, RouteNow, Situation
from promesa.dispatch.transfers import could_hold, may_leave
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import PlannedStop
from promesa.routing.problem import Problem

_TROUBLE = frozenset({PromiseRisk.AT_RISK, PromiseRisk.LATE})


class WhyHelpless(StrEnum):
    """Why a route has no change; ``TRIED`` where other orders and other vans were looked at."""

    BROKEN_DOWN = "broken_down"
    NO_STREETS = "no_streets"
    TRIED = "tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelplessRoute:
    """A route that stays as it is although promises of it are not safe.

    Attributes:
        late: Open stops that come too late as the day goes.
        at_risk: Open stops that may.
        passed: Of both, those whose window is over already.
        begun: Of the rest, those the driver is at or on the way to.
        aboard: Of the rest, those that stay in their van, because their parcels are in it.
        free: What is left, which another van might have taken.
        takers: The most vans that one of the free could have gone to.
    """

    route_id: UUID
    code: str
    why: WhyHelpless
    late: int
    at_risk: int
    passed: int
    begun: int
    aboard: int
    free: int
    takers: int


def find_helpless(
    situation: Situation,
    now: RouteNow,
    risks: Mapping[UUID, PromiseRisk],
    why: WhyHelpless,
    takers: Mapping[UUID, int],
) -> HelplessRoute | None:
    """What stands in the way of a route; None where all its promises are safe.

    ``risks`` are as the day goes, by stop; ``takers`` is how many vans each stop could have gone
    to: one that is not in it, to none.
    """
    stops = [
        stop
        for stop in now.open_stops
        if why is WhyHelpless.BROKEN_DOWN or risks.get(stop.stop_id) in _TROUBLE
    ]
    if not stops:
        return None
    left = [stop for stop in stops if not _has_passed(situation, stop)]
    others = [stop for stop in left if not now.has_begun(stop)]
    free = [stop for stop in others if may_leave(situation, now, stop)]
    return HelplessRoute(
        route_id=now.route.id,
        code=now.route.code,
        why=why,
        late=sum(risks.get(stop.stop_id) is PromiseRisk.LATE for stop in stops),
        at_risk=sum(risks.get(stop.stop_id) is PromiseRisk.AT_RISK for stop in stops),
        passed=len(stops) - len(left),
        begun=len(left) - len(others),
        aboard=len(others) - len(free),
        free=len(free),
        takers=max((takers.get(stop.stop_id, 0) for stop in free), default=0),
    )


def count_takers(
    situation: Situation, rest: RestOfDay, number: int, problem: Problem
) -> dict[UUID, int]:
    """How many other vans each open stop of a route could have gone to, by stop id.

    ``problem`` says who is shut out of each stop. Who makes its most stops already takes none, nor
    does who would not hold it were it empty.
    """
    others = [
        (problem.vehicles[n].id, now.vehicle)
        for n, now in enumerate(rest.routes)
        if n != number and now.stops_left != 0
    ]
    takers = {}
    for stop in rest.routes[number].open_stops:
        shut_out = problem.stops[rest.index_of(stop.stop_id)].excluded_vehicles
        order = situation.orders[stop.order_id]
        takers[stop.stop_id] = sum(
            name not in shut_out and could_hold(vehicle, order) for name, vehicle in others
        )
    return takers


def worst_first(found: Iterable[HelplessRoute]) -> tuple[HelplessRoute, ...]:
    """Those that stand, then by how many come late, then by how many may."""
    return tuple(
        sorted(
            found,
            key=lambda each: (
                each.why is not WhyHelpless.BROKEN_DOWN,
                -each.late,
                -each.at_risk,
                each.code,
            ),
        )
    )


def _has_passed(situation: Situation, stop: PlannedStop) -> bool:
    window = situation.promised.get(stop.order_id)
    return window is not None and window.end <= situation.now
