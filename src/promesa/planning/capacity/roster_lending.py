"""Lends drivers whom their depot does not need to one that lacks them, before overtime is paid.

A day of overtime that a proposal adds is given to somebody of another depot who has a shift there
that nothing needs, or else is free that day, breaks no rule and stays within the week's hours. So
is a shift that own people could not cover. They drive a van of that depot, or bring theirs along.
It moves nobody whom their own depot needs, and takes away no day that was kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from promesa.kernel.units import HOUR_S
from promesa.planning.capacity.lent_vans import LentVans
from promesa.planning.capacity.proposed_days import DepotProposal, DutyChange
from promesa.planning.capacity.roster_board import (
    OVERTIME_MIN_H,
    DepotDuties,
    DriverRow,
    RosterBoard,
    ShiftNeed,
)
from promesa.planning.capacity.roster_free import RuleBook
from promesa.planning.capacity.roster_people import RosterInputs, shift_of, usual_shifts
from promesa.planning.capacity.roster_spare import too_many
from promesa.planning.capacity.roster_vans import WantedDuty
from promesa.planning.capacity.rosters import monday_of

# Another depot's hours are like those somebody is used to if they begin so near (assumed).
BEGINS_APART_H_MAX = 2.0
# Drivers of other depots held against the rules to cover one shift.
LENDERS_TRIED_MAX = 60


def lend(after: RosterBoard, found: Sequence[DepotProposal]) -> tuple[DepotProposal, ...]:
    """The proposals with who is lent, each in that of the depot they are lent to.

    Args:
        after: The board as the proposals would leave it.
        found: What is proposed for each depot by itself.
    """
    desk = _Desk(after, found)
    for number, proposal in enumerate(found):
        depot = next(each for each in after.depots if each.depot.id == proposal.depot.id)
        desk.spare_overtime(number, depot)
        desk.cover(number, depot)
    return tuple(desk.found)


class _Desk:
    """Who works when, as far as it is settled."""

    def __init__(self, after: RosterBoard, found: Sequence[DepotProposal]) -> None:
        self.found = list(found)
        self._inputs = after.inputs
        self._rules = RuleBook.of(after)
        self._rows = {row.driver.id: (depot, row) for depot in after.depots for row in depot.rows}
        self._codes = {
            (driver_id, day): tuple(map(after.inputs.code_of, shifts))
            for driver_id, (_, row) in self._rows.items()
            for day, shifts in row.shifts.items()
        }
        self._hours = {key: dict(row.week_hours) for key, (_, row) in self._rows.items()}
        self._usual = {
            key: usual_shifts(after.inputs, row.driver) for key, (_, row) in self._rows.items()
        }
        self._vans = LentVans(after.inputs)
        self._lent: set[tuple[UUID, date]] = set()
        self._idle: dict[tuple[UUID, date, str], int] = defaultdict(int)
        for depot in after.depots:
            for need in _idle_of(after.inputs, depot):
                self._idle[depot.depot.id, need.date, need.shift] += 1

    def spare_overtime(self, number: int, depot: DepotDuties) -> None:
        """Gives the days that are added in overtime to who is lent."""
        for change in sorted(self.found[number].changes, key=lambda each: (each.date, each.name)):
            if change.before or not change.after or change.depot.id != depot.depot.id:
                continue
            over_h = self._over_h(change.driver_id, change.date)
            if over_h <= OVERTIME_MIN_H:
                continue
            # The day given up leaves its van to who takes it.
            left = self._vans.leave(change.driver_id, change.date)
            if self._lend(number, depot, change.date, change.after):
                self._take_back(number, change, over_h)
            else:
                self._vans.take_again(left)

    def cover(self, number: int, depot: DepotDuties) -> None:
        """Covers what own people could not, while there are vans."""
        for need in depot.needs:
            if need.date <= self._inputs.today:
                continue
            lacking = (need.wanted or 0) - need.there
            for _ in range(max(0, lacking)):
                if not self._lend(number, depot, need.date, need.shift):
                    break

    def _take_back(self, number: int, change: DutyChange, over_h: float) -> None:
        proposal, hours = self.found[number], shift_of(change.after).hours
        spared = min(hours, over_h)
        left_h = max(0.0, proposal.overtime_h - spared)
        share = left_h / proposal.overtime_h if proposal.overtime_h else 0.0
        self.found[number] = replace(
            proposal,
            changes=tuple(each for each in proposal.changes if each is not change),
            overtime_h=left_h,
            overtime_clp=round(proposal.overtime_clp * share),
        )
        self._codes.pop((change.driver_id, change.date), None)
        self._hours[change.driver_id][monday_of(change.date)] -= hours

    def _lend(self, number: int, depot: DepotDuties, day: date, code: str) -> bool:
        """Whether somebody is found for the shift; they are put on it."""
        tried = 0
        for home, row, before in self._candidates(depot, day, code):
            tried += 1
            if tried > LENDERS_TRIED_MAX:
                break
            if not self._may(row, day, code, before):
                continue
            if not self._vans.give(row.driver.id, day, WantedDuty(shift=code, depot=depot.depot)):
                continue
            self._put(number, depot, row, day, code)
            if before:
                self._idle[home.depot.id, day, before] -= 1
            return True
        return False

    def _candidates(
        self, depot: DepotDuties, day: date, code: str
    ) -> Iterator[tuple[DepotDuties, DriverRow, str]]:
        """Others' people with the shift they leave: who drives for nothing, then who is free."""
        others = [
            (home, row)
            for home, row in self._rows.values()
            if home.depot.id != depot.depot.id and self._is_there(row, day, code)
        ]
        others.sort(key=lambda each: (self._week_h(each[1], day), each[1].name))
        for home, row in others:
            (before, *more) = self._codes.get((row.driver.id, day), ("",))
            is_home = all(each.depot_id == home.depot.id for each in row.shifts.get(day, ()))
            if before and not more and is_home and self._idle[home.depot.id, day, before] > 0:
                yield home, row, before
        for home, row in others:
            if not self._codes.get((row.driver.id, day)):
                yield home, row, ""

    def _is_there(self, row: DriverRow, day: date, code: str) -> bool:
        usual = self._usual[row.driver.id]
        return (
            row.driver.is_active
            and day not in row.away
            and (row.driver.id, day) not in self._lent
            and (not usual or any(_is_like(code, each) for each in usual))
        )

    def _may(self, row: DriverRow, day: date, code: str, before: str) -> bool:
        """Whether they break no rule and make no hour of overtime more."""
        more_h = shift_of(code).hours - (shift_of(before).hours if before else 0.0)
        most = self._rules.week_hours_max(day)
        if more_h > 0 and most is not None and self._week_h(row, day) + more_h > most:
            return False
        own = {on: codes for (key, on), codes in self._codes.items() if key == row.driver.id}
        return self._rules.may_take(row, own | {day: (code,)})

    def _put(self, number: int, depot: DepotDuties, row: DriverRow, day: date, code: str) -> None:
        key, own = row.driver.id, self._codes.get((row.driver.id, day), ())
        told = [each for one in self.found for each in one.changes if _is_of(each, key, day)]
        # Of a day that was moved at home, what is kept is what it was before.
        before = told[0].before if told else " ".join(own)
        self.found = [
            replace(one, changes=tuple(each for each in one.changes if each not in told))
            for one in self.found
        ]
        change = DutyChange(
            driver_id=key,
            name=row.name,
            depot=depot.depot,
            date=day,
            before=before,
            after=code,
            is_lent=True,
        )
        proposal = self.found[number]
        self.found[number] = replace(proposal, changes=(*proposal.changes, change))
        self._hours[key][monday_of(day)] = (
            self._week_h(row, day) + shift_of(code).hours - sum(shift_of(c).hours for c in own)
        )
        self._codes[key, day] = (code,)
        self._lent.add((key, day))

    def _week_h(self, row: DriverRow, day: date) -> float:
        return self._hours[row.driver.id].get(monday_of(day), 0.0)

    def _over_h(self, driver_id: UUID, day: date) -> float:
        most = self._rules.week_hours_max(day)
        return 0.0 if most is None else self._week_h(self._rows[driver_id][1], day) - most


def _is_of(change: DutyChange, driver_id: UUID, day: date) -> bool:
    return change.driver_id == driver_id and change.date == day


def _idle_of(inputs: RosterInputs, depot: DepotDuties) -> Iterator[ShiftNeed]:
    """The shifts with too many drivers for what their day needs, once for each."""
    for day in inputs.days:
        if day > inputs.today:
            yield from too_many([need for need in depot.needs if need.date == day])


def _is_like(code: str, usual: str) -> bool:
    anchor = date(2000, 1, 3)
    begins, known = (datetime.combine(anchor, shift_of(each).start) for each in (code, usual))
    apart = abs(begins - known)
    # Around midnight half past eleven and half past twelve are an hour apart.
    return min(apart, timedelta(days=1) - apart).total_seconds() <= BEGINS_APART_H_MAX * HOUR_S
