"""What to do about a route in trouble: which other vans could take its stops, at what gain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from promesa.dispatch.moving import Move, Rerouted, place_moves, spread_out
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.situation import RouteNow, Situation
from promesa.domain.promise import PromiseFate
from promesa.domain.route import RouteState
from promesa.domain.stop import StopState
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.travel import Roads

_OVER = frozenset({RouteState.FINISHED, RouteState.RECONCILED, RouteState.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedMove:
    """A stop that another van could take."""

    stop_id: UUID
    order_id: UUID
    to_route_id: UUID
    to_code: str
    arrival: datetime
    is_kept: bool  # Whether it arrives within what was promised.


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftStop:
    """A stop no other van can take, and why."""

    stop_id: UUID
    order_id: UUID
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What to do about a route in trouble; nothing is decided yet.

    Attributes:
        saves: Promises kept by it that are broken if the stops stay.
    """

    route_id: UUID
    sentence: str
    saves: int
    moves: tuple[ProposedMove, ...]
    left: tuple[LeftStop, ...]


async def gather_situation(
    tx: DispatchStore,
    day: date,
    *,
    now: datetime,
    positions: Mapping[UUID, Position],
    zone: str = SANTIAGO,
) -> Situation:
    """The routes of ``day`` that may still change; ``positions`` of their vans by route id."""
    routes = [route for route in await tx.routes.list_of(day) if route.state not in _OVER]
    versions = await tx.routes.latest_versions(day)
    vehicles = {vehicle.id: vehicle for vehicle in await tx.fleet.list_vehicles()}
    depots = {depot.id: depot for depot in await tx.fleet.list_depots()}
    ends = {shift.driver_id: shift.end for shift in await tx.fleet.list_shifts(day)}
    stops = await tx.routes.list_stops_of_day(day)
    due = [stop.order_id for stop in stops if stop.state is not StopState.CLOSED]
    orders = {order.id: order for order in await tx.orders.get_many(sorted(set(due)))}
    here = [
        RouteNow(
            route=route,
            version=versions[route.id],
            stops={stop.id: stop for stop in stops if stop.route_id == route.id},
            vehicle=vehicles[route.vehicle_id],
            depot=depots[route.depot_id],
            shift_end=max(
                ends.get(route.driver_id, versions[route.id].end), versions[route.id].end
            ),
            position=positions.get(route.id),
        )
        for route in routes
        if route.id in versions
    ]
    return Situation(
        now=now,
        day=ServiceDay(day, zone),
        routes=tuple(here),
        orders=orders,
        promised=await _promised(tx, orders),
    )


def propose(situation: Situation, route_id: UUID, roads: Roads) -> Proposal:
    """Which vans could take the open stops of the route, and what that saves. Pure, CPU-bound.

    The promises that staying would break are all of them: nobody knows when the van runs again.
    """
    giving = situation.get_route(route_id)
    moves = spread_out(situation, giving, roads)
    rerouted = place_moves(situation, moves, roads) if moves else []
    proposed = _proposed(situation, moves, rerouted)
    moved = {move.stop_id for move in moves}
    left = tuple(
        LeftStop(
            stop_id=stop.stop_id,
            order_id=stop.order_id,
            sentence="Ninguna otra ruta la alcanza hoy sin romper otra promesa.",
        )
        for stop in giving.open_stops
        if stop.stop_id not in moved
    )
    saves = sum(1 for move in proposed if move.is_kept)
    return Proposal(
        route_id=route_id,
        sentence=_sentence(giving.route.code, proposed, left, saves),
        saves=saves,
        moves=proposed,
        left=left,
    )


async def _promised(tx: DispatchStore, orders: Mapping[UUID, object]) -> dict[UUID, TimeWindow]:
    """The window told last to each, as long as it is open."""
    told = await tx.promises.list_of(sorted(orders))
    return {
        order_id: versions[-1].window
        for order_id, versions in told.items()
        if versions and versions[-1].fate is PromiseFate.OPEN
    }


def _proposed(
    situation: Situation, moves: Sequence[Move], rerouted: Sequence[Rerouted]
) -> tuple[ProposedMove, ...]:
    arrivals = {
        stop.stop_id: stop.arrival
        for new in rerouted
        for stop in new.stops
        if stop.stop_id in new.added
    }
    proposed = []
    for move in moves:
        giver = situation.find_route_of(move.stop_id)
        assert giver is not None, "a move names an open stop"
        order_id = giver.stops[move.stop_id].order_id
        arrival = arrivals[move.stop_id]
        window = situation.promised.get(order_id)
        proposed.append(
            ProposedMove(
                stop_id=move.stop_id,
                order_id=order_id,
                to_route_id=move.to_route_id,
                to_code=situation.get_route(move.to_route_id).route.code,
                arrival=arrival,
                is_kept=window is not None and arrival <= window.end,
            )
        )
    return tuple(sorted(proposed, key=lambda move: (move.to_code, move.arrival, move.stop_id)))


def _sentence(
    code: str, moves: Sequence[ProposedMove], left: Sequence[LeftStop], saves: int
) -> str:
    """As on the mocks: 'Repartir 23 paradas de R-14 en R-09, R-11 y R-15: salva 19 promesas'."""
    if not moves:
        return f"Ninguna ruta puede tomar paradas de {code} hoy."
    codes = sorted({move.to_code for move in moves})
    takers = " y ".join([", ".join(codes[:-1]), codes[-1]] if len(codes) > 1 else codes)
    stops = "1 parada" if len(moves) == 1 else f"{len(moves)} paradas"
    promises = "1 promesa" if saves == 1 else f"{saves} promesas"
    rest = "" if not left else f"; {len(left)} siguen sin furgón"
    return f"Repartir {stops} de {code} en {takers}: salva {promises}{rest}"
