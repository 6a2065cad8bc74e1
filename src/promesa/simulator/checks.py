"""Invariants of a finished day, read from the event log alone.

Nothing here asks the platform's tables: whatever the log cannot prove did not happen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

Fact = dict[str, Any]

CASES_SHOWN_MAX = 20
_HOLDING = frozenset({"merchant", "depot", "route", "recipient", "third_party", "safe_place"})
_PARCEL_MOVES = frozenset(
    {"parcel.received", "parcel.loaded", "parcel.handed_over", "parcel.returned_to_depot"}
)
_LOOKED_FOR = frozenset({"parcel.missing"})
# How a day on the road ends for an order.
_ENDS = (
    "order.delivered",
    "order.partially_delivered",
    "order.delivery_failed",
    "order.rescheduled",
    "order.unscheduled",
    "order.return_started",
    "order.cancelled",
    "order.lost",
)
# Outcomes of a visit after which its order says what became of it, by who told the visit.
_OUTCOMES_TOLD = {
    "stop.closed": frozenset({"succeeded", "partial", "failed"}),
    "stop.told_late": frozenset({"succeeded", "partial"}),
}
_VISITED = ("order.delivered", "order.partially_delivered", "order.delivery_failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What is left of a day.

    Attributes:
        events: Every numbered event, as GET /v1/events gives it.
        acknowledged: Ids of events that phones were told had arrived.
    """

    events: Sequence[Fact]
    acknowledged: frozenset[UUID]

    def of(self, *types: str) -> Iterator[Fact]:
        """Events of these types, in order."""
        return (event for event in self.events if event["type"] in types)


Check = Callable[[Log], Iterable[str]]


def numbers_without_gap(log: Log) -> Iterator[str]:
    """Numbers rise by one: who resumes after N skips nothing."""
    numbers = [int(event["number"]) for event in log.events]
    for before, after in pairwise(numbers):
        if after != before + 1:
            yield f"event {before} is followed by {after}"


def events_are_unique(log: Log) -> Iterator[str]:
    """Each event stands in the log once."""
    counts = Counter(event["id"] for event in log.events)
    yield from (f"event {key} stands {count} times" for key, count in counts.items() if count > 1)


def acknowledged_events_are_kept(log: Log) -> Iterator[str]:
    """What a phone was told had arrived is there."""
    known = {UUID(event["id"]) for event in log.events}
    yield from (f"event {key} is lost" for key in sorted(log.acknowledged - known))


def stops_close_once(log: Log) -> Iterator[str]:
    """A visit ends once."""
    counts = Counter(event["subject_id"] for event in log.of("stop.closed"))
    yield from (f"stop {key} closed {count} times" for key, count in counts.items() if count > 1)


def started_stops_close(log: Log) -> Iterator[str]:
    """A visit that began has ended when the day is over."""
    closed = {event["subject_id"] for event in log.of("stop.closed")}
    begun = {event["subject_id"] for event in log.of("stop.started", "stop.arrived")}
    yield from (f"stop {key} never closed" for key in sorted(begun - closed))


def parcels_have_a_holder(log: Log) -> Iterator[str]:
    """Somebody answers for each parcel of an order that went out."""
    parcels = {
        event["order_id"]: [str(key) for key in event["data"].get("parcel_ids", [])]
        for event in log.of("order.placed")
    }
    holders = {
        event["subject_id"]: event["data"].get("holder_kind") for event in log.of(*_PARCEL_MOVES)
    }
    looked_for = {event["subject_id"] for event in log.of(*_LOOKED_FOR)}
    for event in log.of("order.out_for_delivery"):
        for parcel in parcels.get(event["order_id"], []):
            if holders.get(parcel) not in _HOLDING and parcel not in looked_for:
                yield f"parcel {parcel} of order {event['order_id']} has no holder"


def delivered_parcels_left_the_van(log: Log) -> Iterator[str]:
    """What was delivered is in the recipient's hands, not in the van's."""
    last = {event["subject_id"]: event for event in log.of(*_PARCEL_MOVES)}
    delivered = {event["order_id"] for event in log.of("order.delivered")}
    returned = {event["order_id"] for event in log.of("order.return_started")}
    for parcel, event in last.items():
        is_aboard = event["data"].get("holder_kind") == "route"
        if event["order_id"] in delivered - returned and is_aboard:
            yield f"parcel {parcel} was delivered and is still aboard"


def returned_vans_are_empty(log: Log) -> Iterator[str]:
    """No parcel is left in a van whose route was squared."""
    squared = {event["subject_id"] for event in log.of("route.reconciled")}
    last = {event["subject_id"]: event["data"] for event in log.of(*_PARCEL_MOVES, *_LOOKED_FOR)}
    for parcel, data in last.items():
        if data.get("holder_kind") == "route" and data.get("holder_id") in squared:
            yield f"parcel {parcel} is in the van of route {data['holder_id']}, which is squared"


def promises_have_a_fate(log: Log) -> Iterator[str]:
    """Each promise has a fate once its order's day is over; the newest may be for a later day."""
    closed = {(event["order_id"], event["data"]["version"]) for event in log.of("promise.closed")}
    by_order: dict[str, list[Fact]] = {}
    for event in log.of("promise.made"):
        by_order.setdefault(event["order_id"], []).append(event)
    ended = {event["order_id"] for event in log.of("order.delivered", "order.cancelled")}
    last_at = max((str(event["recorded_at"]) for event in log.events), default="")
    for order_id, promises in by_order.items():
        for promise in promises:
            is_due = order_id in ended or str(promise["data"]["end"]) < last_at
            version = promise["data"]["version"]
            if is_due and (order_id, version) not in closed:
                yield f"promise {version} of order {order_id} has no fate"


def messages_have_a_cause(log: Log) -> Iterator[str]:
    """Nobody is told anything that did not happen."""
    known = {event["id"] for event in log.events}
    for event in log.of("message.queued", "message.withdrawn"):
        if str(event["data"].get("cause_event_id")) not in known:
            yield f"message {event['subject_id']} has no cause"


_OF_MESSAGES = ("message.queued", "message.sent", "message.failed", "message.withdrawn")


def messages_were_queued(log: Log) -> Iterator[str]:
    """What left, failed for good or was withdrawn, was due before; one message ends once."""
    queued: set[str] = set()
    ended: set[str] = set()
    for event in log.of(*_OF_MESSAGES):
        key = event["subject_id"]
        if event["type"] == "message.queued":
            queued.add(key)
        elif key not in queued:
            yield f"message {key} was never due"
        elif key in ended:
            yield f"message {key} ended twice"
        else:
            ended.add(key)


def messages_are_told_once(log: Log) -> Iterator[str]:
    """One cause gives one message a channel."""
    counts = Counter(
        (event["data"].get("cause_event_id"), event["data"]["kind"], event["data"]["channel"])
        for event in log.of("message.queued")
        if event["data"]["channel"] != "webhook"
    )
    yield from (f"{key} was queued {count} times" for key, count in counts.items() if count > 1)


def orders_end_once(log: Log) -> Iterator[str]:
    """An order is delivered at most once, and not after it was called off.

    A delivery before that may be told later.
    """
    counts = Counter(event["order_id"] for event in log.of("order.delivered"))
    yield from (f"order {key} delivered {n} times" for key, n in counts.items() if n > 1)
    cancelled: dict[str, str] = {}
    for event in log.of("order.cancelled", "order.delivered"):
        if event["type"] == "order.cancelled":
            cancelled[event["order_id"]] = str(event["occurred_at"])
        elif cancelled.get(event["order_id"], "9999") <= str(event["occurred_at"]):
            yield f"order {event['order_id']} delivered after it was called off"


def orders_on_the_road_come_to_an_end(log: Log) -> Iterator[str]:
    """Delivered and not delivered make up all that went out."""
    out: dict[str, int] = {}
    for event in log.of("order.out_for_delivery", *_ENDS):
        if event["type"] == "order.out_for_delivery":
            out[event["order_id"]] = int(event["number"])
        else:
            out.pop(event["order_id"], None)
    yield from (
        f"order {key} went out by event {number} and never ended" for key, number in out.items()
    )


def visits_and_outcomes_agree(log: Log) -> Iterator[str]:
    """Each delivery visit that was made says once what became of its order.

    One that failed and is told late does not: its order was given another day before.
    """
    made = {
        event["subject_id"]
        for event in log.of("stop.closed", "stop.told_late")
        if event["data"].get("type") == "delivery"
        and event["data"]["outcome"] in _OUTCOMES_TOLD[event["type"]]
    }
    told = Counter(str(event["data"].get("stop_id")) for event in log.of(*_VISITED))
    yield from (f"stop {key} closed and its order never heard" for key in sorted(made - set(told)))
    yield from (f"stop {key} never closed and its order ended" for key in sorted(set(told) - made))
    yield from (f"stop {key} ended its order {n} times" for key, n in told.items() if n > 1)


def versions_follow_each_other(log: Log) -> Iterator[str]:
    """A route's versions are 1, 2, 3, …; what a phone showed can always be told."""
    newest: dict[str, int] = {}
    for event in log.of("route.published"):
        before, version = newest.get(event["subject_id"], 0), int(event["data"]["version"])
        if version != before + 1:
            yield f"route {event['subject_id']} went from version {before} to {version}"
        newest[event["subject_id"]] = version


INVARIANTS: dict[str, Check] = {
    check.__name__: check
    for check in (
        numbers_without_gap,
        events_are_unique,
        acknowledged_events_are_kept,
        stops_close_once,
        started_stops_close,
        parcels_have_a_holder,
        delivered_parcels_left_the_van,
        returned_vans_are_empty,
        promises_have_a_fate,
        messages_have_a_cause,
        messages_were_queued,
        messages_are_told_once,
        orders_end_once,
        orders_on_the_road_come_to_an_end,
        visits_and_outcomes_agree,
        versions_follow_each_other,
    )
}


def check_log(log: Log) -> list[dict[str, Any]]:
    """Every broken invariant with its first cases; empty when all hold."""
    broken = []
    for name, check in INVARIANTS.items():
        cases = list(check(log))
        if cases:
            shown = cases[:CASES_SHOWN_MAX]
            broken.append({"invariant": name, "count": len(cases), "cases": shown})
    return broken
