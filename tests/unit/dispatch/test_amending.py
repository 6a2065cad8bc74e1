"""An order on a route changes and stays on it where it fits; the driver gets the next version.

CD ── Ana 2 km ── Beto 3 km ── Carla 4 km      R-01 (Dora) at 1.5 km, 100 s a kilometre
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from promesa.dispatch.amending import (
    Amendment,
    ChangeDoesNotFitError,
    ParcelAboardError,
    PinNeededError,
    fit,
    keep_amendment,
    read_amendment,
)
from promesa.dispatch.rescheduling import journal_of
from promesa.dispatch.versions import withdraw
from promesa.domain.actor import Role
from promesa.domain.order import Order, OrderState
from promesa.domain.stop import Stop, StopState
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.desk import Author
from promesa.orders.drafts import OrderChange, ParcelDraft
from promesa.orders.faults import OrderOnRouteError, OrderVersionError
from promesa.promising.windows import whole_day
from tests.support.dispatch_memory import DISPATCHER
from tests.support.orders_memory import TODAY, make_desk
from tests.unit.dispatch.test_proposals import STREETS, TEN, Street, door

DESK = make_desk(now=TEN)
TORRE = Author(actor=DISPATCHER, request_id="r-1")
PLANNER = Author(actor=replace(DISPATCHER, role=Role.PLANNER), request_id="r-2")


@pytest.fixture
async def street() -> Street:
    return await Street().open()


async def read(
    street: Street, stop: Stop, change: OrderChange, author: Author = TORRE
) -> Amendment:
    order = await street.tx.orders.get(stop.order_id)
    return await read_amendment(
        street.tx, order.id, change, version=order.version, desk=DESK, author=author
    )


async def amend(street: Street, stop: Stop, change: OrderChange) -> Order:
    amendment = await read(street, stop, change)
    rerouted = None
    if amendment.stop is not None:
        rerouted = fit(await street.situation(), amendment, STREETS, workday=whole_day(TODAY))
    return await keep_amendment(street.tx, amendment, rerouted, desk=DESK, author=TORRE)


async def sequence(street: Street, number: int) -> list[str]:
    version = await street.tx.routes.get_version(street.dora.id, number)
    orders = [await street.tx.orders.get(stop.order_id) for stop in version.stops]
    return [order.reference for order in orders]


async def test_a_phone_changes_without_a_new_version(street: Street) -> None:
    order = await amend(street, street.of_dora[0], OrderChange(phone="961234567"))
    assert street.tx.people.kept[order.recipient_id].phone == "+56961234567"
    assert (await street.tx.routes.get(street.dora.id)).version == 1


async def test_a_pin_moved_to_the_end_of_the_street_is_no_longer_visited_first(
    street: Street,
) -> None:
    order = await amend(street, street.of_dora[0], OrderChange(position=door(5.0)))
    assert (await sequence(street, 2))[0] == "BETO"
    assert order.state is OrderState.OUT_FOR_DELIVERY
    assert (await street.tx.routes.get_stop(street.of_dora[0].id)).position == door(5.0)


async def test_a_published_version_keeps_what_it_said(street: Street) -> None:
    await amend(street, street.of_dora[0], OrderChange(position=door(5.0)))
    assert await sequence(street, 1) == ["ANA", "BETO", "CARLA"]


async def test_a_driver_at_the_wrong_door_has_not_arrived(street: Street) -> None:
    ana = replace(street.of_dora[0], state=StopState.ARRIVED, arrived_at=TEN)
    await street.tx.routes.put_stop(ana)
    await amend(street, ana, OrderChange(position=door(2.2)))
    now = await street.tx.routes.get_stop(ana.id)
    assert (now.state, now.arrived_at) == (StopState.PENDING, None)


async def test_a_pin_that_breaks_another_promise_is_refused(street: Street) -> None:
    """Carla is promised until ten past ten; Ana's new door is half an hour back."""
    await street.promise(street.of_dora[2], TEN + timedelta(minutes=12))
    await street.promise(street.of_dora[1], TEN + timedelta(minutes=12))
    amendment = await read(street, street.of_dora[0], OrderChange(position=door(-400.0)))
    with pytest.raises(ChangeDoesNotFitError):
        fit(await street.situation(), amendment, STREETS, workday=whole_day(TODAY))


async def test_a_route_that_is_late_already_still_takes_a_better_pin(street: Street) -> None:
    """Everybody's window is over: the change makes nobody late who was not."""
    for stop in street.of_dora:
        await street.promise(stop, TEN)
    order = await amend(street, street.of_dora[1], OrderChange(position=door(3.1)))
    assert order.placement is not None
    assert (await sequence(street, 2)) == ["ANA", "BETO", "CARLA"]


async def test_an_address_nobody_can_place_asks_for_a_pin(street: Street) -> None:
    with pytest.raises(PinNeededError):
        await read(street, street.of_dora[0], OrderChange(address="Pasaje Que No Existe 77"))


async def test_a_parcel_in_the_van_is_not_taken_off_the_order(street: Street) -> None:
    with pytest.raises(ParcelAboardError):
        await read(street, street.of_dora[0], OrderChange(parcels=(ParcelDraft(barcode="X-9"),)))


async def test_a_new_window_is_a_new_promise_and_the_first_one_stays(street: Street) -> None:
    window = TimeWindow(start=TEN + timedelta(hours=3), end=TEN + timedelta(hours=5))
    order = await amend(street, street.of_dora[0], OrderChange(windows=(window,)))
    told = [promise.window for promise in street.tx.promises.kept[order.id]]
    assert told == [whole_day(TODAY), window]


async def test_another_day_is_a_reschedule_and_no_change(street: Street) -> None:
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(OrderOnRouteError):
        await read(street, street.of_dora[0], OrderChange(date=tomorrow))


async def test_who_may_not_dispatch_does_not_change_a_route(street: Street) -> None:
    with pytest.raises(OrderOnRouteError):
        await read(street, street.of_dora[0], OrderChange(position=door(5.0)), PLANNER)


async def test_a_route_that_changed_meanwhile_is_not_overwritten(street: Street) -> None:
    """Another dispatcher takes Carla off while Ana's new door is worked out."""
    amendment = await read(street, street.of_dora[0], OrderChange(position=door(5.0)))
    rerouted = fit(await street.situation(), amendment, STREETS, workday=whole_day(TODAY))
    carla = await street.tx.orders.get(street.of_dora[2].order_id)
    await withdraw(journal_of(street.tx, carla, "away", desk=DESK, author=TORRE), carla, cause="x")
    with pytest.raises(ChangeDoesNotFitError):
        await keep_amendment(street.tx, amendment, rerouted, desk=DESK, author=TORRE)
    assert await sequence(street, 2) == ["ANA", "BETO"]


async def test_whoever_was_erased_meanwhile_is_not_written_down_again(street: Street) -> None:
    amendment = await read(street, street.of_dora[0], OrderChange(phone="961234567"))
    person_id = amendment.revision.person.id
    await street.tx.people.erase(person_id)
    with pytest.raises(OrderVersionError):
        await keep_amendment(street.tx, amendment, None, desk=DESK, author=TORRE)
    assert (await street.tx.people.get(person_id)).name is None
