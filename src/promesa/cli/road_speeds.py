"""`promesa roads learn` and `explain-speed`: what traces taught of the streets, and why."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from promesa.cli.road_options import (
    InstantType,
    PositionType,
    city_option,
    json_option,
    show_step,
)
from promesa.kernel.geo import Position
from promesa.roads.city import City, ensure_built
from promesa.roads.learning import SpeedStory, explain, learn_more
from promesa.roads.learnt_file import find_learnt, save_learnt
from promesa.roads.matching import Matcher
from promesa.roads.network import RoadNetwork
from promesa.roads.passes import PassFinder
from promesa.roads.tables import read_trace

_NOTHING_LEARNT = "Esta ciudad no tiene velocidades aprendidas. Apréndelas con: promesa roads learn"
_NO_STREET = "Ahí no hay una calle del mapa."


@click.command()
@click.option(
    "--city",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Carpeta de la ciudad, como examples/santiago.",
)
@click.option(
    "--trace",
    "traces",
    required=True,
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV de una camioneta y un día, con columnas time,lon,lat; se puede repetir.",
)
@json_option
def learn(*, folder: Path, traces: tuple[Path, ...], as_json: bool) -> None:
    """Aprende velocidades de trazas GPS y las guarda en la ciudad, en una versión nueva.

    Cada traza se suma a lo que ya se sabía: la misma, dos veces, cuenta dos veces.

    Ejemplo: promesa roads learn --city examples/santiago --trace lunes-1.csv --trace lunes-2.csv
    """
    built = ensure_built(folder, on_step=show_step)
    network = RoadNetwork.load(built)
    before = find_learnt(built, network.graph)
    finder = PassFinder(network.with_learnt(None), Matcher(network))
    with click.progressbar(traces, label="Aprendiendo", file=sys.stderr) as files:
        learnt = learn_more(network, finder, before, (read_trace(file) for file in files))
    path = save_learnt(learnt, built)
    passes = int(learnt.sums.count.sum())
    if as_json:
        days = [day.isoformat() for day in learnt.days]
        answer = {"version": learnt.version, "days": days, "traces": learnt.traces}
        click.echo(json.dumps({**answer, "passes": passes, "out": str(path)}))
        return
    click.echo(
        f"Versión {learnt.version}: {learnt.traces} trazas de {len(learnt.days)} días, "
        f"{passes} pasadas por tramos. {path}"
    )


@click.command("explain-speed")
@city_option
@click.option("--at", "place", required=True, type=PositionType(), help="En la calle, LON,LAT.")
@click.option(
    "--departure",
    required=True,
    type=InstantType(),
    help="A qué hora, con desfase: 2026-12-01T08:30:00-03:00.",
)
@json_option
def explain_speed(*, city: City, place: Position, departure: datetime, as_json: bool) -> None:
    """Por qué una calle tiene la velocidad que tiene a una hora, en cada sentido.

    Ejemplo: promesa roads explain-speed --city examples/santiago --at -70.6483,-33.4597
    --departure 2026-12-01T08:30:00-03:00
    """
    network = city.network
    if network.learnt is None:
        raise click.UsageError(_NOTHING_LEARNT)
    snap = network.snap(place)
    if snap is None:
        raise click.UsageError(_NO_STREET)
    stories = [explain(network, network.learnt, edge, departure) for edge in snap.edges]
    if as_json:
        click.echo(json.dumps({"directions": [_plain(story) for story in stories]}))
        return
    for story in stories:
        click.echo(story.sentence)


def _plain(story: SpeedStory) -> dict[str, object]:
    days = [day.isoformat() for day in story.days]
    numbers = {
        key: round(value, 2) if isinstance(value, float) else value
        for key, value in asdict(story).items()
    }
    return {**numbers, "at": story.at.isoformat(), "days": days, "sentence": story.sentence}
