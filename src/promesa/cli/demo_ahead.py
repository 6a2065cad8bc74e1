"""The demo's two weeks ahead: who drives when, and whom each depot may call.

Without them a visitor's *Turnos*, *Andenes* and *Promesas* know one day only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from promesa.domain.fleet import Shift
from promesa.kernel.ids import derived_id
from promesa.planning.capacity.terms import DepotTerms, save_terms
from promesa.planning.demand.calendar import Writer
from promesa.runtime.demo import Demo
from promesa.runtime.platform import Platform

DAYS = 14
SUNDAY = 6
# Four days of nine and a half hours keep the weekly limit of 42; Monday and Tuesday, when most is
# delivered, everybody is there. Weekdays off of each driver in turn.
WEEKDAYS_OFF = ((4, 5), (3, 5), (3, 4), (2, 5), (2, 4))
# Of a hundred orders of the simulated town 83 lie nearer to one of the two depots (measured), which
# has ten vans like the other: from the day after on so many of the other's leave from there.
LENDER, BORROWER, LENT = "QUI", "SJO", 4


def weeks_ahead(shifts: Sequence[Shift], day: date) -> list[Shift]:
    """The shifts of ``day`` on the working days after it, each driver four days a week."""
    return [
        _on(shift, day + timedelta(days=ahead))
        for number, shift in enumerate(shifts)
        for ahead in range(1, DAYS)
        if (weekday := (day + timedelta(days=ahead)).weekday()) != SUNDAY
        and weekday not in WEEKDAYS_OFF[number % len(WEEKDAYS_OFF)]
    ]


def lent(shifts: Sequence[Shift], lender_id: UUID, borrower_id: UUID) -> list[Shift]:
    """The shifts with those of some of the lender's vans from the other depot."""
    vans = dict.fromkeys(shift.vehicle_id for shift in shifts if shift.depot_id == lender_id)
    going = frozenset(list(vans)[:LENT])
    return [
        replace(shift, depot_id=borrower_id) if shift.vehicle_id in going else shift
        for shift in shifts
    ]


def demo_terms(depot_id: UUID) -> DepotTerms:
    """What the demo's depots may hire and let out: simulated, like everything there."""
    return DepotTerms(
        depot_id=depot_id,
        contract_vehicles=6,
        contract_day_cost_clp=95_000,
        contract_days_min=2,
        spot_vehicles=4,
        spot_day_cost_clp=125_000,
        doors=2,
    )


async def plan_ahead(platform: Platform, demo: Demo, *, day: date) -> None:
    """Puts the shifts of two weeks and the capacity terms of each depot."""
    writer = Writer(author_id=demo.user_id, now=platform.clock.now(), ids=platform.ids)
    async with platform.transaction(demo.tenant_id) as tx:
        depots = await tx.fleet.list_depots()
        ids = {depot.code: depot.id for depot in depots}
        shifts = await tx.fleet.list_shifts(day)
        if {LENDER, BORROWER} <= set(ids):
            shifts = lent(shifts, ids[LENDER], ids[BORROWER])
        for shift in weeks_ahead(shifts, day):
            await tx.fleet.put_shift(shift)
        for depot in depots:
            await save_terms(tx, demo_terms(depot.id), writer)


def _on(shift: Shift, day: date) -> Shift:
    later = day - shift.date
    return replace(
        shift,
        id=derived_id("simulated shift", shift.id, day),
        date=day,
        start=shift.start + later,
        end=shift.end + later,
    )
