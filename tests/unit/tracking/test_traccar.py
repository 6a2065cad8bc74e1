"""What Traccar Client 9 and later posts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from promesa.kernel.geo import Position
from promesa.tracking.intake import UnreadablePositionError
from promesa.tracking.traccar import read_device_secret, read_traccar
from tests.support.tracked_routes import DRIVER


def location(**changes: object) -> dict[str, object]:
    coords = {
        "latitude": -33.45,
        "longitude": -70.65,
        "accuracy": 12.5,
        "speed": 8.3,
        "heading": 271.0,
        "altitude": 570.1,
    }
    return {
        "timestamp": "2026-11-30T12:00:05.250Z",
        "coords": coords,
        "is_moving": True,
        "odometer": 1234.5,
        "event": "motionchange",
        "battery": {"level": 0.73, "is_charging": False},
        "activity": {"type": "in_vehicle"},
        "extras": {},
        **changes,
    }


def test_a_post_is_one_position_with_everything_the_phone_knows() -> None:
    (fix,) = read_traccar({"location": location(), "device_id": "s3cret"}, DRIVER)
    assert fix.position == Position(lon=-70.65, lat=-33.45)
    assert fix.at == datetime(2026, 11, 30, 12, 0, 5, 250_000, UTC)
    assert (fix.accuracy_m, fix.speed_mps, fix.heading_deg) == (12.5, 8.3, 271.0)
    assert (fix.battery, fix.source) == (0.73, "traccar")


def test_minus_one_means_the_phone_does_not_know() -> None:
    coords = {"latitude": -33.45, "longitude": -70.65, "speed": -1, "heading": -1, "accuracy": 5}
    (fix,) = read_traccar({"location": location(coords=coords)}, DRIVER)
    assert (fix.speed_mps, fix.heading_deg, fix.accuracy_m) == (None, None, 5.0)


def test_a_batch_keeps_the_readable_positions() -> None:
    batch = [location(), location(coords={"latitude": 95.0, "longitude": 0.0}), None, "x"]
    assert len(read_traccar({"location": batch}, DRIVER)) == 1


def test_the_same_post_twice_has_the_same_id() -> None:
    first, second = (read_traccar({"location": location()}, DRIVER)[0] for _ in range(2))
    assert first.id == second.id


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"location": None},
        {"location": []},
        {"location": {"coords": {"latitude": True, "longitude": 1.0}, "timestamp": 0}},
        {"location": {"coords": {"latitude": 1.0, "longitude": float("nan")}, "timestamp": 0}},
        {"location": location(timestamp="yesterday")},
        {"location": location(timestamp="2026-11-30T12:00:05")},
    ],
)
def test_what_has_no_place_or_instant_is_refused(payload: dict[str, object]) -> None:
    with pytest.raises(UnreadablePositionError):
        read_traccar(payload, DRIVER)


@pytest.mark.parametrize("payload", [{}, {"device_id": ""}, {"device_id": 17}])
def test_a_post_without_a_device_is_refused(payload: dict[str, object]) -> None:
    with pytest.raises(UnreadablePositionError, match="device_id"):
        read_device_secret(payload)
