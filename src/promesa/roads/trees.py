"""Metres and tolls along the fastest paths of a whole matrix row at once.

The hierarchy gives one quantity, time. From the times of one origin to every edge follows the
tree of fastest paths, and from the tree whatever adds up along it; 15 ms an origin, where
unpacking the paths one by one would take 0.1 ms a pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.roads.charges import Charge
from promesa.roads.graph import RoadGraph
from promesa.roads.hierarchy import UNREACHABLE_TICKS, Metric
from promesa.roads.pairs import Anchors, PairTicks, loop_edges


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AlongTrees:
    """What adds up along the fastest paths.

    Attributes:
        metres: float64, [origin, destination].
        toll_clp: float64, [origin, destination].
    """

    metres: NDArray[np.float64]
    toll_clp: NDArray[np.float64]


def sums_along_trees(
    graph: RoadGraph,
    metric: Metric,
    origins: Anchors,
    destinations: Anchors,
    pairs: PairTicks,
    *,
    charges: Sequence[Charge] = (),
) -> AlongTrees:
    """Metres, and what ``charges`` cost, along the paths that ``pairs`` found."""
    amounts = _amounts(graph, charges)
    everyone = np.arange(len(destinations.point))
    origin = np.take_along_axis(origins.edge, pairs.origin_side, axis=1)
    destination = destinations.edge[everyone, pairs.destination_side]
    sums = np.zeros((len(amounts), *pairs.ticks.shape))
    for edge in np.unique(origin):
        chosen = origin == edge
        sums[:, chosen] = _tree_sums(graph, metric, int(edge), amounts)[:, destination[chosen]]
    for row, column in np.argwhere(pairs.is_loop & pairs.is_reachable):
        around = loop_edges(graph, metric, int(origin[row, column]))[1]
        sums[:, row, column] = amounts[:, around[:-1]].sum(axis=1)
    behind = np.take_along_axis(origins.fraction, pairs.origin_side, axis=1)
    ahead = destinations.fraction[everyone, pairs.destination_side]
    metres = sums[0]
    toll_clp = sums[1] if charges else np.zeros_like(metres)
    metres += ahead * amounts[0, destination] - behind * amounts[0, origin]
    for charge in charges:
        toll_clp += charge.clp * ((destination == charge.edge) & (ahead >= charge.fraction))
        toll_clp -= charge.clp * ((origin == charge.edge) & (behind >= charge.fraction))
    return AlongTrees(metres=metres, toll_clp=toll_clp)


def tolls_along(
    edges: Sequence[int], fractions: tuple[float, float], charges: Sequence[Charge]
) -> float:
    """Pesos along a chain of edges from a share of the first to a share of the last."""
    by_edge: dict[int, list[Charge]] = {}
    for charge in charges:
        by_edge.setdefault(charge.edge, []).append(charge)
    paid = 0.0
    for place, edge in enumerate(edges):
        after = fractions[0] if place == 0 else -1.0
        until = fractions[1] if place == len(edges) - 1 else 1.0
        paid += sum(c.clp for c in by_edge.get(edge, ()) if after < c.fraction <= until)
    return paid


def _amounts(graph: RoadGraph, charges: Sequence[Charge]) -> NDArray[np.float64]:
    """float64, [quantity, edge], of whole edges: metres, and pesos where anything is charged."""
    amounts = np.zeros((2 if charges else 1, graph.edge_count))
    amounts[0] = graph.segment_length_m[graph.edge_segment]
    for charge in charges:
        amounts[1, charge.edge] += charge.clp
    return amounts


def _tree_sums(
    graph: RoadGraph, metric: Metric, origin: int, amounts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """float64, [quantity, edge], from the start of ``origin`` to the start of each edge."""
    parent = _parents(graph, metric, origin)
    sums = np.where(parent == np.arange(len(parent)), 0.0, amounts[:, parent])
    ancestor = parent
    # Each round doubles how far up every edge has looked: log2 of the longest path.
    while np.any(ancestor != origin):
        sums = sums + sums[:, ancestor]
        ancestor = ancestor[ancestor]
    return sums


def _parents(graph: RoadGraph, metric: Metric, origin: int) -> NDArray[np.int64]:
    """The edge before each edge on its fastest path; of equal ones the lowest."""
    everywhere = np.arange(graph.edge_count, dtype=np.uint32)
    ticks = metric.ticks_between(np.array([origin], dtype=np.uint32), everywhere)[0]
    tight = ticks[graph.turn_from] + metric.times.turn_ticks == ticks[graph.turn_to]
    tight &= (ticks[graph.turn_from] < UNREACHABLE_TICKS) & (
        metric.times.turn_ticks < UNREACHABLE_TICKS
    )
    # Written backwards: the first turn of the list is written last and stays.
    turns = np.flatnonzero(tight)[::-1]
    parent = np.full(graph.edge_count, origin, dtype=np.int64)
    parent[graph.turn_to[turns]] = graph.turn_from[turns]
    parent[origin] = origin
    return parent
