"""Makes the road graph of an extract: cuts ways at junctions, gives each piece its directions.

Vectorised, so that a whole region takes seconds; reading the file is extract's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from promesa.roads.components import large_islands, largest_component
from promesa.roads.extract import Extract, Way
from promesa.roads.graph import NO_EDGE, RoadGraph, step_lengths_m
from promesa.roads.profiles import CLASS_INDEX, HALF_HOURS_PER_DAY
from promesa.roads.schedules import DAYS, Schedule
from promesa.roads.turns import EdgeEnds, Turns, make_turns
from promesa.roads.vehicles import MOTOR_KINDS, VehicleKind

# Shorter pieces are two nodes drawn at one place; they would have no bearing.
_SEGMENT_M_MIN = 0.01
# A district is more than a closed estate or a ramp that ends at the edge of the extract.
_ISLAND_EDGES_MIN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """All drivable ways laid end to end, one entry a drawn point.

    Attributes:
        junction: int64, a number for the node, 0..
        way: int64, place in the list of ways.
        has_signal_forward, has_signal_backward: bool, a light holds for that direction.
    """

    node_ids: NDArray[np.int64]
    junction: NDArray[np.int64]
    way: NDArray[np.int64]
    lons: NDArray[np.float64]
    lats: NDArray[np.float64]
    has_signal_forward: NDArray[np.bool_]
    has_signal_backward: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segments:
    """Pieces between junctions: the points ``start`` to ``end`` (inside) of the drawing."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    length_m: NDArray[np.float64]


def assembled_graph(extract: Extract, kinds: VehicleKind = MOTOR_KINDS) -> RoadGraph:
    """The graph of all ways one of ``kinds`` may use, its largest connected part marked."""
    ways = [way for way in extract.ways if way.road_class]
    drawn = _laid_out(extract, ways)
    segments = _cut(drawn, extract.blocked_nodes)
    segment, is_reverse = _directed(drawn, segments, ways)
    points, first = _points_of(segments)
    ends = _ends(drawn, segments, ways, segment, is_reverse)
    turns = _turns(extract, drawn, ends, kinds)
    is_main = largest_component(len(segment), turns.from_edge, turns.to_edge)
    names, name_of_way = _name_table(ways)
    way = drawn.way[segments.start]
    timed = _timed(ways, way, (segment, is_reverse), turns)
    return RoadGraph(
        lons=drawn.lons[points],
        lats=drawn.lats[points],
        segment_first=first,
        segment_class=_of_ways(ways, way, lambda w: CLASS_INDEX[w.road_class], np.uint8),
        segment_maxspeed_kph=_of_ways(ways, way, lambda w: w.maxspeed_kph, np.float32),
        segment_name=name_of_way[way],
        segment_way=_of_ways(ways, way, lambda w: w.osm_id, np.int64),
        segment_length_m=segments.length_m,
        segment_closed_to=_of_ways(ways, way, lambda w: int(w.closed_to), np.uint8),
        segment_maxheight_m=_of_ways(ways, way, lambda w: w.limits.height_m, np.float32),
        segment_maxwidth_m=_of_ways(ways, way, lambda w: w.limits.width_m, np.float32),
        segment_maxweight_t=_of_ways(ways, way, lambda w: w.limits.weight_t, np.float32),
        edge_segment=segment.astype(np.int32),
        edge_is_reverse=is_reverse,
        edge_tail=ends.tail,
        edge_head=ends.head,
        edge_twin=ends.twin,
        edge_has_signal=_signals(drawn, segments, segment, is_reverse),
        edge_is_main=is_main,
        edge_is_island=large_islands(ends.tail, ends.head, is_main, _ISLAND_EDGES_MIN),
        turn_first=turns.first,
        turn_from=turns.from_edge,
        turn_to=turns.to_edge,
        turn_kind=turns.kind,
        turn_closed_to=turns.closed_to,
        names=names,
        **timed,
    )


def _laid_out(extract: Extract, ways: list[Way]) -> _Drawn:
    counts = [len(way.node_ids) for way in ways]
    node_ids = np.array([node for way in ways for node in way.node_ids], dtype=np.int64)
    signal = [extract.signal_nodes.get(int(node), "") for node in node_ids]
    return _Drawn(
        node_ids=node_ids,
        junction=np.unique(node_ids, return_inverse=True)[1].astype(np.int64),
        way=np.repeat(np.arange(len(ways)), counts),
        lons=np.array([lon for way in ways for lon in way.lons]),
        lats=np.array([lat for way in ways for lat in way.lats]),
        has_signal_forward=np.array([held in {"both", "forward"} for held in signal]),
        has_signal_backward=np.array([held in {"both", "backward"} for held in signal]),
    )


def _cut(drawn: _Drawn, blocked_nodes: set[int]) -> _Segments:
    """Cuts at every node used twice, at both ends of a way and at barriers."""
    is_first = np.diff(drawn.way, prepend=-1) != 0
    is_last = np.diff(drawn.way, append=-1) != 0
    is_shared = np.bincount(drawn.junction)[drawn.junction] > 1
    is_blocked = np.isin(drawn.node_ids, list(blocked_nodes))
    cuts = np.flatnonzero(is_first | is_last | is_shared | is_blocked)
    start, end = cuts[:-1], cuts[1:]
    is_same_way = drawn.way[start] == drawn.way[end]
    start, end = start[is_same_way], end[is_same_way]
    along_m = np.concatenate(([0.0], np.cumsum(step_lengths_m(drawn.lons, drawn.lats))))
    # Steps between two ways are in the sum as well, but no segment spans one.
    length_m = along_m[end] - along_m[start]
    keep = length_m >= _SEGMENT_M_MIN
    return _Segments(start=start[keep], end=end[keep], length_m=length_m[keep])


def _directed(
    drawn: _Drawn, segments: _Segments, ways: list[Way]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Segment and direction of each edge, an edge beside its twin."""
    way = drawn.way[segments.start]
    is_forward = np.array([w.is_forward for w in ways])[way]
    is_backward = np.array([w.is_backward for w in ways])[way]
    forward, backward = np.flatnonzero(is_forward), np.flatnonzero(is_backward)
    segment = np.concatenate((forward, backward))
    is_reverse = np.concatenate(
        (np.zeros(len(forward), np.bool_), np.ones(len(backward), np.bool_))
    )
    order = np.lexsort((is_reverse, segment))
    return segment[order], is_reverse[order]


def _points_of(segments: _Segments) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    counts = segments.end - segments.start + 1
    first = np.concatenate(([0], np.cumsum(counts)))
    points = np.repeat(segments.start - first[:-1], counts) + np.arange(first[-1])
    return points, first.astype(np.int64)


def _ends(
    drawn: _Drawn,
    segments: _Segments,
    ways: list[Way],
    segment: NDArray[np.int64],
    is_reverse: NDArray[np.bool_],
) -> EdgeEnds:
    start, end = segments.start[segment], segments.end[segment]
    origin = np.where(is_reverse, end, start)
    destination = np.where(is_reverse, start, end)
    step = np.where(is_reverse, -1, 1)
    is_twinned = np.diff(segment, append=-1) == 0
    twin = np.full(len(segment), NO_EDGE, dtype=np.int32)
    twin[is_twinned] = np.flatnonzero(is_twinned) + 1
    twin[1:][is_twinned[:-1]] = np.flatnonzero(is_twinned)
    way_ids = np.array([way.osm_id for way in ways], dtype=np.int64)
    return EdgeEnds(
        tail=drawn.junction[origin].astype(np.int32),
        head=drawn.junction[destination].astype(np.int32),
        twin=twin,
        way=way_ids[drawn.way[start]],
        bearing_out_deg=_bearings_deg(drawn, origin, origin + step),
        bearing_in_deg=_bearings_deg(drawn, destination - step, destination),
    )


def _bearings_deg(
    drawn: _Drawn, origin: NDArray[np.int64], destination: NDArray[np.int64]
) -> NDArray[np.float64]:
    north = drawn.lats[destination] - drawn.lats[origin]
    east = (drawn.lons[destination] - drawn.lons[origin]) * np.cos(np.radians(drawn.lats[origin]))
    bearings: NDArray[np.float64] = np.degrees(np.arctan2(east, north)) % 360.0
    return bearings


def _turns(extract: Extract, drawn: _Drawn, ends: EdgeEnds, kinds: VehicleKind) -> Turns:
    junction_of_node = {
        int(node): int(junction)
        for node, junction in zip(drawn.node_ids, drawn.junction, strict=True)
    }
    blocked = [junction_of_node[n] for n in extract.blocked_nodes if n in junction_of_node]
    blocked_junctions = np.array(sorted(blocked), dtype=np.int64)
    return make_turns(ends, extract.restrictions, junction_of_node, blocked_junctions, kinds)


def _timed(
    ways: list[Way],
    way: NDArray[np.int64],
    edges: tuple[NDArray[np.int64], NDArray[np.bool_]],
    turns: Turns,
) -> dict[str, NDArray[Any]]:
    """The rules that hold at some hours, as the arrays of the graph."""
    place: dict[bytes, int] = {}
    schedules: list[Schedule] = []

    def placed(schedule: Schedule) -> int:
        if schedule.tobytes() not in place:
            place[schedule.tobytes()] = len(schedules)
            schedules.append(schedule)
        return place[schedule.tobytes()]

    segment, is_reverse = edges
    way_of_edge = way[segment]
    has_closures = np.array([bool(w.closures) for w in ways], dtype=np.bool_)
    closed = [
        (edge, int(closure.closed_to), placed(closure.schedule))
        for edge in np.flatnonzero(has_closures[way_of_edge]).tolist()
        for closure in ways[way_of_edge[edge]].closures
        if closure.is_backward == is_reverse[edge]
    ]
    forbidden = [(turn, int(whom), placed(schedule)) for turn, whom, schedule in turns.timed]
    by_edge = np.array(closed, dtype=np.int32).reshape(-1, 3)
    by_turn = np.array(forbidden, dtype=np.int32).reshape(-1, 3)
    return {
        "timed_edge": by_edge[:, 0],
        "timed_edge_closed_to": by_edge[:, 1].astype(np.uint8),
        "timed_edge_schedule": by_edge[:, 2],
        "timed_turn": by_turn[:, 0],
        "timed_turn_closed_to": by_turn[:, 1].astype(np.uint8),
        "timed_turn_schedule": by_turn[:, 2],
        "schedules": np.array(schedules, dtype=np.bool_).reshape(-1, DAYS, HALF_HOURS_PER_DAY),
    }


def _signals(
    drawn: _Drawn,
    segments: _Segments,
    segment: NDArray[np.int64],
    is_reverse: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """A light counts once an edge: on the way, or at the junction it ends in."""
    ahead = np.concatenate(([0], np.cumsum(drawn.has_signal_forward)))
    behind = np.concatenate(([0], np.cumsum(drawn.has_signal_backward)))
    start, end = segments.start[segment], segments.end[segment]
    forward = ahead[end + 1] > ahead[start + 1]
    backward = behind[end] > behind[start]
    return np.where(is_reverse, backward, forward)


def _name_table(ways: list[Way]) -> tuple[NDArray[np.str_], NDArray[np.int32]]:
    names = sorted({way.names[0] for way in ways if way.names})
    place = {name: index for index, name in enumerate(names)}
    of_way = [place[way.names[0]] if way.names else -1 for way in ways]
    return np.array(names or [""], dtype=np.str_), np.array(of_way, dtype=np.int32)


def _of_ways(
    ways: list[Way],
    way: NDArray[np.int64],
    read: Callable[[Way], float],
    dtype: type[np.generic],
) -> NDArray[Any]:
    """A property of the way each segment was cut from."""
    return np.array([read(w) for w in ways], dtype=dtype)[way]
