"""Nothing uncertain goes onto a route without a person's yes, whatever the chain answers."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from promesa.domain.order import OrderState
from promesa.domain.place import UNCERTAINTY_M_MAX, PlaceLevel, Placement, PlaceSource
from promesa.kernel.geo import Position
from promesa.orders.drafts import OrderDraft
from promesa.orders.intake import place_order
from promesa.orders.reviews import ReviewScope, accept_batch
from tests.support.orders_memory import (
    BY_USER,
    MERCHANT_ID,
    TODAY,
    KnownStreets,
    MemoryStore,
    make_desk,
)

placements = st.builds(
    Placement,
    position=st.builds(
        Position, lon=st.floats(-75, -67, width=32), lat=st.floats(-55, -18, width=32)
    ),
    level=st.sampled_from([PlaceLevel.HOUSE, PlaceLevel.STREET, PlaceLevel.COMUNA]),
    score=st.floats(0, 1),
    uncertainty_m=st.floats(0, 10_000),
    source=st.sampled_from([PlaceSource.CITY_INDEX, PlaceSource.EXTERNAL]),
)
pins = st.none() | st.builds(Position, lon=st.floats(-75, -67), lat=st.floats(-55, -18))


@given(st.none() | placements, pins)
def test_only_sure_or_confirmed_positions_leave_the_review_queue(
    found: Placement | None, given: Position | None
) -> None:
    asyncio.run(_place_and_accept(found, given))


async def _place_and_accept(found: Placement | None, given: Position | None) -> None:
    tx = MemoryStore()
    desk = make_desk(KnownStreets({} if found is None else {"Calle 1": found}))
    draft = OrderDraft(
        reference="A", merchant_id=MERCHANT_ID, date=TODAY, address="Calle 1", position=given
    )
    order = await place_order(tx, draft, desk=desk, author=BY_USER)
    placement = order.placement
    is_sure = placement is not None and placement.uncertainty_m <= UNCERTAINTY_M_MAX
    assert (order.state is OrderState.CONFIRMED) == is_sure
    scope = ReviewScope(day=TODAY)
    await accept_batch(tx, scope, level=PlaceLevel.STREET, desk=desk, author=BY_USER)
    kept = await tx.orders.get(order.id)
    if kept.state is OrderState.CONFIRMED:
        assert kept.placement is not None
        assert kept.placement.is_routable
        assert is_sure or kept.placement.confirmed_by == BY_USER.actor.id
