"""Rosters as they go over the wire."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

from promesa.api.decoding import View
from promesa.domain.fleet import Shift
from promesa.planning.capacity.proposed_days import DepotProposal
from promesa.planning.capacity.roster_board import (
    DepotDuties,
    DriverRow,
    RosterBoard,
    overtime_sentences,
)
from promesa.planning.capacity.roster_free import FreeDrivers, free_drivers
from promesa.planning.capacity.roster_people import RosterInputs
from promesa.planning.capacity.roster_spare import contract_hours, spare_days
from promesa.planning.capacity.roster_words import (
    board_headline,
    gap_sentences,
    proposal_headline,
    shift_word,
    who_may_come,
)
from promesa.planning.capacity.rosters import hours


class RosterDayView(View):
    """A day; ``holiday`` is its name, ``is_closed`` says that nobody may be made to work."""

    day: date
    holiday: str | None
    is_closed: bool


class RosterShiftView(View):
    """Hours a depot works with; ``word`` is their name, ``work`` leaves out the colación."""

    code: str
    start: time
    end: time
    word: str
    work: str


class ShiftNeedView(View):
    """A shift of a day: ``wanted`` drivers keep the target, and is null without a forecast.

    ``there`` are own drivers; ``contracted`` and ``spot`` come besides by the plan of the fleet.
    ``free`` are names of those who may take the shift and break no rule.
    """

    day: date
    shift: str
    wanted: int | None
    there: int
    contracted: int
    spot: int
    missing: int
    free: list[str]


class DutyView(View):
    """A shift as it is kept, in which vehicle and from which depot."""

    shift: str
    depot: str
    vehicle_id: UUID
    vehicle: str


class RosterCellView(View):
    """A driver's day; without duties it is free, or they are away."""

    day: date
    duties: list[DutyView]
    is_away: bool


class RosterWeekView(View):
    """Hours of work of a week that begins on ``monday``; ``over_h`` is beyond the limit."""

    monday: date
    work_h: float
    over_h: float


class RosterWarningView(View):
    """A rule broken, on the day from which it is; ``source`` is the law."""

    day: date
    rule: str
    sentence: str
    source: str


class RosterRowView(View):
    """A driver; who may not read people gets the code for a name."""

    driver_id: UUID
    code: str
    name: str
    is_active: bool
    cells: list[RosterCellView]
    weeks: list[RosterWeekView]
    warnings: list[RosterWarningView]


class RosterDepotView(View):
    """A depot with its people and what each shift lacks; ``who_comes`` says who can be called."""

    depot: str
    name: str
    who_comes: str
    shifts: list[RosterShiftView]
    needs: list[ShiftNeedView]
    drivers: list[RosterRowView]


class RosterSpareView(View):
    """What a proposal could give up besides: days that nothing needs, and their hours of work.

    Nobody goes below ``contract_h`` a week; it is null where no rule says any.
    """

    days: int
    hours: float
    contract_h: float | None


# Who rosters Navidad begins in September: a week more than the forecast looks ahead.
START_AHEAD_D = 98


class RosterBoardView(View):
    """Fourteen days of rosters; ``has_need`` is false without a forecast of them.

    Later ones begin on ``start_max`` at most.
    """

    start: date
    end: date
    start_max: date
    today: date
    has_need: bool
    rules_version: int
    headline: str
    sentences: list[str]
    overtime: list[str]
    spare: RosterSpareView
    days: list[RosterDayView]
    depots: list[RosterDepotView]


class RosterChangeView(View):
    """What a proposal does with a driver's day; null is a day off.

    ``depot`` is where they drive then: another than their own where they are lent.
    """

    driver_id: UUID
    name: str
    depot: str
    day: date
    before: str | None
    after: str | None


class RosterProposalView(View):
    """Rosters proposed: nothing of it is kept until its changes are put.

    ``board`` is the board as it would be, with whom the fleet's plan would then hire;
    ``sentences`` and ``missing`` are of its days.
    """

    headline: str
    sentences: list[str]
    changes: list[RosterChangeView]
    missing: int
    overtime_h: float
    overtime_clp: int
    board: RosterBoardView


def view_board(board: RosterBoard, rules_version: int) -> RosterBoardView:
    """The board with its words."""
    inputs = board.inputs
    plates = {vehicle.id: vehicle.plate for vehicle in inputs.fleet.vehicles}
    codes = {depot.id: depot.code for depot in inputs.depots}
    free = free_drivers(board)
    return RosterBoardView(
        start=inputs.days[0],
        end=inputs.days[-1],
        start_max=inputs.today + timedelta(days=START_AHEAD_D),
        today=inputs.today,
        has_need=bool(inputs.ready),
        rules_version=rules_version,
        headline=board_headline(board),
        sentences=list(gap_sentences(board, free)),
        overtime=list(overtime_sentences(board)),
        spare=_spare(board),
        days=[
            RosterDayView(day=day, holiday=inputs.holidays.get(day), is_closed=day in inputs.closed)
            for day in inputs.days
        ],
        depots=[_depot(depot, inputs, plates, codes, free) for depot in board.depots],
    )


def _spare(board: RosterBoard) -> RosterSpareView:
    found = spare_days(board)
    return RosterSpareView(
        days=len(found),
        hours=sum(each.hours for each in found),
        contract_h=contract_hours(board.inputs.rules, board.inputs.today),
    )


def _depot(
    depot: DepotDuties,
    inputs: RosterInputs,
    plates: dict[UUID, str],
    codes: dict[UUID, str],
    free: FreeDrivers,
) -> RosterDepotView:
    return RosterDepotView(
        depot=depot.depot.code,
        name=depot.depot.name,
        who_comes=who_may_come(inputs.terms_of(depot.depot)),
        shifts=[
            RosterShiftView(
                code=shift.code,
                start=shift.start,
                end=shift.end,
                word=shift_word(shift),
                work=hours(shift.hours),
            )
            for shift in depot.shifts
        ],
        needs=[
            ShiftNeedView(
                day=need.date,
                shift=need.shift,
                wanted=need.wanted,
                there=need.there,
                contracted=need.contracted,
                spot=need.spot,
                missing=need.missing,
                free=list(free.get((depot.depot.id, need.date, need.shift), ())),
            )
            for need in depot.needs
        ],
        drivers=[_row(row, inputs, plates, codes) for row in depot.rows],
    )


def _row(
    row: DriverRow, inputs: RosterInputs, plates: dict[UUID, str], codes: dict[UUID, str]
) -> RosterRowView:
    return RosterRowView(
        driver_id=row.driver.id,
        code=row.driver.code,
        name=row.name,
        is_active=row.driver.is_active,
        cells=[
            RosterCellView(
                day=day,
                duties=[_duty(shift, inputs, plates, codes) for shift in row.shifts.get(day, ())],
                is_away=day in row.away,
            )
            for day in inputs.days
        ],
        weeks=[
            RosterWeekView(
                monday=monday,
                work_h=count,
                over_h=row.overtime_h.get(monday, 0.0),
            )
            for monday, count in row.week_hours.items()
        ],
        warnings=[
            RosterWarningView(
                day=told.date, rule=told.rule, sentence=told.sentence, source=told.source
            )
            for told in row.warnings
        ],
    )


def _duty(
    shift: Shift, inputs: RosterInputs, plates: dict[UUID, str], codes: dict[UUID, str]
) -> DutyView:
    return DutyView(
        shift=inputs.code_of(shift),
        depot=codes.get(shift.depot_id, ""),
        vehicle_id=shift.vehicle_id,
        vehicle=plates.get(shift.vehicle_id, ""),
    )


def view_proposal(
    found: tuple[DepotProposal, ...], after: RosterBoard, rules_version: int
) -> RosterProposalView:
    """A proposal with its words, and the board it makes."""
    board = view_board(after, rules_version)
    return RosterProposalView(
        headline=proposal_headline(found),
        sentences=board.sentences,
        changes=[
            RosterChangeView(
                driver_id=change.driver_id,
                name=change.name,
                depot=change.depot.code,
                day=change.date,
                before=change.before or None,
                after=change.after or None,
            )
            for each in found
            for change in each.changes
        ],
        missing=after.missing,
        overtime_h=sum(each.overtime_h for each in found),
        overtime_clp=sum(each.overtime_clp for each in found),
        board=board,
    )
