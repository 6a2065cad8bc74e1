"""`promesa orders import --dry-run`: one object on stdout, exit codes that scripts can trust."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from promesa.cli.main import main

GOOD = "reference;address;date\nA-1;Los Leones 220;23/11/2026\nA-2;;23/11/2026\n"


def _import(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["orders", "import", str(path), "--dry-run", *options])


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "pedidos.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_look_prints_exactly_one_object(sheet: Path) -> None:
    result = _import(sheet, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "accepted": 1,
        "rejected": [
            {
                "row": 3,
                "field": "address",
                "reason": "Falta la dirección. Escribe calle y número, o la latitud y la longitud.",
            }
        ],
        "layout": "promesa",
    }


def test_people_read_the_same_in_words(sheet: Path) -> None:
    result = _import(sheet)
    assert "1 pedido aceptado (formato Promesa)" in result.stdout
    assert "fila 3, dirección: Falta la dirección" in result.stdout


def test_a_look_warns_of_days_that_are_over_which_the_import_refuses(tmp_path: Path) -> None:
    path = tmp_path / "ayer.csv"
    path.write_text("reference;address;date\nA-1;Los Leones 220;23/11/2020\n", encoding="utf-8")
    result = _import(path, "--json")
    assert json.loads(result.stdout)["accepted"] == 1
    assert "un día que ya pasó" in result.stderr
    assert result.stderr.rstrip().endswith("Filas: 2.")


def test_nothing_accepted_is_the_inputs_fault(tmp_path: Path) -> None:
    path = tmp_path / "malo.csv"
    path.write_text("reference;address\nA-1;\n", encoding="utf-8")
    assert _import(path, "--json").exit_code == 2


def test_a_file_that_is_no_sheet_is_one_object_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "foto.xlsx"
    path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)))
    result = _import(path, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["accepted"], told["layout"]) == (2, 0, None)
    assert "no es una planilla" in told["rejected"][0]["reason"]
    words = _import(path)
    assert words.exit_code == 2
    assert "Traceback" not in words.output


def test_two_hundred_megabytes_are_refused_without_reading_them(tmp_path: Path) -> None:
    path = tmp_path / "enorme.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    result = _import(path, "--json")
    assert result.exit_code == 2
    assert "200 MB" in json.loads(result.stdout)["rejected"][0]["reason"]


def test_a_file_that_is_not_there_is_the_inputs_fault(tmp_path: Path) -> None:
    assert _import(tmp_path / "nada.csv").exit_code == 2


def test_a_look_loads_neither_database_nor_city() -> None:
    code = (
        "import sys, promesa.cli.orders;"
        "print([name for name in ('sqlalchemy', 'asyncpg', 'pyroutingkit') if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert told.strip() == "[]"


def test_help_has_an_example() -> None:
    result = CliRunner().invoke(main, ["orders", "import", "--help"])
    assert "promesa orders import pedidos.xlsx --dry-run --json" in result.output
