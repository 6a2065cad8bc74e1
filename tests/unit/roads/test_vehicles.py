"""What signs close, to whom and when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from promesa.roads.access import read_metres, read_tonnes
from promesa.roads.assembly import assembled_graph
from promesa.roads.network import (
    BICYCLES_FOLDER,
    UNREACHABLE,
    RoadNetwork,
    UnreachableError,
    VehicleNotServedError,
    save_network,
)
from promesa.roads.schedules import read_clauses, read_schedule
from promesa.roads.vehicles import BICYCLE, MOTORCYCLE, TRUCK, VAN, Vehicle, VehicleKind
from tests.support.towns import Street, Town

MONDAY, TUESDAY, SATURDAY, SUNDAY = 0, 1, 5, 6
HOLIDAY = 7
# Chile is three hours behind UTC in November; the 23rd is a Monday.
MONDAY_8 = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
MONDAY_12 = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
CHRISTMAS_8 = datetime(2026, 12, 25, 11, 0, tzinfo=UTC)


def blocks(**tags: str) -> Town:
    """The street abc in the south of two blocks has ``tags`` from b to c."""
    return Town(
        junctions={"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (0, 1), "e": (1, 1), "f": (2, 1)},
        streets=(
            Street(along="ab"),
            Street(along="bc", tags=tags),
            Street(along="def"),
            Street(along="ad"),
            Street(along="be"),
            Street(along="cf"),
        ),
    )


def metres(network: RoadNetwork, hour: datetime | None = MONDAY_8, *, back: bool = False) -> int:
    """From the middle of ab to the middle of cf, or back: 204 m along bc, 241 m by e and f."""
    town = blocks()
    start, end = town.at(0.9, 0), town.at(2, 0.1)
    ends = (end, start) if back else (start, end)
    return network.path(*ends, hour).distance_m


def goes_straight(network: RoadNetwork, hour: datetime | None = MONDAY_8) -> bool:
    return metres(network, hour) < 130


@pytest.mark.parametrize(
    ("text", "open_at", "closed_at"),
    [
        ("Mo-Fr 07:30-10:00", [(MONDAY, 15), (HOLIDAY, 19)], [(MONDAY, 14), (SATURDAY, 16)]),
        ("Mo-Fr 07:30-10:00;PH off", [(TUESDAY, 15)], [(HOLIDAY, 15)]),
        ("Mo-Fr,PH off", [(MONDAY, 0)], [(HOLIDAY, 0), (SUNDAY, 0)]),
        ("We,Sa 09:00-15:00", [(SATURDAY, 18)], [(TUESDAY, 18), (SATURDAY, 30)]),
        ("Fr-Mo 10:00-10:10", [(SUNDAY, 20), (MONDAY, 20)], [(TUESDAY, 20), (MONDAY, 21)]),
        ("22:00-06:00", [(MONDAY, 47), (MONDAY, 11)], [(MONDAY, 12)]),
        ("Mo-Fr 07:30-10:00,17:00-21:00; PH off", [(MONDAY, 34)], [(MONDAY, 30)]),
    ],
)
def test_a_schedule_holds_when_the_sign_says(
    text: str, open_at: list[tuple[int, int]], closed_at: list[tuple[int, int]]
) -> None:
    schedule = read_schedule(text)
    assert schedule is not None
    assert all(schedule[place] for place in open_at)
    assert not any(schedule[place] for place in closed_at)


@pytest.mark.parametrize("text", ["weight>=3.86", "Mo-Fr 07:30-sunset", "Dec 24", "", "delivery"])
def test_a_schedule_that_is_not_understood_is_none(text: str) -> None:
    assert read_schedule(text) is None


def test_each_value_of_a_conditional_tag_has_its_schedule() -> None:
    text = "yes @ (Mo-Fr 07:30-10:00;PH off);-1 @ (Mo-Fr 17:00-21:00;PH off)"
    found = {value: schedule for value, schedule in read_clauses(text) if schedule is not None}
    assert list(found) == ["yes", "-1"]
    assert found["-1"][MONDAY, 34]


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (read_metres, "4.2", 4.2),
        (read_metres, "2,5 m", 2.5),
        (read_metres, "13'6\"", 4.1148),
        (read_metres, "default", 0.0),
        (read_tonnes, "3.5", 3.5),
        (read_tonnes, "16 t", 16.0),
        (read_tonnes, "8000 lbs", 0.0),
    ],
)
def test_sizes_are_read_as_the_map_writes_them(
    read: type[float], text: str, expected: float
) -> None:
    assert read(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("tags", "vehicle", "is_open"),
    [
        ({"maxheight": "2.4"}, VAN, True),
        ({"maxheight": "2.4"}, Vehicle(height_m=2.6), False),
        ({"maxheight": "2.4"}, TRUCK, False),
        ({"maxheight": "4.5"}, TRUCK, True),
        ({"maxweight": "3.5"}, TRUCK, False),
        ({"maxwidth": "2"}, TRUCK, False),
        ({"maxwidth": "2"}, MOTORCYCLE, True),
        ({"hgv": "no"}, TRUCK, False),
        ({"hgv": "no"}, VAN, True),
        ({"hgv": "destination"}, TRUCK, True),
        ({"motorcycle": "no"}, MOTORCYCLE, False),
    ],
)
def test_a_sign_keeps_out_those_it_names(
    tmp_path: Path, tags: dict[str, str], vehicle: Vehicle, *, is_open: bool
) -> None:
    network = blocks(**tags).network(tmp_path).with_vehicle(vehicle)
    assert goes_straight(network) == is_open


def test_a_street_closed_to_a_truck_is_unreachable_for_it(tmp_path: Path) -> None:
    town = blocks(hgv="no")
    network = town.network(tmp_path)
    points = town.at(0.5, 0), town.at(1.5, 0)
    assert network.matrix(points, MONDAY_8)[0, 1] > 0
    assert network.with_vehicle(TRUCK).matrix(points, MONDAY_8)[0, 1] == UNREACHABLE
    with pytest.raises(UnreachableError):
        network.with_vehicle(TRUCK).path(*points, MONDAY_8)


def test_a_reversible_avenue_turns_round_with_the_hour(tmp_path: Path) -> None:
    hours = "yes @ (Mo-Fr 07:30-10:00;PH off);-1 @ (Mo-Fr 11:00-21:00;PH off)"
    network = blocks(**{"oneway:conditional": hours}).network(tmp_path)
    straight = {
        (hour, back): metres(network, hour, back=back) < 130
        for hour in (MONDAY_8, MONDAY_12, CHRISTMAS_8)
        for back in (False, True)
    }
    assert straight == {
        (MONDAY_8, False): True,
        (MONDAY_8, True): False,
        (MONDAY_12, False): False,
        (MONDAY_12, True): True,
        (CHRISTMAS_8, False): True,
        (CHRISTMAS_8, True): True,
    }


def test_a_one_way_street_may_open_the_other_way_at_hours(tmp_path: Path) -> None:
    tags = {"oneway": "yes", "oneway:conditional": "no @ (Mo-Fr 12:00-14:00)"}
    network = blocks(**tags).network(tmp_path)
    assert metres(network, MONDAY_8, back=True) > 130
    assert metres(network, MONDAY_12, back=True) < 130
    assert metres(network, MONDAY_12) < 130


def test_a_street_market_closes_the_street_while_it_stands(tmp_path: Path) -> None:
    network = blocks(**{"vehicle:conditional": "no @ (Mo 07:00-11:00)"}).network(tmp_path)
    assert not goes_straight(network, MONDAY_8)
    assert goes_straight(network, MONDAY_12)


def test_trucks_alone_are_kept_out_in_the_peak(tmp_path: Path) -> None:
    network = blocks(**{"hgv:conditional": "no @ (Mo-Fr 07:00-10:00;PH off)"}).network(tmp_path)
    truck = network.with_vehicle(TRUCK)
    assert goes_straight(network)
    assert not goes_straight(truck)
    assert goes_straight(truck, MONDAY_12)
    assert goes_straight(truck, CHRISTMAS_8)


def test_hours_that_are_not_understood_are_counted(tmp_path: Path) -> None:
    tags = {"access:conditional": "no @ (Mo-Fr sunrise-10:00)", "hgv:conditional": "yes @ delivery"}
    extract = blocks(**tags).extract(tmp_path)
    assert extract.ignored == {"access:conditional": 1, "hgv:conditional": 1}


def ruled(tags: dict[str, str], kind: str = "no_right_turn") -> Town:
    """From ab at b no vehicle named by ``tags`` goes on along bc."""
    town = blocks()
    return Town(
        junctions=town.junctions,
        streets=town.streets,
        restrictions=((kind, 0, "b", 1),),
        restriction_tags={0: tags},
    )


@pytest.mark.parametrize(
    ("tags", "kind", "vehicle", "hour", "is_open"),
    [
        ({}, "no_straight_on", VAN, MONDAY_8, False),
        ({"except": "psv;bicycle"}, "no_straight_on", VAN, MONDAY_8, False),
        ({"except": "psv;motorcycle"}, "no_straight_on", MOTORCYCLE, MONDAY_8, True),
        ({"except": "hgv"}, "no_straight_on", TRUCK, MONDAY_8, True),
        ({"restriction:hgv": "no_straight_on"}, "", VAN, MONDAY_8, True),
        ({"restriction:hgv": "no_straight_on"}, "", TRUCK, MONDAY_8, False),
        (
            {"restriction:conditional": "no_straight_on @ (Mo-Fr 07:00-09:00)"},
            "",
            VAN,
            MONDAY_8,
            False,
        ),
        (
            {"restriction:conditional": "no_straight_on @ (Mo-Fr 07:00-09:00)"},
            "",
            VAN,
            MONDAY_12,
            True,
        ),
    ],
)
def test_a_forbidden_turn_names_whom_and_when(
    tmp_path: Path,
    tags: dict[str, str],
    kind: str,
    vehicle: Vehicle,
    hour: datetime,
    *,
    is_open: bool,
) -> None:
    network = ruled(tags, kind).network(tmp_path).with_vehicle(vehicle)
    assert goes_straight(network, hour) == is_open


def bicycles(town: Town, folder: Path) -> RoadNetwork:
    (folder / BICYCLES_FOLDER).mkdir()
    graph = assembled_graph(town.extract(folder).for_bicycles(), VehicleKind.BICYCLE)
    save_network(graph, folder / BICYCLES_FOLDER)
    return RoadNetwork.load_bicycles(folder)


@pytest.mark.parametrize(
    ("tags", "is_open"),
    [
        ({"highway": "cycleway"}, True),
        ({"highway": "footway"}, False),
        ({"highway": "footway", "bicycle": "yes"}, True),
        ({"highway": "motorway"}, False),
        ({"bicycle": "no"}, False),
        ({"access": "no", "bicycle": "designated"}, True),
        ({"oneway": "-1", "oneway:bicycle": "no"}, True),
        ({"oneway": "-1", "cycleway:left": "opposite_lane"}, True),
        ({"oneway": "-1"}, False),
    ],
)
def test_a_bicycle_has_ways_of_its_own(
    tmp_path: Path, tags: dict[str, str], *, is_open: bool
) -> None:
    assert goes_straight(bicycles(blocks(**tags), tmp_path), None) == is_open


def test_a_turn_forbidden_to_all_but_bicycles_is_theirs(tmp_path: Path) -> None:
    town = ruled({"except": "bicycle"}, "no_straight_on")
    assert goes_straight(bicycles(town, tmp_path), None)


def test_bicycles_are_slower_and_no_queue_slows_them(tmp_path: Path) -> None:
    town = blocks()
    network, cycling = town.network(tmp_path), bicycles(town, tmp_path)
    ends = town.at(0.2, 0), town.at(1.8, 0)
    at_8, at_12 = (cycling.path(*ends, hour).duration_s for hour in (MONDAY_8, MONDAY_12))
    assert at_8 == at_12 > network.path(*ends, MONDAY_8).duration_s


def test_a_city_without_bicycles_says_so(tmp_path: Path) -> None:
    network = blocks().network(tmp_path)
    with pytest.raises(VehicleNotServedError):
        RoadNetwork.load_bicycles(tmp_path)
    with pytest.raises(VehicleNotServedError):
        network.with_vehicle(BICYCLE)


def test_what_is_live_holds_for_every_vehicle(tmp_path: Path) -> None:
    network = blocks().network(tmp_path)
    truck = network.with_vehicle(TRUCK)
    network.set_live(network.live.since(MONDAY_8))
    assert truck.live is network.live
