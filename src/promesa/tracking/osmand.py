"""Reads the OsmAnd query string as older Traccar Clients send it; speed comes in knots."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from promesa.tracking.intake import UnreadablePositionError, fix_id
from promesa.tracking.reading import read_instant, read_number, read_position
from promesa.tracking.repository import Fix

SOURCE = "osmand"
MPS_PER_KNOT = 1852 / 3600


def read_device_secret(query: Mapping[str, str]) -> str:
    """The device id, which is the phone's secret; ``deviceid`` is its older name.

    Raises:
        UnreadablePositionError: There is none.
    """
    secret = query.get("id") or query.get("deviceid")
    if not secret:
        raise UnreadablePositionError("Falta el identificador del teléfono (id).")
    return secret


def read_osmand(query: Mapping[str, str], driver_id: UUID, now: datetime) -> Fix:
    """The position of one request; one without ``timestamp`` is of now.

    Raises:
        UnreadablePositionError: No place, or an instant that cannot be read.
    """
    position = read_position(read_number(query.get("lon")), read_number(query.get("lat")))
    at = read_instant(query["timestamp"]) if query.get("timestamp") else now
    if position is None or at is None:
        raise UnreadablePositionError
    speed_kn = _known(query.get("speed"))
    percent = _known(query.get("batt"))
    return Fix(
        id=fix_id(driver_id, SOURCE, at),
        driver_id=driver_id,
        position=position,
        at=at,
        accuracy_m=_known(query.get("accuracy")),
        speed_mps=None if speed_kn is None else speed_kn * MPS_PER_KNOT,
        heading_deg=_known(query.get("bearing") or query.get("heading")),
        battery=None if percent is None else min(1.0, percent / 100),
        source=SOURCE,
    )


def _known(text: str | None) -> float | None:
    number = read_number(text)
    return None if number is None or number < 0 else number
