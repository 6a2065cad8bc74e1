"""What driving costs beside time: toll gates by half hour and vehicle, and restricted zones.

Reading them from files is charge_tables' business. Tolls do not change the way a van takes, which
is the fastest; they are added up along it. A zone that is forbidden does change it: nobody drives
in, and whoever is inside may go on and leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from promesa.kernel.errors import FieldFault
from promesa.kernel.geo import Position
from promesa.roads.graph import NO_EDGE, RoadGraph
from promesa.roads.schedules import Schedule
from promesa.roads.signs import Moment
from promesa.roads.snapping import Plane, StreetFinder, heading_at
from promesa.roads.vehicles import VehicleKind

# A gate is drawn on its street; people who type one in click beside it.
_GATE_M_MAX = 40.0
_GATE_STREETS_MAX = 12
# Ramps part from their motorway at less than this; the other carriageway runs at 180.
_BEARING_DEG_MAX = 50.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TollGate:
    """A place where whoever passes pays.

    Attributes:
        bearing_deg: Of the traffic that pays, clockwise from north; None for all of its street.
        price_clp: float64, [kind of vehicle, day, half hour], NaN where it is not known.
    """

    id: str
    name: str
    position: Position
    bearing_deg: float | None
    price_clp: NDArray[np.float64]

    @property
    def is_priced(self) -> bool:
        """Whether any price is known."""
        return bool(np.isfinite(self.price_clp).any())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RestrictedZone:
    """An area some may not drive into, or pay for driving into, at some hours.

    Attributes:
        price_clp: Of driving in; None when that is forbidden.
    """

    id: str
    name: str
    polygon: shapely.Polygon | shapely.MultiPolygon
    kinds: VehicleKind
    schedule: Schedule
    price_clp: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeTables:
    """Everything read, and what could not be."""

    gates: tuple[TollGate, ...] = ()
    zones: tuple[RestrictedZone, ...] = ()
    faults: tuple[tuple[str, FieldFault], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Charge:
    """What is paid on one edge, once the vehicle passes a share of it."""

    edge: int
    fraction: float
    clp: float


class Charges:
    """The gates and zones of a city on its graph."""

    def __init__(self, graph: RoadGraph, plane: Plane, tables: ChargeTables) -> None:
        """Finds the streets of the gates and the edges into the zones."""
        self.tables = tables
        self._gates = _gates_on(graph, plane, tables.gates) if tables.gates else []
        self._zones = [(zone, _edges_into(graph, zone)) for zone in tables.zones]

    @property
    def off_network(self) -> tuple[TollGate, ...]:
        """Gates that stand on no street of the map, or on none of their bearing."""
        placed = {id(gate) for gate, _, _ in self._gates}
        return tuple(gate for gate in self.tables.gates if id(gate) not in placed)

    @property
    def gate_edges(self) -> dict[str, int]:
        """By the id of each gate on the map, the first of the edges that pass it."""
        return {gate.id: edge for gate, edge, _ in reversed(self._gates)}

    def at(self, moment: Moment, kind: VehicleKind) -> list[Charge]:
        """What that kind of vehicle pays on which edges; gates of unknown price are left out."""
        place, day, half_hour = list(VehicleKind).index(kind), moment.day, moment.slice.half_hour
        found = [
            Charge(edge=edge, fraction=fraction, clp=float(gate.price_clp[place, day, half_hour]))
            for gate, edge, fraction in self._gates
            if np.isfinite(gate.price_clp[place, day, half_hour])
        ]
        for zone, edges in self._active_zones(moment, kind):
            if zone.price_clp is not None:
                # Somewhere on the way in; the middle is as good as any place.
                found += [
                    Charge(edge=int(edge), fraction=0.5, clp=zone.price_clp) for edge in edges
                ]
        return found

    def forbidden(self, moment: Moment, kind: VehicleKind) -> NDArray[np.int64]:
        """int64, sorted: the edges that lead into zones closed to that kind of vehicle."""
        closed = [
            edges for zone, edges in self._active_zones(moment, kind) if zone.price_clp is None
        ]
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *closed]))

    def _active_zones(
        self, moment: Moment, kind: VehicleKind
    ) -> Iterable[tuple[RestrictedZone, NDArray[np.int64]]]:
        for zone, edges in self._zones:
            if zone.kinds & kind and zone.schedule[moment.day, moment.slice.half_hour]:
                yield zone, edges


def _gates_on(
    graph: RoadGraph, plane: Plane, gates: tuple[TollGate, ...]
) -> list[tuple[TollGate, int, float]]:
    """Each gate with the edges that pass it and the share of them before it."""
    finder = StreetFinder(graph, np.arange(graph.segment_count), plane)
    first_edge = np.searchsorted(graph.edge_segment, np.arange(graph.segment_count))
    found = []
    places = [gate.position for gate in gates]
    radius_m = np.full(len(gates), _GATE_M_MAX)
    around = finder.within_all(places, radius_m, _GATE_STREETS_MAX)
    for gate, near in zip(gates, around, strict=True):
        for segment, fraction, _ in near:
            first = int(first_edge[segment])
            passing = [
                (edge, 1 - fraction if graph.edge_is_reverse[edge] else fraction)
                for edge in (first, int(graph.edge_twin[first]))
                if edge != NO_EDGE
            ]
            passing = [
                (edge, share) for edge, share in passing if _is_along(graph, edge, share, gate)
            ]
            if passing:
                found += [(gate, edge, share) for edge, share in passing]
                break
    return found


def _is_along(graph: RoadGraph, edge: int, fraction: float, gate: TollGate) -> bool:
    if gate.bearing_deg is None:
        return True
    off_deg = abs((heading_at(graph, edge, fraction) - gate.bearing_deg + 180) % 360 - 180)
    return off_deg <= _BEARING_DEG_MAX


def _edges_into(graph: RoadGraph, zone: RestrictedZone) -> NDArray[np.int64]:
    """Edges that start outside the zone and end inside."""
    first = graph.segment_first[:-1][graph.edge_segment]
    last = graph.segment_first[1:][graph.edge_segment] - 1
    tail = np.where(graph.edge_is_reverse, last, first)
    head = np.where(graph.edge_is_reverse, first, last)
    starts = shapely.contains_xy(zone.polygon, graph.lons[tail], graph.lats[tail])
    ends = shapely.contains_xy(zone.polygon, graph.lons[head], graph.lats[head])
    return np.flatnonzero(~starts & ends)
