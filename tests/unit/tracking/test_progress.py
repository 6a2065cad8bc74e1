"""Where on its way a van is. The drawing is in tests/support/tracked_routes.py."""

from __future__ import annotations

from dataclasses import replace

import pytest

from promesa.domain.stop import StopState
from promesa.tracking.path import route_path
from promesa.tracking.progress import locate
from promesa.tracking.tracked import TrackedRoute
from tests.support.tracked_routes import after_s, east_m, street_route


def closed(route: TrackedRoute, number: int) -> TrackedRoute:
    stop = route.stops[number - 1]
    return route.with_stop(replace(stop, state=StopState.CLOSED, closed_at=after_s(300)))


def test_a_quarter_of_the_first_leg_is_driven() -> None:
    progress = locate(street_route(), east_m(250))
    assert progress is not None
    assert progress.along_m == pytest.approx(250, abs=1)
    assert progress.total_m == pytest.approx(3000, abs=3)
    assert progress.leg_fraction == pytest.approx(0.25, abs=0.01)


def test_after_a_closed_stop_the_next_leg_counts_from_zero() -> None:
    progress = locate(closed(street_route(), 1), east_m(1100))
    assert progress is not None
    assert progress.leg_fraction == pytest.approx(0.1, abs=0.01)


def test_a_van_in_a_side_street_is_off_route_by_its_distance() -> None:
    progress = locate(street_route(), east_m(500, north_m=400))
    assert progress is not None
    assert progress.off_route_m == pytest.approx(400, abs=1)
    assert not progress.is_on_route


def test_a_finished_route_has_no_progress() -> None:
    assert locate(closed(street_route(stops=1), 1), east_m(500)) is None


def test_a_way_that_passes_one_place_twice_keeps_the_two_passes_apart() -> None:
    # East 1000 m and back: stop 1 is at the far end, stop 2 half way back.
    stops = [east_m(1000), east_m(500)]
    path = route_path("", east_m(0), stops, [1000, 500])
    assert path.stop_along == pytest.approx((1000, 1500), abs=1)
    out, _ = path.project(east_m(500), start_m=0, end_m=1000)
    back, _ = path.project(east_m(500), start_m=1000, end_m=1500)
    assert (out, back) == pytest.approx((500, 1500), abs=1)


def test_a_stop_far_from_the_way_stands_where_the_planned_distance_puts_it() -> None:
    path = route_path("", east_m(0), [east_m(1000), east_m(2000)], [1000, 1000])
    lost = route_path("", east_m(0), [east_m(1000), east_m(2000)], [700, 1000])
    assert path.stop_along == pytest.approx((1000, 2000), abs=1)
    assert lost.stop_along[0] == pytest.approx(1000, abs=1)


def test_a_route_without_a_way_or_stops_is_a_point() -> None:
    assert route_path("", east_m(0), [], []).length_m == 0


def test_the_way_between_two_places_begins_and_ends_there() -> None:
    # East 1000 m and back to 500: from 250 m out to the second stop, by the far end.
    path = route_path("", east_m(0), [east_m(1000), east_m(500)], [1000, 500])
    way = path.between(250, path.stop_along[1])
    along = [(place.lon - east_m(0).lon) / (east_m(1).lon - east_m(0).lon) for place in way]
    assert along == pytest.approx([250, 1000, 500], abs=1)
    assert path.between(500, 500) == []
