"""Joining a published version with its stops, orders and promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from promesa.domain.parcel import ParcelState
from promesa.domain.route import RouteBreak, RouteReload, RouteRest, RouteVersion
from promesa.domain.stop import StopState, StopType
from promesa.kernel.geo import Position
from promesa.tracking.tracked import (
    UNCERTAINTY_M_DEFAULT,
    breaks_as_expected,
    first_arrivals,
    make_tracked_route,
    stops_to_load,
)
from tests.support.nouns import a_promise, a_route, a_route_version, a_stop, an_id, an_order

DEPOT = Position(lon=-70.66, lat=-33.44)


def test_a_route_is_joined_with_what_its_stops_are() -> None:
    version, stop, order = a_route_version(), a_stop(), an_order()
    planned = replace(version.stops[0], stop_id=stop.id, order_id=order.id)
    version = replace(version, stops=(planned,), geometry="")
    window = a_promise().window
    arrived = replace(stop, state=StopState.ARRIVED, arrived_at=planned.arrival)
    route = make_tracked_route(
        a_route(),
        version,
        depot_position=DEPOT,
        stops=[arrived],
        orders={order.id: order},
        promises={order.id: window},
    )
    (tracked,) = route.stops
    assert (tracked.state, tracked.arrived_at) == (StopState.ARRIVED, planned.arrival)
    assert (tracked.promise, tracked.windows) == (window, order.windows)
    assert tracked.service_time_s == order.service_time_s
    assert tracked.position == stop.position
    assert (route.version, route.planned_start) == (version.number, version.start)


def test_a_break_stands_before_the_next_stop_and_one_had_while_loading_is_in_its_leg() -> None:
    version, stop, order = a_route_version(), a_stop(), an_order()
    planned = replace(version.stops[0], stop_id=stop.id, order_id=order.id)
    start = planned.arrival - timedelta(minutes=40)
    rest = RouteBreak(start=start, end=start + timedelta(minutes=30))
    loading = RouteReload(arrival=start, departure=planned.arrival, order_id=order.id)
    version = replace(version, stops=(planned,), geometry="", breaks=(rest,), reloads=())

    def rest_of(version: RouteVersion) -> RouteBreak | None:
        return (
            make_tracked_route(
                a_route(),
                version,
                depot_position=DEPOT,
                stops=[stop],
                orders={order.id: order},
                promises={},
            )
            .stops[0]
            .rest
        )

    assert rest_of(version) == rest
    assert rest_of(replace(version, reloads=(loading,))) is None


def test_a_colacion_had_before_is_not_had_again_while_loading() -> None:
    """The plan loads for 40 minutes, 30 of them colación; who has eaten loads for ten."""
    version, stop, order = a_route_version(), a_stop(), an_order()
    planned = replace(version.stops[0], stop_id=stop.id, order_id=order.id)
    start = planned.arrival - timedelta(minutes=40)
    lunch = RouteBreak(start=start, end=start + timedelta(minutes=30))
    loading = RouteReload(arrival=start, departure=planned.arrival, order_id=order.id)
    version = replace(version, stops=(planned,), geometry="", breaks=(lunch,), reloads=(loading,))
    early = RouteRest(start=start - timedelta(hours=1), end=start - timedelta(minutes=30))

    def loading_s(*rests: RouteRest) -> float | None:
        route = make_tracked_route(
            replace(a_route(), rests=rests),
            version,
            depot_position=DEPOT,
            stops=[stop],
            orders={order.id: order},
            promises={},
        )
        reload = route.stops[0].reload
        return None if reload is None else reload.loading_s

    assert (loading_s(), loading_s(early)) == (2_400, 600)


def test_a_pickup_and_what_is_over_are_not_to_be_loaded() -> None:
    order = an_order()
    stored = tuple(replace(each, state=ParcelState.STAGED) for each in order.parcels)
    orders = {order.id: replace(order, parcels=stored)}
    stop = replace(a_stop(), order_id=order.id, type=StopType.RETURN, state=StopState.PENDING)
    over = replace(stop, id=an_id("over"), state=StopState.CLOSED)
    pickup = replace(stop, id=an_id("pickup"), type=StopType.PICKUP)
    assert stops_to_load([stop, over, pickup], orders) == {stop.id}
    aboard = tuple(replace(each, state=ParcelState.LOADED) for each in order.parcels)
    assert stops_to_load([stop], {order.id: replace(order, parcels=aboard)}) == frozenset()


def test_what_was_planned_first_stays_whatever_is_planned_later() -> None:
    version = a_route_version()
    first, later = version.stops[0], timedelta(minutes=25)
    new = replace(first, stop_id=an_id("new"), arrival=first.arrival + later)
    moved = replace(first, arrival=first.arrival + later)
    newer = replace(version, number=2, stops=(moved, new))
    known = first_arrivals([version])
    assert first_arrivals([newer], known)[first.stop_id] == first.arrival
    assert first_arrivals([newer], known)[new.stop_id] == new.arrival


def test_a_stop_that_moved_to_another_route_is_left_out() -> None:
    route = make_tracked_route(
        a_route(), a_route_version(), depot_position=DEPOT, stops=[], orders={}, promises={}
    )
    assert route.stops == ()
    assert route.next_stop is None


def test_an_order_without_a_placement_has_the_doubt_of_a_pin() -> None:
    version, stop = a_route_version(), a_stop()
    order = replace(an_order(), placement=None)
    planned = replace(version.stops[0], stop_id=stop.id, order_id=order.id)
    route = make_tracked_route(
        a_route(),
        replace(version, stops=(planned,), geometry=""),
        depot_position=DEPOT,
        stops=[stop],
        orders={order.id: order},
        promises={},
    )
    assert route.stops[0].uncertainty_m == UNCERTAINTY_M_DEFAULT


def test_a_colacion_moves_with_the_stop_planned_after_it() -> None:
    noon = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    lunch = RouteBreak(start=noon, end=noon + timedelta(minutes=30))
    early, late = noon - timedelta(minutes=20), noon + timedelta(minutes=40)
    arrivals = [(early, early), (late, late + timedelta(minutes=12))]
    (moved,) = breaks_as_expected([lunch], arrivals)
    assert moved == RouteBreak(start=noon + timedelta(minutes=12), end=noon + timedelta(minutes=42))
    assert breaks_as_expected([lunch], arrivals[:1]) == (lunch,)


def test_a_colacion_had_on_arriving_is_over_when_the_visit_is_expected() -> None:
    noon = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    lunch = RouteBreak(start=noon, end=noon + timedelta(minutes=30))
    expected = noon + timedelta(minutes=42)
    (moved,) = breaks_as_expected([lunch], [(noon, expected)])
    assert (moved.start, moved.end) == (noon + timedelta(minutes=12), expected)


@pytest.mark.parametrize(
    ("closed_min", "start_min"),
    [
        ([-10, 35], 0),  # Nobody came by: it stays.
        ([-10, 2, 50], 2),  # The way there was shorter than planned.
        ([-45, -10, 2, 28, 45], -40),  # The driver rested before the visit planned first.
        ([-10, 5, 15], 15),  # Not had yet.
    ],
)
def test_no_visit_is_closed_inside_a_colacion(closed_min: list[int], start_min: int) -> None:
    noon = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    lunch = RouteBreak(start=noon, end=noon + timedelta(minutes=30))
    closed = [noon + timedelta(minutes=minutes) for minutes in closed_min]
    (moved,) = breaks_as_expected([lunch], [], closed)
    assert moved.start == noon + timedelta(minutes=start_min)
    assert moved.end - moved.start == timedelta(minutes=30)
