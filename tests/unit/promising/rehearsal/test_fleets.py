"""Which vans the fleets of a rehearsal put on the road, and what they are paid."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.route_length import RouteLimits, StopWork
from promesa.planning.capacity.scenarios import Scenarios
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.zones import Zone
from promesa.promising.rehearsal.case import FleetKind
from promesa.promising.rehearsal.fleets import make_fleets
from tests.support.capacity_days import FIRST_DAY

DAYS = (FIRST_DAY, FIRST_DAY + timedelta(days=1))


def test_who_has_a_shift_drives_whatever_a_plan_needs_and_is_paid_once() -> None:
    """Three orders are one van's; on the second day there is nothing to drive."""
    zone = Zone(name="A", depot="CD", area_km2=4, pace_min_km=3, haul_min=15)
    work = DepotWork(
        id="CD",
        name="CD Centro",
        zones=(zone,),
        limits=RouteLimits(parcels=80, shift_min=480),
        work=StopWork(service_min=3),
    )
    case = CapacityCase(
        scenarios=Scenarios(
            days=DAYS,
            series=("A",),
            events=("", ""),
            parcels=np.array([[[3], [0]]], dtype=np.int64),
        ),
        depots=(work,),
        fleets=(DepotFleet(depot="CD", own=10, own_day_cost_clp=100, rostered=4),),
    )
    fleets = make_fleets(case, {"CD": 0.97})
    assert fleets[FleetKind.POOLED].vans["CD"] == {DAYS[0]: 4, DAYS[1]: 0}
    assert fleets[FleetKind.POOLED].cost_clp["CD"][DAYS[0]] == 400
    assert fleets[FleetKind.POOLED].missing == 0
