"""The hierarchy finds what a plain search finds, on towns drawn at random."""

from __future__ import annotations

import heapq
import random
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from promesa.roads.hierarchy import UNREACHABLE_TICKS, Metric
from promesa.roads.network import RoadNetwork
from tests.support.towns import Street, Town

SIDE = 5
LETTERS = "abcdefghijklmnopqrstuvwxy"


def random_town(seed: int) -> Town:
    """A grid of 25 junctions, its streets one-way, two-way or missing."""
    draw = random.Random(seed)
    junctions = {
        letter: (place % SIDE + draw.uniform(-0.3, 0.3), place // SIDE + draw.uniform(-0.3, 0.3))
        for place, letter in enumerate(LETTERS)
    }
    pairs = [(i, i + 1) for i in range(25) if i % SIDE < SIDE - 1]
    pairs += [(i, i + SIDE) for i in range(20)]
    ways = [("yes", "-1", "no", "no", "gone")[draw.randrange(5)] for _ in pairs]
    streets = tuple(
        Street(along=LETTERS[i] + LETTERS[j], tags={"oneway": oneway})
        for (i, j), oneway in zip(pairs, ways, strict=True)
        if oneway != "gone"
    )
    return Town(junctions=junctions, streets=streets)


def plain_search(network: RoadNetwork, metric: Metric, origin: int) -> list[int]:
    """Dijkstra over turns, written as plainly as can be."""
    graph = network.graph
    best = [UNREACHABLE_TICKS] * graph.edge_count
    best[origin] = 0
    queue = [(0, origin)]
    while queue:
        ticks, edge = heapq.heappop(queue)
        for turn in range(graph.turn_first[edge], graph.turn_first[edge + 1]):
            reached = ticks + int(metric.times.turn_ticks[turn])
            onto = int(graph.turn_to[turn])
            if reached < best[onto]:
                best[onto] = reached
                heapq.heappush(queue, (reached, onto))
    return best


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_hierarchy_agrees_with_a_plain_search(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        network = random_town(seed).network(Path(folder))
    metric = network.metric(None)
    everywhere = np.arange(network.graph.edge_count, dtype=np.uint32)
    found = metric.ticks_between(everywhere, everywhere)
    for origin in everywhere.tolist():
        assert found[origin].tolist() == plain_search(network, metric, origin)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_matrix_agrees_with_the_paths(seed: int) -> None:
    town = random_town(seed)
    with tempfile.TemporaryDirectory() as folder:
        network = town.network(Path(folder))
    draw = random.Random(seed)
    points = [town.at(draw.uniform(0, SIDE), draw.uniform(0, SIDE)) for _ in range(6)]
    matrix = network.matrix_with_distances(points, None)
    for i, j in np.argwhere(matrix.duration_s >= 0).tolist():
        path = network.path(points[i], points[j], None)
        found = path.duration_s, path.distance_m
        assert found == (matrix.duration_s[i, j], matrix.distance_m[i, j])


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_a_node_for_each_place_finds_what_trying_all_sides_finds(seed: int) -> None:
    town = random_town(seed)
    with tempfile.TemporaryDirectory() as folder:
        network = town.network(Path(folder))
    draw = random.Random(seed)
    points = [town.at(draw.uniform(0, SIDE), draw.uniform(0, SIDE)) for _ in range(30)]
    pairs = network.matrix(points, None)
    with mock.patch("promesa.roads.network._PAIRS_POINTS_MAX", 0):
        assert network.matrix(points, None).tolist() == pairs.tolist()
