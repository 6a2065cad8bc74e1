"""Orders with their parcels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    TIMESTAMP,
    Column,
    ColumnElement,
    Index,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    case,
    cast,
    delete,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.order import Order, OrderState
from promesa.domain.parcel import Parcel
from promesa.kernel.errors import ConflictError, NotFoundError
from promesa.orders.faults import ReferenceTakenError
from promesa.orders.repository import (
    BY_DATE,
    OrderBrief,
    OrderFilter,
    OrderSort,
    OrderSorting,
    SortValue,
    SortWay,
)
from promesa.roads.street_aliases import spellings
from promesa.storage.access import MERCHANTS
from promesa.storage.columns import (
    Instant,
    code,
    day,
    fact,
    identity,
    instant,
    refers,
    tenant_table,
    value,
    whole,
)
from promesa.storage.imports import IMPORTS
from promesa.storage.people import People
from promesa.storage.people_words import pieces_of_query
from promesa.storage.promises import PROMISES
from promesa.storage.rows import Rows

ORDERS = tenant_table(
    "orders",
    identity(),
    identity("merchant_id"),
    code("reference"),
    code("state"),
    day(),
    identity("recipient_id"),
    code("comuna", nullable=True),
    value("placement", nullable=True),
    value("windows"),
    whole("service_time_s"),
    value("skills"),
    value("terms"),
    whole("cod_clp", nullable=True),
    fact("requires_pin"),
    identity("depot_id", nullable=True),
    value("items"),
    code("product_class", nullable=True),
    value("tags"),
    value("legs"),
    whole("leg_index"),
    whole("attempts"),
    whole("version"),
    identity("import_id", nullable=True),
    instant("correction_asked_at", nullable=True),
)
Index(
    "orders_reference_key",
    ORDERS.c.tenant_id,
    ORDERS.c.merchant_id,
    ORDERS.c.reference,
    unique=True,
)
Index(
    "orders_correction_idx",
    ORDERS.c.tenant_id,
    ORDERS.c.correction_asked_at,
    ORDERS.c.id,
    postgresql_where=ORDERS.c.correction_asked_at.is_not(None),
)
Index("orders_date_idx", ORDERS.c.tenant_id, ORDERS.c.date, ORDERS.c.id)
Index("orders_recipient_idx", ORDERS.c.tenant_id, ORDERS.c.recipient_id)

PARCELS = tenant_table(
    "parcels",
    identity(),
    identity("order_id"),
    Column("ordinal", Integer, nullable=False),
    code("barcode"),
    code("state"),
    whole("weight_g", nullable=True),
    whole("volume_ml", nullable=True),
    refers("order_id", "orders"),
)
Index("parcels_order_idx", PARCELS.c.tenant_id, PARCELS.c.order_id, PARCELS.c.ordinal)
Index("parcels_barcode_idx", PARCELS.c.tenant_id, PARCELS.c.barcode)

# Written when an order takes its barcodes, and read by nobody: what counts is who holds a row.
HELD_BARCODES = tenant_table(
    "held_barcodes",
    identity("merchant_id"),
    code("barcode"),
    key=("merchant_id", "barcode"),
)
_HOLD = insert(HELD_BARCODES)
_HOLD = _HOLD.on_conflict_do_update(
    index_elements=["tenant_id", "merchant_id", "barcode"],
    set_={"barcode": _HOLD.excluded.barcode},
)
# The same label years ago, and at other merchants today.
SAME_BARCODE_MAX = 50

# What may stand on a route of the day; an order under review is planned around, and told.
DUE_STATES = (
    OrderState.CONFIRMED,
    OrderState.ADDRESS_REVIEW,
    OrderState.SCHEDULED,
    OrderState.IN_PREPARATION,
    OrderState.READY_FOR_DISPATCH,
    OrderState.RESCHEDULED,
    OrderState.RETURNING,
)

_ORDERS = Rows(ORDERS, Order)
_PARCELS = Rows(PARCELS, Parcel)


class OrderChangedError(ConflictError):
    """Somebody saved the order since it was read."""

    code: ClassVar[str] = "order_changed"
    message = "El pedido cambió mientras lo mirabas. Recarga y vuelve a intentar."


class Orders:
    """The orders of one tenant."""

    def __init__(self, tx: AsyncConnection, people: People) -> None:
        self._tx = tx
        self._people = people
        # Versions written by this transaction, whose callers still hold the one they read.
        self._written: dict[UUID, int] = {}

    async def add(self, order: Order, *, import_id: UUID | None = None) -> None:
        """Keeps a new order.

        Raises:
            ReferenceTakenError: Its merchant has one with this reference, or its id is taken.
        """
        if not await _ORDERS.add(self._tx, order, import_id=import_id):
            raise ReferenceTakenError(reference=order.reference)
        await self._put_parcels(order)

    async def save(self, order: Order) -> None:
        """Replaces an order, and gives it the next version.

        Raises:
            OrderChangedError: The kept version is newer, or there is none.
        """
        version = max(order.version, self._written.get(order.id, 0))
        row = _ORDERS.row(order) | {"version": version + 1}
        result = await self._tx.execute(
            ORDERS.update()
            .where(ORDERS.c.id == order.id, ORDERS.c.version == version)
            .values(row)
            .returning(ORDERS.c.id)
        )
        if result.first() is None:
            raise OrderChangedError(order_id=str(order.id))
        self._written[order.id] = version + 1
        await self._put_parcels(order)
        kept = [parcel.id for parcel in order.parcels]
        await self._tx.execute(
            delete(PARCELS).where(PARCELS.c.order_id == order.id, PARCELS.c.id.not_in(kept))
        )

    async def get(self, order_id: UUID) -> Order:
        """The order.

        Raises:
            NotFoundError: There is none.
        """
        found = await self._list(select(ORDERS).where(ORDERS.c.id == order_id))
        if not found:
            raise NotFoundError(noun="order")
        return found[0]

    async def get_many(self, order_ids: Sequence[UUID]) -> list[Order]:
        """Those that exist, in the order of ``order_ids``."""
        query = select(ORDERS).where(ORDERS.c.id.in_(list(order_ids))).order_by(ORDERS.c.id)
        found = {order.id: order for order in await self._list(query)}
        return [found[order_id] for order_id in order_ids if order_id in found]

    async def find_by_reference(self, merchant_id: UUID, reference: str) -> Order | None:
        """The merchant's order with this reference."""
        return next(iter(await self.list_by_reference(merchant_id, [reference])), None)

    async def list_by_reference(self, merchant_id: UUID, references: Sequence[str]) -> list[Order]:
        """Those of the merchant's orders that have one of these references, by reference."""
        query = select(ORDERS).where(
            ORDERS.c.merchant_id == merchant_id, ORDERS.c.reference.in_(list(references))
        )
        return await self._list(query.order_by(ORDERS.c.reference))

    async def list_by_barcode(self, barcode: str) -> list[Order]:
        """Orders of any merchant one of whose parcels has this barcode, the newest first."""
        having = select(PARCELS.c.order_id).where(PARCELS.c.barcode == barcode)
        query = (
            select(ORDERS)
            .where(ORDERS.c.id.in_(having))
            .order_by(ORDERS.c.date.desc(), ORDERS.c.id.desc())
            .limit(SAME_BARCODE_MAX)
        )
        return await self._list(query)

    async def hold_barcodes(self, merchant_id: UUID, barcodes: Sequence[str]) -> None:
        """Holds a merchant's barcodes until the transaction ends: who wants one too waits.

        By rows, of which a file may hold tens of thousands; the server has room for a few
        thousand advisory locks.
        """
        rows = [{"merchant_id": merchant_id, "barcode": each} for each in sorted(set(barcodes))]
        if rows:
            await self._tx.execute(_HOLD, rows)

    async def list_by_barcodes(self, merchant_id: UUID, barcodes: Sequence[str]) -> list[Order]:
        """The merchant's orders one of whose parcels has one of these barcodes, by id."""
        having = select(PARCELS.c.order_id).where(PARCELS.c.barcode.in_(list(barcodes)))
        query = select(ORDERS).where(ORDERS.c.merchant_id == merchant_id, ORDERS.c.id.in_(having))
        return await self._list(query.order_by(ORDERS.c.id))

    async def list_page(
        self,
        where: OrderFilter,
        *,
        limit: int,
        after: tuple[SortValue, UUID] | None = None,
        sorting: OrderSorting = BY_DATE,
    ) -> list[Order]:
        """At most ``limit`` orders as ``sorting`` says, after the cursor."""
        query = select(ORDERS).where(*await self._conditions(where))
        value = _sort_value(sorting.by)
        place = tuple_(value, ORDERS.c.id)
        if sorting.way is SortWay.ASCENDING:
            query = query.order_by(value, ORDERS.c.id)
            query = query if after is None else query.where(place > after)
        else:
            query = query.order_by(value.desc(), ORDERS.c.id.desc())
            query = query if after is None else query.where(place < after)
        return await self._list(query.limit(limit))

    async def sort_value(self, order_id: UUID, by: OrderSort) -> SortValue:
        """What ``by`` compares of this order.

        Raises:
            NotFoundError: There is none.
        """
        query = select(_sort_value(by)).where(ORDERS.c.id == order_id)
        found: SortValue | None = await self._tx.scalar(query)
        if found is None:
            raise NotFoundError(noun="order")
        return found

    async def count(self, where: OrderFilter) -> int:
        """How many orders there are, whatever the page."""
        conditions = await self._conditions(where)
        query = select(func.count()).select_from(ORDERS).where(*conditions)
        return await self._tx.scalar(query) or 0

    async def list_due(self, day: date) -> list[Order]:
        """Orders of ``day`` that may go onto a route, or would but for their position, by id."""
        query = select(ORDERS).where(ORDERS.c.date == day, ORDERS.c.state.in_(DUE_STATES))
        return await self._list(query.order_by(ORDERS.c.id))

    async def list_briefs(self, day: date, states: frozenset[OrderState]) -> list[OrderBrief]:
        """All orders of ``day`` in one of ``states``, by id."""
        query = (
            select(ORDERS.c.id, ORDERS.c.reference, ORDERS.c.state)
            .where(ORDERS.c.date == day, ORDERS.c.state.in_(sorted(states)))
            .order_by(ORDERS.c.id)
        )
        return [
            OrderBrief(id=order_id, reference=reference, state=OrderState(state))
            for order_id, reference, state in await self._tx.execute(query)
        ]

    async def count_by_state(self, day: date) -> dict[OrderState, int]:
        """How many orders of ``day`` are in each state that has some."""
        query = (
            select(ORDERS.c.state, func.count())
            .where(ORDERS.c.date == day)
            .group_by(ORDERS.c.state)
            .order_by(ORDERS.c.state)
        )
        return {OrderState(state): count for state, count in await self._tx.execute(query)}

    async def _conditions(self, where: OrderFilter) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        if where.date is not None:
            wanted.append(ORDERS.c.date == where.date)
        if where.day is not None:
            begins = PROMISES.c.window_start
            told = select(PROMISES.c.order_id).where(
                begins >= where.day.start, begins < where.day.end
            )
            wanted.append(or_(ORDERS.c.date == where.day.date, ORDERS.c.id.in_(told)))
        if where.states is not None:
            wanted.append(ORDERS.c.state.in_(sorted(where.states)))
        if where.merchant_id is not None:
            wanted.append(ORDERS.c.merchant_id == where.merchant_id)
        if where.import_id is not None:
            # A file that is sent again speaks of orders that an earlier one made.
            spoken_of = func.jsonb_array_elements_text(IMPORTS.c.order_ids)
            told_again = select(cast(spoken_of, Uuid)).where(IMPORTS.c.id == where.import_id)
            wanted.append(or_(ORDERS.c.import_id == where.import_id, ORDERS.c.id.in_(told_again)))
        if where.reference is not None:
            wanted.append(ORDERS.c.reference == where.reference)
        if where.recipient_id is not None:
            wanted.append(ORDERS.c.recipient_id == where.recipient_id)
        if where.is_correction_asked:
            wanted.append(ORDERS.c.correction_asked_at.is_not(None))
        if where.text:
            wanted.append(await self._says(where.text))
        return wanted

    async def _says(self, text: str) -> ColumnElement[bool]:
        """What was typed is in the order, or the same with another name of the street it tells."""
        return or_(*[await self._spells(spelling) for spelling in spellings(text)])

    async def _spells(self, text: str) -> ColumnElement[bool]:
        """Each piece typed is in the reference, or its words are the comuna's or the person's.

        People's words are digests, so all of them are compared in the database, none left out. A
        piece too short to be searched counts only when it is all there is.
        """
        reference, comuna = _in_words(ORDERS.c.reference), _in_words(ORDERS.c.comuna)
        found = []
        for piece in pieces_of_query(text):
            words = [
                or_(
                    comuna.startswith(word, autoescape=True),
                    comuna.contains(f" {word}", autoescape=True),
                    ORDERS.c.recipient_id.in_(people),
                )
                for word, people in (await self._people.having_words(piece)).items()
            ]
            if words:
                found.append(or_(reference.contains(_plain(piece), autoescape=True), and_(*words)))
        as_typed = reference.contains(_plain(text.strip()), autoescape=True)
        return or_(as_typed, and_(*found)) if found else as_typed

    async def _list(self, query: Select[tuple[object, ...]]) -> list[Order]:
        rows = (await self._tx.execute(query)).mappings().all()
        parcels = await self._parcels_of([row["id"] for row in rows])
        return [_ORDERS.value(row, parcels=parcels.get(row["id"], ())) for row in rows]

    async def _parcels_of(self, order_ids: Sequence[UUID]) -> dict[UUID, tuple[Parcel, ...]]:
        query = (
            select(PARCELS)
            .where(PARCELS.c.order_id.in_(order_ids))
            .order_by(PARCELS.c.order_id, PARCELS.c.ordinal)
        )
        found: dict[UUID, tuple[Parcel, ...]] = {}
        for parcel in await _PARCELS.list(self._tx, query) if order_ids else ():
            found[parcel.order_id] = (*found.get(parcel.order_id, ()), parcel)
        return found

    async def _put_parcels(self, order: Order) -> None:
        parcels = enumerate(order.parcels)
        rows = [{**_PARCELS.row(parcel), "ordinal": ordinal} for ordinal, parcel in parcels]
        await _PARCELS.put_all(self._tx, rows)


# PostgreSQL runs with the collation of bytes, where Ñuñoa comes after Vitacura.
_ACCENTED, _PLAIN = "ÁÉÍÓÚÜÑáéíóúüñ", "aeiouunaeiouun"
_LIFE = {state.value: place for place, state in enumerate(OrderState)}


def _sort_value(by: OrderSort) -> ColumnElement[Any]:
    """What a sorted list compares; never null, so that a cursor has something to stand on."""
    if by is OrderSort.DATE:
        return ORDERS.c.date
    if by is OrderSort.STATE:
        return case(_LIFE, value=ORDERS.c.state, else_=len(_LIFE))
    if by is OrderSort.PROMISED:
        return _promised()
    if by is OrderSort.MERCHANT:
        name = select(MERCHANTS.c.name).where(MERCHANTS.c.id == ORDERS.c.merchant_id)
        return _in_words(name.scalar_subquery())
    return _in_words(ORDERS.c.comuna if by is OrderSort.COMUNA else ORDERS.c.reference)


def _plain(text: str) -> str:
    """What ``_in_words`` makes of it in the database."""
    return text.translate(str.maketrans(_ACCENTED, _PLAIN)).lower()


def _in_words(words: Any) -> ColumnElement[str]:
    plain = func.translate(func.coalesce(words, ""), _ACCENTED, _PLAIN)
    return func.lower(plain, type_=String)


def _promised() -> ColumnElement[Any]:
    """The start of the window told last; whom nothing was told comes at the end of the day."""
    told = select(PROMISES.c.window_start).where(PROMISES.c.order_id == ORDERS.c.id)
    last = told.order_by(PROMISES.c.version.desc()).limit(1).scalar_subquery()
    day_after = func.timezone("UTC", cast(ORDERS.c.date + 1, TIMESTAMP))
    return func.coalesce(last, day_after, type_=Instant())
