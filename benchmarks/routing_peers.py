"""Our planner beside its peers on the same files, each run in a process of its own.

    python -m benchmarks.routing_peers --set small --data FOLDER --seconds 20,60 --out RECORD

Prints a Markdown table and, with --out, writes RECORD.md, RECORD.json and RECORD.png. Cases are
names of a set, names like metropolitan-5000-2, hourly-1000-1, day-3600-1 or belgium-20000-3, and
files of instances.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click

from benchmarks.cases import SETS, Case, case_of
from benchmarks.judging import judge
from benchmarks.measured import run
from benchmarks.peers.peer import ROSTER
from benchmarks.record import HEAD, Row, line_of, machine, page_of
from promesa.kernel.clock import SystemClock
from promesa.routing.instances.instance import Instance

MADE = Path("var/benchmarks")
# What a record says its solvers were, beside their versions.
DISTRIBUTIONS = ("promesa", "pyvrp", "pyvroom", "ortools", "vrp-cli", "numba")


@click.command()
@click.argument("cases", nargs=-1)
@click.option("--set", "sets", multiple=True, type=click.Choice(list(SETS)), help="A named set.")
@click.option("--data", default=Path("var/vrp"), type=click.Path(path_type=Path), show_default=True)
@click.option("--seconds", "budgets", default="60", show_default=True, help="One or more: 20,60.")
@click.option("--seeds", default="1", show_default=True, help="One or more: 1,2,3.")
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--solvers", default=",".join(ROSTER), show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Record to write, without ending.")
def main(
    *,
    cases: tuple[str, ...],
    sets: tuple[str, ...],
    data: Path,
    budgets: str,
    seeds: str,
    processes: int,
    solvers: str,
    out: Path | None,
) -> None:
    """Runs every solver on every case, one run at a time."""
    names = [*cases, *(name for each in sets for name in SETS[each])]
    chosen = solvers.split(",")
    unknown = sorted(set(chosen) - set(ROSTER))
    if unknown or not names:
        raise click.UsageError(f"unknown solvers: {unknown}" if unknown else "no case, no set")
    click.echo(HEAD)
    rows: list[Row] = []
    for name in names:
        case = case_of(name, data, MADE)
        for row in _rows(case, chosen, _numbers(budgets), _numbers(seeds), processes):
            click.echo(line_of(row))
            rows.append(row)
            if out is not None:  # After every run: a record that is cut short is still one.
                _write(out, rows)


def _numbers(words: str) -> list[float]:
    return [float(word) for word in words.split(",")]


def _rows(
    case: Case,
    solvers: Sequence[str],
    budgets: Sequence[float],
    seeds: Sequence[float],
    processes: int,
) -> Iterator[Row]:
    instance, best = case.instance(), case.best_known()
    for seconds in budgets:
        for seed in seeds:
            for solver in solvers:
                yield _row(
                    case,
                    instance,
                    best,
                    solver=solver,
                    seconds=seconds,
                    seed=int(seed),
                    processes=processes,
                )


def _row(
    case: Case,
    instance: Instance,
    best: float | None,
    *,
    solver: str,
    seconds: float,
    seed: int,
    processes: int,
) -> Row:
    load = os.getloadavg()[0]
    found = run(solver, case, seconds=seconds, seed=seed, processes=processes)
    row = Row(
        case=case.name,
        solver=solver,
        budget_s=seconds,
        seed=seed,
        processes=processes,
        load=round(load, 2),
        error=found.error,
        search_cpu_s=round(found.search_cpu_s, 2),
        search_wall_s=round(found.search_wall_s, 2),
        setup_cpu_s=round(found.setup_cpu_s, 2),
        memory_mb=round(found.memory_mb, 1),
        iterations=found.iterations,
    )
    if found.error or not found.routes:
        return replace(row, error=found.error or "no plan found")
    verdict = judge(instance, found.routes)
    return replace(
        row,
        cost=verdict.cost,
        # What serves only some is cheap, and no nearer to the best known for it.
        gap=None if best is None or verdict.unserved else round(100 * (verdict.cost / best - 1), 3),
        vans=verdict.routes,
        unserved=verdict.unserved,
        late=verdict.late,
        broken=verdict.broken,
    )


def _write(out: Path, rows: Sequence[Row]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    about = machine(SystemClock().now(), DISTRIBUTIONS)
    record = {**about, "rows": [asdict(row) for row in rows]}
    out.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    out.with_suffix(".md").write_text(page_of(about, rows), encoding="utf-8")
    # Drawn only where a record is asked for, by those who have the peers' group installed.
    importlib.import_module("benchmarks.plot").draw(rows, out.with_suffix(".png"))


if __name__ == "__main__":
    main()
