"""VRPLIB files say more than coordinates: all of it is kept, or refused by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from promesa.routing.checker import check
from promesa.routing.checks.violation import Rule
from promesa.routing.instances.instance import Instance, InstanceError
from promesa.routing.instances.reading import read_instance
from promesa.routing.schedule import make_plan

SQUARE = """NAME : square
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 0 10
4 1 1
DEMAND_SECTION
1 0
2 4
3 0
4 5
DEPOT_SECTION
1
-1
EOF
"""
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
WINDOWS = "TIME_WINDOW_SECTION\n1 5 100\n2 0 20\n3 0 30\n4 0 30\nDEPOT_SECTION"


def read(folder: Path, text: str) -> Instance:
    path = folder / "a.vrp"
    path.write_text(text, encoding="utf-8")
    return read_instance(path)


def cost_of(instance: Instance, *customers: str) -> float:
    """Of one route over the customers of these names."""
    stops = tuple(instance.problem.stop_index[name] for name in customers)
    return instance.cost_of(make_plan(instance.problem, {0: stops}))


def test_routes_leave_from_the_depot_the_file_names(tmp_path: Path) -> None:
    """From (0, 10) to (3, 4) and back: 6.7 → 7 each way; from (0, 0) it is 5."""
    third = read(tmp_path, SQUARE.replace("DEPOT_SECTION\n1", "DEPOT_SECTION\n3"))
    assert [stop.id for stop in third.problem.stops] == ["0", "1", "3"]
    assert cost_of(third, "1") == 14
    assert cost_of(read(tmp_path, SQUARE), "1") == 10


def test_rows_belong_to_the_nodes_they_number(tmp_path: Path) -> None:
    shuffled = SQUARE.replace("2 4\n3 0\n4 5\nDEPOT", "4 5\n2 4\n3 0\nDEPOT").replace(
        "1 0 0\n2 3 4\n3 0 10", "3 0 10\n1 0 0\n2 3 4"
    )
    once, again = read(tmp_path, SQUARE), read(tmp_path, shuffled)
    assert again.problem.stops == once.problem.stops
    assert cost_of(again, "1", "3") == cost_of(once, "1", "3")


def test_distances_are_rounded_up_where_the_file_says_so(tmp_path: Path) -> None:
    """1.41 → 2 each way, which EUC_2D rounds to 1."""
    assert cost_of(read(tmp_path, SQUARE), "3") == 2
    assert cost_of(read(tmp_path, SQUARE.replace("EUC_2D", "CEIL_2D")), "3") == 4


def test_geographic_distances_are_those_of_tsplib(tmp_path: Path) -> None:
    """The first three of ulysses16: 509, 501 and, between them, 126 kilometres."""
    ulysses = SQUARE.replace("EUC_2D", "GEO").replace("1 0 0\n2 3 4\n3 0 10\n4 1 1", (
        "1 38.24 20.42\n2 39.57 26.15\n3 40.56 25.32\n4 36.26 23.12"
    ))  # fmt: skip
    instance = read(tmp_path, ulysses)
    assert cost_of(instance, "1") == 2 * 509
    assert cost_of(instance, "1", "2") == 509 + 126 + 501


def test_a_route_is_no_longer_than_the_file_allows_with_its_service(tmp_path: Path) -> None:
    """10 of driving and 3 of service: 13 is enough, 12 is not."""
    limited = SQUARE.replace("CAPACITY", "SERVICE_TIME : 3\nDISTANCE : 13\nCAPACITY")
    found: dict[int, set[Rule]] = {}
    for most in (12, 13):
        instance = read(tmp_path, limited.replace("13", str(most)))
        plan = make_plan(instance.problem, {0: (0,), 1: (1, 2)})
        broken = check(instance.problem, plan)
        found[most] = {each.rule for each in broken if each.vehicle == "V1"}
    assert found == {12: {Rule.DUTY_MAX}, 13: set()}


def test_service_counts_for_nothing_where_nothing_limits_time(tmp_path: Path) -> None:
    slow = read(tmp_path, SQUARE.replace("CAPACITY", "SERVICE_TIME : 50000\nCAPACITY"))
    assert check(slow.problem, make_plan(slow.problem, {0: (0, 1, 2)})) == ()


def test_nobody_leaves_a_depot_before_its_window_opens(tmp_path: Path) -> None:
    instance = read(tmp_path, SQUARE.replace("DEPOT_SECTION", WINDOWS))
    assert instance.problem.earliest_s(0) == 50
    assert make_plan(instance.problem, {0: (0,)}).routes[0].departure_s >= 50


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SQUARE.replace("\n-1", "\n2\n-1"), "nombra 2 CD"),
        (SQUARE.replace("DEPOT_SECTION\n1", "DEPOT_SECTION\n9"), "del 1 al 4"),
        (SQUARE.replace("DEPOT_SECTION\n1", "DEPOT_SECTION\n2"), "no puede pedir"),
        (SQUARE.replace("3 0 10", "2 0 10"), "falta el 3"),
        (SQUARE.replace("EUC_2D", "XRAY1"), "XRAY1"),
        (SQUARE.replace("EDGE_WEIGHT_TYPE : EUC_2D\n", ""), "EDGE_WEIGHT_TYPE"),
        (SQUARE.replace("CVRP", "MDVRP"), "MDVRP"),
        (SQUARE.replace("CVRP", "VRPTW"), "falta TIME_WINDOW_SECTION"),
        (SQUARE.replace("EOF", "BACKHAUL_SECTION\n2\nEOF"), "BACKHAUL_SECTION"),
        (SQUARE.replace("CAPACITY", "VEHICLES_MAX_DURATION : 9\nCAPACITY"), "MAX_DURATION"),
        (SQUARE.replace("2 4\n", "2 3.9\n"), r"3\.9 no sirve"),
        (SQUARE.replace("2 4\n", "2 -4\n"), "-4 no sirve"),
        (SQUARE.replace("2 4\n", "2 1e30\n"), "no sirve"),
        (SQUARE.replace("2 4\n", "2 nan\n"), "sin fin"),
        (SQUARE.replace("CAPACITY : 10", "CAPACITY : inf"), "inf no sirve"),
        (SQUARE.replace("CAPACITY : 10", "CAPACITY : 10\nVEHICLES : 200000"), "de 0 a 10000"),
        (SQUARE.replace("DIMENSION : 4", "DIMENSION : 0"), "2 o más"),
        (SQUARE.replace("DIMENSION : 4", "DIMENSION : inf"), "inf no sirve"),
        (SQUARE.replace("2 3 4", "2 1e300 4"), "±10000000"),
        (SQUARE.replace("EUC_2D", "GEO").replace("2 3 4", "2 91 4"), "±90 y ±180"),
        (SQUARE[: SQUARE.index("3 0\n4 5")], "cortado"),
        (SQUARE.replace("DEPOT_SECTION", f"{WINDOWS}").replace("2 0 20", "2 nan 20"), "sin fin"),
        (SQUARE.replace("DEPOT_SECTION", f"{WINDOWS}").replace("2 0 20", "2 -3 20"), "-3 no"),
        (SQUARE.replace("DEPOT_SECTION", WINDOWS).replace("CAPACITY", "DISTANCE : 9\nCAPACITY"),
         "DISTANCE y ventanas"),
        (EXPLICIT.replace("8 9", "x 9"), "no es número"),
        (EXPLICIT.replace("8 9", "nan 9"), "nan no sirve"),
        (EXPLICIT.replace("8 9", "-8 9"), "-8 no sirve"),
        (EXPLICIT.replace("8 9", "5000000000 9"), "5000000000 no sirve"),
        (EXPLICIT.replace("8 9", "8.5 9"), r"8\.5 no sirve"),
        (EXPLICIT.replace("8 9", "8"), "lleva 3 números y trae 2"),
        (EXPLICIT.replace("LOWER_ROW", "SPIRAL"), "SPIRAL"),
        ("\x00\x01 \x02\n", "línea 1"),
    ],
)  # fmt: skip
def test_what_would_be_another_problem_is_refused_by_name(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(InstanceError, match=said):
        read(tmp_path, text)
