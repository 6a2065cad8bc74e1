"""The roads of each operator while the platform runs: live traffic, and its own tolls and zones.

Marks, traces and tables are one operator's and stay with it, so each has its own view of the roads;
a feed is everybody's. The one writer is refresh_traffic (see traffic_run).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Lock
from types import MappingProxyType
from uuid import UUID

from promesa.dispatch.traffic_marks import TrafficMark
from promesa.kernel.geo import Position
from promesa.roads.charge_tables import parse_charges
from promesa.roads.followed import StreetFollower
from promesa.roads.learnt import LearntSpeeds
from promesa.roads.lines import LineMatcher, length_m
from promesa.roads.live import DISPATCHER, LiveSource, SegmentSpeed, merged
from promesa.roads.live_fleet import MEMORY, FleetTraffic
from promesa.roads.matching import Matcher
from promesa.roads.network import RoadNetwork
from promesa.roads.overlay import CLOSED_KPH, NO_LIVE_SPEEDS, LiveOverlay
from promesa.roads.passes import PassFinder
from promesa.roads.speed_feed import FeedTraffic
from promesa.roads.traces import NOISE_M, TraceFix
from promesa.roads.traffic import TICKS_PER_S
from promesa.tracking.repository import Fix

# One a second for half an hour: a van that reports faster is thinned out by the matcher anyway.
FIXES_PER_VAN_MAX = 1_800
# A dispatcher draws streets, not districts: a longer line is a mistake of the mouse.
LINE_M_MAX = 20_000.0
# Pieces of a street that lie farther apart along it leave a way through: a wide crossing does not.
GAP_M_MAX = 40.0
_KPH_PER_MPS = 3.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What a dispatcher's line is about.

    Attributes:
        edges: The directions of blocks under it; none where no street is.
        is_joined: Whether they make one piece, from the first to the last.
    """

    edges: list[int]
    is_joined: bool


class StreetTools:
    """What puts traces and lines on the streets; made when first asked for, in about a second."""

    def __init__(self, roads: RoadNetwork) -> None:
        self._roads = roads.with_live(NO_LIVE_SPEEDS)
        self._lock = Lock()

    @property
    def matcher(self) -> Matcher:
        """The one matcher of the city; threads may share it."""
        with self._lock:
            return self._matcher

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self._roads)

    def lines(self) -> LineMatcher:
        """Finds streets under drawn lines."""
        return LineMatcher(self._roads.graph, self.matcher)

    def stretch(self, line: Sequence[Position], *, is_both_ways: bool) -> Stretch:
        """The street that the corners of a line follow; none where it is too long to be one."""
        if length_m(line) > LINE_M_MAX:
            return Stretch(edges=[], is_joined=True)
        lines, way = self.lines(), self._follower.followed(line)
        if is_both_ways:
            found = [*lines.find_both_ways(way.places), *way.onward, *way.against]
        else:
            found = [*lines.find_edges(way.places), *way.onward]
        edges = list(dict.fromkeys(found))
        return Stretch(edges=edges, is_joined=lines.gap_m(way.places, edges) <= GAP_M_MAX)

    @cached_property
    def _follower(self) -> StreetFollower:
        return StreetFollower(self._roads.graph, self._roads.plane)

    def fleet(self) -> FleetTraffic:
        """A fresh source of the fleet's own traces."""
        return FleetTraffic(PassFinder(self._roads, self.matcher), self._usual_kph)

    def _usual_kph(self, edge: int, at: datetime) -> float:
        graph = self._roads.graph
        seconds = int(self._roads.metric(at).times.edge_ticks[edge]) / TICKS_PER_S
        metres = float(graph.segment_length_m[graph.edge_segment[edge]])
        return max(metres / seconds * _KPH_PER_MPS, 1.0)


class MarkTraffic:
    """A live source: what dispatchers drew, on the streets of this map."""

    name = DISPATCHER

    def __init__(self) -> None:
        self._edges: dict[UUID, list[int]] = {}
        self._speeds: tuple[SegmentSpeed, ...] = ()

    def show(self, marks: Sequence[TrafficMark], tools: StreetTools) -> None:
        """Takes the marks that stand in place of those before."""
        known = self._edges
        self._edges = {
            mark.id: known[mark.id]
            if mark.id in known
            else tools.stretch(mark.line, is_both_ways=mark.is_both_ways).edges
            for mark in marks
        }
        self._speeds = tuple(_speed(mark, edge) for mark in marks for edge in self._edges[mark.id])

    def speeds(self, now: datetime) -> Sequence[SegmentSpeed]:
        """Also of marks that begin later."""
        del now
        return self._speeds


def _speed(mark: TrafficMark, edge: int) -> SegmentSpeed:
    return SegmentSpeed(
        edge=edge,
        speed_kph=CLOSED_KPH if mark.speed_kph is None else mark.speed_kph,
        start=mark.start,
        end=mark.end,
        source=DISPATCHER,
        told_at=mark.made_at,
    )


class TenantTraffic:
    """The roads of one operator.

    Attributes:
        roads: The city's, under its tolls and zones and under what is live; another network once
            those tables change, so who keeps it keeps the old ones.
    """

    def __init__(self, city: RoadNetwork, tools: StreetTools, feed: FeedTraffic | None) -> None:
        self.roads = city.with_live(NO_LIVE_SPEEDS)
        self._city = city
        self._tables: Mapping[str, bytes] = {}
        self.marks = MarkTraffic()
        self._tools = tools
        self._feed = feed
        self._fleet: FleetTraffic | None = None
        self._fixes: dict[UUID, list[TraceFix]] = defaultdict(list)

    def note(self, fixes: Iterable[Fix]) -> None:
        """Remembers believed positions for half an hour; costs next to nothing."""
        for fix in fixes:
            accuracy_m = NOISE_M if fix.accuracy_m is None else fix.accuracy_m
            kept = self._fixes[fix.driver_id]
            kept.append(TraceFix(time=fix.at, position=fix.position, accuracy_m=accuracy_m))
            del kept[:-FIXES_PER_VAN_MAX]

    def traces(self, now: datetime) -> dict[UUID, list[TraceFix]]:
        """The fixes of the last half hour of each van, by time; older ones are forgotten."""
        recent = {
            van: sorted((fix for fix in fixes if fix.time > now - MEMORY), key=_time)
            for van, fixes in self._fixes.items()
        }
        self._fixes = defaultdict(list, {van: fixes for van, fixes in recent.items() if fixes})
        return {van: list(fixes) for van, fixes in self._fixes.items()}

    def learn(
        self,
        traces: Mapping[UUID, Sequence[TraceFix]],
        marks: Sequence[TrafficMark],
        now: datetime,
    ) -> None:
        """Matches what is new; seconds for a large fleet, so away from the event loop."""
        if traces or self._fleet is not None:
            self._fleet = self._fleet or self._tools.fleet()
            self._fleet.take(traces, now)
        self.marks.show(marks, self._tools)

    def stand_on(self, city: RoadNetwork, tables: Mapping[str, bytes]) -> bool:
        """Goes by these streets and tables of tolls and zones; False when it did already.

        ``tables`` are the whole contents by the names of their files; none for the city's own.
        """
        if city is self._city and tables == self._tables:
            return False
        charged = city.with_charges(parse_charges(tables)) if tables else city
        self.roads = charged.with_live(self.roads.live)
        self._city, self._tables = city, dict(tables)
        return True

    def publish(self, now: datetime) -> bool:
        """Lays what the sources say over the roads; False when it is as before."""
        speeds = merged(self.sources(), now)
        if speeds == self.roads.live.speeds:
            return False
        self.roads.set_live(LiveOverlay(speeds))
        return True

    def sources(self) -> list[LiveSource]:
        """Those that there are."""
        every: list[LiveSource | None] = [self.marks, self._fleet, self._feed]
        return [source for source in every if source is not None]


def _time(fix: TraceFix) -> datetime:
    return fix.time


class Traffic:
    """The roads of every operator.

    Attributes:
        city: The streets below all of them, at the speeds that are learnt by now.
        tables: The city's own tolls and zones, by the names of their files.
    """

    def __init__(
        self,
        city: RoadNetwork,
        feed: FeedTraffic | None = None,
        tables: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        self.tools = StreetTools(city)
        self.feed = feed
        self.city = city
        self.tables = tables
        self._tenants: dict[UUID, TenantTraffic] = {}

    def learn(self, learnt: LearntSpeeds | None) -> None:
        """Puts another version of what was learnt below everything, at the next refresh of each."""
        self.city = self.city.with_learnt(learnt)

    def lay(self, tenant_id: UUID, own: Mapping[str, bytes]) -> bool:
        """Has an operator's roads go by its own tables over the city's; False when they did."""
        tables = {**self.tables, **own} if own else {}
        return self.of(tenant_id).stand_on(self.city, tables)

    def of(self, tenant_id: UUID) -> TenantTraffic:
        """One operator's."""
        if tenant_id not in self._tenants:
            self._tenants[tenant_id] = TenantTraffic(self.city, self.tools, self.feed)
        return self._tenants[tenant_id]
