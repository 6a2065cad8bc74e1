"""Who may drive on a way, in which direction, how large and when: access tags of OpenStreetMap.

https://wiki.openstreetmap.org/wiki/Key:access and Conditional_restrictions. What is said in a way
that is not used here is counted, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from promesa.roads.profiles import (
    CYCLEWAY_CLASS,
    HALF_HOURS_PER_DAY,
    PRIVATE_CLASS,
    ROAD_CLASSES,
)
from promesa.roads.schedules import DAYS, Schedule, read_clauses
from promesa.roads.vehicles import ALL_KINDS, MOTOR_KINDS, VehicleKind

# Values of access tags that keep a delivery van out; the more specific key wins.
ACCESS_KEYS = ("motor_vehicle", "vehicle", "access")
_CLOSED = frozenset({"no", "agricultural", "forestry", "military", "emergency"})
_PRIVATE = frozenset({"private", "permit", "residents"})
_ONEWAY = frozenset({"yes", "true", "1", "reversible", "alternating"})
_BACKWARD = frozenset({"-1", "reverse"})
_ROUND = frozenset({"roundabout", "circular"})
# Ways no motor vehicle uses, and whether a bicycle may without a word.
_CYCLABLE = {"cycleway": True, "path": True, "track": True, "footway": False, "pedestrian": False}
_NO_BICYCLES = frozenset({"motorway", "motorway_link", "trunk", "trunk_link"})
_RIDEABLE = frozenset({"yes", "designated", "permissive", "destination"})
_WEIGHT_KEYS = ("maxweight", "maxweightrating:hgv", "maxweightrating")
_METRES_PER_FOOT = 0.3048
_KEYS_OF_KIND = {
    "access": ALL_KINDS,
    "vehicle": ALL_KINDS,
    "motor_vehicle": MOTOR_KINDS,
    "hgv": VehicleKind.TRUCK,
    "motorcycle": VehicleKind.MOTORCYCLE,
}
# Each direction's own hours, which few streets have.
_UNREAD_KEYS = {"oneway:forward:conditional", "oneway:backward:conditional"}

CountIgnored = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimedClosure:
    """One direction of a way, closed to some while a schedule holds."""

    is_backward: bool
    closed_to: VehicleKind
    schedule: Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The largest vehicle a way takes; 0 when the map does not say."""

    height_m: float = 0.0
    width_m: float = 0.0
    weight_t: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Access:
    """What the tags of one way allow.

    Attributes:
        road_class: One of ROAD_CLASSES, or "" when nobody drives on it.
        is_forward, is_backward: Directions that are open at some hour.
        closed_to: Kinds of vehicle that may never use it, though others may.
        closures: Directions that are closed at some hours.
    """

    road_class: str
    is_forward: bool
    is_backward: bool
    closed_to: VehicleKind
    limits: Limits
    closures: tuple[TimedClosure, ...] = ()


def motor_access(tags: Mapping[str, str], count_ignored: CountIgnored) -> Access:
    """What motor vehicles may do on a way."""
    is_forward, is_backward = _directions(tags)
    opened, closures = _timed(tags, (is_forward, is_backward), count_ignored)
    for key in _UNREAD_KEYS & tags.keys():
        count_ignored(key)
    closed_to = VehicleKind(0)
    for key in ("hgv", "motorcycle"):
        if tags.get(key) in _CLOSED:
            closed_to |= _KEYS_OF_KIND[key]
    return Access(
        road_class=_road_class(tags),
        is_forward=opened[0],
        is_backward=opened[1],
        closed_to=closed_to,
        limits=Limits(
            height_m=read_metres(tags.get("maxheight", "")),
            width_m=read_metres(tags.get("maxwidth", "")),
            weight_t=next((read_tonnes(tags[key]) for key in _WEIGHT_KEYS if key in tags), 0.0),
        ),
        closures=tuple(closures),
    )


def bicycle_access(tags: Mapping[str, str]) -> Access:
    """What a bicycle may do on a way; hours are not looked at."""
    is_forward, is_backward = _directions(tags)
    contraflow = tags.get("oneway:bicycle") == "no" or any(
        tags.get(key, "").startswith("opposite")
        for key in ("cycleway", "cycleway:left", "cycleway:right")
    )
    if contraflow:
        is_forward = is_backward = True
    return Access(
        road_class=_bicycle_class(tags),
        is_forward=is_forward,
        is_backward=is_backward,
        closed_to=VehicleKind(0),
        limits=Limits(),
    )


def _road_class(tags: Mapping[str, str]) -> str:
    highway = tags.get("highway", "")
    if highway not in ROAD_CLASSES or highway == CYCLEWAY_CLASS:
        return ""
    access = next((tags[key] for key in ACCESS_KEYS if key in tags), "yes")
    if access in _CLOSED:
        return ""
    return PRIVATE_CLASS if access in _PRIVATE else highway


def _bicycle_class(tags: Mapping[str, str]) -> str:
    highway, bicycle = tags.get("highway", ""), tags.get("bicycle")
    if bicycle in _CLOSED | {"use_sidepath"}:
        return ""
    access = next((tags[key] for key in ("vehicle", "access") if key in tags), "yes")
    is_closed = access in _CLOSED and bicycle not in _RIDEABLE
    if highway in _CYCLABLE:
        is_open = bicycle in _RIDEABLE or (_CYCLABLE[highway] and not is_closed)
        return CYCLEWAY_CLASS if is_open else ""
    if highway not in ROAD_CLASSES or is_closed:
        return ""
    if highway in _NO_BICYCLES and bicycle not in _RIDEABLE:
        return ""
    return PRIVATE_CLASS if access in _PRIVATE and bicycle not in _RIDEABLE else highway


def _directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    oneway = tags.get("oneway", "")
    if oneway in _BACKWARD:
        return False, True
    implied = tags.get("junction") in _ROUND or tags.get("highway") == "motorway"
    return True, not (oneway in _ONEWAY or (implied and oneway != "no"))


def _timed(
    tags: Mapping[str, str], directions: tuple[bool, bool], count_ignored: CountIgnored
) -> tuple[tuple[bool, bool], list[TimedClosure]]:
    """Which directions are open at some hour, and when they are closed."""
    closures = _closed_at_times(tags, count_ignored)
    opened = [np.full((DAYS, HALF_HOURS_PER_DAY), is_open) for is_open in directions]
    for value, schedule in _clauses(tags, "oneway:conditional", count_ignored):
        if value not in _ONEWAY | _BACKWARD | {"no"}:
            count_ignored("oneway:conditional")
            continue
        for hours, is_allowed in zip(
            opened, (value not in _BACKWARD, value not in _ONEWAY), strict=True
        ):
            hours[schedule] = is_allowed
    for is_backward, hours in enumerate(opened):
        if hours.any() and not hours.all():
            closures.append(
                TimedClosure(is_backward=bool(is_backward), closed_to=ALL_KINDS, schedule=~hours)
            )
    return (bool(opened[0].any()), bool(opened[1].any())), closures


def _closed_at_times(tags: Mapping[str, str], count_ignored: CountIgnored) -> list[TimedClosure]:
    closures = []
    for name, kinds in _KEYS_OF_KIND.items():
        key = f"{name}:conditional"
        for value, schedule in _clauses(tags, key, count_ignored):
            if value not in _CLOSED:
                # "destination" lets a van with a stop there in, which is what it is there for.
                count_ignored(key)
                continue
            closures += [
                TimedClosure(is_backward=is_backward, closed_to=kinds, schedule=schedule)
                for is_backward in (False, True)
            ]
    return closures


def _clauses(
    tags: Mapping[str, str], key: str, count_ignored: CountIgnored
) -> list[tuple[str, Schedule]]:
    found = []
    for value, schedule in read_clauses(tags.get(key, "")):
        if schedule is None:
            count_ignored(key)
        else:
            found.append((value, schedule))
    return found


def read_metres(text: str) -> float:
    """Metres of a size tag, also written 13'6"; 0 when it holds none ("default", "none")."""
    words = text.replace(",", ".").split(";", maxsplit=1)[0].split()
    if not words:
        return 0.0
    feet, mark, inches = words[0].partition("'")
    try:
        if mark:
            return (float(feet) + float(inches.strip('"') or 0) / 12) * _METRES_PER_FOOT
        return float(words[0].removesuffix("m"))
    except ValueError:
        return 0.0


def read_tonnes(text: str) -> float:
    """Tonnes of a weight tag; 0 when it holds none, or another unit."""
    words = text.replace(",", ".").split(";", maxsplit=1)[0].split()
    if not words or words[1:] not in ([], ["t"]):
        return 0.0
    try:
        return float(words[0].removesuffix("t"))
    except ValueError:
        return 0.0
