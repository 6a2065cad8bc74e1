"""A delay is told before it is asked for, and taken back when the promise holds again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from promesa.dispatch.delays import (
    CAUSE_BACK_ON_TIME,
    DELAYS_MAX,
    Delay,
    tell_back_on_time,
    tell_delay,
)
from promesa.domain.actor import Actor
from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.promise import Promise, PromiseFate, standing_promise
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from tests.support.dispatch_memory import DISPATCHER, NINE, SmallDay, make_small_day
from tests.support.orders_memory import TODAY

TEN = NINE + timedelta(hours=1)
PROMISED = TimeWindow(start=TEN, end=TEN + timedelta(hours=2))
LATE = TimeWindow(start=TEN + timedelta(hours=3), end=TEN + timedelta(hours=4))
DAY = ServiceDay(TODAY)
ACTOR: Actor = DISPATCHER


@pytest.fixture
async def small() -> SmallDay:
    """Ana's order is on the road, promised between ten and twelve."""
    day = await make_small_day()
    order = await day.tx.orders.get(day.ana.order_id)
    await day.tx.orders.save(replace(order, state=OrderState.OUT_FOR_DELIVERY))
    kept = day.tx.promises.kept[order.id]
    kept[:] = [replace(kept[0], window=PROMISED)]
    return day


async def late(day: SmallDay, window: TimeWindow = LATE) -> Promise | None:
    delay = Delay(
        order_id=day.ana.order_id, route_id=day.route.id, window=window, is_broken_down=True
    )
    return await tell_delay(day.tx, delay, actor=ACTOR, now=TEN)


async def on_time(day: SmallDay) -> Promise | None:
    return await tell_back_on_time(
        day.tx, day.ana.order_id, day.route.id, day=DAY, actor=ACTOR, now=TEN
    )


async def test_a_promise_that_holds_again_is_told_as_it_was(small: SmallDay) -> None:
    await late(small)
    again = await on_time(small)
    assert again is not None
    assert (again.version, again.window, again.cause) == (3, PROMISED, CAUSE_BACK_ON_TIME)
    made = [event for event in small.tx.events.kept if event.type == "promise.made"]
    assert [event.data["cause"] for event in made][-2:] == ["delay_breakdown", "back_on_time"]


async def test_the_promise_that_counts_stays_the_one_it_was(small: SmallDay) -> None:
    await late(small)
    await on_time(small)
    standing = standing_promise(small.tx.promises.kept[small.ana.order_id], DAY)
    assert standing is not None
    assert (standing.window, standing.fate) == (PROMISED, PromiseFate.OPEN)


async def test_nothing_is_taken_back_that_was_not_told(small: SmallDay) -> None:
    assert await on_time(small) is None
    await late(small)
    await on_time(small)
    assert await on_time(small) is None


async def test_no_new_window_is_told_for_parcels_that_stayed_behind(small: SmallDay) -> None:
    order = await small.tx.orders.get(small.ana.order_id)
    missing = tuple(replace(parcel, state=ParcelState.MISSING) for parcel in order.parcels)
    await small.tx.orders.save(replace(order, parcels=missing))
    assert await late(small) is None


async def test_going_late_and_back_ends_with_the_delays(small: SmallDay) -> None:
    told = [await step(small) for _ in range(DELAYS_MAX + 1) for step in (late, on_time)]
    assert sum(promise is not None for promise in told) == 2 * DELAYS_MAX


async def test_who_was_not_on_the_road_any_more_is_told_nothing(small: SmallDay) -> None:
    await late(small)
    order = await small.tx.orders.get(small.ana.order_id)
    await small.tx.orders.save(replace(order, state=OrderState.DELIVERED))
    assert await on_time(small) is None
