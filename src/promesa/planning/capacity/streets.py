"""Zones measured on a city's streets: how wide a comuna is, how slow, how far from each depot.

For depots without earlier stops of their own. Doors stand evenly along the streets people live in,
which is where parcels go; hills and fields have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import EARTH_RADIUS_M, Position
from promesa.kernel.seeds import stream
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.zones import Zone, occupied_km2, street_pace_min_km
from promesa.roads.city import City
from promesa.roads.profiles import CLASS_INDEX

# People live along these.
_LIVED_IN = ("residential", "living_street", "tertiary", "secondary", "unclassified")
# Doors of a comuna that are timed: 200 pairs say its pace within some 5 % (assumed).
DOORS_TIMED = 15
# Avenues have doors too: they are taken where a map holds little else of a comuna.
_AVENUES = "primary"
# Fewer doors along streets of its own, and its avenues are counted as well.
DOORS_OF_ITS_OWN = 10
# Fewer than these are a corner of a comuna that the map does not hold.
DOORS_MIN = 5
# Where the few doors timed of a comuna have no way to each other (the median of Santiago's).
PACE_DEFAULT_MIN_KM = 4.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDepot:
    """A depot and where it stands."""

    id: str
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """A comuna's doors.

    Attributes:
        timed: Rows of the matrix.
    """

    series: str
    area_km2: float
    xy_m: Floats
    timed: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredZones:
    """The zones of a forecast.

    Attributes:
        hauls: Road minutes one way by zone and depot, where there is a way.
        faults: Series that have no zone, by name, and why.
    """

    zones: tuple[Zone, ...]
    hauls: Mapping[tuple[str, str], float]
    faults: Mapping[str, str]

    @property
    def sized(self) -> dict[str, str]:
        """The depot whose vans are sized for each zone."""
        return {zone.name: zone.depot for zone in self.zones}


def measure_zones(
    city: City,
    series: Sequence[str],
    depots: Sequence[NamedDepot],
    served_by: Mapping[str, str],
    seed: int = 1,
) -> MeasuredZones:
    """A zone for each series that names a comuna of the city, and why the others have none.

    Args:
        city: Whose streets.
        series: Names of comunas, as people write them.
        depots: Of the fleet; without any there are no zones.
        served_by: Depot of a series, where somebody decided; else the nearest by road.
        seed: Of which doors are timed.
    """
    if not depots:
        return MeasuredZones(zones=(), hauls={}, faults={})
    doors = doors_by_comuna(city)
    points = [depot.position for depot in depots]
    measured: list[Measured] = []
    faults: dict[str, str] = {}
    for name in series:
        found = city.territory.find(name)
        there = None if found is None else doors.get(found.code)
        if found is None or there is None or len(there) < DOORS_MIN:
            faults[name] = _reason(name, is_known=found is not None)
            continue
        draw = stream(seed, "doors", found.code)
        chosen = draw.sample(range(len(there)), min(DOORS_TIMED, len(there)))
        rows = np.arange(len(points), len(points) + len(chosen))
        points += [Position(lon=float(there[n, 0]), lat=float(there[n, 1])) for n in chosen]
        xy_m = _metres(there)
        measured.append(
            Measured(series=name, area_km2=occupied_km2(xy_m), xy_m=xy_m[chosen], timed=rows)
        )
    seconds = city.network.matrix(points, None)
    minutes = np.where(seconds < 0, np.inf, seconds / MINUTE_S)
    zones: list[Zone] = []
    hauls: dict[tuple[str, str], float] = {}
    for each in measured:
        own = {
            depot.id: _haul_min(minutes, number, each.timed) for number, depot in enumerate(depots)
        }
        hauls |= {(each.series, depot): way for depot, way in own.items() if np.isfinite(way)}
        wanted = served_by.get(each.series)
        nearest = min(own, key=lambda depot: own[depot]) if wanted is None else wanted
        if np.isfinite(own[nearest]):
            zones.append(_zone(each, minutes, nearest, own[nearest]))
        else:
            faults[each.series] = f"No hay camino entre {each.series} y su CD en este mapa."
    return MeasuredZones(zones=tuple(zones), hauls=hauls, faults=faults)


def _zone(measured: Measured, minutes: Floats, depot: str, haul_min: float) -> Zone:
    pace = street_pace_min_km(measured.xy_m, minutes[np.ix_(measured.timed, measured.timed)])
    return Zone(
        name=measured.series,
        depot=depot,
        area_km2=measured.area_km2,
        pace_min_km=PACE_DEFAULT_MIN_KM if pace is None else pace,
        haul_min=haul_min,
    )


def _haul_min(minutes: Floats, depot: int, doors: NDArray[np.int64]) -> float:
    """Of the doors that have a way there and back; infinite where most have none."""
    ways = (minutes[depot, doors] + minutes[doors, depot]) / 2
    told = ways[np.isfinite(ways)]
    return float(told.mean()) if len(told) * 2 > len(doors) else float("inf")


def doors_by_comuna(city: City) -> dict[str, Floats]:
    """The middle of every lived-in block by comuna: float64, [door, 2], lon and lat.

    Of a comuna of which the map holds fewer than DOORS_OF_ITS_OWN, those of its avenues besides:
    orders are addressed there, and vans drive there.
    """
    found = _blocks(city, _LIVED_IN)
    for code, there in _blocks(city, (_AVENUES,)).items():
        own = found.get(code)
        if own is None or len(own) < DOORS_OF_ITS_OWN:
            found[code] = there if own is None else np.r_[own, there]
    return found


def _blocks(city: City, classes: Sequence[str]) -> dict[str, Floats]:
    """The middle of every block of some classes of street that can be left again, by comuna."""
    graph = city.network.graph
    is_meant = np.isin(graph.segment_class, [CLASS_INDEX[name] for name in classes])
    is_main = np.zeros(graph.segment_count, bool)
    is_main[graph.edge_segment[graph.edge_is_main]] = True
    segments = np.flatnonzero(is_meant & is_main)
    middle = (graph.segment_first[segments] + graph.segment_first[segments + 1] - 1) // 2
    lons, lats = graph.lons[middle], graph.lats[middle]
    places = city.territory.places_of(lons, lats)
    return {
        city.territory.comunas[place].code: np.c_[lons, lats][places == place]
        for place in np.unique(places)
        if place >= 0
    }


def _metres(degrees: Floats) -> Floats:
    lat = np.radians(degrees[:, 1])
    east = np.radians(degrees[:, 0]) * np.cos(lat.mean())
    return np.asarray(EARTH_RADIUS_M * np.c_[east, lat])


def _reason(name: str, *, is_known: bool) -> str:
    if is_known:
        return f"{name} no tiene calles en este mapa: usa una ciudad que la cubra."
    return f"{name} no es una comuna que conozcamos: escríbela como en el mapa."
