"""`promesa solve`, `promesa check`: keys, exit codes, and one JSON object on stdout."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.belgium import make_file
from promesa.cli.main import main
from promesa.domain.fleet import Load
from promesa.routing import solver
from promesa.routing.matrix import Matrix
from promesa.routing.planfile import PlanFile, encode, packed
from promesa.routing.schedule import make_plan
from tests.support.routing_days import day, stop

INSTANCE = """NAME : tiny
TYPE : CVRP
DIMENSION : 3
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 1 1
DEMAND_SECTION
1 0
2 4
3 5
EOF
"""


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.vrp"
    path.write_text(INSTANCE)
    return path


def test_solve_prints_exactly_the_keys_of_its_contract(instance: Path, tmp_path: Path) -> None:
    out = tmp_path / "tiny.sol"
    arguments = ["solve", str(instance), "--time-limit-s", "0.2", "--out", str(out), "--json"]
    result = CliRunner().invoke(main, arguments)
    told = json.loads(result.stdout)
    assert list(told) == [
        "cost", "routes", "unserved", "feasible", "iterations", "seconds", "peak_memory_mb",
    ]  # fmt: skip
    assert (told["cost"], told["unserved"], told["feasible"]) == (10, [], True)
    assert {stop for route in told["routes"] for stop in route} == {1, 2}
    assert out.read_text().splitlines()[-1] == "Cost 10"


def test_people_read_the_result_in_spanish(instance: Path) -> None:
    result = CliRunner().invoke(main, ["solve", str(instance), "--time-limit-s", "0.2"])
    assert result.stdout.splitlines() == [
        "tiny: costo 10, 1 ruta",
        "sin atender 0, cumple todas las reglas: sí",
    ]


def test_a_big_instance_is_searched_by_as_many_processes_as_are_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solver, "BIG_STOPS", 30)
    path = tmp_path / "made.vrp"
    path.write_text(make_file(40, 1))
    arguments = ["solve", str(path), "--time-limit-s", "0.2", "--threads", "2", "--json"]
    told = json.loads(CliRunner().invoke(main, arguments).stdout)
    assert (told["feasible"], sorted(stop for route in told["routes"] for stop in route)) == (
        True,
        list(range(1, 41)),
    )


def test_a_broken_instance_is_the_inputs_fault(tmp_path: Path) -> None:
    path = tmp_path / "x.vrp"
    path.write_text("NAME : x")
    result = CliRunner().invoke(main, ["solve", str(path), "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "DIMENSION" in result.stderr


def test_hourly_needs_a_file_with_speeds(instance: Path) -> None:
    result = CliRunner().invoke(main, ["solve", str(instance), "--hourly"])
    assert result.exit_code == 2
    assert "solve_hourly_without_speeds" in result.stderr


@pytest.fixture
def plan_file() -> PlanFile:
    problem = day([stop(1), stop(2)])
    assert isinstance(problem.travel, Matrix)
    return PlanFile(
        date="2026-11-30",
        zone="America/Santiago",
        depots=problem.depots,
        vehicles=problem.vehicles,
        stops=problem.stops,
        travel=packed(problem.travel),
        plan=make_plan(problem, {0: (0, 1)}),
    )


def test_check_says_that_a_good_plan_is_good(plan_file: PlanFile, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(encode(plan_file))
    result = CliRunner().invoke(main, ["check", str(path), "--json"])
    assert (result.exit_code, json.loads(result.stdout)) == (
        0,
        {"feasible": True, "violations": []},
    )


def test_check_lists_every_violation_with_its_amount(plan_file: PlanFile, tmp_path: Path) -> None:
    worse = replace(plan_file, plan=replace(plan_file.plan, cost_clp=0, unserved=(0,)))
    path = tmp_path / "plan.json"
    path.write_bytes(encode(worse))
    result = CliRunner().invoke(main, ["check", str(path)])
    assert result.exit_code == 2
    assert "(1 vez) [stop_repeated]" in result.stdout
    assert "2 incumplimientos" in result.stdout


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--time-limit-s", "nan", "no es un número de segundos"),
        ("--time-limit-s", "inf", "fuera del rango"),
        ("--out", "no/such/folder/x.sol", "No existe la carpeta"),
    ],
)
def test_what_cannot_be_used_is_refused_before_the_search(
    instance: Path, monkeypatch: pytest.MonkeyPatch, option: str, value: str, said: str
) -> None:
    def search(*_: object) -> None:
        raise AssertionError("searched first")

    monkeypatch.setattr("promesa.cli.solve.solve_problem", search)
    result = CliRunner().invoke(main, ["solve", str(instance), option, value])
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_solution_that_leaves_somebody_out_ends_as_a_broken_plan_does(instance: Path) -> None:
    instance.write_text(INSTANCE.replace("CAPACITY : 10", "CAPACITY : 4"))
    result = CliRunner().invoke(main, ["solve", str(instance), "--time-limit-s", "0.1"])
    assert result.exit_code == 2
    assert result.stdout.splitlines()[1] == "sin atender 1, cumple todas las reglas: no"


def test_a_plan_file_that_does_not_fit_together_is_refused_in_a_sentence(
    plan_file: PlanFile, tmp_path: Path
) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(encode(replace(plan_file, vehicles=())))
    for command in ("check", "explain"):
        result = CliRunner().invoke(main, [command, str(path)])
        assert (result.exit_code, result.stdout) == (2, "")
        assert "  vehicles: Falta al menos un vehículo.\n" in result.stderr


def test_one_parcel_too_many_is_said_in_the_singular(plan_file: PlanFile, tmp_path: Path) -> None:
    small = replace(
        plan_file.vehicles[0], capacity=Load(parcels=1, weight_g=10**5, volume_ml=10**6)
    )
    path = tmp_path / "plan.json"
    path.write_bytes(encode(replace(plan_file, vehicles=(small,))))
    assert "(1 bulto) [capacity]" in CliRunner().invoke(main, ["check", str(path)]).stdout
