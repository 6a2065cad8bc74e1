"""Breaks, trips, overtime, open ends and bonds, timed by hand."""

from __future__ import annotations

from promesa.domain.fleet import Load
from promesa.routing.course import Start
from promesa.routing.limits import excess_of, is_feasible
from promesa.routing.plan import RELOAD, Pause
from promesa.routing.problem import NOTHING, Bond, Break, Depot, Problem
from promesa.routing.schedule import time_route
from tests.support.routing_days import MINUTE_S, at, day, line, pickup, stop, van, window


def rest(start_min: float, end_min: float, minutes: float = 30) -> Break:
    """A break of so many minutes, in a span counted from 08:00."""
    return Break(start_s=at(start_min), end_s=at(end_min), duration_s=int(minutes * MINUTE_S))


def pause(visit: int, start_min: float, end_min: float, *, is_before: bool) -> Pause:
    return Pause(visit=visit, is_before=is_before, start_s=at(start_min), end_s=at(end_min))


def test_a_route_without_an_end_depot_ends_with_its_last_service() -> None:
    """CD -10- P-10 (2) -5- P-15 (2): seventeen minutes and two services, nobody comes back."""
    problem = day([stop(10), stop(15)], [van(end_depot=None)])
    route = time_route(problem, 0, (0, 1))
    assert (route.end_s, route.driving_s, route.distance_m) == (at(19), 15 * MINUTE_S, 7_500)
    assert is_feasible(problem, route)


def test_nobody_leaves_a_depot_that_has_closed_to_end_elsewhere() -> None:
    """P-10 opens at 60: out at 50 would do, but the depot closes at 30 and he waits at the door."""
    depots = [Depot(id="CD", location=0, open_s=at(0), close_s=at(30))]
    stops = [stop(10, windows=(window(60, 90),))]
    problem = day(stops, [van(end_depot=None)], depots=depots)
    route = time_route(problem, 0, (0,))
    assert (route.departure_s, route.visits[0].arrival_s) == (at(30), at(40))
    assert is_feasible(problem, route)
    late = day(stops, [van(end_depot=None, shift_start_s=at(31))], depots=depots)
    assert not is_feasible(late, time_route(late, 0, (0,)))


def test_a_break_in_the_middle_is_taken_after_the_service_it_follows() -> None:
    """Out at 60 at the latest: services 70-72 and, at 120 sharp, P-20; a break [60-115] between."""
    stops = [stop(10, windows=(window(70, 70),)), stop(20, windows=(window(120, 120),))]
    problem = day(stops, [van(breaks=(rest(60, 115),))])
    route = time_route(problem, 0, (0, 1))
    assert route.pauses == (pause(0, 72, 102, is_before=False),)
    assert route.visits[0].departure_s == at(102)
    assert (route.visits[1].arrival_s, route.visits[1].waiting_s) == (at(112), 8 * MINUTE_S)
    assert (route.departure_s, route.end_s) == (at(60), at(142))


def test_a_break_on_arriving_goes_into_the_wait_for_the_window() -> None:
    """P-5 at 5, P-10 from 45 on: after a break [12-60] at P-5 it would be reached at 47."""
    stops = [stop(5, windows=(window(5, 5),)), stop(10, windows=(window(45, 90),))]
    problem = day(stops, [van(breaks=(rest(12, 60),))])
    route = time_route(problem, 0, (0, 1))
    assert route.pauses == (pause(1, 12, 42, is_before=True),)
    assert (route.visits[1].arrival_s, route.visits[1].start_s) == (at(12), at(45))


def test_a_break_never_makes_a_service_late_that_can_be_in_time() -> None:
    """Before the service at 10 or after it costs the same, but P-10 closes at 15."""
    problem = day([stop(10, windows=(window(10, 15),))], [van(breaks=(rest(5, 45),))])
    route = time_route(problem, 0, (0,))
    assert (route.lateness_s, route.breaks_missed) == (0, 0)
    assert route.visits[0].start_s == at(10)
    assert route.pauses == (pause(0, 12, 42, is_before=False),)


def test_a_break_makes_no_other_service_late_once_one_is() -> None:
    """Under way at 10: P-5 closed at 12 and is reached at 15; P-10 closes at 25, P-20 never.

    The break [0-60] is too late after P-20, which is left at 36, and comes before it.
    """
    stops = [stop(5, windows=(window(0, 12),)), stop(10, windows=(window(0, 25),)), stop(20)]
    problem = day(stops, [van(breaks=(rest(0, 60),))])
    route = time_route(problem, 0, (0, 1, 2), Start(location=0, ready_s=at(10)))
    assert [visit.lateness_s for visit in route.visits] == [3 * MINUTE_S, 0, 0]
    assert route.pauses == (pause(1, 24, 54, is_before=False),)


def test_a_break_that_has_to_make_one_late_makes_it_so_by_the_least() -> None:
    """Under way at 10, a break [0-65]: before P-10 all three are late, after P-20 only P-25."""
    stops = [
        stop(10, windows=(window(0, 30),)),
        stop(20, windows=(window(0, 40),)),
        stop(25, windows=(window(0, 50),)),
    ]
    problem = day(stops, [van(breaks=(rest(0, 65),))])
    route = time_route(problem, 0, (0, 1, 2), Start(location=0, ready_s=at(10)))
    assert [visit.lateness_s // MINUTE_S for visit in route.visits] == [0, 0, 19]
    assert route.pauses == (pause(1, 34, 64, is_before=False),)


def test_who_leaves_late_enough_has_had_the_break_before() -> None:
    """P-10 at 120: whoever leaves at 110 has rested [0-60] at home."""
    problem = day([stop(10, windows=(window(120, 130),))], [van(breaks=(rest(0, 60),))])
    route = time_route(problem, 0, (0,))
    assert (route.departure_s, route.pauses, route.breaks_missed) == (at(110), (), 0)


def test_who_is_back_early_enough_rests_at_the_depot() -> None:
    problem = day([stop(10, windows=(window(0, 15),))], [van(breaks=(rest(300, 360),))])
    route = time_route(problem, 0, (0,))
    assert (route.end_s, route.pauses, route.breaks_missed) == (at(22), (), 0)


def test_two_breaks_after_one_service_follow_each_other() -> None:
    stops = [stop(10, windows=(window(20, 20),)), stop(20, windows=(window(120, 120),))]
    problem = day(stops, [van(breaks=(rest(22, 60, 10), rest(30, 70, 30)))])
    route = time_route(problem, 0, (0, 1))
    # After the first service: 22-32, and 32-62 or on arriving at P-20, at 42-72: too late.
    assert route.pauses == (
        pause(0, 22, 32, is_before=False),
        pause(0, 32, 62, is_before=False),
    )


def test_a_break_that_finds_no_place_is_counted() -> None:
    """On the road from 0 to 100 with a break [20-60]: nobody stops between the doors."""
    stops = [stop(100, windows=(window(100, 100),))]
    problem = day(stops, [van(breaks=(rest(20, 60),), latest_start_s=at(0))])
    route = time_route(problem, 0, (0,))
    assert (route.breaks_missed, route.lateness_s) == (1, 0)
    assert not is_feasible(problem, route)


def test_a_break_comes_off_a_route_under_way_once_it_is_taken() -> None:
    problem = day([stop(10), stop(15)], [van(breaks=(rest(100, 140),))])
    fresh = Start(location=10, ready_s=at(105))
    rested = Start(location=10, ready_s=at(105), breaks_taken=1)
    assert time_route(problem, 0, (1,), rested).end_s == at(127)
    late = time_route(problem, 0, (1,), fresh)
    # Where it stands until 135, or at P-15 from 110 on; at P-15 it would end at 157 as well.
    assert (late.end_s, late.breaks_missed) == (at(157), 0)


def test_nobody_leaves_after_the_latest_start() -> None:
    """P-10 not before 60; who must be out by 20 waits at the door."""
    problem = day([stop(10, windows=(window(60, 90),))], [van(latest_start_s=at(20))])
    route = time_route(problem, 0, (0,))
    assert (route.departure_s, route.waiting_s) == (at(20), 30 * MINUTE_S)
    assert is_feasible(problem, route)


def test_overtime_is_paid_and_limited() -> None:
    """P-10 takes 22 minutes; a shift of 10 leaves 12 of overtime, at 9,000 an hour."""
    problem = day([stop(10)], [van(shift_end_s=at(10), overtime_max_s=12 * MINUTE_S)])
    route = time_route(problem, 0, (0,))
    assert (route.overtime_s, is_feasible(problem, route)) == (12 * MINUTE_S, True)
    paid = day(
        [stop(10)],
        [van(shift_end_s=at(10), overtime_max_s=11 * MINUTE_S, overtime_hour_cost_clp=9_000)],
    )
    dear = time_route(paid, 0, (0,))
    assert dear.cost_clp == route.cost_clp + 9_000 * 12 // 60
    assert excess_of(paid, dear).overtime_s == MINUTE_S


def test_a_second_trip_loads_again_at_the_depot() -> None:
    """CD -5- P-5 (2) -5- CD (15 loading) -10- P-10 (2) -10- CD."""
    room = Load(parcels=1, weight_g=9_000, volume_ml=90_000)
    vans = [van(capacity=room, trips_max=2, loading_time_s=15 * MINUTE_S)]
    problem = day([stop(5), stop(10)], vans)
    route = time_route(problem, 0, (0, RELOAD, 1))
    (reload,) = route.reloads
    assert (reload.visit, reload.arrival_s, reload.departure_s) == (1, at(12), at(27))
    assert (route.load_start.parcels, reload.load_start.parcels) == (1, 1)
    assert (route.end_s, route.driving_s) == (at(49), 30 * MINUTE_S)
    assert route.sequence == (0, RELOAD, 1)
    assert is_feasible(problem, route)
    assert not is_feasible(problem, time_route(problem, 0, (0, 1)))


def test_what_was_picked_up_stays_at_the_depot_between_trips() -> None:
    problem = day([pickup(5), stop(10)], [van(trips_max=2)])
    route = time_route(problem, 0, (0, RELOAD, 1))
    loads = [route.load_start, route.visits[0].load_after, route.reloads[0].load_start]
    assert [load.parcels for load in loads] == [0, 1, 1]


def test_who_comes_back_to_a_closed_depot_is_late_or_waits() -> None:
    """The depot works [20-40]: loading begins at 20; 25 minutes of it end after closing."""
    depots = [Depot(id="CD", location=0, open_s=at(20), close_s=at(40))]
    fast = day([stop(2), stop(3)], [van(trips_max=2, loading_time_s=300)], depots=depots)
    route = time_route(fast, 0, (0, RELOAD, 1), Start(location=0, ready_s=at(0)))
    assert (route.reloads[0].arrival_s, route.reloads[0].departure_s) == (at(6), at(25))
    slow = day([stop(2), stop(3)], [van(trips_max=2, loading_time_s=1_500)], depots=depots)
    late = time_route(slow, 0, (0, RELOAD, 1))
    assert late.reloads[0].lateness_s == late.lateness_s > 0
    assert not is_feasible(slow, late)


def test_a_trip_for_nothing_is_not_made() -> None:
    problem = day([stop(5)], [van(trips_max=3)])
    assert time_route(problem, 0, (RELOAD, 0, RELOAD)) == time_route(problem, 0, (0,))


def test_a_break_at_the_depot_between_trips_is_said_to_be_there() -> None:
    """Back at 12 with the break [12-45]: loading 12-27 first would end it at 57; so rest first."""
    vans = [van(trips_max=2, loading_time_s=15 * MINUTE_S, breaks=(rest(12, 45),))]
    stops = [stop(5, windows=(window(5, 5),)), stop(10)]
    (found,) = time_route(day(stops, vans), 0, (0, RELOAD, 1)).pauses
    assert (found.visit, found.is_at_depot, found.is_before) == (1, True, True)
    assert (found.start_s, found.end_s) == (at(12), at(42))


def _bonded(*, in_order: bool = False, carried: Load = NOTHING) -> Problem:
    problem = day([stop(1), stop(2), stop(3)], [van(trips_max=2)])
    return Problem(
        travel=problem.travel,
        depots=problem.depots,
        vehicles=problem.vehicles,
        stops=problem.stops,
        bonds=(Bond(stops=(0, 2), in_order=in_order, carried=carried),),
    )


def test_bound_stops_go_in_one_trip_or_not_at_all() -> None:
    problem = _bonded()
    for sequence, is_fine in (
        ((0, 1, 2), True),
        ((2, 1, 0), True),
        ((1,), True),
        ((0, 1), False),
        ((0, RELOAD, 1, 2), False),
    ):
        assert is_feasible(problem, time_route(problem, 0, sequence)) is is_fine


def test_bound_stops_in_order_keep_it_and_carry_between_them() -> None:
    problem = _bonded(in_order=True, carried=Load(parcels=9))
    route = time_route(problem, 0, (0, 1, 2))
    assert [visit.load_after.parcels for visit in route.visits] == [11, 10, 0]
    assert not is_feasible(problem, route)
    assert excess_of(problem, route).load == 1
    assert excess_of(problem, time_route(problem, 0, (2, 0))).faults == 1


def test_driving_and_duty_count_what_was_driven_before() -> None:
    problem = day([stop(10)], [van(driving_max_s=25 * MINUTE_S, duty_max_s=40 * MINUTE_S)])
    assert is_feasible(problem, time_route(problem, 0, (0,)))
    start = Start(location=0, ready_s=at(60), driven_s=600, on_duty_s=1_200)
    excess = excess_of(problem, time_route(problem, 0, (0,), start), start)
    assert (excess.driving_s, excess.duty_s) == (5 * MINUTE_S, 2 * MINUTE_S)


def test_roads_that_quicken_as_time_passes_let_one_leave_later_for_nothing() -> None:
    """From 08:00 to 09:00 the way falls from 70 to 10 minutes: who waits arrives no later."""
    travel = line([0, 10], factors=[7.0, 1.0], hours=[8, 9])
    problem = day([stop(1, service_time_s=0)], [van(end_depot=None)], travel=travel)
    route = time_route(problem, 0, (0,))
    assert (route.departure_s, route.end_s) == (at(60), at(70))
