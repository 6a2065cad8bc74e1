"""A limit is kept to the last second, parcel and stop: one beyond it is too much.

Both judges are asked, who share nothing: the checker and what the planner's own times say. The
route leaves at 08:00 for two doors at 10 and 20, two minutes each, and is back at 08:44.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from promesa.domain.fleet import Load
from promesa.routing.checker import check
from promesa.routing.checks.violation import Rule
from promesa.routing.limits import NO_EXCESS, Excess, excess_of
from promesa.routing.plan import RELOAD
from promesa.routing.problem import Bond, Problem, Stop, Vehicle, Window
from promesa.routing.schedule import make_plan
from tests.support.routing_days import MINUTE_S, at, day, stop, van

TWO = Load(parcels=2, weight_g=2_000, volume_ml=10_000)
DOORS = (stop(10), stop(20))


def judged(
    vehicle: Vehicle,
    doors: tuple[Stop, ...] = DOORS,
    sequence: tuple[int, ...] = (0, 1),
    bonds: tuple[Bond, ...] = (),
) -> tuple[list[tuple[Rule, int]], Excess]:
    """What the checker finds, each with its amount, and what the planner knows itself."""
    problem: Problem = replace(day(doors, [vehicle]), bonds=bonds)
    plan = make_plan(problem, {0: sequence})
    found = [(each.rule, each.amount) for each in check(problem, plan)]
    return found, excess_of(problem, plan.routes[0])


@pytest.mark.parametrize(
    ("kept", "broken", "rule", "excess"),
    [
        ({"stops_max": 2}, {"stops_max": 1}, Rule.STOPS_MAX, Excess(faults=1)),
        (
            {"driving_max_s": 40 * MINUTE_S},
            {"driving_max_s": 40 * MINUTE_S - 1},
            Rule.DRIVING_MAX,
            Excess(driving_s=1),
        ),
        (
            {"duty_max_s": 44 * MINUTE_S},
            {"duty_max_s": 44 * MINUTE_S - 1},
            Rule.DUTY_MAX,
            Excess(duty_s=1),
        ),
        (
            {"shift_end_s": at(44)},
            {"shift_end_s": at(44) - 1},
            Rule.SHIFT_END,
            Excess(overtime_s=1),
        ),
        (
            {"shift_end_s": at(40), "overtime_max_s": 4 * MINUTE_S},
            {"shift_end_s": at(40), "overtime_max_s": 4 * MINUTE_S - 1},
            Rule.OVERTIME,
            Excess(overtime_s=1),
        ),
        *(
            (
                {"capacity": TWO},
                {"capacity": replace(TWO, **{measure: getattr(TWO, measure) - 1})},
                Rule.CAPACITY,
                Excess(load=1),
            )
            for measure in ("parcels", "weight_g", "volume_ml")
        ),
    ],
)
def test_one_beyond_a_limit_of_the_vehicle_breaks_it(
    kept: dict[str, Any], broken: dict[str, Any], rule: Rule, excess: Excess
) -> None:
    assert judged(van(**kept)) == ([], NO_EXCESS)
    assert judged(van(**broken)) == ([(rule, 1)], excess)


def test_one_second_after_a_window_breaks_it() -> None:
    """Who leaves at 08:00 is at the second door at 08:22."""
    for late_s, found in ((0, []), (1, [(Rule.WINDOW_MISSED, 1)])):
        closing = Window(start_s=at(0), end_s=at(22) - late_s)
        doors = (DOORS[0], replace(DOORS[1], windows=(closing,)))
        assert judged(van(), doors) == (found, Excess(lateness_s=late_s))


def test_one_trip_more_than_allowed_breaks_it() -> None:
    again = (0, RELOAD, 1)
    assert judged(van(trips_max=2), sequence=again) == ([], NO_EXCESS)
    assert judged(van(), sequence=again) == ([(Rule.TRIPS_MAX, 1)], Excess(faults=1))


def test_bound_stops_the_wrong_way_round_break_their_order() -> None:
    bonds = (Bond(stops=(1, 0), in_order=True),)
    assert judged(van(), sequence=(1, 0), bonds=bonds) == ([], NO_EXCESS)
    assert judged(van(), bonds=bonds) == ([(Rule.BOND_ORDER, 1)], Excess(faults=1))


def test_an_arrival_one_second_off_is_no_travel_time() -> None:
    problem = day(DOORS)
    plan = make_plan(problem, {0: (0, 1)})
    route = plan.routes[0]
    first, second = route.visits
    sooner = replace(
        second,
        arrival_s=second.arrival_s - 1,
        start_s=second.start_s - 1,
        departure_s=second.departure_s - 1,
    )
    moved = replace(route, visits=(first, sooner), end_s=route.end_s - 1)
    found = check(problem, replace(plan, routes=(moved,)))
    assert (Rule.TRAVEL_TIME, 1) in [(each.rule, each.amount) for each in found]
