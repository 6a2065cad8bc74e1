"""The search's compiler is loaded where somebody searches, and nowhere else.

It takes a second of start-up and a hundred megabytes: a server, which has a process of its own
for plans, and the commands that only ask one must not pay for it.
"""

from __future__ import annotations

import subprocess
import sys

from tests.meta.tree import ROOT

# Who searches; whatever else is in the package loads without them.
SEARCHES = {
    "promesa.cli.explain",
    "promesa.cli.kernels",
    "promesa.cli.plan",
    "promesa.cli.solve",
    "promesa.planning.day_plan",
    "promesa.planning.pricing",
    "promesa.routing.parts.rounds",
    "promesa.routing.parts.searching",
    "promesa.routing.replan.searching",
    "promesa.routing.solver",
    "promesa.runtime.planner_worker",
}
ENGINE = "promesa.routing.engine"
QUICK = {f"{ENGINE}.folder"}
SCRIPTS = "promesa.storage.migrations"
LOADER = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
    assert "numba" not in sys.modules, f"{name} loads the compiler"
"""


def _modules() -> list[str]:
    package = ROOT / "src"
    for_import = (path.relative_to(package) for path in sorted((package / "promesa").rglob("*.py")))
    names = (".".join(path.with_suffix("").parts) for path in for_import)
    return [name for name in names if not name.startswith(SCRIPTS) and "__" not in name]


def _searches(name: str) -> bool:
    return name in SEARCHES or (name.startswith(f"{ENGINE}.") and name not in QUICK)


def test_only_who_searches_loads_the_compiler() -> None:
    modules = _modules()
    assert set(modules) >= SEARCHES | QUICK
    quick = [name for name in modules if not _searches(name)]
    assert {"promesa.api.app", "promesa.cli.serve", "promesa.cli.demo"} <= set(quick)
    loaded = subprocess.run(
        [sys.executable, "-c", LOADER, *quick], capture_output=True, text=True, check=False
    )
    assert loaded.returncode == 0, loaded.stderr
