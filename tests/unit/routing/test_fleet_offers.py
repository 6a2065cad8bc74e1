"""Contracts, spot vehicles, docks and zones of a fleet file."""

from __future__ import annotations

from datetime import time

import pytest

from promesa.kernel.errors import FieldFault
from promesa.routing.fleet_offers import FleetDocks, FleetStops
from promesa.routing.fleetfile import FleetFileError, read_fleet
from tests.unit.routing.test_fleetfile import DEPOT, VAN

FLEET = DEPOT + VAN.format(depot="A")
OFFERS = """
[[contracts]]
name = "Ruta Sur"
depot = "A"
vehicles = 10
day_cost_clp = 95_000
days_min = 5
block = 2

[[spot]]
name = "Fletes al día"
depot = "A"
vehicles = 6
day_cost_clp = 140_000

[[docks]]
depot = "A"
doors = 4
first = 06:30:00
last = 09:00:00
loading_minutes = 25

[stops]
service_minutes = 3.5
parcels = 1.2

[[drivers]]
depot = "A"
names = ["Ana Soto", "Luis Rojas"]

[zones]
"Ñuñoa" = "A"
"""


def told(content: str) -> list[FieldFault]:
    with pytest.raises(FleetFileError) as caught:
        read_fleet(content.encode())
    faults = caught.value.details["faults"]
    assert isinstance(faults, tuple)
    return list(faults)


def test_a_fleet_without_offers_has_none() -> None:
    fleet = read_fleet(FLEET.encode())
    assert (fleet.contracts, fleet.spot, fleet.docks, fleet.zones) == ((), (), (), {})
    assert fleet.stops == FleetStops(service_minutes=4.0, parcels=1.0)


def test_offers_are_read_as_written() -> None:
    fleet = read_fleet((FLEET + OFFERS).encode())
    (contract,), (spot,) = fleet.contracts, fleet.spot
    assert (contract.vehicles, contract.days_min, contract.block) == (10, 5, 2)
    assert (spot.vehicles, spot.day_cost_clp) == (6, 140_000)
    assert fleet.stops == FleetStops(service_minutes=3.5, parcels=1.2)
    assert fleet.zones == {"Ñuñoa": "A"}
    assert [each.names for each in fleet.drivers] == [("Ana Soto", "Luis Rojas")]


def test_doors_let_out_as_many_vans_as_can_load() -> None:
    """Two and a half hours are six loads of 25 minutes, at four doors."""
    docks = FleetDocks(depot="A", doors=4, first=time(6, 30), last=time(9), loading_minutes=25)
    assert docks.departures_max == 24


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("vehicles = 10", "vehicles = 0", "contracts.vehicles"),
        ("day_cost_clp = 140_000", "day_cost_clp = -1", "spot.day_cost_clp"),
        ("last = 09:00:00", "last = 06:40:00", "docks.last"),
        ("parcels = 1.2", "parcels = 0.0", "stops.parcels"),
        ('"Ñuñoa" = "A"', '"Ñuñoa" = "B"', "zones.Ñuñoa"),
        ('depot = "A"\ndoors', 'depot = "B"\ndoors', "docks.depot"),
        ("days_min = 5", "dias_min = 5", "contracts.dias_min"),
        ("service_minutes", "servise_minutes", "stops.servise_minutes"),
        ("Luis Rojas", "Ana Soto", "drivers.names"),
        ('depot = "A"\nnames', 'depot = "B"\nnames', "drivers.depot"),
    ],
)
def test_what_cannot_be_is_told_by_table_and_key(before: str, after: str, field: str) -> None:
    (fault,) = told(FLEET + OFFERS.replace(before, after))
    assert fault.field == field
    assert fault.reason
