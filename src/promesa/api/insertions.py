"""An order that has just come in, into a route on the road: the best places, one chosen, undone."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from litestar import Response, Router, delete, get, post

from promesa.api.decoding import View, Wire
from promesa.api.order_views import OrderView, WindowView, people_shown
from promesa.api.orders import view_order
from promesa.api.proposal_views import LaterView, Names
from promesa.api.replanning import begin_search
from promesa.api.route_views import RouteView, view_route
from promesa.api.routes import read_day
from promesa.dispatch.choosing import Move
from promesa.dispatch.release import Release
from promesa.dispatch.situation import Situation
from promesa.dispatch.urgent import UrgentPlaces, place_urgent, place_without
from promesa.dispatch.urgent_actions import (
    Hand,
    bound_to,
    gather_urgent,
    insert_order,
    is_inserted,
    take_out,
)
from promesa.dispatch.urgent_day import Urgent, UrgentPlace
from promesa.domain.actor import Permission
from promesa.runtime.jobs import answer
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore
from promesa.runtime.searches import Search


class NewInsertion(Wire):
    """Which order is to go into a route."""

    order_id: UUID


class ChosenPlace(Wire):
    """Into which route; right after `after_stop_id`, or before all that is not begun.

    With `after_reload` the van comes back to load it between that stop and this one.
    """

    order_id: UUID
    to_route_id: UUID
    after_stop_id: UUID | None = None
    after_reload: bool = False


class NeighbourView(View):
    """A stop that it is visited before or after."""

    stop_id: UUID
    order_id: UUID
    reference: str
    address: str | None


class PlaceView(View):
    """A van that could take it, at the best place in its route.

    `depot` is where the van goes back to for the parcels, at `fetches_at`: before anything else, or
    when it comes back to load (`after_reload`); neither where they come aboard with its load. Where
    they are aboard already (`is_aboard`), the order stays in. `lost` are promises of others that
    are safe now and not then. `stops_max` is the most stops the van makes in a day where this one
    is beyond it: such vans come last, and a person may give them one more.
    """

    route_id: UUID
    code: str
    plate: str
    is_spare: bool
    is_under_way: bool
    depot: str | None
    fetches_at: datetime | None
    after_reload: bool
    is_aboard: bool
    after: NeighbourView | None
    before: NeighbourView | None
    arrival: datetime
    latest: datetime
    risk: str
    added_cost_clp: int
    added_s: int
    back_at: datetime
    shift_end: datetime
    lost: int
    stops_max: int | None
    later: list[LaterView]


class InsertionView(View):
    """The best places for an order, the promise first; nothing is decided yet.

    Until `state` is `ready` there are none. `tried` is how many vans were looked at, `sentence`
    why none can take it.
    """

    id: UUID
    state: str
    progress: float
    failure: str | None
    order_id: UUID
    reference: str
    address: str | None
    window: WindowView | None
    tried: int
    sentence: str | None
    places: list[PlaceView]


@post("/v1/insertions", access=Permission.DISPATCH, summary="Look for places for an order")
async def add_insertion(
    data: NewInsertion, platform: Platform, caller: Caller
) -> Response[InsertionView]:
    """Begins to look in the day of the order and answers at once; ask again for the places."""
    situation, urgent = await _read(platform, caller, data.order_id)
    search = await begin_search(platform, caller, situation, subject=urgent)
    platform.spawn(answer(platform, search, "place_order", urgent))
    return Response(await _view(platform, caller, search), status_code=202)


@get("/v1/insertions/{search_id:uuid}", access=Permission.DISPATCH, summary="Places for an order")
async def get_insertion(search_id: UUID, platform: Platform, caller: Caller) -> InsertionView:
    """The ten best places, each with its price and what it does to the others."""
    search = platform.searches.get(caller.tenant_id, search_id, about=Urgent)
    return await _view(platform, caller, search)


@delete("/v1/insertions/{search_id:uuid}", access=Permission.DISPATCH, summary="Stop looking")
async def cancel_insertion(search_id: UUID, platform: Platform, caller: Caller) -> None:
    """Nobody waits for it any more. Twice is once."""
    platform.searches.get(caller.tenant_id, search_id, about=Urgent).cancel()


@post("/v1/insertions/accept", access=Permission.DISPATCH, status_code=200, summary="Insert")
async def accept_insertion(data: ChosenPlace, platform: Platform, caller: Caller) -> RouteView:
    """Publishes the route with the order in it, and tells its recipient. Twice is once."""
    async with platform.transaction(caller.tenant_id) as tx:
        is_done = await is_inserted(tx, data.order_id, data.to_route_id)
    if is_done:
        return await view_route(platform, caller, data.to_route_id)
    situation, urgent = await _read(platform, caller, data.order_id)
    urgent = bound_to(situation, urgent, data.to_route_id)
    move = Move(
        stop_id=urgent.stop.id,
        to_route_id=data.to_route_id,
        after_stop_id=data.after_stop_id,
        is_first=data.after_stop_id is None,
        after_reload=data.after_reload,
    )
    streets, legs = platform.streets(caller.tenant_id), platform.legs(caller.tenant_id)
    rerouted = await asyncio.to_thread(place_urgent, situation, urgent, move, streets, legs)
    async with platform.transaction(caller.tenant_id) as tx:
        hand = await _hand(platform, caller, tx)
        route = await insert_order(tx, situation, urgent, rerouted, hand)
    await platform.pump.catch_up()
    return await view_route(platform, caller, route.id)


@post("/v1/insertions/undo", access=Permission.DISPATCH, status_code=200, summary="Take out again")
async def undo_insertion(data: NewInsertion, platform: Platform, caller: Caller) -> OrderView:
    """The order waits for a route as before; not once the van has its parcels or goes there.

    Twice is once.
    """
    async with platform.transaction(caller.tenant_id) as tx:
        day = (await tx.orders.get(data.order_id)).date
    situation = await read_day(platform, caller, day)
    streets = platform.streets(caller.tenant_id)
    without = await asyncio.to_thread(place_without, situation, data.order_id, streets)
    async with platform.transaction(caller.tenant_id) as tx:
        hand = await _hand(platform, caller, tx)
        await take_out(tx, situation, data.order_id, without, hand)
    await platform.pump.catch_up()
    async with platform.transaction(caller.tenant_id) as tx:
        return await view_order(platform, tx, caller, data.order_id)


async def _read(platform: Platform, caller: Caller, order_id: UUID) -> tuple[Situation, Urgent]:
    async with platform.transaction(caller.tenant_id) as tx:
        day = (await tx.orders.get(order_id)).date
    situation = await read_day(platform, caller, day)
    async with platform.transaction(caller.tenant_id) as tx:
        return await gather_urgent(tx, situation, order_id)


async def _hand(platform: Platform, caller: Caller, tx: PlatformStore) -> Hand:
    merchants = await tx.access.list_merchants()
    places = {item.id: item.position for item in merchants if item.position is not None}
    return Hand(
        actor=caller.actor,
        release=Release(clock=platform.clock, ids=platform.ids, places=places),
        request_id=caller.request_id,
    )


async def _view(platform: Platform, caller: Caller, search: Search) -> InsertionView:
    # Together, before anything is awaited: the answer may come while names are read.
    state, progress, failure = search.state, search.progress, search.failure
    found = search.answer if isinstance(search.answer, UrgentPlaces) else None
    urgent, situation = search.subject, search.day
    assert isinstance(urgent, Urgent), "an insertion is about an order"
    assert isinstance(situation, Situation), "it goes into a day under way"
    places = found.places if found else ()
    orders = {
        stop_id: stop.order_id for now in situation.routes for stop_id, stop in now.stops.items()
    }
    named = {urgent.order.id} | {later.order_id for place in places for later in place.later}
    named |= {
        orders[stop_id]
        for place in places
        for stop_id in (place.after, place.before)
        if stop_id is not None
    }
    recipients = {situation.orders[order_id].recipient_id for order_id in named}
    async with platform.transaction(caller.tenant_id) as tx:
        people = await people_shown(tx, caller, sorted(recipients))
    names = Names(situation, people)
    return InsertionView(
        id=search.id,
        state=state.value,
        progress=progress,
        failure=failure,
        order_id=urgent.order.id,
        reference=urgent.order.reference,
        address=names.address(urgent.order.id),
        window=names.window(urgent.order.id),
        tried=found.tried if found else 0,
        sentence=found.sentence if found else None,
        places=[_place(place, names, orders) for place in places],
    )


def _place(place: UrgentPlace, names: Names, orders: dict[UUID, UUID]) -> PlaceView:
    return PlaceView(
        route_id=place.route_id,
        code=place.code,
        plate=place.plate,
        is_spare=place.is_spare,
        is_under_way=place.is_under_way,
        depot=place.depot,
        fetches_at=place.fetches_at,
        after_reload=place.after_reload,
        is_aboard=place.is_aboard,
        after=_neighbour(place.after, names, orders),
        before=_neighbour(place.before, names, orders),
        arrival=place.arrival,
        latest=place.latest,
        risk=place.risk.value,
        added_cost_clp=place.added_cost_clp,
        added_s=place.added_s,
        back_at=place.back_at,
        shift_end=place.shift_end,
        lost=place.lost,
        stops_max=place.stops_max,
        later=[names.later(later) for later in place.later],
    )


def _neighbour(
    stop_id: UUID | None, names: Names, orders: dict[UUID, UUID]
) -> NeighbourView | None:
    if stop_id is None:
        return None
    order_id = orders[stop_id]
    return NeighbourView(
        stop_id=stop_id,
        order_id=order_id,
        reference=names.reference(order_id),
        address=names.address(order_id),
    )


router = Router(
    path="",
    route_handlers=[
        add_insertion,
        get_insertion,
        cancel_insertion,
        accept_insertion,
        undo_insertion,
    ],
    tags=["routes"],
)
