"""Instants, numbers and places as phones write them; what can't be read is None."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from promesa.kernel.geo import Position

# Seconds since 1970 reach this in the year 5138; a larger number is milliseconds.
_MILLIS_FROM = 100_000_000_000


def read_instant(value: object) -> datetime | None:
    """Unix seconds or milliseconds, or ISO 8601 with an offset; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_unix(float(value))
    if not isinstance(value, str):
        return None
    number = read_number(value)
    if number is not None:
        return _from_unix(number)
    try:
        instant = datetime.fromisoformat(value.strip())
        return None if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_number(text: str | None) -> float | None:
    """A finite number with a decimal point; None for anything else."""
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_position(lon: float | None, lat: float | None) -> Position | None:
    """The position, or None when a coordinate is missing or out of range."""
    if lon is None or lat is None:
        return None
    try:
        return Position(lon=lon, lat=lat)
    except ValueError:
        return None


def _from_unix(number: float) -> datetime | None:
    seconds = number / 1000 if abs(number) >= _MILLIS_FROM else number
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
