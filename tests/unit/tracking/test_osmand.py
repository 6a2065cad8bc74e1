"""The OsmAnd query string, in knots and in three ways to write an instant."""

from __future__ import annotations

import pytest

from promesa.tracking.intake import UnreadablePositionError
from promesa.tracking.osmand import read_device_secret, read_osmand
from tests.support.tracked_routes import DRIVER, NINE, after_s

PLACE = {"id": "s3cret", "lat": "-33.45", "lon": "-70.65"}


def test_knots_become_metres_per_second_and_percent_a_share() -> None:
    query = {**PLACE, "speed": "10", "bearing": "90", "accuracy": "8", "batt": "55"}
    fix = read_osmand(query, DRIVER, NINE)
    assert fix.speed_mps == pytest.approx(5.1444, abs=1e-4)
    assert (fix.heading_deg, fix.accuracy_m, fix.battery) == (90.0, 8.0, 0.55)


@pytest.mark.parametrize(
    "timestamp",
    [
        str(int(after_s(30).timestamp())),
        str(int(after_s(30).timestamp() * 1000)),
        "2026-11-30T12:00:30Z",
        "2026-11-30T09:00:30-03:00",
    ],
)
def test_an_instant_is_read_in_seconds_milliseconds_and_iso(timestamp: str) -> None:
    assert read_osmand({**PLACE, "timestamp": timestamp}, DRIVER, NINE).at == after_s(30)


def test_a_position_without_an_instant_is_of_now() -> None:
    assert read_osmand(PLACE, DRIVER, NINE).at == NINE


@pytest.mark.parametrize(
    "query",
    [
        {"id": "x"},
        {**PLACE, "lat": "abc"},
        {**PLACE, "lat": "-91"},
        {**PLACE, "lon": "inf"},
        {**PLACE, "timestamp": "nunca"},
        {**PLACE, "timestamp": "9" * 30},
    ],
)
def test_what_has_no_place_or_a_strange_instant_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(UnreadablePositionError):
        read_osmand(query, DRIVER, NINE)


def test_the_device_goes_by_either_name() -> None:
    assert read_device_secret({"deviceid": "a"}) == read_device_secret({"id": "a"}) == "a"
    with pytest.raises(UnreadablePositionError):
        read_device_secret({})
