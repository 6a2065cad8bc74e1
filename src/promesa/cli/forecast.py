"""`promesa forecast`: parcels a day to come, from a history and a calendar of events."""

from __future__ import annotations

import csv
import json
import math
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from promesa.cli.days import DAY, day_words
from promesa.cli.demand_files import (
    DemandFiles,
    events_option,
    history_option,
    known_until,
    read_demand,
    series_words,
)
from promesa.cli.option_kinds import NewFile
from promesa.cli.progress import counted_seconds
from promesa.cli.road_options import json_option
from promesa.dispatch.forecast_file import EVENT
from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.series import SEPARATOR
from promesa.planning.forecast.boosting import DAYS_MIN, SERIES_MIN
from promesa.planning.forecast.forecast import HORIZON_D, HORIZON_MAX_D, Forecast
from promesa.planning.forecast.forecaster import forecast as make_forecast

_COLUMNS = ("series", "date", "mean", "p10", "p50", "p90")
_DIGITS = 3
_FACTOR_MIN = 1e-3


@click.command()
@history_option
@events_option
@click.option("--origin", type=DAY, help="Último día conocido. Por defecto, el último del archivo.")
@click.option(
    "--horizon",
    type=click.IntRange(1, HORIZON_MAX_D),
    default=HORIZON_D,
    show_default=True,
    help="Días por pronosticar.",
)
@click.option(
    "--by-comuna",
    is_flag=True,
    help="Suma CD y clase: una serie por comuna, como la pide capacity.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Semilla.")
@click.option("--out", required=True, type=NewFile(), help="CSV de salida.")
@json_option
def forecast(
    *,
    history: Path,
    events: Path | None,
    origin: date | None,
    horizon: int,
    by_comuna: bool,
    seed: int,
    out: Path,
    as_json: bool,
) -> None:
    """Pronostica los bultos por día de cada serie, con su intervalo de 80 %.

    Escribe series, date, mean, p10, p50 y p90 y, si algún día es de un evento, event: con su nombre
    lo reconocen capacity y simulate --peak. Con menos de un año de historia lo dice y se apoya en
    los uplift dados.

    La historia y los eventos pueden venir de Excel: coma, punto y coma o tabulación; UTF-8 o
    Windows; fechas 2026-11-30 o 30/11/2026; 1.234,5 o 1234.5. Una fila que no sirve se dice y se
    salta.

    Ejemplo: promesa forecast --history historia.csv --events eventos.csv --out pronostico.csv
    """
    files = read_demand(history, events)
    panel = files.history.panel
    if by_comuna:
        panel = panel.summed([name.partition(SEPARATOR)[0] for name in panel.series])
    panel = panel if origin is None else known_until(panel, origin, hint="--origin")
    with counted_seconds("Pronosticando"):
        found = make_forecast(panel, files.events, horizon=horizon, seed=seed)
    _write(out, found, named_days(found, files.events))
    if as_json:
        click.echo(json.dumps(_summary(found, files, out), ensure_ascii=False))
        return
    for line in (*files.words, *_words(found)):
        click.echo(line)


def named_days(found: Forecast, events: Sequence[DemandEvent]) -> Mapping[tuple[str, date], str]:
    """The event of each series and day that has one; of several the one that moves it most."""
    factors = {(used.name, used.day): used.factor for used in found.events}
    moved: dict[tuple[str, date], tuple[float, str]] = {}
    for event in events:
        days = [day for day in event.days if day in found.days]
        for day in days:
            # A day that nothing sold on is moved most of all.
            size = abs(math.log(max(factors.get((event.name, day), 1.0), _FACTOR_MIN)))
            for series in filter(event.touches, found.series):
                told = moved.get((series, day))
                if told is None or size > told[0]:
                    moved[series, day] = size, event.name
    return {key: name for key, (_, name) in moved.items()}


def _write(out: Path, found: Forecast, named: Mapping[tuple[str, date], str]) -> None:
    """Takes the place of what was at ``out`` only when it is whole."""
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow((*_COLUMNS, EVENT) if named else _COLUMNS)
            for column, series in enumerate(found.series):
                for row, day in enumerate(found.days):
                    parts = (found.mean, found.p10, found.p50, found.p90)
                    values = [round(float(part[row, column]), _DIGITS) for part in parts]
                    event = (named.get((series, day), ""),) if named else ()
                    writer.writerow((series, day.isoformat(), *values, *event))
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


def _summary(found: Forecast, files: DemandFiles, out: Path) -> dict[str, object]:
    return {
        "origin": found.origin.isoformat(),
        "days": len(found.days),
        "series": len(found.series),
        "parcels": round(float(found.mean.sum()), _DIGITS),
        "history_days": found.basis.days,
        "boosted": found.basis.boosted,
        "calibrated_origins": found.basis.calibrated,
        "low_volume_series": found.basis.low,
        **files.values,
        "events": [
            {
                "name": event.name,
                "date": event.day.isoformat(),
                "factor": round(event.factor, _DIGITS),
                "factor_p10": round(event.factor_p10, _DIGITS),
                "factor_p90": round(event.factor_p90, _DIGITS),
                "given": event.is_given,
            }
            for event in found.events
        ],
        "out": str(out),
    }


def _words(found: Forecast) -> list[str]:
    first, last = day_words(found.days[0]), day_words(found.days[-1])
    total = f"{found.mean.sum():,.0f}".replace(",", ".")
    lines = [f"{first} a {last}: {total} bultos en {series_words(len(found.series))}."]
    if found.basis.days < DAYS_MIN:
        lines.append(
            f"Hay {found.basis.days} días de historia, menos de un año: la estación del año no se "
            "conoce, y los eventos valen lo que dice su uplift."
        )
    elif not found.basis.boosted:
        lines.append(
            f"Con menos de {SERIES_MIN} series que superen 20 bultos por día se pronostica sólo "
            "con el nivel, el día de la semana, la época del año y los eventos de cada una."
        )
    if not found.basis.calibrated:
        lines.append("El margen no se ha podido comparar con lo que pasó: es más ancho.")
    for event in found.events:
        source = "dado" if event.is_given else "aprendido"
        low, high = _factor(event.factor_p10), _factor(event.factor_p90)
        day = day_words(event.day)
        lines.append(f"{day} {event.name}: {_factor(event.factor)} ({low} a {high}), {source}")
    return lines


def _factor(value: float) -> str:
    return f"×{value:.2f}".replace(".", ",")
