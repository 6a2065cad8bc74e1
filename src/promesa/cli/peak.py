"""`promesa simulate --peak`: the days of a forecast rehearsed under several ways to promise."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, ClassVar

import click
import numpy as np

from promesa.cli.capacity_inputs import FileCase, make_case
from promesa.cli.days import DAY
from promesa.cli.details import fault_line
from promesa.cli.option_kinds import Share, read_up_to
from promesa.cli.peak_words import kind_lines, report_lines, report_values
from promesa.cli.road_options import CityType, show_step
from promesa.dispatch.delivery_days import rule_of
from promesa.dispatch.forecast_file import FORECAST_BYTES_MAX, ForecastReading, read_forecast
from promesa.domain.fleet import MEAL_BREAK_S_MIN
from promesa.kernel.errors import InvalidError
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.departures import HIRED_SHIFT
from promesa.planning.capacity.peaks import PEAK_RATIO, with_peaks
from promesa.planning.capacity.scenarios import Scenarios, draw_scenarios
from promesa.planning.capacity.sizing import TARGET_DEFAULT
from promesa.planning.capacity.streets import NamedDepot
from promesa.planning.demand.shop_hours import SHOP_HOURS
from promesa.promising.offers import HORIZON_DAYS_MAX, OfferTerms
from promesa.promising.rehearsal.case import (
    DAYS_MAX,
    FIXED_DAYS_MAX,
    SEEDS_MAX,
    FleetKind,
    Size,
    Way,
)
from promesa.promising.rehearsal.delivered import delivered_days
from promesa.promising.rehearsal.ground import make_ground
from promesa.promising.rehearsal.making import (
    Asked,
    Surroundings,
    default_period,
    make_rehearsal,
)
from promesa.promising.rehearsal.outcome import Rehearsal
from promesa.promising.rehearsal.run import rehearse
from promesa.roads.city import City
from promesa.routing.fleetfile import FLEET_BYTES_MAX, FleetFile, read_fleet

SCENARIOS = 200
BAR_STEPS = 1000
# Beyond this many, the rows of a forecast that were left out are only counted.
FAULTS_TOLD_MAX = 10
SIZES = {"tipico": Size.TYPICAL, "grande": Size.LARGE, "peor": Size.WORST}
FLEETS = {"propia": FleetKind.OWN, "media": FleetKind.MEAN, "reserva": FleetKind.POOLED}
_FORECAST_HELP = (
    "CSV de promesa forecast con pedidos, por el día en que se compran; cuándo se entregan lo saca "
    "el ensayo. promesa capacity, en cambio, lee entregas (peak)."
)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class PeakFilesError(InvalidError):
    """A rehearsal without a forecast, a fleet or a city."""

    code: ClassVar[str] = "peak_without_files"
    message: ClassVar[str] = (
        "Para ensayar un peak faltan archivos: pasa --forecast (pedidos por el día en que se "
        "compran, no entregas), --fleet y --city."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakAsked:
    """What the options say."""

    forecast_file: Path | None
    fleet_file: Path | None
    first: date | None
    days: int | None
    seeds: int
    size: str
    fixed_days: tuple[int, ...]
    fleets: tuple[str, ...]
    target: float
    kept_min: float
    horizon_days: int

    @property
    def ways(self) -> tuple[Way, ...]:
        """Each fleet with every fixed number of days, and by capacity."""
        manners = [*dict.fromkeys(self.fixed_days), None]
        kinds = [FLEETS[name] for name in dict.fromkeys(self.fleets)]
        return tuple(Way(fleet=kind, fixed_days=days) for kind in kinds for days in manners)


def peak_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that only a rehearsal reads."""
    options = (
        click.option("--peak", "is_peak", is_flag=True, help="Ensaya los días de un pronóstico."),
        click.option("--forecast", "forecast_file", type=_FILE, help=_FORECAST_HELP),
        click.option("--fleet", "fleet_file", type=_FILE, help="Flota en TOML (peak)."),
        click.option(
            "--from", "first", type=DAY, help="Primer día (peak); sin él, antes del primer evento."
        ),
        click.option("--days", type=click.IntRange(1, DAYS_MAX), help="Cuántos días (peak)."),
        click.option(
            "--seeds",
            default=3,
            show_default=True,
            type=click.IntRange(1, SEEDS_MAX),
            help="Cuántos escenarios de ese tamaño (peak).",
        ),
        click.option(
            "--size",
            default="tipico",
            show_default=True,
            type=click.Choice(list(SIZES)),
            help="Un evento típico, de los grandes (1 de 10) o peor (1 de 100) (peak).",
        ),
        click.option(
            "--fixed-days",
            multiple=True,
            default=(2,),
            show_default=True,
            type=click.IntRange(1, FIXED_DAYS_MAX),
            help="Días de un plazo fijo que se compara; se puede repetir (peak).",
        ),
        click.option(
            "--with",
            "fleets",
            multiple=True,
            default=("media", "reserva"),
            show_default=True,
            type=click.Choice(list(FLEETS)),
            help="Con qué flota; se puede repetir (peak).",
        ),
        click.option(
            "--target",
            default=TARGET_DEFAULT,
            show_default=True,
            type=Share(0.5, 0.9999),
            help="Parte de las promesas para la que alcanza la reserva (peak).",
        ),
        click.option(
            "--kept-min",
            default=0.98,
            show_default=True,
            type=Share(0.5, 0.99),
            help="No se ofrece lo que se cumple con menos seguridad (peak).",
        ),
        click.option(
            "--horizon",
            "horizon_days",
            default=HORIZON_DAYS_MAX,
            show_default=True,
            type=click.IntRange(1, HORIZON_DAYS_MAX),
            help="Hasta cuántos días adelante se ofrece (peak).",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def run_peak(
    asked: PeakAsked, city_folder: Path | None, *, seed: int, report: Path | None, as_json: bool
) -> None:
    """Rehearses, and says what it came to.

    Raises:
        PeakFilesError: A file is missing.
    """
    if asked.forecast_file is None or asked.fleet_file is None or city_folder is None:
        raise PeakFilesError
    fleet = read_fleet(read_up_to(asked.fleet_file, FLEET_BYTES_MAX))
    reading = read_forecast(read_up_to(asked.forecast_file, FORECAST_BYTES_MAX))
    city: City = CityType().convert(city_folder, None, None)
    show_step("Midiendo las calles de cada comuna")
    around, made = _surroundings(asked, fleet, reading, city, seed)
    for line in (*_fault_lines(made), *kind_lines(reading.volumes, rule_of(around.terms).is_open)):
        click.echo(line, err=True)
    first, last = _period(asked, around.orders)
    case = make_rehearsal(
        Asked(
            first=first,
            last=last,
            size=SIZES[asked.size],
            seeds=asked.seeds,
            seed=seed,
            ways=asked.ways,
        ),
        around,
    )
    with click.progressbar(length=BAR_STEPS, label="Ensayando", file=sys.stderr) as bar:

        def show(share: float) -> bool:
            bar.update(max(0, int(share * BAR_STEPS) - bar.pos))
            return True

        done = rehearse(case, _name(around.orders, first), SIZES[asked.size], show)
    _tell(done, report, as_json=as_json)


def _tell(done: Rehearsal, report: Path | None, *, as_json: bool) -> None:
    content = report_values(done)
    if report is not None:
        text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
        report.write_text(text + "\n", encoding="utf-8")
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, sort_keys=True))
        return
    for line in report_lines(done):
        click.echo(line)


def _surroundings(
    asked: PeakAsked, fleet: FleetFile, reading: ForecastReading, city: City, seed: int
) -> tuple[Surroundings, FileCase]:
    terms = OfferTerms(zone=fleet.zone, kept_min=asked.kept_min, horizon_days=asked.horizon_days)
    delivered = delivered_days(reading.volumes, terms, SHOP_HOURS, rule_of(terms).is_open)
    made = make_case(
        replace(reading, volumes=delivered.volumes), fleet, city, seed=seed, scenarios=SCENARIOS
    )
    served = {zone.name for work in made.case.depots for zone in work.zones}
    volumes = with_peaks([each for each in reading.volumes if each.series in served])
    ground = make_ground(
        city,
        sorted(served),
        [NamedDepot(id=depot.id, position=depot.position) for depot in fleet.depots],
        usual_day=volumes[0].date,
        seed=seed,
        zone=fleet.zone,
    )
    around = Surroundings(
        capacity=made.case,
        orders=draw_scenarios(volumes, seed, count=SCENARIOS, name="orders"),
        comuna_of={name: name for name in served},
        targets={work.id: asked.target for work in made.case.depots},
        ground=ground,
        terms=terms,
        starts=_starts(fleet),
        rest_s=_rest_s(fleet),
    )
    return around, made


def _period(asked: PeakAsked, orders: Scenarios) -> tuple[date, date]:
    first, last = default_period(orders.days, _standing_out(orders))
    first = asked.first or first
    if asked.days is not None:
        last = min(orders.days[-1], first + timedelta(days=asked.days - 1))
    return first, max(first, last)


def _standing_out(orders: Scenarios) -> tuple[str, ...]:
    """The events that are a peak: a payday of the calendar is none. All where none stands out."""
    totals = orders.parcels.sum(axis=2).mean(axis=0)
    usual = float(np.median(totals))
    days = zip(orders.events, totals, strict=True)
    large = {name for name, total in days if name and total > PEAK_RATIO * usual}
    return tuple(name if name in large or not large else "" for name in orders.events)


def _name(orders: Scenarios, first: date) -> str:
    """Of the first event from that day on."""
    named = (
        name
        for day, name in zip(orders.days, _standing_out(orders), strict=True)
        if name and day >= first
    )
    return next(named, "")


def _starts(fleet: FleetFile) -> Mapping[str, time]:
    """When most vans of each depot leave; the earlier of equals."""
    found = {}
    for depot in fleet.depots:
        groups = [group for group in fleet.vehicles if group.depot == depot.id] or fleet.vehicles
        largest = max(
            groups, key=lambda group: (len(group.ids), -group.shift_start.hour), default=None
        )
        found[depot.id] = HIRED_SHIFT[0] if largest is None else largest.shift_start
    return found


def _rest_s(fleet: FleetFile) -> int:
    rests = [sum(each.minutes for each in group.breaks) for group in fleet.vehicles]
    return round(sum(rests) / len(rests) * MINUTE_S) if any(rests) else MEAL_BREAK_S_MIN


def _fault_lines(made: FileCase) -> Iterator[str]:
    yield from (fault_line(fault) for fault in made.faults[:FAULTS_TOLD_MAX])
    if len(made.faults) > FAULTS_TOLD_MAX:
        yield f"… y {len(made.faults) - FAULTS_TOLD_MAX} más que no se usan."


def asked_of(options: Mapping[str, Any]) -> PeakAsked:
    """The options as click gives them."""
    return PeakAsked(**options)
