"""A visit by the driver whose stop was moved to another van before its phone was heard.

Who stood at the door knows what happened there. While nobody else has the parcel or has made the
visit, the stop goes back to that driver's route and the visit counts as told; what contradicts it
waits for a person. A failed try is kept as one, and the other van comes all the same.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from promesa.dispatch import load_actions
from promesa.dispatch.closing import close
from promesa.dispatch.late_visits import (
    TOLD_LATE,
    DeliveryDisputedError,
    count_attempt,
    is_untold,
    require_undisputed,
)
from promesa.dispatch.phone import ParcelPickedUp, StopArrived, StopClosed, StopStarted
from promesa.dispatch.refusals import RouteNotYoursError
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.scene import Scene
from promesa.dispatch.versions import republish
from promesa.domain.reasons import REASONS
from promesa.domain.route import OVER, PlannedStop, Route, RouteState
from promesa.domain.stop import Outcome, Stop, StopState, StopType

_NOT_BEGUN = frozenset({StopState.PENDING, StopState.NEXT})
CAUSE = "visited_before_the_move"


async def find_former_route(tx: DispatchStore, stop: Stop, driver_id: UUID) -> Route | None:
    """The driver's route of that day which had the stop once; None when it was never theirs."""
    now = await tx.routes.get(stop.route_id)
    for route in await tx.routes.list_of(now.date):
        if route.driver_id != driver_id or route.id == now.id:
            continue
        if await _planned_once(tx, route.id, stop.id) is not None:
            return route
    return None


async def tell_passing(scene: Scene) -> None:
    """That this van went there is history: the stop is another van's."""
    event = scene.event
    assert isinstance(event, StopStarted | StopArrived)
    stop = await scene.tx.routes.get_stop(event.stop_id)
    event_type = "stop.started" if isinstance(event, StopStarted) else "stop.arrived"
    data: dict[str, object] = {"by": "driver"} if event_type == "stop.arrived" else {}
    await scene.record(("stop", stop.id), event_type, data, order_id=stop.order_id)


async def close_moved(scene: Scene) -> None:
    """The visit that this driver made, as far as nothing contradicts it."""
    event = scene.event
    assert isinstance(event, StopClosed)
    stop = await scene.tx.routes.get_stop(event.stop_id)
    if event.outcome is Outcome.FAILED:
        await _keep_failed(scene, event, stop)
        return
    order = await scene.tx.orders.get(stop.order_id)
    if stop.state is StopState.CLOSED and not is_untold(stop):
        raise DeliveryDisputedError(why="stop.visited")
    if scene.route.state is RouteState.CANCELLED and stop.state is not StopState.CLOSED:
        raise DeliveryDisputedError(why="route.cancelled")
    last = await scene.tx.custody.last_entries([parcel.id for parcel in order.parcels])
    if any(entry.holder.id == stop.route_id for entry in last.values()):
        raise DeliveryDisputedError(why="parcel.loaded")
    if stop.type is StopType.DELIVERY:
        await require_undisputed(scene, event, replace(stop, route_id=scene.route.id), order)
    elif stop.state not in _NOT_BEGUN:
        raise DeliveryDisputedError(why="stop.visited")
    await _take_back(scene, stop)
    await close(scene)


async def pick_up_moved(scene: Scene) -> None:
    """A parcel was taken at the door before the van knew that another one would come."""
    event = scene.event
    assert isinstance(event, ParcelPickedUp)
    stop = await scene.tx.routes.get_stop(event.stop_id)
    if stop.state not in _NOT_BEGUN:
        raise RouteNotYoursError
    await _take_back(scene, stop)
    await load_actions.pick_up(scene)


async def _keep_failed(scene: Scene, event: StopClosed, stop: Stop) -> None:
    """A failed try is an attempt more; whoever has the stop now comes all the same."""
    data: dict[str, object] = {
        "outcome": Outcome.FAILED.value,
        "reason": event.reason if event.reason in REASONS else None,
        "attempt": stop.attempt,
        "type": stop.type.value,
    }
    await scene.record(
        ("stop", stop.id),
        TOLD_LATE,
        data,
        order_id=stop.order_id,
        evidence=tuple(piece.id for piece in event.evidence),
    )
    await count_attempt(scene, await scene.tx.orders.get(stop.order_id))


async def _take_back(scene: Scene, stop: Stop) -> None:
    """Puts the stop back on this route; both vans get a version that says so."""
    other = await scene.tx.routes.get(stop.route_id)
    back = replace(stop, route_id=scene.route.id)
    if stop.state is not StopState.CLOSED:
        back = replace(back, state=StopState.PENDING, arrived_at=None)
    await scene.tx.routes.put_stop(back)
    data: dict[str, object] = {"from_code": other.code, "to_code": scene.route.code}
    await scene.journal.of_stop(back, "stop.moved", data)
    if other.state not in OVER:
        version = await scene.tx.routes.get_version(other.id, other.version)
        left = [planned for planned in version.stops if planned.stop_id != stop.id]
        await republish(scene.journal.on_route(other.id), other, left, cause=CAUSE)
    planned = await _planned_once(scene.tx, scene.route.id, stop.id)
    own = await scene.tx.routes.get_version(scene.route.id, scene.route.version)
    if planned is not None:
        await republish(scene.journal, scene.route, [planned, *own.stops], cause=CAUSE)


async def _planned_once(tx: DispatchStore, route_id: UUID, stop_id: UUID) -> PlannedStop | None:
    """The stop as the newest version that had it planned it."""
    for version in reversed(await tx.routes.list_versions(route_id)):
        for planned in version.stops:
            if planned.stop_id == stop_id:
                return planned
    return None
