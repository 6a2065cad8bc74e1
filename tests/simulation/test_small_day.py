"""A whole small day against the real platform, twice: the same seed gives the same report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

DAY_LIMIT_S = 420


def run_day(report: Path, seed: int) -> dict[str, object]:
    """Runs `promesa simulate` as an operator would and reads its report."""
    command = [sys.executable, "-m", "promesa", "simulate", "--orders", "14"]
    command += ["--seed", str(seed), "--report", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DAY_LIMIT_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    content: dict[str, object] = json.loads(report.read_text(encoding="utf-8"))
    return content


def test_a_small_day_breaks_no_invariant_and_repeats_byte_for_byte(tmp_path: Path) -> None:
    first = run_day(tmp_path / "first.json", 3)
    run_day(tmp_path / "second.json", 3)

    assert first["invariants_broken"] == []
    assert int(str(first["invariants_checked"])) > 8
    assert int(str(first["delivered"])) + int(str(first["not_delivered"])) == 14
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "second.json").read_bytes()
