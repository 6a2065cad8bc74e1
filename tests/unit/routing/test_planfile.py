from dataclasses import replace

import pytest

from promesa.routing.checker import check
from promesa.routing.explain import explain
from promesa.routing.matrix import Matrix
from promesa.routing.planfile import PlanFile, PlanFileError, decode, encode, packed
from promesa.routing.schedule import make_plan
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
