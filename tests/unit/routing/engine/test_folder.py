"""Kernels of versions long unused are cleared away, and nothing else is."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import promesa
from promesa.kernel.units import DAY_S
from promesa.routing.engine.folder import (
    FOLDER_VARIABLE,
    OUTSIDE,
    UNUSED_DAYS_MAX,
    clear_unused,
    is_cold,
    kernels_folder,
    mark_used,
)

# Told a person or the operating system, and compiled into nothing.
NOT_COMPILED = {"MEASURES"}
IMPORT = r"^from promesa\.(?!routing\.engine)([\w.]+) import (.+)"
OLD, YOUNG, UNFINISHED = "0" * 16, "1" * 16, "2" * 16


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return kernels_folder()


def _used_days_ago(folder: Path, days: float) -> None:
    folder.mkdir()
    (folder / "kernel.nbi").touch()
    mark_used(folder)
    stamp = folder.stat().st_mtime - days * DAY_S
    os.utime(folder / "compiled", (stamp, stamp))


def test_a_folder_is_cold_until_its_kernels_are_complete(folder: Path) -> None:
    assert is_cold()
    mark_used(folder)
    assert not is_cold()


def test_kernels_that_nobody_used_for_a_month_are_cleared_away(folder: Path) -> None:
    _used_days_ago(folder.parent / OLD, UNUSED_DAYS_MAX + 1)
    _used_days_ago(folder.parent / YOUNG, UNUSED_DAYS_MAX - 1)
    mark_used(folder)
    clear_unused(folder)
    assert {each.name for each in folder.parent.iterdir()} == {folder.name, YOUNG}


def test_kernels_left_half_compiled_go_when_they_are_old(folder: Path) -> None:
    unfinished = folder.parent / UNFINISHED
    unfinished.mkdir()
    mark_used(folder)
    clear_unused(folder)
    assert unfinished.exists()
    stamp = unfinished.stat().st_mtime - (UNUSED_DAYS_MAX + 1) * DAY_S
    os.utime(unfinished, (stamp, stamp))
    clear_unused(folder)
    assert not unfinished.exists()


def test_what_is_not_a_version_of_the_kernels_stays(folder: Path) -> None:
    notes = folder.parent / "notes"
    notes.mkdir()
    os.utime(notes, (0, 0))
    mark_used(folder)
    clear_unused(folder)
    assert notes.exists()


def test_kernels_are_kept_apart_by_every_file_whose_constants_they_hold() -> None:
    root = Path(promesa.__file__).parent
    found = set()
    for file in (root / "routing" / "engine").glob("*.py"):
        for module, names in re.findall(IMPORT, file.read_text(), re.MULTILINE):
            if set(re.findall(r"\b[A-Z][A-Z_]+\b", names)) - NOT_COMPILED:
                found.add(f"{module.replace('.', '/')}.py")
    assert found == set(OUTSIDE)
