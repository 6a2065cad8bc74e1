"""The recipes' own arithmetic: which pins are written, and when the pages are built again."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import pin, web

BEFORE = 'name = "x"\nconstraint-dependencies = [\n    "old==1",\n]\nrest = 1\n'


def test_pins_replace_the_old_ones_and_touch_nothing_else() -> None:
    after = pin.with_pins(BEFORE, ["anyio==4.1", "colorama==0.4 ; sys_platform == 'win32'"])
    assert after == (
        'name = "x"\nconstraint-dependencies = [\n    "anyio==4.1",\n'
        "    \"colorama==0.4 ; sys_platform == 'win32'\",\n]\nrest = 1\n"
    )


def test_direct_dependencies_are_not_pinned_twice() -> None:
    lines = ["SQLAlchemy==2.1", "greenlet==3.5", "anyio==4.1"]
    assert pin.transitive(lines, {"sqlalchemy"}) == ["anyio==4.1", "greenlet==3.5"]


def test_names_are_compared_as_the_index_does() -> None:
    assert pin.name_of("Argon2_cffi.Bindings==1 ; x") == "argon2-cffi-bindings"


def test_the_pages_are_built_again_when_a_source_changes_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = tmp_path / "web"
    (pages / "node_modules").mkdir(parents=True)
    (pages / "main.ts").write_text("1")
    monkeypatch.setattr(web, "WEB", pages)
    first = web.sources_digest()
    (pages / "node_modules" / "library.js").write_text("new")
    assert web.sources_digest() == first
    (pages / "main.ts").write_text("2")
    assert web.sources_digest() != first
