"""The city as a rehearsal drives it: real doors by comuna, and what a straight metre takes.

Road times are asked of the streets once, between some doors of every comuna and at several hours
of a working day. Between any two doors the pace of the pair nearest to them holds: seconds by the
streets for each straight metre.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import EARTH_RADIUS_M, Position
from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.planning.capacity.streets import NamedDepot, doors_by_comuna
from promesa.roads.city import City

# Doors of a comuna between which the streets are asked, and of all comunas together: a matrix of
# 600 takes two seconds.
ANCHORS_MAX, ANCHORS_LEAST, ANCHORS_ALL = 16, 3, 560
# From which hour of the day each of the speeds holds: the morning, noon, the evening's rush.
HOURS = (0, 11, 16)
_ASKED = (time(9), time(13), time(18))
# Nearer than this a pair's way is signs and turns, not streets.
_NEAR_M = 300.0
_NEIGHBOURS = 4
# Where no street is found (as quotes assume).
PACE_ASSUMED_S_PER_M = 0.21
DOORS_KEPT_MAX = 20_000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """Doors and paces.

    Attributes:
        doors: By comuna, float64, [door, 2], lon and lat.
        anchors: float64, [anchor, 2], metres east and north.
        depots: Where each depot stands.
        pace: float32, [hour, anchor, anchor], seconds a straight metre, row = origin.
    """

    doors: Mapping[str, Floats]
    anchors: Floats
    depots: Mapping[str, Position]
    pace: NDArray[np.float32]

    def anchors_of(self, xy_m: Floats) -> Ints:
        """The nearest anchor of each place: int64, [place]."""
        gaps = ((xy_m[:, None] - self.anchors[None]) ** 2).sum(axis=-1)
        return np.asarray(gaps.argmin(axis=1))

    def legs_s(self, first: Floats, second: Floats, hour: int) -> Floats:
        """Seconds between all of ``first`` and all of ``second``: float64, [first, second]."""
        pace = self.pace[hour][np.ix_(self.anchors_of(first), self.anchors_of(second))]
        gap_m = np.hypot(*(first[:, None] - second[None]).transpose(2, 0, 1))
        return np.asarray(gap_m * pace)


def metres(positions: Sequence[Position] | Floats) -> Floats:
    """East and north on a plane that is true within a city: float64, [place, 2]."""
    degrees = (
        positions
        if isinstance(positions, np.ndarray)
        else np.array([(each.lon, each.lat) for each in positions], float).reshape(-1, 2)
    )
    # One scale for a whole country would stretch its south: each place has its own latitude's.
    lat = np.radians(degrees[:, 1])
    east = np.radians(degrees[:, 0]) * np.cos(np.round(lat, 2))
    return np.asarray(EARTH_RADIUS_M * np.c_[east, lat])


def make_ground(
    city: City,
    comunas: Sequence[str],
    depots: Sequence[NamedDepot],
    *,
    usual_day: date,
    seed: int,
    zone: str = SANTIAGO,
) -> Ground:
    """The ground of these comunas, which all have doors on the city's streets.

    Args:
        city: Whose streets.
        comunas: As people write them.
        depots: That vans leave from.
        usual_day: A working day, whose speeds are taken.
        seed: Of which doors are asked.
        zone: Of the day's hours.
    """
    by_code = doors_by_comuna(city)
    each_max = max(ANCHORS_LEAST, min(ANCHORS_MAX, ANCHORS_ALL // max(1, len(comunas))))
    points = [depot.position for depot in depots]
    doors: dict[str, Floats] = {}
    for name in comunas:
        found = city.territory.find(name)
        there = by_code.get(found.code) if found is not None else None
        if there is None or not len(there):
            continue
        chance = stream(seed, "anchors", name)
        chosen = chance.sample(range(len(there)), min(each_max, len(there)))
        points += [Position(lon=float(there[n, 0]), lat=float(there[n, 1])) for n in chosen]
        doors[name] = _thinned(there)
    anchors = metres(points)
    day = ServiceDay(usual_day, zone)
    pace = [
        _paces(np.asarray(city.network.matrix(points, day.at(each)), float), anchors)
        for each in _ASKED
    ]
    return Ground(
        doors=doors,
        anchors=anchors,
        depots={depot.id: depot.position for depot in depots},
        pace=np.array(pace, dtype=np.float32),
    )


def hour_slice(second: float) -> int:
    """Which of the speeds holds so many seconds after midnight."""
    hour = second / 3_600
    return sum(hour >= each for each in HOURS) - 1


def _thinned(doors: Floats) -> Floats:
    step = math.ceil(len(doors) / DOORS_KEPT_MAX)
    return doors[::step]


def _paces(seconds: Floats, xy_m: Floats) -> Floats:
    """Seconds a straight metre for each pair; near pairs take what is usual around them."""
    gap_m = np.hypot(*(xy_m[:, None] - xy_m[None]).transpose(2, 0, 1))
    told = (seconds >= 0) & (gap_m > _NEAR_M)
    pace = np.where(told, seconds / np.maximum(gap_m, 1.0), np.nan)
    whole = float(np.nanmedian(pace)) if told.any() else PACE_ASSUMED_S_PER_M
    local = np.full(len(pace), whole)
    for row in range(len(pace)):
        known = np.flatnonzero(told[row])
        if len(known):
            near = known[np.argsort(gap_m[row, known], kind="stable")[:_NEIGHBOURS]]
            local[row] = float(np.median(pace[row, near]))
    around = (local[:, None] + local[None]) / 2
    return np.asarray(np.where(told, pace, around))
