"""The demo's two weeks ahead: who drives when, and whom each depot may call.

Without them a visitor's *Turnos*, *Andenes* and *Promesas* know one day only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from promesa.domain.fleet import Depot, Shift
from promesa.domain.person import Person
from promesa.kernel.ids import derived_id
from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.terms import DepotTerms, save_terms
from promesa.planning.demand.calendar import Writer
from promesa.runtime.demo import Demo
from promesa.runtime.platform import Platform
from promesa.runtime.repository import PlatformStore
from promesa.simulator.shoppers import draw_name, draw_phone

DAYS = 14
SUNDAY = 6
# Four days of nine and a half hours keep the weekly limit of 42; Monday and Tuesday, when most is
# delivered, everybody is there. Weekdays off of each driver in turn.
WEEKDAYS_OFF = ((4, 5), (3, 5), (3, 4), (2, 5), (2, 4))
# Of a hundred orders of the simulated town 83 lie nearer to one of the two depots (measured), which
# has ten vans like the other: from the day after on so many of the other's leave from there.
LENDER, BORROWER, LENT = "QUI", "SJO", 4
# Hired for the rest of the event's week, in vans whose drivers are off: what the event sells can be
# promised for some day then, and not all of it for the first one.
HIRED, HIRED_FROM_D, HIRED_DAYS = 3, 2, 4


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


def hired_shifts(
    shifts: Sequence[Shift], ahead: Sequence[Shift], hired: Sequence[UUID], day: date
) -> list[Shift]:
    """Shifts of hired drivers after ``day``, each in a van that nobody else has that date.

    Args:
        shifts: Of ``day``, with the vans that may be given.
        ahead: Of the weeks after it.
        hired: Drivers, by id.
        day: The first of the event.
    """
    taken = {(shift.vehicle_id, shift.date) for shift in ahead}
    found = []
    for number in range(HIRED_FROM_D, HIRED_FROM_D + HIRED_DAYS):
        date_ = day + timedelta(days=number)
        idle = [shift for shift in shifts if (shift.vehicle_id, date_) not in taken]
        found += [
            replace(
                _on(shift, date_), id=derived_id("hired shift", driver, date_), driver_id=driver
            )
            for driver, shift in zip(hired, idle, strict=False)
        ]
    return found


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
        for shift in await _shifts_ahead(tx, depots, day):
            await tx.fleet.put_shift(shift)
        for depot in depots:
            await save_terms(tx, demo_terms(depot.id), writer)


async def _shifts_ahead(tx: PlatformStore, depots: Sequence[Depot], day: date) -> list[Shift]:
    ids = {depot.code: depot.id for depot in depots}
    shifts = await tx.fleet.list_shifts(day)
    if not {LENDER, BORROWER} <= set(ids):
        return weeks_ahead(shifts, day)
    shifts = lent(shifts, ids[LENDER], ids[BORROWER])
    ahead = weeks_ahead(shifts, day)
    hired = await _hire(tx, len(shifts))
    there = [shift for shift in shifts if shift.depot_id == ids[BORROWER]]
    return ahead + hired_shifts(there, ahead, hired, day)


async def _hire(tx: PlatformStore, employed: int) -> list[UUID]:
    like = (await tx.fleet.list_drivers())[0]
    found = []
    for number in range(employed + 1, employed + HIRED + 1):
        draw = stream(number, "hired")
        person = Person(
            id=derived_id("hired person", number), name=draw_name(draw), phone=draw_phone(draw)
        )
        await tx.people.put(person)
        driver = replace(
            like,
            id=derived_id("hired driver", number),
            code=f"C-{number:02d}",
            person_id=person.id,
        )
        await tx.fleet.put_driver(driver)
        found.append(driver.id)
    return found


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
