"""What is kept comes back as it was: one test for each noun, and for what is special about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from promesa.domain.order import OrderState
from promesa.domain.promise import PromiseFate
from promesa.domain.route import RouteState
from promesa.kernel.errors import ConflictError, NotFoundError
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.repository import OrderFilter
from promesa.storage.database import Database
from promesa.storage.unit_of_work import UnitOfWork
from tests.support import nouns
from tests.support.nouns import DAY, MORNING, an_id

TENANT = nouns.a_tenant()
# Who is not held up is done in a hundredth of this.
WAIT_S = 0.2
ONE = nouns.an_order("one")


@asynccontextmanager
async def one_of_each(database: Database) -> AsyncIterator[UnitOfWork]:
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as tx:
        await nouns.keep_one_of_each(tx)
        yield tx


@pytest_asyncio.fixture
async def tx(database: Database) -> AsyncIterator[UnitOfWork]:
    """A transaction in which one of each noun is kept."""
    async with one_of_each(database) as tx:
        yield tx


async def test_an_order_comes_back_with_its_parcels_in_their_order(tx: UnitOfWork) -> None:
    assert await tx.orders.get(ONE.id) == ONE
    assert await tx.orders.find_by_reference(ONE.merchant_id, "N-one") == ONE
    assert await tx.orders.list_by_barcode("B-one-2") == [ONE]
    assert await tx.orders.list_by_barcode("B-none") == []
    assert await tx.orders.get_many([an_id("nothing"), ONE.id]) == [ONE]


async def test_a_reference_is_used_once_by_a_merchant(tx: UnitOfWork) -> None:
    again = replace(nouns.an_order("two"), reference="N-one")
    with pytest.raises(ConflictError):
        await tx.orders.add(again)
    await tx.orders.add(replace(again, merchant_id=an_id("other merchant")))
    assert (await tx.orders.find_by_reference(ONE.merchant_id, "N-one")) == ONE


async def test_a_saved_order_loses_the_parcels_it_no_longer_has(tx: UnitOfWork) -> None:
    await tx.orders.save(replace(ONE, parcels=ONE.parcels[:1], state=OrderState.SCHEDULED))
    kept = await tx.orders.get(ONE.id)
    assert (kept.parcels, kept.state, kept.version) == (ONE.parcels[:1], OrderState.SCHEDULED, 2)
    assert await tx.orders.list_by_barcode("B-one-1") == []


async def test_one_transaction_may_save_an_order_twice_from_what_it_read(tx: UnitOfWork) -> None:
    await tx.orders.save(replace(ONE, attempts=1))
    await tx.orders.save(replace(ONE, attempts=2))
    assert (await tx.orders.get(ONE.id)).attempts == 2


async def test_an_order_saved_by_somebody_else_meanwhile_is_a_conflict(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as tx:
        await tx.orders.add(ONE)
    async with database.transaction(TENANT.id) as tx:
        await tx.orders.save(replace(ONE, attempts=1))
    async with database.transaction(TENANT.id) as tx:
        with pytest.raises(ConflictError):
            await tx.orders.save(replace(ONE, attempts=2))


async def test_pages_of_orders_go_by_date_and_id(tx: UnitOfWork) -> None:
    later = [replace(nouns.an_order(str(n)), date=DAY + timedelta(days=1)) for n in range(3)]
    for order in later:
        await tx.orders.add(order)
    wanted = [ONE.id, *sorted(order.id for order in later)]
    first = await tx.orders.list_page(OrderFilter(), limit=2)
    rest = await tx.orders.list_page(OrderFilter(), limit=9, after=(first[-1].date, first[-1].id))
    assert [order.id for order in first + rest] == wanted


@pytest.mark.parametrize(
    ("where", "is_found"),
    [
        (OrderFilter(date=DAY), True),
        (OrderFilter(date=DAY + timedelta(days=1)), False),
        (OrderFilter(day=ServiceDay(DAY)), True),
        (OrderFilter(day=ServiceDay(DAY + timedelta(days=1))), False),
        (OrderFilter(states=frozenset({OrderState.CONFIRMED})), True),
        (OrderFilter(states=frozenset({OrderState.LOST})), False),
        (OrderFilter(states=frozenset()), False),
        (OrderFilter(merchant_id=an_id("merchant")), True),
        (OrderFilter(merchant_id=an_id("other")), False),
        (OrderFilter(import_id=an_id("import")), True),
        (OrderFilter(import_id=an_id("other")), False),
        (OrderFilter(text="n-on"), True),
        (OrderFilter(text="providencia 999"), False),
        (OrderFilter(text="providencia 123"), True),
        (OrderFilter(text="%"), False),
    ],
)
async def test_orders_are_filtered(tx: UnitOfWork, where: OrderFilter, is_found: bool) -> None:
    found = await tx.orders.list_page(where, limit=9)
    assert [order.id for order in found] == [ONE.id] * is_found


async def test_due_orders_are_those_a_route_may_take(tx: UnitOfWork) -> None:
    await tx.orders.add(replace(nouns.an_order("two"), state=OrderState.DELIVERED))
    assert await tx.orders.list_due(DAY) == [ONE]
    assert await tx.orders.count_by_state(DAY) == {
        OrderState.CONFIRMED: 1,
        OrderState.DELIVERED: 1,
    }


async def test_promises_are_numbered_without_a_gap_and_only_their_fate_changes(
    tx: UnitOfWork,
) -> None:
    for wrong in (1, 3):
        with pytest.raises(ConflictError):
            await tx.promises.add(nouns.a_promise(wrong))
    second = nouns.a_promise(2)
    await tx.promises.add(second)
    kept = replace(second, fate=PromiseFate.KEPT)
    await tx.promises.save(replace(kept, cause="another"))
    assert await tx.promises.list_of([ONE.id]) == {ONE.id: [nouns.a_promise(), kept]}


async def test_imports_come_newest_first(tx: UnitOfWork) -> None:
    newer = replace(nouns.an_import(), id=an_id("newer"), imported_at=MORNING + timedelta(hours=1))
    await tx.imports.add(newer)
    assert await tx.imports.get(newer.id) == newer
    recent = await tx.imports.list_recent(limit=2)
    assert [batch.id for batch in recent] == [newer.id, nouns.an_import().id]
    with pytest.raises(NotFoundError):
        await tx.imports.get(an_id("nothing"))


async def test_door_points_are_found_by_their_key(tx: UnitOfWork) -> None:
    point = await tx.door_points.find(b"\1" * 32)
    assert point is not None
    await tx.door_points.put(replace(point, deliveries=4))
    assert await tx.door_points.find(b"\1" * 32) == replace(point, deliveries=4)
    assert await tx.door_points.find(b"\2" * 32) is None


async def test_a_driver_gets_the_route_that_is_not_over(tx: UnitOfWork) -> None:
    first, second = nouns.a_route("R-01"), nouns.a_route("R-02")
    await tx.routes.add(second)
    assert await tx.routes.list_of(DAY) == [first, second]
    assert await tx.routes.find_of_driver(first.driver_id, DAY) == first
    await tx.routes.save(replace(first, state=RouteState.FINISHED, finished_at=MORNING))
    assert await tx.routes.find_of_driver(first.driver_id, DAY) == second
    assert await tx.routes.lock(second.id) == second
    with pytest.raises(NotFoundError):
        await tx.routes.lock(an_id("nothing"))


async def test_a_route_version_is_published_once(tx: UnitOfWork) -> None:
    with pytest.raises(ConflictError):
        await tx.routes.add_version(replace(nouns.a_route_version(), cause="breakdown"))
    await tx.routes.add_version(nouns.a_route_version(2))
    first, second = nouns.a_route_version(1), nouns.a_route_version(2)
    assert await tx.routes.get_version(first.route_id, 1) == first
    assert await tx.routes.list_versions(first.route_id) == [first, second]
    assert await tx.routes.latest_versions(DAY) == {first.route_id: second}


async def test_a_stop_may_move_to_another_route(tx: UnitOfWork) -> None:
    stop, other = nouns.a_stop(), nouns.a_route("R-02")
    await tx.routes.add(other)
    moved = replace(stop, route_id=other.id, arrived_at=MORNING)
    assert await tx.routes.list_stops(stop.route_id) == [stop]
    await tx.routes.put_stop(moved)
    assert await tx.routes.list_stops(stop.route_id) == []
    assert await tx.routes.get_stop(stop.id) == moved
    assert await tx.routes.list_stops_of_day(DAY) == [moved]
    assert await tx.routes.list_stops_of_order(stop.order_id) == [moved]


async def test_a_custody_link_is_added_once(tx: UnitOfWork) -> None:
    first, second = nouns.a_custody_entry(1), nouns.a_custody_entry(2)
    with pytest.raises(ConflictError):
        await tx.custody.append(replace(first, hash=rb"\9" * 32))
    await tx.custody.append(second)
    assert await tx.custody.list_of(first.parcel_id) == [first, second]
    assert await tx.custody.last_entries([first.parcel_id, an_id("new")]) == {
        first.parcel_id: second
    }


async def test_evidence_that_arrives_twice_changes_nothing(tx: UnitOfWork) -> None:
    piece = nouns.an_evidence()
    assert not await tx.proofs.put(replace(piece, digest="00" * 32))
    assert await tx.proofs.get(piece.id) == piece
    assert await tx.proofs.list_of_stop(piece.stop_id) == [piece]
    assert await tx.proofs.list_of_order(piece.order_id) == [piece]
    without_position = replace(piece, id=an_id("note"), position=None)
    assert await tx.proofs.put(without_position)
    assert await tx.proofs.get(without_position.id) == without_position


async def test_the_fleet_comes_back_as_it_was(tx: UnitOfWork) -> None:
    assert await tx.fleet.list_depots() == [nouns.a_depot()]
    assert await tx.fleet.list_vehicles() == [nouns.a_vehicle()]
    assert await tx.fleet.list_drivers() == [nouns.a_driver()]
    assert await tx.fleet.get_driver(an_id("driver")) == nouns.a_driver()
    assert await tx.fleet.list_shifts(DAY) == [nouns.a_shift()]
    await tx.fleet.remove_shift(nouns.a_shift().id)
    assert await tx.fleet.list_shifts(DAY) == []


async def test_a_code_belongs_to_one_depot(database: Database) -> None:
    with pytest.raises(ConflictError):
        async with one_of_each(database) as tx:
            await tx.fleet.put_depot(replace(nouns.a_depot(), id=an_id("other depot")))


async def test_a_plan_comes_back_whole_and_the_newest_first(tx: UnitOfWork) -> None:
    newer = replace(nouns.a_plan(), id=an_id("newer"), requested_at=MORNING + timedelta(hours=1))
    await tx.plans.add(newer)
    await tx.plans.save(replace(newer, progress=0.5))
    assert await tx.plans.get(nouns.a_plan().id) == nouns.a_plan()
    assert await tx.plans.list_of(DAY) == [replace(newer, progress=0.5), nouns.a_plan()]


async def test_access_comes_back_as_it_was(tx: UnitOfWork) -> None:
    user, merchant, key = nouns.a_user(), nouns.a_merchant(), nouns.a_credential(TENANT.id)
    assert await tx.access.get_user(user.id) == user
    assert await tx.access.list_users() == [user]
    assert await tx.access.get_merchant(merchant.id) == merchant
    assert await tx.access.find_merchant_by_code("ZAP") == merchant
    assert await tx.access.list_merchants() == [merchant]
    assert await tx.access.get_merchants([merchant.id, an_id("x")]) == {merchant.id: merchant}
    assert await tx.access.get_credential(key.id) == key
    assert await tx.access.list_credentials(key.kind, key.subject_id) == [key]
    await tx.access.put_credential(replace(key, revoked_at=MORNING))
    assert (await tx.access.get_credential(key.id)).revoked_at == MORNING


async def test_an_email_belongs_to_one_user_of_a_tenant(database: Database) -> None:
    with pytest.raises(ConflictError):
        async with one_of_each(database) as tx:
            await tx.access.put_user(nouns.a_user("second user"))


async def test_an_answer_is_kept_once_and_forgotten_by_its_age(tx: UnitOfWork) -> None:
    answer = nouns.an_answer()
    with pytest.raises(ConflictError):
        await tx.answers.add(replace(answer, status=500))
    assert await tx.answers.find(answer.actor_id, answer.key) == answer
    assert await tx.answers.remove_before(MORNING) == 0
    assert await tx.answers.remove_before(MORNING + timedelta(hours=24)) == 1
    assert await tx.answers.find(answer.actor_id, answer.key) is None


async def test_a_reader_goes_on_from_where_it_was(tx: UnitOfWork) -> None:
    assert await tx.cursors.position("pump") == 0
    await tx.cursors.advance("pump", 12)
    assert await tx.cursors.position("pump") == 12
    assert await tx.cursors.position("another") == 0


async def swallow_a_refusal(database: Database) -> None:
    async with one_of_each(database) as tx:
        with suppress(ConflictError):
            await tx.fleet.put_depot(replace(nouns.a_depot(), id=an_id("other depot")))


async def test_a_refusal_that_is_swallowed_is_not_taken_for_a_commit(database: Database) -> None:
    with pytest.raises(RuntimeError, match="nothing was kept"):
        await swallow_a_refusal(database)


async def test_a_link_is_used_once(tx: UnitOfWork) -> None:
    link = replace(nouns.a_credential(TENANT.id), id=an_id("link"), digest=b"link")
    ended = replace(link, id=an_id("ended"), digest=b"ended", revoked_at=MORNING)
    await tx.access.put_credential(link)
    await tx.access.put_credential(ended)
    assert await tx.access.use_credential(link.id, MORNING)
    assert (await tx.access.get_credential(link.id)).used_at == MORNING
    assert not await tx.access.use_credential(link.id, MORNING)
    assert not await tx.access.use_credential(ended.id, MORNING)


async def test_who_takes_the_same_barcode_at_once_waits_and_finds_it_taken(
    database: Database,
) -> None:
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as second:
        async with database.transaction(TENANT.id) as first:
            await first.orders.hold_barcodes(ONE.merchant_id, ["B-one-1", "B-one-1"])
            await first.orders.add(ONE)
            await second.orders.hold_barcodes(an_id("other merchant"), ["B-one-1"])
            waiting = asyncio.create_task(
                second.orders.hold_barcodes(ONE.merchant_id, ["B-one-2", "B-one-1"])
            )
            done, _ = await asyncio.wait([waiting], timeout=WAIT_S)
            assert not done
        await waiting
        assert await second.orders.list_by_barcodes(ONE.merchant_id, ["B-one-1"]) == [ONE]


async def test_who_changes_users_at_once_sees_what_the_other_made_of_them(
    database: Database,
) -> None:
    async with one_of_each(database):
        pass
    async with database.transaction(TENANT.id) as second:
        async with database.transaction(TENANT.id) as first:
            [user] = await first.access.hold_users()
            waiting = asyncio.create_task(second.access.hold_users())
            done, _ = await asyncio.wait([waiting], timeout=WAIT_S)
            assert not done
            await first.access.put_user(replace(user, is_active=False))
        assert await waiting == [replace(user, is_active=False)]
