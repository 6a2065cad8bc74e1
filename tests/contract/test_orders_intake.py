"""Orders taken in, reviewed and imported: the same story in memory and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import pytest

from promesa.domain.access import Tenant
from promesa.domain.order import OrderState
from promesa.domain.place import PlaceLevel, Placement, PlaceSource
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.orders.address_key import address_key
from promesa.orders.changing import cancel_order, change_order, reschedule_order
from promesa.orders.door_points import learn_door_point
from promesa.orders.drafts import OrderChange, OrderDraft, ParcelDraft, RecipientDraft
from promesa.orders.faults import OrderInvalidError
from promesa.orders.importing import accept_import, get_import, list_imports
from promesa.orders.intake import RowOutcome, examine_orders, place_order, upsert_orders
from promesa.orders.reading import get_order_record, list_order_records
from promesa.orders.repository import OrderFilter, OrdersStore
from promesa.orders.reviews import ReviewScope, accept_batch, list_reviews, set_pin
from promesa.orders.sheet_reading import read_orders
from promesa.storage.database import Database
from tests.support.orders_memory import (
    BY_USER,
    MERCHANT,
    MERCHANT_ID,
    OTHER_MERCHANT,
    OTHER_MERCHANT_ID,
    TENANT_ID,
    TODAY,
    USER,
    KnownStreets,
    MemoryMerchants,
    MemoryStore,
    make_desk,
)

Stores = Callable[[], AbstractAsyncContextManager[OrdersStore]]
DOOR = Position(lon=-70.60123, lat=-33.42456)
LEONES = Placement(
    position=DOOR,
    level=PlaceLevel.STREET,
    score=0.9,
    uncertainty_m=180.0,
    source=PlaceSource.CITY_INDEX,
    comuna="Providencia",
)
DRAFT = OrderDraft(
    reference="G-100",
    merchant_id=MERCHANT_ID,
    date=TODAY,
    recipient=RecipientDraft(name="Ana Rojas", phone="961234567"),
    address="Los Leones 220",
    comuna="Providencia",
)
SHEET = """reference;recipient_name;address;comuna;date
G-1;Ana;Los Leones 220;Providencia;23/11/2026
G-2;Beto;Los Leones 220;Providencia;31/02/2026
G-3;Carla;Los Leones 220;Providencia;23/11/2026
"""


@pytest.fixture(params=["memory", "postgresql"])
async def stores(request: pytest.FixtureRequest, database: Database) -> Stores:
    """Transactions of one operator with two merchants."""
    if request.param == "memory":
        return _memory()
    await database.directory.add_tenant(Tenant(id=TENANT_ID, name="Operador"))
    async with database.transaction(TENANT_ID) as tx:
        for merchant in MemoryMerchants().kept.values():
            await tx.access.put_merchant(merchant)
    return lambda: database.transaction(TENANT_ID)


def _memory() -> Stores:
    store = MemoryStore()

    @asynccontextmanager
    async def transaction() -> AsyncIterator[OrdersStore]:
        yield store

    return transaction


async def test_an_order_is_read_back_as_it_was_placed(stores: Stores) -> None:
    desk = make_desk()
    async with stores() as tx:
        order = await place_order(tx, DRAFT, desk=desk, author=BY_USER)
    async with stores() as tx:
        record = await get_order_record(tx, order.id, USER)
        assert record.order == order
        assert (record.person.name, record.person.phone) == ("Ana Rojas", "+56961234567")
        assert [promise.version for promise in record.promises] == [1]


async def test_a_barcode_belongs_to_one_open_order(stores: Stores) -> None:
    desk = make_desk()
    labelled = replace(DRAFT, parcels=(ParcelDraft(barcode="X-9"),))
    second = replace(labelled, reference="G-200", row=4)
    theirs = replace(second, merchant_id=OTHER_MERCHANT_ID)
    async with stores() as tx:
        first = await place_order(tx, labelled, desk=desk, author=BY_USER)
        looked = await examine_orders(tx, [second], desk=desk, author=BY_USER)
        outcome = await upsert_orders(tx, [second, labelled, theirs], desk=desk, author=BY_USER)
    assert [row.order.merchant_id for row in outcome.accepted] == [MERCHANT_ID, OTHER_MERCHANT_ID]
    [fault] = outcome.rejected
    assert (fault.row, fault.field, fault.code) == (4, "parcels[0].barcode", "barcode_taken")
    assert first.reference in fault.reason
    assert looked.rejected == (fault,)
    async with stores() as tx:
        third = await place_order(tx, replace(DRAFT, reference="G-300"), desk=desk, author=BY_USER)
        change = OrderChange(parcels=(ParcelDraft(barcode="X-9"),))
        with pytest.raises(OrderInvalidError):
            await change_order(
                tx, third.id, change, version=third.version, desk=desk, author=BY_USER
            )
        await cancel_order(tx, first.id, cause="merchant_request", desk=desk, author=BY_USER)
        await place_order(tx, second, desk=desk, author=BY_USER)


async def test_a_second_transaction_finds_the_order_of_the_first(stores: Stores) -> None:
    desk = make_desk()
    async with stores() as tx:
        first = await place_order(tx, DRAFT, desk=desk, author=BY_USER)
    async with stores() as tx:
        again = await place_order(tx, DRAFT, desk=desk, author=BY_USER)
        changed = replace(DRAFT, cod_clp=9_990)
        outcome = await upsert_orders(tx, [changed], desk=desk, author=BY_USER)
    assert again.id == first.id
    [row] = outcome.accepted
    assert (row.outcome, row.order.cod_clp) == (RowOutcome.CHANGED, 9_990)


async def test_changes_of_one_transaction_follow_each_other(stores: Stores) -> None:
    desk = make_desk(KnownStreets({"Los Leones 220": LEONES}))
    async with stores() as tx:
        order = await place_order(tx, DRAFT, desk=desk, author=BY_USER)
        order = await set_pin(tx, order.id, DOOR, desk=desk, author=BY_USER)
        order = await change_order(
            tx,
            order.id,
            OrderChange(unit="Depto 4"),
            version=order.version,
            desk=desk,
            author=BY_USER,
        )
        order = await reschedule_order(
            tx, order.id, day=TODAY, cause="rescheduled", desk=desk, author=BY_USER
        )
        order = await cancel_order(tx, order.id, cause="merchant", desk=desk, author=BY_USER)
    async with stores() as tx:
        kept = await tx.orders.get(order.id)
        events = await tx.events.list_of_order(order.id)
    assert kept == order
    assert kept.state is OrderState.CANCELLED
    assert {"order.address_confirmed", "order.changed", "order.cancelled"} <= {
        event.type for event in events
    }


async def test_a_file_is_taken_in_and_one_yes_covers_it(stores: Stores) -> None:
    desk = make_desk(KnownStreets({"Los Leones 220": LEONES}))
    reading = read_orders(
        SHEET.encode(), policy=desk.policy, default_day=TODAY, merchant_id=MERCHANT_ID
    )
    async with stores() as tx:
        report = await accept_import(tx, reading, filename="lunes.csv", desk=desk, author=BY_USER)
    assert (report.accepted, report.doubtful) == (2, 2)
    assert report.id is not None
    scope = ReviewScope(import_id=report.id)
    async with stores() as tx:
        queue = await list_reviews(tx, scope, actor=USER, limit=50)
        assert queue.offer == "aceptar 2 direcciones a nivel calle, ±180 m mediana"
        said = await accept_batch(tx, scope, level=PlaceLevel.STREET, desk=desk, author=BY_USER)
    assert said.accepted == 2
    async with stores() as tx:
        batch = await get_import(tx, report.id, USER)
        assert [fault.row for fault in batch.rejected] == [3]
        assert [each.id for each in await list_imports(tx, USER)] == [report.id]
        page = await list_order_records(
            tx, OrderFilter(date=TODAY, import_id=report.id), actor=USER, limit=1
        )
        assert page.next_after is not None
        [record] = page.records
        assert record.order.state is OrderState.CONFIRMED
        placement = record.order.placement
        assert placement is not None
        assert placement.confirmed_by == USER.id


async def test_a_door_that_was_learnt_places_the_next_order(stores: Stores) -> None:
    desk = make_desk(KnownStreets({"Los Leones 220": LEONES}))
    async with stores() as tx:
        order = await place_order(tx, DRAFT, desk=desk, author=BY_USER)
        await learn_door_point(tx, order, DOOR)
    async with stores() as tx:
        later = replace(DRAFT, reference="G-101", address="los leones Nº 220, depto 5")
        order = await place_order(tx, later, desk=desk, author=BY_USER)
    assert order.state is OrderState.CONFIRMED
    assert order.placement is not None
    assert order.placement.source is PlaceSource.LEARNT


async def test_what_is_kept_of_a_door_cannot_be_told_from_the_tenant(database: Database) -> None:
    """Whoever reads the table and knows the operator still can't try streets against it."""
    keys = []
    for name in ("Operador", "Otro"):
        tenant = Tenant(id=derived_id(name), name=name)
        await database.directory.add_tenant(tenant)
        async with database.transaction(tenant.id) as tx:
            salt = await tx.door_points.salt()
            assert salt == await tx.door_points.salt()
            assert address_key("Los Leones 220", None, salt=salt) != address_key(
                "Los Leones 220", None, salt=tenant.id.bytes
            )
        async with database.transaction(tenant.id) as tx:
            assert await tx.door_points.salt() == salt
        keys.append(salt)
    assert len(set(keys)) == 2


async def test_a_merchant_lists_its_own_orders_alone(stores: Stores) -> None:
    desk = make_desk()
    async with stores() as tx:
        await place_order(tx, DRAFT, desk=desk, author=BY_USER)
        own = await list_order_records(tx, OrderFilter(), actor=MERCHANT, limit=10)
        foreign = await list_order_records(tx, OrderFilter(), actor=OTHER_MERCHANT, limit=10)
    assert (len(own.records), len(foreign.records)) == (1, 0)
