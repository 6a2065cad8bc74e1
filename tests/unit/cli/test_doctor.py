"""`promesa doctor` prints one JSON object and ends with what it found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from promesa.cli.main import main
from promesa.runtime.checkup import Check, Status


def test_doctor_prints_one_json_object_and_its_exit_code_agrees(tmp_path: Path) -> None:
    settings = tmp_path / "promesa.toml"
    settings.write_text(f'[city]\ndirectory = "{tmp_path}/atlantis"\n')
    result = CliRunner().invoke(main, ["doctor", "--json", "--settings", str(settings)])
    report = json.loads(result.stdout)
    faults = [check["name"] for check in report["checks"] if check["status"] == "fault"]
    assert "ciudad" in faults
    assert (report["ok"], result.exit_code) == (False, 1)


def test_settings_that_cannot_be_read_are_the_inputs_fault(tmp_path: Path) -> None:
    settings = tmp_path / "promesa.toml"
    settings.write_text("[database\n")
    result = CliRunner().invoke(main, ["doctor", "--settings", str(settings)])
    assert result.exit_code == 2
    assert "settings_invalid" in result.stderr


def test_every_fault_is_followed_by_what_to_do(tmp_path: Path) -> None:
    settings = tmp_path / "promesa.toml"
    settings.write_text(f'[city]\ndirectory = "{tmp_path}/atlantis"\n')
    result = CliRunner().invoke(main, ["doctor", "--settings", str(settings)])
    lines = result.stdout.splitlines()
    faults = [number for number, line in enumerate(lines) if line.startswith("✗")]
    assert faults
    assert all(lines[number + 1].strip().startswith("→ ") for number in faults)
    assert "vuelve a ejecutar: promesa doctor" in lines[-1]


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ([Status.OK, Status.OK], "Todo listo. Para verlo funcionar: promesa demo"),
        ([Status.OK, Status.WARNING], "Se puede partir"),
        ([Status.FAULT, Status.WARNING], "1 falla. Corrígela"),
        ([Status.FAULT, Status.FAULT], "2 fallas. Corrígelas"),
    ],
)
def test_the_last_line_says_what_comes_next(
    statuses: list[Status], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Check(name="disco", status=status, finding="visto") for status in statuses]

    async def check_up(*_: object) -> list[Check]:
        return found

    monkeypatch.setattr("promesa.cli.doctor.check_up", check_up)
    result = CliRunner().invoke(main, ["doctor"])
    assert result.stdout.splitlines()[-1].startswith(said)
