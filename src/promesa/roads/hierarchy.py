"""The customizable contraction hierarchy: shortest times over the graph's turns, very fast.

Dibbelt, Strasser and Wagner 2016, doi 10.1145/2886843, as RoutingKit implements it. A node of the
hierarchy is an edge of the road graph, an arc is a turn. This file alone knows pyroutingkit; it
checks every id, because the library does not.
"""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyroutingkit
from numpy.typing import NDArray

from promesa.roads.graph import RoadGraph
from promesa.roads.traffic import TravelTimes

UNREACHABLE_TICKS = int(pyroutingkit.INF_WEIGHT)
# A metric of a large city takes about 10 MB; fifteen hours of work ask for 31 half hours, and one
# kept less than a day asks for would be none: the day begins anew with the one thrown away.
METRICS_KEPT_MAX = 32
_ARC_FILES = ("tail", "head", "order")
# So many origins at once keep a matrix as fast as all at once, and let others in between.
ORIGINS_PER_CALL = 32


def build_hierarchy(graph: RoadGraph, folder: Path) -> None:
    """Orders the graph by nested dissection and saves the order; 3 s for a large city."""
    middle = (graph.segment_first[:-1] + graph.segment_first[1:] - 1) // 2
    topology = pyroutingkit.CCHTopology()
    topology.build(
        graph.turn_from,
        graph.turn_to,
        graph.lats[middle][graph.edge_segment].astype(np.float32),
        graph.lons[middle][graph.edge_segment].astype(np.float32),
        graph.edge_count,
    )
    folder.mkdir(parents=True, exist_ok=True)
    topology.save(str(folder))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arcs:
    """A directed graph and the order its nodes are contracted in.

    Attributes:
        tail, head: uint32, [arc], sorted by tail.
        order: uint32, [node], the node contracted first stands first.
    """

    tail: NDArray[np.uint32]
    head: NDArray[np.uint32]
    order: NDArray[np.uint32]

    @classmethod
    def load(cls, folder: Path) -> Arcs:
        """Reads what the library saved."""
        tail, head, order = (np.fromfile(folder / name, np.uint32) for name in _ARC_FILES)
        return cls(tail=tail, head=head, order=order)

    def save(self, folder: Path) -> None:
        """Writes it as the library does."""
        rank = np.empty_like(self.order)
        rank[self.order] = np.arange(len(self.order), dtype=np.uint32)
        arrays = (self.tail, self.head, self.order, rank, np.array([len(rank)], np.uint32))
        for name, array in zip((*_ARC_FILES, "rank", "node_count"), arrays, strict=True):
            array.astype(np.uint32).tofile(folder / name)

    def backward(self) -> Arcs:
        """The same arcs the other way round, in the same order as here."""
        return Arcs(tail=self.head, head=self.tail, order=self.order)

    def topology(self) -> Any:
        """The library's form: 0.1 s for a large city."""
        with tempfile.TemporaryDirectory(prefix="promesa-arcs-") as folder:
            self.save(Path(folder))
            return loaded_topology(Path(folder))


def loaded_topology(folder: Path) -> Any:
    """The library's form of what was saved in ``folder``."""
    topology = pyroutingkit.CCHTopology()
    topology.load(str(folder))
    return topology


class Metric:
    """Shortest times in one slice of traffic; every question is answered in ticks."""

    def __init__(self, topology: Any, times: TravelTimes, make_backward: Callable[[], Any]) -> None:
        self.times = times
        # The library keeps the state of a question in its metric, and lets go of the interpreter.
        self._lock = Lock()
        self._edge_count = len(times.edge_ticks)
        self._metric = customised(topology, times.turn_ticks)
        self._make_backward = make_backward
        self._backward: Any = None

    def ticks_between(
        self, origins: NDArray[np.uint32], destinations: NDArray[np.uint32]
    ) -> NDArray[np.int64]:
        """int64, [origin, destination], from the start of an edge to the start of another."""
        self._check(origins)
        self._check(destinations)
        between = np.empty((len(origins), len(destinations)), dtype=np.int64)
        for first in range(0, len(origins), ORIGINS_PER_CALL):
            rows = slice(first, first + ORIGINS_PER_CALL)
            with self._lock:
                between[rows] = self._metric.distances_many_to_many(origins[rows], destinations)
        return between

    def ticks_to(
        self, destinations: NDArray[np.uint32], origins: NDArray[np.uint32]
    ) -> NDArray[np.int64]:
        """int64, [destination, origin], as ``ticks_between``, searched from the destinations.

        The first call takes 0.1 s to make the metric of the reversed graph.
        """
        self._check(origins)
        self._check(destinations)
        with self._lock:
            if self._backward is None:
                self._backward = customised(self._make_backward(), self.times.turn_ticks)
            found = self._backward.distances_many_to_many(destinations, origins)
        ticks: NDArray[np.int64] = found.astype(np.int64)
        return ticks

    def edges_between(self, origin: int, destination: int) -> tuple[int, list[int]]:
        """Ticks from the start of ``origin`` to that of ``destination``, and the edges, both in."""
        self._check(np.array([origin, destination], dtype=np.int64))
        with self._lock:
            ticks, edges, _ = self._metric.query(origin, destination)
        return int(ticks), [int(edge) for edge in edges]

    def _check(self, edges: NDArray[Any]) -> None:
        if len(edges) and not (edges.min() >= 0 and edges.max() < self._edge_count):
            raise IndexError("an edge id is outside the graph")


def customised(topology: Any, weights: NDArray[np.uint32]) -> Any:
    """The library's metric of a topology: 0.06 s for a large city."""
    metric = pyroutingkit.CCHMetric(topology)
    metric.customize(weights)
    return metric


class Hierarchy:
    """The order of the graph, and the metrics asked for lately."""

    def __init__(self, graph: RoadGraph, arcs: Arcs, topology: Any) -> None:
        self.arcs = arcs
        self._graph = graph
        self._topology = topology
        self._backward: Any = None
        self._lengths: Metric | None = None
        self._metrics: OrderedDict[Hashable, Metric] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def load(cls, graph: RoadGraph, folder: Path) -> Hierarchy:
        """Reads what ``build_hierarchy`` saved."""
        return cls(graph, Arcs.load(folder), loaded_topology(folder))

    def without_metrics(self) -> Hierarchy:
        """The same order without metrics: for other speeds, which keep their own."""
        return Hierarchy(self._graph, self.arcs, self._topology)

    def length_metric(self) -> Metric:
        """Millimetres in place of ticks: the shortest ways, whatever the hour."""
        if self._lengths is None:
            graph = self._graph
            length_mm = np.rint(graph.segment_length_m[graph.edge_segment] * 1000)
            length_mm = np.maximum(1, length_mm).astype(np.int64)
            lengths = TravelTimes(
                edge_ticks=length_mm,
                turn_ticks=length_mm[graph.turn_from].astype(np.uint32),
                is_closed=np.zeros(graph.edge_count, dtype=np.bool_),
            )
            self._lengths = self._made(lengths)
        return self._lengths

    def metric(self, key: Hashable, make_times: Callable[[], TravelTimes]) -> Metric:
        """The metric known as ``key``: made in about 0.1 s when first asked for, then kept."""
        with self._lock:
            metric = self._metrics.get(key)
            if metric is None:
                metric = self._made(make_times())
                self._metrics[key] = metric
            self._metrics.move_to_end(key)
            while len(self._metrics) > METRICS_KEPT_MAX:
                self._metrics.popitem(last=False)
        return metric

    def _made(self, times: TravelTimes) -> Metric:
        return Metric(self._topology, times, self._backward_topology)

    def _backward_topology(self) -> Any:
        if self._backward is None:
            self._backward = self.arcs.backward().topology()
        return self._backward
