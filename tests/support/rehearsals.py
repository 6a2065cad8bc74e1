"""A rehearsal small enough to follow: one depot, one comuna of doors on a square, ten days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from promesa.kernel.geo import Position
from promesa.promising.odds import Spread
from promesa.promising.offers import OfferTerms
from promesa.promising.rehearsal.case import (
    DepotCase,
    FleetDays,
    FleetKind,
    RehearsalCase,
    Way,
)
from promesa.promising.rehearsal.ground import Ground, metres
from promesa.promising.rehearsal.world import Roughness, Vans

MONDAY = date(2026, 3, 2)
DEPOT = Position(lon=-70.65, lat=-33.45)
# A tenth of a second a metre: 36 km/h along the straight line.
PACE_S_PER_M = 0.1
CALM = Roughness(
    traffic_cv=0.0, door_cv=0.0, absent_share=0.0, away_share=0.0, fail_share=0.0, overtime_s=0
)


def square_ground() -> Ground:
    """A hundred doors, 200 m apart, around the depot."""
    steps = np.arange(10) * 0.002
    doors = np.array([(-70.66 + east, -33.46 + north) for east in steps for north in steps])
    anchors = metres([DEPOT])
    pace = np.full((3, 1, 1), PACE_S_PER_M, dtype=np.float32)
    return Ground(doors={"Centro": doors}, anchors=anchors, depots={"CD": DEPOT}, pace=pace)


def small_case(
    orders: Mapping[int, int],
    *ways: Way,
    vans: int,
    terms: OfferTerms,
    roughness: Roughness = CALM,
    usual: int = 60,
    days: int = 24,
    counts: tuple[int, int] = (2, 9),
) -> RehearsalCase:
    """Orders by number of the day, ``usual`` on the others; the same vans every day."""
    dates = [MONDAY + timedelta(days=number) for number in range(days)]
    came = {day: orders.get(number, usual) for number, day in enumerate(dates)}
    ahead = [MONDAY + timedelta(days=number) for number in range(days + 60)]
    fleet = FleetDays(
        vans={"CD": dict.fromkeys(ahead, vans)}, cost_clp={"CD": dict.fromkeys(ahead, vans * 100)}
    )
    return RehearsalCase(
        first=dates[counts[0]],
        last=dates[counts[1]],
        begins=MONDAY,
        depots={
            "CD": DepotCase(
                name="CD",
                vans=Vans(shift_s=30_000, rest_s=1_800, stops_max=200),
                expected={
                    day: Spread(mean=float(came.get(day, usual)), sd=came.get(day, usual) * 0.1)
                    for day in ahead
                },
                service_s=600.0,
                stem_s=100.0,
            )
        },
        orders=({"CD": {day: {"Centro": count} for day, count in came.items()}},),
        usual=tuple(day for number, day in enumerate(dates) if number not in orders)[:5],
        fleets=dict.fromkeys(FleetKind, fleet),
        ways=ways,
        ground=square_ground(),
        terms=terms,
        roughness=roughness,
    )
