"""Cells of a roster put into the shifts of the fleet: the same rows as *Planificación* changes.

Many at once, and the answer says what was there before: putting that back undoes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from litestar import Router, put

from promesa.api.demand_events import writer_of
from promesa.api.fleet import note_change
from promesa.api.fleet_in_use import FleetInUseError, require_same_use, require_shift_unused
from promesa.api.roster_cell_views import (
    CELLS_MAX,
    CellFault,
    CellWas,
    RosterCellBody,
    RosterCells,
    RosterCellsView,
)
from promesa.domain.actor import Permission
from promesa.domain.fleet import Depot, Shift, Vehicle
from promesa.kernel.errors import ConflictError
from promesa.kernel.serviceday import YEAR_MAX, YEAR_MIN, ServiceDay
from promesa.planning.capacity.absences import ABSENCES_MAX, Absence
from promesa.planning.capacity.driver_rosters import shift_code
from promesa.planning.capacity.roster_vans import DriverDay, WantedDuty, fit_days
from promesa.planning.capacity.words import long_day_name
from promesa.planning.demand.calendar import Writer
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore


class RosterCellsChangedError(ConflictError):
    """Cells that were to be undone are not as they were left."""

    code: ClassVar[str] = "roster_cells_changed"
    message: ClassVar[str] = (
        "Esos turnos cambiaron después, así que no se deshizo nada. Míralos en la tabla y "
        "cámbialos uno a uno."
    )


Key = tuple[UUID, date]
Rows = list[tuple[int, RosterCellBody]]


@dataclass(slots=True)
class _Desk:
    """What is there while cells are put.

    ``failed`` are driver days that stay as they were.
    """

    depots: dict[str, Depot]
    vehicles: list[Vehicle]
    drivers: set[UUID]
    usual: dict[UUID, UUID]
    by_day: dict[date, list[Shift]] = field(default_factory=dict)
    away: set[Key] = field(default_factory=set)
    failed: dict[Key, list[CellFault]] = field(default_factory=dict)

    def own(self, key: Key) -> tuple[Shift, ...]:
        """The shifts of a driver on a day."""
        return tuple(shift for shift in self.by_day[key[1]] if shift.driver_id == key[0])


@put("/v1/capacity/roster/cells", access=Permission.MANAGE_FLEET, summary="Put cells of a roster")
async def put_cells(data: RosterCells, platform: Platform, caller: Caller) -> RosterCellsView:
    """Puts shifts, days off and absences; what a route needs as it is stays, and is told.

    Raises:
        RosterCellsChangedError: Not all are as ``expected``, and nothing is put.
    """
    return await put_all(platform, caller, data.cells, data.expected)


async def put_all(
    platform: Platform,
    caller: Caller,
    cells: Sequence[RosterCellBody],
    expected: Sequence[RosterCellBody] = (),
) -> RosterCellsView:
    """Puts cells in one transaction; those that cannot be are told by their row from 1.

    Raises:
        RosterCellsChangedError: Not all are as ``expected``, and nothing is put.
    """
    groups: dict[Key, Rows] = defaultdict(list)
    for row, cell in enumerate(cells, start=1):
        groups[cell.driver_id, cell.day].append((row, cell))
    writer = writer_of(platform, caller)
    async with platform.transaction(caller.tenant_id) as tx:
        # Two who put the same day at once would each find it empty.
        await tx.fleet.lock_shifts()
        desk = await _desk(tx, {day for _, day in groups if YEAR_MIN <= day.year < YEAR_MAX})
        _require_expected(desk, expected)
        days = {key: found for key in groups if (found := _day(desk, key, groups[key]))}
        made = await _fitted(tx, desk, days, groups)
        before = [was for key in made for was in _was(desk, key)]
        after = [
            told
            for key, shifts in made.items()
            for told in _cells(desk, key, shifts, is_away=_is_away(groups[key]))
        ]
        for key, shifts in made.items():
            await _write(platform, tx, caller, days[key], shifts)
            await _put_absence(platform, tx, caller, desk, key, groups[key], writer)
    failures = [fault for faults in desk.failed.values() for fault in faults]
    return RosterCellsView(
        accepted=len(made),
        before=before,
        after=after,
        failures=sorted(failures, key=lambda each: each.row),
    )


async def _desk(tx: PlatformStore, days: set[date]) -> _Desk:
    usual: dict[UUID, UUID] = {}
    by_day, absences = {}, []
    # A night belongs to the day it begins on, and its van comes back on the next.
    around = {day + timedelta(days=more) for day in days for more in (-1, 0, 1)}
    for day in sorted(around):
        by_day[day] = await tx.fleet.list_shifts(day)
    if days:
        first, last = min(days), max(days)
        known = await tx.fleet.list_shifts_between(
            first - timedelta(days=DAYS_USUAL), last, limit=CELLS_MAX
        )
        # The last days come first: the oldest is read last and the newest holds.
        usual = {shift.driver_id: shift.vehicle_id for shift in reversed(known)}
        absences = await tx.absences.list_between(first, last, limit=ABSENCES_MAX)
    return _Desk(
        depots={depot.code: depot for depot in await tx.fleet.list_depots()},
        vehicles=[each for each in await tx.fleet.list_vehicles() if each.is_active],
        drivers={driver.id for driver in await tx.fleet.list_drivers()},
        usual=usual,
        by_day=by_day,
        away={(absence.driver_id, absence.date) for absence in absences},
    )


def _day(desk: _Desk, key: Key, rows: Rows) -> DriverDay | None:
    """The driver's day as it is wanted; None where it cannot be meant."""
    (driver_id, day), row = key, rows[0][0]
    if driver_id not in desk.drivers:
        desk.failed[key] = [_fault(row, "driver_id", "Ese conductor ya no está. Recarga.")]
        return None
    if not YEAR_MIN <= day.year < YEAR_MAX:
        desk.failed[key] = [_fault(row, "day", "Esa fecha está fuera de rango.")]
        return None
    put = _put(rows)
    odd = [
        _fault(place, "depot", "Ese CD no existe. Elige uno de la lista.")
        for place, cell in put
        if cell.depot not in desk.depots
    ]
    if odd:
        desk.failed[key] = odd
        return None
    return DriverDay(
        driver_id=driver_id,
        day=day,
        before=desk.own(key),
        wanted=tuple(
            WantedDuty(
                shift=cell.shift or "",
                depot=desk.depots[cell.depot or ""],
                vehicle_id=cell.vehicle_id,
            )
            for _, cell in put
        ),
    )


def _put(rows: Rows) -> Rows:
    """Those that name a shift."""
    return [(row, cell) for row, cell in rows if cell.shift is not None]


async def _fitted(
    tx: PlatformStore, desk: _Desk, days: Mapping[Key, DriverDay], groups: Mapping[Key, Rows]
) -> Mapping[Key, tuple[Shift, ...]]:
    """The shifts of every day that can be put; the others stay, and their vans with them."""
    shifts = [shift for own in desk.by_day.values() for shift in own]
    # Every round leaves a day less.
    for _ in range(len(days) + 1):
        left = [each for key, each in days.items() if key not in desk.failed]
        fitted = fit_days(left, vehicles=desk.vehicles, usual=desk.usual, shifts=shifts)
        for key, place in fitted.lacking.items():
            row, cell = _put(groups[key])[place]
            where = desk.depots[cell.depot or ""].name
            reason = f"No queda camioneta libre en {where} el {long_day_name(key[1])}."
            desk.failed[key] = [_fault(row, "vehicle_id", reason)]
        in_use = {
            key: reason
            for key, made in fitted.made.items()
            if (reason := await _use_against(tx, days[key], made))
        }
        if not in_use:
            return fitted.made
        for key, reason in in_use.items():
            desk.failed[key] = [_fault(groups[key][0][0], "shift", reason)]
    raise AssertionError("a round without a day fails none")


async def _use_against(tx: PlatformStore, day: DriverDay, made: Sequence[Shift]) -> str:
    """Why a route needs the day as it is; nothing where none does."""
    try:
        for shift in day.gone:
            await require_shift_unused(tx, shift.id)
        for shift in made:
            await require_same_use(tx, shift)
    except FleetInUseError as error:
        return str(error)
    return ""


async def _write(
    platform: Platform,
    tx: PlatformStore,
    caller: Caller,
    day: DriverDay,
    shifts: Sequence[Shift],
) -> None:
    for shift in day.gone:
        await tx.fleet.remove_shift(shift.id)
        await note_change(platform, tx, caller, "shift", shift.id)
    for shift in shifts:
        await tx.fleet.put_shift(shift)
        await note_change(platform, tx, caller, "shift", shift.id)


def _require_expected(desk: _Desk, expected: Sequence[RosterCellBody]) -> None:
    """What is undone is as it was left, whatever else was done.

    Raises:
        RosterCellsChangedError: It is not, or it is of a day that is not put.
    """
    keys = {(cell.driver_id, cell.day) for cell in expected}
    if any(day not in desk.by_day for _, day in keys):
        raise RosterCellsChangedError
    kept = {_told(cell) for key in keys for cell in _was(desk, key)}
    if kept != {_told(cell) for cell in expected}:
        raise RosterCellsChangedError


def _told(cell: RosterCellBody | CellWas) -> tuple[object, ...]:
    return cell.driver_id, cell.day, cell.shift, cell.depot, cell.vehicle_id, cell.is_away


def _was(desk: _Desk, key: Key) -> list[CellWas]:
    """The driver's day as it is kept."""
    return _cells(desk, key, desk.own(key), is_away=key in desk.away)


def _cells(desk: _Desk, key: Key, shifts: Sequence[Shift], *, is_away: bool) -> list[CellWas]:
    """A cell a shift; one cell without where there is none."""
    codes = {depot.id: code for code, depot in desk.depots.items()}
    day = ServiceDay(key[1])
    found: Sequence[Shift | None] = shifts or (None,)
    return [
        CellWas(
            driver_id=key[0],
            day=key[1],
            shift=None
            if shift is None
            else shift_code(day.clock_time_of(shift.start), day.clock_time_of(shift.end)),
            depot=None if shift is None else codes.get(shift.depot_id),
            vehicle_id=None if shift is None else shift.vehicle_id,
            is_away=is_away,
        )
        for shift in found
    ]


def _is_away(rows: Rows) -> bool:
    return any(cell.is_away for _, cell in rows)


async def _put_absence(
    platform: Platform,
    tx: PlatformStore,
    caller: Caller,
    desk: _Desk,
    key: Key,
    rows: Rows,
    writer: Writer,
) -> None:
    is_away = _is_away(rows)
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


def _fault(row: int, name: str, reason: str) -> CellFault:
    return CellFault(row=row, field=name, reason=reason)


# How far back a driver's usual van is looked for.
DAYS_USUAL = 28
router = Router(path="", route_handlers=[put_cells], tags=["capacity"])
