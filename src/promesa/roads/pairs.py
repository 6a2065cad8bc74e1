"""Shortest ticks between places inside edges, both directions of each street tried.

A van may leave a stop either way along a two-way street and arrive from either side, so a pair
of stops has up to four candidates. The hierarchy knows the ticks D from the start of one edge to
the start of another; from a share p of edge a to a share q of edge b it takes D - p·a + q·b.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.roads.graph import RoadGraph
from promesa.roads.hierarchy import UNREACHABLE_TICKS, Metric
from promesa.roads.places import Places

_SIDES = ((0, 0), (0, 1), (1, 0), (1, 1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Anchors:
    """Places at the speeds of one metric.

    Attributes:
        point, edge, fraction: As in Places.
        offset_ticks: int64, [anchor, 2], the share behind the place in ticks.
        is_closed: bool, [anchor, 2], nobody may enter the edge.
        edges: uint32, sorted, all edges that occur.
        place: int64, [anchor, 2], where an edge stands in ``edges``.
    """

    point: NDArray[np.int64]
    edge: NDArray[np.int64]
    fraction: NDArray[np.float64]
    offset_ticks: NDArray[np.int64]
    is_closed: NDArray[np.bool_]
    edges: NDArray[np.uint32]
    place: NDArray[np.int64]

    @classmethod
    def of(cls, metric: Metric, places: Places) -> Anchors:
        """The anchors of ``places`` at the speeds of ``metric``."""
        edge, times = places.edge, metric.times
        edges, place = np.unique(edge, return_inverse=True)
        return cls(
            point=places.point,
            edge=edge,
            fraction=places.fraction,
            offset_ticks=np.rint(places.fraction * times.edge_ticks[edge]).astype(np.int64),
            is_closed=times.is_closed[edge],
            edges=edges.astype(np.uint32),
            place=place.reshape(edge.shape),
        )

    def chosen(self, rows: slice) -> Anchors:
        """Some of the anchors, with just their edges."""
        edges, place = np.unique(self.edge[rows], return_inverse=True)
        return Anchors(
            point=self.point[rows],
            edge=self.edge[rows],
            fraction=self.fraction[rows],
            offset_ticks=self.offset_ticks[rows],
            is_closed=self.is_closed[rows],
            edges=edges.astype(np.uint32),
            place=place.reshape(-1, 2),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairTicks:
    """The best candidate of each pair.

    Attributes:
        ticks: int64, [row, anchor], UNREACHABLE_TICKS where no way leads.
        origin_side, destination_side: int8, [row, anchor], which of the two edges is driven.
        is_loop: bool, [row, anchor], the place lies behind on the same edge: once around.
    """

    ticks: NDArray[np.int64]
    origin_side: NDArray[np.int8]
    destination_side: NDArray[np.int8]
    is_loop: NDArray[np.bool_]

    @property
    def is_reachable(self) -> NDArray[np.bool_]:
        """bool, [row, anchor]."""
        return self.ticks < UNREACHABLE_TICKS


def best_pairs(
    graph: RoadGraph, metric: Metric, origins: Anchors, destinations: Anchors
) -> PairTicks:
    """From ``origins`` to ``destinations``; of equal candidates the first side wins.

    One search an edge of the shorter list: forward from the origins, or back from the destinations.
    """
    if len(destinations.edges) < len(origins.edges):
        between = metric.ticks_to(destinations.edges, origins.edges).T
    else:
        between = metric.ticks_between(origins.edges, destinations.edges)
    shape = (len(origins.point), len(destinations.point))
    ticks = np.full(shape, UNREACHABLE_TICKS, dtype=np.int64)
    sides = np.zeros((2, *shape), dtype=np.int8)
    is_loop = np.zeros(shape, dtype=np.bool_)
    for side, other in _SIDES:
        candidate = between[np.ix_(origins.place[:, side], destinations.place[:, other])]
        is_way = (candidate < UNREACHABLE_TICKS) & ~destinations.is_closed[:, other][None, :]
        candidate -= origins.offset_ticks[:, side][:, None]
        candidate += destinations.offset_ticks[:, other][None, :]
        is_behind = _is_behind(origins, destinations, side, other)
        for edge in np.unique(origins.edge[is_behind.any(axis=1), side]).tolist():
            around = is_behind & (origins.edge[:, side] == edge)[:, None]
            candidate[around] += loop_edges(graph, metric, edge)[0]
        better = is_way & (candidate < ticks)
        ticks[better] = candidate[better]
        sides[0][better], sides[1][better] = side, other
        is_loop[better] = is_behind[better]
    # Whoever stands on a closed street is still where he is.
    ticks[origins.point[:, None] == destinations.point[None, :]] = 0
    return PairTicks(ticks=ticks, origin_side=sides[0], destination_side=sides[1], is_loop=is_loop)


def _is_behind(origins: Anchors, destinations: Anchors, side: int, other: int) -> NDArray[np.bool_]:
    is_same = origins.edge[:, side][:, None] == destinations.edge[:, other][None, :]
    behind: NDArray[np.bool_] = is_same & (
        destinations.offset_ticks[:, other][None, :] < origins.offset_ticks[:, side][:, None]
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
