"""Shortest ticks between places inside edges, both directions of each street tried.

A van may leave a stop either way along a two-way street and arrive from either side, so a pair
of stops has up to four candidates. The hierarchy knows the ticks D from the start of one edge to
the start of another; from a share p of edge a to a share q of edge b it takes D - p·a + q·b.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.roads.graph import RoadGraph
from promesa.roads.hierarchy import UNREACHABLE_TICKS, Metric
from promesa.roads.snapping import Snap

_SIDES = ((0, 0), (0, 1), (1, 0), (1, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """The points that are on the network, each on one or two edges.

    Attributes:
        point: int64, [anchor], place in the list asked for; points off the network are left out.
        edge: int64, [anchor, 2]; the second repeats the first on a one-way street.
        fraction: float64, [anchor, 2], share of the edge that lies behind the place.
        offset_ticks: int64, [anchor, 2], that share in ticks.
        edges: uint32, sorted, all edges that occur.
        place: int64, [anchor, 2], where an edge stands in ``edges``.
    """

    point: NDArray[np.int64]
    edge: NDArray[np.int64]
    fraction: NDArray[np.float64]
    offset_ticks: NDArray[np.int64]
    edges: NDArray[np.uint32]
    place: NDArray[np.int64]

    @classmethod
    def of(cls, metric: Metric, snaps: Sequence[Snap | None]) -> Anchors:
        """The anchors of ``snaps`` at the speeds of ``metric``."""
        found = [(index, snap) for index, snap in enumerate(snaps) if snap is not None]
        edge = np.array([(s.edges[0], s.edges[-1]) for _, s in found], np.int64).reshape(-1, 2)
        fraction = np.array([(s.fractions[0], s.fractions[-1]) for _, s in found]).reshape(-1, 2)
        edges, place = np.unique(edge, return_inverse=True)
        return cls(
            point=np.array([index for index, _ in found], dtype=np.int64),
            edge=edge,
            fraction=fraction,
            offset_ticks=np.rint(fraction * metric.times.edge_ticks[edge]).astype(np.int64),
            edges=edges.astype(np.uint32),
            place=place.reshape(edge.shape),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTicks:
    """The best candidate of each pair.

    Attributes:
        ticks: int64, [row, anchor].
        origin_side, destination_side: int8, [row, anchor], which of the two edges is driven.
        is_loop: bool, [row, anchor], the place lies behind on the same edge: once around.
    """

    ticks: NDArray[np.int64]
    origin_side: NDArray[np.int8]
    destination_side: NDArray[np.int8]
    is_loop: NDArray[np.bool_]


def best_pairs(
    graph: RoadGraph, metric: Metric, anchors: Anchors, rows: NDArray[np.int64]
) -> PairTicks:
    """From the anchors ``rows`` to every anchor; of equal candidates the first side wins."""
    origins, origin_place = np.unique(anchors.place[rows], return_inverse=True)
    origin_place = origin_place.reshape(len(rows), 2)
    between = metric.ticks_between(anchors.edges[origins], anchors.edges)
    shape = (len(rows), len(anchors.point))
    ticks = np.full(shape, UNREACHABLE_TICKS, dtype=np.int64)
    sides = np.zeros((2, *shape), dtype=np.int8)
    is_loop = np.zeros(shape, dtype=np.bool_)
    for side, other in _SIDES:
        candidate = between[np.ix_(origin_place[:, side], anchors.place[:, other])]
        candidate -= anchors.offset_ticks[rows, side][:, None]
        candidate += anchors.offset_ticks[:, other][None, :]
        behind = _is_behind(anchors, rows, side, other)
        for row, column in np.argwhere(behind):
            edge = int(anchors.edge[rows[row], side])
            candidate[row, column] += loop_edges(graph, metric, edge)[0]
        better = candidate < ticks
        ticks[better] = candidate[better]
        sides[0][better], sides[1][better] = side, other
        is_loop[better] = behind[better]
    return PairTicks(ticks=ticks, origin_side=sides[0], destination_side=sides[1], is_loop=is_loop)


def _is_behind(
    anchors: Anchors, rows: NDArray[np.int64], side: int, other: int
) -> NDArray[np.bool_]:
    is_same = anchors.edge[rows, side][:, None] == anchors.edge[:, other][None, :]
    behind: NDArray[np.bool_] = is_same & (
        anchors.offset_ticks[:, other][None, :] < anchors.offset_ticks[rows, side][:, None]
    )
    return behind


def loop_edges(graph: RoadGraph, metric: Metric, edge: int) -> tuple[int, list[int]]:
    """Ticks and edges of the shortest way from the start of ``edge`` round to its start."""
    best_ticks, best_edges = UNREACHABLE_TICKS, [edge]
    for turn in range(graph.turn_first[edge], graph.turn_first[edge + 1]):
        ticks, edges = metric.edges_between(int(graph.turn_to[turn]), edge)
        ticks += int(metric.times.turn_ticks[turn])
        if ticks < best_ticks:
            best_ticks, best_edges = ticks, [edge, *edges]
    return best_ticks, best_edges
