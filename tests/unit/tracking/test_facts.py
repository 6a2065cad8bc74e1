"""What events change on a followed route, whatever order and however often they come."""

from __future__ import annotations

from itertools import permutations

import pytest

from promesa.domain.events import Event
from promesa.domain.route import RouteState
from promesa.domain.stop import Outcome, StopState
from promesa.tracking.facts import with_fact
from promesa.tracking.tracked import TrackedRoute
from tests.support.tracked_routes import after_s, fact, stop_id, street_route


def after(route: TrackedRoute, *events: Event) -> TrackedRoute:
    for event in events:
        route = with_fact(route, event)
    return route


def test_a_visit_goes_from_the_way_to_the_door_to_its_end() -> None:
    started = fact("stop.started", 10, stop_id(1))
    arrived = fact("stop.arrived", 200, stop_id(1))
    closed = fact("stop.closed", 300, stop_id(1), outcome="partial")
    route = street_route()
    states = []
    for event in (started, arrived, closed):
        route = with_fact(route, event)
        states.append(route.stops[0].state)
    assert states == [StopState.EN_ROUTE, StopState.ARRIVED, StopState.CLOSED]
    assert route.stops[0].outcome is Outcome.PARTIAL
    assert (route.stops[0].arrived_at, route.stops[0].closed_at) == (after_s(200), after_s(300))
    assert route.last_closed is route.stops[0]


def test_events_of_a_visit_may_come_in_any_order() -> None:
    events = [
        fact("stop.started", 10, stop_id(1)),
        fact("stop.arrived", 200, stop_id(1)),
        fact("stop.closed", 300, stop_id(1), outcome="succeeded"),
    ]
    for order in permutations(events):
        stop = after(street_route(), *order).stops[0]
        assert (stop.state, stop.outcome) == (StopState.CLOSED, Outcome.SUCCEEDED)
        assert (stop.arrived_at, stop.closed_at) == (after_s(200), after_s(300))


def test_the_earlier_of_driver_and_geofence_is_when_the_van_was_there() -> None:
    route = after(
        street_route(),
        fact("stop.arrived", 230, stop_id(1), by="driver"),
        fact("stop.arrived", 200, stop_id(1), by="geofence"),
        fact("stop.arrived", 260, stop_id(1), by="driver"),
    )
    assert route.stops[0].arrived_at == after_s(200)


def test_starting_another_stop_puts_the_first_back_in_line() -> None:
    route = after(
        street_route(),
        fact("stop.started", 10, stop_id(1)),
        fact("stop.started", 20, stop_id(3)),
    )
    assert [stop.state.value for stop in route.stops] == ["pending", "pending", "en_route"]
    assert [stop.stop_id for stop in route.open_stops] == [stop_id(3), stop_id(1), stop_id(2)]


def test_the_first_start_of_a_route_counts_and_its_end_is_final() -> None:
    route = after(
        street_route(state=RouteState.LOADED),
        fact("route.started", 5),
        fact("route.paused", 50),
        fact("route.resumed", 60),
    )
    assert (route.state, route.started_at) == (RouteState.STARTED, after_s(5))
    over = after(route, fact("route.finished", 100), fact("route.resumed", 110))
    assert over.state is RouteState.FINISHED
    assert over.is_over


def test_a_breakdown_lasts_until_the_repair() -> None:
    broken = after(street_route(), fact("route.broke_down", 10))
    assert broken.is_broken_down
    assert not after(broken, fact("route.repaired", 20)).is_broken_down


@pytest.mark.parametrize(
    "event",
    [
        fact("stop.arrived", 10, stop_id(99)),
        fact("order.rated", 10, stop_id(1)),
        fact("stop.late_evidence", 10, stop_id(1)),
    ],
)
def test_what_means_nothing_here_changes_nothing(event: Event) -> None:
    route = street_route()
    assert with_fact(route, event) is route


def test_an_outcome_nobody_knows_still_closes_the_stop() -> None:
    stop = after(street_route(), fact("stop.closed", 9, stop_id(1), outcome="eaten")).stops[0]
    assert (stop.state, stop.outcome) == (StopState.CLOSED, None)
