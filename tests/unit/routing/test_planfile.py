from dataclasses import replace

import numpy as np
import pytest

from promesa.routing.checker import check
from promesa.routing.explain import explain
from promesa.routing.matrix import Matrix
from promesa.routing.plan import Plan
from promesa.routing.planfile import PlanFile, PlanFileError, decode, encode, packed
from promesa.routing.problem import Bond
from promesa.routing.schedule import make_plan
from promesa.routing.validation import ProblemInvalidError
from tests.support.routing_days import day, stop, window

PROBLEM = day([stop(1, skills=frozenset({"cold"})), stop(2, windows=(window(0, 60),))])
PLAN = make_plan(PROBLEM, {0: (1,)})
assert isinstance(PROBLEM.travel, Matrix)
FILE = PlanFile(
    date="2026-11-30",
    zone="America/Santiago",
    depots=PROBLEM.depots,
    vehicles=PROBLEM.vehicles,
    stops=PROBLEM.stops,
    travel=packed(PROBLEM.travel),
    plan=PLAN,
    unserved=explain(PROBLEM, PLAN),
)


def test_a_plan_comes_back_from_its_file_as_it_was() -> None:
    again = decode(encode(FILE))
    assert again == FILE
    assert check(again.problem(), again.plan) == ()
    assert again.problem().travel.travel_s(0, 2, 0) == 120


def test_the_same_plan_is_the_same_bytes() -> None:
    assert encode(FILE) == encode(decode(encode(FILE)))


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff", encode(FILE)[:-40]])
def test_what_is_no_plan_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(PlanFileError):
        decode(data)


def test_another_version_of_the_format_is_named() -> None:
    with pytest.raises(PlanFileError, match=r"promesa\.plan/9"):
        decode(encode(replace(FILE, format="promesa.plan/9")))


@pytest.mark.parametrize("damage", ["%%%", "AAAA", ""])
def test_a_damaged_matrix_is_refused(damage: str) -> None:
    broken = replace(FILE, travel=replace(FILE.travel, seconds=damage))
    with pytest.raises(PlanFileError):
        broken.problem()


@pytest.mark.parametrize("locations", [-3, 0, 2, 10**9])
def test_a_matrix_of_another_size_is_refused_in_our_words(locations: int) -> None:
    broken = replace(FILE, travel=replace(FILE.travel, locations=locations))
    with pytest.raises(PlanFileError, match="dañada") as caught:
        broken.problem()
    assert caught.value.details == {}


def _with_metres(metre: int) -> PlanFile:
    matrix = PROBLEM.travel
    assert isinstance(matrix, Matrix)
    return replace(FILE, travel=packed(Matrix(matrix.seconds, np.full((1, 3, 3), metre, np.int32))))


@pytest.mark.parametrize(
    "broken",
    [
        replace(FILE, stops=(replace(FILE.stops[0], location=999), FILE.stops[1])),
        replace(FILE, stops=(FILE.stops[0], FILE.stops[0])),
        replace(FILE, vehicles=(replace(FILE.vehicles[0], start_depot=9),)),
        replace(FILE, vehicles=()),
        replace(FILE, bonds=(Bond(stops=(500, 1)),)),
        _with_metres(-5),
    ],
)
def test_the_problem_of_a_file_is_looked_at_as_any_other(broken: PlanFile) -> None:
    with pytest.raises(ProblemInvalidError):
        decode(encode(broken)).problem()


ROUTE = PLAN.routes[0]
VISIT = ROUTE.visits[0]


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (replace(PLAN, unserved=(0, 999)), "parada número 999"),
        (replace(PLAN, unserved=()), "0 veces qué pasa con la parada P-1"),
        (replace(PLAN, unserved=(0, 1)), "2 veces qué pasa con la parada P-2"),
        (
            replace(PLAN, routes=(replace(ROUTE, visits=(replace(VISIT, stop=-2),)),)),
            "parada número -2",
        ),
        (replace(PLAN, routes=(replace(ROUTE, vehicle=-1),)), "vehículo número -1"),
        (replace(PLAN, routes=(ROUTE, replace(ROUTE, visits=()))), "2 rutas al vehículo V-1"),
    ],
)
def test_a_plan_that_speaks_of_another_problem_is_not_gone_on_from(plan: Plan, said: str) -> None:
    assert FILE.sound_plan() == PLAN
    with pytest.raises(PlanFileError, match=said):
        replace(FILE, plan=plan).sound_plan()
