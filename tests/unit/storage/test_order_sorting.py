"""Lists of orders in every order a column offers, page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from promesa.domain.access import Merchant
from promesa.domain.order import Order, OrderState
from promesa.domain.promise import Promise
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.repository import (
    OrderFilter,
    OrderSort,
    OrderSorting,
    SortValue,
    SortWay,
)
from promesa.storage.database import Database
from promesa.storage.unit_of_work import UnitOfWork
from tests.support import nouns
from tests.support.nouns import DAY, MORNING, an_id

TENANT = nouns.a_tenant()

HOUR = timedelta(hours=1)
SHOPS = {name: Merchant(id=an_id(name), name=name, code=name) for name in ("Álamo", "boldo")}
# Each says in its letters where it stands: by comuna, by state, by promise, by shop.
ROWS = {
    "B-2": ("Vitacura", OrderState.DELIVERED, 3, "boldo"),
    "A-3": ("Ñuñoa", OrderState.CONFIRMED, 1, "Álamo"),
    "a-1": ("Maipú", OrderState.CANCELLED, 2, "boldo"),
    "C-4": (None, OrderState.OUT_FOR_DELIVERY, None, "Álamo"),
}


async def fill(tx: UnitOfWork) -> dict[UUID, str]:
    for shop in SHOPS.values():
        await tx.access.put_merchant(shop)
    names = {}
    for reference, (comuna, state, hour, name) in ROWS.items():
        order = replace(
            nouns.an_order(reference),
            reference=reference,
            comuna=comuna,
            state=state,
            merchant_id=SHOPS[name].id,
        )
        await tx.orders.add(order)
        names[order.id] = reference
        if hour is not None:
            # The first window of each is the same: the one told last counts.
            for version, start in ((1, MORNING), (2, MORNING + hour * HOUR)):
                window = TimeWindow(start=start, end=start + HOUR)
                await tx.promises.add(
                    Promise(
                        order_id=order.id,
                        version=version,
                        window=window,
                        made_at=MORNING,
                        cause="order_confirmed",
                    )
                )
    return names


async def walk(tx: UnitOfWork, sorting: OrderSorting, *, limit: int) -> list[Order]:
    found: list[Order] = []
    after: tuple[SortValue, UUID] | None = None
    for _ in range(len(ROWS) + 1):
        page = await tx.orders.list_page(OrderFilter(), limit=limit, after=after, sorting=sorting)
        found += page
        if len(page) < limit:
            break
        after = (await tx.orders.sort_value(page[-1].id, sorting.by), page[-1].id)
    return found


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        (OrderSort.REFERENCE, ["a-1", "A-3", "B-2", "C-4"]),
        (OrderSort.COMUNA, ["C-4", "a-1", "A-3", "B-2"]),
        (OrderSort.PROMISED, ["A-3", "a-1", "B-2", "C-4"]),
        (OrderSort.STATE, ["A-3", "C-4", "B-2", "a-1"]),
    ],
)
@pytest.mark.parametrize("way", list(SortWay))
async def test_a_sorted_list_is_the_same_page_by_page(
    database: Database, by: OrderSort, way: SortWay, wanted: list[str]
) -> None:
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as tx:
        names = await fill(tx)
        for limit in (1, 3, len(ROWS)):
            found = await walk(tx, OrderSorting(by=by, way=way), limit=limit)
            expected = wanted if way is SortWay.ASCENDING else wanted[::-1]
            assert [names[order.id] for order in found] == expected, limit


async def test_equal_values_are_settled_by_the_id(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as tx:
        names = await fill(tx)
        found = await walk(tx, OrderSorting(by=OrderSort.MERCHANT), limit=1)
    shops = [ROWS[names[order.id]][3] for order in found]
    assert shops == ["Álamo", "Álamo", "boldo", "boldo"]
    assert [order.id for order in found] == sorted(
        names, key=lambda key: (ROWS[names[key]][3].replace("Á", "a"), key)
    )


async def test_the_count_is_of_all_pages(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as tx:
        await fill(tx)
        assert await tx.orders.count(OrderFilter()) == len(ROWS)
        assert await tx.orders.count(OrderFilter(merchant_id=SHOPS["boldo"].id)) == 2
        assert await tx.orders.count(OrderFilter(date=DAY - timedelta(days=1))) == 0
