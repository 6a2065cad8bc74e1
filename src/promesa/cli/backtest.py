"""`promesa backtest`: how good the forecast would have been, beside chance and last week."""

from __future__ import annotations

import csv
import json
import math
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from promesa.cli.days import DAY
from promesa.cli.demand_files import (
    events_option,
    history_option,
    known_until,
    read_demand,
)
from promesa.cli.option_kinds import NewFile
from promesa.cli.road_options import json_option
from promesa.planning.demand.panel import Panel
from promesa.planning.forecast.backtest import (
    ANY_EVENT,
    EVERY_D,
    NO_EVENT,
    ORIGINS,
    ORIGINS_MAX,
    Backtest,
    past_origins,
)
from promesa.planning.forecast.backtest import backtest as make_backtest
from promesa.planning.forecast.forecast import HORIZON_D, HORIZON_MAX_D
from promesa.planning.forecast.scores import Scores

_COLUMNS = ("origin", "series", "date", "parcels", "mean", "p10", "p50", "p90")
_DIGITS = 5
LEGEND = (
    "error: suma de lo que se erró, sobre lo que llegó (WAPE); de 100 bultos, 8 % son 8 mal.",
    "azar: el error que queda aunque se supiera la tasa de cada día; nadie pronostica bajo él.",
    "sem. ant.: el error de repetir el mismo día de la semana anterior; hay que ganarle.",
    "en 80 %: días que cayeron entre p10 y p90; lo justo es 80 %, menos es franja angosta.",
    "días: días de series comparados. –: no se sabe, porque no hubo nada que comparar.",
)
# The kinds of day that no event names.
_KINDS = {NO_EVENT: "ningún evento", ANY_EVENT: "algún evento"}


@click.command()
@history_option
@events_option
@click.option(
    "--origins",
    type=click.IntRange(1, ORIGINS_MAX),
    default=ORIGINS,
    show_default=True,
    help="Cuántas veces se pronostica.",
)
@click.option(
    "--every-days",
    type=click.IntRange(1, 366),
    default=EVERY_D,
    show_default=True,
    help="Días entre un origen y el siguiente.",
)
@click.option(
    "--horizon",
    type=click.IntRange(1, HORIZON_MAX_D),
    default=HORIZON_D,
    show_default=True,
    help="Días por pronosticar desde cada origen.",
)
@click.option(
    "--until", type=DAY, help="Último día que se compara. Por defecto, el último del archivo."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Semilla.")
@click.option("--out", type=NewFile(), help="CSV con cada día pronosticado y lo que llegó.")
@json_option
def backtest(
    *,
    history: Path,
    events: Path | None,
    origins: int,
    every_days: int,
    horizon: int,
    until: date | None,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Pronostica el pasado como si no se conociera, y lo compara con lo que llegó.

    El último origen deja HORIZON días por comparar; los demás van EVERY-DAYS antes. wape: error
    absoluto sobre lo llegado; wql: pérdida de los cuantiles 10, 50 y 90; cov80: días dentro del
    intervalo; noise_floor: el error con la tasa verdadera conocida; seasonal_naive: el mismo día de
    la semana anterior.

    Ejemplo: promesa backtest --history historia.csv --events eventos.csv --json
    """
    files = read_demand(history, events)
    panel = files.history.panel
    panel = panel if until is None else known_until(panel, until, hint="--until")
    starts = past_origins(panel, origins=origins, every_d=every_days, horizon=horizon)
    with click.progressbar(length=len(starts), label="Pronosticando", file=sys.stderr) as bar:
        found = make_backtest(
            panel,
            files.events,
            starts,
            horizon=horizon,
            seed=seed,
            watch=lambda _: bar.update(1),
        )
    if out is not None:
        _write(out, found, panel)
    if as_json:
        click.echo(json.dumps(_summary(found) | files.values, ensure_ascii=False))
        return
    for line in (*files.words, "", *_words(found), "", *LEGEND):
        click.echo(line)


def _write(out: Path, found: Backtest, panel: Panel) -> None:
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_COLUMNS)
        for made in found.forecasts:
            first = (made.days[0] - panel.first).days
            for column, series in enumerate(made.series):
                for row, day in enumerate(made.days):
                    came = panel.parcels[first + row, column]
                    parts = (made.mean, made.p10, made.p50, made.p90)
                    values = [round(float(part[row, column]), _DIGITS) for part in parts]
                    known = "" if math.isnan(came) else f"{came:g}"
                    writer.writerow((made.origin, series, day, known, *values))


def _summary(found: Backtest) -> dict[str, object]:
    groups = {
        "by_event": found.by_event,
        "by_horizon": found.by_horizon,
        "by_volume": found.by_volume,
        "by_origin": found.by_origin,
    }
    return {
        **_rounded(found.whole),
        "origins": [made.origin.isoformat() for made in found.forecasts],
        "boosted": all(made.basis.boosted for made in found.forecasts),
        **{
            name: {key: _rounded(scores) for key, scores in group.items()}
            for name, group in groups.items()
        },
    }


def _rounded(scores: Scores) -> dict[str, object]:
    return {
        name: round(value, _DIGITS) if isinstance(value, float) else value
        for name, value in asdict(scores).items()
    }


def _words(found: Backtest) -> list[str]:
    head = f"{'':<28}{'error':>8}{'azar':>8}{'sem. ant.':>11}{'en 80 %':>9}{'días':>8}"
    lines = [head, _line("todo", found.whole)]
    titles = {
        "por evento": found.by_event,
        "por días hacia delante": found.by_horizon,
        "por bultos al día": found.by_volume,
        "por origen": found.by_origin,
    }
    for title, group in titles.items():
        told = ((_KINDS.get(name, name), scores) for name, scores in group.items())
        lines += ["", title, *(_line(f"  {name}", scores) for name, scores in told)]
    return lines


def _line(name: str, scores: Scores) -> str:
    floor, naive = _share(scores.noise_floor), _share(scores.seasonal_naive)
    inside = "–" if scores.cov80 is None else f"{100 * scores.cov80:.0f} %"
    return f"{name:<28}{_share(scores.wape):>8}{floor:>8}{naive:>11}{inside:>9}{scores.count:>8}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %".replace(".", ",")
