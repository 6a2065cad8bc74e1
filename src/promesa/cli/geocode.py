"""`promesa geocode`: where an address is, and how sure that is; one, or a file of them."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click

from promesa.cli.option_kinds import NewFile
from promesa.cli.road_options import city_option, json_option
from promesa.roads.addresses import Geocoded
from promesa.roads.city import City
from promesa.roads.tables import read_table

_COORDINATE_DIGITS = 6
_ADDED = ("lon", "lat", "level", "score", "uncertainty_m", "comuna")
_COMUNA_COLUMN = "comuna"
# The dictionary's words for the levels; files and JSON keep the codes.
_LEVELS = {"house": "número", "street": "calle", "comuna": "comuna", "none": "sin posición"}


@click.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@city_option
@click.option("--query", help="Una dirección.")
@click.option("--column", help="La columna de ARCHIVO que trae la dirección.")
@click.option("--out", type=NewFile(), help="CSV de salida.")
@json_option
def geocode(
    *,
    file: Path | None,
    city: City,
    query: str | None,
    column: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Busca la posición de una dirección, o de todas las de un CSV.

    Si el CSV trae una columna comuna, se respeta; las filas sin comuna hallada quedan con nivel
    none.

    Ejemplo: promesa geocode --city examples/santiago --query "Av. Irarrázaval 3400, Ñuñoa"
    """
    if (query is None) == (file is None):
        raise click.UsageError("Indica --query TEXTO o un archivo CSV, uno de los dos.")
    if query is not None:
        answer = _columns(city.addresses.geocode(query))
        click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _sentence(answer))
        return
    if file is None or column is None or out is None:
        raise click.UsageError("Con un archivo hacen falta --column y --out.")
    if out.exists() and out.samefile(file):
        raise click.UsageError("--out es el mismo archivo que se lee. Indica otro.")
    counts = _geocode_file(city, file, column.strip(), out)
    summary = {"rows": sum(counts.values()), "levels": counts, "out": str(out)}
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False))
        return
    levels = ", ".join(f"{_LEVELS[level]} {count}" for level, count in counts.items())
    click.echo(f"{summary['rows']} direcciones: {levels}")


def _geocode_file(city: City, file: Path, column: str, out: Path) -> dict[str, int]:
    """Writes the file with the answers beside each row; returns how many of each level.

    It takes the place of what was at ``out`` only when it is whole.
    """
    rows = read_table(file, (column,), (_COMUNA_COLUMN,))
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            counts = _write_rows(stream, rows, column, city)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    return counts


def _write_rows(
    stream: TextIO, rows: Sequence[dict[str, str]], column: str, city: City
) -> dict[str, int]:
    """Each row with its answer; returns how many of each level."""
    kept = [name for name in (rows[0] if rows else {column: ""}) if name not in _ADDED]
    counts = dict.fromkeys(("house", "street", "comuna", "none"), 0)
    writer = csv.DictWriter(stream, [*kept, *_ADDED], extrasaction="ignore")
    writer.writeheader()
    with click.progressbar(rows, label="Buscando", file=sys.stderr) as bar:
        for row in bar:
            named = row.get(_COMUNA_COLUMN, "")
            answer = _columns(city.addresses.geocode(row[column], named))
            answer["comuna"] = answer["comuna"] or named
            counts[str(answer["level"])] += 1
            writer.writerow({**row, **answer})
    return counts


def _columns(found: Geocoded) -> dict[str, object]:
    place = found.position
    return {
        "lon": None if place is None else round(place.lon, _COORDINATE_DIGITS),
        "lat": None if place is None else round(place.lat, _COORDINATE_DIGITS),
        "level": found.level.value,
        "score": found.score,
        "uncertainty_m": None if place is None else found.uncertainty_m,
        "comuna": found.comuna,
    }


def _sentence(answer: dict[str, object]) -> str:
    if answer["level"] == "none":
        return "No encontrada. Revisa la comuna y el nombre de la calle."
    level = _LEVELS[str(answer["level"])]
    return (
        f"{answer['lon']},{answer['lat']} · nivel {level} ±{answer['uncertainty_m']} m "
        f"· {answer['comuna']} · puntaje {answer['score']}"
    )
