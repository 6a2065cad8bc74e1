"""Tolls and restricted zones: what the tables say, and what it does to ways and costs."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from promesa.kernel.geo import Position
from promesa.roads.charge_tables import read_charges, write_gates
from promesa.roads.network import UNREACHABLE, RoadNetwork
from promesa.roads.vehicles import MOTORCYCLE, TRUCK, VehicleKind
from tests.support.towns import SOUTH, STEP_DEG, WEST, Street, Town

# d---e---f
# |   |   |     abc is one-way to the east and has a gate between b and c; the others are two-way
# a---b---c
TOWN = Town(
    junctions={"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (0, 1), "e": (1, 1), "f": (2, 1)},
    streets=(
        Street(along="abc", tags={"oneway": "yes"}),
        Street(along="def"),
        Street(along="ad"),
        Street(along="be"),
        Street(along="cf"),
    ),
)
MONDAY_8 = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
MONDAY_12 = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SUNDAY_8 = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
GATES = "id,name,lon,lat,bearing_deg\n"
PRICES = "gate,vehicles,days,start,end,price_clp\n"
ZONES = "id,name,vehicles,days,start,end,rule,price_clp,polygon\n"
GATE = f"P1,Pórtico,{WEST + 1.5 * STEP_DEG},{SOUTH},90\n"


def polygon(west: float, south: float, east: float, north: float) -> str:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    text = ", ".join(f"{WEST + x * STEP_DEG} {SOUTH + y * STEP_DEG}" for x, y in corners)
    return f'"POLYGON (({text}))"'


def city(folder: Path, *, gates: str = "", prices: str = "", zones: str = "") -> RoadNetwork:
    network = TOWN.network(folder)
    (folder / "toll_gates.csv").write_text(GATES + gates, encoding="utf-8")
    (folder / "toll_prices.csv").write_text(PRICES + prices, encoding="utf-8")
    (folder / "restricted_zones.csv").write_text(ZONES + zones, encoding="utf-8")
    tables = read_charges(folder)
    assert tables.faults == ()
    return network.with_charges(tables)


@pytest.mark.parametrize(
    ("hour", "vehicle", "expected"),
    [
        (MONDAY_8, None, 900),
        (MONDAY_12, None, 500),
        (SUNDAY_8, None, 300),
        (MONDAY_8, TRUCK, 1_800),
        # Nobody wrote what a motorcycle pays.
        (MONDAY_8, MOTORCYCLE, 0),
    ],
)
def test_a_gate_costs_what_its_row_says_by_day_hour_and_vehicle(
    tmp_path: Path, hour: datetime, vehicle: object, expected: int
) -> None:
    prices = (
        "P1,furgón,laboral,,,500\nP1,furgón,laboral,07:30,09:00,900\n"
        "P1,furgón,sábado;domingo,,,300\nP1,camión,todos,,,1.800\nP1,moto,todos,,,por completar\n"
    )
    network = city(tmp_path, gates=GATE, prices=prices)
    if vehicle is TRUCK or vehicle is MOTORCYCLE:
        network = network.with_vehicle(vehicle)
    path = network.path(TOWN.at(0.5, 0), TOWN.at(2, 0.5), hour)
    assert path.toll_clp == expected


def test_tolls_of_a_matrix_are_those_of_its_paths(tmp_path: Path) -> None:
    gates = f"{GATE}P2,Otro,{WEST + 0.5 * STEP_DEG},{SOUTH + STEP_DEG},\n"
    prices = "P1,todos,todos,,,500\nP2,todos,todos,,,70\n"
    network = city(tmp_path, gates=gates, prices=prices)
    places = [(0.4, 0), (1.4, 0), (1.6, 0), (0.3, 1), (0.6, 1), (2, 0.5), (0, 0.4)]
    points = [TOWN.at(*place) for place in places]
    matrix = network.matrix_with_distances(points, MONDAY_8)
    tolls = network.tolls(points, MONDAY_8, network.matrix(points, MONDAY_8))
    assert tolls is not None
    assert tolls.tolist() == matrix.toll_clp.tolist()
    for (i, origin), (j, destination) in product(enumerate(points), repeat=2):
        path = network.path(origin, destination, MONDAY_8)
        assert (path.toll_clp, path.distance_m) == (matrix.toll_clp[i, j], matrix.distance_m[i, j])
    # Just before the gate to just behind it, along two thirds of the block and round the block.
    assert matrix.toll_clp[1, 2] == 500
    assert matrix.toll_clp[2, 1] % 500 == 0
    assert matrix.toll_clp[4, 3] == 70
    # The way back goes round the block and ends before the gate it started behind.
    assert matrix.toll_clp[3, 4] == 500 * (1 in network.path(points[3], points[4], None).edges)


def test_a_gate_of_the_other_carriageway_is_not_paid(tmp_path: Path) -> None:
    gate = f"P2,Al poniente,{WEST + 0.5 * STEP_DEG},{SOUTH + STEP_DEG},270\n"
    network = city(tmp_path, gates=gate, prices="P2,todos,todos,,,70\n")
    east, west = TOWN.at(0.8, 1), TOWN.at(0.2, 1)
    assert network.path(east, west, MONDAY_8).toll_clp == 70
    assert network.path(west, east, MONDAY_8).toll_clp == 0


def test_a_gate_on_no_street_is_named(tmp_path: Path) -> None:
    network = city(tmp_path, gates="P9,Lejos,-70.0,-33.0,\nP8,Al revés,-70.6485,-33.44,270\n")
    assert network.charges is not None
    assert [gate.id for gate in network.charges.off_network] == ["P9", "P8"]


def test_a_forbidden_zone_is_not_driven_into_at_its_hours(tmp_path: Path) -> None:
    zone = polygon(1.2, -0.5, 3, 1.5)
    zones = f"Z,Centro,camión,laboral,07:00,10:00,prohibido,,{zone}\n"
    van = city(tmp_path, zones=zones)
    truck = van.with_vehicle(TRUCK)
    points = [TOWN.at(0.5, 1), TOWN.at(2, 0.5)]
    assert truck.matrix(points, MONDAY_8)[0, 1] == UNREACHABLE
    # Whoever is inside may leave.
    assert truck.matrix(points, MONDAY_8)[1, 0] > 0
    assert truck.matrix(points, MONDAY_12)[0, 1] > 0
    assert truck.matrix(points, SUNDAY_8)[0, 1] > 0
    assert van.matrix(points, MONDAY_8)[0, 1] > 0


def test_a_zone_with_a_price_costs_once_and_changes_no_way(tmp_path: Path) -> None:
    zone = polygon(1.2, -0.5, 3, 1.5)
    network = city(tmp_path, zones=f"Z,Centro,todos,todos,,,costo,2000,{zone}\n")
    outside, inside = TOWN.at(0.5, 1), TOWN.at(2, 0.5)
    there, back = (network.path(*ends, MONDAY_8) for ends in ((outside, inside), (inside, outside)))
    assert (there.toll_clp, back.toll_clp) == (2_000, 0)
    assert there.edges == TOWN.network(tmp_path).path(outside, inside, MONDAY_8).edges


@pytest.mark.parametrize(
    ("name", "row", "field"),
    [
        ("toll_gates.csv", ",Sin id,-70.6,-33.4,\n", "id"),
        ("toll_gates.csv", "P1,Otra vez,-70.6,-33.4,\n", "id"),
        ("toll_gates.csv", "P2,Mal,-70.6,sur,\n", "lat"),
        ("toll_gates.csv", "P2,Mal,-70.6,-133.4,\n", "lon, lat"),
        ("toll_prices.csv", "P7,todos,todos,,,500\n", "gate"),
        ("toll_prices.csv", "P1,tren,todos,,,500\n", "vehicles"),
        ("toll_prices.csv", "P1,todos,ayer,,,500\n", "days"),
        ("toll_prices.csv", "P1,todos,todos,7:20,9:00,500\n", "start"),
        ("toll_prices.csv", "P1,todos,todos,22:00,06:00,500\n", "end"),
        ("toll_prices.csv", "P1,todos,todos,,,caro\n", "price_clp"),
        ("restricted_zones.csv", 'Z,Z,todos,todos,,,prohibido,,"POLYGON EMPTY"\n', "polygon"),
        ("restricted_zones.csv", "Z,Z,todos,todos,,,prohibido,,círculo\n", "polygon"),
        ("restricted_zones.csv", f"Z,Z,todos,todos,,,quizás,,{polygon(0, 0, 1, 1)}\n", "rule"),
        ("restricted_zones.csv", f"Z,Z,todos,todos,,,costo,,{polygon(0, 0, 1, 1)}\n", "price_clp"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_good_ones_count(
    tmp_path: Path, name: str, row: str, field: str
) -> None:
    files = {
        "toll_gates.csv": GATES + GATE,
        "toll_prices.csv": PRICES,
        "restricted_zones.csv": ZONES,
    }
    files[name] += row
    for file, text in files.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    tables = read_charges(tmp_path)
    assert [gate.id for gate in tables.gates] == ["P1"]
    number = files[name].count("\n")
    assert [(file, fault.field, fault.row) for file, fault in tables.faults] == [
        (name, field, number)
    ]


def test_two_words_name_both_vehicles_and_no_other(tmp_path: Path) -> None:
    network = city(tmp_path, gates=GATE, prices="P1,furgón;todos,todos,,,5\n")
    gate = network.charges.tables.gates[0] if network.charges else None
    assert gate is not None
    kinds = [kind for place, kind in enumerate(VehicleKind) if gate.price_clp[place, 0, 0] == 5]
    assert kinds == [VehicleKind.VAN, VehicleKind.TRUCK, VehicleKind.MOTORCYCLE]


def test_the_gates_of_the_map_wait_for_their_prices(tmp_path: Path) -> None:
    town = Town(
        junctions={**TOWN.junctions, "g": (1.5, 0)},
        streets=(Street(along="abgc"), *TOWN.streets[1:]),
        node_tags={"g": {"highway": "toll_gantry", "ref": "PA7"}},
    )
    write_gates(tmp_path, town.extract(tmp_path).toll_gates)
    tables = read_charges(tmp_path)
    assert [(gate.id, gate.name, gate.is_priced) for gate in tables.gates] == [
        ("osm-7", "PA7", False)
    ]
    assert tables.faults == ()
    # What somebody has filled in stays.
    prices = tmp_path / "toll_prices.csv"
    prices.write_text(PRICES + "osm-7,todos,todos,,,500\n", encoding="utf-8")
    write_gates(tmp_path, [("osm-8", "", Position(lon=-70.0, lat=-33.0))])
    assert read_charges(tmp_path).gates[0].is_priced
