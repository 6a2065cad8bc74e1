"""The true town: doors on real streets, and how long a van really takes between them.

What the platform knows of an address is its own affair; here every door has a true place.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from promesa.kernel.geo import Position, between
from promesa.roads.city import City
from promesa.roads.network import RoadPath, UnreachableError
from promesa.roads.profiles import CLASS_INDEX

# People live along these; nobody receives a parcel on a motorway.
_LIVED_IN = ("residential", "living_street", "tertiary", "secondary", "unclassified", "primary")
# House numbers of Santiago rise by about a hundred a block; drawn, since the map has none.
_NUMBER_MAX = 6000
_DRAWS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where somebody lives."""

    address: str
    comuna: str
    position: Position


class Town:
    """Doors and trips of one city."""

    def __init__(self, city: City) -> None:
        self._city = city
        graph = city.network.graph
        classes = np.isin(
            graph.segment_class[graph.edge_segment], [CLASS_INDEX[name] for name in _LIVED_IN]
        )
        named = graph.segment_name[graph.edge_segment] >= 0
        self._edges = np.flatnonzero(classes & named & graph.edge_is_main)
        weights = graph.segment_length_m[graph.edge_segment[self._edges]]
        self._until = np.cumsum(weights)

    @property
    def center(self) -> Position:
        """The middle of the city."""
        return self._city.center

    def draw_door(self, draw: random.Random) -> Door:
        """A door somewhere along a street where people live; longer streets have more."""
        graph = self._city.network.graph
        for _ in range(_DRAWS_MAX):
            edge = int(self._edges[np.searchsorted(self._until, draw.random() * self._until[-1])])
            lons, lats = graph.points_of(edge)
            step = draw.randrange(len(lons) - 1)
            place = between(
                Position(lon=float(lons[step]), lat=float(lats[step])),
                Position(lon=float(lons[step + 1]), lat=float(lats[step + 1])),
                draw.random(),
            )
            comuna = self._city.territory.comuna_at(place)
            if comuna is None:
                continue
            name = str(graph.names[graph.segment_name[graph.edge_segment[edge]]])
            number = draw.randrange(10, _NUMBER_MAX)
            return Door(address=f"{name} {number}", comuna=comuna.name, position=place)
        raise UnreachableError

    def find_trip(
        self, origin: Position, destination: Position, departure: datetime
    ) -> RoadPath | None:
        """The way a van takes; None when there is none."""
        try:
            return self._city.network.path(origin, destination, departure)
        except UnreachableError:
            return None
