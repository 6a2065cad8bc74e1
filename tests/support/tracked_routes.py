"""A route on a straight street, for tests of tracking: small numbers that a hand can check.

    depot ---1000 m--- stop 1 ---1000 m--- stop 2 ---1000 m--- stop 3     (due east on -33.45)

Each leg is planned at 200 s, each service at 100 s; the van leaves at 09:00.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from promesa.domain.actor import Actor, ActorKind, Role
from promesa.domain.events import Event
from promesa.domain.route import RouteState
from promesa.kernel.geo import EARTH_RADIUS_M, Position
from promesa.kernel.polyline import encode_polyline
from promesa.kernel.timewindow import TimeWindow
from promesa.tracking.path import route_path
from promesa.tracking.repository import Fix
from promesa.tracking.tracked import TrackedRoute, TrackedStop

NINE = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)  # 09:00 in Santiago.
LEG_M, LEG_S, SERVICE_S = 1000, 200, 100
ROUTE, DRIVER = UUID(int=1), UUID(int=2)
_LAT = -33.45


def east_m(metres: float, north_m: float = 0.0) -> Position:
    """The place so many metres east of the depot."""
    per_degree = math.radians(1) * EARTH_RADIUS_M
    return Position(
        lon=-70.65 + metres / (per_degree * math.cos(math.radians(_LAT))),
        lat=_LAT + north_m / per_degree,
    )


def after_s(seconds: float) -> datetime:
    """So many seconds after 09:00."""
    return NINE + timedelta(seconds=seconds)


def stop_id(number: int) -> UUID:
    """Of stop 1, 2, 3."""
    return UUID(int=100 + number)


def street_route(stops: int = 3, state: RouteState = RouteState.STARTED) -> TrackedRoute:
    """The route of the drawing, started at 09:00 unless it is told otherwise."""
    tracked = tuple(_stop(number) for number in range(1, stops + 1))
    places = [east_m(0), *(stop.position for stop in tracked)]
    is_started = state in {RouteState.STARTED, RouteState.PAUSED}
    return TrackedRoute(
        route_id=ROUTE,
        driver_id=DRIVER,
        version=1,
        state=state,
        planned_start=NINE,
        path=route_path(encode_polyline(places), places[0], places[1:], [LEG_M] * stops),
        stops=tracked,
        started_at=NINE if is_started else None,
    )


def promised(route: TrackedRoute, number: int, *, start_s: float, end_s: float) -> TrackedRoute:
    """The route with a window promised at one stop, which service waits for."""
    window = TimeWindow(start=after_s(start_s), end=after_s(end_s))
    stop = route.stops[number - 1]
    return route.with_stop(replace(stop, promise=window, windows=(window,)))


def fix_at(
    seconds: float,
    metres: float,
    *,
    north_m: float = 0.0,
    accuracy_m: float | None = 5.0,
    speed_mps: float | None = None,
    source: str = "web",
    number: int | None = None,
) -> Fix:
    """A position of the driver, so many seconds after 09:00 and metres east of the depot."""
    unique = number if number is not None else hash((seconds, metres, source)) % 2**64
    return Fix(
        id=UUID(int=unique),
        driver_id=DRIVER,
        position=east_m(metres, north_m),
        at=after_s(seconds),
        accuracy_m=accuracy_m,
        speed_mps=speed_mps,
        source=source,
    )


def fact(event_type: str, seconds: float, subject: UUID = ROUTE, **data: object) -> Event:
    """An event of the route, so many seconds after 09:00."""
    return Event(
        id=UUID(int=hash((event_type, seconds, subject)) % 2**64),
        type=event_type,
        subject_kind=event_type.partition(".")[0],
        subject_id=subject,
        occurred_at=after_s(seconds),
        recorded_at=after_s(seconds),
        actor=Actor(kind=ActorKind.DRIVER, id=DRIVER, tenant_id=UUID(int=9), role=Role.DRIVER),
        data=data,
        route_id=ROUTE,
    )


def _stop(number: int) -> TrackedStop:
    arrival_s = number * LEG_S + (number - 1) * SERVICE_S
    return TrackedStop(
        stop_id=stop_id(number),
        order_id=UUID(int=200 + number),
        sequence=number,
        position=east_m(number * LEG_M),
        uncertainty_m=20.0,
        service_time_s=SERVICE_S,
        planned_arrival=after_s(arrival_s),
        planned_departure=after_s(arrival_s + SERVICE_S),
        leg_duration_s=LEG_S,
        leg_distance_m=LEG_M,
    )
