"""A week of rosters copied to the next one, which undoing the cells takes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from litestar import Router, put

from promesa.api.decoding import Wire
from promesa.api.roster_board import START_BACK_D, RosterDaysError
from promesa.api.roster_cell_views import CELLS_MAX, RosterCellBody, RosterCellsView
from promesa.api.roster_cells import put_all
from promesa.api.roster_views import START_AHEAD_D
from promesa.dispatch.roster_desk import closed_days
from promesa.domain.actor import Permission
from promesa.kernel.errors import InvalidError
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.absences import ABSENCES_MAX
from promesa.planning.capacity.driver_rosters import shift_code
from promesa.planning.capacity.rosters import monday_of
from promesa.planning.capacity.week_copy import WEEK_D, CopiedDay, copied_week
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Caller, Platform


class RosterWeekEmptyError(InvalidError):
    """There is nothing in a week that could be copied."""

    code: ClassVar[str] = "roster_week_empty"
    message: ClassVar[str] = (
        "Esa semana no tiene turnos que copiar a la siguiente, o la siguiente ya pasó. Elige otra."
    )


class RosterWeekBody(Wire):
    """Any day of the week that is copied."""

    day: date


@put(
    "/v1/capacity/roster/week",
    access=Permission.MANAGE_FLEET,
    summary="Copy a week of rosters to the next",
)
async def copy_week(data: RosterWeekBody, platform: Platform, caller: Caller) -> RosterCellsView:
    """Puts the shifts and days off of a week on the next; who is away stays away.

    Raises:
        RosterDaysError: It lies too far from today.
        RosterWeekEmptyError: It has no shifts.
    """
    now, monday = today(platform), monday_of(data.day)
    if not -START_BACK_D <= (monday - now).days <= START_AHEAD_D:
        raise RosterDaysError
    last = monday + timedelta(days=2 * WEEK_D - 1)
    async with platform.transaction(caller.tenant_id) as tx:
        shifts = await tx.fleet.list_shifts_between(monday, last, limit=2 * CELLS_MAX)
        absences = await tx.absences.list_between(monday, last, limit=ABSENCES_MAX)
        depots = {depot.id: depot.code for depot in await tx.fleet.list_depots()}
        days = [monday + timedelta(days=number) for number in range(WEEK_D, 2 * WEEK_D)]
        found = copied_week(
            monday,
            today=now,
            shifts=shifts,
            drivers=await tx.fleet.list_drivers(),
            away={(absence.driver_id, absence.date) for absence in absences},
            closed=await closed_days(tx, days),
        )
    if not any(each.shifts for each in found):
        raise RosterWeekEmptyError
    cells = [cell for each in found for cell in _cells(each, depots)]
    return await put_all(platform, caller, cells)


def _cells(copied: CopiedDay, depots: Mapping[UUID, str]) -> list[RosterCellBody]:
    """A cell a shift, on the clock times of the week before; one without for a day off."""
    if not copied.shifts:
        return [RosterCellBody(driver_id=copied.driver_id, day=copied.day)]
    found = []
    for shift in copied.shifts:
        on = ServiceDay(shift.date)
        found.append(
            RosterCellBody(
                driver_id=copied.driver_id,
                day=copied.day,
                shift=shift_code(on.clock_time_of(shift.start), on.clock_time_of(shift.end)),
                depot=depots.get(shift.depot_id),
                vehicle_id=shift.vehicle_id,
            )
        )
    return found


router = Router(path="", route_handlers=[copy_week], tags=["capacity"])
