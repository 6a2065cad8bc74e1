"""Places held for orders, terms of offer, and what quotes read of past and coming days."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from promesa.domain.fleet import NO_LOAD, Load
from promesa.domain.promise import PromiseFate
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.promising.calibration import Outcome
from promesa.promising.coming import PastArrivals
from promesa.promising.reserving import QUOTED_CAUSE
from promesa.storage.database import Database
from promesa.storage.unit_of_work import UnitOfWork
from tests.support.nouns import PLAZA, a_promise, a_tenant, an_order, keep_one_of_each
from tests.support.promise_nouns import ACCEPTED, WINDOW, a_reservation, saved_terms

TENANT = a_tenant("Uno")


@pytest_asyncio.fixture
async def tx(database: Database) -> AsyncIterator[UnitOfWork]:
    """A transaction of a tenant."""
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as opened:
        yield opened


async def test_the_same_quote_is_held_once(tx: UnitOfWork) -> None:
    assert await tx.reservations.add(a_reservation())
    assert not await tx.reservations.add(replace(a_reservation(), price_clp=1))
    assert await tx.reservations.find(a_reservation().id) == a_reservation()


async def test_a_place_stands_until_it_expires_is_given_back_or_an_order_takes_it(
    tx: UnitOfWork,
) -> None:
    given_back = replace(a_reservation("back"), released_at=ACCEPTED, release_cause="asked")
    taken = a_reservation("taken", order_id=UUID(int=5))
    for each in (a_reservation(), given_back, taken):
        await tx.reservations.add(each)
    hour = timedelta(hours=1)
    assert await tx.reservations.list_standing(ACCEPTED) == [a_reservation()]
    assert await tx.reservations.list_expired(ACCEPTED) == []
    assert await tx.reservations.list_standing(ACCEPTED + hour) == []
    assert await tx.reservations.list_expired(ACCEPTED + hour) == [a_reservation()]


async def test_places_are_forgotten_by_their_order_or_their_age_but_none_that_stands(
    tx: UnitOfWork,
) -> None:
    given_back = replace(a_reservation("back"), released_at=ACCEPTED, release_cause="asked")
    taken, other = (a_reservation(str(n), order_id=UUID(int=n)) for n in (5, 6))
    for each in (a_reservation(), given_back, taken, other):
        await tx.reservations.add(each)
    assert await tx.reservations.remove_of([UUID(int=5), UUID(int=9)]) == 1
    assert await tx.reservations.remove_before(ACCEPTED) == 0
    assert await tx.reservations.remove_before(ACCEPTED + timedelta(seconds=1)) == 2
    assert await tx.reservations.list_standing(ACCEPTED) == [a_reservation()]


async def test_what_orders_weigh_is_told_of_each_and_in_the_mean(tx: UnitOfWork) -> None:
    await keep_one_of_each(tx)
    order = await tx.orders.get(an_order().id)
    parcels = tuple(replace(each, weight_g=700) for each in order.parcels)
    await tx.orders.save(replace(order, parcels=parcels))
    [due] = await tx.promise_history.list_due_of([order.id])
    # What no parcel says is unknown, which is told as 0.
    assert due.load == Load(parcels=len(parcels), weight_g=700 * len(parcels))
    assert await tx.promise_history.usual_load(date(2026, 1, 1)) == due.load
    assert await tx.promise_history.usual_load(date(2027, 1, 1)) == NO_LOAD


async def test_outcomes_say_what_was_stated_and_what_became_of_the_first_promise(
    tx: UnitOfWork,
) -> None:
    await keep_one_of_each(tx)
    told = replace(a_promise(), window=WINDOW, fate=PromiseFate.LATE, version=2)
    await tx.promises.save(replace(told, version=1, fate=PromiseFate.KEPT))
    await tx.promises.add(told)
    await tx.reservations.add(a_reservation("sold", order_id=an_order().id))
    [outcome] = await tx.reservations.list_outcomes(ACCEPTED - timedelta(days=1))
    first = a_promise().window
    assert outcome == Outcome(
        p_stated=0.96,
        is_kept=True,
        is_whole_day=first.width >= timedelta(hours=12),
        due_at=first.end,
        p_told=0.97,
    )
    assert await tx.reservations.list_outcomes(ACCEPTED + timedelta(days=1)) == []


async def test_days_of_promises_are_added_up_and_one_still_open_was_not_kept(
    tx: UnitOfWork,
) -> None:
    await keep_one_of_each(tx)
    first = replace(a_promise(), fate=PromiseFate.KEPT)
    for fate, late in (
        (PromiseFate.KEPT, 0),
        (PromiseFate.LATE, 1),
        (PromiseFate.BROKEN, 1),
        (PromiseFate.OPEN, 1),
    ):
        await tx.promises.save(replace(first, fate=fate))
        if fate is PromiseFate.KEPT:
            await tx.promises.add(replace(first, version=2, fate=PromiseFate.LATE))
            # As told by a quote of the day before.
            accepted_at = first.window.end - timedelta(days=1)
            sold = a_reservation("sold", order_id=an_order().id)
            await tx.reservations.add(replace(sold, accepted_at=accepted_at))
        [day] = await tx.reservations.list_promise_days(*around(first.window.end), SANTIAGO)
        assert (day.date, day.promises, day.late) == (
            ServiceDay.of(first.window.end).date,
            1,
            late,
        )
        assert day.late_stated == pytest.approx(0.03)
        assert day.variance == pytest.approx(0.97 * 0.03)
    await tx.promises.save(replace(first, fate=PromiseFate.RELEASED))
    assert await tx.reservations.list_promise_days(*around(first.window.end), SANTIAGO) == []
    await tx.promises.save(first)
    begin, _ = around(first.window.end)
    assert await tx.reservations.list_promise_days(begin, first.window.end, SANTIAGO) == []


def around(instant: datetime) -> tuple[datetime, datetime]:
    """An hour on both sides."""
    return instant - timedelta(hours=1), instant + timedelta(hours=1)


async def test_terms_come_back_as_they_were_saved_and_the_newest_version_stands(
    tx: UnitOfWork,
) -> None:
    assert await tx.promise_terms.find() is None
    await tx.promise_terms.add(saved_terms())
    assert await tx.promise_terms.find() == saved_terms()
    newer = replace(saved_terms(), version=2, terms=replace(saved_terms().terms, hold_min=5))
    await tx.promise_terms.lock()
    await tx.promise_terms.add(newer)
    assert await tx.promise_terms.find() == newer
    assert await tx.promise_terms.list_versions(limit=5) == [newer, saved_terms()]
    assert await tx.promise_terms.list_versions(limit=1) == [newer]


async def test_what_is_still_to_be_kept_is_told_with_its_newest_open_window(
    tx: UnitOfWork,
) -> None:
    await keep_one_of_each(tx)
    promise = a_promise()
    start, end = promise.window.start, promise.window.end
    [due] = await tx.promise_history.list_due(start, end)
    assert (due.order_id, due.window, due.position) == (an_order().id, promise.window, PLAZA)
    assert await tx.promise_history.list_due_of([due.order_id]) == [due]
    assert due.is_named
    # One that was moved came in for another day.
    await tx.promises.add(replace(promise, version=2, cause="rescheduled"))
    [moved] = await tx.promise_history.list_due(start, end)
    assert not moved.is_named
    for version in (1, 2):
        await tx.promises.save(replace(promise, version=version, fate=PromiseFate.KEPT))
    assert await tx.promise_history.list_due(start, end) == []


async def test_who_took_a_quote_names_no_day(tx: UnitOfWork) -> None:
    await keep_one_of_each(tx)
    other = an_order("other")
    await tx.orders.add(other)
    await tx.promises.add(replace(a_promise(), order_id=other.id, cause=QUOTED_CAUSE))
    [due] = await tx.promise_history.list_due_of([other.id])
    assert not due.is_named


async def test_orders_that_came_in_are_counted_by_the_hour_of_the_zone(tx: UnitOfWork) -> None:
    await keep_one_of_each(tx)
    day = timedelta(days=1)
    made_at = a_promise().made_at
    zone = "America/Santiago"
    found = await tx.promise_history.list_arrivals(made_at - day, made_at + day, zone)
    local = made_at - timedelta(hours=3)
    assert found == [PastArrivals(date=local.date(), hour=local.hour, orders=1, quoted=0)]
    assert a_promise().cause != QUOTED_CAUSE


async def test_shifts_comunas_and_routes_of_a_span_are_read_at_once(tx: UnitOfWork) -> None:
    await keep_one_of_each(tx)
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    assert len(await tx.promise_history.list_shifts(first, last)) == 1
    assert await tx.promise_history.list_shifts(first, first) == []
    assert await tx.promise_history.list_comunas(first) == [(an_order().comuna, 1)]
    [driven] = await tx.promise_history.list_driven(first, last)
    assert driven.stops >= 1
    assert driven.service_s > 0
