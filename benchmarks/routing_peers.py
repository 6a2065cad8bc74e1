"""The planner beside plain PyVRP on VRPLIB instances, judged by the same checker.

    python -m benchmarks.routing_peers --seconds 60 --seed 1 X-n502-k39.vrp R1_10_1.vrp

Prints a Markdown table. The gap is against the best-known solution in the .sol beside the file.
One seed a row: gaps closer than half a point prove nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import click
import pyvrp

from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.instances.instance import MUST_SERVE, Instance
from promesa.routing.instances.reading import read_instance
from promesa.routing.plan import Plan
from promesa.routing.solver import make_plan, solve

Solver = Callable[[Path, Instance, float, int], Plan]


def _promesa(_path: Path, instance: Instance, seconds: float, seed: int) -> Plan:
    return solve(instance.problem, Budget(seconds=seconds), seed, MUST_SERVE)


def _plain_pyvrp(path: Path, instance: Instance, seconds: float, seed: int) -> Plan:
    """PyVRP with its own reader and its own defaults."""
    has_windows = any(stop.windows for stop in instance.problem.stops)
    data = pyvrp.read(path, round_func="dimacs" if has_windows else "round")
    limit = pyvrp.stop.MaxRuntime(seconds)
    result = pyvrp.solve(data, limit, seed, collect_stats=False, display=False)
    routes = (
        tuple(step.idx for step in route if step.is_client()) for route in result.best.routes()
    )
    # PyVRP may use more vehicles than we offer; ours are all alike.
    sequences = dict(enumerate(routes))
    fleet = instance.problem.vehicles
    spare = range(len(fleet), len(sequences))
    vehicles = (*fleet, *(replace(fleet[0], id=f"V{number + 1}") for number in spare))
    problem = replace(instance.problem, vehicles=vehicles)
    return replace(make_plan(problem, sequences), iterations=result.num_iterations)


SOLVERS: dict[str, Solver] = {"promesa": _promesa, "pyvrp": _plain_pyvrp}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--seconds", default=60.0, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(files: tuple[Path, ...], seconds: float, seed: int) -> None:
    """Runs every solver on every file, one after the other."""
    click.echo("| instance | solver | cost | gap % | routes | iterations | violations |")
    click.echo("|---|---|---|---|---|---|---|")
    for path in files:
        for row in _rows(path, seconds, seed):
            click.echo(row)


def _rows(path: Path, seconds: float, seed: int) -> Iterator[str]:
    instance = read_instance(path)
    best = _best_known(path)
    for name, solver in SOLVERS.items():
        plan = solver(path, instance, seconds, seed)
        cost = instance.cost_of(plan)
        gap = f"{100 * (cost / best - 1):.2f}" if best else ""
        violations = len(check(instance.problem, plan))
        yield (
            f"| {instance.name} | {name} | {cost:g} | {gap} | {len(plan.routes)} "
            f"| {plan.iterations} | {violations} |"
        )


def _best_known(path: Path) -> float | None:
    solution = path.with_suffix(".sol")
    if not solution.exists():
        return None
    found = re.search(r"Cost\s+([\d.]+)", solution.read_text(encoding="utf-8"))
    return float(found.group(1)) if found else None


if __name__ == "__main__":
    main()
