"""Which turns a van may make at each junction, and of what kind each is.

Turning back is allowed only where there is no other way on: at dead ends and before barriers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.roads.restrictions import TurnRestriction
from promesa.roads.schedules import Schedule
from promesa.roads.vehicles import VehicleKind

TURN_KINDS = ("straight", "right", "left", "back")
_STRAIGHT, _RIGHT, _LEFT, _BACK = range(4)
# Below this the driver would say the street goes on; OSRM calls up to 40 degrees "slight".
_TURN_DEG_MIN = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeEnds:
    """What the turns depend on, one entry an edge.

    Attributes:
        tail, head, twin: int32, junctions and the opposite edge (-1 when none).
        way: int64, OpenStreetMap way id.
        bearing_out_deg, bearing_in_deg: float64, where the edge leaves its tail and reaches its
            head, degrees clockwise from north.
    """

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    twin: NDArray[np.int32]
    way: NDArray[np.int64]
    bearing_out_deg: NDArray[np.float64]
    bearing_in_deg: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Turns sorted by the edge they leave; see RoadGraph for the arrays.

    Attributes:
        timed: Turns that some may not make while a schedule holds.
    """

    first: NDArray[np.int64]
    from_edge: NDArray[np.uint32]
    to_edge: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    closed_to: NDArray[np.uint8]
    timed: list[tuple[int, VehicleKind, Schedule]]


def make_turns(
    edges: EdgeEnds,
    restrictions: Iterable[TurnRestriction],
    junction_of_node: Mapping[int, int],
    blocked_junctions: NDArray[np.int64],
    kinds: VehicleKind,
) -> Turns:
    """All turns the map allows to any of ``kinds``, restrictions applied."""
    from_edge, to_edge = _all_pairs(edges)
    is_back = edges.twin[from_edge] == to_edge
    ways_on = np.bincount(from_edge[~is_back], minlength=len(edges.tail))
    is_blocked = np.isin(edges.head[from_edge], blocked_junctions)
    is_dead_end = ways_on[from_edge] == 0
    is_allowed = np.where(is_back, is_dead_end | is_blocked, ~is_blocked)
    closed_to, timed = _forbidden(edges, (from_edge, to_edge), restrictions, junction_of_node)
    closed_to &= int(kinds)
    is_allowed &= closed_to != int(kinds)
    kind = _kinds(edges, from_edge, to_edge, is_junction=ways_on > 1)
    counts = np.bincount(from_edge[is_allowed], minlength=len(edges.tail))
    place = np.cumsum(is_allowed) - 1
    return Turns(
        first=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        from_edge=from_edge[is_allowed].astype(np.uint32),
        to_edge=to_edge[is_allowed].astype(np.uint32),
        kind=kind[is_allowed],
        closed_to=closed_to[is_allowed],
        timed=[
            (int(place[turn]), whom & kinds, schedule)
            for turn, whom, schedule in timed
            if is_allowed[turn] and whom & kinds
        ],
    )


def _all_pairs(edges: EdgeEnds) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every edge with every edge that starts where it ends, ordered by both."""
    by_tail = np.argsort(edges.tail, kind="stable")
    junctions = int(max(edges.tail.max(), edges.head.max())) + 1
    degrees = np.bincount(edges.tail, minlength=junctions)
    first = np.concatenate(([0], np.cumsum(degrees)))
    counts = degrees[edges.head]
    from_edge = np.repeat(np.arange(len(edges.tail)), counts)
    starts = np.repeat(first[edges.head] - np.cumsum(counts) + counts, counts)
    return from_edge, by_tail[starts + np.arange(len(starts))]


def _forbidden(
    edges: EdgeEnds,
    turns: tuple[NDArray[np.int64], NDArray[np.int64]],
    restrictions: Iterable[TurnRestriction],
    junction_of_node: Mapping[int, int],
) -> tuple[NDArray[np.uint8], list[tuple[int, VehicleKind, Schedule]]]:
    """Who may never make each turn, and the turns that some may not make at some hours."""
    from_edge, to_edge = turns
    rules: dict[tuple[int, int], list[TurnRestriction]] = defaultdict(list)
    for rule in restrictions:
        junction = junction_of_node.get(rule.via_node)
        if junction is not None:
            rules[junction, rule.from_way].append(rule)
    closed_to = np.zeros(len(from_edge), dtype=np.uint8)
    timed = []
    ruled_junctions = np.array(sorted({junction for junction, _ in rules}), dtype=np.int64)
    for turn in np.flatnonzero(np.isin(edges.head[from_edge], ruled_junctions)).tolist():
        leaving = int(from_edge[turn])
        key = int(edges.head[leaving]), int(edges.way[leaving])
        to_way = int(edges.way[to_edge[turn]])
        for rule in rules.get(key, ()):
            if (rule.to_way == to_way) == rule.is_only:
                continue
            if rule.schedule is None:
                closed_to[turn] |= int(rule.applies_to)
            else:
                timed.append((turn, rule.applies_to, rule.schedule))
    return closed_to, timed


def _kinds(
    edges: EdgeEnds,
    from_edge: NDArray[np.int64],
    to_edge: NDArray[np.int64],
    *,
    is_junction: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """A bend with no choice is no turn, however sharp."""
    veer = edges.bearing_out_deg[to_edge] - edges.bearing_in_deg[from_edge]
    veer = (veer + 540.0) % 360.0 - 180.0
    kind = np.full(len(from_edge), _STRAIGHT, dtype=np.uint8)
    is_turning = is_junction[from_edge] & (np.abs(veer) >= _TURN_DEG_MIN)
    kind[is_turning & (veer > 0)] = _RIGHT
    kind[is_turning & (veer < 0)] = _LEFT
    kind[edges.twin[from_edge] == to_edge] = _BACK
    return kind
