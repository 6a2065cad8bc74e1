"""What is read from an extract, and what is said to be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from promesa.roads.extract import ExtractUnreadableError, parsed_maxspeed_kph, read_extract
from promesa.roads.restrictions import read_restrictions
from tests.support.towns import Street, Town

CORNER = {"a": (0, 0), "b": (1, 0), "c": (2, 0)}


def one_street(**tags: str) -> Town:
    return Town(junctions=CORNER, streets=(Street(along="abc", tags=tags),))


@pytest.mark.parametrize(
    ("tags", "directions"),
    [
        ({}, (True, True)),
        ({"oneway": "yes"}, (True, False)),
        ({"oneway": "-1"}, (False, True)),
        ({"junction": "roundabout"}, (True, False)),
        ({"highway": "motorway"}, (True, False)),
    ],
)
def test_a_way_may_be_driven_in_the_directions_its_tags_allow(
    tmp_path: Path, tags: dict[str, str], directions: tuple[bool, bool]
) -> None:
    way = one_street(**tags).extract(tmp_path).ways[0]
    assert (way.is_forward, way.is_backward) == directions


@pytest.mark.parametrize(
    ("tags", "road_class"),
    [
        ({"access": "no"}, ""),
        ({"access": "no", "motor_vehicle": "yes"}, "residential"),
        ({"access": "private"}, "private"),
        ({"highway": "footway"}, ""),
    ],
)
def test_the_most_specific_access_tag_decides(
    tmp_path: Path, tags: dict[str, str], road_class: str
) -> None:
    town = Town(
        junctions=CORNER, streets=(Street(along="abc", tags=tags), Street(along="ab", tags={}))
    )
    assert town.extract(tmp_path).ways[0].road_class == road_class


def test_what_the_extract_lacks_is_named(tmp_path: Path) -> None:
    assert one_street().extract(tmp_path).lacks == (
        "números de casa",
        "restricciones de viraje",
        "semáforos",
        "parques y agua",
        "velocidades máximas",
    )


def test_a_house_number_on_a_node_becomes_a_door(tmp_path: Path) -> None:
    door_tags = {"addr:street": "Los Leones", "addr:housenumber": "120"}
    town = Town(
        junctions={**CORNER, "d": (1, 0.1)},
        streets=(Street(along="abc"),),
        node_tags={"d": door_tags},
    )
    doors = town.extract(tmp_path).doors
    assert [(door.street, door.number) for door in doors] == [("Los Leones", "120")]


def test_a_door_that_cannot_be_placed_on_a_street_is_counted(tmp_path: Path) -> None:
    town = Town(
        junctions={**CORNER, "d": (1, 0.1)},
        streets=(Street(along="abc"),),
        node_tags={"d": {"addr:place": "Villa Olímpica", "addr:housenumber": "7"}},
    )
    assert town.extract(tmp_path).ignored == {"addr:housenumber without a street": 1}


def test_a_restriction_through_a_way_is_counted_and_not_used() -> None:
    counted: list[str] = []
    members = [("from", "w", 1), ("via", "w", 2), ("to", "w", 3)]
    assert read_restrictions({"restriction": "no_u_turn"}, members, counted.append) == []
    assert counted == ["restriction via way"]


def test_a_street_nobody_may_enter_is_forbidden_from_every_way_in() -> None:
    members = [("from", "w", 1), ("from", "w", 2), ("via", "n", 9), ("to", "w", 3)]
    rules = read_restrictions({"restriction": "no_entry"}, members, lambda _: None)
    assert [(rule.from_way, rule.to_way) for rule in rules] == [(1, 3), (2, 3)]


def test_a_file_that_is_no_map_is_refused(tmp_path: Path) -> None:
    photo = tmp_path / "photo.osm.pbf"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" * 50)
    with pytest.raises(ExtractUnreadableError):
        read_extract(photo)


@pytest.mark.parametrize(
    ("text", "kph"), [("50", 50.0), ("30 mph", 48.28032), ("signals", 0.0), ("", 0.0)]
)
def test_a_speed_limit_is_read_in_kilometres_per_hour(text: str, kph: float) -> None:
    assert parsed_maxspeed_kph(text) == pytest.approx(kph)
