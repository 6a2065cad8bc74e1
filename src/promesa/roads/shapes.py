"""The drawn line and the length of a chain of edges whose ends are driven in part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import Position
from promesa.roads.graph import RoadGraph, step_lengths_m


def length_along_m(graph: RoadGraph, edges: Sequence[int], fractions: tuple[float, float]) -> float:
    """Metres from a share of the first edge to a share of the last."""
    length_m = graph.segment_length_m[graph.edge_segment[list(edges)]]
    behind_m, ahead_m = fractions[0] * length_m[0], fractions[1] * length_m[-1]
    return float(length_m[:-1].sum() - behind_m + ahead_m)


def joined_geometry(
    graph: RoadGraph, edges: Sequence[int], fractions: tuple[float, float]
) -> tuple[Position, ...]:
    """The positions along ``edges``, no two neighbours alike unless the path has no length."""
    chain = np.asarray(edges)
    first = _piece(graph, chain[0], fractions[0], fractions[1] if len(chain) == 1 else 1.0)
    parts = [first, _whole(graph, chain[1:-1])]
    if len(chain) > 1:
        parts.append(_piece(graph, chain[-1], 0.0, fractions[1]))
    joined = np.concatenate(parts)
    is_new = np.concatenate(([True], np.any(np.diff(joined, axis=0) != 0, axis=1)))
    kept = joined[is_new] if is_new.sum() > 1 else joined[[0, -1]]
    return tuple(Position(lon=lon, lat=lat) for lon, lat in kept.tolist())


def _whole(graph: RoadGraph, edges: NDArray[np.int64]) -> NDArray[np.float64]:
    """float64, [point, 2], all points of ``edges``, each in its direction of travel."""
    segments = graph.edge_segment[edges]
    is_reverse = graph.edge_is_reverse[edges]
    first, after = graph.segment_first[segments], graph.segment_first[segments + 1]
    counts = after - first
    start = np.where(is_reverse, after - 1, first)
    step = np.where(is_reverse, -1, 1)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    points = np.repeat(start, counts) + np.repeat(step, counts) * within
    return np.column_stack((graph.lons[points], graph.lats[points]))


def _piece(graph: RoadGraph, edge: int, start: float, end: float) -> NDArray[np.float64]:
    """float64, [point, 2], the piece of an edge between two shares of its length."""
    lons, lats = graph.points_of(edge)
    along_m = np.concatenate(([0.0], np.cumsum(step_lengths_m(lons, lats))))
    from_m, to_m = start * along_m[-1], end * along_m[-1]
    inside = (along_m > from_m) & (along_m < to_m)
    stations_m = np.concatenate(([from_m], along_m[inside], [to_m]))
    return np.column_stack(
        (np.interp(stations_m, along_m, lons), np.interp(stations_m, along_m, lats))
    )
