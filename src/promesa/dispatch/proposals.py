"""What to do about a route in trouble: which vans could take its stops, at what gain and price.

What it says of a promise is what Hoy will show once it is accepted: tracking judges both. A stop
nobody can take is named with its reason; the rest of its day is a person's to decide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from promesa.dispatch.choosing import Choice, Move, MoveNotPossibleError, spread_out, taking_routes
from promesa.dispatch.foresight import Foreseen, foresee_as_it_is, foresee_route
from promesa.dispatch.moving import Placed, breaks_of, planned_stops, reloads_of, time_moves
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.situation import RouteNow, Situation
from promesa.dispatch.spare_vans import spare_vans
from promesa.dispatch.streets import DayStreets
from promesa.dispatch.transfers import fetched_stops, may_leave
from promesa.dispatch.vehicle_words import any_of, named
from promesa.domain.promise import PromiseRisk, windows_to_keep, windows_told
from promesa.domain.route import OVER, PlannedStop
from promesa.domain.stop import StopType
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.routing.plan import RELOAD
from promesa.tracking.repository import Fix
from promesa.tracking.tracked import stops_to_load
from promesa.tracking.travel import TravelTimes

# Less is not noticed at a door, and moves with every red light.
LATER_SHOWN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedMove:
    """A stop that another van could take.

    Attributes:
        arrival: As likely earlier as later; nine times in ten by ``latest``.
        after_stop_id: Which stop the van visits right before it; None at the first.
        after_reload: Whether the van comes back to load between the two.
    """

    stop_id: UUID
    order_id: UUID
    to_route_id: UUID
    to_code: str
    arrival: datetime
    latest: datetime
    risk: PromiseRisk
    after_stop_id: UUID | None = None
    after_reload: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether its promise is safe."""
        return self.risk is PromiseRisk.ON_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterStop:
    """A stop of a taking van that is visited later for it."""

    stop_id: UUID
    order_id: UUID
    route_id: UUID
    code: str
    was: datetime
    arrival: datetime
    latest: datetime
    risk_was: PromiseRisk
    risk: PromiseRisk


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingVan:
    """A van of the proposal.

    Attributes:
        is_spare: Whether it waits at its depot and gets a route for this.
        place: Where it is.
        meets_at: When it has reached every van that hands over; None with nothing to fetch.
        cost_clp: What it drives and works more.
    """

    route_id: UUID
    code: str
    plate: str
    is_spare: bool
    place: Position
    stops: int
    leaves_at: datetime
    meets_at: datetime | None
    back_at: datetime
    shift_end: datetime
    cost_clp: int

    @property
    def overtime_s(self) -> int:
        """How long after its shift it is back: as its driver may be, or no later than it is now."""
        return max(0, int((self.back_at - self.shift_end).total_seconds()))


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
        saves: So many more promises of the moved stops are safe then.
        undo: What takes the moves back, each stop to where it stood.
    """

    route_id: UUID
    sentence: str
    saves: int
    moves: tuple[ProposedMove, ...]
    vans: tuple[TakingVan, ...]
    later: tuple[LaterStop, ...]
    left: tuple[LeftStop, ...]
    undo: tuple[Move, ...] = ()


async def gather_situation(
    tx: DispatchStore,
    day: date,
    *,
    now: datetime,
    fixes: Mapping[UUID, Fix],
    zone: str = SANTIAGO,
) -> Situation:
    """The routes of ``day`` that may still change; ``fixes`` are their vans' last, by route id."""
    every = await tx.routes.list_of(day)
    routes = [route for route in every if route.state not in OVER]
    versions = await tx.routes.latest_versions(day)
    vehicles = {vehicle.id: vehicle for vehicle in await tx.fleet.list_vehicles()}
    depots = {depot.id: depot for depot in await tx.fleet.list_depots()}
    shifts = await tx.fleet.list_shifts(day)
    drivers = {driver.id: driver for driver in await tx.fleet.list_drivers()}
    ends = {shift.driver_id: shift.end for shift in shifts}
    stops = await tx.routes.list_stops_of_day(day)
    changing = {route.id for route in routes}
    due = {stop.order_id for stop in stops if stop.route_id in changing}
    orders = {order.id: order for order in await tx.orders.get_many(sorted(due))}
    service_day = ServiceDay(day, zone)
    told = await tx.promises.list_of(sorted(orders))
    here = [
        RouteNow(
            route=route,
            version=versions[route.id],
            stops={stop.id: stop for stop in stops if stop.route_id == route.id},
            vehicle=vehicles[route.vehicle_id],
            depot=depots[route.depot_id],
            shift_end=ends.get(route.driver_id, versions[route.id].end),
            fix=fixes.get(route.id),
            fetched=await fetched_stops(tx.custody, route.id, versions[route.id].stops, orders),
            to_load=stops_to_load((s for s in stops if s.route_id == route.id), orders),
            driver=drivers.get(route.driver_id),
        )
        for route in routes
        if route.id in versions
    ]
    spares = spare_vans(
        shifts,
        every,
        vehicles,
        list(drivers.values()),
        depots,
        day=service_day,
        now=now,
    )
    return Situation(
        now=now,
        day=service_day,
        routes=(*here, *spares),
        orders=orders,
        promised=windows_to_keep(told, service_day),
        told=windows_told(told),
    )


def propose(
    situation: Situation, route_id: UUID, streets: DayStreets, travel: TravelTimes
) -> Proposal:
    """Which vans could take the open stops of the route, and what that saves. Pure, CPU-bound."""
    giving = situation.get_route(route_id)
    choice = spread_out(situation, giving, streets, travel)
    placed = time_moves(situation, choice.moves, streets, travel) if choice.moves else []
    takers = [each for each in placed if each.added]
    ahead = {each.now.route.id: foresee_placed(situation, each, travel) for each in takers}
    moves = tuple(move for each in takers for move in _moves(each, ahead[each.now.route.id]))
    moved = {move.stop_id for move in moves}
    left = tuple(
        LeftStop(
            stop_id=stop.stop_id,
            order_id=stop.order_id,
            sentence=_reason(situation, giving, stop, streets),
        )
        for stop in giving.open_stops
        if stop.stop_id not in moved
    )
    safe_now = _safe_now(situation, giving, travel)
    saves = sum(move.is_kept - (move.stop_id in safe_now) for move in moves)
    if moves and saves <= 0 and not giving.is_under_way:
        return Proposal(
            route_id=route_id,
            sentence=f"Mover paradas de {giving.route.code} no salva ninguna promesa.",
            saves=0,
            moves=(),
            vans=(),
            later=(),
            left=(),
        )
    return Proposal(
        route_id=route_id,
        sentence=_sentence(giving, moves, left, saves),
        saves=saves,
        moves=moves,
        vans=tuple(_van(situation, each, choice) for each in takers),
        later=tuple(
            later
            for each in takers
            for later in list_later(situation, each, ahead[each.now.route.id], travel)
        ),
        left=left,
        undo=tuple(_way_back(giving, moved)),
    )


def _way_back(giving: RouteNow, moved: Collection[UUID]) -> Iterator[Move]:
    """The stops to their places on the route, in its order: put anywhere else they are late."""
    before: UUID | None = None
    after_reload = False
    for step in giving.open_steps:
        if step is None:
            after_reload = True
            continue
        if step.stop_id in moved:
            yield Move(
                stop_id=step.stop_id,
                to_route_id=giving.route.id,
                after_stop_id=before,
                is_first=before is None,
                after_reload=after_reload,
            )
        before, after_reload = step.stop_id, False


def _safe_now(situation: Situation, giving: RouteNow, travel: TravelTimes) -> frozenset[UUID]:
    """Stops whose promise the van keeps by itself: on the road, none that it may give away.

    It stands, or has not got them aboard (`may_leave`).
    """
    if giving.is_under_way:
        return frozenset()
    risks = foresee_as_it_is(situation, giving, travel).risks
    return frozenset(stop for stop, risk in risks.items() if risk is PromiseRisk.ON_TIME)


def require_free(situation: Situation, moves: Sequence[Move]) -> None:
    """Checks a proposal about to be accepted against what happened since it was made.

    Raises:
        MoveNotPossibleError: A van that runs has the parcels aboard and keeps them.
    """
    wanted = {move.stop_id for move in moves}
    for now in situation.routes:
        for stop in now.open_stops:
            if stop.stop_id in wanted and not may_leave(situation, now, stop):
                raise MoveNotPossibleError(_kept(now, stop))


def _kept(now: RouteNow, stop: PlannedStop) -> str:
    """Why a running van keeps the stop, whether it stood before or took it from one that stands."""
    if now.stops[stop.stop_id].type is StopType.PICKUP:
        return f"{now.route.code} ya va a ese retiro, y lo hace. Revisa de nuevo."
    return f"{now.route.code} anda con esos bultos a bordo, y los reparte. Revisa de nuevo."


def foresee_placed(situation: Situation, placed: Placed, travel: TravelTimes) -> Foreseen:
    """What tracking would say of the route as it is placed."""
    stops = planned_stops(situation, placed.rest, placed.timed, placed.transfers, None)
    reloads = reloads_of(situation, placed.now, placed.rest, placed.timed)
    every = [*placed.now.closed_stops, *stops]
    breaks = breaks_of(situation, placed.now, placed.rest, placed.timed)
    return foresee_route(situation, placed.after, every, travel, reloads=reloads, breaks=breaks)


def _moves(placed: Placed, ahead: Foreseen) -> Iterator[ProposedMove]:
    """In the order in which they are visited."""
    before: UUID | None = None
    after_reload = False
    for step in placed.timed.sequence:
        if step == RELOAD:
            after_reload = True
            continue
        stop_id = placed.rest.stop_ids[step]
        if stop_id is None:
            continue
        if stop_id in placed.added:
            yield ProposedMove(
                stop_id=stop_id,
                order_id=placed.after.stops[stop_id].order_id,
                to_route_id=placed.now.route.id,
                to_code=placed.now.route.code,
                arrival=ahead.arrivals[stop_id].p50,
                latest=ahead.arrivals[stop_id].p90,
                risk=ahead.risks[stop_id],
                after_stop_id=before,
                after_reload=after_reload,
            )
        before, after_reload = stop_id, False


def list_later(
    situation: Situation, placed: Placed, ahead: Foreseen, travel: TravelTimes
) -> Iterator[LaterStop]:
    """The van's own stops that are visited noticeably later, in the order of the day."""
    present = foresee_as_it_is(situation, placed.now, travel)
    for stop_id, arrival in ahead.arrivals.items():
        was = present.arrivals.get(stop_id)
        if was is None or arrival.p50 - was.p50 < LATER_SHOWN:
            continue
        yield LaterStop(
            stop_id=stop_id,
            order_id=placed.now.stops[stop_id].order_id,
            route_id=placed.now.route.id,
            code=placed.now.route.code,
            was=was.p50,
            arrival=arrival.p50,
            latest=arrival.p90,
            risk_was=present.risks[stop_id],
            risk=ahead.risks[stop_id],
        )


def _van(situation: Situation, placed: Placed, choice: Choice) -> TakingVan:
    now, timed = placed.now, placed.timed
    met = [visit.arrival_s for visit in timed.visits if placed.rest.stop_ids[visit.stop] is None]
    return TakingVan(
        route_id=now.route.id,
        code=now.route.code,
        plate=now.vehicle.plate,
        is_spare=now.is_spare,
        place=now.place,
        stops=len(placed.added),
        leaves_at=situation.day.instant_at(timed.departure_s),
        meets_at=situation.day.instant_at(max(met)) if met else None,
        back_at=situation.day.instant_at(timed.end_s),
        shift_end=now.shift_end,
        cost_clp=(choice.costs_clp or {}).get(now.route.id, 0),
    )


def _reason(situation: Situation, giving: RouteNow, stop: PlannedStop, streets: DayStreets) -> str:
    """Why nobody takes the stop, the plainest reason first."""
    if not may_leave(situation, giving, stop):
        who = named(giving.vehicle)
        return f"Sus bultos van en {who}, que sigue andando: no se pasan a otro en la calle."
    groups = taking_routes(situation, giving, streets)
    takers = [taker for group in groups for taker in group]
    if not takers:
        who = any_of([giving.vehicle])
        return f"No queda otro {who}: ni en ruta, ni de reserva con horas de turno."
    who = any_of([taker.vehicle for taker in takers])
    order = situation.orders[stop.order_id]
    able = [taker for taker in takers if order.skills <= taker.vehicle.skills]
    if not able:
        return f"Ningún otro {who} puede llevarla: pide {', '.join(sorted(order.skills))}."
    holding = [taker for taker in able if order.load.fits_in(taker.vehicle.capacity)]
    if not holding:
        return f"Sus bultos no caben en ningún otro {who}."
    if all(taker.stops_left == 0 for taker in holding):
        can = "" if len(holding) == len(takers) else " que puede llevarla"
        return f"Cada otro {who}{can} ya tiene el máximo de paradas que hace en el día."
    return f"Ningún {who} alcanza a buscarla y entregarla hoy sin romper otra promesa ni su turno."


def _sentence(
    giving: RouteNow, moves: Sequence[ProposedMove], left: Sequence[LeftStop], saves: int
) -> str:
    """As on the mocks: 'Repartir 23 paradas de R-14 en R-09, R-11 y R-15: salva 19 promesas'."""
    route = giving.route
    if not moves:
        return f"Nadie puede tomar paradas de {route.code} hoy."
    codes = sorted({move.to_code for move in moves})
    takers = " y ".join([", ".join(codes[:-1]), codes[-1]] if len(codes) > 1 else codes)
    stops = "1 parada" if len(moves) == 1 else f"{len(moves)} paradas"
    promises = "1 promesa" if saves == 1 else f"{saves} promesas"
    stay = "1 sigue" if len(left) == 1 else f"{len(left)} siguen"
    # A van that runs delivers what it keeps.
    where = f"sin {any_of([giving.vehicle])}" if route.is_broken_down else f"en {route.code}"
    rest = f"; {stay} {where}" if left else ""
    return f"Repartir {stops} de {route.code} en {takers}: salva {promises}{rest}"
