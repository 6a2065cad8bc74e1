"""A few clicks along a street are one piece of it, however it bends; else it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from promesa.roads.network import RoadNetwork
from promesa.runtime.traffic import StreetTools
from tests.support.towns import Street, Town

# Curva goes round a hill, some 330 m off the straight line between its ends, in five blocks:
# j---b-------d---k
#     |       |
# a---e       f---g    and far in the south, on its own: h---i
#     |       |
#     l       m
TOWN = Town(
    junctions={
        "a": (0, 0), "e": (3, 0), "b": (3, 3), "d": (7, 3), "f": (7, 0), "g": (10, 0),
        "h": (0, -9), "i": (5, -9), "j": (0, 3), "k": (10, 3), "l": (3, -3), "m": (7, -3),
    },
    streets=(
        Street(along="aebdfg", tags={"name": "Curva"}),
        Street(along="hi", tags={"name": "Isla"}),
        Street(along="jb"), Street(along="dk"), Street(along="el"), Street(along="fm"),
    ),
)  # fmt: skip
ENDS = [TOWN.at(1, 0.05), TOWN.at(9, -0.05)]


@pytest.fixture(name="network")
def _network(tmp_path: Path) -> RoadNetwork:
    return TOWN.network(tmp_path)


def blocks_of(network: RoadNetwork, edges: list[int]) -> int:
    return len({int(network.graph.edge_segment[edge]) for edge in edges})


@pytest.mark.parametrize("is_both_ways", [True, False])
def test_two_clicks_mark_the_bends_between_them(network: RoadNetwork, is_both_ways: bool) -> None:
    found = StreetTools(network).stretch(ENDS, is_both_ways=is_both_ways)
    assert found.is_joined
    assert blocks_of(network, found.edges) == 5
    assert len(found.edges) == (10 if is_both_ways else 5)


def test_pieces_that_no_street_joins_are_told(network: RoadNetwork) -> None:
    across = [TOWN.at(1, 0), TOWN.at(2.9, 0), TOWN.at(1, -9), TOWN.at(4, -9)]
    found = StreetTools(network).stretch(across, is_both_ways=True)
    assert blocks_of(network, found.edges) == 2
    assert not found.is_joined
