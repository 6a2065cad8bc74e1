"""The sample city: what it answers, how fast, and how honest its addresses are.

The first run builds the city, some 20 s; later ones load it.
"""

from __future__ import annotations

import csv
from datetime import datetime, timedelta, timezone
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from promesa.domain.place import PlaceLevel
from promesa.kernel.clock import stopwatch_s
from promesa.kernel.geo import Position, distance_m
from promesa.roads.addresses import Geocoded
from promesa.roads.city import City, ensure_built
from promesa.roads.network import UNREACHABLE
from promesa.roads.overlay import LiveOverlay, LiveSpeed
from promesa.roads.vehicles import TRUCK

SANTIAGO = Path(__file__).parents[2] / "examples" / "santiago"
SCHOOLS = Path(__file__).parent / "data" / "schools_rm.csv"
PLAZA_DE_ARMAS = Position(lon=-70.6506, lat=-33.4378)
APUMANQUE = Position(lon=-70.5700, lat=-33.4110)
MAIPU_ISLAND = Position(lon=-70.7750, lat=-33.5120)
LOAD_S_MAX = 5.0
UPDATE_S_MAX = 1.0
CHILE_SUMMER = timezone(timedelta(hours=-3))
MONDAY_9 = datetime(2026, 11, 23, 9, 0, tzinfo=CHILE_SUMMER)
SUNDAY_9 = datetime(2026, 11, 22, 9, 0, tzinfo=CHILE_SUMMER)


@pytest.fixture(scope="module")
def city() -> City:
    return City.load(ensure_built(SANTIAGO))


@pytest.fixture(scope="module")
def answers(city: City) -> list[tuple[Geocoded, Position]]:
    with SCHOOLS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        (
            city.addresses.geocode(row["address"], row["comuna"]),
            Position(lon=float(row["lon"]), lat=float(row["lat"])),
        )
        for row in rows
    ]


def test_a_built_city_loads_in_a_few_seconds(city: City) -> None:
    assert city.basemap_path.exists()
    began_s = stopwatch_s()
    City.load(SANTIAGO)
    assert stopwatch_s() - began_s < LOAD_S_MAX


def test_streets_are_placed_where_vans_get_to_and_an_island_is_not_covered(city: City) -> None:
    """Gran Avenida's middle lies beside an island of the extract; Maipú is one."""
    avenida = city.addresses.geocode("Gran Avenida José Miguel Carrera 5000", "San Miguel")
    assert avenida.position is not None
    assert city.network.snap(avenida.position) is not None
    assert city.covers(avenida.position, "San Miguel")
    assert not city.covers(MAIPU_ISLAND, None)
    for place in (PLAZA_DE_ARMAS, APUMANQUE, MAIPU_ISLAND, avenida.position):
        assert city.network.can_stop(place) == (city.network.snap(place) is not None)


def test_matrix_and_path_agree_all_over_the_city(city: City) -> None:
    graph = city.network.graph
    draw = np.random.default_rng(1)
    edges = draw.choice(np.flatnonzero(graph.edge_is_main), 12, replace=False)
    points = [
        Position(lon=float(lons[0]), lat=float(lats[0]))
        for lons, lats in map(graph.points_of, edges)
    ]
    matrix = city.network.matrix_with_distances(points, None)
    for i, j in product(range(len(points)), repeat=2):
        path = city.network.path(points[i], points[j], None)
        found = path.duration_s, path.distance_m
        assert found == (matrix.duration_s[i, j], matrix.distance_m[i, j])


def test_the_maipu_island_is_unreachable(city: City) -> None:
    matrix = city.network.matrix([PLAZA_DE_ARMAS, MAIPU_ISLAND, APUMANQUE], None)
    assert (matrix == UNREACHABLE).tolist() == [
        [False, True, False],
        [True, True, True],
        [False, True, False],
    ]


def test_a_closed_street_is_driven_around_at_the_next_question(city: City) -> None:
    """The alarm is drawn, and the next matrix knows: well under a second on a shared machine."""
    before = city.network.path(PLAZA_DE_ARMAS, APUMANQUE, MONDAY_9)
    closed = before.edges[len(before.edges) // 2]
    overlay = LiveOverlay(
        (
            LiveSpeed(
                edge=closed,
                speed_kph=0.0,
                start=MONDAY_9,
                end=MONDAY_9 + timedelta(hours=1),
                source="dispatcher",
            ),
        )
    )
    began_s = stopwatch_s()
    jammed = city.network.with_live(overlay)
    jammed.metric(MONDAY_9)
    assert stopwatch_s() - began_s < UPDATE_S_MAX
    after = jammed.path(PLAZA_DE_ARMAS, APUMANQUE, MONDAY_9)
    assert closed not in after.edges
    assert after.duration_s >= before.duration_s
    noon = jammed.path(PLAZA_DE_ARMAS, APUMANQUE, MONDAY_9 + timedelta(hours=4))
    assert noon == city.network.path(PLAZA_DE_ARMAS, APUMANQUE, MONDAY_9 + timedelta(hours=4))


def test_reversible_avenues_open_and_close_with_the_hour(city: City) -> None:
    """Some 200 streets of Santiago change direction in the peaks of working days."""
    closed = {
        hour: int(city.network.metric(hour).times.is_closed.sum())
        for hour in (MONDAY_9, MONDAY_9 + timedelta(hours=3), SUNDAY_9)
    }
    assert closed[MONDAY_9] > closed[MONDAY_9 + timedelta(hours=3)]
    assert closed[SUNDAY_9] != closed[MONDAY_9]


def test_every_gate_of_the_map_stands_on_a_street_and_waits_for_its_price(city: City) -> None:
    charges = city.network.charges
    assert charges is not None
    assert len(charges.tables.gates) == 60
    assert charges.off_network == ()
    assert not any(gate.is_priced for gate in charges.tables.gates)


def test_a_truck_finds_fewer_ways_than_a_van_and_none_faster_by_a_closed_street(
    city: City,
) -> None:
    graph = city.network.graph
    draw = np.random.default_rng(2)
    edges = draw.choice(np.flatnonzero(graph.edge_is_main), 20, replace=False)
    points = [
        Position(lon=float(lons[0]), lat=float(lats[0]))
        for lons, lats in map(graph.points_of, edges)
    ]
    van = city.network.matrix(points, MONDAY_9)
    truck = city.network.with_vehicle(TRUCK).matrix(points, MONDAY_9)
    is_open = truck != UNREACHABLE
    assert np.all(truck[is_open] >= van[is_open])
    assert is_open.mean() > 0.9


@pytest.mark.parametrize(
    ("level", "inside_min"), [(PlaceLevel.STREET, 0.86), (PlaceLevel.COMUNA, 0.90)]
)
def test_nine_of_ten_schools_are_within_the_stated_uncertainty(
    answers: list[tuple[Geocoded, Position]], level: PlaceLevel, inside_min: float
) -> None:
    gaps = [
        (distance_m(found.position, school), found.uncertainty_m)
        for found, school in answers
        if found.level is level and found.position is not None
    ]
    inside = sum(gap_m <= uncertainty_m for gap_m, uncertainty_m in gaps) / len(gaps)
    # Three in a hundred of these schools are drawn in another comuna than their own.
    assert inside >= inside_min


def test_no_street_of_a_map_without_house_numbers_passes_for_a_house(
    answers: list[tuple[Geocoded, Position]],
) -> None:
    assert {found.level for found, _ in answers} == {PlaceLevel.STREET, PlaceLevel.COMUNA}
