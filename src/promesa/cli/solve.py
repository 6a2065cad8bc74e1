"""`promesa solve`: plans a benchmark instance and says what it cost, checked independently."""

from __future__ import annotations

import json
import resource
from pathlib import Path
from typing import ClassVar

import click

from promesa.cli.check import EXIT_VIOLATIONS
from promesa.cli.kernels import ready_kernels
from promesa.cli.option_kinds import NewFile, Seconds
from promesa.cli.progress import ShownBudget
from promesa.kernel.clock import stopwatch_s
from promesa.kernel.errors import InvalidError
from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.instances.instance import MUST_SERVE, Instance
from promesa.routing.instances.metropolitan import read_metropolitan_hourly
from promesa.routing.instances.reading import read_instance
from promesa.routing.parts.workers import WORKERS_MAX, processes
from promesa.routing.plan import Plan
from promesa.routing.solver import BIG_STOPS
from promesa.routing.solver import solve as solve_problem


class HourlyNeedsSpeedsError(InvalidError):
    """--hourly was asked of a file without hourly speeds."""

    code: ClassVar[str] = "solve_hourly_without_speeds"
    message: ClassVar[str] = "--hourly sirve con archivos .npz, que traen velocidades por hora."


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--time-limit-s",
    type=Seconds(),
    default=60.0,
    show_default=True,
    help="Segundos de búsqueda.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=1,
    show_default=True,
    help="Semilla del azar.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, WORKERS_MAX),
    default=1,
    show_default=True,
    help=f"Procesos que buscan a la vez, en instancias de {BIG_STOPS} paradas o más.",
)
@click.option("--hourly", is_flag=True, help="Usa las velocidades por hora de un .npz.")
@click.option("--out", type=NewFile(), help="Solución .sol.")
@click.option("--json", "as_json", is_flag=True, help="Imprime un objeto JSON.")
@click.pass_context
def solve(
    ctx: click.Context,
    *,
    file: Path,
    time_limit_s: float,
    seed: int,
    threads: int,
    hourly: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Resuelve una instancia VRPLIB, Solomon, LoggiBUD o metropolitana.

    Si el mejor plan deja a alguien fuera o rompe una regla, sale con 2, como promesa check.

    Ejemplo: promesa solve X-n502-k39.vrp --time-limit-s 60 --seed 1 --json
    """
    instance = _read(file, hourly)
    ready_kernels()
    began_s = stopwatch_s()
    shown = ShownBudget(Budget(seconds=time_limit_s), "Buscando")
    with shown as budget, processes(threads) as workers:
        plan = solve_problem(instance.problem, budget, seed, MUST_SERVE, workers)
    result = _result(instance, plan, stopwatch_s() - began_s)
    if out is not None:
        out.write_text(_solution(instance, plan), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        _tell(instance, plan, is_feasible=bool(result["feasible"]))
    ctx.exit(0 if result["feasible"] else EXIT_VIOLATIONS)


def _tell(instance: Instance, plan: Plan, *, is_feasible: bool) -> None:
    routes = "1 ruta" if len(plan.routes) == 1 else f"{len(plan.routes)} rutas"
    click.echo(f"{instance.name}: costo {instance.cost_of(plan):g}, {routes}")
    is_kept = "sí" if is_feasible else "no"
    click.echo(f"sin atender {len(plan.unserved)}, cumple todas las reglas: {is_kept}")


def _read(file: Path, hourly: bool) -> Instance:
    if not hourly:
        return read_instance(file)
    if file.suffix.lower() != ".npz":
        raise HourlyNeedsSpeedsError(file=file.name)
    return read_metropolitan_hourly(file)


def _result(instance: Instance, plan: Plan, seconds: float) -> dict[str, object]:
    stops = instance.problem.stops
    is_within_fleet = instance.vehicles_max is None or len(plan.routes) <= instance.vehicles_max
    violations = check(instance.problem, plan)
    return {
        "cost": instance.cost_of(plan),
        "routes": [[int(stops[stop].id) for stop in route.stops] for route in plan.routes],
        "unserved": [int(stops[stop].id) for stop in plan.unserved],
        "feasible": not violations and not plan.unserved and is_within_fleet,
        "iterations": plan.iterations,
        "seconds": round(seconds, 3),
        "peak_memory_mb": round(_peak_kb() / 1024, 1),
    }


def _peak_kb() -> int:
    """Of the largest process: this one, or one that searched beside it and has ended."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in whose)


def _solution(instance: Instance, plan: Plan) -> str:
    """The routes as CVRPLIB writes them."""
    lines = [
        f"Route #{number}: {' '.join(instance.problem.stops[stop].id for stop in route.stops)}"
        for number, route in enumerate(plan.routes, start=1)
    ]
    return "\n".join([*lines, f"Cost {instance.cost_of(plan):g}", ""])
