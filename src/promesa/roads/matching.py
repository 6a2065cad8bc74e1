"""From GPS fixes to the streets driven: a hidden Markov model over nearby edges.

Newson and Krumm 2009, doi 10.1145/1653771.1653818: a fix is likelier near a street, and a step
between two streets likelier when the way along them is about as long as the straight line.
Filtering bad fixes is tracking's business; here a fix far from every street is just not matched.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import InvalidError
from promesa.kernel.geo import Position, distance_m
from promesa.roads.graph import NO_EDGE
from promesa.roads.hierarchy import UNREACHABLE_TICKS
from promesa.roads.network import RoadNetwork
from promesa.roads.snapping import StreetFinder

FIXES_MAX = 20_000
# Newson and Krumm estimate 4 m of noise from good receivers; phones among buildings have more.
_NOISE_M = 10.0
_RADIUS_M = 60.0
_CANDIDATES_MAX = 8
# How many metres longer than the straight line a way may be before it counts as unlikely.
_DETOUR_M = 30.0
# A way much longer than the straight line is a gap in the trace, not a drive.
_WAY_M_PER_STRAIGHT_M_MAX = 4.0
_WAY_SLACK_M = 300.0
# Standing vans wander by this much; on one street a step back as short is no turn round the block.
_WANDER_M = 25.0
_KPH_PER_MPS = 3.6
_MM_PER_M = 1000.0


class TraceTooLongError(InvalidError):
    """The trace has more fixes than a day of driving."""

    code = "roads_trace_too_long"
    message = f"La traza es muy larga: el máximo es {FIXES_MAX} posiciones. Córtala por día."


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFix:
    """Where a phone said it was, and when; ``accuracy_m`` as the phone states it."""

    time: datetime
    position: Position
    accuracy_m: float = _NOISE_M


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedTrace:
    """The streets a trace drove on.

    Attributes:
        edges: Edge ids in driving order.
        speeds_kph: For each edge the mean speed on it; None where the time is unknown.
        share_matched: Share of the fixes that lie on the edges, 0-1.
    """

    edges: tuple[int, ...]
    speeds_kph: tuple[float | None, ...]
    share_matched: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    edge: int
    fraction: float
    cost: float


@dataclass(frozen=True, slots=True)
class _Drive:
    """What was driven of one edge."""

    edge: int
    length_m: float
    elapsed_s: float

    @property
    def speed_kph(self) -> float | None:
        """The mean speed; None where no time passed."""
        if self.elapsed_s <= 0:
            return None
        return round(self.length_m / self.elapsed_s * _KPH_PER_MPS, 1)


@dataclass(slots=True)
class _Layer:
    """The candidates of one fix, the cheapest way to each and where it came from."""

    fix: TraceFix
    candidates: list[_Candidate]
    costs: NDArray[np.float64]
    origins: NDArray[np.int64]


class Matcher:
    """Matches traces to one network; building it indexes every street, motorways too."""

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._graph = network.graph
        every = np.arange(network.graph.segment_count)
        self._finder = StreetFinder(network.graph, every, network.plane)
        self._first_edge = np.searchsorted(network.graph.edge_segment, every)
        self._length_m = network.graph.segment_length_m[network.graph.edge_segment]

    def match(self, fixes: Sequence[TraceFix]) -> MatchedTrace:
        """The likeliest streets of ``fixes``, which must be in order of time; O(fixes).

        Raises:
            TraceTooLongError: More than FIXES_MAX fixes.
        """
        if len(fixes) > FIXES_MAX:
            raise TraceTooLongError(posiciones=len(fixes))
        chains, matched = self._chains(fixes)
        driven = list[_Drive]()
        for chain in chains:
            self._append(chain, driven)
        return MatchedTrace(
            edges=tuple(drive.edge for drive in driven),
            speeds_kph=tuple(drive.speed_kph for drive in driven),
            share_matched=round(matched / len(fixes), 4) if fixes else 0.0,
        )

    def _chains(self, fixes: Sequence[TraceFix]) -> tuple[list[list[_Layer]], int]:
        """Unbroken runs of layers, and how many fixes are near a street."""
        chains: list[list[_Layer]] = []
        matched = 0
        for fix in fixes:
            if chains and distance_m(chains[-1][-1].fix.position, fix.position) < _NOISE_M:
                matched += 1
                continue
            candidates = self._candidates(fix)
            if not candidates:
                continue
            matched += 1
            layer = self._following(chains[-1][-1], fix, candidates) if chains else None
            if layer is None:
                chains.append([_first_layer(fix, candidates)])
            else:
                chains[-1].append(layer)
        return chains, matched

    def _candidates(self, fix: TraceFix) -> list[_Candidate]:
        noise_m = max(_NOISE_M, min(fix.accuracy_m, _RADIUS_M))
        near = self._finder.within(fix.position, max(_RADIUS_M, 2 * noise_m))[:_CANDIDATES_MAX]
        found = []
        for segment, fraction, gap_m in near:
            first = int(self._first_edge[segment])
            for edge in (first, int(self._graph.edge_twin[first])):
                if edge != NO_EDGE:
                    share = 1 - fraction if self._graph.edge_is_reverse[edge] else fraction
                    found.append(_Candidate(edge, share, 0.5 * (gap_m / noise_m) ** 2))
        return found

    def _following(
        self, before: _Layer, fix: TraceFix, candidates: list[_Candidate]
    ) -> _Layer | None:
        """The next layer of the chain; None when no street leads there in reason."""
        ways_m = self._ways_m(before.candidates, candidates)
        straight_m = distance_m(before.fix.position, fix.position)
        steps = np.abs(ways_m - straight_m) / _DETOUR_M
        steps[ways_m > straight_m * _WAY_M_PER_STRAIGHT_M_MAX + _WAY_SLACK_M] = math.inf
        totals = before.costs[:, None] + steps
        origins = np.argmin(totals, axis=0)
        costs = totals[origins, np.arange(len(candidates))] + [c.cost for c in candidates]
        if not np.any(np.isfinite(costs)):
            return None
        return _Layer(fix, candidates, costs, origins)

    def _ways_m(
        self, origins: Sequence[_Candidate], destinations: Sequence[_Candidate]
    ) -> NDArray[np.float64]:
        """float64, [origin, destination], metres along the streets; inf where there is no way."""
        start = np.array([c.edge for c in origins])
        end = np.array([c.edge for c in destinations])
        metric = self._network.length_metric()
        between = metric.ticks_between(start.astype(np.uint32), end.astype(np.uint32))
        ways_m: NDArray[np.float64] = np.where(
            between >= UNREACHABLE_TICKS, math.inf, between / _MM_PER_M
        )
        behind_m = np.array([c.fraction for c in origins]) * self._length_m[start]
        ahead_m = np.array([c.fraction for c in destinations]) * self._length_m[end]
        ways_m = ways_m - behind_m[:, None] + ahead_m[None, :]
        is_same = start[:, None] == end[None, :]
        back_m = behind_m[:, None] - ahead_m[None, :]
        ways_m[is_same & (back_m > 0) & (back_m <= _WANDER_M)] = 0.0
        ways_m[is_same & (back_m > _WANDER_M)] = math.inf
        return ways_m

    def _append(self, chain: list[_Layer], driven: list[_Drive]) -> None:
        """Adds the edges of a chain, with the metres and seconds driven on each."""
        picks = _cheapest(chain)
        _extend(driven, _Drive(picks[0].edge, 0.0, 0.0))
        metric = self._network.length_metric()
        for (before, after), (start, end) in zip(pairwise(chain), pairwise(picks), strict=True):
            path = metric.edges_between(start.edge, end.edge)[1]
            lengths_m = self._length_m[path].copy()
            lengths_m[-1] *= end.fraction
            lengths_m[0] -= start.fraction * self._length_m[start.edge]
            lengths_m = np.maximum(lengths_m, 0.0)
            elapsed_s = (after.fix.time - before.fix.time).total_seconds()
            total_m = float(lengths_m.sum())
            for edge, length_m in zip(path, lengths_m.tolist(), strict=True):
                share = length_m / total_m if total_m else 1 / len(path)
                _extend(driven, _Drive(edge, length_m, elapsed_s * share))


def _extend(driven: list[_Drive], more: _Drive) -> None:
    """Adds a piece, joined to the last one when it is the same edge."""
    if driven and driven[-1].edge == more.edge:
        last = driven.pop()
        more = _Drive(more.edge, last.length_m + more.length_m, last.elapsed_s + more.elapsed_s)
    driven.append(more)


def _first_layer(fix: TraceFix, candidates: list[_Candidate]) -> _Layer:
    costs = np.array([candidate.cost for candidate in candidates])
    return _Layer(fix, candidates, costs, np.zeros(len(candidates), dtype=np.int64))


def _cheapest(chain: list[_Layer]) -> list[_Candidate]:
    """One candidate a layer: the cheapest at the end, then where each came from."""
    place = int(np.argmin(chain[-1].costs))
    picks = []
    for layer in reversed(chain):
        picks.append(layer.candidates[place])
        place = int(layer.origins[place])
    return picks[::-1]
