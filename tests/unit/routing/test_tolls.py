"""A toll is part of what a route costs: the search drives round a gate that is not worth it."""

from __future__ import annotations

import numpy as np

from promesa.domain.fleet import Load
from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.matrix import Matrix
from promesa.routing.problem import Depot, Problem, Stop, Vehicle
from promesa.routing.solver import solve

PRICE_CLP = 3_000


def problem() -> Problem:
    """A depot and two doors, ten minutes apart each; only the way from door 1 to door 2 pays."""
    seconds = np.full((2, 3, 3), 600, np.int32)
    metres = np.full((2, 3, 3), 5_000, np.int32)
    tolls = np.zeros((2, 3, 3), np.int32)
    tolls[:, 1, 2] = PRICE_CLP
    for square in (*seconds, *metres):
        np.fill_diagonal(square, 0)
    van = Vehicle(
        id="V-1",
        start_depot=0,
        end_depot=0,
        capacity=Load(parcels=9),
        shift_start_s=28_800,
        shift_end_s=64_800,
        km_cost_clp=100,
        hour_cost_clp=5_000,
    )
    return Problem(
        travel=Matrix(seconds, metres, (28_800, 43_200), tolls),
        depots=(Depot(id="CD", location=0),),
        vehicles=(van,),
        stops=(Stop(id="a", location=1), Stop(id="b", location=2)),
    )


def test_the_search_visits_the_doors_in_the_order_that_pays_nothing() -> None:
    day = problem()
    plan = solve(day, Budget(iterations=500), 1)
    (route,) = plan.routes
    assert (route.stops, route.toll_clp) == ((1, 0), 0)
    assert check(day, plan) == ()
