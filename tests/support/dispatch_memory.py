"""The stores of dispatch in memory, over those of orders, and a small day to act on.

    CD ── stop A (Ana, 2 parcels) ── stop B (Beto, 1 parcel) ── CD        route R-01, driver Dora

The contract of each store is storage's to prove on PostgreSQL; this one keeps to the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from promesa.dispatch.driver_actions import apply_driver_event
from promesa.dispatch.phone import EventResult
from promesa.domain.actor import Actor, ActorKind, Role
from promesa.domain.custody import CustodyEntry
from promesa.domain.fleet import Depot, Driver, Load, Shift, Vehicle
from promesa.domain.order import Order, OrderState
from promesa.domain.parcel import Parcel, ParcelState
from promesa.domain.person import Person
from promesa.domain.place import PlaceLevel, Placement, PlaceSource
from promesa.domain.promise import Promise
from promesa.domain.route import PlannedStop, Route, RouteState, RouteVersion
from promesa.domain.stop import Stop, StopType
from promesa.kernel.clock import MovedClock
from promesa.kernel.errors import ConflictError, NotFoundError
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.planning.repository import PlanRecord
from promesa.promising.windows import whole_day
from promesa.proof.repository import Evidence
from tests.support.orders_memory import MERCHANT_ID, TENANT_ID, TODAY, MemoryShifts, MemoryStore
from tests.support.outbox_memory import MemoryDeclined

# Monday 23 November 2026, 09:00 in Santiago.
NINE = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DEPOT = Depot(
    id=derived_id("depot"), code="QUI", name="Quilicura", position=Position(lon=-70.73, lat=-33.36)
)
DORA = Driver(id=derived_id("driver", "dora"), code="D-01", person_id=derived_id("dora"))
VAN = Vehicle(
    id=derived_id("vehicle", 1),
    code="V-01",
    plate="HKTR52",
    depot_id=DEPOT.id,
    capacity=Load(parcels=100, weight_g=900_000, volume_ml=8_000_000),
    cost_fixed_clp=20_000,
    cost_per_hour_clp=6_000,
    cost_per_km_clp=180,
)
DRIVER = Actor(kind=ActorKind.DRIVER, id=DORA.id, tenant_id=TENANT_ID, role=Role.DRIVER)
DISPATCHER = Actor(
    kind=ActorKind.USER, id=derived_id("user"), tenant_id=TENANT_ID, role=Role.DISPATCHER
)


@dataclass
class MemoryRoutes:
    """Routes, versions and stops by id."""

    kept: dict[UUID, Route] = field(default_factory=dict)
    versions: dict[tuple[UUID, int], RouteVersion] = field(default_factory=dict)
    stops: dict[UUID, Stop] = field(default_factory=dict)

    async def add(self, route: Route) -> None:
        if route.id in self.kept:
            raise ConflictError
        self.kept[route.id] = route

    async def save(self, route: Route) -> None:
        self.kept[route.id] = route

    async def get(self, route_id: UUID) -> Route:
        if route_id not in self.kept:
            raise NotFoundError
        return self.kept[route_id]

    async def lock_day(self, day: date) -> None:
        pass

    async def lock(self, route_id: UUID) -> Route:
        return await self.get(route_id)

    async def list_of(self, day: date) -> list[Route]:
        return sorted(
            (route for route in self.kept.values() if route.date == day),
            key=lambda route: route.code,
        )

    async def find_of_driver(self, driver_id: UUID, day: date) -> Route | None:
        done = {RouteState.FINISHED, RouteState.RECONCILED}
        mine = [route for route in await self.list_of(day) if route.driver_id == driver_id]
        return min(mine, key=lambda route: (route.state in done, route.code), default=None)

    async def add_version(self, version: RouteVersion) -> None:
        if (version.route_id, version.number) in self.versions:
            raise ConflictError
        self.versions[version.route_id, version.number] = version

    async def get_version(self, route_id: UUID, number: int) -> RouteVersion:
        return self.versions[route_id, number]

    async def list_versions(self, route_id: UUID) -> list[RouteVersion]:
        return [version for (owner, _), version in self.versions.items() if owner == route_id]

    async def latest_versions(self, day: date) -> dict[UUID, RouteVersion]:
        return {
            route.id: self.versions[route.id, route.version]
            for route in await self.list_of(day)
            if route.version
        }

    async def put_stop(self, stop: Stop) -> None:
        self.stops[stop.id] = stop

    async def get_stop(self, stop_id: UUID) -> Stop:
        if stop_id not in self.stops:
            raise NotFoundError
        return self.stops[stop_id]

    async def list_stops(self, route_id: UUID) -> list[Stop]:
        return [stop for stop in self._sorted() if stop.route_id == route_id]

    async def list_stops_of_day(self, day: date) -> list[Stop]:
        return [stop for stop in self._sorted() if self.kept[stop.route_id].date == day]

    async def list_stops_of_order(self, order_id: UUID) -> list[Stop]:
        return [stop for stop in self._sorted() if stop.order_id == order_id]

    async def list_doubtful_stops(self, *, limit: int) -> list[Stop]:
        return [stop for stop in self._sorted() if stop.doubt is not None][:limit]

    def _sorted(self) -> list[Stop]:
        return sorted(self.stops.values(), key=lambda stop: stop.id)


@dataclass
class MemoryCustody:
    """Chains by parcel."""

    kept: dict[UUID, list[CustodyEntry]] = field(default_factory=dict)

    async def last_entries(self, parcel_ids: Sequence[UUID]) -> dict[UUID, CustodyEntry]:
        return {each: self.kept[each][-1] for each in parcel_ids if each in self.kept}

    async def append(self, entry: CustodyEntry) -> None:
        self.kept.setdefault(entry.parcel_id, []).append(entry)

    async def list_of(self, parcel_id: UUID) -> list[CustodyEntry]:
        return list(self.kept.get(parcel_id, []))


@dataclass
class MemoryProofs:
    """Evidence by id."""

    kept: dict[UUID, Evidence] = field(default_factory=dict)

    async def put(self, evidence: Evidence) -> bool:
        if evidence.id in self.kept:
            return False
        self.kept[evidence.id] = evidence
        return True

    async def get(self, evidence_id: UUID) -> Evidence:
        if evidence_id not in self.kept:
            raise NotFoundError
        return self.kept[evidence_id]

    async def mark_withdrawn(self, evidence_id: UUID, at: datetime | None) -> None:
        self.kept[evidence_id] = replace(self.kept[evidence_id], withdrawn_at=at)

    async def list_of_stop(self, stop_id: UUID) -> list[Evidence]:
        return [piece for piece in self.kept.values() if piece.stop_id == stop_id]

    async def list_of_order(self, order_id: UUID) -> list[Evidence]:
        return [piece for piece in self.kept.values() if piece.order_id == order_id]


@dataclass
class MemoryPlans:
    """Plans by id."""

    kept: dict[UUID, PlanRecord] = field(default_factory=dict)

    async def add(self, plan: PlanRecord) -> None:
        self.kept[plan.id] = plan

    async def save(self, plan: PlanRecord) -> None:
        self.kept[plan.id] = plan

    async def get(self, plan_id: UUID) -> PlanRecord:
        return self.kept[plan_id]

    async def lock(self, plan_id: UUID) -> PlanRecord:
        return self.kept[plan_id]

    async def list_unfinished(self) -> list[PlanRecord]:
        return [plan for plan in self.kept.values() if plan.state in {"queued", "running"}]

    async def list_of(self, day: date) -> list[PlanRecord]:
        return [plan for plan in self.kept.values() if plan.date == day]


@dataclass
class MemoryFleet(MemoryShifts):
    """Depots, vehicles, drivers and shifts."""

    depots: dict[UUID, Depot] = field(default_factory=lambda: {DEPOT.id: DEPOT})
    vehicles: dict[UUID, Vehicle] = field(default_factory=lambda: {VAN.id: VAN})
    drivers: dict[UUID, Driver] = field(default_factory=lambda: {DORA.id: DORA})

    async def put_depot(self, depot: Depot) -> None:
        self.depots[depot.id] = depot

    async def list_depots(self) -> list[Depot]:
        return sorted(self.depots.values(), key=lambda each: each.code)

    async def lock_vehicles(self) -> None:
        """Nobody else writes here."""

    async def lock_shifts(self) -> None:
        """Nobody else writes here."""

    async def put_vehicle(self, vehicle: Vehicle) -> None:
        self.vehicles[vehicle.id] = vehicle

    async def put_driver(self, driver: Driver) -> None:
        self.drivers[driver.id] = driver

    async def list_drivers(self) -> list[Driver]:
        return sorted(self.drivers.values(), key=lambda each: each.code)

    async def get_driver(self, driver_id: UUID) -> Driver:
        return self.drivers[driver_id]

    async def find_shift(self, shift_id: UUID) -> Shift | None:
        return self.shifts.get(shift_id)

    async def remove_shift(self, shift_id: UUID) -> None:
        del self.shifts[shift_id]


@dataclass
class MemoryDispatch(MemoryStore):
    """The unit of work as dispatch sees it."""

    routes: MemoryRoutes = field(default_factory=MemoryRoutes)
    custody: MemoryCustody = field(default_factory=MemoryCustody)
    declined: MemoryDeclined = field(default_factory=MemoryDeclined)
    proofs: MemoryProofs = field(default_factory=MemoryProofs)
    plans: MemoryPlans = field(default_factory=MemoryPlans)
    fleet: MemoryFleet = field(default_factory=MemoryFleet)


def make_order(name: str, *, parcels: int = 1, state: OrderState = OrderState.SCHEDULED) -> Order:
    """An order of today whose parcels have the barcodes NAME-1, NAME-2, …, in the depot."""
    order_id = derived_id("order", name)
    return Order(
        id=order_id,
        merchant_id=MERCHANT_ID,
        reference=name.upper(),
        state=state,
        date=TODAY,
        recipient_id=derived_id("person", name),
        comuna="Providencia",
        placement=Placement(
            position=Position(lon=-70.61, lat=-33.43),
            level=PlaceLevel.HOUSE,
            score=1.0,
            uncertainty_m=10.0,
            source=PlaceSource.GIVEN,
        ),
        parcels=tuple(
            Parcel(
                id=derived_id("parcel", name, number),
                order_id=order_id,
                barcode=f"{name.upper()}-{number}",
                state=ParcelState.STAGED,
                weight_g=1_000,
                volume_ml=2_000,
            )
            for number in range(1, parcels + 1)
        ),
    )


async def put_order(tx: MemoryDispatch, order: Order) -> Order:
    """Keeps an order with its recipient and its first promise, the whole day."""
    await tx.orders.add(order)
    await tx.people.put(Person(id=order.recipient_id, name=order.reference.title()))
    await tx.promises.add(
        Promise(
            order_id=order.id,
            version=1,
            window=whole_day(order.date),
            made_at=NINE - timedelta(days=1),
            cause="order_confirmed",
        )
    )
    return order


async def put_route(
    tx: MemoryDispatch,
    orders: Sequence[Order],
    *,
    code: str = "R-01",
    driver: Driver = DORA,
    vehicle: Vehicle = VAN,
    state: RouteState = RouteState.PUBLISHED,
) -> tuple[Route, list[Stop]]:
    """Publishes a route that visits the orders in turn, ten minutes apart from ten o'clock."""
    route = Route(
        id=derived_id("route", code),
        code=code,
        date=TODAY,
        depot_id=DEPOT.id,
        vehicle_id=vehicle.id,
        driver_id=driver.id,
        state=state,
        version=1,
    )
    await tx.routes.add(route)
    stops = [
        Stop(
            id=derived_id("stop", order.id, 1),
            order_id=order.id,
            route_id=route.id,
            type=StopType.DELIVERY,
            position=order.placement.position if order.placement else DEPOT.position,
        )
        for order in orders
    ]
    for stop in stops:
        await tx.routes.put_stop(stop)
    await tx.routes.add_version(make_version(route, stops))
    return route, stops


def make_version(route: Route, stops: Sequence[Stop], *, number: int = 1) -> RouteVersion:
    """A version with ten minutes a stop from ten o'clock."""
    ten = NINE + timedelta(hours=1)
    return RouteVersion(
        route_id=route.id,
        number=number,
        published_at=NINE,
        start=ten - timedelta(minutes=30),
        end=ten + timedelta(minutes=10 * len(stops) + 30),
        stops=tuple(
            PlannedStop(
                stop_id=stop.id,
                order_id=stop.order_id,
                sequence=index + 1,
                arrival=ten + timedelta(minutes=10 * index),
                departure=ten + timedelta(minutes=10 * index + 3),
                leg_duration_s=420,
                leg_distance_m=2_000,
            )
            for index, stop in enumerate(stops)
        ),
        distance_m=2_000 * (len(stops) + 1),
        duration_s=3_600,
        geometry="",
        cause="planned",
    )


@dataclass
class Phone:
    """Dora's phone: makes events and hands them in."""

    tx: MemoryDispatch
    clock: MovedClock = field(default_factory=lambda: MovedClock(NINE))
    actor: Actor = DRIVER

    def event(self, event_type: str, **fields: object) -> dict[str, object]:
        """A raw event that happens now; its id follows from what it says."""
        now = self.clock.now()
        raw: dict[str, object] = {
            "type": event_type,
            "occurred_at": now.isoformat(),
            **{name: str(v) if isinstance(v, UUID) else v for name, v in fields.items()},
        }
        return {"id": str(derived_id("phone", now, event_type, sorted(raw.items()))), **raw}

    async def send(self, raw: dict[str, object]) -> EventResult:
        """Hands one event in."""
        return await apply_driver_event(self.tx, raw, actor=self.actor, clock=self.clock)

    async def tell(self, event_type: str, **fields: object) -> EventResult:
        """Makes an event a minute later and hands it in."""
        self.clock.move_to(self.clock.now() + timedelta(minutes=1))
        return await self.send(self.event(event_type, **fields))

    async def close(self, stop: Stop, outcome: str = "succeeded", **fields: object) -> EventResult:
        """Closes a stop with a photo and the recipient as receiver, unless told otherwise."""
        photo = {"id": str(derived_id("photo", stop.id)), "kind": "photo"}
        told = {"evidence": [photo], "receiver": {"relation": "recipient"}} | fields
        return await self.tell("stop.closed", stop_id=stop.id, outcome=outcome, **told)


@dataclass
class SmallDay:
    """Ana with two parcels, Beto with one, on R-01 of Dora."""

    tx: MemoryDispatch
    phone: Phone
    route: Route
    ana: Stop
    beto: Stop

    async def route_now(self) -> Route:
        return await self.tx.routes.get(self.route.id)

    async def stop_now(self, stop: Stop) -> Stop:
        return await self.tx.routes.get_stop(stop.id)

    async def order_of(self, stop: Stop) -> Order:
        return await self.tx.orders.get(stop.order_id)

    def types(self) -> list[str]:
        """What was recorded, in order."""
        return [event.type for event in self.tx.events.kept]


async def make_small_day() -> SmallDay:
    """The day of the drawing above, published, with all parcels on the dock."""
    tx = MemoryDispatch()
    orders = [
        await put_order(tx, make_order("ana", parcels=2)),
        await put_order(tx, make_order("beto")),
    ]
    route, stops = await put_route(tx, orders)
    return SmallDay(tx=tx, phone=Phone(tx), route=route, ana=stops[0], beto=stops[1])


def with_pin(order: Order) -> Order:
    """The order, asking for a code."""
    return replace(order, requires_pin=True)
