"""The map drawn under everything: vector tiles in one PMTiles file, made offline.

Layers: transportation (class), transportation_name (name, class), place (name), and park and
water where the extract has them. How they look is the web's business.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from freestiler import freestile, freestile_layer
from numpy.typing import NDArray

from promesa.roads.extract import Area
from promesa.roads.graph import RoadGraph
from promesa.roads.profiles import ROAD_CLASSES
from promesa.roads.territory import Comuna

ZOOM_MIN, ZOOM_MAX = 8, 14
_LABELS_ZOOM_MIN = 11
_WGS84 = "EPSG:4326"
# What the map draws alike; everything else is "minor".
_DRAWN_AS = {
    "motorway": "motorway",
    "trunk": "motorway",
    "primary": "primary",
    "secondary": "secondary",
    "tertiary": "tertiary",
}


def build_basemap(
    graph: RoadGraph, areas: Iterable[Area], comunas: Iterable[Comuna], path: Path
) -> None:
    """Writes the tiles of a city to ``path``; a few megabytes, a few seconds."""
    layers: dict[str, Any] = {
        "transportation": freestile_layer(_streets(graph), min_zoom=ZOOM_MIN),
        "transportation_name": freestile_layer(_named(graph), min_zoom=_LABELS_ZOOM_MIN),
        "place": freestile_layer(_places(comunas), min_zoom=ZOOM_MIN),
    }
    found = list(areas)
    for kind in ("park", "water"):
        drawn = [area for area in found if area.kind == kind]
        if drawn:
            layers[kind] = freestile_layer(_outlines(drawn), min_zoom=ZOOM_MIN)
    freestile(layers, path, min_zoom=ZOOM_MIN, max_zoom=ZOOM_MAX, quiet=True)


def _streets(graph: RoadGraph) -> gpd.GeoDataFrame:
    """Every street, joined over its junctions: one line a class and name, not one a block."""
    drawn = _drawn_classes(graph)
    keys = np.char.add(np.char.add(drawn, "|"), graph.segment_name.astype(np.str_))
    classes, lines = _joined(graph, keys, drawn, np.ones(len(keys), dtype=np.bool_))
    return gpd.GeoDataFrame({"class": classes}, geometry=lines, crs=_WGS84)


def _named(graph: RoadGraph) -> gpd.GeoDataFrame:
    drawn = _drawn_classes(graph)
    names = graph.names[graph.segment_name]
    keys = np.char.add(np.char.add(drawn, "|"), names)
    joined, lines = _joined(graph, keys, keys, graph.segment_name >= 0)
    classes, titles = zip(*(key.split("|", maxsplit=1) for key in joined), strict=True)
    return gpd.GeoDataFrame({"class": classes, "name": titles}, geometry=lines, crs=_WGS84)


def _drawn_classes(graph: RoadGraph) -> NDArray[np.str_]:
    alike = [_DRAWN_AS.get(name.removesuffix("_link"), "minor") for name in ROAD_CLASSES]
    return np.array(alike, dtype=np.str_)[graph.segment_class]


def _joined(
    graph: RoadGraph,
    keys: NDArray[np.str_],
    labels: NDArray[np.str_],
    is_used: NDArray[np.bool_],
) -> tuple[list[str], NDArray[np.object_]]:
    """Lines of equal key merged end to end; the label of each piece that remains."""
    points = np.column_stack((graph.lons, graph.lats))
    counts = np.diff(graph.segment_first)
    lines = shapely.linestrings(points, indices=np.repeat(np.arange(len(counts)), counts))
    used = np.flatnonzero(is_used)
    unique, first, group = np.unique(keys[used], return_index=True, return_inverse=True)
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(len(unique)))
    merged = [
        shapely.line_merge(shapely.multilinestrings(list(part)))
        for part in np.split(lines[used[order]], starts[1:])
    ]
    parts, owner = shapely.get_parts(merged, return_index=True)
    titles = labels[used[first]]
    return [str(titles[index]) for index in owner], parts


def _places(comunas: Iterable[Comuna]) -> gpd.GeoDataFrame:
    shown = list(comunas)
    points = shapely.points([(item.centre.lon, item.centre.lat) for item in shown])
    return gpd.GeoDataFrame(
        {
            "name": [item.name for item in shown],
            "population": [item.population for item in shown],
        },
        geometry=points,
        crs=_WGS84,
    )


def _outlines(areas: list[Area]) -> gpd.GeoDataFrame:
    polygons = [shapely.Polygon(list(zip(area.lons, area.lats, strict=True))) for area in areas]
    return gpd.GeoDataFrame(
        {"name": [area.name for area in areas]},
        geometry=shapely.make_valid(np.array(polygons, dtype=object)),
        crs=_WGS84,
    )
