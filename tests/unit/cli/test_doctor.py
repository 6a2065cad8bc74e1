"""`promesa doctor` prints one JSON object and ends with what it found."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from promesa.cli.main import main


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
    assert all(lines[number + 1].startswith("    → ") for number in faults)
