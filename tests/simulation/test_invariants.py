"""Each invariant of a finished day is broken on purpose, once, and seen.

The day: order A with parcel p is placed by its shop, told a window, put on route R, loaded,
driven, delivered at stop S and told so; the van comes back empty.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest

from promesa.kernel.ids import derived_id
from promesa.simulator.checks import INVARIANTS, Fact, Log, check_log

ORDER, PARCEL, STOP, ROUTE = "order-a", "parcel-p", "stop-s", "route-r"
IN_VAN = {"holder_kind": "route", "holder_id": ROUTE}
AT_THE_DOOR = {"holder_kind": "recipient", "holder_id": "person"}
TOLD = {"kind": "delivered", "channel": "sms"}
CLOSED = {"type": "delivery", "outcome": "succeeded"}

# Type, subject, data; the order is A throughout.
STORY: list[tuple[str, str, dict[str, Any]]] = [
    ("order.placed", ORDER, {"parcel_ids": [PARCEL]}),
    ("promise.made", "promise-1", {"version": 1, "end": "2026-11-23T22:00:00+00:00"}),
    ("route.published", ROUTE, {"version": 1}),
    ("route.published", ROUTE, {"version": 2}),
    ("parcel.loaded", PARCEL, IN_VAN),
    ("order.out_for_delivery", ORDER, {}),
    ("stop.started", STOP, {}),
    ("stop.arrived", STOP, {}),
    ("stop.closed", STOP, CLOSED),
    ("parcel.handed_over", PARCEL, AT_THE_DOOR),
    ("order.delivered", ORDER, {"stop_id": STOP}),
    ("promise.closed", "promise-1", {"version": 1, "fate": "kept"}),
    ("message.queued", "message-1", TOLD | {"cause_event_id": "order.delivered"}),
    ("message.sent", "message-1", TOLD),
    ("route.reconciled", ROUTE, {}),
]


def sound_day() -> list[Fact]:
    """The day as the feed gives it; the id of an event derives from its place."""
    events = [
        {
            "number": number,
            "id": id_of(number),
            "type": kind,
            "subject_id": subject,
            "order_id": ORDER,
            "occurred_at": "2026-11-23T15:00:00+00:00",
            "recorded_at": "2026-11-23T15:00:00+00:00",
            "data": deepcopy(data),
        }
        for number, (kind, subject, data) in enumerate(STORY, start=1)
    ]
    cause = find(events, "order.delivered")["id"]
    find(events, "message.queued")["data"]["cause_event_id"] = cause
    return events


def id_of(number: int) -> str:
    return str(derived_id("event", number))


def find(events: list[Fact], kind: str) -> Fact:
    return next(event for event in events if event["type"] == kind)


def without(*kinds: str) -> Callable[[list[Fact]], list[Fact]]:
    """The day as if events of these kinds had never been."""

    def change(events: list[Fact]) -> list[Fact]:
        return renumbered([event for event in events if event["type"] not in kinds])

    return change


def again(kind: str, **changes: Any) -> Callable[[list[Fact]], list[Fact]]:
    """The day with one more event of a kind at its end."""

    def change(events: list[Fact]) -> list[Fact]:
        extra = deepcopy(find(events, kind)) | {"id": str(derived_id("extra"))}
        data = extra["data"] | changes.pop("data", {})
        return renumbered([*events, extra | changes | {"data": data}])

    return change


def with_data(kind: str, **data: Any) -> Callable[[list[Fact]], list[Fact]]:
    """The day with one event that says something else."""

    def change(events: list[Fact]) -> list[Fact]:
        find(events, kind)["data"] |= data
        return events

    return change


def renumbered(events: list[Fact]) -> list[Fact]:
    return [event | {"number": number} for number, event in enumerate(events, start=1)]


def with_a_gap(events: list[Fact]) -> list[Fact]:
    return [event | {"number": event["number"] * 2} for event in events]


def with_a_twin(events: list[Fact]) -> list[Fact]:
    return renumbered([*events, events[-1]])


def forgetful(events: list[Fact]) -> list[Fact]:
    """The phone was told that the last event arrived; it is gone."""
    return events[:-1]


def called_off_first(events: list[Fact]) -> list[Fact]:
    cancelled = deepcopy(events[0]) | {"type": "order.cancelled", "id": str(derived_id("off"))}
    return renumbered([cancelled, *events])


BREAKS: dict[str, Callable[[list[Fact]], list[Fact]]] = {
    "numbers_without_gap": with_a_gap,
    "events_are_unique": with_a_twin,
    "acknowledged_events_are_kept": forgetful,
    "stops_close_once": again("stop.closed"),
    "started_stops_close": again("stop.arrived", subject_id="stop-t"),
    "parcels_have_a_holder": without("parcel.loaded", "parcel.handed_over"),
    "delivered_parcels_left_the_van": without("parcel.handed_over"),
    "returned_vans_are_empty": again("parcel.loaded", subject_id="parcel-q"),
    "promises_have_a_fate": without("promise.closed"),
    "messages_have_a_cause": with_data("message.queued", cause_event_id=id_of(99)),
    "messages_were_queued": again("message.sent", subject_id="message-2"),
    "messages_are_told_once": again("message.queued", subject_id="message-3"),
    "orders_end_once": called_off_first,
    "orders_on_the_road_come_to_an_end": again("order.out_for_delivery"),
    "visits_and_outcomes_agree": again("stop.closed", subject_id="stop-t"),
    "versions_follow_each_other": again("route.published", data={"version": 4}),
}


def log_of(events: list[Fact]) -> Log:
    return Log(events=events, acknowledged=frozenset(UUID(event["id"]) for event in sound_day()))


def test_a_sound_day_breaks_nothing() -> None:
    assert check_log(log_of(sound_day())) == []


def test_every_invariant_is_broken_below() -> None:
    assert set(BREAKS) == set(INVARIANTS)


@pytest.mark.parametrize("name", sorted(INVARIANTS))
def test_a_broken_invariant_is_seen(name: str) -> None:
    broken = check_log(log_of(BREAKS[name](sound_day())))
    (found,) = [item for item in broken if item["invariant"] == name]
    assert found["count"] >= 1
    assert found["cases"]


def test_a_missing_parcel_is_somebodys_who_looks_for_it() -> None:
    events = without("parcel.loaded", "parcel.handed_over")(sound_day())
    lost = deepcopy(events[0]) | {"id": str(derived_id("x")), "type": "parcel.missing"}
    found = check_log(log_of(renumbered([*events, lost | {"subject_id": PARCEL, "data": {}}])))
    assert "parcels_have_a_holder" not in {item["invariant"] for item in found}


def test_a_promise_for_another_day_may_wait() -> None:
    late = {"version": 2, "end": "2026-11-24T22:00:00+00:00"}
    events = again("promise.made", order_id="order-b", data=late)(sound_day())
    assert check_log(log_of(events)) == []


def test_a_failed_visit_is_an_end_like_another() -> None:
    """The visit fails, the parcel comes back to the depot, the order goes another day."""
    events = with_data("stop.closed", outcome="failed")(sound_day())
    find(events, "order.delivered")["type"] = "order.delivery_failed"
    find(events, "parcel.handed_over")["data"] = {"holder_kind": "depot", "holder_id": "cd"}
    assert check_log(log_of(events)) == []


def test_a_delivery_told_after_the_torre_closed_its_stop_is_sound() -> None:
    events = sound_day()
    closed = find(events, "stop.closed")
    late = closed | {"type": "stop.told_late", "id": id_of(90), "data": CLOSED}
    closed["data"] = {"type": "delivery", "outcome": "skipped"}
    place = events.index(closed) + 1
    assert check_log(log_of(renumbered([*events[:place], late, *events[place:]]))) == []


def test_a_delivery_before_the_order_was_called_off_may_be_told_later() -> None:
    events = sound_day()
    cancelled = find(events, "order.delivered") | {
        "type": "order.cancelled",
        "id": id_of(91),
        "occurred_at": "2026-11-23T16:00:00+00:00",
    }
    place = events.index(find(events, "order.delivered"))
    assert check_log(log_of(renumbered([*events[:place], cancelled, *events[place:]]))) == []
