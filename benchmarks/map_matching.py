"""The matcher on drives whose streets are known: noise is added, and the streets are asked back.

    python -m benchmarks.map_matching --drives 60 --seed 1

A drive is a real way through the city: half of them cross it by the fastest way at the hour, half
are tours of short legs with a stop of two minutes at each door. Every edge is driven at the
table's speed of the hour times a draw of its own, so that a matcher that trusts the table to the
second is punished; lights and turns cost what the table says. Fixes get Gaussian noise on both
axes. Right is the share of the driven metres whose edge, direction included, was matched; wrong is
the metres matched that were not driven, over the metres driven.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import click
import numpy as np

from promesa.kernel.clock import stopwatch_s
from promesa.kernel.geo import Position
from promesa.kernel.seeds import stream
from promesa.roads.city import City
from promesa.roads.graph import NO_EDGE
from promesa.roads.hierarchy import Metric
from promesa.roads.matching import Matcher
from promesa.roads.network import RoadNetwork, UnreachableError
from promesa.roads.snapping import StreetFinder, point_along
from promesa.roads.traces import TraceFix
from promesa.roads.traffic import TICKS_PER_S

# 11:30 and 18:00 in Santiago on a working day: the quiet middle and the worst hour.
_DEPARTURES = (
    datetime(2026, 11, 30, 14, 30, tzinfo=UTC),
    datetime(2026, 11, 30, 21, 0, tzinfo=UTC),
)
_CROSSING_M_MIN = 4_000.0
_LEG_DEG = 0.012
_LEGS = 6
_DWELL_S = 120.0
# Spread of an edge's speed about the table's: the natural logarithm's standard deviation.
_SPEED_SIGMA = 0.25
_METRES_PER_DEGREE = 111_195.0
_RADIUS_M = 60.0

Match = Callable[[Sequence[TraceFix]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Drive:
    """What was truly driven: edges with the share each begins and ends at, and the times."""

    edges: tuple[int, ...]
    spans: tuple[tuple[float, float], ...]
    arrive_s: tuple[tuple[float, float], ...]
    length_m: tuple[float, ...]


def draw_drives(network: RoadNetwork, count: int, seed: int) -> list[tuple[datetime, Drive]]:
    """``count`` drives, every second one a tour of doors; the same seed, the same drives."""
    drives = []
    for number in range(count):
        random = stream(seed, "drive", number)
        departure = _DEPARTURES[number // 2 % len(_DEPARTURES)]
        draw = _tour if number % 2 else _crossing
        drives.append((departure, _driven(network, draw(network, random), departure, random)))
    return drives


def _crossing(network: RoadNetwork, random: Random) -> list[Position]:
    while True:
        places = [_door(network, random), _door(network, random)]
        if _straight_m(*places) >= _CROSSING_M_MIN and _is_way(network, places):
            return places


def _tour(network: RoadNetwork, random: Random) -> list[Position]:
    while True:
        places = [_door(network, random)]
        for _ in range(_LEGS):
            lon = places[-1].lon + random.uniform(-_LEG_DEG, _LEG_DEG)
            lat = places[-1].lat + random.uniform(-_LEG_DEG, _LEG_DEG)
            near = network.snap(Position(lon=lon, lat=lat))
            if near is not None:
                places.append(near.position)
        if len(places) > _LEGS // 2 and _is_way(network, places):
            return places


def _is_way(network: RoadNetwork, places: Sequence[Position]) -> bool:
    try:
        return all(network.path(*pair, None).duration_s > 0 for pair in pairwise(places))
    except UnreachableError:
        return False


def _door(network: RoadNetwork, random: Random) -> Position:
    while True:
        edge = random.randrange(network.graph.edge_count)
        snap = network.snap(point_along(network.graph, edge, random.random()))
        if snap is not None:
            return snap.position


def _straight_m(origin: Position, destination: Position) -> float:
    east = (destination.lon - origin.lon) * math.cos(math.radians(origin.lat))
    return math.hypot(east, destination.lat - origin.lat) * _METRES_PER_DEGREE


def _driven(
    network: RoadNetwork, places: Sequence[Position], departure: datetime, random: Random
) -> Drive:
    metric = network.metric(departure)
    edges, spans, times, lengths = [], [], [], []
    clock_s = 0.0
    for origin, destination in pairwise(places):
        path = network.path(origin, destination, departure).edges
        starts = _fraction(network, origin, path[0]), _fraction(network, destination, path[-1])
        for place, edge in enumerate(path):
            begin = starts[0] if place == 0 else 0.0
            end = starts[1] if place == len(path) - 1 else 1.0
            end = max(end, begin)
            factor = math.exp(random.gauss(0.0, _SPEED_SIGMA))
            took_s = metric.times.edge_ticks[edge] / TICKS_PER_S * (end - begin) * factor
            edges.append(edge)
            spans.append((begin, end))
            times.append((clock_s, clock_s + took_s))
            segment = network.graph.edge_segment[edge]
            lengths.append(float(network.graph.segment_length_m[segment]) * (end - begin))
            clock_s += took_s
            if place < len(path) - 1:
                clock_s += _turn_s(network, metric, edge, path[place + 1])
        clock_s += _DWELL_S
    return Drive(tuple(edges), tuple(spans), tuple(times), tuple(lengths))


def _turn_s(network: RoadNetwork, metric: Metric, edge: int, after: int) -> float:
    graph = network.graph
    for turn in range(int(graph.turn_first[edge]), int(graph.turn_first[edge + 1])):
        if int(graph.turn_to[turn]) == after:
            ticks = int(metric.times.turn_ticks[turn]) - int(metric.times.edge_ticks[edge])
            return ticks / TICKS_PER_S
    raise AssertionError("a path turned where no turn is")


def _fraction(network: RoadNetwork, position: Position, edge: int) -> float:
    snap = network.snap(position)
    if snap is None:
        raise AssertionError("a door left its street")
    for known, fraction in zip(snap.edges, snap.fractions, strict=True):
        if known == edge:
            return fraction
    # A door at a junction snapped to the neighbour: its end is the nearest there is.
    near = [_straight_m(position, point_along(network.graph, edge, end)) for end in (0.0, 1.0)]
    return float(near[1] < near[0])


def noisy_fixes(
    network: RoadNetwork, drive: Drive, departure: datetime, *, every_s: float, noise_m: float,
    random: Random,
) -> list[TraceFix]:  # fmt: skip
    """One fix every ``every_s`` seconds, each off by Gaussian noise east and north."""
    fixes = []
    at_s, place = 0.0, 0
    while at_s <= drive.arrive_s[-1][1]:
        while place + 1 < len(drive.edges) and drive.arrive_s[place + 1][0] <= at_s:
            place += 1
        since_s, until_s = drive.arrive_s[place]
        share = min(1.0, (at_s - since_s) / (until_s - since_s)) if until_s > since_s else 1.0
        begin, end = drive.spans[place]
        spot = point_along(network.graph, drive.edges[place], begin + share * (end - begin))
        east = random.gauss(0.0, noise_m) / (_METRES_PER_DEGREE * math.cos(math.radians(spot.lat)))
        north = random.gauss(0.0, noise_m) / _METRES_PER_DEGREE
        place_seen = Position(lon=spot.lon + east, lat=spot.lat + north)
        fixes.append(TraceFix(time=departure + timedelta(seconds=at_s), position=place_seen))
        at_s += every_s
    return fixes


def score(network: RoadNetwork, drive: Drive, matched: Sequence[int]) -> tuple[float, float, float]:
    """Metres driven, of these matched, and metres matched that were not driven."""
    seen, driven = set(matched), set(drive.edges)
    pieces = zip(drive.edges, drive.length_m, strict=True)
    right_m = sum(length_m for edge, length_m in pieces if edge in seen)
    wrong = [edge for edge in matched if edge not in driven]
    wrong_m = network.graph.segment_length_m[network.graph.edge_segment[wrong]].sum()
    return sum(drive.length_m), right_m, float(wrong_m)


class NearestEdge:
    """The honest floor: every fix on the nearest street, the direction by the next fix."""

    def __init__(self, network: RoadNetwork) -> None:
        graph = network.graph
        self._graph = graph
        self._finder = StreetFinder(graph, np.arange(graph.segment_count), network.plane)
        self._first = np.searchsorted(graph.edge_segment, np.arange(graph.segment_count))

    def __call__(self, fixes: Sequence[TraceFix]) -> list[int]:
        """An edge a fix, repeats left out."""
        found = self._finder.nearest([fix.position for fix in fixes], _RADIUS_M)
        edges: list[int] = []
        for (fix, after), near in zip(pairwise(fixes), found, strict=False):
            if near is None:
                continue
            edge = int(self._first[near[0]])
            twin = int(self._graph.edge_twin[edge])
            if twin != NO_EDGE and not self._is_along(edge, fix.position, after.position):
                edge = twin
            if not edges or edges[-1] != edge:
                edges.append(edge)
        return edges

    def _is_along(self, edge: int, origin: Position, destination: Position) -> bool:
        lons, lats = self._graph.points_of(edge)
        east, north = lons[-1] - lons[0], lats[-1] - lats[0]
        moved = (destination.lon - origin.lon, destination.lat - origin.lat)
        return bool(east * moved[0] + north * moved[1] >= 0)


@click.command()
@click.option("--city", default="examples/santiago", type=click.Path(exists=True, path_type=Path))
@click.option("--drives", default=60, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--noise-m", default=10.0, show_default=True)
@click.option("--every-s", default=(5.0, 30.0), multiple=True, show_default=True)
def main(*, city: Path, drives: int, seed: int, noise_m: float, every_s: tuple[float, ...]) -> None:
    """Prints a Markdown table of the matchers on the same fixes."""
    network = City.load(city).network
    ours = Matcher(network)
    drawn = draw_drives(network, drives, seed)
    matchers: list[tuple[str, Match]] = [
        ("promesa", lambda fixes: ours.match(fixes).edges),
        ("nearest edge", NearestEdge(network)),
    ]
    click.echo("| every s | matcher | drives | km | right % | wrong % | fixes/s |")
    click.echo("|---|---|---|---|---|---|---|")
    for gap_s in every_s:
        traces = [
            noisy_fixes(
                network, drive, departure,
                every_s=gap_s, noise_m=noise_m, random=stream(seed, "noise", number, str(gap_s)),
            )
            for number, (departure, drive) in enumerate(drawn)
        ]  # fmt: skip
        for name, match in matchers:
            started_s = stopwatch_s()
            found = [match(fixes) for fixes in traces]
            fixes_per_s = sum(map(len, traces)) / (stopwatch_s() - started_s)
            scores = [
                score(network, drive, edges) for (_, drive), edges in zip(drawn, found, strict=True)
            ]
            click.echo(f"| {gap_s:g} | {name} | {_summed(scores)} | {fixes_per_s:.0f} |")


def _summed(scores: Sequence[tuple[float, float, float]]) -> str:
    driven_m, right_m, wrong_m = (sum(part) for part in zip(*scores, strict=True))
    right, wrong = 100 * right_m / driven_m, 100 * wrong_m / driven_m
    return f"{len(scores)} | {driven_m / 1000:.0f} | {right:.2f} | {wrong:.2f}"


if __name__ == "__main__":
    main()
