"""`promesa roads`: builds a city from an extract and asks its network for ways and times."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from promesa.cli.details import fault_line
from promesa.cli.option_kinds import NewFile
from promesa.cli.road_options import (
    VEHICLES,
    PositionType,
    city_option,
    departure_option,
    json_option,
    kerb_option,
    show_step,
    vehicle_option,
)
from promesa.cli.road_speeds import explain_speed, learn
from promesa.kernel.geo import Position
from promesa.roads.build import CityReport, build_city
from promesa.roads.city import City
from promesa.roads.disk_matrix import DiskMatrix, write_matrix
from promesa.roads.matching import Matcher
from promesa.roads.network import RoadNetwork
from promesa.roads.snapping import Kerb
from promesa.roads.tables import read_points, read_trace

_BYTES_PER_MB = 1_000_000
_COORDINATE_DIGITS = 6
# A matrix of more points is found by all processors, its rows kept in a file on the way.
_POINTS_AT_ONCE_MAX = 1_000
_INPUT_FAULT = 2


@click.group()
def roads() -> None:
    """Construye una ciudad desde un extracto de OpenStreetMap y mide sus caminos.

    Ejemplo: promesa roads build santiago.osm.pbf --out ciudad
    """


@roads.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Carpeta de la ciudad.",
)
@click.option(
    "--speeds",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tabla propia de velocidades, con la forma de speeds.toml.",
)
@click.option("--bicycles", is_flag=True, help="También la red de bicicletas, con sus ciclovías.")
@json_option
def build(*, file: Path, out: Path, speeds: Path | None, bicycles: bool, as_json: bool) -> None:
    """Arma red, jerarquía, direcciones y mapa base desde ARCHIVO.

    Ejemplo: promesa roads build santiago.osm.pbf --out ciudad
    """
    report = build_city(file, out, show_step, speeds_file=speeds, has_bicycles=bicycles)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
        return
    for line in _report_lines(report):
        click.echo(line)


def _report_lines(report: CityReport) -> list[str]:
    ignored = ", ".join(f"{what} ({count})" for what, count in report.ignored.items())
    return [
        f"Calles: {report.street_km:.0f} km en {report.segments} tramos y {report.edges} sentidos",
        f"Virajes permitidos: {report.turns}",
        f"Conectado: {report.main_share:.1%}; lo demás se responde como inalcanzable",
        f"Direcciones: {report.street_entries} calles por comuna, {report.doors} números de casa",
        f"Semáforos: {report.signals}; restricciones de viraje: {report.restrictions}",
        f"Pórticos y peajes del mapa: {report.toll_gates}",
        *(f"{name}: {size / _BYTES_PER_MB:.2f} MB" for name, size in report.bytes_by_file.items()),
        f"Al extracto le faltan: {', '.join(report.lacks) or 'nada de lo que usamos'}",
        f"Trae y no se usa: {ignored or 'nada'}",
        "© OpenStreetMap contributors, ODbL 1.0",
    ]


@roads.command()
@city_option
@click.option("--from", "origin", required=True, type=PositionType(), help="Desde dónde, LON,LAT.")
@click.option(
    "--to", "destination", required=True, type=PositionType(), help="Hasta dónde, LON,LAT."
)
@departure_option
@vehicle_option
@kerb_option
@json_option
def route(
    *,
    city: City,
    origin: Position,
    destination: Position,
    departure: datetime | None,
    vehicle: str,
    kerb: str,
    as_json: bool,
) -> None:
    """El camino más rápido entre dos posiciones.

    Ejemplo: promesa roads route --city examples/santiago --from -70.65,-33.44 --to -70.55,-33.40
    --departure 2026-11-30T08:00:00-03:00 --json
    """
    path = _network(city, vehicle, kerb).path(origin, destination, departure)
    if not as_json:
        tolls = f", ${path.toll_clp} en peajes" if path.toll_clp else ""
        click.echo(f"{path.duration_s / 60:.1f} min, {path.distance_m / 1000:.2f} km{tolls}")
        return
    geometry = [
        [round(place.lon, _COORDINATE_DIGITS), round(place.lat, _COORDINATE_DIGITS)]
        for place in path.geometry
    ]
    answer = {
        "duration_s": path.duration_s,
        "distance_m": path.distance_m,
        "geometry": geometry,
        "edges": path.edges,
    }
    click.echo(json.dumps(answer))


@roads.command()
@city_option
@click.option(
    "--points",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV con columnas lon,lat.",
)
@departure_option
@vehicle_option
@kerb_option
@click.option("--distances", is_flag=True, help="También los metros por esos mismos caminos.")
@click.option("--tolls", is_flag=True, help="También metros y peajes, toll_clp, en pesos.")
@click.option(
    "--out",
    required=True,
    type=NewFile(),
    help="Dónde escribir la matriz, .npz.",
)
@json_option
def matrix(
    *,
    city: City,
    points: Path,
    departure: datetime | None,
    vehicle: str,
    kerb: str,
    distances: bool,
    tolls: bool,
    out: Path,
    as_json: bool,
) -> None:
    """Segundos entre todos los puntos de un CSV, a un archivo .npz; -1 es inalcanzable.

    Con más de 1.000 puntos trabajan todos los procesadores y las filas van quedando en disco: si
    se corta, la misma orden sigue donde iba.

    Ejemplo: promesa roads matrix --city examples/santiago --points puntos.csv --out matriz.npz
    """
    places = read_points(points)
    network = _network(city, vehicle, kerb)
    with click.progressbar(length=len(places), label="Midiendo", file=sys.stderr) as bar:
        if distances or tolls:
            both = network.matrix_with_distances(places, departure, bar.update)
            off = _off_network(both.duration_s)
            paid = {"toll_clp": both.toll_clp} if tolls else {}
            _save(out, duration_s=both.duration_s, distance_m=both.distance_m, **paid)
        elif len(places) <= _POINTS_AT_ONCE_MAX:
            duration_s = network.matrix(places, departure, bar.update)
            off = _off_network(duration_s)
            _save(out, duration_s=duration_s)
        else:
            on_streets = network.places(places)
            off = len(places) - len(on_streets.point)
            rows = out.with_name(out.name + ".i32")
            large = DiskMatrix(places=on_streets, departures=[departure], path=rows)
            write_matrix(network, large, on_rows=bar.update)
            large.pack(out)
    if as_json:
        click.echo(json.dumps({"points": len(places), "unreachable": off, "out": str(out)}))
        return
    click.echo(f"{len(places)} puntos, {off} sin calle cerca: {out}")


def _network(city: City, vehicle: str, kerb: str) -> RoadNetwork:
    return city.network.with_vehicle(VEHICLES[vehicle]).with_kerb(Kerb(kerb))


def _off_network(duration_s: NDArray[np.int32]) -> int:
    return int((np.diagonal(duration_s) < 0).sum())


def _save(out: Path, **arrays: NDArray[np.int32]) -> None:
    with out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


@roads.command()
@city_option
@json_option
def tables(*, city: City, as_json: bool) -> None:
    """Revisa los pórticos, sus precios y las zonas restringidas de la ciudad, fila por fila.

    Son toll_gates.csv, toll_prices.csv y restricted_zones.csv en la carpeta de la ciudad.

    Ejemplo: promesa roads tables --city examples/santiago
    """
    charges = city.network.charges
    if charges is None:
        raise click.ClickException("Esta ciudad no tiene tablas.")
    found = charges.tables
    off = [gate.id for gate in charges.off_network]
    unpriced = [gate.id for gate in found.gates if not gate.is_priced]
    if as_json:
        answer = {
            "gates": len(found.gates),
            "gates_unpriced": unpriced,
            "gates_off_network": off,
            "zones": len(found.zones),
            "faults": [{"file": name, **asdict(fault)} for name, fault in found.faults],
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo(f"Pórticos: {len(found.gates)}, sin precio {len(unpriced)}")
        click.echo(f"Pórticos que no caen en ninguna calle: {', '.join(off) or 'ninguno'}")
        click.echo(f"Zonas restringidas: {len(found.zones)}")
        for name, fault in found.faults:
            click.echo(f"{name}, {fault_line(fault)}", err=True)
    if found.faults:
        sys.exit(_INPUT_FAULT)


@roads.command()
@city_option
@click.option(
    "--trace",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV con columnas time,lon,lat y quizás accuracy_m.",
)
@json_option
def match(*, city: City, trace: Path, as_json: bool) -> None:
    """Las calles por las que pasó una traza GPS.

    Ejemplo: promesa roads match --city examples/santiago --trace traza.csv --json
    """
    found = Matcher(city.network).match(read_trace(trace))
    if as_json:
        answer = {
            "edges": found.edges,
            "share_matched": found.share_matched,
            "speeds": found.speeds_kph,
        }
        click.echo(json.dumps(answer))
        return
    click.echo(f"{len(found.edges)} tramos, {found.share_matched:.1%} de las posiciones en calle")


roads.add_command(learn)
roads.add_command(explain_speed)
