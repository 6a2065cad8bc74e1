"""Makes what worker processes need to find the rows of a large matrix.

Pairs of places on one street are settled here, beforehand: only they need to know which way is
ahead. See row_worker.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from promesa.roads.graph import RoadGraph
from promesa.roads.hierarchy import Arcs, Metric
from promesa.roads.pairs import Anchors, best_pairs
from promesa.roads.places import Places
from promesa.roads.row_worker import SliceKit


def make_slice_kit(graph: RoadGraph, metric: Metric, places: Places) -> SliceKit:
    """The kit of a slice; a second for 10,000 places."""
    anchors = Anchors.of(metric, places)
    # No arc may count less than nothing, so leaving a node costs as much as the longest share
    # behind any place, less the one behind this place.
    start = int(anchors.offset_ticks.max(initial=0)) + 1
    leaving = (start - anchors.offset_ticks).astype(np.uint32).reshape(-1)
    row, column, ticks = _near_pairs(graph, metric, places)
    return SliceKit(
        weights=np.concatenate((metric.times.turn_ticks, leaving)),
        start_ticks=np.array([start], dtype=np.int64),
        edges=anchors.edges,
        target=anchors.place,
        offset_ticks=anchors.offset_ticks,
        point=places.point,
        near_row=row,
        near_column=column,
        near_ticks=ticks,
    )


def arcs_with_places(arcs: Arcs, places: Places) -> Arcs:
    """The hierarchy with a node for each place after its own, the same for every slice."""
    nodes = len(arcs.order)
    own = np.arange(nodes, nodes + len(places.point), dtype=np.uint32)
    return Arcs(
        tail=np.concatenate((arcs.tail, np.repeat(own, 2))),
        head=np.concatenate((arcs.head, places.edge.reshape(-1).astype(np.uint32))),
        # Nobody drives through such a node: contracted first, it is in nobody's way.
        order=np.concatenate((own, arcs.order)),
    )


def _near_pairs(
    graph: RoadGraph, metric: Metric, places: Places
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of places on one street, each with itself too: row, column and ticks, by row."""
    segment = graph.edge_segment[places.edge[:, 0]]
    order = np.argsort(segment, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(segment[order])) + 1)
    everyone = np.arange(len(order))
    rows, columns, ticks = [everyone], [everyone], [np.zeros(len(order), dtype=np.int64)]
    for group in groups:
        if len(group) < 2:
            continue
        anchors = Anchors.of(metric, places.chosen(group))
        found = best_pairs(graph, metric, anchors, anchors).ticks
        rows.append(np.repeat(group, len(group)))
        columns.append(np.tile(group, len(group)))
        ticks.append(found.reshape(-1))
    row, column, value = (np.concatenate(parts) for parts in (rows, columns, ticks))
    by_row = np.argsort(row, kind="stable")
    return row[by_row], column[by_row], value[by_row]
