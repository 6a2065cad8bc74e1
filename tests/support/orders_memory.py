"""The stores of orders in memory, for tests of what orders decide.

The contract of each store is storage's to prove on PostgreSQL; this one keeps to the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from uuid import UUID

from promesa.domain.access import Merchant
from promesa.domain.actor import Actor, ActorKind, Role
from promesa.domain.events import Event
from promesa.domain.fleet import Shift, Vehicle
from promesa.domain.order import Order, OrderState
from promesa.domain.person import Person
from promesa.domain.place import Placement
from promesa.domain.promise import Promise
from promesa.kernel.clock import MovedClock
from promesa.kernel.errors import ConflictError, NotFoundError
from promesa.kernel.geo import Position
from promesa.kernel.ids import Ids, derived_id
from promesa.kernel.seeds import stream
from promesa.orders.desk import Author, Desk
from promesa.orders.drafts import OrderSource
from promesa.orders.geocoding import AddressQuery, Geocoder, Territory
from promesa.orders.repository import (
    BY_DATE,
    DoorPoint,
    ImportBatch,
    OrderBrief,
    OrderFilter,
    OrderSort,
    OrderSorting,
    SortValue,
)

TENANT_ID = derived_id("tenant")
MERCHANT_ID = derived_id("merchant")
OTHER_MERCHANT_ID = derived_id("other merchant")
# Monday 23 November 2026, 08:00 in Santiago.
NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
USER = Actor(kind=ActorKind.USER, id=derived_id("user"), tenant_id=TENANT_ID, role=Role.DISPATCHER)
MERCHANT = Actor(
    kind=ActorKind.MERCHANT,
    id=derived_id("key"),
    tenant_id=TENANT_ID,
    role=Role.MERCHANT,
    merchant_id=MERCHANT_ID,
)
OTHER_MERCHANT = replace(MERCHANT, merchant_id=OTHER_MERCHANT_ID)
BY_USER = Author(actor=USER, request_id="r-1", source=OrderSource.FORM)
BY_MERCHANT = Author(actor=MERCHANT, request_id="r-2")


@dataclass
class MemoryOrders:
    """Orders by id."""

    kept: dict[UUID, Order] = field(default_factory=dict)
    imports: dict[UUID, UUID | None] = field(default_factory=dict)

    async def add(self, order: Order, *, import_id: UUID | None = None) -> None:
        if await self.find_by_reference(order.merchant_id, order.reference):
            raise ConflictError
        self.kept[order.id] = order
        self.imports[order.id] = import_id

    async def save(self, order: Order) -> None:
        if self.kept[order.id].version != order.version:
            raise ConflictError
        self.kept[order.id] = replace(order, version=order.version + 1)

    async def get(self, order_id: UUID) -> Order:
        if order_id not in self.kept:
            raise NotFoundError
        return self.kept[order_id]

    async def get_many(self, order_ids: Sequence[UUID]) -> list[Order]:
        return [self.kept[order_id] for order_id in order_ids if order_id in self.kept]

    async def find_by_reference(self, merchant_id: UUID, reference: str) -> Order | None:
        for order in self.kept.values():
            if (order.merchant_id, order.reference) == (merchant_id, reference):
                return order
        return None

    async def list_by_reference(self, merchant_id: UUID, references: Sequence[str]) -> list[Order]:
        found = [await self.find_by_reference(merchant_id, name) for name in sorted(references)]
        return [order for order in found if order is not None]

    async def list_by_barcode(self, barcode: str) -> list[Order]:
        found = [
            order
            for order in self.kept.values()
            if any(parcel.barcode == barcode for parcel in order.parcels)
        ]
        return sorted(found, key=lambda order: (order.date, order.id), reverse=True)

    async def hold_barcodes(self, merchant_id: UUID, barcodes: Sequence[str]) -> None:
        """Nobody else writes into this memory."""

    async def list_by_barcodes(self, merchant_id: UUID, barcodes: Sequence[str]) -> list[Order]:
        return [
            order
            for order in sorted(self.kept.values(), key=lambda order: order.id)
            if order.merchant_id == merchant_id
            and any(parcel.barcode in barcodes for parcel in order.parcels)
        ]

    async def list_page(
        self,
        where: OrderFilter,
        *,
        limit: int,
        after: tuple[SortValue, UUID] | None = None,
        sorting: OrderSorting = BY_DATE,
    ) -> list[Order]:
        # By date alone: sorting by what stands elsewhere is storage's, and is tested there.
        assert sorting == BY_DATE
        found = [
            order for order in self._found(where) if after is None or (order.date, order.id) > after
        ]
        return sorted(found, key=lambda order: (order.date, order.id))[:limit]

    async def sort_value(self, order_id: UUID, by: OrderSort) -> SortValue:
        assert by is OrderSort.DATE
        return self.kept[order_id].date

    async def count(self, where: OrderFilter) -> int:
        return len(self._found(where))

    def _found(self, where: OrderFilter) -> list[Order]:
        return [
            order
            for order in self.kept.values()
            if (where.date is None or order.date == where.date)
            and (where.day is None or order.date == where.day.date)
            and (where.states is None or order.state in where.states)
            and (where.merchant_id is None or order.merchant_id == where.merchant_id)
            and (where.import_id is None or self.imports[order.id] == where.import_id)
            and (where.reference is None or order.reference == where.reference)
            and (not where.is_correction_asked or order.correction_asked_at is not None)
            and (where.recipient_id is None or order.recipient_id == where.recipient_id)
        ]

    async def list_due(self, day: date) -> list[Order]:
        return [order for order in self.kept.values() if order.date == day]

    async def list_briefs(self, day: date, states: frozenset[OrderState]) -> list[OrderBrief]:
        return [
            OrderBrief(id=order.id, reference=order.reference, state=order.state)
            for order in sorted(self.kept.values(), key=lambda order: order.id)
            if order.date == day and order.state in states
        ]

    async def count_by_state(self, day: date) -> dict[OrderState, int]:
        states = [order.state for order in self.kept.values() if order.date == day]
        return {state: states.count(state) for state in set(states)}


@dataclass
class MemoryPeople:
    """People by id."""

    kept: dict[UUID, Person] = field(default_factory=dict)

    async def put(self, person: Person) -> None:
        self.kept[person.id] = person

    async def get(self, person_id: UUID) -> Person:
        return self.kept[person_id]

    async def get_many(self, person_ids: Sequence[UUID]) -> dict[UUID, Person]:
        return {each: self.kept[each] for each in person_ids if each in self.kept}

    async def erase(self, person_id: UUID) -> None:
        self.kept[person_id] = Person(id=person_id)


@dataclass
class MemoryEvents:
    """Events in the order they came."""

    kept: list[Event] = field(default_factory=list)

    async def record(self, event: Event) -> bool:
        if any(event.id == other.id for other in self.kept):
            return False
        self.kept.append(event)
        return True

    async def find(self, event_id: UUID) -> Event | None:
        return next((event for event in self.kept if event.id == event_id), None)

    async def list_after(self, number: int, *, limit: int) -> list[Event]:
        return self.kept[number : number + limit]

    async def list_of_order(self, order_id: UUID, *, limit: int = 1000) -> list[Event]:
        return [event for event in self.kept if event.order_id == order_id][:limit]

    async def list_of_route(self, route_id: UUID, *, limit: int = 10_000) -> list[Event]:
        return [event for event in self.kept if event.route_id == route_id][:limit]

    async def list_between(
        self, start: datetime, end: datetime, *, types: frozenset[str] | None = None
    ) -> list[Event]:
        return [event for event in self.kept if start <= event.recorded_at < end]

    def types(self, order_id: UUID) -> list[str]:
        """What happened to an order, in order."""
        return [event.type for event in self.kept if event.order_id == order_id]


@dataclass
class MemoryPromises:
    """Promises by order, by version."""

    kept: dict[UUID, list[Promise]] = field(default_factory=dict)

    async def add(self, promise: Promise) -> None:
        versions = self.kept.setdefault(promise.order_id, [])
        if promise.version != len(versions) + 1:
            raise ConflictError
        versions.append(promise)

    async def save(self, promise: Promise) -> None:
        self.kept[promise.order_id][promise.version - 1] = promise

    async def list_orders(self, start: datetime, end: datetime) -> list[UUID]:
        return sorted(
            order_id
            for order_id, versions in self.kept.items()
            if any(start <= promise.window.start < end for promise in versions)
        )

    async def list_of(self, order_ids: Sequence[UUID]) -> dict[UUID, list[Promise]]:
        return {each: list(self.kept.get(each, [])) for each in order_ids}


@dataclass
class MemoryImports:
    """Import batches by id."""

    kept: dict[UUID, ImportBatch] = field(default_factory=dict)

    async def add(self, batch: ImportBatch) -> None:
        self.kept[batch.id] = batch

    async def get(self, import_id: UUID) -> ImportBatch:
        if import_id not in self.kept:
            raise NotFoundError
        return self.kept[import_id]

    async def list_recent(
        self, *, limit: int, merchant_id: UUID | None = None
    ) -> list[ImportBatch]:
        newest = sorted(self.kept.values(), key=lambda batch: batch.imported_at, reverse=True)
        return [batch for batch in newest if merchant_id in {None, batch.merchant_id}][:limit]


@dataclass
class MemoryDoorPoints:
    """Door points by key."""

    kept: dict[bytes, DoorPoint] = field(default_factory=dict)

    async def salt(self) -> bytes:
        return b"salt of the tests"

    async def find(self, address_key: bytes) -> DoorPoint | None:
        return self.kept.get(address_key)

    async def put(self, point: DoorPoint) -> None:
        self.kept[point.address_key] = point


@dataclass
class MemoryMerchants:
    """The two merchants of these tests; only the first has a place of collection."""

    kept: dict[UUID, Merchant] = field(
        default_factory=lambda: {
            MERCHANT_ID: Merchant(
                id=MERCHANT_ID,
                code="tienda",
                name="Tienda",
                position=Position(lon=-70.65, lat=-33.44),
            ),
            OTHER_MERCHANT_ID: Merchant(id=OTHER_MERCHANT_ID, code="otra", name="Otra"),
        }
    )

    async def get_merchant(self, merchant_id: UUID) -> Merchant:
        if merchant_id not in self.kept:
            raise NotFoundError
        return self.kept[merchant_id]


@dataclass
class MemoryShifts:
    """Who drives when, and in what."""

    shifts: dict[UUID, Shift] = field(default_factory=dict)
    vehicles: dict[UUID, Vehicle] = field(default_factory=dict)

    async def put_shift(self, shift: Shift) -> None:
        self.shifts[shift.id] = shift

    async def list_vehicles(self) -> list[Vehicle]:
        return sorted(self.vehicles.values(), key=lambda each: each.code)

    async def list_shifts(self, day: date) -> list[Shift]:
        return [shift for shift in self.shifts.values() if shift.date == day]

    async def list_shifts_between(self, first: date, last: date, *, limit: int) -> list[Shift]:
        found = [shift for shift in self.shifts.values() if first <= shift.date <= last]
        return sorted(found, key=lambda shift: (-shift.date.toordinal(), shift.start))[:limit]


@dataclass
class MemoryStore:
    """The unit of work as orders sees it."""

    orders: MemoryOrders = field(default_factory=MemoryOrders)
    people: MemoryPeople = field(default_factory=MemoryPeople)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    promises: MemoryPromises = field(default_factory=MemoryPromises)
    imports: MemoryImports = field(default_factory=MemoryImports)
    door_points: MemoryDoorPoints = field(default_factory=MemoryDoorPoints)
    access: MemoryMerchants = field(default_factory=MemoryMerchants)
    fleet: MemoryShifts = field(default_factory=MemoryShifts)


@dataclass
class KnownStreets:
    """A geocoder that knows a few lines by heart, and counts what it is asked."""

    placements: dict[str, Placement] = field(default_factory=dict)
    asked: list[AddressQuery] = field(default_factory=list)

    async def locate(self, query: AddressQuery) -> Placement | None:
        self.asked.append(query)
        return self.placements.get(query.line)


def make_desk(
    geocoder: Geocoder | None = None,
    *,
    territory: Territory | None = None,
    now: datetime = NOW,
) -> Desk:
    """A desk on a clock that stands at ``now``, with ids from a seed."""
    clock = MovedClock(now)
    return Desk(
        clock=clock,
        ids=Ids(clock, stream(1, "orders").randbytes),
        geocoder=geocoder or KnownStreets(),
        territory=territory,
    )
