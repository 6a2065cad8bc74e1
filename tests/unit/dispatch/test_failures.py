"""A failed visit ends by the stated policy once nobody chose otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from promesa.dispatch.failures import Ending, ending_of, next_working_day
from promesa.domain.leg import LegKind
from promesa.domain.order import OrderState
from promesa.domain.promise import PromiseFate
from promesa.kernel.ids import derived_id
from promesa.promising.windows import whole_day
from tests.support.dispatch_memory import SmallDay, make_small_day

PHOTO = [{"id": str(derived_id("door photo")), "kind": "photo"}]
TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("reason", "attempts", "ending"),
    [
        ("RECIPIENT_ABSENT", 1, Ending.RETRY),
        ("RECIPIENT_ABSENT", 2, Ending.RETRY),
        ("RECIPIENT_ABSENT", 3, Ending.RETURN),
        ("RECIPIENT_REFUSED", 1, Ending.RETURN),
        ("PURCHASE_CANCELLED", 1, Ending.RETURN),
        ("ADDRESS_WRONG", 1, Ending.FIX_ADDRESS),
        ("ADDRESS_WRONG", 3, Ending.RETURN),
        ("PARCEL_STOLEN", 1, Ending.LOST),
        ("PARCEL_MISSING", 1, Ending.WAIT),
        ("OVERSIZED", 1, Ending.WAIT),
    ],
)
def test_the_ending_follows_from_reason_and_attempts(
    reason: str, attempts: int, ending: Ending
) -> None:
    assert ending_of(reason, attempts=attempts) is ending


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 11, 23), date(2026, 11, 24)),  # Monday
        (date(2026, 11, 28), date(2026, 11, 30)),  # Saturday, then Sunday
        (date(2026, 12, 24), date(2026, 12, 26)),  # Christmas
        (date(2026, 9, 17), date(2026, 9, 21)),  # Two days of Fiestas Patrias and a Sunday
    ],
)
def test_the_next_working_day_skips_sundays_and_the_days_shops_must_close(
    day: date, following: date
) -> None:
    assert next_working_day(day) == following


async def finish(day: SmallDay, reason: str) -> None:
    """Delivers Ana, fails at Beto's, brings the van back."""
    await day.phone.close(day.ana)
    await day.phone.close(day.beto, "failed", reason=reason, evidence=PHOTO)
    await day.phone.tell("route.finished")


async def test_nobody_home_goes_again_on_the_next_working_day_with_a_new_promise() -> None:
    day = await make_small_day()
    await finish(day, "RECIPIENT_ABSENT")
    order = await day.order_of(day.beto)
    assert (order.state, order.date) == (OrderState.RESCHEDULED, TUESDAY)
    first, second = day.tx.promises.kept[order.id]
    assert (first.fate, second.fate) == (PromiseFate.BROKEN, PromiseFate.OPEN)
    assert second.window == whole_day(TUESDAY)


async def test_a_refusal_starts_the_return_as_one_more_leg() -> None:
    day = await make_small_day()
    await finish(day, "RECIPIENT_REFUSED")
    order = await day.order_of(day.beto)
    assert (order.state, order.leg.kind) == (OrderState.RETURNING, LegKind.RETURN)
    assert order.date == TUESDAY


async def test_a_wrong_address_waits_for_a_person_before_it_goes_again() -> None:
    day = await make_small_day()
    await finish(day, "ADDRESS_WRONG")
    order = await day.order_of(day.beto)
    assert order.state is OrderState.ADDRESS_REVIEW
    assert order.placement is not None
    assert not order.placement.is_routable


async def test_a_parcel_that_is_missing_waits_for_a_dispatcher() -> None:
    day = await make_small_day()
    await finish(day, "PARCEL_MISSING")
    assert (await day.order_of(day.beto)).state is OrderState.DELIVERY_FAILED


async def test_until_the_van_is_back_the_recipient_may_still_choose() -> None:
    day = await make_small_day()
    await day.phone.close(day.beto, "failed", reason="RECIPIENT_ABSENT", evidence=PHOTO)
    assert (await day.order_of(day.beto)).state is OrderState.DELIVERY_FAILED
