"""Rosters of the days to come: as they are kept, as they would be proposed, as a table."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import ClassVar
from uuid import UUID

from litestar import Response, Router, get, post

from promesa.api.decoding import Wire
from promesa.api.order_views import people_shown
from promesa.api.printed_rosters import roster_page
from promesa.api.printing import ScreenFormat, masthead_of, screen_response
from promesa.api.roster_views import (
    START_AHEAD_D,
    DutyView,
    RosterBoardView,
    RosterDepotView,
    RosterProposalView,
    RosterRowView,
    view_board,
    view_proposal,
)
from promesa.dispatch.capacity_desk import list_driven
from promesa.dispatch.roster_desk import GatheredRoster, gather_roster
from promesa.domain.actor import Permission
from promesa.kernel.errors import InvalidError
from promesa.planning.capacity.driven import DrivenRoute
from promesa.planning.capacity.proposed_days import MadeDays, with_made
from promesa.planning.capacity.roster_board import RosterBoard, make_roster_board
from promesa.planning.capacity.roster_people import RosterInputs
from promesa.planning.capacity.roster_spare import Spare
from promesa.planning.capacity.shift_gaps import with_plans
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore
from promesa.runtime.tables import TENTH, WHOLE, Cell, Sheet

# Rosters are looked back on, and made as far ahead as a forecast reaches with its fortnight.
START_BACK_D = 366
AWAY_WORD, FREE_WORD = "ausente", ""
LACKING_COLUMNS = (
    "fecha",
    "CD",
    "turno",
    "hacen falta",
    "puestos",
    "contratados",
    "al día",
    "faltan",
    "refuerzo",
    "libres",
)
LACKING_FORMATS = (None, None, None, *(WHOLE,) * 5, None, None)


class RosterDaysError(InvalidError):
    """Rosters begin too far from today."""

    code: ClassVar[str] = "roster_days_invalid"
    message: ClassVar[str] = (
        f"Turnos y andenes se miran desde hace un año hasta {START_AHEAD_D} días más. "
        "Elige otra fecha."
    )


class RosterProposalBody(Wire):
    """The first of the days, today without it; ``frees_spare`` also gives up days nothing needs."""

    start: date | None = None
    frees_spare: bool = False


@get("/v1/capacity/roster", access=Permission.READ_OPERATION, summary="Rosters of two weeks")
async def see_roster(
    platform: Platform, caller: Caller, start: date | None = None
) -> RosterBoardView:
    """Drivers by days, with gaps by shift and every rule of working hours that is broken."""
    return await _shown(platform, caller, start)


@post(
    "/v1/capacity/roster/proposal",
    access=Permission.PLAN,
    status_code=200,
    summary="Propose rosters",
)
async def propose_roster(
    data: RosterProposalBody, platform: Platform, caller: Caller
) -> RosterProposalView:
    """What would be changed of the days after today; nothing is kept.

    One search of an operator at a time: who asks meanwhile waits.
    """
    gathered = await _gathered(platform, caller, data.start)
    board = await asyncio.to_thread(make_roster_board, gathered.inputs)
    proposed = await platform.roster_proposals.of(
        caller.tenant_id, board, Spare.FREED if data.frees_spare else Spare.KEPT
    )
    after = await _with_need(platform, caller, _with_made(gathered, proposed.made))
    return await asyncio.to_thread(
        lambda: view_proposal(proposed.found, make_roster_board(after), gathered.rules_version)
    )


@get(
    "/v1/exports/roster/{kind:str}",
    access=Permission.READ_OPERATION,
    summary="Rosters of two weeks as a table",
)
async def export_roster(
    kind: ScreenFormat, platform: Platform, caller: Caller, start: date | None = None
) -> Response[bytes]:
    """A row for each driver, a column for each day; what lacks on another sheet."""
    view = await _shown(platform, caller, start)
    masthead = await masthead_of(platform, caller)
    name, sheets = f"turnos-{view.start}-{view.end}", roster_sheets(view)
    return await screen_response(kind, name, sheets, lambda: roster_page(view, masthead))


async def _shown(platform: Platform, caller: Caller, start: date | None) -> RosterBoardView:
    board, version = await seen_roster(platform, caller, start)
    # Who is free is held against the rules, name by name.
    return await asyncio.to_thread(view_board, board, version)


async def seen_roster(
    platform: Platform, caller: Caller, start: date | None
) -> tuple[RosterBoard, int]:
    """The board with the version of the rules it is held against.

    Raises:
        RosterDaysError: It begins too far from today.
    """
    gathered = await _gathered(platform, caller, start)
    return await asyncio.to_thread(make_roster_board, gathered.inputs), gathered.rules_version


async def _gathered(platform: Platform, caller: Caller, start: date | None) -> GatheredRoster:
    """The days with what *Flota* says of them.

    Raises:
        RosterDaysError: It begins too far from today.
    """
    now = today(platform)
    first = start or now
    if not -START_BACK_D <= (first - now).days <= START_AHEAD_D:
        raise RosterDaysError
    async with platform.transaction(caller.tenant_id) as tx:
        names = await driver_names(tx, caller)
        record = await platform.newest_outlooks.find(tx)
        boards = platform.capacity_boards
        driven: tuple[DrivenRoute, ...] = ()
        if record is not None:
            driven = await boards.driven(caller.tenant_id, now, lambda: list_driven(tx, today=now))
        found = await gather_roster(tx, record, start=first, today=now, names=names, driven=driven)
    return replace(found, inputs=await _with_need(platform, caller, found))


async def _with_need(platform: Platform, caller: Caller, found: GatheredRoster) -> RosterInputs:
    """The rosters beside the plan of the fleet that they make."""
    need, boards = found.need, platform.capacity_boards
    if need is None:
        return found.inputs
    made = await boards.case(caller.tenant_id, need, platform.city)
    targets = {each.code: need.terms_of(each).target for each in need.depots}
    return with_plans(found.inputs, await boards.boards(caller.tenant_id, need, made, targets))


def _with_made(found: GatheredRoster, made: MadeDays) -> GatheredRoster:
    need, inputs = found.need, found.inputs
    return replace(
        found,
        inputs=replace(inputs, fleet=with_made(inputs.fleet, made)),
        need=None if need is None else replace(need, fleet=with_made(need.fleet, made)),
    )


async def driver_names(tx: PlatformStore, caller: Caller) -> dict[UUID, str]:
    """Names of drivers by id, as far as the caller may read them."""
    people = {driver.id: driver.person_id for driver in await tx.fleet.list_drivers()}
    shown = await people_shown(tx, caller, sorted(set(people.values())))
    return {
        driver: name
        for driver, person in people.items()
        if person in shown and (name := shown[person].name)
    }


def roster_sheets(view: RosterBoardView) -> list[Sheet]:
    """Drivers by days with their hours a week, then what each shift lacks."""
    names = {depot.depot: depot.name for depot in view.depots}
    days = [each.day for each in view.days]
    mondays = sorted(
        {week.monday for each in view.depots for row in each.drivers for week in row.weeks}
    )
    rows: list[list[Cell]] = [
        [
            depot.name,
            row.name,
            *(
                AWAY_WORD
                if cell.is_away
                else " ".join(_duty_words(duty, depot, names) for duty in cell.duties) or FREE_WORD
                for cell in row.cells
            ),
            *_week_hours(row, mondays),
            " ".join(told.sentence for told in row.warnings),
        ]
        for depot in view.depots
        for row in depot.drivers
    ]
    weeks = [f"horas, semana del {monday:%d-%m}" for monday in mondays]
    columns: list[str | date] = ["CD", "conductor", *days, *weeks, "avisos"]
    needs: list[list[Cell]] = [
        [
            need.day,
            depot.name,
            need.shift,
            need.wanted,
            need.there,
            need.contracted,
            need.spot,
            need.missing,
            depot.who_comes if need.missing else "",
            ", ".join(need.free),
        ]
        for depot in view.depots
        for need in depot.needs
    ]
    return [
        Sheet(
            title="Turnos",
            columns=columns,
            rows=rows,
            formats=[None] * (2 + len(days)) + [TENTH] * len(mondays) + [None],
        ),
        Sheet(title="Faltantes", columns=LACKING_COLUMNS, rows=needs, formats=LACKING_FORMATS),
    ]


def _duty_words(duty: DutyView, depot: RosterDepotView, names: Mapping[str, str]) -> str:
    """As ``08:30–18:30``, and to which depot they are lent where it is another."""
    if duty.depot == depot.depot:
        return duty.shift
    return f"{duty.shift} (prestado a {names.get(duty.depot, duty.depot)})"


def _week_hours(row: RosterRowView, mondays: Sequence[date]) -> list[Cell]:
    hours = {week.monday: week.work_h for week in row.weeks}
    return [hours.get(monday) for monday in mondays]


router = Router(
    path="", route_handlers=[see_roster, propose_roster, export_roster], tags=["capacity"]
)
