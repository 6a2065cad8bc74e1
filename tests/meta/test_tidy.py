"""The shape of the code: sizes, names of files, banned idioms. STYLE.md gives the reasons."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.meta.tree import ROOT, committed_files, is_text

# It names what it bans.
THIS = Path(__file__).resolve()
FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
WEB_FILE_LINES_MAX = 250
NOQA_PER_1000_LINES_MAX = 0.2
TYPE_IGNORES_PER_1000_LINES_MAX = 0.5
DOCUMENTED_SHARE_MIN = 0.9
NAMELESS = {"utils", "util", "helpers", "common", "base", "types", "manager", "misc"}
# Written by a tool from the code, so its size is the code's.
GENERATED = {"web/shared/api/schema.ts", "web/package-lock.json"}

PYTHON = [path for path in committed_files() if path.suffix == ".py"]
PACKAGE = [path for path in PYTHON if path.is_relative_to(ROOT / "src")]
WEB = [
    path
    for path in committed_files()
    if path.suffix in {".ts", ".svelte"} and str(path.relative_to(ROOT)) not in GENERATED
]


def _faults(paths: list[Path], pattern: str) -> list[str]:
    """Each line of ``paths`` that matches, as path:line: text."""
    wanted = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if wanted.search(line)
    ]


def _calls(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each call in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def test_no_python_file_outgrows_its_noun() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in PYTHON
        if (lines := len(path.read_text().splitlines())) > FILE_LINES_MAX
    }
    assert long == {}


def test_no_function_outgrows_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} has {lines} lines"
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]
    assert long == []


def test_no_page_file_outgrows_its_noun() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in WEB
        if (lines := len(path.read_text().splitlines())) > WEB_FILE_LINES_MAX
    }
    assert long == {}


def test_every_file_is_named_after_something() -> None:
    nameless = [path for path in [*PYTHON, *WEB] if path.stem.lower() in NAMELESS]
    assert nameless == []


@pytest.mark.parametrize(
    ("idiom", "pattern", "why"),
    [
        ("unfinished work", r"\b(TODO|FIXME|XXX|HACK)\b", "finish it or leave it out"),
        ("assert False", r"assert\s+(False|0)\s*(,|$)", "raise AssertionError with a sentence"),
        ("skipped test", r"pytest\.mark\.skip\(", "a test that never runs proves nothing"),
    ],
)
def test_banned_idioms_stay_out(idiom: str, pattern: str, why: str) -> None:
    found = _faults([path for path in PYTHON if path != THIS], pattern)
    assert found == [], f"{idiom}: {why}"


def test_no_failure_is_swallowed_without_a_name() -> None:
    assert _faults(PACKAGE, r"except\s*(\(?\s*(Base)?Exception\b.*)?:") == []


def test_random_streams_are_made_in_the_kernel_alone() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in PACKAGE
        if path.name != "seeds.py"
        for line, name in _calls(path)
        if name in {"random.Random", "random.SystemRandom"}
    ]
    assert found == []


def test_the_terminal_belongs_to_the_command_line() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in PACKAGE
        if path.parent.name != "cli"
        for line, name in _calls(path)
        if name in {"print", "click.echo", "sys.stdout.write", "input"}
    ]
    assert found == []


def test_sql_never_asks_the_clock_nor_makes_ids() -> None:
    storage = [path for path in PACKAGE if "storage" in path.parts]
    asks = r"(?i)\b(func\.now\(|now\(\)|current_timestamp|clock_timestamp|gen_random_uuid)"
    code = [line for line in _faults(storage, asks) if not _is_the_machines(line)]
    assert code == []


def _is_the_machines(fault: str) -> bool:
    """A Clock's own now() is no question to the database."""
    return bool(re.search(r"clock\.now\(\)", fault))


def test_no_import_of_the_package_hides_inside_a_function() -> None:
    late = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in PACKAGE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert late == []


@pytest.mark.parametrize(
    ("pattern", "per_1000_lines_max"),
    [
        (r"#\s*noqa", NOQA_PER_1000_LINES_MAX),
        (r"#\s*type:\s*ignore", TYPE_IGNORES_PER_1000_LINES_MAX),
    ],
)
def test_exceptions_to_the_rules_stay_rare(pattern: str, per_1000_lines_max: float) -> None:
    paths = [path for path in PYTHON if path != THIS]
    lines = sum(len(path.read_text().splitlines()) for path in paths)
    found = _faults(paths, pattern)
    assert len(found) <= per_1000_lines_max * max(lines, 1000) / 1000, found


def test_public_functions_say_what_they_promise() -> None:
    public = [
        (path, node)
        for path in PACKAGE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and ast.unparse(node.body[-1]) != "..."  # A port's method: the class tells the contract.
    ]
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
        for path, node in public
        if not ast.get_docstring(node)
    ]
    assert len(silent) <= (1 - DOCUMENTED_SHARE_MIN) * len(public), silent


def test_nothing_committed_names_a_machine_or_a_registry() -> None:
    shared = [f"../shared/{folder}" for folder in ("data", "design", "hooks", "tools")]
    machine = ["/work/", ".library/", "/home/", "/root/", *shared]
    hosts = ["pypi.org/simple", "pythonhosted.org", "registry.npmjs.org"]
    pattern = "|".join(re.escape(words) for words in [*machine, *hosts])
    texts = [path for path in committed_files() if is_text(path) and path != THIS]
    assert _faults(texts, pattern) == []


def test_the_web_lock_file_says_nothing_of_where_packages_came_from() -> None:
    lock = ROOT / "web" / "package-lock.json"
    assert _faults([lock] if lock.exists() else [], r'"resolved":') == []
