"""Reads what Traccar Client 9 and later posts: JSON with one location, or a list of them.

Speed comes in metres per second; what the phone does not know is -1. A batch may have both good
and unreadable positions; the good ones are kept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from uuid import UUID

from promesa.tracking.intake import UnreadablePositionError, fix_id
from promesa.tracking.reading import read_instant, read_position
from promesa.tracking.repository import Fix

SOURCE = "traccar"


def read_device_secret(payload: Mapping[str, object]) -> str:
    """The device id, which is the phone's secret.

    Raises:
        UnreadablePositionError: There is none.
    """
    secret = payload.get("device_id")
    if not isinstance(secret, str) or not secret:
        raise UnreadablePositionError("Falta el identificador del teléfono (device_id).")
    return secret


def read_traccar(payload: Mapping[str, object], driver_id: UUID) -> list[Fix]:
    """The positions of one post.

    Raises:
        UnreadablePositionError: Not one of them can be read.
    """
    location = payload.get("location")
    many = location if isinstance(location, list) else [location]
    fixes = [fix for one in many if (fix := _read(one, driver_id)) is not None]
    if not fixes:
        raise UnreadablePositionError
    return fixes


def _read(location: object, driver_id: UUID) -> Fix | None:
    if not isinstance(location, Mapping) or not isinstance(location.get("coords"), Mapping):
        return None
    coords = location["coords"]
    at = read_instant(location.get("timestamp"))
    position = read_position(_number(coords, "longitude"), _number(coords, "latitude"))
    if at is None or position is None:
        return None
    battery = location.get("battery")
    return Fix(
        id=fix_id(driver_id, SOURCE, at),
        driver_id=driver_id,
        position=position,
        at=at,
        accuracy_m=_known(_number(coords, "accuracy")),
        speed_mps=_known(_number(coords, "speed")),
        heading_deg=_known(_number(coords, "heading")),
        battery=_known(_number(battery, "level")) if isinstance(battery, Mapping) else None,
        source=SOURCE,
    )


def _number(values: Mapping[str, object], key: str) -> float | None:
    value = values.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _known(value: float | None) -> float | None:
    return None if value is None or value < 0 else value
