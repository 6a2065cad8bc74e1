"""Passes: how long vans took for single edges, taken from their traces and good to learn from.

A pass keeps no van and no driver: traces are personal data, speeds of streets are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from promesa.roads.matching import Matcher
from promesa.roads.network import RoadNetwork
from promesa.roads.parked import moving_parts
from promesa.roads.traces import FIXES_MAX, EdgeDrive, EdgePass, TraceFix

# Less of an edge than this is where a trace begins or ends: it says little of the whole.
SHARE_MIN = 0.5
# Slower for a whole edge is no traffic; much faster than an empty street is a bad fix (assumed).
SPEED_KPH_MIN = 3.0
FREE_FLOW_SHARE_MAX = 1.3
_KPH_PER_MPS = 3.6


class PassFinder:
    """Finds the passes of traces on one network."""

    def __init__(self, network: RoadNetwork, matcher: Matcher) -> None:
        graph = network.graph
        self._matcher = matcher
        self._length_m: NDArray[np.float64] = graph.segment_length_m[graph.edge_segment]
        self._free_mps: NDArray[np.float64] = network.free_flow_mps()[graph.edge_segment]

    def find(self, fixes: Sequence[TraceFix]) -> list[EdgePass]:
        """The passes of one van's fixes, in order of time; where it stood parked it has none."""
        found: list[EdgePass] = []
        for part in moving_parts(fixes):
            for first in range(0, len(part), FIXES_MAX):
                drives = self._matcher.match(part[first : first + FIXES_MAX]).drives
                found.extend(self._passes(drives))
        return found

    def _passes(self, drives: Iterable[EdgeDrive]) -> Iterator[EdgePass]:
        for drive in drives:
            length_m = float(self._length_m[drive.edge])
            elapsed_s = drive.elapsed_s - drive.turning_s
            if elapsed_s <= 0 or drive.length_m < SHARE_MIN * length_m:
                continue
            slowest_s = drive.length_m / SPEED_KPH_MIN * _KPH_PER_MPS
            fastest_s = drive.length_m / float(self._free_mps[drive.edge]) / FREE_FLOW_SHARE_MAX
            yield EdgePass(
                edge=drive.edge,
                at=drive.entered_at,
                length_m=drive.length_m,
                elapsed_s=min(max(elapsed_s, fastest_s), slowest_s),
            )
