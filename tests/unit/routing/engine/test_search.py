"""A search while it is hot: routes count less then, and nobody outside is told so."""

from __future__ import annotations

import numpy as np
import pytest

from promesa.routing.budget import Budget
from promesa.routing.engine.day import Day
from promesa.routing.engine.flatten import flat_day
from promesa.routing.engine.search import HOT, Stretch, search
from promesa.routing.schedule import make_plan
from tests.support.routing_days import day, stop, van

PRICE_CLP = 50_000
FREE = [van(f"V-{number}", fixed_cost_clp=0) for number in range(12)]
PROBLEM = day([stop(place) for place in range(1, 21)], FREE)
STEPS = Budget(iterations=200)


@pytest.fixture
def flat() -> Day:
    return flat_day(PROBLEM, [PRICE_CLP] * len(PROBLEM.stops), 20)


def test_a_stretch_that_ends_hot_says_what_its_routes_really_cost(flat: Day) -> None:
    hot = Stretch(hot=HOT, cold=HOT / 2, keeps_best=False)
    found = search(flat, STEPS, 1, None, hot)
    assert found.routes
    assert found.cost == make_plan(PROBLEM, found.routes, iterations=0, seed=1).cost_clp


def test_the_day_is_left_as_it_was(flat: Day) -> None:
    fixed = flat.van["fixed"].copy()
    search(flat, STEPS, 1)
    np.testing.assert_array_equal(flat.van["fixed"], fixed)


def test_while_it_is_hot_more_vans_are_out_than_where_routes_count_in_full(flat: Day) -> None:
    def out(*, rewards: bool) -> int:
        warm = Stretch(hot=HOT, cold=HOT * 0.9, rewards=rewards, keeps_best=False)
        return sum(len(search(flat, STEPS, seed, None, warm).routes) for seed in range(20))

    assert out(rewards=True) > out(rewards=False)


def test_of_vans_that_are_alike_the_first_ones_of_the_list_go_out(flat: Day) -> None:
    for seed in range(10):
        out = search(flat, STEPS, seed).routes
        assert sorted(out) == list(range(len(out)))
