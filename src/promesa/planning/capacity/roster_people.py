"""The drivers and shifts of an operator as a roster takes them: homes, what was worked before.

A driver's home is the depot of their last shift. Who never had one is sent where vehicles lack
drivers most. The shifts of a depot are those it works with now, by the clock.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from uuid import UUID

from promesa.domain.fleet import MEAL_BREAK_S_MIN, Depot, Driver, Shift
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.driver_rosters import shift_code
from promesa.planning.capacity.hires import DayHires
from promesa.planning.capacity.labour_rules import LabourRules
from promesa.planning.capacity.own_fleet import FleetOfDays
from promesa.planning.capacity.rosters import SUNDAY, RosterDriver, RosterShift
from promesa.planning.capacity.terms import DepotTerms

DAYS_SHOWN = 14
# Sundays of a month and the longest row that a rule could ask about.
DAYS_BEFORE = 35
# Of so long a depot's shifts are counted: what *Flota* reads, whatever days are looked at.
WORKED_D = 28
# A depot works with a handful; rare hours stay as they are and are not offered.
SHIFTS_OFFERED_MAX = 6
# Where a depot never had a shift (assumed).
_FIRST_SHIFT = (time(8, 30), time(18, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterInputs:
    """What the rosters of some days are seen and made from.

    Attributes:
        days: In a row, from a year ago to some weeks ahead.
        today: Its shifts and those before are not proposed anew.
        fleet: With the shifts from DAYS_BEFORE before the first day to the last one.
        names: Of drivers; without one they go by their code.
        away: Drivers and days.
        holidays: Every holiday of the days, by name.
        closed: Those of the days on which nobody may be made to work.
        ready: Vehicles that keep the target, by depot code and day; empty without a forecast.
        hired: Who comes besides own vehicles by the plan of the fleet, likewise.
    """

    days: tuple[date, ...]
    today: date
    depots: tuple[Depot, ...]
    fleet: FleetOfDays
    names: Mapping[UUID, str] = field(default_factory=dict)
    away: frozenset[tuple[UUID, date]] = frozenset()
    rules: LabourRules = field(default_factory=LabourRules)
    holidays: Mapping[date, str] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    terms: tuple[DepotTerms, ...] = ()
    ready: Mapping[tuple[str, date], int] = field(default_factory=dict)
    hired: Mapping[tuple[str, date], DayHires] = field(default_factory=dict)
    zone: str = SANTIAGO

    @property
    def drivers(self) -> tuple[Driver, ...]:
        """Those who still drive, and those who have a shift on a day shown."""
        here = {shift.driver_id for shift in self.fleet.shifts if shift.date >= self.days[0]}
        return tuple(each for each in self.fleet.drivers if each.is_active or each.id in here)

    def code_of(self, shift: Shift) -> str:
        """Its hours, as ``08:30–18:30``."""
        day = ServiceDay(shift.date, self.zone)
        return shift_code(day.clock_time_of(shift.start), day.clock_time_of(shift.end))

    def terms_of(self, depot: Depot) -> DepotTerms:
        """As saved, or none."""
        found = next((each for each in self.terms if each.depot_id == depot.id), None)
        return found or DepotTerms(depot_id=depot.id)


def shift_of(code: str) -> RosterShift:
    """The shift of a code, with the shortest colación there is."""
    start, _, end = code.partition("–")
    return RosterShift(
        code=code,
        start=time.fromisoformat(start),
        end=time.fromisoformat(end),
        break_min=MEAL_BREAK_S_MIN // MINUTE_S,
    )


def homes(inputs: RosterInputs) -> dict[UUID, UUID]:
    """The depot of every driver by id; none where there is no depot."""
    known = {depot.id for depot in inputs.depots}
    latest: dict[UUID, Shift] = {}
    for shift in sorted(inputs.fleet.shifts, key=lambda each: (each.start, each.id)):
        # What is planned says less of where somebody belongs than what was driven.
        is_past = shift.date <= inputs.today
        if shift.depot_id in known and (is_past or shift.driver_id not in latest):
            latest[shift.driver_id] = shift
    found = {driver: shift.depot_id for driver, shift in latest.items()}
    lacking = Counter(
        vehicle.depot_id for vehicle in inputs.fleet.active.values() if vehicle.depot_id in known
    )
    lacking.subtract(found.values())
    for driver in inputs.drivers:
        if driver.id not in found and known:
            depot = max(sorted(known), key=lambda each: lacking[each])
            found[driver.id] = depot
            lacking[depot] -= 1
    return found


def offered(inputs: RosterInputs, depot: Depot) -> dict[str, int]:
    """Codes of the depot's shifts with how often each was worked, by when they begin.

    What is put for days to come says nothing: a proposal taken would move the next one.
    """
    own = [shift for shift in inputs.fleet.shifts if shift.depot_id == depot.id]
    worked = [each for each in own if each.date <= inputs.today]
    since = inputs.today - timedelta(days=WORKED_D)
    lately = [each for each in worked if each.date >= since]
    counted = Counter(map(inputs.code_of, lately or worked or own))
    if not counted:
        return {shift_code(*_FIRST_SHIFT): 1}
    most = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:SHIFTS_OFFERED_MAX]
    return dict(sorted(most))


def usual_shifts(inputs: RosterInputs, driver: Driver) -> frozenset[str]:
    """Codes of the shifts a driver worked; empty for who is new, and takes any."""
    return frozenset(
        inputs.code_of(shift)
        for shift in inputs.fleet.shifts
        if shift.driver_id == driver.id and shift.date <= inputs.today
    )


def split(count: int, weights: Mapping[str, int]) -> dict[str, int]:
    """A number shared out over shifts as they are worked; the largest remainder comes first."""
    whole = sum(weights.values())
    exact = {code: count * weight / whole for code, weight in weights.items()}
    found = {code: int(share) for code, share in exact.items()}
    left = count - sum(found.values())
    for code in sorted(exact, key=lambda each: (found[each] - exact[each], each))[:left]:
        found[code] += 1
    return found


def display_names(inputs: RosterInputs) -> dict[UUID, str]:
    """Each driver's name; two of one name are told apart by their codes."""
    plain = {driver.id: inputs.names.get(driver.id, driver.code) for driver in inputs.drivers}
    times = Counter(plain.values())
    return {
        driver.id: f"{plain[driver.id]} ({driver.code})"
        if times[plain[driver.id]] > 1
        else plain[driver.id]
        for driver in inputs.drivers
    }


def people_of(
    inputs: RosterInputs, drivers: Sequence[Driver], first: date
) -> tuple[RosterDriver, ...]:
    """The drivers with what they worked before ``first``."""
    names = display_names(inputs)
    worked: dict[UUID, dict[date, list[Shift]]] = defaultdict(lambda: defaultdict(list))
    for shift in inputs.fleet.shifts:
        if shift.date < first:
            worked[shift.driver_id][shift.date].append(shift)
    return tuple(
        _person(inputs, names[driver.id], worked[driver.id], first, _away_of(inputs, driver))
        for driver in drivers
    )


def _away_of(inputs: RosterInputs, driver: Driver) -> frozenset[date]:
    return frozenset(day for driver_id, day in inputs.away if driver_id == driver.id)


def _person(
    inputs: RosterInputs,
    name: str,
    worked: Mapping[date, Sequence[Shift]],
    first: date,
    away: frozenset[date],
) -> RosterDriver:
    eve, row = first - timedelta(days=1), 0
    while first - timedelta(days=row + 1) in worked:
        row += 1
    monday = first - timedelta(days=first.weekday())
    this_week = [shifts for day, shifts in worked.items() if day >= monday]
    sundays = [
        day
        for day in worked
        if day.weekday() == SUNDAY and (day.year, day.month) == (first.year, first.month)
    ]
    last = max(worked.get(eve, ()), key=lambda shift: (shift.end, shift.id), default=None)
    return RosterDriver(
        name=name,
        days_in_row=row,
        week_hours=sum(
            shift_of(inputs.code_of(shift)).hours for shifts in this_week for shift in shifts
        ),
        week_days=len(this_week),
        sundays_worked=len(sundays),
        last_shift="" if last is None else inputs.code_of(last),
        away=away,
    )
