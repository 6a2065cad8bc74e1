"""Which orders may go onto a route, and which wait for a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from promesa.domain.leg import Carrier, Leg, LegKind
from promesa.domain.order import OrderState
from promesa.planning.due import is_due, is_plannable, sort_out
from tests.support.dispatch_memory import make_order


@pytest.mark.parametrize(
    ("state", "is_expected"),
    [
        (OrderState.CONFIRMED, True),
        (OrderState.RESCHEDULED, True),
        (OrderState.IN_PREPARATION, True),
        (OrderState.DRAFT, False),
        (OrderState.SCHEDULED, False),  # It is on a route already.
        (OrderState.OUT_FOR_DELIVERY, False),
        (OrderState.DELIVERED, False),
        (OrderState.DELIVERY_FAILED, False),  # Somebody may still choose.
        (OrderState.CANCELLED, False),
    ],
)
def test_an_order_is_due_until_it_is_on_a_route(state: OrderState, *, is_expected: bool) -> None:
    assert is_due(make_order("ana", state=state)) is is_expected


def test_an_uncertain_position_waits_for_a_person() -> None:
    order = make_order("ana", state=OrderState.CONFIRMED)
    assert order.placement is not None
    unsure = replace(order, placement=replace(order.placement, uncertainty_m=400.0))
    due = sort_out([unsure, make_order("beto", state=OrderState.CONFIRMED)])
    assert due.left_for_review == (unsure,)
    assert len(due.plannable) == 1


def test_an_order_under_review_is_due_but_not_planned() -> None:
    order = make_order("ana", state=OrderState.ADDRESS_REVIEW)
    assert is_due(order)
    assert not is_plannable(order)


def test_a_return_is_planned_whatever_we_know_of_the_recipients_door() -> None:
    order = replace(
        make_order("ana", state=OrderState.RETURNING),
        legs=(Leg(kind=LegKind.RETURN),),
        placement=None,
    )
    assert is_plannable(order)


def test_another_carriers_leg_is_not_ours_to_plan() -> None:
    order = make_order("ana", state=OrderState.CONFIRMED)
    theirs = (Leg(kind=LegKind.DELIVERY, carrier=Carrier.OTHER),)
    assert not is_due(replace(order, legs=theirs))
