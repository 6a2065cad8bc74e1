"""Which hour an instant falls in, and what the hour does to travel times."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta, timezone
from importlib import resources
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

SPEEDS = resources.files("promesa.roads") / "data" / "speeds.toml"
CHILE_SUMMER = timezone(timedelta(hours=-3))


@pytest.mark.parametrize(
    ("departure", "expected"),
    [
        (datetime(2026, 11, 23, 8, 59, tzinfo=CHILE_SUMMER), TrafficSlice(0, 17)),
        (datetime(2026, 11, 23, 11, 29, tzinfo=UTC), TrafficSlice(0, 16)),
        (datetime(2026, 11, 28, 8, 0, tzinfo=CHILE_SUMMER), TrafficSlice(1, 16)),
        (datetime(2026, 11, 29, 23, 0, tzinfo=CHILE_SUMMER), TrafficSlice(2, 46)),
        # In winter Chile is an hour further from UTC.
        (datetime(2026, 7, 6, 12, 30, tzinfo=UTC), TrafficSlice(0, 17)),
        # Christmas is a Friday that year.
        (datetime(2026, 12, 25, 8, 0, tzinfo=CHILE_SUMMER), TrafficSlice(2, 16)),
    ],
)
def test_an_instant_falls_in_the_half_hour_of_the_citys_clocks(
    departure: datetime, expected: TrafficSlice
) -> None:
    assert slice_at(departure, holidays=SpeedTable.load().holidays) == expected


def test_a_segment_is_driven_at_the_speed_of_its_class_or_of_its_sign(tmp_path: Path) -> None:
    town = Town(
        junctions={"a": (0, 0), "b": (1, 0), "c": (2, 0)},
        streets=(
            Street(along="ab", tags={"highway": "primary"}),
            Street(along="bc", tags={"highway": "primary", "maxspeed": "20"}),
        ),
    )
    graph, table = assembled_graph(town.extract(tmp_path)), SpeedTable.load()
    night = travel_times(graph, table, TrafficSlice(0, 6)).edge_ticks / TICKS_PER_S
    free_kph = table.free_flow_kph[CLASS_INDEX["primary"]]
    expected_s = graph.segment_length_m[graph.edge_segment] * 3.6
    expected_s /= np.where(graph.edge_segment == 0, free_kph, 20)
    assert night == pytest.approx(expected_s, abs=0.001)


def test_eight_in_the_morning_follows_the_measured_delay() -> None:
    table = SpeedTable.load()
    shares = table.shares[0, 16:18, CLASS_INDEX["primary"]]
    assert 1 / shares == pytest.approx(1.73, abs=0.01)


def test_half_hours_keep_the_mean_of_their_hour_and_follow_its_neighbours() -> None:
    hourly = tomllib.loads(SPEEDS.read_text(encoding="utf-8"))["weekday"]["street"]
    shares = SpeedTable.load().shares[0, :, CLASS_INDEX["primary"]]
    assert shares.reshape(24, 2).mean(axis=1) == pytest.approx(hourly)
    # The morning fills up from 6 to 8: every half hour is slower than the one before.
    assert np.all(np.diff(shares[12:17]) < 0)


def test_a_table_may_name_48_half_hours(tmp_path: Path) -> None:
    document = SPEEDS.read_text(encoding="utf-8").splitlines()
    halves = [1.0] * 48
    halves[17] = 0.25
    line = next(i for i, text in enumerate(document) if text.startswith("local ="))
    document[line] = f"local = {halves}"
    path = tmp_path / "speeds.toml"
    path.write_text("\n".join(document), encoding="utf-8")
    shares = SpeedTable.load(path).shares[0, :, CLASS_INDEX["residential"]]
    assert (shares[16], shares[17], shares[18]) == (1.0, 0.25, 1.0)


def test_a_list_of_another_length_is_refused(tmp_path: Path) -> None:
    text = SPEEDS.read_text(encoding="utf-8").replace("street =   [1.00, ", "street = [", 1)
    path = tmp_path / "speeds.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpeedTableError):
        SpeedTable.load(path)


def test_learnt_shares_must_have_the_shape_of_the_table() -> None:
    table = SpeedTable.load()
    slower = table.with_shares(table.shares * 0.5)
    assert slower.shares.max() == 0.5
    with pytest.raises(SpeedTableError):
        table.with_shares(table.shares[:, :24])
    with pytest.raises(SpeedTableError):
        table.with_shares(table.shares * 0)


def test_no_half_hour_is_faster_than_an_empty_road() -> None:
    table = SpeedTable.load()
    assert all(table.shares[s.day_kind, s.half_hour].max() <= 1 for s in ALL_SLICES)


def test_half_a_second_rounds_up() -> None:
    ticks = np.array([0, TICKS_PER_S // 2 - 1, TICKS_PER_S // 2, TICKS_PER_S])
    assert seconds_of(ticks).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("broken", ["", "[free_flow_kph]\nmotorway = 80\n", "not toml ["])
def test_an_incomplete_table_of_speeds_is_refused(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "speeds.toml"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(SpeedTableError):
        SpeedTable.load(path)
