"""When a customer sees the van."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from promesa.domain.route import RouteState
from promesa.kernel.clock import MovedClock
from promesa.tracking.near import VanView, find_van, is_near
from promesa.tracking.service import Tracker
from promesa.tracking.snapshot import RouteSnapshot
from promesa.tracking.travel import StraightTravel
from tests.support.tracked_routes import (
    ROUTE,
    after_s,
    east_m,
    fact,
    fix_at,
    stop_id,
    street_route,
)


@pytest.mark.parametrize(
    ("stops_before", "minutes", "expected"),
    [(3, 90, True), (4, 20, True), (4, 21, False), (0, 0, True)],
)
def test_three_stops_before_or_twenty_minutes_is_near(
    stops_before: int, minutes: int, *, expected: bool
) -> None:
    assert is_near(stops_before=stops_before, lead=timedelta(minutes=minutes)) is expected


def seen(state: RouteState = RouteState.STARTED, stops: int = 9) -> Tracker:
    tracker = Tracker(StraightTravel(), MovedClock(after_s(100)))
    tracker.follow(street_route(stops, state))
    tracker.apply_fixes([fix_at(100, 500)])
    return tracker


def route_of(tracker: Tracker) -> RouteSnapshot:
    return tracker.snapshot().routes[ROUTE]


def test_the_next_customer_sees_the_van_and_a_far_one_does_not() -> None:
    route = route_of(seen())
    view = find_van(route, stop_id(1), after_s(100))
    assert view == VanView(position=east_m(500), heading_deg=None, at=after_s(100))
    # Stop 9 is eight stops and 40 minutes away.
    assert find_van(route, stop_id(9), after_s(100)) is None


def test_nobody_sees_a_van_that_has_not_left_or_whose_position_is_old() -> None:
    assert find_van(route_of(seen(RouteState.LOADED)), stop_id(1), after_s(100)) is None
    assert find_van(route_of(seen()), stop_id(1), after_s(100 + 301)) is None


def test_after_the_delivery_the_van_is_nobodys_business() -> None:
    tracker = seen()
    tracker.apply_fact(fact("stop.closed", 100, stop_id(1), outcome="succeeded"))
    assert find_van(route_of(tracker), stop_id(1), after_s(100)) is None
    assert find_van(route_of(tracker), stop_id(2), after_s(100)) is not None


def test_a_stop_of_another_route_sees_nothing() -> None:
    assert find_van(route_of(seen()), stop_id(99), after_s(100)) is None
    without_fix = replace(route_of(seen()), fix=None)
    assert find_van(without_fix, stop_id(1), after_s(100)) is None
