"""What orders needs kept: orders, people, events, address reviews, learnt door points, imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeAlias
from uuid import UUID

from promesa.domain.access import Merchant
from promesa.domain.events import Event
from promesa.domain.fleet import Shift, Vehicle
from promesa.domain.order import Order, OrderState
from promesa.domain.person import Person
from promesa.domain.promise import Promise
from promesa.kernel.errors import FieldFault
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which orders to list; None filters nothing.

    Attributes:
        day: Meant for it, or ever promised for it: moved away, it stays in the list of that day.
        reference: The whole of it, as the merchant wrote it.
        is_correction_asked: Only those whose recipient waits for an answer about the address.
        text: Part of a reference, or of the recipient's name, address line or phone.
    """

    date: date | None = None
    day: ServiceDay | None = None
    states: frozenset[OrderState] | None = None
    merchant_id: UUID | None = None
    import_id: UUID | None = None
    recipient_id: UUID | None = None
    reference: str | None = None
    is_correction_asked: bool = False
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBrief:
    """What is told of an order in a list of thousands: no parcels, no windows."""

    id: UUID
    reference: str
    state: OrderState


class OrderSort(StrEnum):
    """By what a list of orders is put in order; the order's id settles what is equal.

    Names of people and their doors are encrypted, so no list is sorted by them.
    """

    DATE = "date"
    REFERENCE = "reference"
    MERCHANT = "merchant"
    COMUNA = "comuna"
    PROMISED = "promised"
    STATE = "state"


class SortWay(StrEnum):
    """Which end comes first."""

    ASCENDING = "asc"
    DESCENDING = "desc"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSorting:
    """How a list of orders is put in order."""

    by: OrderSort = OrderSort.DATE
    way: SortWay = SortWay.ASCENDING


BY_DATE = OrderSorting()
# By a date, a moment, words, or a state's place in an order's life; see ``OrderSort``.
SortValue: TypeAlias = date | datetime | str | int


class OrderRepository(Protocol):
    """Orders with their parcels."""

    async def add(self, order: Order, *, import_id: UUID | None = None) -> None:
        """Keeps a new order. A reference already used by its merchant is a ConflictError."""
        ...

    async def save(self, order: Order) -> None:
        """Replaces an order; a version newer than ``order.version`` is a ConflictError."""
        ...

    async def get(self, order_id: UUID) -> Order:
        """The order, or NotFoundError."""
        ...

    async def get_many(self, order_ids: Sequence[UUID]) -> list[Order]:
        """Those that exist, by id order given."""
        ...

    async def find_by_reference(self, merchant_id: UUID, reference: str) -> Order | None:
        """The merchant's order with this reference."""
        ...

    async def list_by_reference(self, merchant_id: UUID, references: Sequence[str]) -> list[Order]:
        """Those of the merchant's orders that have one of these references, by reference."""
        ...

    async def list_by_barcode(self, barcode: str) -> list[Order]:
        """Orders of any merchant one of whose parcels has this barcode, the newest first."""
        ...

    async def hold_barcodes(self, merchant_id: UUID, barcodes: Sequence[str]) -> None:
        """Holds a merchant's barcodes until the transaction ends: who wants one too waits."""
        ...

    async def list_by_barcodes(self, merchant_id: UUID, barcodes: Sequence[str]) -> list[Order]:
        """The merchant's orders one of whose parcels has one of these barcodes, by id."""
        ...

    async def list_page(
        self,
        where: OrderFilter,
        *,
        limit: int,
        after: tuple[SortValue, UUID] | None = None,
        sorting: OrderSorting = BY_DATE,
    ) -> list[Order]:
        """At most ``limit`` orders as ``sorting`` says, after the cursor."""
        ...

    async def sort_value(self, order_id: UUID, by: OrderSort) -> SortValue:
        """What ``by`` compares of this order: with its id, the cursor of the page it ends."""
        ...

    async def count(self, where: OrderFilter) -> int:
        """How many orders there are, whatever the page."""
        ...

    async def list_due(self, day: date) -> list[Order]:
        """Orders of ``day`` that may go onto a route, by id (confirmed, rescheduled…)."""
        ...

    async def list_briefs(self, day: date, states: frozenset[OrderState]) -> list[OrderBrief]:
        """All orders of ``day`` in one of ``states``, by id; one small row each."""
        ...

    async def count_by_state(self, day: date) -> dict[OrderState, int]:
        """How many orders of ``day`` are in each state."""
        ...


class PeopleRepository(Protocol):
    """Personal data, each person's under a key of its own."""

    async def put(self, person: Person) -> None:
        """Adds or replaces."""
        ...

    async def get(self, person_id: UUID) -> Person:
        """The person; one that was erased has only its id."""
        ...

    async def get_many(self, person_ids: Sequence[UUID]) -> dict[UUID, Person]:
        """Those that exist, by id."""
        ...

    async def erase(self, person_id: UUID) -> None:
        """Erases the key, the fields and what the key encrypted."""
        ...


class EventRepository(Protocol):
    """The append-only log."""

    async def record(self, event: Event) -> bool:
        """Appends; False when an event with this id was there already (and nothing changed)."""
        ...

    async def find(self, event_id: UUID) -> Event | None:
        """The event with this id, if it was recorded."""
        ...

    async def list_after(self, number: int, *, limit: int) -> list[Event]:
        """Numbered events after ``number``, in number order."""
        ...

    async def list_of_order(self, order_id: UUID, *, limit: int = 1000) -> list[Event]:
        """An order's story, by (occurred_at, number, id), the unnumbered last."""
        ...

    async def list_of_route(self, route_id: UUID, *, limit: int = 10_000) -> list[Event]:
        """A route's story, by (occurred_at, number, id), the unnumbered last."""
        ...

    async def list_between(
        self, start: datetime, end: datetime, *, types: frozenset[str] | None = None
    ) -> list[Event]:
        """Events recorded in [start, end), by (number, recorded_at, id)."""
        ...


class PromiseRepository(Protocol):
    """Promises by order and version."""

    async def add(self, promise: Promise) -> None:
        """Keeps a new version; versions of an order have no gap and no repeat."""
        ...

    async def save(self, promise: Promise) -> None:
        """Replaces the fate, and only the fate."""
        ...

    async def list_orders(self, start: datetime, end: datetime) -> list[UUID]:
        """Orders that were ever told a window beginning from ``start`` until before ``end``."""
        ...

    async def list_of(self, order_ids: Sequence[UUID]) -> dict[UUID, list[Promise]]:
        """Each order's promises by version."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBatch:
    """A file that came in.

    Attributes:
        merchant_id: Whose orders they are, whoever sent the file; None when it was said of no
            order.
        order_ids: What it made or changed.
    """

    id: UUID
    filename: str
    layout: str
    imported_at: datetime
    imported_by: UUID
    merchant_id: UUID | None
    accepted: int
    rejected: tuple[FieldFault, ...]
    rejected_rows: tuple[dict[str, str], ...] = ()
    order_ids: tuple[UUID, ...] = field(default_factory=tuple)


class ImportRepository(Protocol):
    """Import batches."""

    async def add(self, batch: ImportBatch) -> None:
        """Keeps a batch."""
        ...

    async def get(self, import_id: UUID) -> ImportBatch:
        """The batch, or NotFoundError."""
        ...

    async def list_recent(
        self, *, limit: int, merchant_id: UUID | None = None
    ) -> list[ImportBatch]:
        """Newest first, of one merchant or of all."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPoint:
    """Where deliveries to one address key really happened; the key is a salted digest, no text."""

    address_key: bytes
    position: Position
    uncertainty_m: float
    deliveries: int


class DoorPointRepository(Protocol):
    """Door points learnt from past proofs."""

    async def salt(self) -> bytes:
        """The secret under which addresses are digested, the same for ever."""
        ...

    async def find(self, address_key: bytes) -> DoorPoint | None:
        """What is known of this address."""
        ...

    async def put(self, point: DoorPoint) -> None:
        """Adds or replaces."""
        ...


class MerchantDirectory(Protocol):
    """Who the merchants are."""

    async def get_merchant(self, merchant_id: UUID) -> Merchant:
        """The merchant, or NotFoundError."""
        ...


class FleetBook(Protocol):
    """Who drives when, and what the vehicles carry."""

    async def list_vehicles(self) -> list[Vehicle]:
        """All of them, those out of use too."""
        ...

    async def list_shifts(self, day: date) -> list[Shift]:
        """The shifts of a day."""
        ...


class OrdersStore(Protocol):
    """The unit of work as orders sees it."""

    @property
    def access(self) -> MerchantDirectory: ...
    @property
    def orders(self) -> OrderRepository: ...
    @property
    def people(self) -> PeopleRepository: ...
    @property
    def events(self) -> EventRepository: ...
    @property
    def promises(self) -> PromiseRepository: ...
    @property
    def imports(self) -> ImportRepository: ...
    @property
    def door_points(self) -> DoorPointRepository: ...
    @property
    def fleet(self) -> FleetBook: ...
