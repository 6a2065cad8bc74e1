"""What was measured, as rows: a Markdown table to read, and JSON with all that explains them."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

# A search that got less than this share of the CPU time it was given is no fair comparison.
FULL_SHARE = 0.9

HEAD = (
    "| case | solver | budget s | seed | cost | gap % | vans | unserved | late | broken "
    "| search CPU s | wall s | set-up CPU s | MB | iterations |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One run, judged.

    Attributes:
        gap: Per cent above the best known; None where none is known.
        broken: Violations by rule, windows missed among them.
        load: The machine's load average just before.
        error: Why there is no plan; the judged fields are then None.
    """

    case: str
    solver: str
    budget_s: float
    seed: int
    processes: int
    load: float
    error: str = ""
    cost: float | None = None
    gap: float | None = None
    vans: int | None = None
    unserved: int | None = None
    late: int | None = None
    broken: dict[str, int] | None = None
    search_cpu_s: float = 0.0
    search_wall_s: float = 0.0
    setup_cpu_s: float = 0.0
    memory_mb: float = 0.0
    iterations: int | None = None

    @property
    def is_short_of_cpu(self) -> bool:
        """Whether others kept the machine so busy that the search got less than it was given."""
        is_waiting = self.search_cpu_s < FULL_SHARE * self.search_wall_s
        return is_waiting and self.search_cpu_s < FULL_SHARE * self.budget_s

    @property
    def is_kept(self) -> bool:
        """Whether it is a plan that serves everybody and breaks nothing."""
        return self.cost is not None and not self.unserved and not self.broken


def line_of(row: Row) -> str:
    """A row of the table; † marks a search that was short of CPU."""
    mark = " †" if row.is_short_of_cpu else ""
    broken = ", ".join(f"{rule} {count}" for rule, count in (row.broken or {}).items())
    cells = [
        row.case,
        row.solver,
        _budget(row),
        row.seed,
        f"none: {row.error}" if row.cost is None else f"{row.cost:,.10g}",
        None if row.gap is None else f"{row.gap:.2f}",
        row.vans,
        row.unserved,
        row.late,
        None if row.broken is None else broken or 0,
        f"{row.search_cpu_s:.1f}{mark}",
        f"{row.search_wall_s:.1f}",
        f"{row.setup_cpu_s:.1f}",
        f"{row.memory_mb:.0f}",
        None if row.iterations is None else f"{row.iterations:,}",
    ]
    return f"| {' | '.join('' if cell is None else str(cell) for cell in cells)} |"


def _budget(row: Row) -> str:
    return f"{row.budget_s:g}" if row.processes == 1 else f"{row.processes} × {row.budget_s:g}"


def table_of(rows: Sequence[Row]) -> str:
    """The whole table."""
    return "\n".join([HEAD, *(line_of(row) for row in rows), ""])


def page_of(about: Mapping[str, Any], rows: Sequence[Row]) -> str:
    """The table below what its figures depend on."""
    versions = ", ".join(f"{name} {each}" for name, each in about["versions"].items() if each)
    loads = [row.load for row in rows]
    return "\n".join(
        [
            (
                f"{about['date']}, {about['processor']}, {about['cores']} cores, "
                f"{about['memory_gb']} GB, {about['system']}, Python {about['python']}; "
                f"load average before each run {min(loads):g} to {max(loads):g}."
            ),
            f"{versions}.",
            "",
            table_of(rows),
        ]
    )


def machine(now: datetime, distributions: Sequence[str]) -> dict[str, Any]:
    """What the figures depend on: processor, cores, memory, versions, the day."""
    return {
        "date": now.date().isoformat(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in sorted({*distributions, "numpy"})},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
