from promesa.domain.fleet import Load
from promesa.routing.course import Start, serve
from promesa.routing.limits import is_feasible
from promesa.routing.matrix import NEVER_S
from promesa.routing.problem import Depot
from promesa.routing.schedule import time_route
from tests.support.routing_days import MINUTE_S, at, day, line, pickup, stop, van, window


def test_times_distance_and_cost_add_up() -> None:
    """CD -10 min- P-10 (2 min) -5 min- P-15 (2 min) -15 min- CD."""
    problem = day([stop(10), stop(15)])
    route = time_route(problem, 0, (0, 1))
    assert [visit.arrival_s for visit in route.visits] == [at(10), at(17)]
    assert route.end_s == at(34)
    assert route.driving_s == 30 * MINUTE_S
    assert route.distance_m == 15_000
    assert route.cost_clp == 10_000 + 6_000 * 34 // 60 + 100 * 15


def test_waiting_happens_at_the_depot_not_at_the_door() -> None:
    problem = day([stop(10, windows=(window(60, 90),))])
    route = time_route(problem, 0, (0,))
    assert (route.departure_s, route.waiting_s, route.end_s) == (at(50), 0, at(72))


def test_between_two_windows_some_waiting_remains() -> None:
    problem = day([stop(10, windows=(window(0, 20),)), stop(11, windows=(window(60, 90),))])
    route = time_route(problem, 0, (0, 1))
    assert route.departure_s == at(10)
    assert route.waiting_s == (60 - 23) * MINUTE_S


def test_who_misses_the_first_window_waits_for_the_second() -> None:
    visit = stop(1, windows=(window(0, 30), window(120, 150)))
    assert serve(visit, at(31)).start_s == at(120)
    assert serve(visit, at(31)).lateness_s == 0


def test_after_the_last_window_service_begins_at_once_and_late() -> None:
    leg = serve(stop(1, windows=(window(0, 30), window(120, 150))), at(160))
    assert (leg.start_s, leg.lateness_s) == (at(160), 10 * MINUTE_S)


def test_each_leg_takes_the_time_of_its_own_hour() -> None:
    """Half an hour out at 08:00; back at 09:00, when the same way takes twice as long."""
    travel = line([0, 30], factors=[1.0, 2.0], hours=[8, 9])
    problem = day([stop(1, service_time_s=30 * MINUTE_S)], travel=travel)
    assert time_route(problem, 0, (0,)).end_s == at(30 + 30 + 60)


def test_deliveries_leave_full_and_pickups_come_back_full() -> None:
    problem = day([stop(1), pickup(2)])
    route = time_route(problem, 0, (0, 1))
    loads = [route.load_start.parcels, *(visit.load_after.parcels for visit in route.visits)]
    assert loads == [1, 0, 1]


def test_a_route_under_way_goes_on_from_where_it_is() -> None:
    problem = day([stop(10), stop(15)])
    start = Start(location=0, ready_s=at(100), aboard=Load(parcels=3))
    route = time_route(problem, 0, (1,), start)
    assert (route.departure_s, route.visits[0].arrival_s) == (at(100), at(115))
    assert route.load_start.parcels == 4
    assert route.cost_clp == 6_000 * 32 // 60 + 100 * 15


def test_overtime_counts_from_shift_end_or_closing_whichever_is_first() -> None:
    problem = day([stop(10)], depots=[Depot(id="CD", location=0, close_s=at(20))])
    route = time_route(problem, 0, (0,))
    assert route.overtime_s == 2 * MINUTE_S
    assert not is_feasible(problem, route)


def test_a_route_is_feasible_only_within_every_limit() -> None:
    fine = day([stop(1), stop(2)], [van(stops_max=2)])
    assert is_feasible(fine, time_route(fine, 0, (0, 1)))
    for vehicle in (
        van(stops_max=1),
        van(capacity=Load(parcels=1, weight_g=10_000, volume_ml=100_000)),
        van(shift_end_s=at(1)),
    ):
        tight = day([stop(1), stop(2)], [vehicle])
        assert not is_feasible(tight, time_route(tight, 0, (0, 1)))
    cold = day([stop(1, skills=frozenset({"cold"}))])
    assert not is_feasible(cold, time_route(cold, 0, (0,)))
    late = day([stop(10, windows=(window(0, 5),))])
    assert not is_feasible(late, time_route(late, 0, (0,)))


def test_an_island_is_never_reached_in_time() -> None:
    travel = line([0, 1])
    travel.seconds[0, 0, 1] = -1
    problem = day([stop(1)], travel=travel)
    route = time_route(problem, 0, (0,))
    assert route.driving_s >= NEVER_S
    assert not is_feasible(problem, route)
