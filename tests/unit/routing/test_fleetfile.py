from datetime import date
from pathlib import Path

import pytest

from promesa.domain.fleet import VehicleKind
from promesa.kernel.errors import FieldFault
from promesa.kernel.serviceday import ServiceDay
from promesa.routing.fleetfile import FleetFileError, read_fleet
from promesa.routing.problem import Break

DAY = ServiceDay(date(2026, 11, 30))
SAMPLE = Path(__file__).parents[3] / "examples" / "santiago" / "fleet.toml"
DEPOT = """
[[depots]]
id = "A"
lon = -70.7
lat = -33.4
"""
VAN = """
[[vehicles]]
ids = ["V-1", "V-2"]
depot = "{depot}"
parcels = 10
weight_g = 100
volume_ml = 1000
shift_start = 08:30:00
shift_end = 00:00:00
"""


def test_the_sample_fleet_has_two_depots_and_twenty_vans() -> None:
    fleet = read_fleet(SAMPLE.read_bytes())
    vehicles = fleet.vehicles_on(DAY)
    assert [depot.name for depot in fleet.depots] == ["CD Quilicura", "CD San Joaquín"]
    assert len({vehicle.id for vehicle in vehicles}) == 20
    assert {vehicle.start_depot for vehicle in vehicles} == {0, 1}


def test_a_fleet_saved_by_windows_with_a_byte_order_mark_is_read() -> None:
    assert read_fleet(b"\xef\xbb\xbf" + SAMPLE.read_bytes()) == read_fleet(SAMPLE.read_bytes())


def test_skills_are_compared_without_case_or_spaces() -> None:
    van = VAN.format(depot="A").replace("shift_end", 'skills = ["Frío ", "RAMPA  alta"]\nshift_end')
    assert read_fleet((DEPOT + van).encode()).vehicles_on(DAY)[0].skills == {"frio", "rampa alta"}


def test_hours_become_seconds_of_the_day_and_midnight_its_end() -> None:
    fleet = read_fleet((DEPOT + VAN.format(depot="A")).encode())
    vehicle = fleet.vehicles_on(DAY)[1]
    depot = fleet.depots_at({"A": 0}, DAY)[0]
    assert (vehicle.id, vehicle.shift_start_s, vehicle.shift_end_s) == ("V-2", 30_600, 86_400)
    assert (depot.open_s, depot.close_s) == (0, 86_400)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff",
        b"depots = 3",
        b"[[depots]",
        (DEPOT + VAN.format(depot="B")).encode(),
        (DEPOT.replace("-70.7", "-770.0") + VAN.format(depot="A")).encode(),
        ('zone = "Marte"\n' + DEPOT + VAN.format(depot="A")).encode(),
        ('zone = "America"\n' + DEPOT + VAN.format(depot="A")).encode(),
        (DEPOT + VAN.format(depot="A").replace("10", "9" * 5_000)).encode(),
    ],
)
def test_a_wrong_file_is_refused_with_a_place(content: bytes) -> None:
    with pytest.raises(FleetFileError) as caught:
        read_fleet(content)
    assert caught.value.details


LIMITS = """
kind = "truck"
height_cm = 320
latest_start = 10:00:00
overtime_max_minutes = 60
overtime_hour_cost_clp = 9000
driving_max_minutes = 300
duty_max_minutes = 540
stops_max = 40
trips = 2
loading_minutes = 20
breaks = [{ minutes = 30, earliest = 13:00:00, latest = 15:00:00 }]
"""


def test_limits_of_vehicle_and_driver_are_read_and_unwritten_ones_do_not_bind() -> None:
    fleet = read_fleet((DEPOT + VAN.format(depot="A") + LIMITS).encode())
    bound = fleet.vehicles_on(DAY)[0]
    assert bound.breaks == (Break(start_s=46_800, end_s=54_000, duration_s=1_800),)
    assert (bound.latest_start_s, bound.driving_max_s, bound.duty_max_s) == (36_000, 18_000, 32_400)
    assert (bound.overtime_max_s, bound.overtime_hour_cost_clp) == (3_600, 9_000)
    assert (bound.trips_max, bound.loading_time_s, bound.stops_max) == (2, 1_200, 40)
    (group,) = fleet.vehicles
    assert (group.kind, group.size.height_cm, group.size.width_cm) == (VehicleKind.TRUCK, 320, None)
    (free, _) = read_fleet((DEPOT + VAN.format(depot="A")).encode()).vehicles_on(DAY)
    assert (free.latest_start_s, free.driving_max_s, free.duty_max_s) == (None, None, None)
    assert (free.overtime_max_s, free.trips_max, free.breaks) == (0, 1, ())


def _told(content: str) -> tuple[FieldFault, ...]:
    with pytest.raises(FleetFileError) as caught:
        read_fleet(content.encode())
    faults = caught.value.details["faults"]
    assert isinstance(faults, tuple)
    return faults


def _faults(content: str) -> list[tuple[str, int | None]]:
    return [(fault.field, fault.row) for fault in _told(content)]


@pytest.mark.parametrize(
    ("written", "key", "near"),
    [
        ('skilss = ["heavy"]', "skilss", "skills"),
        ("shift_stat = 09:00:00", "shift_stat", "shift_start"),
        ("breaks = [{ minuts = 30 }]", "breaks.minuts", "minutes"),
    ],
)
def test_a_key_we_do_not_know_is_named_with_the_one_it_looks_like(
    written: str, key: str, near: str
) -> None:
    content = DEPOT + VAN.format(depot="A").replace("ids =", f"{written}\nids =")
    (fault,) = _told(content)
    assert (fault.field, fault.row) == (f"vehicles.{key}", 1)
    assert f"¿Quisiste decir {near}?" in fault.reason


def test_two_depots_of_one_name_are_told_as_that() -> None:
    two = DEPOT + DEPOT + VAN.format(depot="A") + VAN.format(depot="B").replace("V-", "W-")
    assert _faults(two) == [("depots.id", 2)]
    assert _faults(DEPOT + 2 * VAN.format(depot="A")) == [("vehicles.ids", 2), ("vehicles.ids", 2)]


@pytest.mark.parametrize(
    "key",
    ["weight_g", "stops_max", "driving_max_minutes", "overtime_max_minutes", "trips", "height_cm"],
)
def test_a_number_beyond_anything_real_is_named_by_its_key(key: str) -> None:
    huge = VAN.format(depot="A").replace("weight_g = 100\n", "")
    line = f"{key} = {10**23}\n" + ("" if key == "weight_g" else "weight_g = 1\n")
    assert _faults(DEPOT + huge.replace("ids =", f"{line}ids =")) == [(f"vehicles.{key}", 1)]


@pytest.mark.parametrize(
    ("content", "where"), [("[[depots]", "línea 1"), ("a = 1\nb = ", "al final del archivo")]
)
def test_where_the_file_is_no_toml_is_told_in_spanish(content: str, where: str) -> None:
    with pytest.raises(FleetFileError) as caught:
        read_fleet(content.encode())
    assert caught.value.details["where"] == where
