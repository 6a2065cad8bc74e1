"""The sample city: what it answers, how fast, and how honest its addresses are.

The first run builds the city, some 20 s; later ones load it.
"""

from __future__ import annotations

import csv
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

SANTIAGO = Path(__file__).parents[2] / "examples" / "santiago"
SCHOOLS = Path(__file__).parent / "data" / "schools_rm.csv"
PLAZA_DE_ARMAS = Position(lon=-70.6506, lat=-33.4378)
APUMANQUE = Position(lon=-70.5700, lat=-33.4110)
MAIPU_ISLAND = Position(lon=-70.7750, lat=-33.5120)
LOAD_S_MAX = 5.0


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
