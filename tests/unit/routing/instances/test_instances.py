"""Instances small enough to count by hand, one per format."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from promesa.routing.checker import check
from promesa.routing.instances.distances import every_pair, truncated_tenths
from promesa.routing.instances.instance import (
    MATRIX_PLACES_MAX,
    InstanceError,
    fleet_for,
)
from promesa.routing.instances.metropolitan import read_metropolitan_hourly
from promesa.routing.instances.reading import read_instance
from promesa.routing.matrix import Matrix
from promesa.routing.plane import MatrixTooLargeError, Plane
from promesa.routing.problem import Break
from promesa.routing.ring_speeds import RingSpeeds
from promesa.routing.schedule import make_plan

CVRP = """NAME : tiny
TYPE : CVRP
DIMENSION : 3
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 1 1
DEMAND_SECTION
1 0
2 4
3 5
DEPOT_SECTION
 1
 -1
EOF
"""
VRPTW = CVRP.replace("CAPACITY : 10", "CAPACITY : 10\nVEHICLES : 2\nSERVICE_TIME : 3").replace(
    "DEPOT_SECTION", "TIME_WINDOW_SECTION\n1 0 100\n2 0 20\n3 12 30\nDEPOT_SECTION"
)
EXPLICIT = """NAME : halves
DIMENSION : 3
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : LOWER_ROW
CAPACITY : 10
EDGE_WEIGHT_SECTION
7
8 9
DEMAND_SECTION
1 0
2 1
3 1
EOF
"""
SOLOMON = """R999

VEHICLE
NUMBER     CAPACITY
  2          10

CUSTOMER
CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME

    0      0         0         0          0       100          0
    1      3         4         4          0        20          3
    2      1         1         5         12        30          3
"""

BEYOND_THE_POLE = (
    '{"name": "x", "origin": {"lng": 0, "lat": 91}, "vehicle_capacity": 1, "deliveries": []}'
)
NO_DELIVERY = BEYOND_THE_POLE.replace("91", "9")
ONE_DELIVERY = NO_DELIVERY.replace(
    "[]", '[{"id": "a", "point": {"lng": 0, "lat": 8}, "size": SIZE}]'
)


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_cvrp_distances_are_rounded_to_whole_numbers(tmp_path: Path) -> None:
    """5 out, 3.61 → 4 across, 1.41 → 1 back."""
    instance = read_instance(_write(tmp_path, "tiny.vrp", CVRP))
    plan = make_plan(instance.problem, {0: (0, 1)})
    assert instance.cost_of(plan) == 10
    assert check(instance.problem, plan) == ()


@pytest.mark.parametrize(("name", "text"), [("tw.vrp", VRPTW), ("tw.txt", SOLOMON)])
def test_vrptw_distances_are_truncated_to_tenths(tmp_path: Path, name: str, text: str) -> None:
    """5.0 out, 3.6 across, 1.4 back; the second waits from 11.6 for its window at 12."""
    instance = read_instance(_write(tmp_path, name, text))
    plan = make_plan(instance.problem, {0: (0, 1)})
    assert instance.cost_of(plan) == pytest.approx(10.0)
    assert len(instance.problem.vehicles) == 2
    assert [visit.start_s for visit in plan.routes[0].visits][1] == 120
    assert check(instance.problem, plan) == ()
    assert check(instance.problem, make_plan(instance.problem, {0: (1, 0)})) == ()


def test_explicit_halves_are_mirrored(tmp_path: Path) -> None:
    instance = read_instance(_write(tmp_path, "halves.vrp", EXPLICIT))
    assert instance.cost_of(make_plan(instance.problem, {0: (0, 1)})) == 7 + 9 + 8


def test_a_loggibud_day_costs_kilometres_of_great_circles(tmp_path: Path) -> None:
    """Out and back along a meridian, a tenth of a degree: 2 · 11.1195 km."""
    day = {
        "name": "df",
        "region": "df-0",
        "origin": {"lng": -47.8, "lat": -15.6},
        "vehicle_capacity": 180,
        "deliveries": [{"id": "a", "point": {"lng": -47.8, "lat": -15.7}, "size": 3}],
    }
    instance = read_instance(_write(tmp_path, "day.json", json.dumps(day)))
    assert instance.cost_of(make_plan(instance.problem, {0: (0,)})) == 22.239
    marked = read_instance(_write(tmp_path, "marked.json", "\ufeff" + json.dumps(day)))
    assert marked.cost_of(make_plan(marked.problem, {0: (0,)})) == 22.239, "as Windows saves it"


def _metropolitan(folder: Path) -> Path:
    free = np.array([[0, 9, 600, 1_200], [9, 0, 9, 9], [600, 9, 0, 300], [1_200, 9, 300, 0]])
    path = folder / "metro.npz"
    np.savez(
        path,
        free_flow_s=free.astype(np.int32),
        ring=np.array([0, 0, 1, 1], dtype=np.int8),
        speed=np.vstack([np.full(48, 0.5), np.ones(48)]),
        demand=np.array([0, 0, 1, 1]),
        service_s=np.array([0, 0, 200, 200]),
        window_s=np.tile([30_600, 63_000], (4, 1)),
        capacity=np.int64(120),
        fixed_cost_s=np.int64(7_200),
        shift_s=np.array([30_600, 63_000]),
        vehicles_max=np.int64(2),
        break_s=np.int64(2_700),
        break_window_s=np.array([45_000, 54_000]),
    )
    return path


def test_a_metropolitan_day_costs_driving_seconds_and_vehicles(tmp_path: Path) -> None:
    path = _metropolitan(tmp_path)
    static, hourly = read_instance(path), read_metropolitan_hourly(path)
    plan = make_plan(static.problem, {0: (0, 1)})
    assert static.cost_of(plan) == 7_200 + 600 + 300 + 1_200
    plan = make_plan(hourly.problem, {0: (0, 1)})
    assert hourly.cost_of(plan) == 7_200 + 1_200 + 300 + 1_200
    assert check(hourly.problem, plan) == ()


def test_breaks_and_a_fleet_are_taken_when_asked_for(tmp_path: Path) -> None:
    """Three vans over two depots: two and one."""
    path = _metropolitan(tmp_path)
    plain = read_metropolitan_hourly(path)
    assert (len(plain.problem.vehicles), plain.vehicles_max) == (4, 2)
    assert {van.breaks for van in plain.problem.vehicles} == {()}
    asked = read_metropolitan_hourly(path, with_breaks=True, vans=3)
    assert [van.start_depot for van in asked.problem.vehicles] == [0, 0, 1]
    assert asked.vehicles_max == 3
    lunch = Break(start_s=45_000, end_s=54_000, duration_s=2_700)
    assert {van.breaks for van in asked.problem.vehicles} == {(lunch,)}


def test_breaks_asked_of_a_file_without_them_are_refused(tmp_path: Path) -> None:
    path = _metropolitan(tmp_path)
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files if name != "break_s"}
    np.savez(path, allow_pickle=False, **arrays)
    assert read_metropolitan_hourly(path).problem.stops
    with pytest.raises(InstanceError):
        read_metropolitan_hourly(path, with_breaks=True)
    with pytest.raises(InstanceError):
        read_metropolitan_hourly(path, vans=0)


def _cvrp_of(places: int) -> str:
    nodes = range(1, places + 1)
    return "\n".join(
        [
            f"DIMENSION : {places}",
            "EDGE_WEIGHT_TYPE : EUC_2D",
            "CAPACITY : 10",
            "NODE_COORD_SECTION",
            *(f"{node} {node % 61} {node // 61}" for node in nodes),
            "DEMAND_SECTION",
            *(f"{node} {min(node - 1, 1)}" for node in nodes),
        ]
    )


def test_many_places_are_kept_as_coordinates_and_cost_the_same(tmp_path: Path) -> None:
    few = read_instance(_write(tmp_path, "few.vrp", _cvrp_of(MATRIX_PLACES_MAX)))
    many = read_instance(_write(tmp_path, "many.vrp", _cvrp_of(MATRIX_PLACES_MAX + 1)))
    assert isinstance(few.problem.travel, Matrix)
    assert isinstance(many.problem.travel, Plane)
    route: dict[int, tuple[int, ...]] = {0: (5, 70, 900, 2_500)}
    costs = [each.cost_of(make_plan(each.problem, route)) for each in (few, many)]
    assert costs[0] == costs[1] > 0
    assert check(many.problem, make_plan(many.problem, route)) == ()


def test_a_trip_over_the_half_hour_goes_on_at_the_new_speed() -> None:
    """100 s before the half-hour at full speed, the other 100 s of way at half of it."""
    speeds = RingSpeeds(
        free_flow_s=np.array([[0, 200], [200, 0]], dtype=np.int32),
        ring=np.zeros(2, dtype=np.int8),
        speed=np.array([[1.0, 0.5]]),
    )
    assert speeds.travel_s(0, 1, 1_700) == 100 + 200
    assert speeds.static_seconds(start_s=0, end_s=3_600)[0, 1] == 267


@pytest.mark.parametrize(
    "speed", [[[0.0] * 48], [[float("nan")] * 48], [[float("inf")] * 48], [[]]]
)
def test_speeds_at_which_no_way_ends_are_no_speeds(speed: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="speed"):
        RingSpeeds(
            free_flow_s=np.zeros((1, 1), dtype=np.int32),
            ring=np.zeros(1, dtype=np.int8),
            speed=np.array(speed),
        )


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("speed", np.zeros((2, 48)), "velocidades"),
        ("speed", np.full((2, 48), np.nan), "velocidades"),
        ("ring", np.array([0, 0, 1, 9]), "anillo"),
        ("demand", np.ones(3, dtype=int), "debe medir 4 y mide 3"),
        ("free_flow_s", np.arange(4), "debe medir 4 x 4 y mide 4"),
        ("free_flow_s", np.full((4, 4), -300), "-300 no sirve"),
        ("free_flow_s", np.full((4, 4), np.nan), "nan no sirve"),
        ("capacity", np.array("x"), "debe traer números"),
        ("vehicles_max", np.int64(10**9), "no sirve"),
    ],
)
def test_arrays_that_do_not_fit_are_named(
    tmp_path: Path, name: str, values: NDArray[np.generic], said: str
) -> None:
    path = _metropolitan(tmp_path)
    with np.load(path) as file:
        arrays = {each: file[each] for each in file.files}
    np.savez(path, allow_pickle=False, **{**arrays, name: values})
    for read in (read_instance, read_metropolitan_hourly):
        with pytest.raises(InstanceError, match=said):
            read(path)


def test_a_depot_that_opens_late_is_left_late(tmp_path: Path) -> None:
    late = SOLOMON.replace("0       100", "50      100")
    assert read_instance(_write(tmp_path, "a.txt", late)).problem.earliest_s(0) == 500


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.vrp", "NAME : x\n"),
        ("a.vrp", CVRP.replace("2 3 4", "2 3")),
        ("a.vrp", CVRP.replace("2 3 4", "2 x 4")),
        ("a.vrp", CVRP.replace("2 3 4", "2 nan 4")),
        ("a.vrp", CVRP.replace("CAPACITY : 10", "CAPACITY : ten")),
        ("a.vrp", EXPLICIT.replace("8 9", "8")),
        ("a.txt", "no numbers here"),
        ("a.json", "{"),
        ("a.json", '{"name": 3}'),
        ("a.json", BEYOND_THE_POLE),
        ("a.npz", "not a zip"),
        ("a.csv", "1,2"),
        ("a.txt", SOLOMON[: SOLOMON.rindex("30")]),
        ("a.txt", SOLOMON.replace("12        30", "nan 30")),
        ("a.txt", SOLOMON.replace("12        30", "12 inf")),
        ("a.txt", SOLOMON.replace("12        30", "12.25 30")),
        ("a.txt", SOLOMON.replace("    2      1", "    1      1")),
        ("a.txt", SOLOMON.replace("  2          10", "  200000     10")),
        ("a.txt", SOLOMON.replace("  2          10", "  2.7        10")),
        ("a.txt", SOLOMON.replace("    1         1 ", "    1         1e12 ")),
        ("a.json", ONE_DELIVERY.replace("SIZE", str(10**25))),
        ("a.json", ONE_DELIVERY.replace("SIZE", "-4")),
        ("a.json", NO_DELIVERY),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(InstanceError):
        read_instance(_write(tmp_path, name, text))


def test_sixty_thousand_stops_are_offered_vans_enough() -> None:
    assert fleet_for([2] * 60_000, 30) * 30 > 1.2 * 120_000


def test_what_needs_every_pair_of_too_many_places_is_refused_before_memory_runs_out() -> None:
    with pytest.raises(MatrixTooLargeError):
        every_pair(np.zeros((50_000, 2)), truncated_tenths)
