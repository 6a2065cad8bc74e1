"""The demo's two weeks ahead: who drives when, and whom each depot may call.

Without them a visitor's *Turnos*, *Andenes* and *Promesas* know one day only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from promesa.domain.fleet import Shift
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.terms import DepotTerms, save_terms
from promesa.planning.demand.calendar import Writer
from promesa.runtime.demo import Demo
from promesa.runtime.platform import Platform

DAYS = 14
SUNDAY = 6
# Four days of nine and a half hours keep the weekly limit of 42; Monday and Tuesday, when most is
# delivered, everybody is there. Weekdays off of each driver in turn.
WEEKDAYS_OFF = ((4, 5), (3, 5), (3, 4), (2, 5), (2, 4))


def weeks_ahead(shifts: Sequence[Shift], day: date) -> list[Shift]:
    """The shifts of ``day`` on the working days after it, each driver four days a week."""
    return [
        _on(shift, day + timedelta(days=ahead))
        for number, shift in enumerate(shifts)
        for ahead in range(1, DAYS)
        if (weekday := (day + timedelta(days=ahead)).weekday()) != SUNDAY
        and weekday not in WEEKDAYS_OFF[number % len(WEEKDAYS_OFF)]
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
        for shift in weeks_ahead(await tx.fleet.list_shifts(day), day):
            await tx.fleet.put_shift(shift)
        for depot in await tx.fleet.list_depots():
            await save_terms(tx, demo_terms(depot.id), writer)


def _on(shift: Shift, day: date) -> Shift:
    """The shift at the same hours of another day, though clocks change between the two."""
    later = day - shift.date
    return replace(
        shift,
        id=derived_id("simulated shift", shift.id, day),
        date=day,
        start=_later(shift.start, later),
        end=_later(shift.end, later),
    )


def _later(instant: datetime, later: timedelta) -> datetime:
    on = ServiceDay.of(instant)
    return ServiceDay(on.date + later).at(on.clock_time_of(instant))
