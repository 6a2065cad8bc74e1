"""`promesa explain`: sentences and sums of a plan file, without a city."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from promesa.cli.main import main
from promesa.domain.fleet import Load
from promesa.routing.planfile import PlanFile, decode, encode, packed
from promesa.routing.problem import Problem
from promesa.routing.schedule import make_plan
from tests.support.routing_days import day, line, stop, van, window

ONE = Load(parcels=1, weight_g=9_000, volume_ml=90_000)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """Two vans that hold a parcel each, and a third stop that fits in neither."""
    travel = line(range(21))
    problem: Problem = day(
        [stop(10), stop(20, windows=(window(0, 300),)), stop(12)],
        [van("V-1", capacity=ONE), van("V-2", capacity=ONE)],
        travel=travel,
    )
    written = PlanFile(
        date="2026-11-30",
        zone="America/Santiago",
        depots=problem.depots,
        vehicles=problem.vehicles,
        stops=problem.stops,
        travel=packed(travel),
        plan=make_plan(problem, {0: (0,), 1: (1,)}, seed=1),
    )
    path = tmp_path / "plan.json"
    path.write_bytes(encode(written))
    return path


def explained(plan_file: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["explain", str(plan_file), *options])


def test_who_is_left_out_is_told_with_every_way_in_and_its_price(plan_file: Path) -> None:
    result = explained(plan_file)
    assert result.exit_code == 0, result.output
    first, *others = result.output.splitlines()
    assert first.startswith("P-12: No queda espacio en los vehículos que alcanzan a pasar; ")
    assert "cabría con un vehículo más desde Quilicura ($13.800)" in first
    assert others == ["  - cabría en V-2 si tuviera más espacio ($200)"]


def test_windows_are_compared_in_pesos(plan_file: Path) -> None:
    spans = ["--window", "16:00-18:00", "--window", "09:00-21:00"]
    result = explained(plan_file, "--stop", "P-20", *spans)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0].startswith("P-20 va en V-2 y cuesta $16.200; dejarla fuera se cuenta en $50.")
    assert lines[1].startswith("Entre 16:00 y 18:00: $")
    assert lines[3].startswith("Las dos cuestan lo mismo")
    told = json.loads(explained(plan_file, "--stop", "P-20", *spans, "--json").output)
    assert [each["cost_clp"] for each in told["windows"]] == [16_200, 16_200]


def test_who_stands_idle_costs_the_same_either_way(plan_file: Path) -> None:
    written = decode(plan_file.read_bytes())
    idle = replace(written.vehicles[1], id="V-3")
    plan_file.write_bytes(encode(replace(written, vehicles=(*written.vehicles, idle))))
    result = explained(plan_file, "--vehicle", "V-3", "--one-more")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-2:] == [
        "Sin V-3 el día cuesta lo mismo y todo se atiende igual: sobra.",
        "Un vehículo más desde Quilicura (como V-1) no ahorra nada.",
    ]


def test_vehicles_are_priced_with_the_search(plan_file: Path) -> None:
    result = explained(plan_file, "--vehicle", "V-2", "--one-more", "--iterations", "200")
    assert result.exit_code == 0, result.output
    without, more = result.output.splitlines()[-2:]
    assert without.startswith("Sin V-2 queda fuera 1 parada (P-")
    assert "que se cuentan en $50.000, y las rutas cuestan $" in without
    assert more == (
        "Un vehículo más desde Quilicura (como V-1) atiende 1 parada más (P-20): las rutas cuestan "
        "$16.200 más, y dejarlas fuera se cuenta en $50.000."
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--stop", "P-99"], "explain_not_in_plan"),
        (["--vehicle", "V-9"], "explain_not_in_plan"),
        (["--window", "16:00-18:00"], "¿la ventana de qué parada?"),
        (["--stop", "P-10", "--window", "a las 4"], "Escríbela como 16:00-18:00"),
        (["--stop", "P-10", "--window", "18:00-16:00"], "termina antes de empezar"),
    ],
)
def test_what_is_not_there_is_said_so(plan_file: Path, options: list[str], said: str) -> None:
    result = explained(plan_file, *options)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize("hours", ["25:00-29:99", "09:60-10:00", "16:00-24:30"])
def test_hours_no_clock_shows_are_refused(plan_file: Path, hours: str) -> None:
    result = explained(plan_file, "--stop", "P-20", "--window", hours)
    assert result.exit_code == 2
    assert "una hora que no existe" in result.stderr


@pytest.mark.parametrize(
    ("option", "said"), [("--vehicle", "vehículo: V-99"), ("--stop", "parada: V-99")]
)
def test_what_the_plan_does_not_have_is_named_in_spanish(
    plan_file: Path, option: str, said: str
) -> None:
    assert f"  {said}\n" in explained(plan_file, option, "V-99").stderr


def test_a_plan_of_another_days_stops_is_sent_to_the_checker(plan_file: Path) -> None:
    file = decode(plan_file.read_bytes())
    plan_file.write_bytes(encode(replace(file, plan=replace(file.plan, unserved=(999,)))))
    result = explained(plan_file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "promesa check" in result.stderr
