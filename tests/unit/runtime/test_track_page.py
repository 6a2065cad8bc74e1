"""What the recipient is told agrees with what the driver did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from promesa.api.track_views import ON_THE_WAY, PREPARING, delivered_seen, state_of
from promesa.domain.order import Order, OrderState
from promesa.domain.parcel import ParcelState
from promesa.notify.messages import MessageKind
from promesa.runtime.reactions import may_say
from tests.support.nouns import MORNING, a_tenant, an_event, an_order

TENANT = a_tenant()


def on_the_road(*states: ParcelState) -> Order:
    """An order whose van left, with a parcel in each of these states."""
    order = an_order()
    parcels = zip(order.parcels, states, strict=True)
    return replace(
        order,
        state=OrderState.OUT_FOR_DELIVERY,
        parcels=tuple(replace(parcel, state=state) for parcel, state in parcels),
    )


@pytest.mark.parametrize(
    ("second", "is_on_the_way"),
    [(ParcelState.MISSING, False), (ParcelState.IN_TRANSIT, True)],
)
def test_nothing_is_on_the_way_to_who_waits_for_parcels_that_all_stayed_behind(
    second: ParcelState, *, is_on_the_way: bool
) -> None:
    order = on_the_road(ParcelState.MISSING, second)
    assert state_of(order) == (ON_THE_WAY if is_on_the_way else PREPARING)
    assert may_say(MessageKind.OUT_FOR_DELIVERY, order) is is_on_the_way
    assert may_say(MessageKind.NEXT_STOP, order) is is_on_the_way
    assert may_say(MessageKind.COULD_NOT_DELIVER, order)


def test_a_part_is_told_with_its_parcels_and_with_what_was_paid_for_it() -> None:
    order = on_the_road(ParcelState.DELIVERED, ParcelState.IN_TRANSIT)
    closed = replace(
        an_event(TENANT.id),
        type="stop.closed",
        data={"outcome": "partial", "cod_due_clp": 9990, "cod_collected_clp": 5000},
    )
    part = replace(an_event(TENANT.id, "two"), type="order.partially_delivered", data={})
    seen = delivered_seen(order, [closed, part], [], None)
    assert seen is not None
    assert (seen.at, seen.parcels, seen.parcels_total) == (MORNING, 1, 2)
    assert seen.paid_clp == 5000
    assert delivered_seen(order, [closed], [], None) is None
