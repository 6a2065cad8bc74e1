"""Which hour an instant falls in, and what the hour does to travel times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from promesa.roads.assembly import assembled_graph
from promesa.roads.profiles import CLASS_INDEX, SpeedTable, SpeedTableError
from promesa.roads.traffic import (
    ALL_SLICES,
    TICKS_PER_S,
    TrafficSlice,
    seconds_of,
    slice_at,
    travel_times,
)
from tests.support.towns import Street, Town

CHILE_SUMMER = timezone(timedelta(hours=-3))


@pytest.mark.parametrize(
    ("departure", "expected"),
    [
        (datetime(2026, 11, 23, 8, 59, tzinfo=CHILE_SUMMER), TrafficSlice(0, 8)),
        (datetime(2026, 11, 23, 11, 59, tzinfo=UTC), TrafficSlice(0, 8)),
        (datetime(2026, 11, 28, 8, 0, tzinfo=CHILE_SUMMER), TrafficSlice(1, 8)),
        (datetime(2026, 11, 29, 23, 0, tzinfo=CHILE_SUMMER), TrafficSlice(2, 23)),
        # In winter Chile is an hour further from UTC.
        (datetime(2026, 7, 6, 12, 30, tzinfo=UTC), TrafficSlice(0, 8)),
    ],
)
def test_an_instant_falls_in_the_hour_of_the_citys_clocks(
    departure: datetime, expected: TrafficSlice
) -> None:
    assert slice_at(departure) == expected


def test_a_segment_is_driven_at_the_speed_of_its_class_or_of_its_sign(tmp_path: Path) -> None:
    town = Town(
        junctions={"a": (0, 0), "b": (1, 0), "c": (2, 0)},
        streets=(
            Street(along="ab", tags={"highway": "primary"}),
            Street(along="bc", tags={"highway": "primary", "maxspeed": "20"}),
        ),
    )
    graph, table = assembled_graph(town.extract(tmp_path)), SpeedTable.load()
    night = travel_times(graph, table, TrafficSlice(0, 3)).edge_ticks / TICKS_PER_S
    free_kph = table.free_flow_kph[CLASS_INDEX["primary"]]
    expected_s = graph.segment_length_m[graph.edge_segment] * 3.6
    expected_s /= np.where(graph.edge_segment == 0, free_kph, 20)
    assert night == pytest.approx(expected_s, abs=0.001)


def test_eight_in_the_morning_follows_the_measured_delay() -> None:
    table = SpeedTable.load()
    share = table.shares[0, 8, CLASS_INDEX["primary"]]
    assert 1 / share == pytest.approx(1.73, abs=0.01)


def test_no_hour_is_faster_than_an_empty_road() -> None:
    table = SpeedTable.load()
    assert all(table.shares[s.day_kind, s.hour].max() <= 1 for s in ALL_SLICES)


def test_half_a_second_rounds_up() -> None:
    ticks = np.array([0, TICKS_PER_S // 2 - 1, TICKS_PER_S // 2, TICKS_PER_S])
    assert seconds_of(ticks).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("broken", ["", "[free_flow_kph]\nmotorway = 80\n", "not toml ["])
def test_an_incomplete_table_of_speeds_is_refused(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "speeds.toml"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(SpeedTableError):
        SpeedTable.load(path)
