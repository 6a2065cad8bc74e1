"""The turn-aware road graph: directed edges, and the turns from each edge to the next.

A *segment* is a piece of street between two junctions, drawn once; an *edge* is a segment in one
direction of travel; a *turn* leads from an edge to one that starts where it ends. Travel times
are not here: they change with the hour (see traffic).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import EARTH_RADIUS_M

NO_EDGE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadGraph:
    """Arrays of one city's roads; every array is read-only by convention.

    Attributes:
        lons, lats: float64, [point], the drawn points of all segments.
        segment_first: int64, [segment + 1], where a segment's points start in lons and lats.
        segment_class: uint8, [segment], place in ROAD_CLASSES.
        segment_maxspeed_kph: float32, [segment], 0 when unknown.
        segment_name: int32, [segment], place in ``names``, -1 when the street has none.
        segment_way: int64, [segment], OpenStreetMap way id.
        segment_length_m: float64, [segment].
        segment_closed_to: uint8, [segment], kinds of vehicle that may not use it (VehicleKind).
        segment_maxheight_m, segment_maxwidth_m, segment_maxweight_t: float32, [segment], 0 when
            unknown.
        edge_segment: int32, [edge]; edges of a segment are neighbours.
        edge_is_reverse: bool, [edge], whether it runs against the drawing.
        edge_tail, edge_head: int32, [edge], junctions.
        edge_twin: int32, [edge], the same segment the other way, or NO_EDGE.
        edge_has_signal: bool, [edge], whether a traffic light stands on it or at its end.
        edge_is_main: bool, [edge], whether it is in the largest strongly connected part.
        edge_is_island: bool, [edge], whether it is in a whole district without a way to the
            main part and back.
        turn_first: int64, [edge + 1], where an edge's turns start.
        turn_from, turn_to: uint32, [turn], edges.
        turn_kind: uint8, [turn], place in turns.TURN_KINDS.
        turn_closed_to: uint8, [turn], kinds of vehicle that may not make it.
        timed_edge, timed_turn: int32, [rule], what is closed while a schedule holds.
        timed_edge_closed_to, timed_turn_closed_to: uint8, [rule], to whom.
        timed_edge_schedule, timed_turn_schedule: int32, [rule], place in ``schedules``.
        schedules: bool, [schedule, day, half hour], see schedules.DAYS.
        names: str, [name].
    """

    lons: NDArray[np.float64]
    lats: NDArray[np.float64]
    segment_first: NDArray[np.int64]
    segment_class: NDArray[np.uint8]
    segment_maxspeed_kph: NDArray[np.float32]
    segment_name: NDArray[np.int32]
    segment_way: NDArray[np.int64]
    segment_length_m: NDArray[np.float64]
    segment_closed_to: NDArray[np.uint8]
    segment_maxheight_m: NDArray[np.float32]
    segment_maxwidth_m: NDArray[np.float32]
    segment_maxweight_t: NDArray[np.float32]
    edge_segment: NDArray[np.int32]
    edge_is_reverse: NDArray[np.bool_]
    edge_tail: NDArray[np.int32]
    edge_head: NDArray[np.int32]
    edge_twin: NDArray[np.int32]
    edge_has_signal: NDArray[np.bool_]
    edge_is_main: NDArray[np.bool_]
    edge_is_island: NDArray[np.bool_]
    turn_first: NDArray[np.int64]
    turn_from: NDArray[np.uint32]
    turn_to: NDArray[np.uint32]
    turn_kind: NDArray[np.uint8]
    turn_closed_to: NDArray[np.uint8]
    timed_edge: NDArray[np.int32]
    timed_edge_closed_to: NDArray[np.uint8]
    timed_edge_schedule: NDArray[np.int32]
    timed_turn: NDArray[np.int32]
    timed_turn_closed_to: NDArray[np.uint8]
    timed_turn_schedule: NDArray[np.int32]
    schedules: NDArray[np.bool_]
    names: NDArray[np.str_]

    @property
    def edge_count(self) -> int:
        """How many directed edges there are."""
        return len(self.edge_segment)

    @property
    def segment_count(self) -> int:
        """How many pieces of street there are."""
        return len(self.segment_class)

    def points_of(self, edge: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Longitudes and latitudes along ``edge`` in the direction of travel."""
        segment = self.edge_segment[edge]
        span = slice(self.segment_first[segment], self.segment_first[segment + 1])
        lons, lats = self.lons[span], self.lats[span]
        if self.edge_is_reverse[edge]:
            return lons[::-1], lats[::-1]
        return lons, lats

    def save(self, path: Path) -> None:
        """Writes all arrays to one .npz file."""
        np.savez_compressed(path, **{item.name: getattr(self, item.name) for item in fields(self)})

    @classmethod
    def load(cls, path: Path) -> RoadGraph:
        """Reads what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{item.name: arrays[item.name] for item in fields(cls)})


def step_lengths_m(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle metres from each point to the next; one shorter than the points."""
    phi = np.radians(lats)
    half_dlat = np.diff(phi) / 2
    half_dlon = np.radians(np.diff(lons)) / 2
    chord = np.sin(half_dlat) ** 2 + np.cos(phi[:-1]) * np.cos(phi[1:]) * np.sin(half_dlon) ** 2
    lengths: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return lengths
