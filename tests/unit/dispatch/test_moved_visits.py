"""The driver whose stop was moved tells what happened there; the truth counts, or a person decides.

Dora's R-01 carries Ana (two parcels) and Beto (one). The torre gives Ana to Elsa's R-02 while
Dora's phone has no coverage; her parcels are in Dora's van.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from promesa.dispatch.doubts import Decision, list_doubtful, settle_doubt
from promesa.dispatch.phone import EventResult, EventStatus
from promesa.domain.custody import HolderKind
from promesa.domain.fleet import Driver
from promesa.domain.order import OrderState
from promesa.domain.route import Route
from promesa.domain.stop import Outcome, StopDoubt, StopState
from promesa.kernel.ids import derived_id
from promesa.proof.ledger import verify
from tests.support.dispatch_memory import (
    DISPATCHER,
    DRIVER,
    Phone,
    SmallDay,
    make_order,
    make_small_day,
    make_version,
    put_order,
    put_route,
)

ELSA = Driver(id=derived_id("driver", "elsa"), code="D-02", person_id=derived_id("elsa"))


@dataclass
class MovedDay:
    """The day after the move."""

    day: SmallDay
    other: Route
    elsa: Phone


async def moved() -> MovedDay:
    day = await make_small_day()
    await day.phone.tell("route.started")
    carla = await put_order(day.tx, make_order("carla"))
    other, stops = await put_route(day.tx, [carla], code="R-02", driver=ELSA)
    ana = await day.stop_now(day.ana)
    await day.tx.routes.put_stop(replace(ana, route_id=other.id))
    for route, planned in ((day.route, [day.beto]), (other, [*stops, ana])):
        now = await day.tx.routes.get(route.id)
        await day.tx.routes.add_version(make_version(route, planned, number=2))
        await day.tx.routes.save(replace(now, version=2))
    elsa = Phone(day.tx, day.phone.clock, replace(DRIVER, id=ELSA.id))
    return MovedDay(day=day, other=other, elsa=elsa)


async def late(it: MovedDay, outcome: str = "succeeded", **fields: object) -> EventResult:
    """Dora's word about Ana, half an hour after it happened."""
    photo = {"id": str(derived_id("photo", it.day.ana.id)), "kind": "photo"}
    told = {"evidence": [photo], "receiver": {"relation": "recipient"}} | fields
    clock = it.day.phone.clock
    clock.move_to(clock.now() + timedelta(minutes=40))
    raw = it.day.phone.event("stop.closed", stop_id=it.day.ana.id, outcome=outcome, **told)
    at = clock.now() - timedelta(minutes=30)
    return await it.day.phone.send(raw | {"occurred_at": at.isoformat()})


async def test_a_delivery_made_before_the_phone_knew_of_the_move_is_one() -> None:
    it = await moved()
    assert (await late(it)).status is EventStatus.ACCEPTED
    stop, order = await it.day.stop_now(it.day.ana), await it.day.order_of(it.day.ana)
    assert (stop.route_id, stop.outcome) == (it.day.route.id, Outcome.SUCCEEDED)
    assert order.state is OrderState.DELIVERED
    for parcel in order.parcels:
        chain = it.day.tx.custody.kept[parcel.id]
        assert [each.holder.kind for each in chain][-2:] == [
            HolderKind.ROUTE,
            HolderKind.RECIPIENT,
        ]
        assert (chain[-2].holder.id, verify(chain)) == (it.day.route.id, [])


async def test_the_other_van_gets_a_version_without_it() -> None:
    it = await moved()
    await late(it)
    other = await it.day.tx.routes.get(it.other.id)
    theirs = await it.day.tx.routes.get_version(other.id, other.version)
    own = await it.day.route_now()
    ours = await it.day.tx.routes.get_version(own.id, own.version)
    assert it.day.ana.id not in {planned.stop_id for planned in theirs.stops}
    assert it.day.ana.id in {planned.stop_id for planned in ours.stops}


async def test_on_the_way_there_is_history_and_no_refusal() -> None:
    it = await moved()
    for kind in ("stop.started", "stop.arrived"):
        result = await it.day.phone.tell(kind, stop_id=it.day.ana.id)
        assert result.status is EventStatus.ACCEPTED
    assert (await it.day.stop_now(it.day.ana)).state is StopState.PENDING


async def test_a_try_that_failed_counts_and_the_other_van_still_comes() -> None:
    it = await moved()
    result = await late(it, "failed", reason="RECIPIENT_ABSENT")
    stop, order = await it.day.stop_now(it.day.ana), await it.day.order_of(it.day.ana)
    assert result.status is EventStatus.ACCEPTED
    assert (stop.route_id, stop.state, order.attempts) == (it.other.id, StopState.PENDING, 1)
    assert "order.delivery_failed" not in it.day.types()
    for code in ("ANA-1", "ANA-2"):
        await it.elsa.tell("parcel.loaded", barcode=code)
    assert (await it.elsa.close(stop)).status is EventStatus.ACCEPTED
    assert (await it.day.order_of(it.day.ana)).state is OrderState.DELIVERED


async def test_parcels_that_the_other_van_scanned_since_make_a_dispute() -> None:
    it = await moved()
    it.day.phone.clock.move_to(it.day.phone.clock.now() + timedelta(minutes=30))
    for code in ("ANA-1", "ANA-2"):
        assert (await it.elsa.tell("parcel.loaded", barcode=code)).code is None
    result = await late(it)
    (found,) = await list_doubtful(it.day.tx)
    assert (result.code, found.stop.doubt) == (
        "delivery_disputed",
        StopDoubt.DELIVERY_DISPUTED,
    )
    assert found.stop.route_id == it.other.id


async def test_a_dispute_with_the_other_vans_visit_is_accepted_as_of_who_made_it() -> None:
    it = await moved()
    stop = await it.day.stop_now(it.day.ana)
    await it.elsa.close(stop, "failed", reason="RECIPIENT_ABSENT")
    result = await late(it)
    assert result.code == "delivery_disputed"
    (found,) = await list_doubtful(it.day.tx)
    assert found.told is not None
    assert (found.told.data["why"], found.may_be_accepted) == ("stop.visited", True)
    settled = await settle_doubt(
        it.day.tx,
        stop.id,
        Decision.ACCEPTED,
        cause="Lo tiene",
        actor=DISPATCHER,
        clock=it.day.phone.clock,
    )
    order = await it.day.order_of(it.day.ana)
    assert (settled.route_id, settled.outcome) == (it.day.route.id, Outcome.SUCCEEDED)
    assert order.state is OrderState.DELIVERED


async def test_a_stop_that_never_was_the_drivers_is_refused_as_before() -> None:
    it = await moved()
    carla = next(s for s in await it.day.tx.routes.list_stops(it.other.id) if s.id != it.day.ana.id)
    assert (await it.day.phone.close(carla)).code == "route_not_yours"
