"""A delivery told after the torre closed its route is the truth, unless something contradicts it.

Dora's van carries Ana (two parcels) and Beto (one). She delivers at 15:10 without coverage; the
torre closes at 20:00 and promises another day; her phone is heard at 21:00.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from promesa.dispatch.depot_scans import apply_depot_scan
from promesa.dispatch.phone import EventResult, EventStatus
from promesa.dispatch.route_closing import close_route
from promesa.domain.actor import Role
from promesa.domain.custody import HolderKind
from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.promise import PromiseFate
from promesa.domain.route import RouteState
from promesa.domain.stop import Outcome, Stop, StopState
from promesa.kernel.ids import Ids, derived_id
from promesa.kernel.seeds import stream
from promesa.proof.ledger import verify
from tests.support.dispatch_memory import DISPATCHER, NINE, SmallDay, make_small_day, make_version
from tests.support.orders_memory import TODAY

TEN_PAST_THREE = NINE + timedelta(hours=6, minutes=10)
EIGHT_PM = NINE + timedelta(hours=11)
NINE_PM = NINE + timedelta(hours=12)


async def closed_by_the_torre(*, is_driven: bool = True) -> SmallDay:
    day = await make_small_day()
    if is_driven:
        await day.phone.tell("route.started")
    day.phone.clock.move_to(EIGHT_PM)
    await close_route(
        day.tx,
        day.route.id,
        actor=DISPATCHER,
        clock=day.phone.clock,
        ids=Ids(day.phone.clock, stream(1, "closing").randbytes),
    )
    day.phone.clock.move_to(NINE_PM)
    return day


async def tell(
    day: SmallDay, stop: Stop, *, at: datetime = TEN_PAST_THREE, **fields: object
) -> EventResult:
    photo = {"id": str(derived_id("photo", stop.id)), "kind": "photo"}
    told = {
        "outcome": "succeeded",
        "evidence": [photo],
        "receiver": {"relation": "recipient"},
    } | fields
    raw = day.phone.event("stop.closed", stop_id=stop.id, **told)
    return await day.phone.send(raw | {"occurred_at": at.isoformat()})


async def scan(day: SmallDay, barcode: str, kind: str, at: datetime) -> None:
    raw = {
        "id": str(derived_id("scan", barcode, kind)),
        "barcode": barcode,
        "depot_id": str(day.route.depot_id),
        "occurred_at": at.isoformat(),
        "kind": kind,
    }
    actor = replace(DISPATCHER, role=Role.WAREHOUSE)
    result = await apply_depot_scan(day.tx, raw, actor=actor, clock=day.phone.clock)
    assert result.status is EventStatus.ACCEPTED, result


async def test_a_delivery_told_late_is_delivered_when_it_happened() -> None:
    day = await closed_by_the_torre()
    result = await tell(day, day.ana)
    order, stop = await day.order_of(day.ana), await day.stop_now(day.ana)
    assert result.status is EventStatus.ACCEPTED
    assert (order.state, order.date, order.attempts) == (OrderState.DELIVERED, TODAY, 1)
    assert (stop.state, stop.outcome, stop.closed_at, stop.reason) == (
        StopState.CLOSED,
        Outcome.SUCCEEDED,
        TEN_PAST_THREE,
        None,
    )
    assert (await day.route_now()).state is RouteState.FINISHED
    # The recipient was told another day: what tells the delivery is the event of the order.
    assert day.types().count("order.delivered") == 1
    assert day.types().count("stop.told_late") == 1


async def test_its_first_promise_is_kept_after_all() -> None:
    day = await closed_by_the_torre()
    first = day.tx.promises.kept[day.ana.order_id][0]
    assert first.fate is PromiseFate.BROKEN
    await tell(day, day.ana, at=first.window.start + timedelta(minutes=5))
    fates = [promise.fate for promise in day.tx.promises.kept[day.ana.order_id]]
    # The window of another day was told after the delivery; its fate is known as well.
    assert fates == [PromiseFate.KEPT, PromiseFate.EARLY]


async def test_custody_goes_from_the_van_to_the_recipient() -> None:
    day = await closed_by_the_torre()
    await tell(day, day.ana)
    for parcel in (await day.order_of(day.ana)).parcels:
        chain = await day.tx.custody.list_of(parcel.id)
        assert [link.holder.kind for link in chain][-2:] == [
            HolderKind.ROUTE,
            HolderKind.RECIPIENT,
        ]
        assert (parcel.state, verify(chain)) == (ParcelState.DELIVERED, [])


async def test_the_same_event_twice_delivers_once() -> None:
    day = await closed_by_the_torre()
    first, second = await tell(day, day.ana), await tell(day, day.ana)
    assert (first.status, second.status) == (EventStatus.ACCEPTED, EventStatus.DUPLICATE)
    assert day.types().count("order.delivered") == 1


async def test_a_delivery_after_the_closing_counts_too() -> None:
    day = await closed_by_the_torre()
    at = EIGHT_PM + timedelta(minutes=20)
    assert (await tell(day, day.beto, at=at)).status is EventStatus.ACCEPTED
    assert (await day.order_of(day.beto)).state is OrderState.DELIVERED


async def test_a_route_called_off_was_driven_without_coverage() -> None:
    day = await closed_by_the_torre(is_driven=False)
    assert (await day.route_now()).state is RouteState.CANCELLED
    assert (await tell(day, day.ana)).status is EventStatus.ACCEPTED
    order = await day.order_of(day.ana)
    kinds = [link.holder.kind for link in await day.tx.custody.list_of(order.parcels[0].id)]
    assert order.state is OrderState.DELIVERED
    assert kinds[-2:] == [HolderKind.ROUTE, HolderKind.RECIPIENT]


async def test_it_leaves_the_route_of_another_day_that_it_was_put_on() -> None:
    day = await closed_by_the_torre()
    order = await day.order_of(day.ana)
    day.tx.orders.kept[order.id] = replace(order, state=OrderState.SCHEDULED)
    route = replace(day.route, id=derived_id("route", "R-02"), code="R-02")
    tomorrow = replace(day.ana, id=derived_id("stop", order.id, 2), route_id=route.id)
    await day.tx.routes.add(route)
    await day.tx.routes.put_stop(tomorrow)
    await day.tx.routes.add_version(make_version(route, [tomorrow]))
    assert (await tell(day, day.ana)).status is EventStatus.ACCEPTED
    assert (await day.stop_now(tomorrow)).outcome is Outcome.CANCELLED
    assert (await day.order_of(day.ana)).state is OrderState.DELIVERED


async def test_a_parcel_that_nobody_found_was_delivered() -> None:
    day = await closed_by_the_torre()
    parcel = (await day.order_of(day.beto)).parcels[0]
    await scan(day, parcel.barcode, "missing", NINE_PM)
    result = await tell(day, day.beto)
    assert result.status is EventStatus.ACCEPTED
    assert (await day.order_of(day.beto)).parcels[0].state is ParcelState.DELIVERED


async def test_a_parcel_seen_in_the_depot_since_is_for_a_person_to_decide() -> None:
    day = await closed_by_the_torre()
    order = await day.order_of(day.beto)
    await scan(day, order.parcels[0].barcode, "returned", NINE_PM)
    before = await day.order_of(day.beto)
    # What is no reason of ours may name somebody, and no event keeps it.
    result = await tell(day, day.beto, reason="Beto Soto")
    again = await tell(day, day.beto, reason="Beto Soto")
    assert (result.status, result.code) == (EventStatus.REFUSED, "delivery_disputed")
    assert again == result
    assert await day.order_of(day.beto) == before
    kept = day.tx.events.kept[-1]
    assert (kept.type, kept.order_id) == ("stop.delivery_disputed", order.id)
    assert (kept.data["why"], kept.data["reason"]) == ("parcel.returned_to_depot", None)
    assert (kept.data["outcome"], kept.data["kinds"]) == ("succeeded", ["photo"])
    assert kept.evidence == (derived_id("photo", day.beto.id),)


async def test_called_off_before_it_was_handed_over_is_for_a_person_to_decide() -> None:
    day = await closed_by_the_torre()
    await cancel(day, at=TEN_PAST_THREE - timedelta(hours=1))
    assert (await tell(day, day.ana)).code == "delivery_disputed"
    assert (await day.order_of(day.ana)).state is OrderState.CANCELLED


async def test_called_off_after_it_was_handed_over_is_delivered() -> None:
    day = await closed_by_the_torre()
    await cancel(day, at=TEN_PAST_THREE + timedelta(hours=1))
    assert (await tell(day, day.ana)).status is EventStatus.ACCEPTED
    assert (await day.order_of(day.ana)).state is OrderState.DELIVERED


async def cancel(day: SmallDay, *, at: datetime) -> None:
    order = await day.order_of(day.ana)
    day.tx.orders.kept[order.id] = replace(order, state=OrderState.CANCELLED)
    told = next(event for event in day.tx.events.kept if event.order_id == order.id)
    event_id = derived_id("cancelled", order.id)
    await day.tx.events.record(
        replace(told, id=event_id, type="order.cancelled", occurred_at=at, recorded_at=at)
    )


async def test_a_failed_visit_told_late_counts_and_changes_no_decision() -> None:
    day = await closed_by_the_torre()
    before = await day.order_of(day.ana)
    result = await tell(day, day.ana, outcome="failed", reason="RECIPIENT_ABSENT")
    order = await day.order_of(day.ana)
    assert result.status is EventStatus.ACCEPTED
    assert (await day.stop_now(day.ana)).reason == "RECIPIENT_ABSENT"
    assert (order.state, order.date, order.attempts) == (before.state, before.date, 1)
    assert "order.delivery_failed" not in day.types()


async def test_without_proof_it_is_no_delivery() -> None:
    day = await closed_by_the_torre()
    result = await tell(day, day.ana, evidence=[])
    assert (result.status, result.code) == (EventStatus.REFUSED, "evidence_missing")
