"""Tolls between all points of a matrix, from the times to and from the gates.

A fastest path goes through a gate when going there and on from there takes no longer than the
path itself. So one search to each gate and one from it answer for every pair, where following
the paths would take twenty times as long as the matrix (see trees).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from promesa.roads.charges import Charge
from promesa.roads.graph import RoadGraph
from promesa.roads.hierarchy import UNREACHABLE_TICKS, Metric
from promesa.roads.pairs import Anchors, best_pairs
from promesa.roads.places import Places
from promesa.roads.traffic import seconds_of


def tolls_between(
    graph: RoadGraph,
    metric: Metric,
    places: Places,
    charges: Sequence[Charge],
    seconds: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Pesos paid between all points: int32, [n, n], row = origin; 0 where no way leads.

    ``seconds`` is the matrix of the same places and metric: int32, [n, n].
    """
    tolls = np.zeros(seconds.shape, dtype=np.int32)
    if not charges or not len(places.point):
        return tolls
    anchors, gates = Anchors.of(metric, places), Anchors.of(metric, _gates(places, charges))
    there = best_pairs(graph, metric, anchors, gates).ticks
    on = best_pairs(graph, metric, gates, anchors).ticks
    spot = np.ix_(places.point, places.point)
    direct_s, paid = seconds[spot], np.zeros((len(places.point), len(places.point)), np.int32)
    for number, charge in enumerate(charges):
        to_gate, from_gate = there[:, number, None], on[number, None, :]
        is_way = (to_gate < UNREACHABLE_TICKS) & (from_gate < UNREACHABLE_TICKS)
        passes = is_way & (seconds_of(to_gate + from_gate) <= direct_s)
        paid[passes] += round(charge.clp)
    np.fill_diagonal(paid, 0)
    tolls[spot] = paid
    return tolls


def _gates(places: Places, charges: Sequence[Charge]) -> Places:
    """The gates as places on their own edge, numbered after the points."""
    edge = np.array([charge.edge for charge in charges], dtype=np.int64)
    fraction = np.array([charge.fraction for charge in charges], dtype=np.float64)
    return Places(
        count=places.count + len(charges),
        point=np.arange(places.count, places.count + len(charges)),
        edge=np.repeat(edge[:, None], 2, axis=1),
        fraction=np.repeat(fraction[:, None], 2, axis=1),
    )
