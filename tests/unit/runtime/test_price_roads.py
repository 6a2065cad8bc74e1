"""Prices go by the streets as they are now, and never fail where a closure leaves no way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from promesa.roads.network import UNREACHABLE, UnreachableError
from promesa.roads.overlay import CLOSED_KPH, LiveOverlay, LiveSpeed
from promesa.runtime.price_roads import PriceRoads
from tests.unit.roads.test_network import BLOCKS, WORKDAY_8, WORKDAY_14


def test_a_closure_is_driven_round_and_who_is_inside_is_reached_as_usual(tmp_path: Path) -> None:
    """From a to c along the south: round by the north once b-c is closed; a door in b-c stays."""
    usual = BLOCKS.network(tmp_path)
    points = [BLOCKS.at(0, 0), BLOCKS.at(2, 0.1), BLOCKS.at(1.5, 0)]
    snap = usual.snap(points[2])
    assert snap is not None
    marked = [
        LiveSpeed(
            edge=edge,
            speed_kph=CLOSED_KPH,
            start=WORKDAY_8,
            end=WORKDAY_8 + timedelta(hours=1),
            source="dispatcher",
        )
        for edge in snap.edges
    ]
    now = usual.with_live(LiveOverlay(tuple(marked)))
    before, closed = usual.matrix(points, WORKDAY_8), now.matrix(points, WORKDAY_8)
    assert closed[0, 1] > before[0, 1]
    assert closed[0, 2] == UNREACHABLE
    roads = PriceRoads(now, usual)
    seconds = roads.matrix(points, WORKDAY_8)
    assert (seconds[0, 1], seconds[0, 2]) == (closed[0, 1], before[0, 2])
    with pytest.raises(UnreachableError):
        now.path(points[0], points[2], WORKDAY_8)
    assert roads.path(points[0], points[2], WORKDAY_8).duration_s == before[0, 2]
    assert roads.matrix(points, WORKDAY_14).tolist() == usual.matrix(points, WORKDAY_14).tolist()
