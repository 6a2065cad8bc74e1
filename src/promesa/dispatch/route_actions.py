"""What a driver does with the whole route: take it, leave, rest, come back, square up."""

from __future__ import annotations

from dataclasses import replace

from promesa.dispatch.failures import settle_route
from promesa.dispatch.handover import HandOver, hand_over, with_parcels, with_state
from promesa.dispatch.journal import Journal
from promesa.dispatch.phone import RouteAcknowledged, RouteBrokeDown
from promesa.dispatch.refusals import (
    ParcelsNotBackError,
    ParcelsNotScannedError,
    RouteNotDrivenError,
    StopsStillOpenError,
    VersionUnknownError,
)
from promesa.dispatch.resting import with_end, with_pause
from promesa.dispatch.scene import Scene
from promesa.dispatch.squaring import list_aboard
from promesa.domain.custody import Holder, HolderKind
from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.parcel import GONE, NOT_SCANNED, ParcelState
from promesa.domain.person import Person
from promesa.domain.route import ROUTE, Route, RouteRest, RouteState, RouteVersion
from promesa.domain.stop import Stop, StopState, StopType

_R = RouteState
# A message that comes late tells of a step the route has taken already: it is history, no step.
_ORDER_OF_STATES = (
    _R.PUBLISHED,
    _R.LOADING,
    _R.LOADED,
    _R.STARTED,
    _R.PAUSED,
    _R.FINISHED,
    _R.RECONCILED,
)
_ENDS_OF_A_REST = frozenset({"route.resumed", "route.finished"})


async def acknowledge(scene: Scene) -> None:
    """The phone shows a version; a lower one that comes late changes nothing."""
    assert isinstance(scene.event, RouteAcknowledged)
    version = scene.event.version
    if not 1 <= version <= scene.route.version:
        raise VersionUnknownError(version=version)
    route = scene.route
    newest = max(route.acknowledged_version, version)
    await _record(scene, "route.acknowledged", {"version": version})
    await scene.tx.routes.save(replace(route, acknowledged_version=newest))


async def start_loading(scene: Scene) -> None:
    """The load-out begins."""
    await _advance(scene, _R.LOADING, "route.loading_started")


async def finish_loading(scene: Scene) -> None:
    """Each parcel due on the first trip is aboard or declared missing."""
    first, *_ = await _by_trip(scene, await _version(scene))
    due = [parcel for _, order in first for parcel in order.parcels]
    not_scanned = sum(1 for parcel in due if parcel.state in NOT_SCANNED)
    if not_scanned and not _is_past(scene.route, _R.LOADED):
        raise ParcelsNotScannedError(
            f"{_parcels(not_scanned)} por escanear o declarar faltantes.", count=not_scanned
        )
    missing = sum(1 for parcel in due if parcel.state is ParcelState.MISSING)
    data: dict[str, object] = {"loaded": len(due) - missing - not_scanned, "missing": missing}
    await _advance(scene, _R.LOADED, "route.loaded", data)


async def start(scene: Scene) -> None:
    """The van leaves, its orders are out for delivery; what nobody scanned is taken as aboard."""
    await _record(scene, "route.started", {"version": scene.route.version})
    if _is_past(scene.route, _R.STARTED):
        await _keep_earlier_start(scene)
        return
    await _leave(scene)


async def started(scene: Scene) -> Scene:
    """The scene with the route under way: who is at a stop has left, told or not."""
    if _is_past(scene.route, _R.STARTED):
        return scene
    data: dict[str, object] = {
        "version": scene.route.version,
        "implied_by": str(scene.journal.cause_id),
    }
    await scene.journal.of_route(scene.route, "route.started", data)
    return scene.with_route(await _leave(scene))


async def pause(scene: Scene) -> None:
    """The driver rests; told after its end, it is a rest that is over."""
    await _record(scene, "route.paused")
    if not _is_past(scene.route, _R.STARTED):
        return
    story = await scene.tx.events.list_of_route(scene.route.id)
    ends = [each.occurred_at for each in story if each.type in _ENDS_OF_A_REST]
    at, route = scene.journal.occurred_at, scene.route
    route = replace(route, rests=with_pause(route.rests, at, ends))
    goes_on = bool(route.rests) and route.rests[-1] == RouteRest(start=at)
    if goes_on and ROUTE.allows(route.state, _R.PAUSED):
        route = replace(route, state=_R.PAUSED)
    await scene.tx.routes.save(route)


async def resume(scene: Scene) -> None:
    """The driver goes on; a second time, or late, it is history only."""
    await _record(scene, "route.resumed")
    route = replace(scene.route, rests=with_end(scene.route.rests, scene.journal.occurred_at))
    is_resting = route.state is _R.PAUSED
    await scene.tx.routes.save(replace(route, state=_R.STARTED) if is_resting else route)


async def finish(scene: Scene) -> None:
    """The van is back; what failed and nobody decided about ends as the policy says."""
    if _is_past(scene.route, _R.FINISHED):
        await _record(scene, "route.finished")
        return
    stops = await scene.tx.routes.list_stops(scene.route.id)
    still_open = sum(1 for stop in stops if stop.state is not StopState.CLOSED)
    if still_open:
        raise StopsStillOpenError(
            f"Paradas abiertas: {still_open}. Ciérralas antes de terminar la ruta.",
            count=still_open,
        )
    scene = await started(scene)
    at = scene.journal.occurred_at
    route = replace(
        scene.route,
        state=ROUTE.step(scene.route.state, _R.FINISHED),
        finished_at=at,
        is_broken_down=False,
        rests=with_end(scene.route.rests, at),
    )
    await _record(scene, "route.finished")
    await scene.tx.routes.save(route)
    await settle_route(scene.journal, route)


async def hand_in(scene: Scene) -> None:
    """The driver has left parcels and cash at the depot, which squares the route once it counts."""
    if _is_past(scene.route, _R.RECONCILED):
        await _record(scene, "route.handed_in")
        return
    orders = {order.id: order for _, order in await scene.orders_of_stops()}.values()
    aboard = [
        parcel
        for _, parcel in await list_aboard(scene.tx, scene.route.id, orders)
        if parcel.state is not ParcelState.RETURN_IN_TRANSIT
    ]
    if aboard:
        count = len(aboard)
        raise ParcelsNotBackError(f"{_parcels(count)} por devolver en el CD.", count=count)
    if scene.route.state is not _R.FINISHED:
        raise StopsStillOpenError("Termina la ruta antes de rendirla.")
    await _record(scene, "route.handed_in")
    if scene.route.handed_in_at is None:
        at = scene.journal.occurred_at
        await scene.tx.routes.save(replace(scene.route, handed_in_at=at))


async def break_down(scene: Scene) -> None:
    """The van stands; what the driver wrote goes to the people store."""
    assert isinstance(scene.event, RouteBrokeDown)
    if _is_past(scene.route, _R.FINISHED):
        raise RouteNotDrivenError("Esta ruta ya terminó.")
    data: dict[str, object] = {}
    if scene.event.note:
        note_id = scene.journal.event_id("note", scene.route.id)
        await scene.tx.people.put(Person(id=note_id, instructions=scene.event.note))
        data["note_id"] = str(note_id)
    await _record(scene, "route.broke_down", data)
    await scene.tx.routes.save(replace(scene.route, is_broken_down=True))


def _parcels(count: int) -> str:
    return "Falta 1 bulto" if count == 1 else f"Faltan {count} bultos"


def _is_past(route: Route, state: RouteState) -> bool:
    """Whether the route is in ``state`` or beyond it."""
    if route.state not in _ORDER_OF_STATES:
        raise RouteNotDrivenError
    return _ORDER_OF_STATES.index(route.state) >= _ORDER_OF_STATES.index(state)


async def _record(scene: Scene, event_type: str, data: dict[str, object] | None = None) -> None:
    await scene.record(("route", scene.route.id), event_type, data)


async def _advance(
    scene: Scene, state: RouteState, event_type: str, data: dict[str, object] | None = None
) -> None:
    if _is_past(scene.route, state):
        await _record(scene, event_type, data)
        return
    route = replace(scene.route, state=ROUTE.step(scene.route.state, state))
    await _record(scene, event_type, data)
    await scene.tx.routes.save(route)


async def _keep_earlier_start(scene: Scene) -> None:
    """A late route.started tells when the van really left."""
    at, known = scene.journal.occurred_at, scene.route.started_at
    if known is None or at < known:
        await scene.tx.routes.save(replace(scene.route, started_at=at))


async def _leave(scene: Scene) -> Route:
    """Puts the route and its orders on the road; ``scene.route`` was not started.

    What is loaded on coming back stays in the depot, but for what was scanned into the van.
    """
    at = scene.journal.occurred_at
    route = replace(scene.route, state=ROUTE.step(scene.route.state, _R.STARTED), started_at=at)
    await scene.tx.routes.save(route)
    first, *others = await _by_trip(scene, await _version(scene))
    scanned = [(s, order) for trip in others for s, order in trip if _is_scanned(order)]
    for stop, order in (*first, *scanned):
        if stop.state is not StopState.CLOSED:
            await send_out(scene.journal, stop, order)
    return route


async def loaded_again(scene: Scene, stop: Stop) -> None:
    """Who goes to a visit has loaded for its trip, scanned or not; ``scene`` is under way."""
    version = await _version(scene)
    if version.trips().get(stop.id, 1) == 1:
        return
    for trip in (await _by_trip(scene, version))[1:]:
        if any(each.id == stop.id for each, _ in trip):
            for each, order in trip:
                is_left = any(parcel.state in NOT_SCANNED for parcel in order.parcels)
                if is_left and each.state is not StopState.CLOSED:
                    await send_out(scene.journal, each, order)


async def _version(scene: Scene) -> RouteVersion:
    return await scene.tx.routes.get_version(scene.route.id, scene.route.version)


async def _by_trip(scene: Scene, version: RouteVersion) -> list[list[tuple[Stop, Order]]]:
    """The stops whose parcels leave the depot with the van, trip by trip; one trip at least."""
    trips = version.trips()
    found: list[list[tuple[Stop, Order]]] = [[] for _ in range(len(version.reloads) + 1)]
    for stop, order in await scene.orders_of_stops():
        if _goes_out(stop):
            found[trips.get(stop.id, 1) - 1].append((stop, order))
    return found


def _is_scanned(order: Order) -> bool:
    """Whether it is in the van whole, as far as it is anywhere."""
    states = {parcel.state for parcel in order.parcels} - GONE
    return states == {ParcelState.LOADED}


def _goes_out(stop: Stop) -> bool:
    """Whether the stop's parcels leave the depot with the van."""
    return stop.type in {StopType.DELIVERY, StopType.RETURN, StopType.EXCHANGE}


async def send_out(journal: Journal, stop: Stop, order: Order) -> None:
    """One order leaves: what nobody scanned counts as loaded, and says so."""
    unscanned = [parcel for parcel in order.parcels if parcel.state in NOT_SCANNED]
    if unscanned:
        loaded = await hand_over(
            journal,
            unscanned,
            HandOver(
                state=ParcelState.LOADED,
                holder=Holder(kind=HolderKind.ROUTE, id=stop.route_id),
                event_type="parcel.loaded",
                data={"route_id": str(stop.route_id), "is_scanned": False},
            ),
        )
        order = with_parcels(order, loaded)
    order = with_state(order, ParcelState.IN_TRANSIT, among=frozenset({ParcelState.LOADED}))
    if stop.type is StopType.DELIVERY and ORDER.allows(order.state, OrderState.OUT_FOR_DELIVERY):
        order = replace(order, state=OrderState.OUT_FOR_DELIVERY)
        await journal.of_order(order, "order.out_for_delivery")
    await journal.tx.orders.save(order)
