"""How fast a delivery van goes, by road class and hour of the week: a table with its sources.

The figures stand in data/speeds.toml. Which hour an instant falls in is traffic's business.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import InvalidError

HOURS_PER_DAY = 24
DAY_KINDS = ("weekday", "saturday", "sunday")
PRIVATE_CLASS = "private"
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
)
CLASS_INDEX = {name: index for index, name in enumerate(ROAD_CLASSES)}
_MOTORWAYS = frozenset({"motorway", "motorway_link", "trunk", "trunk_link"})
_STREETS = frozenset(
    {"primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link"}
)
# A van never stops on these to deliver, so no address is snapped to them.
NO_STOPPING_CLASSES = frozenset({"motorway", "motorway_link"})
_SPEED_KPH_MAX = 130.0


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
    """Speeds of a van by class and hour.

    Attributes:
        free_flow_kph: float64, [class], km/h on an empty road.
        shares: float64, [day kind, hour, class], share of the free-flow speed that is left.
    """

    free_flow_kph: NDArray[np.float64]
    shares: NDArray[np.float64]
    delays: TurnDelays

    @classmethod
    def load(cls, path: Path | None = None) -> SpeedTable:
        """Reads ``path``, or the table of Santiago that comes with the package.

        Raises:
            SpeedTableError: A class or an hour is missing, or a figure is out of range.
        """
        source = path or resources.files("promesa.roads") / "data" / "speeds.toml"
        try:
            return _parsed(tomllib.loads(source.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
            raise SpeedTableError(archivo=str(source), causa=str(error)) from error


def _parsed(document: dict[str, dict[str, object]]) -> SpeedTable:
    free = np.array([document["free_flow_kph"][name] for name in ROAD_CLASSES], dtype=np.float64)
    shares = np.array(
        [
            [document[kind][_family(road_class)] for road_class in ROAD_CLASSES]
            for kind in DAY_KINDS
        ],
        dtype=np.float64,
    ).transpose(0, 2, 1)
    if shares.shape != (len(DAY_KINDS), HOURS_PER_DAY, len(ROAD_CLASSES)):
        raise ValueError("every list of shares needs 24 hours")
    if not (np.all(free > 0) and np.all(free <= _SPEED_KPH_MAX)):
        raise ValueError("a free-flow speed is out of range")
    if not (np.all(shares > 0) and np.all(shares <= 1)):
        raise ValueError("a share is out of (0, 1]")
    return SpeedTable(free_flow_kph=free, shares=shares, delays=_delays(document["delays_s"]))


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
