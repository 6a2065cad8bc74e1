"""`promesa capacity`: vehicles, shifts and docks per day for a share of promises kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from promesa.cli.capacity_inputs import FileCase, make_case
from promesa.cli.capacity_words import day_lines, head_sentences, source_lines
from promesa.cli.details import fault_line
from promesa.cli.option_kinds import NewFile, Share, read_up_to
from promesa.cli.progress import counted_seconds
from promesa.cli.road_options import city_option, json_option, show_step
from promesa.cli.service_days import ServiceAsked, service_options, service_sentences
from promesa.dispatch.forecast_file import FORECAST_BYTES_MAX, read_forecast
from promesa.planning.capacity.driver_rosters import rosters_of
from promesa.planning.capacity.plan import CapacityCase, plan_capacity
from promesa.planning.capacity.report import (
    compared_values,
    report,
    roster_sentences,
    roster_values,
)
from promesa.planning.capacity.scenarios import SCENARIOS_DEFAULT, SCENARIOS_MAX
from promesa.planning.capacity.service_days import ServiceDays
from promesa.planning.capacity.sizing import TARGET_DEFAULT
from promesa.planning.capacity.what_if import compare, compared_sentences, without_vehicles
from promesa.planning.capacity.words import vans
from promesa.roads.city import City
from promesa.routing.fleetfile import FLEET_BYTES_MAX, read_fleet

TARGET_MIN, TARGET_MAX = 0.5, 0.9999
# Beyond this many the screen names none of the rest; --out and --json have them all.
FAULTS_TOLD_MAX = 10
SENTENCES_TOLD_MAX = 40
_DIGITS_MAX = 6
_PARCEL_DECIMALS = 1


class FewerVans(click.ParamType[tuple[str, int]]):
    """A depot and how many of its vans are taken away, written QUI=5."""

    name = "CD=N"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Turns "QUI=5" into a depot's id and a number."""
        if isinstance(value, tuple):
            return str(value[0]), int(value[1])
        depot, _, count = str(value).rpartition("=")
        if not depot or not count.isdecimal() or len(count) > _DIGITS_MAX:
            self.fail(f"«{value}» no sirve: escribe CD=N, como QUI=5.", param, ctx)
        return depot, int(count)


@click.command()
@click.option(
    "--forecast",
    "forecast_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV de promesa forecast: series,date,mean,p10,p50,p90 y, si hay, event.",
)
@click.option(
    "--fleet",
    "fleet_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Flota en TOML; con contracts, spot y docks si los hay.",
)
@city_option
@click.option(
    "--target",
    type=Share(TARGET_MIN, TARGET_MAX),
    default=TARGET_DEFAULT,
    show_default=True,
    help="Parte de las promesas por cumplir, de 0.5 a 0.9999; 97% es 0.97.",
)
@click.option(
    "--scenarios",
    type=click.IntRange(20, SCENARIOS_MAX),
    default=SCENARIOS_DEFAULT,
    show_default=True,
    help="Cuántas maneras en que pueden salir los días se prueban.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=1,
    show_default=True,
    help="Semilla del azar.",
)
@click.option(
    "--without",
    "without",
    multiple=True,
    type=FewerVans(),
    help="Compara con menos camionetas propias en un CD, como QUI=5; se puede repetir.",
)
@service_options
@click.option("--out", required=True, type=NewFile(), is_eager=True, help="Dónde escribir el plan.")
@json_option
def capacity(
    *,
    forecast_file: Path,
    fleet_file: Path,
    city: City,
    target: float,
    scenarios: int,
    seed: int,
    without: tuple[tuple[str, int], ...],
    out: Path,
    as_json: bool,
    **service: Any,
) -> None:
    """Dice cuántas camionetas, turnos y andenes pide cada día para cumplir las promesas.

    Cada fila del pronóstico son entregas de ese día; si cuenta pedidos por día de compra, pasa
    --counts orders. Se reparte de lunes a sábado, sin feriados irrenunciables: otros días, con
    --weekdays, --closed y --rest-days. La flota puede ser toda contratada o al día.

    Ejemplo: promesa capacity --forecast forecast.csv --fleet examples/santiago/fleet.toml
    --city examples/santiago --target 0.97 --out capacity.json
    """
    asked = ServiceAsked(**service)
    fleet = read_fleet(read_up_to(fleet_file, FLEET_BYTES_MAX))
    reading = read_forecast(read_up_to(forecast_file, FORECAST_BYTES_MAX))
    served = asked.days(reading.volumes)
    show_step("Midiendo las zonas en las calles")
    made = make_case(
        replace(reading, volumes=served.volumes), fleet, city, seed=seed, scenarios=scenarios
    )
    for line in _fault_lines(made):
        click.echo(line, err=True)
    with counted_seconds("Dimensionando"):
        found = plan_capacity(made.case, target)
        compared = compare(made.case, _changes(made, without), target) if without else ()
        rosters = rosters_of(found, fleet)
    notes = [*head_sentences(made, served, fleet), *service_sentences(asked, served)]
    written = {
        "seed": seed,
        **report(found, fleet),
        "rosters": roster_values(rosters),
        "what_if": compared_values(compared),
        "demand": _demand(asked, served, made),
        "notes": notes,
        "rejected": _rejected(made),
    }
    out.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")
    if as_json:
        click.echo(json.dumps({**written, "out": str(out)}, ensure_ascii=False))
        return
    names = {depot.id: depot.name for depot in made.case.depots}
    named, totals = written["sentences"][:-2], written["sentences"][-2:]
    told = [
        *notes, "", *_shown(named), *roster_sentences(rosters, names), "",
        *day_lines(found, made, served.closed), "", *source_lines(found), "",
        *totals, *compared_sentences(compared),
    ]  # fmt: skip
    for line in told:
        click.echo(line)


def _demand(asked: ServiceAsked, served: ServiceDays, made: FileCase) -> dict[str, Any]:
    """Parcels expected, as counted: what is planned for and what is not add up to the forecast."""
    planned, out = sum(made.parcels.values()), sum(made.left_out.values())
    return {
        "counts": asked.counts,
        "forecast": round(planned + out + served.beyond, _PARCEL_DECIMALS),
        "planned": round(planned, _PARCEL_DECIMALS),
        "beyond_last_day": round(served.beyond, _PARCEL_DECIMALS),
        "of_closed_days": round(served.moved, _PARCEL_DECIMALS),
        "closed_days": [day.isoformat() for day in served.closed],
        "left_out": [
            {"series": name, "parcels": round(mean, _PARCEL_DECIMALS)}
            for name, mean in made.left_out.items()
        ],
        "idle_depots": list(made.idle),
    }


def _changes(made: FileCase, without: tuple[tuple[str, int], ...]) -> dict[str, CapacityCase]:
    """Each change on its own, in the order given."""
    return {
        f"Sin {vans(count)} en {depot}": without_vehicles(made.case, depot, count)
        for depot, count in without
    }


def _shown(sentences: Sequence[str]) -> Iterator[str]:
    """The first of those that name a day, and how many more there are."""
    yield from sentences[:SENTENCES_TOLD_MAX]
    if len(sentences) > SENTENCES_TOLD_MAX:
        yield f"… y {len(sentences) - SENTENCES_TOLD_MAX} más en el archivo."


def _fault_lines(made: FileCase) -> Iterator[str]:
    yield from (fault_line(fault) for fault in made.faults[:FAULTS_TOLD_MAX])
    if len(made.faults) > FAULTS_TOLD_MAX:
        yield f"… y {len(made.faults) - FAULTS_TOLD_MAX} más; el archivo las trae todas."


def _rejected(made: FileCase) -> list[dict[str, Any]]:
    return [
        {"row": fault.row, "field": fault.field, "reason": fault.reason} for fault in made.faults
    ]
