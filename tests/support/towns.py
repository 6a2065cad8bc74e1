"""Towns of a few streets, written as OpenStreetMap XML and made into networks.

A junction is named by one letter and stands on a grid of 0.001 degrees (111 m north, 92 m east)
around Santiago.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

from promesa.kernel.geo import Position
from promesa.roads.assembly import assembled_graph
from promesa.roads.extract import Extract, read_extract
from promesa.roads.network import RoadNetwork, save_network

WEST, SOUTH = -70.65, -33.44
STEP_DEG = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A way through junctions, named by their letters."""

    along: str
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A drawing: junctions by (column, row), streets, and what else the map says."""

    junctions: Mapping[str, tuple[float, float]]
    streets: tuple[Street, ...]
    node_tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # (kind, place of the street left, via junction, place of the street entered)
    restrictions: tuple[tuple[str, int, str, int], ...] = ()
    # More tags of the restriction at that place.
    restriction_tags: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def at(self, column: float, row: float) -> Position:
        """A position of the grid."""
        return Position(lon=WEST + column * STEP_DEG, lat=SOUTH + row * STEP_DEG)

    def write(self, folder: Path) -> Path:
        """Writes the town as an .osm file."""
        ids = {name: number for number, name in enumerate(self.junctions, start=1)}
        nodes = [self._node(name, ids[name]) for name in self.junctions]
        ways = [
            f'<way id="{100 + place}" version="1">'
            + "".join(f'<nd ref="{ids[name]}"/>' for name in street.along)
            + _tags({"highway": "residential", **street.tags}.items())
            + "</way>"
            for place, street in enumerate(self.streets)
        ]
        relations = [
            f'<relation id="{900 + place}" version="1">'
            f'<member type="way" ref="{100 + leave}" role="from"/>'
            f'<member type="node" ref="{ids[via]}" role="via"/>'
            f'<member type="way" ref="{100 + enter}" role="to"/>'
            + _tags(self._restriction(place, kind).items())
            + "</relation>"
            for place, (kind, leave, via, enter) in enumerate(self.restrictions)
        ]
        path = folder / "town.osm"
        body = "".join(nodes + ways + relations)
        path.write_text(f'<osm version="0.6" generator="test">{body}</osm>', encoding="utf-8")
        return path

    def _restriction(self, place: int, kind: str) -> dict[str, str]:
        more = self.restriction_tags.get(place, {})
        always = {"restriction": kind} if kind else {}
        return {"type": "restriction", **always, **more}

    def _node(self, name: str, number: int) -> str:
        place = self.at(*self.junctions[name])
        tags = _tags(self.node_tags.get(name, {}).items())
        where = f'lat="{place.lat:.7f}" lon="{place.lon:.7f}"'
        return f'<node id="{number}" version="1" {where}>{tags}</node>'

    def extract(self, folder: Path) -> Extract:
        """The town as read back."""
        return read_extract(self.write(folder))

    def network(self, folder: Path) -> RoadNetwork:
        """The town's road network, saved and loaded."""
        save_network(assembled_graph(self.extract(folder)), folder)
        return RoadNetwork.load(folder)


def _tags(tags: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags)
