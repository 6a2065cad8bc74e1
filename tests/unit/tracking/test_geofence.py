"""Arriving and leaving, seen from positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from promesa.domain.route import RouteState
from promesa.domain.stop import StopState
from promesa.tracking.geofence import Crossing, CrossingKind, FenceState, enter_radius_m, watch
from promesa.tracking.repository import Fix
from promesa.tracking.tracked import TrackedRoute
from tests.support.tracked_routes import after_s, fix_at, stop_id, street_route

# Of stop 1 at 1000 m: 50 + 20 / 2 metres, and 5 for the position's own error.
RADIUS_M = 65


def crossings(route: TrackedRoute, fixes: Iterable[Fix]) -> list[tuple[str, int, float]]:
    """Kind, stop number and seconds after 09:00 of each crossing."""
    state, found = FenceState(), list[Crossing]()
    for fix in fixes:
        state, new = watch(route, state, fix)
        found.extend(new)
    return [(c.kind.value, c.stop_id.int - 100, (c.at - after_s(0)).total_seconds()) for c in found]


def test_the_circle_grows_with_the_doubt_about_the_door_up_to_a_limit() -> None:
    stop = street_route().stops[0]
    assert enter_radius_m(stop, 5.0) == RADIUS_M
    assert enter_radius_m(replace(stop, uncertainty_m=180.0), None) == 140
    assert enter_radius_m(replace(stop, uncertainty_m=900.0), 400.0) == 150 + 50


def test_a_van_that_stays_has_arrived_when_it_came() -> None:
    fixes = [fix_at(190, 900), fix_at(200, 950), fix_at(230, 998), fix_at(250, 999)]
    assert crossings(street_route(), fixes) == [("arrived", 1, 200)]


def test_a_van_at_a_red_light_beside_the_door_has_not_arrived() -> None:
    fixes = [fix_at(200, 950), fix_at(245, 960), fix_at(260, 1200)]
    assert crossings(street_route(), fixes) == []


def test_jitter_around_the_edge_is_neither_a_second_arrival_nor_a_departure() -> None:
    # 80 m is outside the circle to enter and inside the one to leave (97 m).
    fixes = [fix_at(200, 960), fix_at(255, 960), fix_at(260, 920), fix_at(270, 960)]
    assert crossings(street_route(), fixes) == [("arrived", 1, 200)]


def test_leaving_is_seen_once_when_the_wider_circle_is_left() -> None:
    fixes = [
        fix_at(200, 990),
        fix_at(260, 990),
        fix_at(300, 1090),
        fix_at(305, 1100),
        fix_at(310, 1200),
    ]
    assert crossings(street_route(), fixes) == [("arrived", 1, 200), ("left", 1, 305)]


def test_a_stop_out_of_turn_needs_a_longer_stay() -> None:
    fixes = [fix_at(0, 2000), fix_at(100, 2000), fix_at(149, 2000)]
    assert crossings(street_route(), fixes) == []
    assert crossings(street_route(), [*fixes, fix_at(150, 2000)]) == [("arrived", 2, 0)]


def test_an_arrival_the_driver_told_is_not_told_again_but_the_departure_is() -> None:
    route = street_route()
    told = route.with_stop(
        replace(route.stops[0], state=StopState.ARRIVED, arrived_at=after_s(200))
    )
    fixes = [fix_at(200, 1000), fix_at(260, 1000), fix_at(300, 1500)]
    assert crossings(told, fixes) == [("left", 1, 300)]


def test_a_route_that_has_not_left_crosses_nothing() -> None:
    waiting = street_route(state=RouteState.PUBLISHED)
    assert crossings(waiting, [fix_at(0, 1000), fix_at(300, 1000)]) == []


def test_crossings_name_route_stop_and_order() -> None:
    route = street_route()
    state, _ = watch(route, FenceState(), fix_at(200, 1000))
    _, (crossing,) = watch(route, state, fix_at(260, 1000))
    assert crossing == Crossing(
        route_id=route.route_id,
        stop_id=stop_id(1),
        order_id=route.stops[0].order_id,
        kind=CrossingKind.ARRIVED,
        at=after_s(200),
    )


def test_standing_at_one_door_is_no_arrival_at_another_of_the_same_building() -> None:
    route = street_route()
    tower = route.with_stop(replace(route.stops[2], position=route.stops[0].position))
    fixes = [fix_at(200, 1000), fix_at(260, 1000), fix_at(500, 1000)]
    assert crossings(tower, fixes) == [("arrived", 1, 200)]


def test_the_next_door_of_the_same_building_is_arrived_at_after_the_one_before() -> None:
    route = street_route()
    tower = route.with_stop(replace(route.stops[1], position=route.stops[0].position))
    state = FenceState()
    for fix in [fix_at(200, 1000), fix_at(260, 1000)]:
        state, _ = watch(tower, state, fix)
    first = replace(tower.stops[0], state=StopState.CLOSED, closed_at=after_s(300))
    state, found = watch(tower.with_stop(first), state, fix_at(320, 1000))
    assert [(c.kind, c.stop_id, c.at) for c in found] == [
        (CrossingKind.ARRIVED, stop_id(2), after_s(260))
    ]
