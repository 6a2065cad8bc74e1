"""A stop held against all routes at once goes where trying every place would put it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from promesa.routing.insertion import list_insertions
from promesa.routing.placing import OpenRoute
from promesa.routing.problem import Problem
from promesa.routing.replan.legs import many_m, many_s
from promesa.routing.replan.places import LivePlaces, PricedPlace
from promesa.routing.replan.rest import Rest
from tests.support.problems import problems
from tests.support.rests import rests

HOUR_S = 3_600


@settings(deadline=None, max_examples=80)
@given(problems(with_bonds=False), st.data())
def test_many_legs_take_what_each_takes(problem: Problem, data: st.DataObject) -> None:
    places = st.integers(0, problem.travel.locations - 1)
    legs = data.draw(
        st.lists(st.tuples(places, places, st.integers(0, 24 * HOUR_S)), min_size=1, max_size=30)
    )
    columns = np.array(legs, np.int64).T
    travel = problem.travel
    assert many_s(travel, *columns).tolist() == [travel.travel_s(*leg) for leg in legs]
    assert many_m(travel, *columns).tolist() == [travel.distance_m(*leg) for leg in legs]


@settings(deadline=None, max_examples=80)
@given(rests())
def test_the_best_places_are_those_of_every_place_tried(rest: Rest) -> None:
    problem: Problem = rest.problem
    routes: list[OpenRoute] = [route for route in rest.routes if route.vehicle not in rest.gone]
    visited = {stop for route in routes for stop in route.stops}
    loose = [stop for stop in range(len(problem.stops)) if stop not in visited]
    assume(loose and routes)
    live = LivePlaces(problem, routes)
    for stop in loose:
        assert live.best(stop) == every_place(problem, routes, stop)


@settings(deadline=None, max_examples=20)
@given(problems(with_bonds=False, with_trips=False))
def test_a_new_stop_is_asked_for_after_the_day_is_held(problem: Problem) -> None:
    assume(problem.stops)
    *held, new = problem.stops
    routes = [OpenRoute(vehicle=vehicle) for vehicle in range(len(problem.vehicles))]
    live = LivePlaces(replace(problem, stops=tuple(held)), routes)
    found = live.best(live.with_stop(new))
    assert found == every_place(problem, routes, len(held))


def every_place(problem: Problem, routes: list[OpenRoute], stop: int) -> tuple[PricedPlace, ...]:
    """The best place of each route by the plain insertion, the cheapest first."""
    found = []
    for each in list_insertions(problem, routes, stop)[:10]:
        visit = next(visit for visit in each.timed.visits if visit.stop == stop)
        found.append(
            PricedPlace(
                route=each.route,
                position=each.position,
                added_cost_clp=each.added_cost_clp,
                added_s=each.added_s,
                start_s=visit.start_s,
            )
        )
    return tuple(found)
