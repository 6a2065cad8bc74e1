"""Whose parcels are where: what waits in the depot, and what is fetched from a van that stands.

On the line a unit takes a minute; loading takes half an hour.
"""

from __future__ import annotations

import pytest

from promesa.domain.fleet import Load
from promesa.routing.checks.violation import Rule
from promesa.routing.course import Start
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD
from promesa.routing.problem import Depot, Problem, Vehicle
from promesa.routing.replan.judging import judge
from promesa.routing.replan.ledger import Ledger
from promesa.routing.replan.params import CALM
from promesa.routing.replan.replanning import replan
from promesa.routing.replan.rest import Rest, broken_down, rest_of
from promesa.routing.schedule import time_route
from tests.support.routing_days import at, day, pickup, stop, van, window

PUBLISHED = (0, 1, RELOAD, 2, 3)


def twice(name: str = "V-1", **changes: object) -> Vehicle:
    """A van that may load a second time."""
    return van(name, trips_max=2, loading_time_s=1_800, **changes)


def on_the_road(ready_min: int, *others: OpenRoute, problem: Problem | None = None) -> Rest:
    """V-1 has P-1 and P-2 aboard, and loads P-3 (until 240) and P-4 once it is back."""
    urgent = stop(3, windows=(window(0, 240),))
    problem = problem or day([stop(1), stop(2), urgent, stop(4)], [twice()])
    start = Start(location=0, ready_s=at(ready_min))
    return rest_of(problem, (OpenRoute(vehicle=0, stops=PUBLISHED, start=start), *others))


@pytest.mark.parametrize("ready_min", [0, 190, 205, 230, 300])
def test_nobody_is_visited_before_his_parcel_is_loaded(ready_min: int) -> None:
    rest = on_the_road(ready_min)
    assert rest.waiting == {2, 3}
    sequence = replan(rest, among=[0]).sequences[0]
    assert sorted(sequence) == sorted(PUBLISHED)
    assert {2, 3} <= set(sequence[sequence.index(RELOAD) :])


def test_what_is_aboard_is_handed_over_before_the_van_loads_again() -> None:
    """P-2 opens at 300, long after V-1 could have loaded: it waits at the door with the parcel."""
    waits = stop(2, windows=(window(300, 400),))
    problem = day([stop(1), waits, stop(3), stop(4)], [twice()])
    rest = on_the_road(0, problem=problem)
    assert rest.aboard == {0, 1}
    carried_on = (0, RELOAD, 2, 3, 1)
    assert not rest.is_in_order(0, carried_on)
    start = Start(location=0, ready_s=at(0))
    sequence = replan(rest, among=[0]).sequences[0]
    assert {0, 1} <= set(sequence[: sequence.index(RELOAD)])
    assert judge(problem, time_route(problem, 0, sequence, start), start, rest.aboard) == ()
    (found,) = judge(problem, time_route(problem, 0, carried_on, start), start, rest.aboard)
    assert (found.rule, found.stop) == (Rule.RELOAD_WRONG, "P-2")


def test_who_has_not_left_loads_them_for_any_trip() -> None:
    rest = on_the_road(0, OpenRoute(vehicle=1), problem=two_vans())
    assert rest.is_in_order(1, (2,))
    assert not rest.is_in_order(0, (2, 0, 1, RELOAD, 3))
    assert rest.is_in_order(0, (0, 1, RELOAD, 3, 2))


def two_vans(**second: object) -> Problem:
    urgent = stop(3, windows=(window(0, 240),))
    return day([stop(1), stop(2), urgent, stop(4)], [twice(), van("V-2", **second)])


def test_another_van_takes_one_only_where_it_comes_by_the_depot() -> None:
    start = Start(location=0, ready_s=at(0))
    waits = OpenRoute(vehicle=1, start=start)
    rest = on_the_road(230, waits, problem=two_vans())
    assert not rest.is_in_order(1, (2,))
    assert 2 in replan(rest, among=[0, 1]).sequences[0]
    there = rest_of(rest.problem, rest.routes, at_depot=[1])
    assert there.is_in_order(1, (2,))
    assert 2 in replan(there, among=[0, 1]).sequences[1]


def test_who_loads_in_another_depot_cannot_take_it() -> None:
    depots = [Depot(id="CD", location=0), Depot(id="SUR", location=1)]
    problem = day(
        [stop(1), stop(2), stop(3), stop(4)],
        [twice(), van("V-2", start_depot=1, end_depot=1)],
        depots=depots,
    )
    rest = on_the_road(0, OpenRoute(vehicle=1), problem=problem)
    assert not rest.problem.allows(vehicle=1, stop=2)
    assert rest.problem.allows(vehicle=1, stop=0)


def test_what_is_only_collected_waits_for_no_loading() -> None:
    problem = day([stop(1), stop(2), pickup(3), stop(4)], [twice()])
    assert on_the_road(0, problem=problem).waiting == {3}


def test_of_a_van_that_stands_only_what_is_aboard_is_fetched() -> None:
    """P-3 and P-4 never left the depot: who is on the road takes them after loading."""
    stops = [stop(1), stop(2), stop(3), stop(4), stop(5), stop(6)]
    vans = [twice(), twice("V-2"), van("V-3")]
    start = Start(location=0, ready_s=at(0))
    rest = on_the_road(
        0,
        OpenRoute(vehicle=1, stops=(4, RELOAD, 5), start=start),
        OpenRoute(vehicle=2, start=start),
        problem=day(stops, vans),
    )
    down = broken_down(rest, 0, location=1, handover_s=60)
    assert down.fetched == {0, 1}
    found = replan(down)
    assert found.left == ()
    taken = found.sequences[1]
    assert {2, 3} <= set(taken[taken.index(RELOAD) :])
    assert all(found.rest.is_in_order(v, stops) for v, stops in found.sequences.items())


def test_what_is_fetched_is_handed_over_before_the_van_loads_again() -> None:
    """V-2 has room for what it fetches while it is on the road, not once it has loaded."""
    two = Load(parcels=2, weight_g=9_000, volume_ml=90_000)
    stops = [stop(1), stop(8), stop(9), stop(2)]
    vans = [van(), twice("V-2", capacity=two)]
    start = Start(location=0, ready_s=at(0))
    routes = (
        OpenRoute(vehicle=0, stops=(0,), start=start),
        OpenRoute(vehicle=1, stops=(3, RELOAD, 1, 2), start=start),
    )
    down = broken_down(rest_of(day(stops, vans), routes), 0, location=1, handover_s=60)
    sequence = replan(down).sequences[1]
    meeting = down.meeting_of[1]
    assert sequence.index(meeting) < sequence.index(0) < sequence.index(RELOAD)
    assert not down.is_in_order(1, (meeting, 3, RELOAD, 0, 1, 2))


def test_the_last_stop_of_a_trip_moves_and_the_return_goes_with_it() -> None:
    """Nobody comes back to load for nothing, and positions are those of the route driven."""
    problem = two_vans()
    start = Start(location=0, ready_s=at(0))
    routes = (
        OpenRoute(vehicle=0, stops=(0, 1, RELOAD, 2), start=start),
        OpenRoute(vehicle=1, stops=(3,)),
    )
    rest = rest_of(problem, routes)
    assert rest.tidy(0, (0, 1, RELOAD)) == (0, 1)
    assert rest.tidy(0, (RELOAD, 2)) == (RELOAD, 2)
    assert rest.tidy(1, (RELOAD, 3)) == (3,)
    found = replan(rest, among=[0, 1])
    for vehicle, stops in found.sequences.items():
        timed = Ledger(found.rest, CALM).entry(vehicle, stops).timed
        assert timed is None or timed.sequence == stops
