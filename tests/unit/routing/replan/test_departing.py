"""The rest of a day as a day of its own: what goes together, what is fetched, who stays out.

On the line a unit takes a minute; P-1 lies one minute out, and so on.
"""

from __future__ import annotations

from dataclasses import replace

from promesa.domain.fleet import Load
from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.course import Start
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD
from promesa.routing.problem import NOTHING, Bond, Break, Depot, Problem, Stop
from promesa.routing.replan.departing import Departed, depart
from promesa.routing.replan.ledger import Ledger
from promesa.routing.replan.params import CALM
from promesa.routing.replan.rest import Rest, broken_down, rest_of
from promesa.routing.replan.searching import ways_on
from promesa.routing.schedule import make_plan
from promesa.routing.validation import problem_faults
from tests.support.routing_days import at, day, pickup, stop, van, window

ONE = Load(parcels=1, weight_g=1_000, volume_ml=5_000)
TWO = ONE + ONE
STEPS = Budget(iterations=200)


def departed_from(rest: Rest, sequences: dict[int, tuple[int, ...]] | None = None) -> Departed:
    return depart(Ledger(rest, CALM), sequences or rest.published)


def is_sound(departed: Departed) -> bool:
    start = {own: stops for own, stops in departed.start.items() if stops}
    plan = make_plan(departed.problem, start)
    return not problem_faults(departed.problem) and check(departed.problem, plan) == ()


def bound_pair_of_a_van_that_stands(bond: Bond) -> Rest:
    """V-1 was to visit P-1 and P-2, which go together; V-2 visits P-3 and P-4."""
    problem = day([stop(1), stop(2), stop(3), stop(4)], [van("V-1"), van("V-2")])
    routes = (OpenRoute(vehicle=0, stops=(0, 1)), OpenRoute(vehicle=1, stops=(2, 3)))
    rest = rest_of(replace(problem, bonds=(bond,)), routes)
    return broken_down(rest, 0, location=1, handover_s=300)


def test_stops_that_go_together_are_searched_for_another_van_when_theirs_stands() -> None:
    rest = bound_pair_of_a_van_that_stands(Bond(stops=(0, 1)))
    for way in ways_on(rest, STEPS, 1):
        assert set(way.sequences[1]) == {0, 1, 2, 3, rest.meeting_of[1]}
        assert is_sound(departed_from(way.rest, way.sequences))


def test_what_goes_together_is_fetched_together_and_handed_over_as_planned() -> None:
    rest = bound_pair_of_a_van_that_stands(Bond(stops=(0, 1)))
    meeting = rest.meeting_of[1]
    departed = departed_from(rest, {0: (), 1: (2, meeting, 1, 0, 3)})
    (bond,) = departed.problem.bonds
    fetching, *stops = bond.stops
    assert [departed.stops[own] for own in stops] == [1, 0]
    assert (bond.in_order, bond.carried) == (True, TWO)
    assert departed.problem.stops[fetching].service_time_s == 300
    assert departed.back(departed.start)[1] == (2, meeting, 1, 0, 3)
    assert is_sound(departed)


def test_what_one_hands_to_the_other_is_aboard_besides_what_is_fetched() -> None:
    rest = bound_pair_of_a_van_that_stands(Bond(stops=(0, 1), in_order=True, carried=ONE))
    (bond,) = departed_from(rest).problem.bonds
    assert bond.carried == TWO + ONE


def test_a_van_that_pickups_would_overload_keeps_its_stops() -> None:
    """Fetched and delivered to P-1 one, collected at P-3 one, delivered to P-2 one: two fit."""
    full = van("V-2", capacity=TWO)
    problem = day([stop(1), stop(2), pickup(3)], [van("V-1"), full])
    routes = (OpenRoute(vehicle=0, stops=(0, 1)), OpenRoute(vehicle=1, stops=(2,)))
    bound = replace(problem, bonds=(Bond(stops=(0, 1)),))
    rest = broken_down(rest_of(bound, routes), 0, location=1, handover_s=300)
    sequences = {0: (), 1: (rest.meeting_of[1], 0, 2, 1)}
    departed = departed_from(rest, sequences)
    assert departed.vehicles == ()
    assert departed.back({}) == sequences


def test_a_limit_of_stops_counts_a_meeting_once() -> None:
    few = van("V-2", stops_max=4)
    problem = day([stop(1), stop(2), stop(3)], [van("V-1"), few])
    routes = (OpenRoute(vehicle=0, stops=(0, 1)), OpenRoute(vehicle=1, stops=(2,)))
    rest = broken_down(rest_of(problem, routes), 0, location=1, handover_s=300)
    departed = departed_from(rest, {0: (), 1: (rest.meeting_of[1], 0, 1, 2)})
    assert departed.vehicles == (1,)
    assert is_sound(departed)


def test_who_has_begun_what_goes_together_ends_it() -> None:
    """The parcel collected at P-1, which is committed, is aboard until P-2."""
    bond = Bond(stops=(0, 1), in_order=True, carried=ONE)
    first, second = stop(1, delivered=NOTHING), stop(2, delivered=NOTHING)
    problem = replace(day([first, second], [van("V-1"), van("V-2")]), bonds=(bond,))
    start = Start(location=0, ready_s=at(0))
    routes = (OpenRoute(vehicle=0, stops=(0, 1), start=start, frozen=1), OpenRoute(vehicle=1))
    departed = departed_from(rest_of(problem, routes))
    (visit,) = departed.problem.stops
    assert (visit.id, visit.pinned_vehicle, visit.delivered) == ("P-2", "V-1", ONE)
    assert departed.problem.bonds == ()
    assert is_sound(departed)


def test_a_late_stop_of_many_windows_has_no_window_more() -> None:
    """P-30 is reached at minute 30; its eight windows are over by then, the last is held open."""
    windows = tuple(window(2 * n, 2 * n + 1) for n in reversed(range(8)))
    start = Start(location=0, ready_s=at(0))
    problem: Problem = day([stop(30, windows=windows)])
    rest = rest_of(problem, (OpenRoute(vehicle=0, stops=(0,), start=start),))
    departed = departed_from(rest)
    held_open = replace(windows[0], end_s=at(30))
    assert set(departed.problem.stops[0].windows) == {held_open, *windows[1:]}
    assert is_sound(departed)


def two_trips(*, ready_min: int) -> Rest:
    """V-1 is on the road, visits P-1 and P-2, loads again and visits P-3 (until 240) and P-4."""
    urgent = stop(3, windows=(window(0, 240),))
    stops = [stop(1), stop(2), urgent, stop(4), stop(5), stop(6)]
    vans = [van("V-1", trips_max=2, loading_time_s=1_800), van("V-2")]
    start = Start(location=0, ready_s=at(ready_min))
    routes = (
        OpenRoute(vehicle=0, stops=(0, 1, RELOAD, 2, 3), start=start),
        OpenRoute(vehicle=1, stops=(4, 5)),
    )
    return rest_of(day(stops, vans), routes)


def test_who_has_still_to_load_gives_a_stop_away_and_the_others_are_searched() -> None:
    calm, searched = ways_on(two_trips(ready_min=230), STEPS, 1)
    for way in (calm, searched):
        assert 2 in way.sequences[1]
        assert way.sequences[0][-1] != RELOAD


def test_who_has_still_to_load_keeps_what_it_took() -> None:
    rest = two_trips(ready_min=0)
    sequences = {0: (0, 1, RELOAD, 2, 3, 4), 1: (5,)}
    departed = departed_from(rest, sequences)
    assert [departed.stops[own] for own in departed.start[0]] == [5]
    assert departed.back(departed.start) == sequences


def test_who_comes_back_after_the_depot_has_closed_may_be_as_late_and_no_later() -> None:
    """P-10 is ten minutes out: back at 22, where the door closes at 15."""
    depot = Depot(id="CD", location=0, open_s=at(-60), close_s=at(15))
    start = Start(location=0, ready_s=at(0))
    problem = day([stop(10)], depots=[depot])
    departed = departed_from(rest_of(problem, (OpenRoute(vehicle=0, stops=(0,), start=start),)))
    assert departed.problem.limit_s(0) == at(22)
    assert is_sound(departed)


def resting(*stops: Stop, rest_end_min: int, frozen: int) -> Rest:
    """V-1 stands at the depot, and may rest for half an hour until some minute."""
    lunch = Break(start_s=at(0), end_s=at(rest_end_min), duration_s=30 * 60)
    start = Start(location=0, ready_s=at(0))
    route = OpenRoute(vehicle=0, stops=tuple(range(len(stops))), start=start, frozen=frozen)
    return rest_of(day(stops, [van(breaks=(lunch,))]), (route,))


def test_a_break_had_before_a_committed_visit_is_not_had_again() -> None:
    """Out at 30, rested; P-20 at 60 sharp and P-21 at 64. There is time for one more until 100."""
    stops = stop(20, windows=(window(60, 60),)), stop(21, windows=(window(64, 65),))
    departed = departed_from(resting(*stops, rest_end_min=100, frozen=1))
    assert departed.problem.vehicles[0].breaks == ()
    assert is_sound(departed)


def test_who_would_be_late_with_a_break_still_to_have_had_it_where_the_route_has_it() -> None:
    """P-1 is left at 52 and P-2 at 56, too late then; but the way back from P-1 alone is short."""
    stops = stop(1, windows=(window(50, 50),)), stop(2, windows=(window(54, 55),))
    departed = departed_from(resting(*stops, rest_end_min=85, frozen=1))
    (left,) = departed.problem.vehicles
    assert (left.shift_start_s, left.breaks) == (at(52), ())
    assert is_sound(departed)


def test_who_has_to_rest_where_it_stands_leaves_rested() -> None:
    """P-20 is reached at 20: by 30 the break can only be had before."""
    rest = resting(stop(20), rest_end_min=30, frozen=0)
    assert Ledger(rest, CALM).published(0).excess.breaks == 0
    (left,) = departed_from(rest).problem.vehicles
    assert (left.shift_start_s, left.breaks) == (at(30), ())
    assert is_sound(departed_from(rest))


def test_what_is_driven_worked_and_aboard_is_taken_off_what_the_van_may_still() -> None:
    """Twenty minutes driven of an hour on duty; then the committed P-1: a minute, and two there."""
    limited = van(capacity=TWO, driving_max_s=7_200, duty_max_s=28_800)
    start = Start(location=0, ready_s=at(60), aboard=ONE, driven_s=1_200, on_duty_s=3_600)
    route = OpenRoute(vehicle=0, stops=(0, 1), start=start, frozen=1)
    departed = departed_from(rest_of(day([stop(1), stop(2)], [limited]), (route,)))
    (left,) = departed.problem.vehicles
    assert left.driving_max_s == 7_200 - 1_200 - 60
    assert left.duty_max_s == 28_800 - 3_600 - 180
    assert left.capacity == ONE
    assert left.shift_start_s == at(63)
