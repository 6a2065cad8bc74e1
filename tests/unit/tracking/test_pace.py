"""How fast today goes against the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from promesa.domain.stop import StopState
from promesa.kernel.timewindow import TimeWindow
from promesa.tracking.pace import Pace, observed_pace, service_opens_at
from promesa.tracking.tracked import TrackedRoute
from tests.support.tracked_routes import after_s, street_route


def visited(route: TrackedRoute, number: int, arrived_s: float, closed_s: float) -> TrackedRoute:
    stop = replace(
        route.stops[number - 1],
        state=StopState.CLOSED,
        arrived_at=after_s(arrived_s),
        closed_at=after_s(closed_s),
    )
    return route.with_stop(stop)


def test_a_route_without_a_closed_stop_goes_as_planned() -> None:
    assert observed_pace(street_route()) == Pace(travel=1.0, service=1.0)


def test_a_slow_first_leg_counts_beside_the_plans_word() -> None:
    # 600 s instead of 200 on the road, 100 s at the door as planned: (600+1800)/(200+1800).
    pace = observed_pace(visited(street_route(), 1, 600, 700))
    assert pace.travel == pytest.approx(1.2)
    assert pace.service == pytest.approx(1.0)


def test_a_leg_skipped_over_does_not_count() -> None:
    # Stop 2 after the depot is no leg of the plan.
    pace = observed_pace(visited(street_route(), 2, 2000, 2100))
    assert pace.travel == 1.0


def test_waiting_for_a_window_is_no_slow_service() -> None:
    route = street_route()
    window = TimeWindow(start=after_s(1200), end=after_s(4000))
    waiting = route.with_stop(replace(route.stops[0], windows=(window,)))
    assert observed_pace(visited(waiting, 1, 200, 1300)).service == pytest.approx(1.0)


def test_a_lunch_break_is_no_pace() -> None:
    assert observed_pace(visited(street_route(), 1, 20_000, 20_100)).travel == 1.8


@pytest.mark.parametrize(
    ("arrival", "opens"),
    [(after_s(50), after_s(100)), (after_s(150), after_s(150)), (after_s(250), after_s(300))],
)
def test_service_begins_at_once_or_when_the_next_window_opens(
    arrival: datetime, opens: datetime
) -> None:
    windows = (
        TimeWindow(start=after_s(300), end=after_s(400)),
        TimeWindow(start=after_s(100), end=after_s(200)),
    )
    stop = replace(street_route().stops[0], windows=windows)
    assert service_opens_at(stop, arrival) == opens


def test_after_the_last_window_service_begins_at_once() -> None:
    windows = (TimeWindow(start=after_s(100), end=after_s(200)),)
    stop = replace(street_route().stops[0], windows=windows)
    assert service_opens_at(stop, after_s(500)) == after_s(500)
