"""Where a simulated driver is and goes next: places of a route as the phone shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from promesa.kernel.geo import Position, between, distance_m
from promesa.roads.network import RoadPath

# How long before its planned hour a driver rests; assumed.
REST_EARLY = timedelta(minutes=30)
ABOARD = frozenset({"loaded", "in_transit", "return_in_transit"})
TO_BRING_BACK = frozenset({"loaded", "in_transit", "damaged"})


def rest_due_s(
    breaks: Sequence[dict[str, Any]], stop: dict[str, Any] | None, at: datetime
) -> float | None:
    """Seconds to rest now: before the stop the plan has it before, but not long before its hour.

    Who runs late makes the visits before it first, and rests late: estimates and lanes count on
    that order. Who has no stop left goes home.
    """
    if not breaks or stop is None:
        return None
    start, end = (datetime.fromisoformat(breaks[0][key]) for key in ("start", "end"))
    planned = stop.get("planned_arrival")
    is_next = planned is not None and datetime.fromisoformat(planned) >= start
    is_near = at >= start - REST_EARLY
    return (end - start).total_seconds() if is_next and is_near else None


def last_door(stops: Iterable[dict[str, Any]], depot: list[float]) -> Position:
    """Where the van stood last, as far as the route says."""
    closed = [stop["position"] for stop in stops if stop["state"] == "closed"]
    lon, lat = closed[-1] if closed else depot
    return Position(lon=lon, lat=lat)


def next_transfer(
    stops: Iterable[dict[str, Any]],
    place: Position | None,
    closed: AbstractSet[str],
    met: AbstractSet[str],
) -> dict[str, Any] | None:
    """Whom the van has to meet before it goes on: the nearest first."""
    assert place is not None, "who drives on is somewhere"
    waiting = [
        stop["transfer"]
        for stop in stops
        if stop["transfer"] is not None
        and stop["stop_id"] not in closed
        and stop["transfer"]["from_code"] not in met
    ]
    return min(waiting, key=lambda each: distance_m(place, _position(each)), default=None)


def _position(transfer: dict[str, Any]) -> Position:
    return Position(lon=transfer["position"][0], lat=transfer["position"][1])


def left_aboard(stops: Iterable[dict[str, Any]]) -> set[str]:
    """Barcodes of what goes back over the depot's counter at night: a broken box as well."""
    return {
        parcel["barcode"]
        for stop in stops
        for parcel in stop["parcels"]
        if parcel["state"] in TO_BRING_BACK
    }


def line_of(trip: RoadPath, start: Position, goal: Position) -> tuple[Position, ...]:
    """The line of a trip; straight where the map has none."""
    return trip.geometry if len(trip.geometry) > 1 else (start, goal)


def place_along(geometry: tuple[Position, ...], fraction: float) -> Position:
    """The place at ``fraction`` of the length of a line."""
    lengths = [distance_m(a, b) for a, b in pairwise(geometry)]
    left_m = fraction * sum(lengths)
    for number, length_m in enumerate(lengths):
        if left_m <= length_m:
            share = left_m / length_m if length_m else 0.0
            return between(geometry[number], geometry[number + 1], share)
        left_m -= length_m
    return geometry[-1]
