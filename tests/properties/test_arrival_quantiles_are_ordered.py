"""Laws of arrival estimates, for any state of any route."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from promesa.domain.route import RouteState
from promesa.domain.stop import StopState
from promesa.tracking.eta import VanPlace, estimate
from promesa.tracking.tracked import TrackedRoute
from promesa.tracking.travel import StraightTravel
from tests.support.tracked_routes import after_s, east_m, promised, street_route

STOPS = 6
TRAVEL = StraightTravel()


@st.composite
def routes(draw: st.DrawFn) -> TrackedRoute:
    """Routes with some stops closed in any order, some windows, broken or not."""
    route = street_route(STOPS, draw(st.sampled_from([RouteState.STARTED, RouteState.LOADED])))
    for number in draw(st.sets(st.integers(1, STOPS))):
        arrived_s = draw(st.integers(0, 4000))
        stop = replace(
            route.stops[number - 1],
            state=StopState.CLOSED,
            arrived_at=after_s(arrived_s),
            closed_at=after_s(arrived_s + draw(st.integers(0, 900))),
        )
        route = route.with_stop(stop)
    for number in draw(st.sets(st.integers(1, STOPS), max_size=3)):
        start_s = draw(st.integers(0, 6000))
        route = promised(route, number, start_s=start_s, end_s=start_s + 3600)
    return replace(route, is_broken_down=draw(st.booleans()))


vans = st.none() | st.builds(
    VanPlace, position=st.just(east_m(0)), road_s=st.floats(-100, 5000, allow_nan=False)
)


@given(routes(), vans, st.integers(-3600, 9000))
def test_ends_enclose_the_middle_and_no_stop_comes_before_the_one_before_it(
    route: TrackedRoute, van: VanPlace | None, now_s: int
) -> None:
    now = after_s(now_s)
    found = list(estimate(route, van, TRAVEL, now).arrivals.values())
    assert len(found) == sum(stop.is_open for stop in route.stops)
    for arrival in found:
        assert now <= arrival.p10 <= arrival.p50 <= arrival.p90
    for before, after in pairwise(found):
        assert before.p10 <= after.p10
        assert before.p50 <= after.p50
        assert before.p90 <= after.p90


@given(routes(), st.integers(0, 3000), st.integers(1, 3000))
def test_a_longer_way_to_the_next_stop_never_brings_a_latest_arrival_forward(
    route: TrackedRoute, road_s: int, more_s: int
) -> None:
    # The median may: who waits less for a window keeps more of the doubt, and doubt lowers it.
    def latest(seconds: float) -> list[float]:
        van = VanPlace(position=east_m(0), road_s=seconds)
        found = estimate(route, van, TRAVEL, after_s(0)).arrivals.values()
        return [arrival.p90.timestamp() for arrival in found]

    for near, far in zip(latest(road_s), latest(road_s + more_s), strict=True):
        assert near <= far + 1
