"""A phone's event is applied once, in any order, or refused and kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from promesa.dispatch.phone import EventStatus
from promesa.domain.order import OrderState
from promesa.domain.route import RouteState
from promesa.domain.stop import Outcome, StopState
from promesa.kernel.errors import ForbiddenError
from promesa.kernel.ids import derived_id
from tests.support.dispatch_memory import DISPATCHER, NINE, Phone, make_small_day


async def test_the_same_close_twice_closes_once() -> None:
    day = await make_small_day()
    await day.phone.tell("route.started")
    photo = {"id": str(derived_id("photo")), "kind": "photo"}
    raw = day.phone.event(
        "stop.closed",
        stop_id=day.ana.id,
        outcome="succeeded",
        evidence=[photo],
        receiver={"relation": "recipient"},
    )
    first, second = await day.phone.send(raw), await day.phone.send(raw)
    assert (first.status, second.status) == (EventStatus.ACCEPTED, EventStatus.DUPLICATE)
    assert day.types().count("stop.closed") == 1
    assert (await day.order_of(day.ana)).attempts == 1


async def test_a_second_close_by_another_event_is_refused_and_kept() -> None:
    day = await make_small_day()
    await day.phone.close(day.ana)
    again = await day.phone.close(day.ana, "failed", reason="RECIPIENT_REFUSED")
    assert (again.status, again.code) == (EventStatus.REFUSED, "stop_already_closed")
    kept = day.tx.events.kept[-1]
    assert (kept.type, str(kept.id)) == ("device.event_refused", again.id)
    assert (await day.stop_now(day.ana)).outcome is Outcome.SUCCEEDED


async def test_a_refused_event_sent_again_is_answered_the_same() -> None:
    day = await make_small_day()
    raw = day.phone.event("parcel.loaded", barcode="NOBODYS")
    first, second = await day.phone.send(raw), await day.phone.send(raw)
    assert first == second
    assert first.code == "barcode_unknown"
    assert day.types() == ["device.event_refused"]


async def test_a_close_without_start_or_arrival_starts_the_route() -> None:
    day = await make_small_day()
    result = await day.phone.close(day.ana)
    assert result.status is EventStatus.ACCEPTED
    assert (await day.route_now()).state is RouteState.STARTED
    assert (await day.order_of(day.ana)).state is OrderState.DELIVERED
    assert (await day.order_of(day.beto)).state is OrderState.OUT_FOR_DELIVERY


async def test_a_start_that_comes_after_a_close_only_tells_when_the_van_left() -> None:
    day = await make_small_day()
    start = day.phone.event("route.started")
    await day.phone.close(day.ana)
    result = await day.phone.send(start)
    assert result.status is EventStatus.ACCEPTED
    route = await day.route_now()
    assert (route.state, route.started_at) == (RouteState.STARTED, NINE)
    assert (await day.order_of(day.ana)).state is OrderState.DELIVERED


async def test_an_arrival_told_after_the_close_keeps_the_stop_closed() -> None:
    day = await make_small_day()
    arrival = day.phone.event("stop.arrived", stop_id=day.ana.id)
    await day.phone.close(day.ana)
    await day.phone.send(arrival)
    stop = await day.stop_now(day.ana)
    assert (stop.state, stop.arrived_at) == (StopState.CLOSED, NINE)


async def test_a_phone_whose_clock_runs_ahead_is_believed_up_to_now_and_told_so() -> None:
    day = await make_small_day()
    raw = day.phone.event("route.started") | {
        "occurred_at": (NINE + timedelta(hours=3)).isoformat()
    }
    await day.phone.send(raw)
    event = next(event for event in day.tx.events.kept if event.type == "route.started")
    assert event.occurred_at == NINE
    assert event.data["clock"] == "ahead"
    assert event.data["device_at"] == "2026-11-23T15:00:00+00:00"


async def test_an_event_that_cannot_be_read_is_kept_without_its_content() -> None:
    day = await make_small_day()
    result = await day.phone.send({"id": "not a uuid", "type": "stop.closed", "name": "Ana Soto"})
    assert (result.id, result.code) == ("not a uuid", "event_unreadable")
    kept = day.tx.events.kept[-1]
    assert kept.type == "device.event_refused"
    assert "Ana" not in str(kept.data)


async def test_fields_we_do_not_know_are_kept_by_name_only() -> None:
    day = await make_small_day()
    await day.phone.send(day.phone.event("route.started", mood="Ana is nice"))
    event = next(event for event in day.tx.events.kept if event.type == "route.started")
    assert event.data["unknown_fields"] == ["mood"]
    assert "nice" not in str(event.data)


async def test_another_drivers_stop_is_refused() -> None:
    day = await make_small_day()
    route = await day.route_now()
    day.tx.routes.kept[route.id] = type(route)(
        **{name: getattr(route, name) for name in route.__dataclass_fields__}
        | {"driver_id": derived_id("somebody else")}
    )
    result = await day.phone.close(day.ana)
    assert result.code == "route_not_yours"
    assert (await day.stop_now(day.ana)).state is StopState.PENDING


async def test_a_dispatcher_does_not_drive() -> None:
    day = await make_small_day()
    with pytest.raises(ForbiddenError):
        await Phone(day.tx, day.phone.clock, DISPATCHER).tell("route.started")


async def test_a_driver_without_a_route_is_told_so() -> None:
    day = await make_small_day()
    day.tx.routes.kept.clear()
    assert (await day.phone.tell("route.started")).code == "no_route_today"


async def test_a_position_of_zero_zero_is_no_position() -> None:
    day = await make_small_day()
    await day.phone.tell("route.started", position=[0.0, 0.0])
    await day.phone.tell("stop.arrived", stop_id=day.ana.id, position=[-70.6, -33.4])
    by_type = {event.type: event.position for event in day.tx.events.kept}
    assert by_type["route.started"] is None
    arrived = by_type["stop.arrived"]
    assert arrived is not None
    assert (arrived.lon, arrived.lat) == (-70.6, -33.4)


@pytest.mark.parametrize("device_at", ["1970-01-01T00:00:00+00:00", "0001-01-01T00:00:00+14:00"])
async def test_a_phone_whose_clock_lost_its_date_delivers_now_and_is_told_so(
    device_at: str,
) -> None:
    day = await make_small_day()
    for event_type, fields in (("route.paused", {}), ("stop.arrived", {"stop_id": day.ana.id})):
        result = await day.phone.send(day.phone.event(event_type, **fields, occurred_at=device_at))
        assert result.status is EventStatus.ACCEPTED
    await day.phone.close(day.ana, occurred_at=device_at)
    assert (await day.stop_now(day.ana)).closed_at == day.phone.clock.now()
    event = next(event for event in day.tx.events.kept if event.type == "stop.closed")
    assert (event.data["clock"], event.data["device_at"]) == ("behind", device_at)


async def test_names_we_do_not_know_are_kept_without_characters_no_column_takes() -> None:
    day = await make_small_day()
    await day.phone.send(day.phone.event("stop\x00danced"))
    await day.phone.send(day.phone.event("route.started", **{"mo\x00od": 1}))
    kept = {event.type: event.data for event in day.tx.events.kept}
    assert kept["device.event_refused"]["type"] == "stopdanced"
    assert kept["route.started"]["unknown_fields"] == ["mood"]
