"""Passes: how long vans took for single edges, taken from their traces and good to learn from.

A pass keeps no van and no driver: traces are personal data, speeds of streets are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from promesa.roads.matching import Matcher
from promesa.roads.network import RoadNetwork
from promesa.roads.parked import is_moving_at_end, moving_parts
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
        return list(self._passes(self._drives(fixes)))

    def find_finished(self, fixes: Sequence[TraceFix]) -> tuple[list[EdgePass], datetime | None]:
        """The passes of a van still under way, and since when it is on the edge it has not left.

        That edge is left out: it is driven whole when the fixes after it are known. None where
        nothing is to be known later.
        """
        drives = self._drives(fixes)
        if not drives or (len(fixes) > 1 and not is_moving_at_end(fixes)):
            return list(self._passes(drives)), None
        return list(self._passes(drives[:-1])), drives[-1].entered_at

    def _drives(self, fixes: Sequence[TraceFix]) -> list[EdgeDrive]:
        drives: list[EdgeDrive] = []
        for part in moving_parts(fixes):
            for first in range(0, len(part), FIXES_MAX):
                drives.extend(self._matcher.match(part[first : first + FIXES_MAX]).drives)
        return drives

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
