"""How much longer ways take on the streets that dispatchers marked, at the hour of each way.

Kept apart from what the fleet and feeds say, which changes twice a minute and holds half an hour:
the legs of the whole day are asked of the marks, once each until those change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from promesa.dispatch.streets import DayStreets
from promesa.domain.fleet import Vehicle, VehicleKind, VehicleSize
from promesa.kernel.geo import Position, distance_m
from promesa.planning.travel import Roads
from promesa.roads.live import DISPATCHER
from promesa.roads.network import RoadNetwork, UnreachableError
from promesa.roads.overlay import NO_LIVE_SPEEDS, LiveOverlay, LiveSpeed
from promesa.roads.traffic import HALF_HOUR_S

# No way goes further round than this against the straight line, so that what lies further off is
# not on it: assumed, well over the 1.35 of most ways; the metres are for doors across a motorway.
DETOUR_MAX, DETOUR_M_MAX = 3.0, 1_000.0
# Of a fleet's day: some 2,000 legs in the half hours that each may be driven in.
KNOWN_MAX = 50_000

_Kind = tuple[VehicleKind, VehicleSize | None] | None
_Key = tuple[_Kind, Position, Position, int]


@dataclass(slots=True, kw_only=True, eq=False)
class MarkedWays:
    """Of one network under what was live on it at one moment."""

    roads: RoadNetwork
    live: LiveOverlay
    marks: tuple[LiveSpeed, ...]
    _overlay: LiveOverlay
    _marked: DayStreets
    _usual: DayStreets
    _corners: NDArray[np.float64]
    _known: dict[_Key, int | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        roads: RoadNetwork,
        find_bicycles: Callable[[], RoadNetwork | None],
        known: MarkedWays | None,
    ) -> MarkedWays:
        """Those of a network by now: the ones ``known`` where nothing of it changed."""
        live = roads.live
        is_same = known is not None and known.roads is roads
        if known is not None and is_same and known.live is live:
            return known
        marks = tuple(each for each in live.speeds if each.source == DISPATCHER)
        if known is not None and is_same and known.marks == marks:
            known.live = live
            return known
        overlay = LiveOverlay(marks)
        return cls(
            roads=roads,
            live=live,
            marks=marks,
            _overlay=overlay,
            _marked=DayStreets(motor=roads.with_live(overlay), find_bicycles=find_bicycles),
            _usual=DayStreets(motor=roads.with_live(NO_LIVE_SPEEDS), find_bicycles=find_bicycles),
            _corners=_corners(roads, marks),
        )

    def leg_s(
        self, vehicle: Vehicle | None, origin: Position, destination: Position, departure: datetime
    ) -> int | None:
        """Seconds of a way that a mark makes longer then; None where none does.

        Two ways are asked of the roads, about 1.5 ms, once a half hour while the marks stand.
        """
        if not self.marks or self._overlay.at(departure) is None:
            return None
        # Bicycles have streets of their own, which nobody marks.
        if vehicle is not None and vehicle.kind is VehicleKind.BICYCLE:
            return None
        kind = None if vehicle is None else (vehicle.kind, vehicle.size)
        key = kind, origin, destination, int(departure.timestamp()) // HALF_HOUR_S
        if key not in self._known:
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
            self._known[key] = self._longer_s(vehicle, origin, destination, departure)
        return self._known[key]

    def _longer_s(
        self, vehicle: Vehicle | None, origin: Position, destination: Position, departure: datetime
    ) -> int | None:
        if not self._may_meet(origin, destination):
            return None
        try:
            usual, marked = (
                _roads_of(streets, vehicle).path(origin, destination, departure).duration_s
                for streets in (self._usual, self._marked)
            )
        except UnreachableError:
            return None
        return marked if marked > usual else None

    def _may_meet(self, origin: Position, destination: Position) -> bool:
        """Whether a marked street lies where a way between the two could come by."""
        most_m = DETOUR_MAX * distance_m(origin, destination) + DETOUR_M_MAX
        by_m = _metres(self._corners, origin) + _metres(self._corners, destination)
        return bool((by_m <= most_m).any())


def _roads_of(streets: DayStreets, vehicle: Vehicle | None) -> Roads:
    return streets.motor.with_kerb(streets.kerb) if vehicle is None else streets.of(vehicle)


def _corners(roads: RoadNetwork, marks: tuple[LiveSpeed, ...]) -> NDArray[np.float64]:
    """[point, 2], degrees: longitude and latitude of the points drawn of the marked streets."""
    graph = roads.graph
    segments = {int(graph.edge_segment[mark.edge]) for mark in marks}
    spans = [
        np.arange(graph.segment_first[each], graph.segment_first[each + 1])
        for each in sorted(segments)
    ]
    points = np.concatenate(spans) if spans else np.empty(0, dtype=np.int64)
    return np.column_stack((graph.lons[points], graph.lats[points]))


def _metres(corners: NDArray[np.float64], place: Position) -> NDArray[np.float64]:
    """From each of them, as on a plane: a city is small enough."""
    per_degree_m = distance_m(place, Position(lon=place.lon, lat=place.lat + 0.01)) * 100
    east = (corners[:, 0] - place.lon) * np.cos(np.radians(place.lat))
    metres: NDArray[np.float64] = np.hypot(east, corners[:, 1] - place.lat) * per_degree_m
    return metres
