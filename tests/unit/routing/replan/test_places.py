"""Places for one more stop, held against what the plain insertion says of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from promesa.domain.fleet import Load
from promesa.routing.course import Start
from promesa.routing.insertion import list_insertions
from promesa.routing.placing import OpenRoute
from promesa.routing.problem import Problem
from promesa.routing.replan.places import LivePlaces
from tests.support.routing_days import at, day, line, stop, van


def same(problem: Problem, route: OpenRoute, number: int) -> tuple[int, ...]:
    """The added costs, which are those of the plain insertion."""
    found = [each.added_cost_clp for each in LivePlaces(problem, [route]).best(number)]
    assert found == [each.added_cost_clp for each in list_insertions(problem, [route], number)]
    return tuple(found)


def test_a_gate_on_the_way_is_in_the_price_and_one_that_is_avoided_is_saved() -> None:
    """In order 0, 2, 4 the way from 2 to 4 pays 3.000; by 3 it pays 700 to get there."""
    travel = line([0, 1, 2, 3, 4])
    tolls = np.zeros_like(travel.seconds)
    tolls[0, 2, 4], tolls[0, 2, 3] = 3_000, 700
    problem = day([stop(2), stop(4), stop(3)], travel=replace(travel, tolls=tolls))
    on_its_way = OpenRoute(vehicle=0, stops=(0, 1), start=Start(location=0, ready_s=at(0)))
    assert same(problem, on_its_way, 2) == (700 - 3_000 + 200,)


def test_what_is_larger_than_a_week_has_seconds_goes_in_a_trip_of_its_own() -> None:
    """Two stops of 700 litres; the van holds one at a time, and may come back to load."""
    large = Load(parcels=1, weight_g=1_000, volume_ml=700_000)
    twice = van(trips_max=2)
    problem = day([stop(5, delivered=large), stop(6, delivered=large)], [twice])
    assert len(same(problem, OpenRoute(vehicle=0, stops=(0,)), 1)) == 1


@pytest.mark.parametrize(
    ("limit", "spent"),
    [("driving_max_s", {"driven_s": 3_600}), ("duty_max_s", {"on_duty_s": 3_600})],
)
def test_what_is_driven_and_worked_already_counts_in_a_place(
    limit: str, spent: dict[str, Any]
) -> None:
    """Out to P-2 and back by P-3 takes 6 minutes of driving and 4 at doors."""
    most: dict[str, Any] = {limit: 3_600 + 600}
    problem = day([stop(2), stop(3)], [van(**most)])
    for more_s, found in ((0, 1), (1, 1 if limit == "driving_max_s" else 0), (600, 0)):
        begun: dict[str, Any] = {name: seconds + more_s for name, seconds in spent.items()}
        start = Start(location=0, ready_s=at(0), **begun)
        assert len(same(problem, OpenRoute(vehicle=0, stops=(0,), start=start), 1)) == found
