"""The fleet's traces and a feed as live sources; drawn lines put on their streets."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from promesa.roads.lines import LineMatcher
from promesa.roads.live import FLEET, merged
from promesa.roads.live_fleet import FleetTraffic
from promesa.roads.matching import Matcher
from promesa.roads.network import RoadNetwork
from promesa.roads.overlay import LiveOverlay
from promesa.roads.passes import PassFinder
from promesa.roads.speed_feed import (
    FeedReader,
    FeedStaleError,
    FeedTraffic,
    FeedUnreadableError,
)
from promesa.roads.traces import TraceFix
from tests.support.towns import Street, Town

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VAN, OTHER = UUID(int=1), UUID(int=2)
# Three blocks of 464 m; the middle one is one-way to the east.
# a----b--->c----d
# |    |    |    |
# e----f----g----h
TOWN = Town(
    junctions={
        "a": (0, 4), "b": (5, 4), "c": (10, 4), "d": (15, 4),
        "e": (0, 0), "f": (5, 0), "g": (10, 0), "h": (15, 0),
    },
    streets=(
        Street(along="ab"), Street(along="bc", tags={"oneway": "yes"}), Street(along="cd"),
        Street(along="efgh"), Street(along="ae"), Street(along="bf"), Street(along="cg"),
        Street(along="dh"),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> RoadNetwork:
    return TOWN.network(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def lines(network: RoadNetwork) -> LineMatcher:
    return LineMatcher(network.graph, Matcher(network))


@pytest.fixture
def fleet(network: RoadNetwork) -> FleetTraffic:
    return FleetTraffic(PassFinder(network, Matcher(network)), lambda _edge, _at: 30.0)


def drive(kph: float, begin: datetime, *, until: float = 14.7) -> list[TraceFix]:
    """East along the upper street."""
    fixes, column, seconds = [], 0.3, 0.0
    while column < until:
        place = TOWN.at(column, 4)
        fixes.append(TraceFix(time=begin + timedelta(seconds=seconds), position=place))
        seconds += 10
        column += kph / 3.6 * 10 / 92.8
    return fixes


def middle(network: RoadNetwork) -> int:
    return network.path(TOWN.at(6, 4), TOWN.at(9, 4), None).edges[0]


def test_vans_tell_how_slow_a_street_is_now(fleet: FleetTraffic, network: RoadNetwork) -> None:
    # Two vans at 10 km/h where 30 is usual: half of the pace is theirs, so 15.
    begin = NOW - timedelta(minutes=15)
    fleet.take({VAN: drive(10, begin), OTHER: drive(10, begin)}, NOW)
    told = {speed.edge: speed for speed in fleet.speeds(NOW)}[middle(network)]
    assert told.speed_kph == pytest.approx(15, rel=0.05)
    assert (told.passes, told.source) == (2, FLEET)
    assert told.end - told.told_at == timedelta(minutes=30)


def test_what_was_driven_half_an_hour_ago_is_forgotten(fleet: FleetTraffic) -> None:
    fleet.take({VAN: drive(20, NOW - timedelta(minutes=10))}, NOW)
    assert fleet.speeds(NOW)
    later = NOW + timedelta(minutes=31)
    assert fleet.speeds(later) == []
    fleet.take({}, later)
    assert fleet.speeds(NOW) == []


def test_fixes_shown_twice_count_once(fleet: FleetTraffic, network: RoadNetwork) -> None:
    trace = drive(20, NOW - timedelta(minutes=8))
    half = len(trace) // 2
    fleet.take({VAN: trace[:half]}, NOW)
    fleet.take({VAN: trace[:half]}, NOW)
    fleet.take({VAN: trace}, NOW)
    fleet.take({VAN: trace}, NOW)
    assert {speed.passes for speed in fleet.speeds(NOW)} == {1}
    assert middle(network) in {speed.edge for speed in fleet.speeds(NOW)}


def test_a_van_parked_on_the_street_tells_nothing_of_it(fleet: FleetTraffic) -> None:
    stand = [
        TraceFix(time=NOW - timedelta(seconds=900 - 15 * n), position=TOWN.at(7 + n % 2 / 10, 4))
        for n in range(60)
    ]
    fleet.take({VAN: stand}, NOW)
    assert fleet.speeds(NOW) == []


def test_a_line_is_the_streets_it_is_drawn_along(lines: LineMatcher, network: RoadNetwork) -> None:
    assert lines.find_edges([TOWN.at(5.1, 4.1), TOWN.at(9.9, 4.1)]) == [middle(network)]
    whole = lines.find_edges([TOWN.at(0.1, 4), TOWN.at(14.9, 4)])
    assert len(whole) == 3
    assert whole[1] == middle(network)


def test_streets_that_nobody_drew_are_left_out(lines: LineMatcher, network: RoadNetwork) -> None:
    # West along the one-way block: the way there goes round the blocks below, which stay open.
    against = [TOWN.at(12, 4), TOWN.at(9, 4), TOWN.at(6, 4), TOWN.at(3, 4)]
    below = set(lines.find_edges([TOWN.at(0.5, 0), TOWN.at(14.5, 0)]))
    found = lines.find_edges(against)
    assert not {int(network.graph.edge_segment[edge]) for edge in found} & {
        int(network.graph.edge_segment[edge]) for edge in below
    }
    assert middle(network) in lines.find_both_ways(against)
    # A hundred metres of a long block are that block, and its cross streets stay open.
    assert lines.find_edges([TOWN.at(7, 4), TOWN.at(8.2, 4)]) == [middle(network)]
    assert len(lines.find_both_ways([TOWN.at(0.5, 0), TOWN.at(9.5, 0)])) == 4


def test_a_click_is_the_street_under_it(lines: LineMatcher, network: RoadNetwork) -> None:
    assert lines.find_edges([TOWN.at(7, 4.05)]) == [middle(network)]
    assert lines.find_edges([TOWN.at(7, 4.05), TOWN.at(7.1, 4.05)]) == [middle(network)]
    assert lines.find_edges([TOWN.at(7, 20)]) == []
    assert lines.find_edges([]) == []


def test_both_ways_stays_one_way_where_the_street_is(
    lines: LineMatcher, network: RoadNetwork
) -> None:
    assert lines.both_ways([middle(network)]) == [middle(network)]
    first = lines.find_edges([TOWN.at(0.5, 4), TOWN.at(4.5, 4)])
    both = lines.both_ways(first)
    assert both == [first[0], int(network.graph.edge_twin[first[0]])]


def line(*places: tuple[float, float]) -> list[list[float]]:
    return [[TOWN.at(*place).lon, TOWN.at(*place).lat] for place in places]


MIDDLE = line((5.2, 4), (9.8, 4))


def body(*rows: object, at: datetime = NOW) -> bytes:
    return json.dumps({"generated_at": at.isoformat(), "segments": rows}).encode()


def test_a_feed_tells_speeds_and_closures(lines: LineMatcher, network: RoadNetwork) -> None:
    rows = (
        {"line": MIDDLE, "speed_kph": 12.5, "samples": 6},
        {"line": line((0.2, 0), (4.8, 0)), "closed": True, "both_ways": True},
    )
    report = FeedReader("uoct", lines).read(body(*rows), NOW)
    assert (report.rows, report.refused) == (2, {})
    slow, *closed = report.speeds
    assert (slow.edge, slow.speed_kph, slow.passes) == (middle(network), 12.5, 6)
    assert (slow.source, slow.end - slow.start) == ("uoct", timedelta(minutes=15))
    assert [speed.is_closed for speed in closed] == [True, True]


def test_bad_rows_are_counted_by_reason_and_good_ones_kept(lines: LineMatcher) -> None:
    over = (NOW - timedelta(minutes=1)).isoformat()
    old = (NOW - timedelta(hours=1)).isoformat()
    rows = (
        {"line": MIDDLE, "speed_kph": 12},
        {"line": MIDDLE},
        {"line": MIDDLE, "speed_kph": 12, "closed": True},
        {"line": MIDDLE, "speed_kph": 900},
        {"line": MIDDLE[:1], "speed_kph": 12},
        {"line": [[-70.65, -95], [-70.6, -95]], "speed_kph": 12},
        {"line": line((0, 50), (5, 50)), "speed_kph": 12},
        {"line": MIDDLE, "speed_kph": 12, "until": over, "measured_at": old},
        {"line": MIDDLE, "speed_kph": 12, "until": "2026-11-24T13:00:00"},
        {"line": MIDDLE, "speed_kph": 12, "measured_at": "2026-11-24T13:00:00Z"},
        {"line": MIDDLE, "speed_kph": 12, "until": "2026-12-24T13:00:00Z"},
        {"line": line((0, 4), (800, 4)), "speed_kph": 12},
        "not even a row",
    )
    report = FeedReader("feed", lines).read(body(*rows), NOW)
    assert len(report.speeds) == 1
    assert report.rows == len(rows)
    assert report.refused == {
        "closed_or_speed": 2,
        "future": 1,
        "line_too_long": 1,
        "malformed": 3,
        "no_offset": 1,
        "no_street": 1,
        "over": 1,
        "position": 1,
        "span": 1,
    }


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>502</html>",
        b"[]",
        b'{"segments": []}',
        b'{"generated_at": "ayer", "segments": []}',
        b'{"generated_at": "2026-11-24T12:00:00", "segments": []}',
        b'{"generated_at": "2026-11-24T12:00:00Z", "segments": {}}',
        b"x" * 10_000_001,
    ],
)
def test_what_is_no_feed_is_refused_whole(lines: LineMatcher, answer: bytes) -> None:
    with pytest.raises(FeedUnreadableError):
        FeedReader("feed", lines).read(answer, NOW)


@pytest.mark.parametrize("minutes", [-16, 3])
def test_a_feed_of_another_time_is_dropped(lines: LineMatcher, minutes: int) -> None:
    with pytest.raises(FeedStaleError):
        FeedReader("feed", lines).read(body(at=NOW + timedelta(minutes=minutes)), NOW)


def test_an_answer_that_grows_old_says_nothing_any_more(lines: LineMatcher) -> None:
    feed = FeedTraffic("feed")
    assert feed.speeds(NOW) == ()
    feed.keep(FeedReader("feed", lines).read(body({"line": MIDDLE, "speed_kph": 12}), NOW))
    assert len(feed.speeds(NOW + timedelta(minutes=14))) == 1
    assert feed.speeds(NOW + timedelta(minutes=16)) == ()
    assert feed.is_stale(NOW + timedelta(minutes=16))


def test_what_the_sources_say_leads_vans_another_way(
    lines: LineMatcher, network: RoadNetwork
) -> None:
    feed = FeedTraffic("feed")
    row = {"line": MIDDLE, "closed": True}
    feed.keep(FeedReader("feed", lines).read(body(row), NOW))
    ends = TOWN.at(4, 4), TOWN.at(11, 4)
    live = network.with_live(LiveOverlay(merged([feed], NOW)))
    assert middle(network) in network.path(*ends, NOW).edges
    assert middle(network) not in live.path(*ends, NOW).edges
    later = NOW + timedelta(hours=2)
    assert live.path(*ends, later) == network.path(*ends, later)
