"""Rosters of the drivers a fleet file names, for the own vehicles of a capacity plan."""

from __future__ import annotations

from datetime import date

import pytest

from promesa.planning.capacity.driver_rosters import rosters_of
from promesa.planning.capacity.fleet import depot_fleet, depot_works
from promesa.planning.capacity.plan import CapacityCase, CapacityPlan, plan_capacity
from promesa.planning.capacity.report import roster_sentences, roster_values
from promesa.planning.capacity.scenarios import Volume, draw_scenarios
from promesa.planning.capacity.zones import Zone
from promesa.routing.fleetfile import FleetFile, read_fleet

FLEET = """
[[depots]]
id = "A"
name = "CD Norte"
lon = -70.7
lat = -33.4
[[vehicles]]
ids = ["V-1", "V-2"]
depot = "A"
parcels = 80
weight_g = 100
volume_ml = 1000
shift_start = 08:00:00
shift_end = 17:00:00
hour_cost_clp = 4_000
breaks = [{ minutes = 30, earliest = 12:00:00, latest = 14:00:00 }]
"""
DRIVERS = """
[[drivers]]
depot = "A"
names = ["Ana Soto", "Luis Rojas"]
"""


def planned(text: str, first: date, days: int) -> tuple[CapacityPlan, FleetFile]:
    """A hundred parcels a day: two vans, each day of a run of days."""
    fleet = read_fleet(text.encode())
    zone = Zone(name="Z", depot="A", area_km2=4, pace_min_km=3, haul_min=10)
    volumes = [
        Volume(
            series="Z", date=date.fromordinal(first.toordinal() + n), mean=100, p10=90, p50=100,
            p90=110,
        )
        for n in range(days)
    ]  # fmt: skip
    depots = depot_works(fleet, [zone])
    case = CapacityCase(
        scenarios=draw_scenarios(volumes, 1, count=50),
        depots=depots,
        fleets=(depot_fleet(fleet, "A"),),
    )
    return plan_capacity(case, 0.97), fleet


def test_without_drivers_no_roster_is_made() -> None:
    assert rosters_of(*planned(FLEET, date(2026, 10, 5), 2)) == ()


def test_two_drivers_fill_five_days_of_two_vans_with_half_an_hour_extra() -> None:
    """8.5 h of work five times are 42.5: half an hour each beyond 42, at 6,000 an hour."""
    found, fleet = planned(FLEET + DRIVERS, date(2026, 10, 5), 5)
    assert [day.mix.own for day in found.plan.days] == [2] * 5
    rosters = rosters_of(found, fleet)
    (values,) = roster_values(rosters)
    assert (len(values["duties"]), values["short"]) == (10, [])
    assert values["overtime_hours"] == pytest.approx(1.0)
    assert list(roster_sentences(rosters, {"A": "CD Norte"})) == [
        "CD Norte: los conductores suman 1 h extra, $6.000."
    ]


def test_a_closed_holiday_has_vans_and_nobody_to_drive_them() -> None:
    found, fleet = planned(FLEET + DRIVERS, date(2026, 9, 18), 1)
    sentences = list(roster_sentences(rosters_of(found, fleet), {"A": "CD Norte"}))
    assert sentences == ["CD Norte, viernes 18, turno 08:00–17:00: faltan 2 conductores."]
