"""Learnt speeds laid over the times of a slice, under whatever is known right now."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from promesa.roads.graph import RoadGraph
from promesa.roads.learnt import LearntSpeeds
from promesa.roads.traffic import TICKS_PER_S, TravelTimes


def with_learnt(
    graph: RoadGraph, times: TravelTimes, learnt: LearntSpeeds, slot: int
) -> TravelTimes:
    """The table's times of a slot at the learnt speeds; turns stay as they are. O(turns)."""
    segment = graph.edge_segment
    s_per_m = times.edge_ticks / TICKS_PER_S / np.maximum(graph.segment_length_m[segment], 0.01)
    slowness = learnt.slowness(slot, graph.segment_class[segment], s_per_m)
    edge_ticks = np.maximum(1, np.rint(times.edge_ticks * slowness)).astype(np.int64)
    more = (edge_ticks - times.edge_ticks)[graph.turn_from]
    turn_ticks = (times.turn_ticks + more).astype(np.uint32)
    return replace(times, edge_ticks=edge_ticks, turn_ticks=turn_ticks)
