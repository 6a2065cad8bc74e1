"""From GPS fixes to the streets driven: a hidden Markov model over nearby edges.

Newson and Krumm 2009, doi 10.1145/1653771.1653818: a fix is likelier near a street, and a step
between two streets likelier when the way along them is about as long as the straight line. Three
things are added: a step faster than its streets allow is unlikely, a van may turn round where it
stands at a price, and what lies between two fixes is driven the fastest way, not the shortest.
Filtering bad fixes is tracking's business; here a fix far from every street is just not matched.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise, starmap

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import distance_m
from promesa.roads.graph import NO_EDGE
from promesa.roads.hierarchy import UNREACHABLE_TICKS
from promesa.roads.network import RoadNetwork
from promesa.roads.snapping import StreetFinder
from promesa.roads.traces import (
    FIXES_MAX,
    NOISE_M,
    EdgeDrive,
    MatchedTrace,
    TraceFix,
    TraceTooLongError,
)

_RADIUS_M = 60.0
# At a large junction a dozen short pieces are nearer than the street that is driven on.
_CANDIDATES_MAX = 14
# A fix so near the last one tells more of the receiver than of the van: 2.5 times the noise.
_STILL_M = 25.0
# How many metres longer than the straight line a way may be before it counts as unlikely.
_DETOUR_M = 10.0
# A way much longer than the straight line is a gap in the trace, not a drive.
_WAY_M_PER_STRAIGHT_M_MAX = 4.0
_WAY_SLACK_M = 300.0
# Up to so many times a street's free-flow speed is nothing special; beyond, each doubling costs.
_SPEEDING_MAX = 1.25
_SPEEDING_COST = 6.0
# Turning round in a street is worth so many metres of detour.
_TURN_BACK_M = 80.0
# Standing vans wander by this much; on one street a step back as short is no turn round the block.
_WANDER_M = 25.0
# The fastest way between two fixes is believed up to so many times the shortest.
_FASTEST_M_PER_SHORTEST_M_MAX = 1.3
_FASTEST_SLACK_M = 50.0
# What is so much less likely than the best so far never wins: e^-30.
_COST_BEHIND_MAX = 30.0
_MM_PER_M = 1000.0


@dataclass(slots=True)
class _Layer:
    """The candidates of one fix, the cheapest way to each and where it came from.

    Attributes:
        edges: int64, [candidate]; fractions: float64, [candidate], how far along it.
        costs: float64, [candidate], of the cheapest chain that ends there.
        origins: int64, [candidate], the candidate of the layer before.
    """

    fix: TraceFix
    edges: NDArray[np.int64]
    fractions: NDArray[np.float64]
    costs: NDArray[np.float64]
    origins: NDArray[np.int64]


class Matcher:
    """Matches traces to one network; building it indexes every street, motorways too."""

    def __init__(self, network: RoadNetwork) -> None:
        graph = network.graph
        self._graph = graph
        self._lengths = network.length_metric()
        self._times = network.metric(None)
        every = np.arange(graph.segment_count)
        self._finder = StreetFinder(graph, every, network.plane)
        self._first_edge = np.searchsorted(graph.edge_segment, every)
        self._length_m = graph.segment_length_m[graph.edge_segment]
        self._free_mps = network.free_flow_mps()[graph.edge_segment]

    def match(self, fixes: Sequence[TraceFix]) -> MatchedTrace:
        """The likeliest streets of ``fixes``, which must be in order of time; O(fixes).

        Raises:
            TraceTooLongError: More than FIXES_MAX fixes.
        """
        if len(fixes) > FIXES_MAX:
            raise TraceTooLongError(posiciones=len(fixes))
        chains, matched = self._chains(fixes)
        drives = list[EdgeDrive]()
        for chain in chains:
            self._append(chain, drives)
        return MatchedTrace(
            drives=tuple(drives),
            share_matched=round(matched / len(fixes), 4) if fixes else 0.0,
        )

    def _chains(self, fixes: Sequence[TraceFix]) -> tuple[list[list[_Layer]], int]:
        """Unbroken runs of layers, and how many fixes are near a street."""
        chains: list[list[_Layer]] = []
        matched = 0
        for fix, layer in zip(fixes, self._layers(fixes), strict=True):
            last = chains[-1][-1] if chains else None
            if last is not None and distance_m(last.fix.position, fix.position) < _STILL_M:
                matched += 1
                continue
            if not len(layer.edges):
                continue
            matched += 1
            if last is not None and self._follow(last, layer):
                chains[-1].append(layer)
            else:
                chains.append([layer])
        return chains, matched

    def _layers(self, fixes: Sequence[TraceFix]) -> list[_Layer]:
        """The candidates of every fix, each with what its distance from the street costs."""
        noise_m = np.array([fix.accuracy_m for fix in fixes]).clip(NOISE_M, _RADIUS_M)
        found = self._finder.within_all(
            [fix.position for fix in fixes], np.maximum(_RADIUS_M, 2 * noise_m), _CANDIDATES_MAX
        )
        return [self._layer(*row) for row in zip(fixes, found, noise_m.tolist(), strict=True)]

    def _layer(self, fix: TraceFix, near: list[tuple[int, float, float]], noise_m: float) -> _Layer:
        rows = []
        for segment, fraction, gap_m in near:
            first = int(self._first_edge[segment])
            for edge in (first, int(self._graph.edge_twin[first])):
                if edge != NO_EDGE:
                    share = 1 - fraction if self._graph.edge_is_reverse[edge] else fraction
                    rows.append((edge, share, 0.5 * (gap_m / noise_m) ** 2))
        table = np.array(rows, dtype=np.float64).reshape(-1, 3)
        none = np.zeros(len(rows), dtype=np.int64)
        return _Layer(fix, table[:, 0].astype(np.int64), table[:, 1], table[:, 2], none)

    def _follow(self, before: _Layer, layer: _Layer) -> bool:
        """Adds the cheapest way to each candidate; False when no street leads there in reason."""
        straight_m = distance_m(before.fix.position, layer.fix.position)
        elapsed_s = (layer.fix.time - before.fix.time).total_seconds()
        kept = np.flatnonzero(before.costs <= before.costs.min() + _COST_BEHIND_MAX)
        ways_m = self._ways_m(before, kept, layer)
        steps = np.abs(ways_m - straight_m) / _DETOUR_M
        steps[ways_m > straight_m * _WAY_M_PER_STRAIGHT_M_MAX + _WAY_SLACK_M] = math.inf
        free_mps = np.maximum.outer(self._free_mps[before.edges[kept]], self._free_mps[layer.edges])
        speeding = straight_m / (max(elapsed_s, 1.0) * free_mps * _SPEEDING_MAX)
        steps += _SPEEDING_COST * np.log2(np.maximum(1.0, speeding))
        totals = before.costs[kept, None] + steps
        places = np.argmin(totals, axis=0)
        reached = totals[places, np.arange(len(layer.edges))]
        if not np.any(np.isfinite(reached)):
            return False
        layer.costs = layer.costs + reached
        layer.origins = kept[places]
        return True

    def _ways_m(
        self, before: _Layer, kept: NDArray[np.int64], layer: _Layer
    ) -> NDArray[np.float64]:
        """float64, [kept origin, destination], metres along the streets; inf where there is no way.

        Turning round in the street counts as the metres moved and its price.
        """
        start, end = before.edges[kept], layer.edges
        between = self._lengths.ticks_between(start.astype(np.uint32), end.astype(np.uint32))
        ways_m: NDArray[np.float64] = np.where(
            between >= UNREACHABLE_TICKS, math.inf, between / _MM_PER_M
        )
        behind_m = (before.fractions[kept] * self._length_m[start])[:, None]
        ahead_m = (layer.fractions * self._length_m[end])[None, :]
        ways_m = ways_m - behind_m + ahead_m
        is_same = start[:, None] == end[None, :]
        back_m = behind_m - ahead_m
        ways_m[is_same & (back_m > 0) & (back_m <= _WANDER_M)] = 0.0
        ways_m[is_same & (back_m > _WANDER_M)] = math.inf
        is_twin = self._graph.edge_twin[start][:, None] == end[None, :]
        moved_m = np.abs(self._length_m[start][:, None] - behind_m - ahead_m)
        turned_m = np.where(is_twin, moved_m + _TURN_BACK_M, math.inf)
        return np.minimum(ways_m, turned_m)

    def _append(self, chain: list[_Layer], drives: list[EdgeDrive]) -> None:
        """Adds the edges of a chain, with the metres and seconds driven on each."""
        picks = _cheapest(chain)
        first = EdgeDrive(
            edge=picks[0][0],
            length_m=0.0,
            elapsed_s=0.0,
            turning_s=0.0,
            entered_at=chain[0].fix.time,
        )
        _extend(drives, first)
        for (before, after), (start, end) in zip(pairwise(chain), pairwise(picks), strict=True):
            elapsed_s = (after.fix.time - before.fix.time).total_seconds()
            at = before.fix.time
            for drive in self._timed(self._pieces(start, end), at, elapsed_s):
                _extend(drives, drive)

    def _timed(
        self, pieces: list[tuple[int, float]], at: datetime, elapsed_s: float
    ) -> Iterator[EdgeDrive]:
        """The pieces with their share of ``elapsed_s``: light, length and turn as in the table."""
        edges = [edge for edge, _ in pieces]
        shares = np.array([length_m for _, length_m in pieces]) / self._length_m[edges]
        driving = np.maximum(self._times.times.edge_ticks[edges] * shares, 1.0)
        turning = np.array([*starmap(self._turn_ticks, pairwise(edges)), 0.0])
        s_per_tick = elapsed_s / float(driving.sum() + turning.sum())
        for (edge, length_m), drive_s, turn_s in zip(
            pieces, (driving * s_per_tick).tolist(), (turning * s_per_tick).tolist(), strict=True
        ):
            yield EdgeDrive(
                edge=edge,
                length_m=length_m,
                elapsed_s=drive_s + turn_s,
                turning_s=turn_s,
                entered_at=at,
            )
            at += timedelta(seconds=drive_s + turn_s)

    def _turn_ticks(self, edge: int, after: int) -> float:
        """What the table charges for the turn; 0 where a van turned round in the street."""
        turns = slice(int(self._graph.turn_first[edge]), int(self._graph.turn_first[edge + 1]))
        places = np.flatnonzero(self._graph.turn_to[turns] == after)
        if not len(places):
            return 0.0
        ticks = int(self._times.times.turn_ticks[turns][places[0]])
        return float(ticks - int(self._times.times.edge_ticks[edge]))

    def _pieces(self, start: tuple[int, float], end: tuple[int, float]) -> list[tuple[int, float]]:
        """The edges between two places on edges and the metres of each, both ends included."""
        behind_m, ahead_m = start[1] * self._length_m[start[0]], end[1] * self._length_m[end[0]]
        if start[0] == end[0] and ahead_m >= behind_m - _WANDER_M:
            return [(start[0], max(0.0, ahead_m - behind_m))]
        if self._graph.edge_twin[start[0]] == end[0]:
            on_m = self._length_m[start[0]] - behind_m - ahead_m
            return [(start[0], max(0.0, on_m)), (end[0], max(0.0, -on_m))]
        path = self._path(start[0], end[0])
        lengths_m = self._length_m[path].copy()
        lengths_m[-1] = ahead_m
        lengths_m[0] -= behind_m
        return list(zip(path, np.maximum(lengths_m, 0.0).tolist(), strict=True))

    def _path(self, origin: int, destination: int) -> list[int]:
        """The fastest way at a usual hour, unless it goes far round beside the shortest."""
        ticks, fastest = self._times.edges_between(origin, destination)
        shortest_mm, shortest = self._lengths.edges_between(origin, destination)
        if ticks >= UNREACHABLE_TICKS:
            return shortest
        length_m = float(self._length_m[fastest[:-1]].sum())
        allowed_m = shortest_mm / _MM_PER_M * _FASTEST_M_PER_SHORTEST_M_MAX + _FASTEST_SLACK_M
        return fastest if length_m <= allowed_m else shortest


def _extend(drives: list[EdgeDrive], more: EdgeDrive) -> None:
    """Adds a piece, joined to the last one when it is the same edge."""
    if drives and drives[-1].edge == more.edge:
        last = drives.pop()
        more = replace(
            last,
            length_m=last.length_m + more.length_m,
            elapsed_s=last.elapsed_s + more.elapsed_s,
            turning_s=last.turning_s + more.turning_s,
        )
    drives.append(more)


def _cheapest(chain: list[_Layer]) -> list[tuple[int, float]]:
    """One edge and share of it a layer: the cheapest at the end, then where each came from."""
    place = int(np.argmin(chain[-1].costs))
    picks = []
    for layer in reversed(chain):
        picks.append((int(layer.edges[place]), float(layer.fractions[place])))
        place = int(layer.origins[place])
    return picks[::-1]
