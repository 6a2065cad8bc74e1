"""Finds rows of a large matrix in a worker process, from arrays in a folder and nothing else.

Each place has a node of its own in the hierarchy, from which both directions of its street are
left. So a place costs one search where two edges would cost two. This file imports no map: a
worker is small and starts at once.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from promesa.roads.hierarchy import (
    ORIGINS_PER_CALL,
    UNREACHABLE_TICKS,
    customised,
    loaded_topology,
)
from promesa.roads.traffic import seconds_of

UNREACHABLE = -1
ARCS_FOLDER = "arcs"
# The slice at hand, and the next one when a worker goes on to it.
_FINDERS_KEPT_MAX = 2
_CELL_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SliceKit:
    """One slice of traffic for a list of places.

    Attributes:
        weights: uint32, [arc], of the hierarchy with a node for each place.
        start_ticks: What leaving the node of a place counts beyond the way.
        edges: uint32, [target], edges that places lie on.
        target: int64, [place, 2], where an edge stands in ``edges``.
        offset_ticks: int64, [place, 2], from the start of the edge to the place.
        point: int64, [place], column of the matrix; the columns between are off the network.
        near_row, near_column: int64, [pair], places on one street.
        near_ticks: int64, [pair], what it takes between them.
    """

    weights: NDArray[np.uint32]
    start_ticks: NDArray[np.int64]
    edges: NDArray[np.uint32]
    target: NDArray[np.int64]
    offset_ticks: NDArray[np.int64]
    point: NDArray[np.int64]
    near_row: NDArray[np.int64]
    near_column: NDArray[np.int64]
    near_ticks: NDArray[np.int64]

    def save(self, path: Path) -> None:
        """Writes all arrays to one .npz file."""
        np.savez(path, **{item.name: getattr(self, item.name) for item in fields(self)})

    @classmethod
    def load(cls, path: Path) -> SliceKit:
        """Reads what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{item.name: arrays[item.name] for item in fields(cls)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some rows of one slice, and where they go.

    Attributes:
        folder: Where the kits and the hierarchy of the places are.
        path: The file of the matrix.
        points: Columns of a row.
        slice_index: Which slice of the file, and which kit.
        first, after: The rows, ``after`` outside.
    """

    folder: Path
    path: Path
    points: int
    slice_index: int
    first: int
    after: int

    @property
    def name(self) -> str:
        """What the manifest calls it."""
        return f"{self.slice_index}:{self.first}:{self.after}"

    @property
    def offset(self) -> int:
        """Bytes of the file before it."""
        return (self.slice_index * self.points + self.first) * self.points * _CELL_BYTES

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return (self.after - self.first) * self.points * _CELL_BYTES


def kit_file(folder: Path, slice_index: int) -> Path:
    """Where the kit of a slice stands."""
    return folder / f"slice-{slice_index}.npz"


def write_chunk(chunk: Chunk) -> int:
    """Finds the rows of ``chunk`` and writes them; the check sum of its bytes."""
    finder = _finder(chunk.folder, chunk.slice_index)
    rows = finder.rows(chunk.first, chunk.after, chunk.points).tobytes()
    with chunk.path.open("r+b") as file:
        file.seek(chunk.offset)
        file.write(rows)
    return zlib.crc32(rows)


@lru_cache(maxsize=_FINDERS_KEPT_MAX)
def _finder(folder: Path, slice_index: int) -> RowFinder:
    kit = SliceKit.load(kit_file(folder, slice_index))
    return RowFinder(kit, loaded_topology(folder / ARCS_FOLDER))


class RowFinder:
    """Finds rows of a matrix from a kit."""

    def __init__(self, kit: SliceKit, topology: Any) -> None:
        """Takes the hierarchy that has a node for each place, after those of the streets."""
        self._kit = kit
        self._metric = customised(topology, self._kit.weights)
        self._first_node = topology.node_count - len(self._kit.point)
        self._lock = Lock()

    def rows(self, first: int, after: int, points: int) -> NDArray[np.int32]:
        """int32, [row, points], seconds from the points ``first`` to ``after`` (outside)."""
        kit = self._kit
        seconds = np.full((after - first, points), UNREACHABLE, dtype=np.int32)
        places = np.flatnonzero((kit.point >= first) & (kit.point < after))
        for start in range(0, len(places), ORIGINS_PER_CALL):
            chosen = places[start : start + ORIGINS_PER_CALL]
            seconds[np.ix_(kit.point[chosen] - first, kit.point)] = self._seconds(chosen)
        return seconds

    def _seconds(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        kit = self._kit
        nodes = (places + self._first_node).astype(np.uint32)
        with self._lock:
            between = self._metric.distances_many_to_many(nodes, kit.edges)
        offsets = kit.offset_ticks.astype(np.uint32)
        one = between[:, kit.target[:, 0]] + offsets[:, 0]
        other = between[:, kit.target[:, 1]] + offsets[:, 1]
        ticks = np.minimum(one, other).astype(np.int64)
        is_reachable = ticks < UNREACHABLE_TICKS
        ticks -= kit.start_ticks[0]
        first, after = np.searchsorted(kit.near_row, (places[0], places[-1] + 1))
        near = kit.near_row[first:after] - places[0], kit.near_column[first:after]
        ticks[near] = kit.near_ticks[first:after]
        is_reachable[near] = ticks[near] < UNREACHABLE_TICKS
        return np.where(is_reachable, seconds_of(ticks), UNREACHABLE)
