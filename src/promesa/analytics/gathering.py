"""Reads what the facts of a day are made of, and joins it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from promesa.analytics.facts import DayFacts, OrderFact, RouteFact, StopFact, is_complete
from promesa.analytics.repository import ReportStore
from promesa.dispatch.repository import DispatchStore
from promesa.domain.events import Event
from promesa.domain.fleet import Load, Shift, Vehicle
from promesa.domain.order import Order
from promesa.domain.parcel import ParcelState
from promesa.domain.promise import Promise
from promesa.domain.route import Route, RouteVersion
from promesa.domain.stop import Outcome, Stop, StopState, StopType
from promesa.kernel.geo import distance_m
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.kernel.units import HOUR_S, KM_M
from promesa.orders.repository import OrderFilter
from promesa.tracking.repository import ArrivalEstimate

# What phones without signal tell late still belongs to the day.
LATE_EVENTS = timedelta(hours=12)
PAGE = 1_000
# A visit told late is told by an event of its own: the stop was closed without it.
_CLOSES = frozenset({"stop.closed", "stop.told_late"})
_DECLINED = "order.messages_declined"
_TYPES = frozenset(
    {
        *_CLOSES,
        "stop.arrived",
        "proof.captured",
        "message.queued",
        "order.lost",
        _DECLINED,
        "order.rated",
        "parcel.damaged",
        "parcel.loaded",
        "parcel.missing",
    }
)
_DELIVERED = frozenset({Outcome.SUCCEEDED, Outcome.PARTIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMaterial:
    """Nouns and events of a day, as kept."""

    day: ServiceDay
    orders: Sequence[Order]
    promises: Mapping[UUID, Sequence[Promise]]
    routes: Sequence[Route]
    versions: Mapping[UUID, RouteVersion]
    stops: Sequence[Stop]
    vehicles: Mapping[UUID, Vehicle]
    shifts: Sequence[Shift]
    events: Sequence[Event] = field(default_factory=tuple)
    estimates: Sequence[ArrivalEstimate] = field(default_factory=tuple)


async def gather_facts(
    tx: ReportStore, day: date, *, now: datetime, zone: str = SANTIAGO
) -> DayFacts:
    """The facts of a day, read now."""
    facts = join_facts(await read_material(tx, day, zone=zone))
    return replace(facts, at=now) if now < ServiceDay(day, zone).end else facts


async def read_material(tx: ReportStore, day: date, *, zone: str = SANTIAGO) -> DayMaterial:
    """Everything kept about a day: orders meant for it, visited on it, or ever promised for it."""
    service_day = ServiceDay(day, zone)
    until = service_day.end + LATE_EVENTS
    events = await tx.events.list_between(service_day.start, until, types=_TYPES)
    events = [event for event in events if event.type in _TYPES]
    stops = await tx.routes.list_stops_of_day(day)
    orders = {order.id: order for order in await _orders_of(tx, day)}
    others = {stop.order_id for stop in stops}
    others |= set(await tx.promises.list_orders(service_day.start, service_day.end))
    for order in await tx.orders.get_many(sorted(others - orders.keys())):
        orders[order.id] = order
    return DayMaterial(
        day=service_day,
        orders=sorted(orders.values(), key=lambda order: (order.reference, order.id)),
        promises=await tx.promises.list_of(sorted(orders)),
        routes=await tx.routes.list_of(day),
        versions=await tx.routes.latest_versions(day),
        stops=stops,
        vehicles={vehicle.id: vehicle for vehicle in await tx.fleet.list_vehicles()},
        shifts=await tx.fleet.list_shifts(day),
        events=events,
        estimates=await tx.estimates.list_of([stop.id for stop in stops]),
    )


def join_facts(material: DayMaterial) -> DayFacts:
    """The facts, joined; pure."""
    events = _EventsByNoun(material.events)
    visits: dict[UUID, list[Stop]] = defaultdict(list)
    for stop in material.stops:
        if stop.type is StopType.DELIVERY:
            visits[stop.order_id].append(stop)
    return DayFacts(
        date=material.day.date,
        orders=tuple(
            _order_fact(order, visits[order.id], material, events) for order in material.orders
        ),
        stops=tuple(_stop_facts(material, events)),
        routes=tuple(_route_fact(route, material, events) for route in material.routes),
    )


class _EventsByNoun:
    """The day's events by what they are about."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.of_stop: dict[UUID, list[Event]] = defaultdict(list)
        self.of_order: dict[UUID, list[Event]] = defaultdict(list)
        self.of_route: dict[UUID, list[Event]] = defaultdict(list)
        for event in events:
            if event.subject_kind == "stop":
                self.of_stop[event.subject_id].append(event)
            if event.order_id is not None:
                self.of_order[event.order_id].append(event)
            if event.route_id is not None:
                self.of_route[event.route_id].append(event)


async def _orders_of(tx: DispatchStore, day: date) -> list[Order]:
    orders: list[Order] = []
    after: tuple[date, UUID] | None = None
    while True:
        page = await tx.orders.list_page(OrderFilter(date=day), limit=PAGE, after=after)
        orders.extend(page)
        if len(page) < PAGE:
            return orders
        after = (page[-1].date, page[-1].id)


def _order_fact(
    order: Order, visits: Sequence[Stop], material: DayMaterial, events: _EventsByNoun
) -> OrderFact:
    won = next((stop for stop in visits if stop.outcome in _DELIVERED), None)
    promises = tuple(material.promises.get(order.id, ()))
    told = [event for event in events.of_order[order.id] if _is_message_to_person(event)]
    kinds = [(event.data.get("kind"), event.data.get("cause_event_id")) for event in told]
    channels = [(*kind, event.data.get("channel")) for kind, event in zip(kinds, told, strict=True)]
    closed = [event for event in events.of_order[order.id] if event.type in _CLOSES]
    day = material.day
    return OrderFact(
        order_id=order.id,
        reference=order.reference,
        merchant_id=order.merchant_id,
        state=order.state,
        promises=promises,
        delivered_at=won.closed_at if won else None,
        on_attempt=won.attempt if won else None,
        is_complete=won is not None and is_complete(order),
        was_tried=any(stop.outcome in _DELIVERED | {Outcome.FAILED} for stop in visits),
        is_due=bool(promises) and day.start <= promises[0].window.start < day.end,
        cod_due_clp=order.cod_clp,
        cod_collected_clp=_collected_clp(closed),
        rating=_rating(events.of_order[order.id]),
        messages=len(told),
        messages_repeated=len(channels) - len(set(channels)),
        has_declined=_has_declined(events.of_order[order.id]),
        parcels=len(order.parcels),
        parcels_damaged=len(_parcels_of(events.of_order[order.id], "parcel.damaged")),
        parcels_lost=_parcels_lost(order, events.of_order[order.id]),
    )


def _is_message_to_person(event: Event) -> bool:
    """What a merchant's server is told is no message to the recipient."""
    return event.type == "message.queued" and event.data.get("channel") != "webhook"


def _collected_clp(closed: Sequence[Event]) -> int | None:
    sums = [event.data.get("cod_collected_clp") for event in closed]
    known = [amount for amount in sums if isinstance(amount, int)]
    return sum(known) if known else None


def _has_declined(events: Sequence[Event]) -> bool:
    """What was said last that day counts; silence may be taken back."""
    told = [event.data.get("channels") for event in events if event.type == _DECLINED]
    return bool(told and told[-1])


def _parcels_of(events: Sequence[Event], kind: str) -> set[UUID]:
    return {event.subject_id for event in events if event.type == kind}


def _parcels_lost(order: Order, events: Sequence[Event]) -> int:
    """An order is given up with its missing parcels; those that are found later are not lost."""
    if not any(event.type == "order.lost" for event in events):
        return 0
    return sum(parcel.state is ParcelState.LOST for parcel in order.parcels)


def _rating(events: Sequence[Event]) -> int | None:
    scores = [event.data.get("score") for event in events if event.type == "order.rated"]
    known = [score for score in scores if isinstance(score, int)]
    return known[-1] if known else None


def _stop_facts(material: DayMaterial, events: _EventsByNoun) -> list[StopFact]:
    planned = {
        stop.stop_id: stop for version in material.versions.values() for stop in version.stops
    }
    codes = {route.id: route.code for route in material.routes}
    references = {order.id: order.reference for order in material.orders}
    estimates: dict[UUID, dict[int, ArrivalEstimate]] = defaultdict(dict)
    for estimate in material.estimates:
        estimates[estimate.stop_id][estimate.horizon_min] = estimate
    facts = []
    for stop in material.stops:
        told = events.of_stop[stop.id]
        plan = planned.get(stop.id)
        facts.append(
            StopFact(
                stop_id=stop.id,
                order_id=stop.order_id,
                route_id=stop.route_id,
                route_code=codes.get(stop.route_id, ""),
                reference=references.get(stop.order_id, ""),
                type=stop.type,
                outcome=stop.outcome,
                reason=stop.reason,
                attempt=stop.attempt,
                sequence=plan.sequence if plan else None,
                planned_arrival=plan.arrival if plan else None,
                arrived_at=stop.arrived_at,
                closed_at=stop.closed_at,
                kinds=_kinds(told),
                away_m=_away_m(stop, told),
                arrived_by=_arrived_by(told),
                estimates=estimates.get(stop.id, {}),
            )
        )
    return sorted(facts, key=lambda fact: (fact.route_code, fact.sequence or 0, fact.stop_id))


def _kinds(told: Sequence[Event]) -> frozenset[str]:
    """Evidence that reached the server."""
    return frozenset(
        str(event.data.get("kind")) for event in told if event.type == "proof.captured"
    )


def _away_m(stop: Stop, told: Sequence[Event]) -> float | None:
    closes = [e.position for e in told if e.type in _CLOSES and e.position is not None]
    return min((distance_m(stop.position, place) for place in closes), default=None)


def _arrived_by(told: Sequence[Event]) -> str | None:
    said = {str(event.data.get("by")) for event in told if event.type == "stop.arrived"}
    if "geofence" in said:
        return "geofence"
    return "driver" if said else None


def _route_fact(route: Route, material: DayMaterial, events: _EventsByNoun) -> RouteFact:
    stops = [stop for stop in material.stops if stop.route_id == route.id]
    version = material.versions.get(route.id)
    vehicle = material.vehicles.get(route.vehicle_id)
    shift = next((s for s in material.shifts if s.driver_id == route.driver_id), None)
    on_road_s = _on_road_s(route, stops)
    loaded = [event for event in events.of_route[route.id] if event.type == "parcel.loaded"]
    missing = [event for event in events.of_route[route.id] if event.type == "parcel.missing"]
    distance = version.distance_m if version else 0
    return RouteFact(
        route_id=route.id,
        code=route.code,
        driver_id=route.driver_id,
        is_closed=bool(stops) and all(stop.state is StopState.CLOSED for stop in stops),
        distance_m=distance,
        on_road_s=on_road_s,
        shift_s=int((shift.end - shift.start).total_seconds()) if shift else None,
        cost_clp=_cost_clp(vehicle, on_road_s, distance),
        fill=_fill(vehicle, stops, material),
        parcels_loaded=len({event.subject_id for event in loaded}),
        parcels_scanned=len({e.subject_id for e in loaded if e.data.get("is_scanned") is True}),
        parcels_missing=len({event.subject_id for event in missing}),
    )


def _on_road_s(route: Route, stops: Sequence[Stop]) -> int | None:
    ends = [stop.closed_at for stop in stops if stop.closed_at is not None]
    end = route.finished_at or max(ends, default=None)
    if route.started_at is None or end is None:
        return None
    return max(0, int((end - route.started_at).total_seconds()))


def _cost_clp(vehicle: Vehicle | None, on_road_s: int | None, metres: int) -> int | None:
    if vehicle is None or on_road_s is None:
        return None
    hours_clp = vehicle.cost_per_hour_clp * on_road_s // HOUR_S
    return vehicle.cost_fixed_clp + hours_clp + vehicle.cost_per_km_clp * metres // KM_M


def _fill(vehicle: Vehicle | None, stops: Sequence[Stop], material: DayMaterial) -> float | None:
    if vehicle is None or not stops:
        return None
    orders = {order.id: order for order in material.orders}
    load = sum(
        (
            orders[stop.order_id].load
            for stop in stops
            if stop.order_id in orders and stop.type is not StopType.PICKUP
        ),
        Load(),
    )
    room = vehicle.capacity
    shares = [
        (load.parcels, room.parcels),
        (load.weight_g, room.weight_g),
        (load.volume_ml, room.volume_ml),
    ]
    known = [used / most for used, most in shares if most > 0]
    return max(known, default=None)
