"""What a van carries besides its stops takes room, and is noted wrong by nobody."""

from __future__ import annotations

from promesa.domain.fleet import Load
from promesa.routing.checks.violation import Rule
from promesa.routing.course import Start
from promesa.routing.plan import RELOAD
from promesa.routing.replan.judging import judge
from promesa.routing.schedule import time_route
from tests.support.routing_days import at, day, pickup, stop, van

TWO = Load(parcels=2, weight_g=100_000, volume_ml=1_000_000)


def rules(aboard: int, sequence: tuple[int, ...]) -> set[Rule]:
    problem = day([pickup(5), stop(6)], [van(capacity=TWO, trips_max=2)])
    start = Start(location=0, ready_s=at(30), aboard=Load(parcels=aboard))
    timed = time_route(problem, 0, sequence, start)
    return {each.rule for each in judge(problem, timed, start)}


def test_a_colecta_fits_beside_what_is_aboard() -> None:
    assert rules(1, (0,)) == set()


def test_a_colecta_too_many_beside_what_is_aboard_is_caught() -> None:
    assert rules(2, (0,)) == {Rule.CAPACITY}


def test_what_is_aboard_stays_in_the_depot_when_the_van_loads_again() -> None:
    assert rules(2, (RELOAD, 0, 1)) == set()
