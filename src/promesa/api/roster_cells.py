"""Cells of a roster put into the shifts of the fleet: the same rows as *Planificación* changes.

Many at once, and the answer says what was there before: putting that back undoes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, put

from promesa.api.decoding import View, Wire
from promesa.api.demand_events import Word, writer_of
from promesa.api.fleet import note_change
from promesa.api.fleet_in_use import FleetInUseError, require_same_use, require_shift_unused
from promesa.domain.actor import Permission
from promesa.domain.fleet import Depot, Shift, Vehicle
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import YEAR_MAX, YEAR_MIN, ServiceDay
from promesa.planning.capacity.absences import ABSENCES_MAX, Absence
from promesa.planning.capacity.driver_rosters import shift_code
from promesa.planning.capacity.roster_people import shift_of
from promesa.planning.capacity.words import long_day_name
from promesa.planning.demand.calendar import Writer
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

# Two weeks of five hundred drivers.
CELLS_MAX = 7_000
ShiftCode = Annotated[
    str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]–([01][0-9]|2[0-3]):[0-5][0-9]$")
]


class RosterCellBody(Wire):
    """A driver's day: a shift as ``08:30–18:30`` from a depot by its code, or none.

    Two cells of one driver and day are two shifts. Without ``vehicle_id`` they get their usual van,
    else one that is free.
    """

    driver_id: UUID
    day: date
    shift: ShiftCode | None = None
    depot: Word | None = None
    vehicle_id: UUID | None = None
    is_away: bool = False


class RosterCells(Wire):
    """Cells to put."""

    cells: Annotated[list[RosterCellBody], msgspec.Meta(min_length=1, max_length=CELLS_MAX)]


class CellWas(View):
    """A cell as it was, in the shape it is put in."""

    driver_id: UUID
    day: date
    shift: str | None
    depot: str | None
    vehicle_id: UUID | None
    is_away: bool


class CellFault(View):
    """A cell that was not put, by its row from 1, and why."""

    row: int
    field: str
    reason: str


class RosterCellsView(View):
    """How many driver days changed, what they were, and what was not put."""

    accepted: int
    before: list[CellWas]
    failures: list[CellFault]


@dataclass(slots=True)
class _Desk:
    """What is there while cells are put."""

    depots: dict[str, Depot]
    vehicles: list[Vehicle]
    drivers: set[UUID]
    usual: dict[UUID, UUID]
    by_day: dict[date, list[Shift]] = field(default_factory=dict)
    away: set[tuple[UUID, date]] = field(default_factory=set)
    before: list[CellWas] = field(default_factory=list)
    failures: list[CellFault] = field(default_factory=list)
    accepted: int = 0

    def own(self, driver_id: UUID, day: date) -> list[Shift]:
        """The shifts of a driver on a day."""
        return [shift for shift in self.by_day[day] if shift.driver_id == driver_id]


Rows = list[tuple[int, RosterCellBody]]


@put("/v1/capacity/roster/cells", access=Permission.MANAGE_FLEET, summary="Put cells of a roster")
async def put_cells(data: RosterCells, platform: Platform, caller: Caller) -> RosterCellsView:
    """Puts shifts, days off and absences; what a route needs as it is stays, and is told."""
    groups: dict[tuple[UUID, date], Rows] = defaultdict(list)
    for row, cell in enumerate(data.cells, start=1):
        groups[cell.driver_id, cell.day].append((row, cell))
    writer = writer_of(platform, caller)
    async with platform.transaction(caller.tenant_id) as tx:
        desk = await _desk(tx, {day for _, day in groups if YEAR_MIN <= day.year < YEAR_MAX})
        freed = [
            key for key in groups if await _clear(platform, tx, caller, desk, key, groups[key])
        ]
        for key in freed:
            await _fill(platform, tx, caller, desk, key, groups[key], writer)
    return RosterCellsView(accepted=desk.accepted, before=desk.before, failures=desk.failures)


async def _desk(tx: PlatformStore, days: set[date]) -> _Desk:
    usual: dict[UUID, UUID] = {}
    by_day = {}
    for day in sorted(days):
        by_day[day] = await tx.fleet.list_shifts(day)
    if days:
        first, last = min(days), max(days)
        known = await tx.fleet.list_shifts_between(
            first - timedelta(days=DAYS_USUAL), last, limit=CELLS_MAX
        )
        # The last days come first: the oldest is read last and the newest holds.
        usual = {shift.driver_id: shift.vehicle_id for shift in reversed(known)}
        absences = await tx.absences.list_between(first, last, limit=ABSENCES_MAX)
    else:
        absences = []
    return _Desk(
        depots={depot.code: depot for depot in await tx.fleet.list_depots()},
        vehicles=[each for each in await tx.fleet.list_vehicles() if each.is_active],
        drivers={driver.id for driver in await tx.fleet.list_drivers()},
        usual=usual,
        by_day=by_day,
        away={(absence.driver_id, absence.date) for absence in absences},
    )


async def _clear(
    platform: Platform,
    tx: PlatformStore,
    caller: Caller,
    desk: _Desk,
    key: tuple[UUID, date],
    rows: Rows,
) -> bool:
    """Takes away what the cells no longer name; False where the day stays as it was."""
    driver_id, day = key
    row, _ = rows[0]
    if driver_id not in desk.drivers:
        desk.failures.append(_fault(row, "driver_id", "Ese conductor ya no está. Recarga."))
        return False
    if day not in desk.by_day:
        desk.failures.append(_fault(row, "day", "Esa fecha está fuera de rango."))
        return False
    odd = [
        _fault(place, "depot", "Ese CD no existe. Elige uno de la lista.")
        for place, cell in rows
        if cell.shift is not None and cell.depot not in desk.depots
    ]
    if odd:
        desk.failures += odd
        return False
    own = desk.own(driver_id, day)
    was = _was(desk, key, own)
    gone = own[len([cell for _, cell in rows if cell.shift is not None]) :]
    try:
        for shift in gone:
            await require_shift_unused(tx, shift.id)
    except FleetInUseError as error:
        desk.failures.append(_fault(row, "shift", str(error)))
        return False
    desk.before += was
    for shift in gone:
        await tx.fleet.remove_shift(shift.id)
        await note_change(platform, tx, caller, "shift", shift.id)
        desk.by_day[day].remove(shift)
    return True


def _was(desk: _Desk, key: tuple[UUID, date], own: Sequence[Shift]) -> list[CellWas]:
    codes = {depot.id: code for code, depot in desk.depots.items()}
    day = ServiceDay(key[1])
    is_away = key in desk.away
    if not own:
        return [
            CellWas(
                driver_id=key[0],
                day=key[1],
                shift=None,
                depot=None,
                vehicle_id=None,
                is_away=is_away,
            )
        ]
    return [
        CellWas(
            driver_id=key[0],
            day=key[1],
            shift=shift_code(day.clock_time_of(shift.start), day.clock_time_of(shift.end)),
            depot=codes.get(shift.depot_id),
            vehicle_id=shift.vehicle_id,
            is_away=is_away,
        )
        for shift in own
    ]


async def _fill(
    platform: Platform,
    tx: PlatformStore,
    caller: Caller,
    desk: _Desk,
    key: tuple[UUID, date],
    rows: Rows,
    writer: Writer,
) -> None:
    """Puts what the cells name, over the shifts that are left."""
    driver_id, day = key
    left = desk.own(driver_id, day)
    is_put = True
    for row, cell in rows:
        if cell.shift is None:
            continue
        kept = left.pop(0) if left else None
        shift = _made(desk, cell, cell.shift, kept)
        if shift is None:
            reason = f"No queda camioneta libre en {cell.depot} el {long_day_name(day)}."
            desk.failures.append(_fault(row, "vehicle_id", reason))
            is_put = False
            continue
        try:
            await require_same_use(tx, shift)
        except FleetInUseError as error:
            desk.failures.append(_fault(row, "shift", str(error)))
            is_put = False
            continue
        await tx.fleet.put_shift(shift)
        await note_change(platform, tx, caller, "shift", shift.id)
        if kept is not None:
            desk.by_day[day].remove(kept)
        desk.by_day[day].append(shift)
    await _put_absence(platform, tx, caller, desk, key, rows, writer)
    desk.accepted += is_put


async def _put_absence(
    platform: Platform,
    tx: PlatformStore,
    caller: Caller,
    desk: _Desk,
    key: tuple[UUID, date],
    rows: Rows,
    writer: Writer,
) -> None:
    is_away = any(cell.is_away for _, cell in rows)
    if is_away == (key in desk.away):
        return
    if is_away:
        absence = Absence(
            driver_id=key[0], date=key[1], author_id=writer.author_id, saved_at=writer.now
        )
        await tx.absences.put_all([absence])
    else:
        await tx.absences.remove(*key)
    await note_change(platform, tx, caller, "absence", key[0])


def _made(desk: _Desk, cell: RosterCellBody, code: str, kept: Shift | None) -> Shift | None:
    """The shift a cell names; None where no vehicle is free."""
    hours, day = shift_of(code), ServiceDay(cell.day)
    depot = desk.depots[cell.depot or ""]
    last = day if hours.end > hours.start else ServiceDay(cell.day + timedelta(days=1))
    start, end = day.at(hours.start), last.at(hours.end)
    taken = {
        shift.vehicle_id
        for shift in desk.by_day[cell.day]
        if shift is not kept and shift.start < end and start < shift.end
    }
    same = kept.vehicle_id if kept is not None and kept.depot_id == depot.id else None
    vehicle_id = _vehicle(desk, cell, depot, same=same, taken=taken)
    if vehicle_id is None:
        return None
    return Shift(
        id=kept.id if kept is not None else _free_id(desk, cell, vehicle_id, code),
        date=cell.day,
        driver_id=cell.driver_id,
        vehicle_id=vehicle_id,
        depot_id=depot.id,
        start=start,
        end=end,
    )


def _free_id(desk: _Desk, cell: RosterCellBody, vehicle_id: UUID, code: str) -> UUID:
    """One that no shift of the day has: one that was moved kept the id of its first hours."""
    taken = {shift.id for shift in desk.by_day[cell.day]}
    made = (
        derived_id("shift", cell.day, cell.driver_id, vehicle_id, code, number)
        for number in range(len(taken) + 1)
    )
    return next(shift_id for shift_id in made if shift_id not in taken)


def _vehicle(
    desk: _Desk, cell: RosterCellBody, depot: Depot, *, same: UUID | None, taken: set[UUID]
) -> UUID | None:
    """The vehicle asked for, the one they have, their usual one, or the first that is free."""
    free = {each.id for each in desk.vehicles if each.id not in taken}
    at_depot = [each.id for each in desk.vehicles if each.depot_id == depot.id and each.id in free]
    for wanted in (cell.vehicle_id, same):
        if wanted in free:
            return wanted
    usual = desk.usual.get(cell.driver_id)
    if usual in at_depot:
        return usual
    # Another's usual van is taken last.
    others = set(desk.usual.values())
    return next(iter(sorted(at_depot, key=lambda each: each in others)), None)


def _fault(row: int, name: str, reason: str) -> CellFault:
    return CellFault(row=row, field=name, reason=reason)


# How far back a driver's usual van is looked for.
DAYS_USUAL = 28
router = Router(path="", route_handlers=[put_cells], tags=["capacity"])
