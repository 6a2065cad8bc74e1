"""Comunas: which one a position is in, and which one a name means.

The outlines come with the package: IDE Chile DPA 2023, simplified one by one, so slivers between
neighbours belong to the nearest. Population: INE projection for 2024.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from promesa.kernel.geo import Position, distance_m
from promesa.roads.names import folded

# A position this far from every comuna is at sea or abroad.
_NEAREST_DEG_MAX = 0.1
# "Nunoa", "Provdencia" and "Estacion Cental" pass; "San Pedro" is not "San Ramón".
_NAME_SCORE_MIN = 86.0
_REACH_GRID = 24
_REACH_QUANTILE = 0.9
# How people, forms and shops abbreviate, and places everybody names that are no comuna.
_ALIASES = {
    "stgo": "Santiago", "santiago centro": "Santiago", "stgo centro": "Santiago",
    "santiago de chile": "Santiago", "centro": "Santiago",
    "pac": "Pedro Aguirre Cerda", "p aguirre cerda": "Pedro Aguirre Cerda",
    "pte alto": "Puente Alto", "pto alto": "Puente Alto", "pnte alto": "Puente Alto",
    "est central": "Estación Central", "e central": "Estación Central",
    "sn bernardo": "San Bernardo", "s bernardo": "San Bernardo",
    "sn miguel": "San Miguel", "sn joaquin": "San Joaquín", "sn ramon": "San Ramón",
    "q normal": "Quinta Normal", "qta normal": "Quinta Normal",
    "la dehesa": "Lo Barnechea", "chicureo": "Colina", "bajos de mena": "Puente Alto",
    "ciudad satelite": "Maipú", "til til": "Tiltil", "coyhaique": "Coihaique",
    "aysen": "Aisén", "trehuaco": "Treguaco",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Comuna:
    """A comuna.

    Attributes:
        code: CUT code, five digits.
        centre: A position inside it, near its middle.
        population: INE projection for 2024.
    """

    code: str
    name: str
    region: str
    population: int
    centre: Position


class Territory:
    """The comunas of Chile."""

    def __init__(self, comunas: Sequence[Comuna], outlines: Sequence[Any]) -> None:
        """Takes each comuna with its shapely outline, in the same order."""
        self.comunas = tuple(comunas)
        self._outlines = np.array(outlines, dtype=object)
        self._tree = shapely.STRtree(self._outlines)
        self._by_code = {comuna.code: comuna for comuna in comunas}
        self._by_folded = {folded(comuna.name): comuna for comuna in comunas}
        by_name = {comuna.name: comuna for comuna in comunas}
        for alias, name in _ALIASES.items():
            if name in by_name:
                self._by_folded.setdefault(alias, by_name[name])

    @classmethod
    @cache
    def load(cls) -> Territory:
        """The territory that comes with the package; read once."""
        source = resources.files("promesa.roads") / "data" / "comunas.geojson.gz"
        document = json.loads(gzip.decompress(source.read_bytes()))
        features = document["features"]
        outlines = shapely.from_geojson([json.dumps(item["geometry"]) for item in features])
        pairs = zip(features, outlines, strict=True)
        return cls([_comuna(item["properties"], outline) for item, outline in pairs], outlines)

    def comuna_at(self, position: Position) -> Comuna | None:
        """The comuna ``position`` is in, or the nearest; None far from all of them."""
        place = self.places_of(np.array([position.lon]), np.array([position.lat]))[0]
        return self.comunas[place] if place >= 0 else None

    def places_of(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.int64]:
        """int64, [point], the place in ``comunas`` of each point's comuna; -1 far from all."""
        points = np.atleast_1d(shapely.points(lons, lats))
        places = np.full(len(points), -1, dtype=np.int64)
        asked, found = self._tree.query(points, predicate="intersects")
        # Written backwards and in order, so that of several the first stays.
        order = np.lexsort((found, asked))[::-1]
        places[asked[order]] = found[order]
        outside = np.flatnonzero(places < 0)
        asked, found = self._tree.query_nearest(points[outside], max_distance=_NEAREST_DEG_MAX)
        order = np.lexsort((found, asked))[::-1]
        places[outside[asked[order]]] = found[order]
        return places

    def pairs_near(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64], gap_deg: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every point with every comuna within ``gap_deg`` of it: places in both lists."""
        points = shapely.points(lons, lats)
        asked, found = self._tree.query(points, predicate="dwithin", distance=gap_deg)
        order = np.lexsort((found, asked))
        return asked[order], found[order]

    def by_code(self, code: str) -> Comuna:
        """The comuna with a CUT code that this territory holds."""
        return self._by_code[code]

    def exact(self, name: str) -> Comuna | None:
        """The comuna written so, accents and abbreviations aside."""
        return self._by_folded.get(folded(name))

    def find(self, name: str, among: Iterable[str] | None = None) -> Comuna | None:
        """The comuna ``name`` means, small typing errors forgiven.

        Args:
            name: As a person wrote it.
            among: Codes of the comunas to look through for a misspelt name; all when None.
        """
        exact = self.exact(name)
        if exact is not None or not folded(name):
            return exact
        codes = None if among is None else set(among)
        choices = {
            key: key for key, item in self._by_folded.items() if codes is None or item.code in codes
        }
        best = process.extractOne(
            folded(name), choices, scorer=fuzz.ratio, score_cutoff=_NAME_SCORE_MIN
        )
        return self._by_folded[best[2]] if best else None

    def reach_m(self, code: str, position: Position) -> float:
        """Metres from ``position`` that hold nine tenths of the comuna's area."""
        outline = self._outlines[self.comunas.index(self.by_code(code))]
        west, south, east, north = outline.bounds
        lons, lats = np.meshgrid(
            np.linspace(west, east, _REACH_GRID), np.linspace(south, north, _REACH_GRID)
        )
        is_inside = shapely.contains_xy(outline, lons, lats)
        gaps_m = [
            distance_m(position, Position(lon=float(lon), lat=float(lat)))
            for lon, lat in zip(lons[is_inside], lats[is_inside], strict=True)
        ]
        return float(np.quantile(gaps_m, _REACH_QUANTILE))


def _comuna(properties: dict[str, Any], outline: Any) -> Comuna:
    point = outline.point_on_surface()
    return Comuna(
        code=properties["code"],
        name=properties["name"],
        region=properties["region"],
        population=int(properties["population"]),
        centre=Position(lon=point.x, lat=point.y),
    )
