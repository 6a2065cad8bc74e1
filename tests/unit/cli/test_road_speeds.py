"""`promesa roads learn` and `explain-speed` as scripts call them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from promesa.cli.main import main
from tests.support.towns import Street, Town

BEGIN = datetime.fromisoformat("2026-12-01T08:30:00-03:00")
TOWN = Town(
    junctions={"a": (0, 0), "b": (9, 0), "c": (9, 3), "d": (0, 3), "e": (-2, 0)},
    streets=(
        Street(along="ab", tags={"name": "Avenida Matta"}),
        Street(along="bcda", tags={"name": "Los Leones"}),
        # A dead end, where vans turn back: it joins the two ways round the block.
        Street(along="ae"),
    ),
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def city(tmp_path: Path) -> Path:
    result = run("roads", "build", TOWN.write(tmp_path), "--out", tmp_path / "city")
    assert result.exit_code == 0, result.output
    return tmp_path / "city"


def lon_lat(column: float, row: float) -> str:
    place = TOWN.at(column, row)
    return f"{place.lon},{place.lat}"


def trace(folder: Path, name: str) -> Path:
    """East along Avenida Matta; a column in 20 s is 16.7 km/h."""
    rows = [
        f"{(BEGIN + timedelta(seconds=20 * step)).isoformat()},{lon_lat(0.2 + step, 0)}"
        for step in range(9)
    ]
    path = folder / name
    path.write_text("\n".join(["time,lon,lat", *rows]), encoding="utf-8")
    return path


def test_what_was_learnt_is_explained_by_street_and_hour(city: Path, tmp_path: Path) -> None:
    one, two = trace(tmp_path, "1.csv"), trace(tmp_path, "2.csv")
    learnt = run("roads", "learn", "--city", city, "--trace", one, "--trace", two, "--json")
    answer = json.loads(learnt.stdout)
    assert (answer["version"], answer["traces"], answer["passes"]) == (1, 2, 2)
    assert answer["days"] == ["2026-12-01"]
    again = json.loads(run("roads", "learn", "--city", city, "--trace", one, "--json").stdout)
    assert (again["version"], again["traces"]) == (2, 3)

    place = ("--at", lon_lat(4, 0), "--departure", BEGIN.isoformat())
    told = run("roads", "explain-speed", "--city", city, *place, "--json")
    directions = json.loads(told.stdout)["directions"]
    assert sorted(item["passes"] for item in directions) == [0, 3]
    spoken = run("roads", "explain-speed", "--city", city, *place).stdout
    assert "Avenida Matta, martes 08:30:" in spoken
    assert "de 3 pasadas; la tabla decía" in spoken


def test_a_city_that_learnt_nothing_says_how_to_learn(city: Path) -> None:
    place = ("--at", lon_lat(4, 0), "--departure", BEGIN.isoformat())
    result = run("roads", "explain-speed", "--city", city, *place)
    assert result.exit_code == 2
    assert "promesa roads learn" in result.stderr
