"""Arrival estimates: the middle by hand, the ends by their assumed spread."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

import pytest

from promesa.domain.fleet import Vehicle
from promesa.domain.route import RouteBreak, RouteState
from promesa.domain.stop import StopState
from promesa.kernel.geo import Position
from promesa.tracking.eta import Basis, VanPlace, estimate, lognormal_quantiles_s
from promesa.tracking.tracked import TrackedReload, TrackedRoute
from promesa.tracking.travel import StraightTravel, TravelTimes
from tests.support.tracked_routes import (
    after_s,
    east_m,
    promised,
    stop_id,
    street_route,
)

STREET = StraightTravel()


def seconds(instant: datetime) -> float:
    return (instant - after_s(0)).total_seconds()


class Rush:
    """Streets twice as slow from 10:00 on."""

    def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
        return STREET.leg_s(origin, destination, departure)

    def marked_leg_s(
        self, origin: Position, destination: Position, departure: datetime
    ) -> int | None:
        return None

    def slowness(self, at: datetime) -> float:
        return 2.0 if at >= after_s(3600) else 1.0

    def of(self, vehicle: Vehicle | None) -> TravelTimes:
        return self


def test_before_the_start_the_plan_is_the_estimate() -> None:
    route = street_route(state=RouteState.PUBLISHED)
    found = estimate(route, None, STREET, after_s(-600))
    assert found.basis is Basis.PLAN
    # The median lies a little under the mean: 800 s / sqrt(1 + variance / mean²).
    assert seconds(found.arrivals[stop_id(1)].p50) == pytest.approx(200, abs=15)
    assert list(found.arrivals) == [stop_id(1), stop_id(2), stop_id(3)]


def test_a_van_that_has_not_left_in_time_is_late_by_as_much() -> None:
    route = street_route(state=RouteState.LOADED)
    found = estimate(route, None, STREET, after_s(900))
    assert found.delay_s == pytest.approx(900, abs=15)


def test_a_fresh_position_counts_from_the_road_time_to_the_next_stop() -> None:
    van = VanPlace(position=east_m(500), road_s=120)
    found = estimate(street_route(), van, STREET, after_s(100))
    assert found.basis is Basis.POSITION
    assert seconds(found.arrivals[stop_id(1)].p50) == pytest.approx(220, abs=8)
    # 120 s to stop 1, 100 s there, 200 s on.
    assert seconds(found.arrivals[stop_id(2)].p50) == pytest.approx(520, abs=15)


def test_without_any_position_the_last_thing_the_driver_did_counts() -> None:
    route = street_route()
    done = route.with_stop(
        replace(
            route.stops[0],
            state=StopState.CLOSED,
            arrived_at=after_s(200),
            closed_at=after_s(300),
        )
    )
    found = estimate(done, None, STREET, after_s(400))
    assert found.basis is Basis.LAST_EVENT
    assert stop_id(1) not in found.arrivals
    # Left at 300, 200 s of way, 100 s gone.
    assert seconds(found.arrivals[stop_id(2)].p50) == pytest.approx(500, abs=12)


def test_a_van_silent_for_longer_than_the_leg_is_expected_any_moment() -> None:
    found = estimate(street_route(), None, STREET, after_s(1000))
    assert 1000 < seconds(found.arrivals[stop_id(1)].p50) <= 1030


def test_at_the_door_the_arrival_is_a_fact_and_the_next_counts_from_the_rest_of_the_visit() -> None:
    route = street_route()
    there = route.with_stop(
        replace(route.stops[0], state=StopState.ARRIVED, arrived_at=after_s(200))
    )
    found = estimate(there, None, STREET, after_s(260))
    arrival = found.arrivals[stop_id(1)]
    assert arrival.p10 == arrival.p50 == arrival.p90 == after_s(200)
    # 40 s of service left, 200 s of way.
    assert seconds(found.arrivals[stop_id(2)].p50) == pytest.approx(500, abs=12)


def test_the_van_waits_for_a_window_and_the_stops_after_it_wait_too() -> None:
    route = promised(street_route(), 1, start_s=1200, end_s=4800)
    found = estimate(route, VanPlace(position=east_m(0), road_s=200), STREET, after_s(0))
    assert seconds(found.arrivals[stop_id(1)].p50) == pytest.approx(200, abs=12)
    # Opens at 1200, 100 s of service, 200 s on.
    assert seconds(found.arrivals[stop_id(2)].p50) == pytest.approx(1500, abs=15)


def test_waiting_swallows_doubt() -> None:
    free = estimate(street_route(), VanPlace(position=east_m(0), road_s=200), STREET, after_s(0))
    held = estimate(
        promised(street_route(), 1, start_s=1200, end_s=4800),
        VanPlace(position=east_m(0), road_s=200),
        STREET,
        after_s(0),
    )
    free_2, held_2 = free.arrivals[stop_id(2)], held.arrivals[stop_id(2)]
    assert (held_2.p90 - held_2.p50) / seconds(held_2.p50) < (free_2.p90 - free_2.p50) / seconds(
        free_2.p50
    )


def test_a_leg_driven_in_another_hour_than_planned_takes_that_hours_time() -> None:
    # At 09:58:20: 200 s to stop 1, 100 s there, then the leg of 200 s to stop 2 after ten.
    van = VanPlace(position=east_m(0), road_s=200)
    route = street_route()
    moved = route.with_stop(replace(route.stops[1], planned_arrival=after_s(3900)))
    as_planned = estimate(moved, van, Rush(), after_s(3500)).arrivals[stop_id(2)]
    later = estimate(route, van, Rush(), after_s(3500)).arrivals[stop_id(2)]
    assert seconds(as_planned.p50) == pytest.approx(4000, abs=15)
    assert seconds(later.p50) == pytest.approx(4200, abs=25)


def test_a_pair_no_plan_foresaw_is_asked_of_the_roads() -> None:
    route = street_route()
    skipped = route.with_stop(
        replace(
            route.stops[1],
            state=StopState.CLOSED,
            arrived_at=after_s(10),
            closed_at=after_s(20),
        )
    )
    found = estimate(skipped, VanPlace(position=east_m(1000), road_s=0), STREET, after_s(100))
    road_s = STREET.leg_s(east_m(1000), east_m(3000), after_s(100))
    assert seconds(found.arrivals[stop_id(3)].p50) == pytest.approx(100 + 100 + road_s, abs=30)


def test_a_stop_the_driver_started_out_of_turn_comes_first() -> None:
    route = street_route()
    begun = route.with_stop(
        replace(route.stops[2], state=StopState.EN_ROUTE, started_at=after_s(5))
    )
    found = estimate(begun, VanPlace(position=east_m(0), road_s=600), STREET, after_s(10))
    assert list(found.arrivals) == [stop_id(3), stop_id(1), stop_id(2)]


def test_a_broken_van_is_an_hour_behind() -> None:
    broken = replace(street_route(), is_broken_down=True)
    van = VanPlace(position=east_m(0), road_s=200)
    delay_s = estimate(broken, van, STREET, after_s(0)).delay_s
    assert delay_s == pytest.approx(3600, abs=250)


def test_a_route_with_nothing_left_has_nothing_to_estimate() -> None:
    route = street_route(stops=1)
    done = route.with_stop(replace(route.stops[0], state=StopState.CLOSED))
    found = estimate(done, None, STREET, after_s(0))
    assert (found.arrivals, found.delay_s) == ({}, 0)


def test_quantiles_are_those_of_the_lognormal_with_that_mean_and_variance() -> None:
    # sigma = 0.5: variance = mean² (exp(0.25) - 1); quantiles by the normal's table.
    mean_s = 1000.0
    variance = mean_s**2 * (math.exp(0.25) - 1)
    p10, p50, p90 = lognormal_quantiles_s(mean_s, variance)
    assert p50 == pytest.approx(1000 * math.exp(-0.125))
    assert p90 / p50 == pytest.approx(math.exp(0.5 * 1.2816), rel=1e-4)
    assert p10 * p90 == pytest.approx(p50**2)


def test_no_time_left_is_no_doubt() -> None:
    assert lognormal_quantiles_s(0.0, 0.0) == (0.0, 0.0, 0.0)


def test_a_stop_the_van_came_to_and_left_is_visited_in_its_turn_and_moves_no_other() -> None:
    there_s, due_s = 260, 4 * 3600
    route = promised(street_route(), 2, start_s=due_s, end_s=due_s + 3600)
    here = replace(route.stops[0], state=StopState.ARRIVED, arrived_at=after_s(200))
    passed = replace(route.stops[1], state=StopState.ARRIVED, arrived_at=after_s(100))
    usual = estimate(route.with_stop(here), None, STREET, after_s(there_s))
    found = estimate(route.with_stop(here).with_stop(passed), None, STREET, after_s(there_s))
    assert found == usual
    assert found.arrivals[stop_id(2)].p50 > after_s(there_s)


def resting(number: int, start_s: float) -> TrackedRoute:
    """The street's route with half an hour of colación before a stop."""
    route = street_route()
    rest = RouteBreak(start=after_s(start_s), end=after_s(start_s + 1_800))
    return route.with_stop(replace(route.stops[number - 1], rest=rest))


def test_stops_after_a_break_wait_for_it_and_those_before_do_not() -> None:
    van = VanPlace(position=east_m(500), road_s=120)
    plain = estimate(street_route(), van, STREET, after_s(100)).arrivals
    later = estimate(resting(2, 300), van, STREET, after_s(100)).arrivals
    assert later[stop_id(1)] == plain[stop_id(1)]
    for number in (2, 3):
        waited_s = (later[stop_id(number)].p50 - plain[stop_id(number)].p50).total_seconds()
        assert waited_s == pytest.approx(1_800, abs=20)


def test_a_break_under_way_counts_as_far_as_it_lasts() -> None:
    van = VanPlace(position=east_m(500), road_s=120)
    found = estimate(resting(1, 0), van, STREET, after_s(1_200)).arrivals
    # Ten minutes of it are left, then two minutes of road.
    assert seconds(found[stop_id(1)].p50) == pytest.approx(1_200 + 600 + 120, abs=15)
    over = estimate(resting(1, 0), van, STREET, after_s(1_900)).arrivals
    assert seconds(over[stop_id(1)].p50) == pytest.approx(2_020, abs=8)


class Marked(StraightTravel):
    """A market on the street between two places until an hour after 09:00: 1,100 s to pass it."""

    def __init__(self, origin: Position, destination: Position) -> None:
        self._ends = origin, destination

    def marked_leg_s(
        self, origin: Position, destination: Position, departure: datetime
    ) -> int | None:
        is_there = (origin, destination) == self._ends and departure < after_s(3600)
        return 1100 if is_there else None


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_street_marked_on_any_leg_to_come_makes_what_follows_late(number: int) -> None:
    route = replace(street_route(state=RouteState.PUBLISHED), depot=east_m(0))
    market = Marked(east_m(1000 * (number - 1)), east_m(1000 * number))
    before = estimate(route, None, STREET, after_s(-600)).arrivals
    found = estimate(route, None, market, after_s(-600)).arrivals
    for each in (1, 2, 3):
        later_s = seconds(found[stop_id(each)].p50) - seconds(before[stop_id(each)].p50)
        # Its leg was planned at 200 s.
        assert later_s == pytest.approx(900 if each >= number else 0, abs=60)


def test_a_leg_planned_with_the_mark_counts_it_once() -> None:
    route = street_route()
    planned = route.with_stop(replace(route.stops[1], leg_duration_s=1100))
    van = VanPlace(position=east_m(0), road_s=200)
    there = estimate(planned, van, Marked(east_m(1000), east_m(2000)), after_s(0))
    assert there.arrivals == estimate(planned, van, STREET, after_s(0)).arrivals


def test_a_mark_that_is_over_when_the_leg_is_driven_does_not_count() -> None:
    route = promised(street_route(), 1, start_s=4000, end_s=8000)
    van = VanPlace(position=east_m(0), road_s=200)
    later = estimate(route, van, Marked(east_m(1000), east_m(2000)), after_s(0))
    assert later.arrivals == estimate(route, van, STREET, after_s(0)).arrivals


def test_the_return_to_load_counts_a_mark_on_the_way_to_the_depot() -> None:
    route = street_route()
    depot = east_m(0)
    reload = TrackedReload(position=depot, loading_s=300)
    # 1,000 m back, 300 s of loading and 2,000 m on.
    second = replace(route.stops[1], reload=reload, leg_duration_s=208 + 300 + 415)
    van = VanPlace(position=east_m(500), road_s=100)
    before, found = (
        estimate(route.with_stop(second), van, each, after_s(0)).arrivals[stop_id(2)]
        for each in (STREET, Marked(east_m(1000), depot))
    )
    assert seconds(found.p50) - seconds(before.p50) == pytest.approx(1100 - 208, abs=60)


def test_a_colacion_due_at_a_late_visit_is_had_from_its_end_on() -> None:
    """Due at 100 for 600 s before stop 2; stop 1 is over at 300: 500 s are left at 400."""
    route = street_route()
    late = route.with_stop(
        replace(
            route.stops[0],
            state=StopState.CLOSED,
            arrived_at=after_s(200),
            closed_at=after_s(300),
        )
    )
    rest = RouteBreak(start=after_s(100), end=after_s(700))
    eating = late.with_stop(replace(late.stops[1], rest=rest))
    van = VanPlace(position=east_m(1000), road_s=200)
    found = estimate(eating, van, STREET, after_s(400))
    assert seconds(found.arrivals[stop_id(2)].p50) == pytest.approx(400 + 500 + 200, abs=15)
