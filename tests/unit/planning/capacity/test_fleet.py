"""What a fleet file comes to for capacity: the typical vehicle, its day, what can be hired."""

from __future__ import annotations

from datetime import time

import pytest

from promesa.planning.capacity.departures import HIRED_SHIFT, door_slots, shifts_of
from promesa.planning.capacity.docks import late_minutes
from promesa.planning.capacity.fleet import (
    HIRED_LIMITS,
    FleetEmptyError,
    depot_fleet,
    depot_works,
    price_of,
    require_fleet,
    typical_limits,
)
from promesa.planning.capacity.own_fleet import DAY_COST_ASSUMED_CLP, CostFrom
from promesa.planning.capacity.sources import Mix
from promesa.planning.capacity.zones import Zone
from promesa.routing.fleetfile import FleetFile, read_fleet

DEPOTS = """
[[depots]]
id = "A"
name = "CD Norte"
lon = -70.7
lat = -33.4
[[depots]]
id = "B"
lon = -70.6
lat = -33.5
"""
VANS = """
[[vehicles]]
ids = ["V-1", "V-2", "V-3"]
depot = "A"
parcels = 80
weight_g = 100
volume_ml = 1000
shift_start = 08:00:00
shift_end = 18:00:00
fixed_cost_clp = 20_000
hour_cost_clp = 5_000
breaks = [{ minutes = 30, earliest = 13:00:00, latest = 15:00:00 }]
[[vehicles]]
ids = ["V-4"]
depot = "A"
parcels = 160
weight_g = 100
volume_ml = 1000
shift_start = 22:00:00
shift_end = 02:00:00
fixed_cost_clp = 20_000
hour_cost_clp = 5_000
"""
OFFERS = """
[[contracts]]
name = "Ruta Sur"
depot = "A"
vehicles = 10
day_cost_clp = 95_000
[[spot]]
name = "Al día"
depot = "A"
vehicles = 6
day_cost_clp = 140_000
[[docks]]
depot = "A"
doors = 2
first = 07:00:00
last = 09:00:00
loading_minutes = 30
"""


def fleet_of(text: str) -> FleetFile:
    return read_fleet(text.encode())


def zone(depot: str) -> Zone:
    return Zone(name=f"zona {depot}", depot=depot, area_km2=4, pace_min_km=4, haul_min=10)


def test_the_typical_vehicle_is_the_mean_of_the_depots_own() -> None:
    """Three of 80 parcels and 9.5 h of work, one of 160 and a night of 4 h."""
    (work,) = depot_works(fleet_of(DEPOTS + VANS), [zone("A")])
    assert (work.name, work.limits.parcels) == ("CD Norte", 100)
    assert work.limits.shift_min == pytest.approx((3 * 570 + 240) / 4)


def test_a_day_of_it_is_its_fixed_cost_and_the_hours_of_its_shift() -> None:
    offered = depot_fleet(fleet_of(DEPOTS + VANS), "A")
    assert offered.own == 4
    assert offered.own_day_cost_clp == (3 * 70_000 + 40_000) / 4


def test_vehicles_without_a_price_cost_what_the_others_do() -> None:
    silent = VANS.replace("fixed_cost_clp = 20_000\nhour_cost_clp = 5_000\n", "", 1)
    price = price_of(fleet_of(DEPOTS + silent), "A")
    assert (price.day_cost_clp, price.cost_from) == (40_000, CostFrom.OWN)
    assert (price.vehicles, price.priced) == (4, 1)


def test_where_nobody_gave_a_price_a_day_is_assumed_not_free() -> None:
    silent = VANS.replace("fixed_cost_clp = 20_000\nhour_cost_clp = 5_000\n", "")
    price = price_of(fleet_of(DEPOTS + silent), "A")
    assert (price.day_cost_clp, price.cost_from) == (DAY_COST_ASSUMED_CLP, CostFrom.ASSUMED)


def test_a_fleet_without_own_vehicles_says_in_a_group_what_one_carries_or_it_is_assumed() -> None:
    hired = fleet_of(DEPOTS + OFFERS)
    assert typical_limits(hired, "A") == HIRED_LIMITS
    assert depot_fleet(hired, "A").own == 0
    kind = VANS.split("[[vehicles]]")[1].replace('"V-1", "V-2", "V-3"', "")
    told = fleet_of(DEPOTS + OFFERS + "[[vehicles]]" + kind)
    assert typical_limits(told, "A").parcels == 80
    require_fleet(told)


def test_a_depot_without_vehicles_takes_the_fleets_for_typical_and_owns_none() -> None:
    fleet = fleet_of(DEPOTS + VANS)
    (work,) = depot_works(fleet, [zone("B")])
    assert (work.limits.parcels, depot_fleet(fleet, "B").own) == (100, 0)


def test_depots_without_zones_are_left_out() -> None:
    assert [each.id for each in depot_works(fleet_of(DEPOTS + VANS), [zone("B")])] == ["B"]


@pytest.mark.parametrize("text", ["vehicles = []\n" + DEPOTS, "vehicles = []\ndepots = []"])
def test_a_fleet_without_vehicles_or_depots_is_refused(text: str) -> None:
    with pytest.raises(FleetEmptyError):
        require_fleet(fleet_of(text))


def test_contracts_spot_and_doors_are_the_depots() -> None:
    fleet = fleet_of(DEPOTS + VANS + OFFERS)
    offered = depot_fleet(fleet, "A")
    assert (offered.contracted_max, offered.spot_max, offered.departures_max) == (10, 6, 8)
    other = depot_fleet(fleet, "B")
    assert (other.contracts, other.spot, other.departures_max) == ((), (), None)


def test_own_vehicles_work_their_shifts_and_hired_ones_the_first() -> None:
    fleet = fleet_of(DEPOTS + VANS + OFFERS)
    shifts = shifts_of(fleet, "A", Mix(own=4, contracted=(2,), spot=(1,)))
    assert [(each.source, each.vehicles, each.start) for each in shifts] == [
        ("own", 3, time(8)),
        ("own", 1, time(22)),
        ("Ruta Sur", 2, time(8)),
        ("Al día", 1, time(8)),
    ]


def test_hired_vehicles_of_a_fleet_without_shifts_work_a_usual_day() -> None:
    (shift,) = shifts_of(fleet_of(DEPOTS + OFFERS), "A", Mix(contracted=(2,), spot=(0,)))
    assert (shift.start, shift.end) == HIRED_SHIFT


def test_vehicles_load_before_their_shift_as_far_as_doors_allow() -> None:
    """Two doors load four by 08:00; the fifth and sixth leave half an hour late."""
    fleet = fleet_of(DEPOTS + VANS + OFFERS)
    shifts = shifts_of(fleet, "A", Mix(own=3, contracted=(3,), spot=(0,)))
    slots = door_slots(fleet.docks[0], shifts)
    assert (len(slots), late_minutes(slots)) == (6, 60)
