"""`promesa plan`: routes for a day from files, without a server."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import ClassVar

import click

from promesa.cli.days import DAY
from promesa.cli.kernels import ready_kernels
from promesa.cli.option_kinds import NewFile, Seconds
from promesa.cli.plan_inputs import FileRows, build_file_day, read_rows
from promesa.cli.plan_words import fault_lines, summary
from promesa.cli.progress import ShownBudget
from promesa.cli.road_options import city_option, json_option, show_step
from promesa.kernel.errors import InvalidError
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.desk import IntakePolicy
from promesa.orders.sheet_reading import read_orders
from promesa.orders.sheets import require_size
from promesa.planning.travel import DayMap, Driven
from promesa.roads.city import City
from promesa.routing.budget import PLAN_ITERATIONS, PLAN_STOPS, Budget, iterations_for
from promesa.routing.completing import completed
from promesa.routing.explain import explain
from promesa.routing.fleetfile import read_fleet
from promesa.routing.parts.workers import WORKERS_MAX, cores, processes
from promesa.routing.planfile import PlanFile, encode, packed
from promesa.routing.solver import BIG_STOPS, solve


class NothingToPlanError(InvalidError):
    """No row of the orders file can be planned."""

    code: ClassVar[str] = "plan_without_orders"
    message: ClassVar[str] = "El archivo no trae ningún pedido que se pueda planificar."


@click.command()
@city_option
@click.option(
    "--orders",
    "orders_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Planilla de pedidos en cualquiera de los formatos de promesa orders import.",
)
@click.option(
    "--fleet",
    "fleet_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Flota en TOML, como examples/santiago/fleet.toml.",
)
@click.option(
    "--date", "date_", required=True, type=DAY, help="Día de reparto, como 30-11-2026 o 2026-11-30."
)
@click.option(
    "--accept-street",
    "accepts_street",
    is_flag=True,
    help="Acepta todas las direcciones a nivel calle: se visita la calle, sin saber a qué altura.",
)
@click.option(
    "--time-limit-s",
    type=Seconds(),
    help=f"Sin ella, {PLAN_ITERATIONS} iteraciones hasta {PLAN_STOPS} pedidos (8 s), más con más; "
    "el mismo plan cada vez.",
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
    help=f"Procesos que buscan a la vez desde {BIG_STOPS} paradas. Sin ella, uno por núcleo.",
)
@click.option(
    "--out",
    required=True,
    type=NewFile(),
    # Before the city, which may take a minute to build.
    is_eager=True,
    help="Dónde escribir el plan.",
)
@click.option("--verbose", is_flag=True, help="Dice cada fila que no se puede planificar.")
@json_option
def plan(
    *,
    city: City,
    orders_file: Path,
    fleet_file: Path,
    date_: date,
    accepts_street: bool,
    time_limit_s: float | None,
    seed: int,
    threads: int | None,
    out: Path,
    verbose: bool,
    as_json: bool,
) -> None:
    """Planifica un día: qué camioneta visita a quién y cuándo.

    Lo que queda a nivel calle no entra sin --accept-street; lo que está fuera del mapa, nunca.

    Ejemplo: promesa plan --city examples/santiago --orders examples/santiago/orders.csv
    --fleet examples/santiago/fleet.toml --date 30-11-2026 --accept-street --out plan.json
    """
    fleet = read_fleet(fleet_file.read_bytes())
    day = ServiceDay(date_, fleet.zone)
    require_size(orders_file.stat().st_size)
    policy = IntakePolicy(zone=fleet.zone)
    reading = read_orders(orders_file.read_bytes(), policy=policy, default_day=day.date)
    rows = read_rows(reading, day, city, accepts_street=accepts_street)
    for line in fault_lines(rows, is_whole=verbose, accepts_street=accepts_street):
        click.echo(line, err=True)
    if not rows.sure:
        raise NothingToPlanError
    show_step(f"Midiendo los tiempos de viaje entre {len(rows.sure)} pedidos")
    file_day = build_file_day(rows, fleet, day, city)
    budget = Budget(
        iterations=iterations_for(len(file_day.problem.stops)) if time_limit_s is None else None,
        seconds=time_limit_s,
    )
    ready_kernels()
    with ShownBudget(budget, "Planificando") as shown, processes(threads or cores()) as workers:
        found = completed(file_day.problem, solve(file_day.problem, shown, seed, workers=workers))
    driven = file_day.day_map.driven(file_day.problem, found, file_day.crews.profiles)
    written = _plan_file(driven, file_day.day_map, day)
    out.write_bytes(encode(written))
    if as_json:
        click.echo(json.dumps(_object(rows, written, out), ensure_ascii=False))
        return
    click.echo(summary(rows, driven.plan))
    for explanation in written.unserved:
        click.echo(f"{explanation.stop}: {explanation.sentence}")


def _plan_file(driven: Driven, day_map: DayMap, day: ServiceDay) -> PlanFile:
    problem, found = driven.problem, driven.plan
    return PlanFile(
        date=day.date.isoformat(),
        zone=day.zone,
        depots=problem.depots,
        vehicles=problem.vehicles,
        stops=problem.stops,
        bonds=problem.bonds,
        balance=problem.balance,
        travel=packed(driven.travel),
        plan=found,
        unserved=explain(problem, found),
        coordinates=tuple((point.lon, point.lat) for point in day_map.points),
        departures=tuple(day.instant_at(r.departure_s).isoformat() for r in found.routes),
    )


def _object(rows: FileRows, written: PlanFile, out: Path) -> dict[str, object]:
    """What was planned, for a program; the stops of each route stand in ``out``."""
    routes = written.plan.routes
    return {
        "routes": len(routes),
        "stops": sum(len(route.visits) for route in routes),
        "unserved": [{"stop": each.stop, "reason": each.sentence} for each in written.unserved],
        "rejected": [
            {"row": fault.row, "field": str(fault.field), "reason": fault.reason}
            for fault in rows.faults
        ],
        "street_level": sum(each.is_at_street for each in rows.placed),
        "cost_clp": written.plan.cost_clp,
        "out": str(out),
    }
