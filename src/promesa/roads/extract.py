"""Reads an OpenStreetMap extract into plain records: ways, restrictions, signals, doors.

It decides what a van may drive on and in which direction, and counts what the extract lacks or
says in a way not used here. It makes no graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import osmium
import osmium.osm

from promesa.kernel.errors import InvalidError
from promesa.kernel.geo import Position
from promesa.roads.access import (
    ACCESS_KEYS,
    Access,
    Limits,
    TimedClosure,
    bicycle_access,
    motor_access,
)
from promesa.roads.restrictions import RESTRICTION_KEYS, TurnRestriction, read_restrictions
from promesa.roads.vehicles import VehicleKind

# Barriers no van passes, whatever the driver asks at the gate.
_BLOCKING_BARRIERS = frozenset(
    {"bollard", "block", "jersey_barrier", "cycle_barrier", "stile", "turnstile", "kissing_gate"}
)
_KPH_PER_MPH = 1.609344
# A town whose doors are mapped has several a way; a handful in a city is none.
_DOORS_PER_WAY_MIN = 0.1


class ExtractUnreadableError(InvalidError):
    """The file is not an OpenStreetMap extract, or holds no roads."""

    code = "roads_extract_unreadable"
    message = "El archivo no es un extracto de OpenStreetMap con calles. Usa un .osm.pbf."


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A highway of the extract, in the order it was drawn.

    Attributes:
        road_class: One of ROAD_CLASSES, or "" when no motor vehicle may drive on it.
        maxspeed_kph: 0 when the extract does not say.
        closed_to: Kinds of vehicle that may never use it, though others may.
        closures: Directions that are closed at some hours.
        bicycle: What a bicycle may do on it.
        names: The name, then alternative and official ones; empty when it has none.
    """

    osm_id: int
    node_ids: tuple[int, ...]
    lons: tuple[float, ...]
    lats: tuple[float, ...]
    road_class: str
    is_forward: bool
    is_backward: bool
    maxspeed_kph: float
    names: tuple[str, ...]
    closed_to: VehicleKind
    limits: Limits
    closures: tuple[TimedClosure, ...]
    bicycle: Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A house number with its position."""

    street: str
    number: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A closed outline worth drawing: a park or water."""

    kind: str
    name: str
    lons: tuple[float, ...]
    lats: tuple[float, ...]


@dataclass(slots=True)
class Extract:
    """Everything read from one file.

    Attributes:
        signal_nodes: Node id → direction it holds for ("forward", "backward" or "both").
        toll_gates: Id, name and position of gantries and booths.
        ignored: What the extract says and this reader does not use → how often.
    """

    ways: list[Way] = field(default_factory=list)
    restrictions: list[TurnRestriction] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    signal_nodes: dict[int, str] = field(default_factory=dict)
    blocked_nodes: set[int] = field(default_factory=set)
    toll_gates: list[tuple[str, str, Position]] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)

    def count_ignored(self, what: str) -> None:
        """Counts one more thing that is not used."""
        self.ignored[what] = self.ignored.get(what, 0) + 1

    def for_bicycles(self) -> Extract:
        """The same as a bicycle sees it: other ways, other directions, other turns."""
        return replace(
            self,
            ways=[
                replace(
                    way,
                    road_class=way.bicycle.road_class,
                    is_forward=way.bicycle.is_forward,
                    is_backward=way.bicycle.is_backward,
                    closed_to=way.bicycle.closed_to,
                    limits=way.bicycle.limits,
                    closures=way.bicycle.closures,
                )
                for way in self.ways
            ],
            # A bicycle passes between bollards.
            blocked_nodes=set(),
        )

    @property
    def lacks(self) -> tuple[str, ...]:
        """What a full extract has and this one does not, in Spanish."""
        missing = {
            "números de casa": len(self.doors) < _DOORS_PER_WAY_MIN * len(self.ways),
            "restricciones de viraje": not self.restrictions,
            "semáforos": not self.signal_nodes,
            "parques y agua": not self.areas,
            "velocidades máximas": not any(way.maxspeed_kph for way in self.ways),
        }
        return tuple(what for what, is_missing in missing.items() if is_missing)


def read_extract(path: Path) -> Extract:
    """Reads a .osm.pbf, .osm or .opl file.

    Raises:
        ExtractUnreadableError: It cannot be read or has no drivable way.
    """
    wanted = osmium.filter.KeyFilter(
        "highway",
        "barrier",
        "addr:housenumber",
        "leisure",
        "natural",
        "landuse",
        *RESTRICTION_KEYS,
    )
    extract = Extract()
    try:
        for item in osmium.FileProcessor(path).with_locations().with_filter(wanted):
            _take(extract, item)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise ExtractUnreadableError(archivo=str(path)) from error
    if not any(way.road_class for way in extract.ways):
        raise ExtractUnreadableError(archivo=str(path))
    return extract


def _take(extract: Extract, item: object) -> None:
    if isinstance(item, osmium.osm.Node):
        _take_node(extract, item)
    elif isinstance(item, osmium.osm.Way):
        _take_way(extract, item)
    elif isinstance(item, osmium.osm.Relation):
        _take_relation(extract, item)


def _tags(item: osmium.osm.Node | osmium.osm.Way | osmium.osm.Relation) -> dict[str, str]:
    return {tag.k: tag.v for tag in item.tags}


def _take_node(extract: Extract, node: osmium.osm.Node) -> None:
    tags = _tags(node)
    if tags.get("highway") == "traffic_signals":
        direction = tags.get("traffic_signals:direction", "both")
        extract.signal_nodes[node.id] = direction
    if tags.get("highway") == "toll_gantry" or tags.get("barrier") == "toll_booth":
        name = tags.get("name") or tags.get("ref") or tags.get("operator") or ""
        position = Position(lon=node.location.lon, lat=node.location.lat)
        extract.toll_gates.append((f"osm-{node.id}", name, position))
    if tags.get("barrier") in _BLOCKING_BARRIERS and not _is_opened(tags):
        extract.blocked_nodes.add(node.id)
    _take_door(extract, tags, node.location.lon, node.location.lat)


def _is_opened(tags: Mapping[str, str]) -> bool:
    return any(tags.get(key) in {"yes", "permissive", "destination"} for key in ACCESS_KEYS)


def _take_door(extract: Extract, tags: Mapping[str, str], lon: float, lat: float) -> None:
    number, street = tags.get("addr:housenumber"), tags.get("addr:street")
    if number and street:
        extract.doors.append(Door(street=street, number=number, lon=lon, lat=lat))
    elif number:
        extract.count_ignored("addr:housenumber without a street")


def _take_way(extract: Extract, way: osmium.osm.Way) -> None:
    located = [node for node in way.nodes if node.location.valid()]
    if len(located) < 2:
        return
    lons, lats = tuple(n.lon for n in located), tuple(n.lat for n in located)
    tags = _tags(way)
    _take_door(extract, tags, sum(lons) / len(lons), sum(lats) / len(lats))
    kind = _area_kind(tags)
    if kind and way.is_closed():
        extract.areas.append(Area(kind=kind, name=tags.get("name", ""), lons=lons, lats=lats))
    if "highway" not in tags or tags.get("area") == "yes":
        return
    access = motor_access(tags, extract.count_ignored)
    extract.ways.append(
        Way(
            osm_id=way.id,
            node_ids=tuple(n.ref for n in located),
            lons=lons,
            lats=lats,
            road_class=access.road_class,
            is_forward=access.is_forward,
            is_backward=access.is_backward,
            maxspeed_kph=parsed_maxspeed_kph(tags.get("maxspeed", "")),
            names=_names(tags),
            closed_to=access.closed_to,
            limits=access.limits,
            closures=access.closures,
            bicycle=bicycle_access(tags),
        )
    )


def _area_kind(tags: Mapping[str, str]) -> str:
    if tags.get("leisure") in {"park", "garden", "nature_reserve"}:
        return "park"
    if tags.get("landuse") in {"grass", "forest", "recreation_ground", "cemetery"}:
        return "park"
    return "water" if tags.get("natural") == "water" else ""


def _names(tags: Mapping[str, str]) -> tuple[str, ...]:
    found = [tags.get(key, "") for key in ("name", "alt_name", "official_name", "old_name")]
    parts = [part.strip() for text in found for part in text.split(";")]
    return tuple(dict.fromkeys(part for part in parts if part))


def parsed_maxspeed_kph(text: str) -> float:
    """The figure of a maxspeed tag in km/h; 0 when it holds none ("signals", "none")."""
    words = text.split(";", maxsplit=1)[0].split()
    if not words or not words[0].isdigit():
        return 0.0
    return float(words[0]) * (_KPH_PER_MPH if words[1:] == ["mph"] else 1.0)


def _take_relation(extract: Extract, relation: osmium.osm.Relation) -> None:
    tags = _tags(relation)
    if "addr:housenumber" in tags:
        # A building with a yard: where it is takes its outline, which is not put together here.
        extract.count_ignored("addr:housenumber of a relation")
    members = [(member.role, member.type, member.ref) for member in relation.members]
    extract.restrictions += read_restrictions(tags, members, extract.count_ignored)
