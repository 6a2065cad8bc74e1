"""Makes a city folder from an OpenStreetMap extract: graph, hierarchy, addresses, basemap.

A folder is written beside its place and moved there when whole, so nobody ever reads half a city.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from promesa.kernel.geo import Position
from promesa.roads.address_index import AddressIndex, built_index
from promesa.roads.addresses import Addresses
from promesa.roads.assembly import assembled_graph
from promesa.roads.basemap import build_basemap
from promesa.roads.charge_tables import write_gates
from promesa.roads.city_folder import (
    ATTRIBUTION,
    BASEMAP_FILE,
    CITY_FORMAT,
    DESCRIPTION_FILE,
    TABLE_FILES,
    Report,
)
from promesa.roads.extract import Extract, read_extract
from promesa.roads.graph import RoadGraph
from promesa.roads.network import BICYCLES_FOLDER, SPEEDS_FILE, save_network
from promesa.roads.snapping import Plane, Snapper, StreetFinder
from promesa.roads.territory import Territory
from promesa.roads.vehicles import VehicleKind

# A gate of the map is a point of its street.
_GATE_STREET_M_MAX = 5.0
_NOTICE = (
    "Hecho con datos de OpenStreetMap, © OpenStreetMap contributors, bajo la Open Database "
    "License 1.0 (https://opendatacommons.org/licenses/odbl/1-0/). Quien comparta esta base de "
    "datos debe hacerlo bajo la misma licencia y nombrar la fuente.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CityReport:
    """What was built, and what the extract does not have.

    Attributes:
        main_share: Share of the directed edges in the largest connected part; the rest is
            unreachable and no address is put on it.
        lacks: In Spanish, for the person who chose the extract.
        ignored: What the extract says and this version does not use → how often.
        bytes_by_file: Size of each part.
    """

    segments: int
    edges: int
    turns: int
    street_km: float
    main_share: float
    street_entries: int
    doors: int
    restrictions: int
    signals: int
    toll_gates: int
    lacks: tuple[str, ...]
    ignored: dict[str, int]
    bytes_by_file: dict[str, int]


def build_city(
    extract_file: Path,
    city_dir: Path,
    on_step: Report,
    *,
    speeds_file: Path | None = None,
    fingerprint: str = "",
    has_bicycles: bool = False,
    tables_dir: Path | None = None,
) -> CityReport:
    """Builds ``city_dir`` from ``extract_file``, replacing what was built there before.

    Args:
        extract_file: .osm.pbf, .osm or .opl.
        city_dir: Where to build.
        speeds_file: The city's own table of speeds, in the shape of data/speeds.toml.
        on_step: Told in Spanish what is being done.
        tables_dir: Where the city's own tables of tolls and zones are; those that stand in
            ``city_dir`` already when None.
        has_bicycles: Whether bicycles get a network of their own: 10 s and 6 MB more.
        fingerprint: Kept in the description, to know later whether to build anew.

    Raises:
        ExtractUnreadableError: The file holds no roads.
    """
    city_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=city_dir.parent, prefix=".building-") as name:
        work = Path(name) / "city"
        work.mkdir()
        if speeds_file is not None:
            shutil.copy(speeds_file, work / SPEEDS_FILE)
        for table in TABLE_FILES:
            source = (tables_dir or city_dir) / table
            if source.exists():
                shutil.copy(source, work / table)
        report = _build(extract_file, work, on_step, fingerprint, has_bicycles=has_bicycles)
        if city_dir.exists():
            city_dir.rename(Path(name) / "old")
        work.rename(city_dir)
    return report


def _build(
    extract_file: Path, work: Path, on_step: Report, fingerprint: str, *, has_bicycles: bool
) -> CityReport:
    on_step("Leyendo el extracto")
    extract = read_extract(extract_file)
    on_step("Armando la red con sus virajes")
    graph = assembled_graph(extract)
    on_step("Ordenando la jerarquía de contracción")
    save_network(graph, work)
    write_gates(work, _named_gates(graph, extract))
    if has_bicycles:
        on_step("Armando la red de bicicletas")
        (work / BICYCLES_FOLDER).mkdir()
        bicycles = assembled_graph(extract.for_bicycles(), VehicleKind.BICYCLE)
        save_network(bicycles, work / BICYCLES_FOLDER)
    on_step("Indexando las direcciones")
    territory = Territory.load()
    snapper = Snapper(graph, Plane(float(np.median(graph.lats))))
    index = built_index(extract, territory, snapper.can_stop)
    index.save(work)
    on_step("Dibujando el mapa base")
    comunas = Addresses(index, territory).comunas
    build_basemap(graph, extract.areas, comunas, work / BASEMAP_FILE)
    report = _report(extract, graph, index, work)
    _describe(work, graph, report, fingerprint)
    return report


def _named_gates(graph: RoadGraph, extract: Extract) -> Iterator[tuple[str, str, Position]]:
    """The gates of the map; one without a name of its own has that of its street."""
    plane = Plane(float(np.median(graph.lats)))
    finder = StreetFinder(graph, np.arange(graph.segment_count), plane)
    places = [position for _, _, position in extract.toll_gates]
    around = finder.within_all(places, np.full(len(places), _GATE_STREET_M_MAX), 1)
    for (gate_id, name, position), near in zip(extract.toll_gates, around, strict=True):
        place = int(graph.segment_name[near[0][0]]) if near else -1
        yield gate_id, name or (str(graph.names[place]) if place >= 0 else ""), position


def _report(extract: Extract, graph: RoadGraph, index: AddressIndex, work: Path) -> CityReport:
    files = sorted(path for path in work.rglob("*") if path.is_file())
    return CityReport(
        segments=graph.segment_count,
        edges=graph.edge_count,
        turns=len(graph.turn_from),
        street_km=round(float(graph.segment_length_m.sum()) / 1000, 1),
        main_share=round(float(graph.edge_is_main.mean()), 4),
        street_entries=len(index.names),
        doors=len(index.door_numbers),
        restrictions=len(extract.restrictions),
        signals=len(extract.signal_nodes),
        toll_gates=len(extract.toll_gates),
        lacks=extract.lacks,
        ignored=dict(sorted(extract.ignored.items())),
        bytes_by_file={str(path.relative_to(work)): path.stat().st_size for path in files},
    )


def _describe(work: Path, graph: RoadGraph, report: CityReport, fingerprint: str) -> None:
    is_main = np.zeros(graph.segment_count, dtype=np.bool_)
    is_main[graph.edge_segment[graph.edge_is_main]] = True
    is_drawn = np.repeat(is_main, np.diff(graph.segment_first))
    lons, lats = graph.lons[is_drawn], graph.lats[is_drawn]
    description = {
        "format": CITY_FORMAT,
        "fingerprint": fingerprint,
        "attribution": ATTRIBUTION,
        "center": [float(np.median(lons)), float(np.median(lats))],
        "bounds": [
            float(lons.min()),
            float(lats.min()),
            float(lons.max()),
            float(lats.max()),
        ],
        "report": asdict(report),
    }
    text = json.dumps(description, ensure_ascii=False, indent=2)
    (work / DESCRIPTION_FILE).write_text(text + "\n", encoding="utf-8")
    (work / "LICENSE-ODbL.txt").write_text(_NOTICE, encoding="utf-8")
