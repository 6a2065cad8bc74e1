"""An event of a driver's phone, applied once: accepted, known already, or refused and kept.

Phones send everything again until they are answered, in batches gathered without signal, with
clocks of their own. So each event has an id made by the phone; the route is locked while it is
applied; one that cannot be used is recorded as device.event_refused under the same id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec

from promesa.dispatch import load_actions, route_actions, stop_actions
from promesa.dispatch.closing import close, handed_to_of, keep_words
from promesa.dispatch.current_route import find_current_route
from promesa.dispatch.journal import Journal
from promesa.dispatch.late_visits import DISPUTED, DeliveryDisputedError, dispute_told
from promesa.dispatch.moved_visits import (
    close_moved,
    find_former_route,
    pick_up_moved,
    tell_passing,
)
from promesa.dispatch.phone import (
    DriverEvent,
    EventResult,
    EventStatus,
    LoadingStarted,
    ParcelLoaded,
    ParcelMissing,
    ParcelPickedUp,
    ParcelReturnedToDepot,
    PhoneEvent,
    RouteAcknowledged,
    RouteBrokeDown,
    RouteFinished,
    RouteLoaded,
    RoutePaused,
    RouteReconciled,
    RouteResumed,
    RouteStarted,
    StopArrived,
    StopClosed,
    StopStarted,
    believed_instant,
    position_of,
    read_driver_event,
    shown_name,
    unknown_fields,
)
from promesa.dispatch.refusals import (
    NoRouteTodayError,
    PhoneEventRefusedError,
    RouteNotDrivenError,
    RouteNotYoursError,
    StopUnknownError,
)
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.scene import Scene
from promesa.domain.actor import Actor, Permission
from promesa.domain.events import Event
from promesa.domain.machine import TransitionError
from promesa.domain.route import Route, RouteState
from promesa.domain.stop import Outcome, StopDoubt
from promesa.kernel.clock import Clock
from promesa.kernel.errors import NotFoundError
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import SANTIAGO
from promesa.proof.capture import DEFAULT_POLICY, ProofPolicy

Action = Callable[[Scene], Awaitable[None]]

ACTIONS: dict[type[PhoneEvent], Action] = {
    RouteAcknowledged: route_actions.acknowledge,
    LoadingStarted: route_actions.start_loading,
    ParcelLoaded: load_actions.load,
    ParcelMissing: load_actions.declare_missing,
    RouteLoaded: route_actions.finish_loading,
    RouteStarted: route_actions.start,
    RoutePaused: route_actions.pause,
    RouteResumed: route_actions.resume,
    RouteFinished: route_actions.finish,
    RouteReconciled: route_actions.hand_in,
    RouteBrokeDown: route_actions.break_down,
    StopStarted: stop_actions.start_stop,
    StopArrived: stop_actions.arrive,
    StopClosed: close,
    ParcelPickedUp: load_actions.pick_up,
    ParcelReturnedToDepot: load_actions.return_to_depot,
}
# What the driver who had a stop tells of it, once it is another driver's.
MOVED_ACTIONS: dict[type[PhoneEvent], Action] = {
    StopStarted: tell_passing,
    StopArrived: tell_passing,
    StopClosed: close_moved,
    ParcelPickedUp: pick_up_moved,
}
_NOT_DRIVEN = frozenset({RouteState.DRAFT, RouteState.OPTIMIZED, RouteState.CANCELLED})
_AT_STOP = (StopStarted, StopArrived, StopClosed, ParcelPickedUp)
REFUSED = "device.event_refused"


async def apply_driver_event(
    tx: DispatchStore,
    raw: Mapping[str, object],
    *,
    actor: Actor,
    clock: Clock,
    request_id: str | None = None,
    zone: str = SANTIAGO,
    policy: ProofPolicy = DEFAULT_POLICY,
) -> EventResult:
    """Applies one raw event of the driver ``actor``; one call, one transaction.

    ``zone`` is the operator's: it says which day's route a phone means.

    Raises:
        ForbiddenError: The actor does not drive.
        ConflictError: Another writer changed an order meanwhile; the phone sends it again.
    """
    actor.require(Permission.DRIVE)
    request = _Request(
        tx=tx,
        raw=raw,
        actor=actor,
        now=clock.now(),
        zone=zone,
        policy=policy,
        request_id=request_id,
    )
    try:
        event = read_driver_event(raw)
    except PhoneEventRefusedError as error:
        return await _keep_unreadable(request, error)
    try:
        route = await _locked_route(request, event)
    except PhoneEventRefusedError as error:
        return await _refuse(request, event, error, None)
    earlier = await tx.events.find(event.id)
    if earlier is not None:
        return _answer_again(event, earlier)
    scene = _scene(request, event, route)
    try:
        await (await _action(request, event, route))(scene)
    except (PhoneEventRefusedError, TransitionError) as error:
        return await _refuse(request, event, error, route)
    return EventResult(id=str(event.id), status=EventStatus.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    tx: DispatchStore
    raw: Mapping[str, object]
    actor: Actor
    now: datetime
    zone: str
    policy: ProofPolicy
    request_id: str | None

    def journal(self, event: PhoneEvent, route: Route | None) -> tuple[Journal, dict[str, object]]:
        """The journal of an event, and what is to be told about the phone's clock and fields."""
        at, notes = believed_instant(event.occurred_at, self.now)
        unknown = unknown_fields(self.raw, event)
        if unknown:
            notes = notes | {"unknown_fields": unknown}
        journal = Journal(
            tx=self.tx,
            cause_id=event.id,
            actor=self.actor,
            occurred_at=at,
            recorded_at=self.now,
            position=position_of(event),
            request_id=self.request_id,
            route_id=route.id if route else None,
        )
        return journal, notes


def _scene(request: _Request, event: DriverEvent, route: Route) -> Scene:
    journal, notes = request.journal(event, route)
    return Scene(event=event, route=route, journal=journal, notes=notes, policy=request.policy)


async def _action(request: _Request, event: DriverEvent, route: Route) -> Action:
    """By whether the stop is still this driver's."""
    if isinstance(event, _AT_STOP):
        stop = await request.tx.routes.get_stop(event.stop_id)
        if stop.route_id != route.id:
            return MOVED_ACTIONS[type(event)]
    return ACTIONS[type(event)]


async def _locked_route(request: _Request, event: DriverEvent) -> Route:
    """The driver's route the event is about, held against other writers."""
    route_id = await _route_id(request, event)
    wanted = {route_id, await _former_route_id(request, event) or route_id}
    try:
        # In one order everywhere, so that two writers never wait for each other.
        routes = [await request.tx.routes.lock(each) for each in sorted(wanted)]
    except NotFoundError as error:
        raise NoRouteTodayError from error
    own = [route for route in routes if route.driver_id == request.actor.id]
    if not own:
        raise RouteNotYoursError
    now_id = await _route_id(request, event)
    route = next((each for each in own if each.id == now_id), own[0])
    # A route that the torre called off may have been driven all the same, out of coverage.
    is_visit = isinstance(event, StopClosed) and route.state is RouteState.CANCELLED
    if route.state in _NOT_DRIVEN and not is_visit:
        raise RouteNotDrivenError
    return route


async def _former_route_id(request: _Request, event: DriverEvent) -> UUID | None:
    """Where the driver had the stop before it was moved to another van."""
    if not isinstance(event, _AT_STOP):
        return None
    stop = await request.tx.routes.get_stop(event.stop_id)
    try:
        route = await request.tx.routes.get(stop.route_id)
    except NotFoundError:
        return None
    if route.driver_id == request.actor.id:
        return None
    former = await find_former_route(request.tx, stop, request.actor.id)
    return former.id if former else None


async def _route_id(request: _Request, event: DriverEvent) -> UUID:
    if isinstance(event, _AT_STOP):
        try:
            return (await request.tx.routes.get_stop(event.stop_id)).route_id
        except NotFoundError as error:
            raise StopUnknownError from error
    if event.route_id is not None:
        return event.route_id
    at, _ = believed_instant(event.occurred_at, request.now)
    route = await find_current_route(request.tx, request.actor.id, at, request.zone)
    if route is None:
        raise NoRouteTodayError
    return route.id


async def _refuse(
    request: _Request,
    event: DriverEvent,
    error: PhoneEventRefusedError | TransitionError,
    route: Route | None,
) -> EventResult:
    """Keeps the event under its own id, so that sent again it is answered the same."""
    journal, notes = request.journal(event, route)
    data: dict[str, object] = {
        "code": error.code,
        "type": event.__struct_config__.tag,
        "detail": error.sentence,
    }
    if isinstance(error, DeliveryDisputedError) and isinstance(event, StopClosed):
        is_new = await _keep_dispute(journal, event, data | dispute_told(event, error) | notes)
    else:
        subject = ("driver", request.actor.id)
        is_new = await journal.of_cause(subject, REFUSED, data | notes)
    if not is_new:
        earlier = await request.tx.events.find(event.id)
        if earlier is not None:
            return _answer_again(event, earlier)
    return EventResult(
        id=str(event.id), status=EventStatus.REFUSED, code=error.code, detail=error.sentence
    )


async def _keep_dispute(journal: Journal, event: StopClosed, data: dict[str, object]) -> bool:
    """Keeps what the phone said, words apart, and leaves the stop to a person; False if known."""
    tx = journal.tx
    stop = await tx.routes.get_stop(event.stop_id)
    order = await tx.orders.get(stop.order_id)
    # A code that was not compared proves nothing.
    words = msgspec.structs.replace(event, pin=None)
    handed_to = handed_to_of(event)
    if event.outcome is not Outcome.FAILED:
        receiver_id = await keep_words(journal, words, stop, order, handed_to)
        data = data | {"handed_to": handed_to.value, "receiver_id": str(receiver_id)}
    is_new = await journal.of_cause(
        ("stop", stop.id),
        DISPUTED,
        data,
        order_id=stop.order_id,
        evidence=tuple(piece.id for piece in event.evidence),
    )
    if is_new:
        await tx.routes.put_stop(replace(stop, doubt=StopDoubt.DELIVERY_DISPUTED))
    return is_new


def _answer_again(event: DriverEvent, earlier: Event) -> EventResult:
    """What was answered the first time: a refusal again, otherwise that it is known."""
    if earlier.type not in {REFUSED, DISPUTED}:
        return EventResult(id=str(event.id), status=EventStatus.DUPLICATE)
    return EventResult(
        id=str(event.id),
        status=EventStatus.REFUSED,
        code=str(earlier.data.get("code")),
        detail=str(earlier.data.get("detail")),
    )


async def _keep_unreadable(request: _Request, error: PhoneEventRefusedError) -> EventResult:
    """Keeps that something came, by whom and of which type; its content may name a person."""
    now = request.now
    said_id = str(request.raw.get("id", ""))[:64]
    content = repr(sorted((str(key), str(value)) for key, value in request.raw.items()))
    journal = Journal(
        tx=request.tx,
        cause_id=derived_id("unreadable", request.actor.id, content),
        actor=request.actor,
        occurred_at=now,
        recorded_at=now,
        request_id=request.request_id,
    )
    data: dict[str, object] = {
        "code": error.code,
        "type": shown_name(request.raw.get("type", "")),
        "detail": error.sentence,
    }
    await journal.of_cause(("driver", request.actor.id), REFUSED, data)
    return EventResult(
        id=said_id, status=EventStatus.REFUSED, code=error.code, detail=error.sentence
    )
