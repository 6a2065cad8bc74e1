"""The one writer and what its readers see. The drawing is in tests/support/tracked_routes.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from promesa.domain.fleet import Vehicle, VehicleKind
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import RouteState
from promesa.domain.stop import Outcome
from promesa.kernel.clock import MovedClock
from promesa.kernel.geo import Position
from promesa.tracking.eta import Basis
from promesa.tracking.intake import BATCH_MAX, BatchTooLongError
from promesa.tracking.service import TICK_SHARE, Tracker, take_positions
from promesa.tracking.snapshot import RouteSnapshot
from promesa.tracking.travel import StraightTravel, TravelTimes
from tests.support.dispatch_memory import VAN
from tests.support.tracked_routes import (
    DRIVER,
    ROUTE,
    after_s,
    fact,
    fix_at,
    promised,
    stop_id,
    street_route,
)
from tests.support.tracks_memory import MemoryTracks


class Day:
    """A tracker with its clock, following the route of the drawing."""

    def __init__(self, state: RouteState = RouteState.STARTED) -> None:
        self.clock = MovedClock(after_s(0))
        self.tracker = Tracker(StraightTravel(), self.clock)
        self.tracker.follow(promised(street_route(state=state), 3, start_s=0, end_s=1800))

    @property
    def route(self) -> RouteSnapshot:
        return self.tracker.snapshot().routes[ROUTE]

    def basis(self) -> Basis:
        return self.route.basis

    def drive(self, seconds: float, metres: float) -> None:
        self.clock.move_to(after_s(seconds))
        self.tracker.apply_fixes([fix_at(seconds, metres)])

    def tell(self, event_type: str, seconds: float, subject: UUID = ROUTE, **data: object) -> None:
        self.clock.move_to(after_s(seconds))
        self.tracker.apply_fact(fact(event_type, seconds, subject, **data))


def test_a_position_moves_the_van_and_is_what_the_estimate_stands_on() -> None:
    day = Day()
    day.drive(50, 250)
    assert day.route.basis is Basis.POSITION
    assert day.route.fix is not None
    assert day.route.progress is not None
    assert day.route.progress.along_m == pytest.approx(250, abs=1)


def test_a_day_without_a_single_position_still_has_arrivals_and_says_on_what() -> None:
    day = Day(RouteState.LOADED)
    assert day.basis() is Basis.PLAN
    day.tell("route.started", 0)
    assert day.basis() is Basis.LAST_EVENT
    day.tell("stop.arrived", 200, stop_id(1), by="driver")
    day.tell("stop.closed", 300, stop_id(1), outcome="succeeded")
    assert day.route.next_stop_id == stop_id(2)
    assert (day.route.stops_closed, day.route.stops_failed) == (1, 0)
    arrival = day.route.find_arrival(stop_id(2))
    assert arrival is not None
    assert arrival.p10 < arrival.p50 < arrival.p90


def test_an_old_position_gives_way_to_the_last_event() -> None:
    day = Day()
    day.drive(50, 250)
    day.clock.move_to(after_s(50 + 181))
    day.tracker.tick()
    assert day.route.basis is Basis.LAST_EVENT
    assert day.route.fix is not None


def test_an_arrival_seen_by_the_geofence_is_reported_once_and_shown() -> None:
    day = Day()
    day.drive(200, 1000)
    day.clock.move_to(after_s(260))
    report = day.tracker.apply_fixes([fix_at(255, 1000), fix_at(260, 1000)])
    assert [(c.stop_id, c.kind, c.at) for c in report.crossings] == [
        (stop_id(1), "arrived", after_s(200))
    ]
    arrival = day.route.find_arrival(stop_id(1))
    assert arrival is not None
    assert arrival.p50 == after_s(200)
    assert day.tracker.apply_fixes([fix_at(261, 1000)]).crossings == ()


def test_a_batch_from_a_cellar_shows_the_arrival_that_happened_in_it() -> None:
    day = Day()
    day.clock.move_to(after_s(400))
    batch = [fix_at(200, 1000), fix_at(260, 1000), fix_at(390, 1600)]
    report = day.tracker.apply_fixes(batch)
    assert [(c.kind.value, c.at) for c in report.crossings] == [
        ("arrived", after_s(200)),
        ("left", after_s(390)),
    ]
    assert day.route.fix == batch[-1]


def test_a_broken_van_puts_every_open_promise_at_risk_or_worse() -> None:
    day = Day()
    day.drive(10, 50)
    assert day.route.risk is PromiseRisk.ON_TIME
    day.tell("route.broke_down", 20)
    assert day.route.risks[stop_id(3)] is PromiseRisk.LATE  # An hour's wait, promised in half.
    assert day.route.risks[stop_id(1)] is PromiseRisk.AT_RISK
    assert day.route.is_broken_down
    day.tell("route.repaired", 30)
    assert day.route.risk is PromiseRisk.ON_TIME


def test_a_failed_stop_is_failed_and_the_van_goes_on() -> None:
    day = Day()
    day.tell("stop.closed", 300, stop_id(1), outcome=Outcome.FAILED.value, reason="NO_CONTACT")
    assert day.route.risks[stop_id(1)] is PromiseRisk.FAILED
    assert day.route.stops_failed == 1
    assert day.route.next_stop_id == stop_id(2)


def test_the_same_fact_twice_changes_nothing() -> None:
    day = Day()
    day.tell("stop.closed", 300, stop_id(1), outcome="succeeded")
    number = day.tracker.snapshot().number
    day.tell("stop.closed", 300, stop_id(1), outcome="failed")
    assert day.tracker.snapshot().number == number
    assert day.route.risks[stop_id(1)] is PromiseRisk.CLOSED


def test_readers_keep_the_snapshot_they_took() -> None:
    day = Day()
    before = day.tracker.snapshot()
    day.drive(50, 250)
    assert before.routes[ROUTE].fix is None
    assert day.tracker.snapshot().number > before.number
    with pytest.raises(TypeError):
        before.routes[ROUTE] = day.route  # type: ignore[index]


def test_a_newer_version_keeps_the_vans_position() -> None:
    day = Day()
    day.drive(50, 250)
    day.tracker.follow(replace(street_route(stops=2), version=2))
    assert (day.route.version, day.route.stops_total) == (2, 2)
    assert day.route.basis is Basis.POSITION


def test_a_route_no_longer_followed_is_gone_and_its_driver_may_report() -> None:
    day = Day()
    day.tracker.forget(ROUTE)
    assert dict(day.tracker.snapshot().routes) == {}
    assert len(day.tracker.apply_fixes([fix_at(0, 0)]).accepted) == 1


def test_after_a_restart_the_van_is_where_it_was_last_seen() -> None:
    clock = MovedClock(after_s(60))
    tracker = Tracker(StraightTravel(), clock)
    tracker.recall({DRIVER: fix_at(50, 250)})
    tracker.follow(street_route())
    assert tracker.snapshot().routes[ROUTE].basis is Basis.POSITION


def test_the_drivers_second_route_of_the_day_does_not_take_the_first_ones_positions() -> None:
    day = Day()
    second = replace(
        street_route(state=RouteState.PUBLISHED),
        route_id=UUID(int=77),
        planned_start=after_s(-3600),
    )
    day.tracker.follow(second)
    day.drive(50, 250)
    assert day.tracker.snapshot().routes[ROUTE].basis is Basis.POSITION
    assert day.tracker.snapshot().routes[UUID(int=77)].fix is None


def test_too_long_a_batch_is_refused_before_anything_moves() -> None:
    day = Day()
    with pytest.raises(BatchTooLongError):
        day.tracker.apply_fixes([fix_at(0, 0)] * (BATCH_MAX + 1))
    assert day.route.fix is None


async def test_what_is_believed_is_kept_and_what_is_sent_again_is_kept_once() -> None:
    day, store = Day(), MemoryTracks()
    batch = [fix_at(0, 0), fix_at(0, 0, number=5, accuracy_m=900)]
    report = await take_positions(store, day.tracker, batch, after_s(1))
    again = await take_positions(store, day.tracker, batch, after_s(2))
    assert (len(report.accepted), len(report.refused), len(again.accepted)) == (1, 1, 1)
    assert len(store.fixes) == 1


def test_the_roads_are_asked_at_most_every_twenty_seconds() -> None:
    class Counted(StraightTravel):
        asked = 0

        def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
            self.asked += 1
            return super().leg_s(origin, destination, departure)

    travel = Counted()
    clock = MovedClock(after_s(0))
    tracker = Tracker(travel, clock)
    tracker.follow(street_route())
    for second in range(0, 60, 5):
        clock.move_to(after_s(second))
        tracker.apply_fixes([fix_at(second, second * 5)])
    assert travel.asked == 3


def test_legs_are_asked_ahead_of_marked_streets_without_a_word_to_readers() -> None:
    class Asked(StraightTravel):
        def __init__(self) -> None:
            self.legs: list[tuple[Position, datetime]] = []

        def marked_leg_s(
            self, origin: Position, destination: Position, departure: datetime
        ) -> int | None:
            self.legs.append((destination, departure))
            return None

    travel = Asked()
    tracker = Tracker(travel, MovedClock(after_s(0)))
    tracker.follow(street_route())
    shown, followed = tracker.snapshot(), list(travel.legs)
    travel.legs.clear()
    tracker.ask_ahead(timedelta(minutes=5))
    assert [place for place, _ in travel.legs] == [place for place, _ in followed] * 2
    assert travel.legs[: len(followed)] == followed
    assert tracker.snapshot() is shown


def test_a_van_that_is_a_truck_is_expected_at_a_trucks_time() -> None:
    class Trucks(StraightTravel):
        def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
            return 3 * super().leg_s(origin, destination, departure)

    class Mixed(StraightTravel):
        def of(self, vehicle: Vehicle | None) -> TravelTimes:
            return self if vehicle is None or vehicle.kind is VehicleKind.VAN else Trucks()

    found = []
    for vehicle in (None, replace(VAN, kind=VehicleKind.TRUCK)):
        tracker = Tracker(Mixed(), MovedClock(after_s(10)))
        tracker.follow(replace(street_route(), vehicle=vehicle))
        tracker.apply_fixes([fix_at(10, 0)])
        seen = tracker.snapshot().find_route(street_route().route_id)
        assert seen is not None
        first = street_route().stops[0].stop_id
        found.append((seen.arrivals[first].p50 - after_s(10)).total_seconds())
    assert found[1] == pytest.approx(3 * found[0], rel=0.02)


def test_a_tick_in_shares_loses_no_position_that_comes_between() -> None:
    """Twelve vans: the first share is done, then one of the rest reports where it is."""
    clock = MovedClock(after_s(0))
    tracker = Tracker(StraightTravel(), clock)
    routes = [UUID(int=1000 + number) for number in range(TICK_SHARE + 2)]
    for number, route_id in enumerate(routes):
        driver_id = DRIVER if route_id == routes[-1] else UUID(int=2000 + number)
        tracker.follow(replace(street_route(), route_id=route_id, driver_id=driver_id))
    clock.move_to(after_s(60))
    shares = tracker.ticking()
    next(shares)
    tracker.apply_fixes([fix_at(60, 300)])
    for _ in shares:
        pass
    seen = tracker.snapshot().routes[routes[-1]]
    assert seen.fix is not None
    assert seen.fix.at == after_s(60)


def test_a_tick_in_shares_shows_what_a_whole_one_shows() -> None:
    shown = []
    for is_whole in (True, False):
        day = Day()
        day.drive(50, 250)
        day.clock.move_to(after_s(400))
        if is_whole:
            day.tracker.tick()
        else:
            assert list(day.tracker.ticking()) == []
        shown.append(day.route)
    assert shown[0] == shown[1]
