"""What can be set, raised, recorded or typed is documented, and the pages are those of the code."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

import click
import pytest

from promesa.cli.main import main as command_line
from promesa.domain.events import EVENT_TYPES
from promesa.runtime.settings import Settings
from scripts import pin, reference
from tests.meta.tree import ROOT, committed_files

PYPROJECT = (ROOT / "pyproject.toml").read_text()
ARCHITECTURE_LINES_MAX = 300
PAGE_LINES_MAX = 70


@pytest.mark.parametrize("name", reference.pages())
def test_a_generated_page_is_what_the_code_says_now(name: str) -> None:
    written = reference.REFERENCE / name
    assert written.exists(), "run `uv run just reference`"
    assert written.read_text() == reference.pages()[name], "run `uv run just reference`"


def test_every_setting_says_its_unit_and_reason() -> None:
    silent = [name for name, _, reason in reference.setting_rows(Settings()) if len(reason) < 5]
    assert silent == []


def test_every_error_has_a_code_of_its_own_and_a_sentence() -> None:
    classes = reference.error_classes()
    codes = Counter(error.code for error in classes)
    assert [code for code, count in codes.items() if count > 1] == []
    assert [error for error in classes if not error.__doc__ or not error.message] == []
    assert [error for error in classes if not re.fullmatch(r"[a-z][a-z0-9_]*", error.code)] == []


def test_every_event_type_is_a_noun_and_what_happened_to_it() -> None:
    odd = [name for name in EVENT_TYPES if not re.fullmatch(r"[a-z]+\.[a-z_]+", name)]
    assert odd == []
    assert [name for name, text in EVENT_TYPES.items() if not text.strip()] == []


def test_every_command_has_help_with_an_example() -> None:
    silent = [
        path
        for path, command in reference.commands(command_line, "promesa")
        if path not in (command.help or "")
    ]
    assert silent == [], "the help of a command shows it being typed"


def test_every_option_says_what_it_means() -> None:
    silent = [
        f"{path} {item.opts[0]}"
        for path, command in reference.commands(command_line, "promesa")
        for item in command.params
        if isinstance(item, click.Option) and not item.help
    ]
    assert silent == []


def test_every_dependency_has_its_reason_and_its_version_is_the_pinned_one() -> None:
    page = (ROOT / "docs" / "decisions" / "dependencies.md").read_text()
    written = dict(re.findall(r"^\| ([\w.-]+) \| ([\w.]+) \|", page, re.MULTILINE))
    written.pop("package", None)
    tables = tomllib.loads(PYPROJECT)
    groups = [tables["project"]["dependencies"], *tables["dependency-groups"].values()]
    pins = [line for lines in groups for line in lines]
    assert written == {pin.name_of(line): line.split("==")[1] for line in pins}


def test_the_architecture_page_stays_short_enough_to_be_read() -> None:
    lines = (ROOT / "ARCHITECTURE.md").read_text().splitlines()
    assert len(lines) < ARCHITECTURE_LINES_MAX


def test_every_link_between_documents_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_a_decision_fits_one_page_and_says_what_would_change_it() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    long = [page.name for page in decisions if len(page.read_text().splitlines()) > PAGE_LINES_MAX]
    silent = [page.name for page in decisions if "## What would change" not in page.read_text()]
    assert (long, silent) == ([], [])


def test_decisions_are_numbered_without_doubles() -> None:
    numbers = [page.name[:4] for page in (ROOT / "docs" / "decisions").glob("[0-9]*.md")]
    assert sorted(numbers) == sorted(set(numbers))


def test_every_file_the_architecture_names_is_there() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text()
    named = set(re.findall(r"`([\w./-]+\.(?:py|toml|md))`", page))
    known = {str(path.relative_to(ROOT)) for path in committed_files()}
    missing = [name for name in named if not any(f"/{path}".endswith(f"/{name}") for path in known)]
    assert missing == []
