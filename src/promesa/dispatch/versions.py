"""A published version never changes: what changes a route publishes the next one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from promesa.dispatch.journal import Journal
from promesa.dispatch.repository import DispatchStore
from promesa.domain.order import Order
from promesa.domain.route import (
    OVER,
    PlannedStop,
    Route,
    RouteBreak,
    RouteReload,
    RouteVersion,
)
from promesa.domain.stop import Outcome, Stop, StopState
from promesa.kernel.errors import ConflictError


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What a version says besides its stops.

    Attributes:
        breaks: None keeps those of the version before, at their hours.
        reloads: Likewise, as far as a stop of the trip they load for is still on the route.
    """

    start: datetime
    end: datetime
    distance_m: int
    duration_s: int
    geometry: str
    breaks: tuple[RouteBreak, ...] | None = None
    reloads: tuple[RouteReload, ...] | None = None


async def republish(
    journal: Journal,
    route: Route,
    stops: Iterable[PlannedStop],
    *,
    cause: str,
    timing: Timing | None = None,
) -> Route:
    """Publishes the next version with ``stops`` renumbered; without ``timing`` hours stay.

    A route's first version needs one.
    """
    before = None
    if route.version:
        before = await journal.tx.routes.get_version(route.id, route.version)
    if timing is None:
        assert before is not None, "the first version of a route is timed"
        timing = timing_in(before)
    numbered = tuple(replace(stop, sequence=n) for n, stop in enumerate(stops, start=1))
    version = RouteVersion(
        route_id=route.id,
        number=route.version + 1,
        published_at=journal.recorded_at,
        start=timing.start,
        end=timing.end,
        stops=numbered,
        distance_m=timing.distance_m,
        duration_s=timing.duration_s,
        geometry=timing.geometry,
        cause=cause,
        breaks=_breaks(timing, before),
        reloads=_reloads(timing, before, numbered),
    )
    await journal.tx.routes.add_version(version)
    changed = replace(route, version=version.number)
    await journal.tx.routes.save(changed)
    data: dict[str, object] = {"version": version.number, "stops": len(numbered), "cause": cause}
    await journal.of_route(changed, "route.published", data)
    return changed


def _breaks(timing: Timing, before: RouteVersion | None) -> tuple[RouteBreak, ...]:
    if timing.breaks is not None:
        return timing.breaks
    return () if before is None else before.breaks


def _reloads(
    timing: Timing, before: RouteVersion | None, stops: tuple[PlannedStop, ...]
) -> tuple[RouteReload, ...]:
    orders = {stop.order_id for stop in stops}
    if timing.reloads is not None or before is None:
        return tuple(each for each in timing.reloads or () if each.order_id in orders)
    trips, kept = before.trips(), []
    for trip, reload in enumerate(before.reloads, start=2):
        left = [stop.order_id for stop in stops if trips.get(stop.stop_id) == trip]
        if reload.order_id in orders:
            kept.append(reload)
        elif left:
            # Whom it loaded for first has left the route: the next of the trip is first now.
            kept.append(replace(reload, order_id=left[0]))
    return tuple(kept)


def timing_in(version: RouteVersion) -> Timing:
    """What a version says besides its stops, for the next one."""
    return Timing(
        start=version.start,
        end=version.end,
        distance_m=version.distance_m,
        duration_s=version.duration_s,
        geometry=version.geometry,
    )


async def lock_stop(tx: DispatchStore, stop_id: UUID) -> tuple[Route, Stop]:
    """The stop and its route, held against other writers until the transaction ends.

    Raises:
        ConflictError: It was moved to another route while we waited for this one.
    """
    route = await tx.routes.lock((await tx.routes.get_stop(stop_id)).route_id)
    stop = await tx.routes.get_stop(stop_id)
    if stop.route_id != route.id:
        raise ConflictError
    return route, stop


async def find_open_stop(tx: DispatchStore, order_id: UUID) -> Stop | None:
    """The order's stop that is still to be visited, on a route that is not over."""
    for stop in await tx.routes.list_stops_of_order(order_id):
        if stop.state is StopState.CLOSED:
            continue
        route = await tx.routes.get(stop.route_id)
        if route.state not in OVER:
            return stop
    return None


async def withdraw(
    journal: Journal,
    order: Order,
    *,
    cause: str,
    rest: Sequence[PlannedStop] | None = None,
    timing: Timing | None = None,
) -> Stop | None:
    """Takes the order off its route, whose phone gets a version without it; None if on none.

    Parcels already in the van stay with it until somebody scans them back. The other stops keep
    their hours, unless `rest` and `timing` say those they have then.
    """
    found = await find_open_stop(journal.tx, order.id)
    if found is None:
        return None
    route, stop = await lock_stop(journal.tx, found.id)
    if stop.state is StopState.CLOSED:
        return None
    journal = journal.on_route(route.id)
    closed = replace(
        stop, state=StopState.CLOSED, outcome=Outcome.CANCELLED, closed_at=journal.occurred_at
    )
    await journal.tx.routes.put_stop(closed)
    data: dict[str, object] = {
        "outcome": Outcome.CANCELLED.value,
        "reason": None,
        "attempt": stop.attempt,
        "type": stop.type.value,
    }
    await journal.of_stop(closed, "stop.closed", data)
    await journal.of_order(order, "order.unscheduled", {"cause": cause})
    version = await journal.tx.routes.get_version(route.id, route.version)
    left = [planned for planned in version.stops if planned.stop_id != stop.id]
    await republish(journal, route, left if rest is None else rest, cause=cause, timing=timing)
    return closed
