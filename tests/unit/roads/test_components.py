"""The largest strongly connected part, and islands."""

from __future__ import annotations

import numpy as np

from promesa.roads.components import large_islands, largest_component


def test_nodes_that_cannot_be_left_or_reached_are_outside() -> None:
    # 0 → (1 ⇄ 2 ⇄ 3) → 4, and 5 ⇄ 6 apart
    arcs = [(0, 1), (1, 2), (2, 1), (2, 3), (3, 2), (3, 4), (5, 6), (6, 5)]
    tails, heads = np.array(arcs, dtype=np.uint32).T
    marked = largest_component(7, tails, heads)
    assert np.flatnonzero(marked).tolist() == [1, 2, 3]


def test_only_pieces_of_enough_arcs_are_islands() -> None:
    arcs = [(0, 1), (1, 0), (2, 3), (3, 2), (3, 4), (5, 6)]
    tails, heads = np.array(arcs, dtype=np.int32).T
    is_main = np.array([True, True, False, False, False, False])
    assert large_islands(tails, heads, is_main, 3).tolist() == [False, False, *[True] * 3, False]
