"""How fast a delivery van goes, by road class and half hour: a table with its sources.

The figures stand in data/speeds.toml. Which half hour an instant falls in is traffic's business.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import InvalidError

HOURS_PER_DAY = 24
HALF_HOURS_PER_DAY = 48
# A public holiday drives like a Sunday.
DAY_KINDS = ("weekday", "saturday", "sunday")
PRIVATE_CLASS = "private"
CYCLEWAY_CLASS = "cycleway"
# The order is part of every built city: a class is stored as its place in this list.
ROAD_CLASSES = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "road",
    "service",
    PRIVATE_CLASS,
    CYCLEWAY_CLASS,
)
CLASS_INDEX = {name: index for index, name in enumerate(ROAD_CLASSES)}
_MOTORWAYS = frozenset({"motorway", "motorway_link", "trunk", "trunk_link"})
_STREETS = frozenset(
    {"primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link"}
)
# A van never stops on these to deliver, so no address is snapped to them.
NO_STOPPING_CLASSES = frozenset({"motorway", "motorway_link"})
# Too wide or too busy to be crossed with a parcel.
AVENUE_CLASSES = frozenset(
    {"trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"}
)
SPEED_KPH_MAX = 130.0
# No motor vehicle meets one, so a table of speeds need not name it.
_CYCLEWAY_KPH = 15.0


class SpeedTableError(InvalidError):
    """The table of speeds is incomplete or holds an impossible figure."""

    code = "roads_speed_table"
    message = "La tabla de velocidades no sirve. Compárala con la que trae Promesa."


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnDelays:
    """Seconds a turn or a light costs in free flow."""

    turn_right_s: float
    turn_left_s: float
    turn_back_s: float
    signal_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedTable:
    """Speeds of a van by class and half hour.

    Attributes:
        free_flow_kph: float64, [class], km/h on an empty road.
        shares: float64, [day kind, half hour, class], share of the free-flow speed that is left.
        holidays: Dates that drive like a Sunday whatever their weekday.
    """

    free_flow_kph: NDArray[np.float64]
    shares: NDArray[np.float64]
    delays: TurnDelays
    holidays: frozenset[date] = frozenset()

    @classmethod
    def load(cls, path: Path | None = None, shipped: str = "speeds.toml") -> SpeedTable:
        """Reads ``path``, or a table that comes with the package: that of vans in Santiago.

        Raises:
            SpeedTableError: A class or an hour is missing, or a figure is out of range.
        """
        source = path or resources.files("promesa.roads") / "data" / shipped
        try:
            return _parsed(tomllib.loads(source.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            raise SpeedTableError(archivo=str(source), causa=str(error)) from error

    def with_shares(self, shares: NDArray[np.float64]) -> SpeedTable:
        """The same table with other shares, [day kind, half hour, class].

        Raises:
            SpeedTableError: The shape is another one, or a share is not in (0, 1].
        """
        try:
            _check_shares(shares)
        except ValueError as error:
            raise SpeedTableError(causa=str(error)) from error
        return replace(self, shares=shares)

    def capped(self, speed_kph_max: float | None) -> SpeedTable:
        """The same table with no speed beyond a vehicle's own."""
        if speed_kph_max is None:
            return self
        return replace(self, free_flow_kph=np.minimum(self.free_flow_kph, speed_kph_max))


def _parsed(document: dict[str, dict[str, object]]) -> SpeedTable:
    named = {CYCLEWAY_CLASS: _CYCLEWAY_KPH, **document["free_flow_kph"]}
    free = np.array([named[name] for name in ROAD_CLASSES], dtype=np.float64)
    shares = np.array(
        [
            [_half_hours(document[kind][_family(road_class)]) for road_class in ROAD_CLASSES]
            for kind in DAY_KINDS
        ],
        dtype=np.float64,
    ).transpose(0, 2, 1)
    if not (np.all(free > 0) and np.all(free <= SPEED_KPH_MAX)):
        raise ValueError("a free-flow speed is out of range")
    _check_shares(shares)
    return SpeedTable(
        free_flow_kph=free,
        shares=shares,
        delays=_delays(document["delays_s"]),
        holidays=_holidays(document.get("holidays", {})),
    )


def _check_shares(shares: NDArray[np.float64]) -> None:
    if shares.shape != (len(DAY_KINDS), HALF_HOURS_PER_DAY, len(ROAD_CLASSES)):
        raise ValueError("every list of shares needs 24 hours or 48 half hours")
    if not (np.all(shares > 0) and np.all(shares <= 1)):
        raise ValueError("a share is out of (0, 1]")


def _half_hours(shares: object) -> NDArray[np.float64]:
    """48 shares from a list of 48, or from one of 24 hours.

    Between hours the share rises or falls as its neighbours do; the mean of every hour stays what
    the list says, and so do both halves of a peak, which are the figures with a source.
    """
    given = np.array(shares, dtype=np.float64)
    if given.shape == (HALF_HOURS_PER_DAY,):
        return given
    if given.shape != (HOURS_PER_DAY,):
        raise ValueError("every list of shares needs 24 hours or 48 half hours")
    since, until = given - np.roll(given, 1), np.roll(given, -1) - given
    is_slope = since * until > 0
    step = np.where(is_slope, np.sign(since) * np.minimum(np.abs(since), np.abs(until)) / 4, 0.0)
    return np.column_stack((given - step, given + step)).reshape(-1)


def _holidays(section: dict[str, object]) -> frozenset[date]:
    dates = section.get("dates", [])
    if not isinstance(dates, list) or not all(
        isinstance(day, date) and not isinstance(day, datetime) for day in dates
    ):
        raise ValueError("holidays.dates must be a list of dates such as 2026-12-25")
    return frozenset(dates)


def _delays(section: dict[str, object]) -> TurnDelays:
    def seconds(name: str) -> float:
        value = section[name]
        if not isinstance(value, int | float) or value < 0:
            raise ValueError(f"{name} must be a number of seconds")
        return float(value)

    return TurnDelays(
        turn_right_s=seconds("turn_right"),
        turn_left_s=seconds("turn_left"),
        turn_back_s=seconds("turn_back"),
        signal_s=seconds("signal"),
    )


def _family(road_class: str) -> str:
    """Which list of shares a class follows."""
    if road_class in _MOTORWAYS:
        return "motorway"
    return "street" if road_class in _STREETS else "local"
