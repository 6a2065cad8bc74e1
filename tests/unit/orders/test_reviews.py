"""The review queue: nothing uncertain goes onto a route without a person's yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from promesa.domain.order import Order, OrderState
from promesa.domain.place import PlaceLevel, Placement, PlaceSource
from promesa.kernel.errors import InvalidError, NotFoundError
from promesa.kernel.geo import Position
from promesa.orders.drafts import OrderDraft
from promesa.orders.faults import OrderInvalidError, OrderOnRouteError
from promesa.orders.intake import upsert_orders
from promesa.orders.reviews import (
    NothingPlacedError,
    ReviewScope,
    accept_batch,
    accept_position,
    batch_sentence,
    count_reviews,
    list_reviews,
    set_pin,
    take_back_yes,
)
from tests.support.orders_memory import (
    BY_USER,
    MERCHANT_ID,
    OTHER_MERCHANT,
    TODAY,
    USER,
    KnownStreets,
    MemoryStore,
    make_desk,
)

DOOR = Position(lon=-70.60123, lat=-33.42456)


def _at(level: PlaceLevel, uncertainty_m: float) -> Placement:
    return Placement(
        position=DOOR,
        level=level,
        score=0.9,
        uncertainty_m=uncertainty_m,
        source=PlaceSource.CITY_INDEX,
    )


STREETS = KnownStreets(
    {
        "Calle A 1": _at(PlaceLevel.STREET, 160),
        "Calle B 2": _at(PlaceLevel.STREET, 200),
        "Comuna": _at(PlaceLevel.COMUNA, 3_000),
    }
)
DESK = make_desk(STREETS)
DAY = ReviewScope(day=TODAY)


async def _waiting(tx: MemoryStore) -> dict[str, Order]:
    """Four orders that wait: two at street level, one at the comuna's middle, one nowhere."""
    drafts = [
        OrderDraft(reference=line, merchant_id=MERCHANT_ID, date=TODAY, address=line)
        for line in ("Calle A 1", "Calle B 2", "Comuna", "Nada")
    ]
    outcome = await upsert_orders(tx, drafts, desk=DESK, author=BY_USER)
    return {row.order.reference: row.order for row in outcome.accepted}


async def test_the_queue_offers_one_yes_for_what_is_at_street_level() -> None:
    tx = MemoryStore()
    await _waiting(tx)
    queue = await list_reviews(tx, DAY, actor=USER, limit=2)
    assert (queue.total, len(queue.records), queue.street_level) == (4, 2, 2)
    assert queue.by_kind == {"comuna": 1, "none": 1, "street": 2}
    assert queue.offer == "aceptar 2 direcciones a nivel calle, ±180 m mediana"


async def test_one_yes_covers_the_streets_and_leaves_the_rest_waiting() -> None:
    tx = MemoryStore()
    orders = await _waiting(tx)
    said = await accept_batch(tx, DAY, level=PlaceLevel.STREET, desk=DESK, author=BY_USER)
    assert (said.accepted, said.median_uncertainty_m) == (2, 180)
    states = {name: tx.orders.kept[order.id].state for name, order in orders.items()}
    assert states["Calle A 1"] is OrderState.CONFIRMED
    assert states["Comuna"] is OrderState.ADDRESS_REVIEW


async def test_a_yes_keeps_its_author_and_stays_as_unsure_as_before() -> None:
    tx = MemoryStore()
    orders = await _waiting(tx)
    order = await accept_position(tx, orders["Calle A 1"].id, desk=DESK, author=BY_USER)
    assert order.placement is not None
    assert (order.placement.confirmed_by, order.placement.uncertainty_m) == (USER.id, 160)
    assert order.placement.level is PlaceLevel.STREET, "a yes does not make a house of a street"


async def test_an_order_without_a_position_cannot_be_said_yes_to() -> None:
    tx = MemoryStore()
    orders = await _waiting(tx)
    with pytest.raises(NothingPlacedError):
        await accept_position(tx, orders["Nada"].id, desk=DESK, author=BY_USER)


async def test_a_pin_puts_an_order_on_the_map_in_its_authors_name() -> None:
    tx = MemoryStore()
    orders = await _waiting(tx)
    order = await set_pin(tx, orders["Nada"].id, DOOR, desk=DESK, author=BY_USER)
    assert order.state is OrderState.CONFIRMED
    assert order.placement is not None
    assert (order.placement.source, order.placement.confirmed_by) == (PlaceSource.PERSON, USER.id)
    assert tx.events.types(order.id)[-2:] == ["order.address_confirmed", "order.placed_on_map"]


async def test_a_pin_in_the_sea_is_refused() -> None:
    tx = MemoryStore()
    orders = await _waiting(tx)
    sea = Position(lon=0.0, lat=0.0)
    with pytest.raises(OrderInvalidError):
        await set_pin(tx, orders["Nada"].id, sea, desk=DESK, author=BY_USER)


async def test_an_order_on_a_route_keeps_its_place() -> None:
    tx = MemoryStore()
    orders = await _waiting(tx)
    order = replace(orders["Calle A 1"], state=OrderState.SCHEDULED)
    tx.orders.kept[order.id] = order
    with pytest.raises(OrderOnRouteError):
        await set_pin(tx, order.id, DOOR, desk=DESK, author=BY_USER)


async def test_one_yes_never_covers_the_middle_of_a_comuna() -> None:
    with pytest.raises(InvalidError):
        await accept_batch(MemoryStore(), DAY, level=PlaceLevel.COMUNA, desk=DESK, author=BY_USER)


async def test_a_yes_may_be_said_to_chosen_orders_alone() -> None:
    tx = MemoryStore()
    orders = await _waiting(tx)
    chosen = ReviewScope(order_ids=(orders["Calle B 2"].id,))
    said = await accept_batch(tx, chosen, level=PlaceLevel.STREET, desk=DESK, author=BY_USER)
    assert said.order_ids == (orders["Calle B 2"].id,)
    assert said.sentence == "aceptar 1 dirección a nivel calle, ±200 m mediana"


async def test_one_yes_leaves_out_the_streets_that_were_renamed_unless_they_were_seen() -> None:
    """Two streets as they were written, and "Calle C", which the map calls otherwise."""
    renamed = KnownStreets(
        {**STREETS.placements, "Calle C 3": replace(_at(PlaceLevel.STREET, 300), is_renamed=True)}
    )
    desk, tx = make_desk(renamed), MemoryStore()
    await _waiting(tx)
    draft = OrderDraft(reference="C", merchant_id=MERCHANT_ID, date=TODAY, address="Calle C 3")
    row = (await upsert_orders(tx, [draft], desk=desk, author=BY_USER)).accepted[0]
    queue = await list_reviews(tx, DAY, actor=USER, limit=9)
    assert (queue.street_level, queue.median_uncertainty_m, queue.renamed_total) == (2, 180, 1)
    assert [record.order.id for record in queue.renamed] == [row.order.id]
    for scope, accepted in (
        (DAY, 2),
        (replace(DAY, seen_ids=(row.order.id,)), 1),
    ):
        said = await accept_batch(tx, scope, level=PlaceLevel.STREET, desk=desk, author=BY_USER)
        assert said.accepted == accepted
    await take_back_yes(tx, [row.order.id], desk=desk, author=BY_USER)
    chosen = ReviewScope(order_ids=(row.order.id,))
    said = await accept_batch(tx, chosen, level=PlaceLevel.STREET, desk=desk, author=BY_USER)
    assert said.order_ids == (row.order.id,)


async def test_one_yes_taken_back_puts_every_order_where_it_was() -> None:
    tx = MemoryStore()
    await _waiting(tx)
    before = {order_id: order.placement for order_id, order in tx.orders.kept.items()}
    said = await accept_batch(tx, DAY, level=PlaceLevel.STREET, desk=DESK, author=BY_USER)
    back = await take_back_yes(tx, said.order_ids, desk=DESK, author=BY_USER)
    assert (back.reopened, back.kept) == (2, 0)
    assert {order_id: order.placement for order_id, order in tx.orders.kept.items()} == before
    assert {order.state for order in tx.orders.kept.values()} == {OrderState.ADDRESS_REVIEW}
    assert tx.events.types(said.order_ids[0])[-2:] == [
        "order.address_confirmed",
        "order.sent_to_review",
    ]


async def test_a_yes_taken_back_leaves_alone_what_went_on_a_route_or_got_a_pin() -> None:
    tx = MemoryStore()
    orders = await _waiting(tx)
    on_route, pinned = orders["Calle A 1"].id, orders["Nada"].id
    await accept_position(tx, on_route, desk=DESK, author=BY_USER)
    await set_pin(tx, pinned, DOOR, desk=DESK, author=BY_USER)
    tx.orders.kept[on_route] = replace(tx.orders.kept[on_route], state=OrderState.SCHEDULED)
    back = await take_back_yes(tx, [on_route, pinned], desk=DESK, author=BY_USER)
    assert (back.reopened, back.kept) == (0, 2)
    assert tx.orders.kept[on_route].state is OrderState.SCHEDULED
    assert tx.orders.kept[pinned].state is OrderState.CONFIRMED


async def test_nobody_takes_back_a_yes_to_anothers_orders() -> None:
    tx = MemoryStore()
    orders = await _waiting(tx)
    order = await accept_position(tx, orders["Calle A 1"].id, desk=DESK, author=BY_USER)
    theirs = replace(BY_USER, actor=OTHER_MERCHANT)
    with pytest.raises(NotFoundError):
        await take_back_yes(tx, [order.id], desk=DESK, author=theirs)


async def test_another_merchant_sees_an_empty_queue() -> None:
    tx = MemoryStore()
    await _waiting(tx)
    queue = await list_reviews(tx, DAY, actor=OTHER_MERCHANT, limit=10)
    assert (queue.total, queue.offer) == (0, None)


async def test_the_queue_is_counted_as_it_is_listed_whatever_the_day() -> None:
    """Of four that wait one goes another day; a fifth is on its way, and its address in doubt."""
    tx = MemoryStore()
    orders = await _waiting(tx)
    later = orders["Calle A 1"]
    await tx.orders.save(replace(later, date=TODAY + timedelta(days=2)))
    pinned = await set_pin(tx, orders["Comuna"].id, DOOR, desk=DESK, author=BY_USER)
    asked = replace(pinned, correction_asked_at=datetime(2026, 11, 23, tzinfo=UTC))
    await tx.orders.save(asked)
    queue = await list_reviews(tx, ReviewScope(), actor=USER, limit=10)
    assert await count_reviews(tx, actor=USER) == queue.total == 4
    assert (await list_reviews(tx, DAY, actor=USER, limit=10)).total == 3
    assert await count_reviews(tx, actor=OTHER_MERCHANT) == 0


def test_the_yes_reads_as_the_screens_say_it() -> None:
    assert batch_sentence(312, 180) == "aceptar 312 direcciones a nivel calle, ±180 m mediana"
