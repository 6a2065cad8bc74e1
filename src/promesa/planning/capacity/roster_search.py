"""Makes a roster: own drivers within the rules of working hours, reinforcement, overtime.

Own drivers are paid by the month, so what costs is what comes on top: hours beyond the week's,
reinforcement hired for days in a row, and a shift that nobody drives. What `roster_check` would
warn of is never made.

Drivers with the same past are one to the rules, so the search counts them as they flow from day to
day through what the rules remember (`roster_states`), and gives them their names at the end.

Where rosters are kept, they are added to: a kept shift goes to another hour of its day where that
covers what lacks, and is given up only where the rules force it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from ortools.linear_solver import pywraplp

from promesa.kernel.errors import InvalidError
from promesa.planning.capacity.roster_names import named_duties
from promesa.planning.capacity.roster_states import Kept, Step, Walk, kept_days, walks_of
from promesa.planning.capacity.rosters import HORIZON_DAYS_MAX, Duty, RosterCase
from promesa.planning.capacity.words import day_name

SOLVER = "SCIP"
SECONDS_DEFAULT = 20.0
GAP = 0.005
DRIVERS_MAX = 500
# A shift nobody drives against everything else: above any price of reinforcement or overtime.
SHORT_CLP = 1_000_000
OVERTIME_FACTOR = 1.5
# Of a driver, where nobody says it (assumed).
HOUR_CLP = 5_500
# A driver's day moved, against what is paid: it decides only between rosters as good.
MOVED_CLP = 10
# A kept shift given up, where what is kept breaks a rule: of all that mends it, the least.
FREED_CLP = 2 * SHORT_CLP


class RosterInvalidError(InvalidError):
    """A roster cannot be made for what was given."""

    code: ClassVar[str] = "capacity_roster_invalid"
    message: ClassVar[str] = (
        f"El turno se arma para 1 a {HORIZON_DAYS_MAX} días seguidos y hasta {DRIVERS_MAX} "
        "conductores. Acorta el período o divide el CD."
    )


UNMADE = "No se alcanzó a armar el turno. Da más tiempo o menos días."
UNMENDED = (
    "No se alcanzó a armar los turnos: demasiadas personas tienen días que rompen reglas. Deja "
    "libres a mano algunos de los avisados y propón de nuevo."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinforcement:
    """Drivers with vehicles hired for days in a row, on one shift.

    Attributes:
        drivers_max: At once.
        days_min: Of delivery, of one hire.
        days_max: Likewise.
    """

    name: str
    drivers_max: int
    day_cost_clp: int
    days_min: int = 3
    days_max: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinforced:
    """One hire: so many drivers on a shift, both days included."""

    name: str
    shift: str
    drivers: int
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A shift that lacks drivers."""

    date: date
    shift: str
    missing: int

    @property
    def sentence(self) -> str:
        """As ``martes 6, turno AM: faltan 3 conductores.``."""
        missing = "falta 1 conductor" if self.missing == 1 else f"faltan {self.missing} conductores"
        return f"{day_name(self.date)}, turno {self.shift}: {missing}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """What was found.

    Attributes:
        overtime_h: Of all drivers, beyond the week's hours.
        overtime_clp: What those hours cost; wages by the month are not in it.
        hired_clp: What reinforcement does.
        gap: How far from the best it may be at most, as a share of what it counts.
    """

    duties: tuple[Duty, ...]
    reinforced: tuple[Reinforced, ...]
    short: tuple[Short, ...]
    overtime_h: float
    overtime_clp: int
    hired_clp: int
    gap: float

    @property
    def cost_clp(self) -> int:
        """Of both."""
        return self.overtime_clp + self.hired_clp


def make_roster(
    case: RosterCase,
    wanted: Mapping[tuple[date, str], int],
    *,
    reinforcement: Sequence[Reinforcement] = (),
    hour_cost_clp: int = HOUR_CLP,
    vehicles: int | None = None,
    keep: Mapping[tuple[str, date], str] | None = None,
    fixed: Collection[tuple[str, date]] = (),
    seconds: float = SECONDS_DEFAULT,
) -> Roster:
    """The roster that leaves fewest shifts without drivers, and of those the cheapest.

    Args:
        case: Days, drivers, shifts, rules.
        wanted: Drivers by day and code of shift.
        reinforcement: Who can be hired besides.
        hour_cost_clp: Of an ordinary hour; overtime pays half as much again (art. 32).
        vehicles: Own drivers at once at most; None where each has one.
        keep: Shifts by driver and day that each has. They stay, as many as they are, but for those
            that break a rule.
        fixed: Of those the ones that are not looked at: they cover nothing of what is wanted.
        seconds: Of the search; it ends before where the gap is small.

    Raises:
        RosterInvalidError: Days are not in a row, or there is too much of something.
    """
    is_row = all(
        day == case.days[0] + timedelta(days=number) for number, day in enumerate(case.days)
    )
    if not 0 < len(case.days) <= HORIZON_DAYS_MAX or not is_row:
        raise RosterInvalidError
    if len(case.drivers) > DRIVERS_MAX:
        raise RosterInvalidError
    kept = _KeptShifts(keep or {}, frozenset(fixed))
    model = _RosterModel(case, wanted, reinforcement, hour_cost_clp, kept)
    if vehicles is not None:
        model.hold(vehicles)
    return model.solved(seconds)


@dataclass(frozen=True, slots=True)
class _KeptShifts:
    """Shifts by driver and day, and those of them that are not looked at."""

    keep: Mapping[tuple[str, date], str]
    fixed: frozenset[tuple[str, date]]

    def counted(self) -> Counter[tuple[date, str]]:
        """Drivers by day and shift."""
        return Counter((key[1], code) for key, code in self.keep.items() if key not in self.fixed)

    def asked(self, wanted: Mapping[tuple[date, str], int], ways: Kept) -> set[tuple[date, str]]:
        """What somebody may be put on: all shifts of a day on which one lacks.

        Whose days break a rule may have to give one up, and is not counted on.
        """
        there = Counter(
            (key[1], code)
            for key, code in self.keep.items()
            if key not in self.fixed and all(kept.is_bound for kept in ways.get(key[0], ()))
        )
        days = {key[0] for key, count in wanted.items() if count > there[key]}
        return {key for key, count in wanted.items() if count > 0 and key[0] in days}


class _RosterModel:
    """The programme: drivers on every step of their walks, hires, shifts left short."""

    def __init__(
        self,
        case: RosterCase,
        wanted: Mapping[tuple[date, str], int],
        reinforcement: Sequence[Reinforcement],
        hour_cost_clp: int,
        kept: _KeptShifts,
    ) -> None:
        self._case, self._wanted, self._reinforcement = case, wanted, reinforcement
        self._opened = [place for place, day in enumerate(case.days) if day not in case.closed]
        self._keep, self._there = kept.keep, kept.counted()
        self._solver: Any = pywraplp.Solver.CreateSolver(SOLVER)
        self._minute_clp = hour_cost_clp * OVERTIME_FACTOR / 60
        self._cost: list[Any] = []
        self._on: dict[tuple[date, str], list[Any]] = defaultdict(list)
        ways = kept_days(case, kept.keep, kept.fixed)
        self._walks = walks_of(case, kept.asked(wanted, ways), ways)
        self._steps = [self._make_walk(walk) for walk in self._walks]
        self._hired = [self._make_hires(offer) for offer in reinforcement]
        self._short = {
            key: self._make_cover(key, count) for key, count in wanted.items() if count > 0
        }
        self._solver.Minimize(self._solver.Sum(self._cost))

    def _make_walk(self, walk: Walk) -> dict[Step, Any]:
        """Who comes into a state leaves it the next day; who begins there comes from nowhere."""
        counts = {step: self._solver.IntVar(0, len(walk.drivers), "") for step in walk.steps}
        leaving: dict[Any, list[Any]] = defaultdict(list)
        coming: dict[Any, list[Any]] = defaultdict(list)
        for step, count in counts.items():
            leaving[step.day, step.before].append(count)
            coming[step.day + 1, step.after].append(count)
            if step.shift and not step.kept.is_fixed:
                self._on[self._case.days[step.day], step.shift].append(count)
            if step.overtime_min:
                self._cost.append(self._minute_clp * step.overtime_min * count)
            if self._keep and step.shift != step.kept.shift:
                self._cost.append((MOVED_CLP if step.shift else FREED_CLP) * count)
        for node, out in leaving.items():
            begun = len(walk.begun.get(node[1], ())) if node[0] == 0 else 0
            come = coming.get(node, [])
            self._solver.Add(self._solver.Sum(out) == begun + self._solver.Sum(come))
        return counts

    def _make_hires(self, offer: Reinforcement) -> dict[tuple[str, int, int], Any]:
        """How many are hired by shift, first day and length, counted in days of delivery."""
        days = range(len(self._opened))
        spans = [
            (shift.code, first, length)
            for shift in self._case.shifts
            for first in days
            for length in range(offer.days_min, offer.days_max + 1)
            if first + length <= len(days)
        ]
        found = {span: self._solver.IntVar(0, offer.drivers_max, "") for span in spans}
        self._cost += [offer.day_cost_clp * span[2] * count for span, count in found.items()]
        for day in days:
            there = [count for span, count in found.items() if span[1] <= day < span[1] + span[2]]
            self._solver.Add(self._solver.Sum(there) <= offer.drivers_max)
        return found

    def _make_cover(self, key: tuple[date, str], count: int) -> Any:
        """Nobody of ours is put on a shift that has enough; who has one beyond that keeps it."""
        day, code = key
        number = self._case.days.index(day)
        hired = [
            drivers
            for found in self._hired
            for (shift, first, length), drivers in found.items()
            if shift == code and number in self._opened[first : first + length]
        ]
        short = self._solver.IntVar(0, count, "")
        own = self._solver.Sum(self._on[key])
        self._solver.Add(own + self._solver.Sum(hired) + short >= count)
        self._solver.Add(own <= max(count, self._there[key]))
        self._cost.append(SHORT_CLP * short)
        return short

    def hold(self, vehicles: int) -> None:
        """A vehicle has one driver at a time, told whenever a shift begins; nights reach over.

        Where more are kept than there are vehicles, somebody drives one of another depot.
        """
        for day in self._case.days:
            spans = {
                (on, shift.code): shift.span_on(on)
                for on in (day - timedelta(days=1), day)
                for shift in self._case.shifts
            }
            for (on, _), (begins, _) in spans.items():
                at_once = [key for key, (start, end) in spans.items() if start <= begins < end]
                own = [count for key in at_once for count in self._on.get(key, ())]
                there = sum(self._there[key] for key in at_once)
                if on == day and own:
                    self._solver.Add(self._solver.Sum(own) <= max(vehicles, there))

    def solved(self, seconds: float) -> Roster:
        """Runs the search; leaving every shift short is always a roster."""
        limits = pywraplp.MPSolverParameters()
        limits.SetDoubleParam(limits.RELATIVE_MIP_GAP, GAP)
        self._solver.SetTimeLimit(int(seconds * 1_000))
        state = self._solver.Solve(limits)
        if state not in {pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE}:
            raise RosterInvalidError(UNMENDED if self._keep else UNMADE)
        overtime_min = sum(
            step.overtime_min * _whole(count)
            for counts in self._steps
            for step, count in counts.items()
        )
        reinforced = self._reinforced()
        found = self._solver.Objective().Value()
        bound = self._solver.Objective().BestBound()
        return Roster(
            duties=tuple(sorted(self._duties(), key=lambda duty: (duty.date, duty.driver))),
            reinforced=tuple(hire for _, hire in reinforced),
            short=tuple(
                Short(date=day, shift=code, missing=_whole(short))
                for (day, code), short in sorted(self._short.items())
                if _whole(short)
            ),
            overtime_h=overtime_min / 60,
            overtime_clp=round(self._minute_clp * overtime_min),
            hired_clp=sum(cost for cost, _ in reinforced),
            gap=max(0.0, found - bound) / max(abs(found), 1.0),
        )

    def _duties(self) -> Iterator[Duty]:
        for walk, steps in zip(self._walks, self._steps, strict=True):
            counts = {step: _whole(count) for step, count in steps.items()}
            yield from named_duties(self._case.days, walk, counts, self._keep)

    def _reinforced(self) -> list[tuple[int, Reinforced]]:
        """Each hire with what it costs."""
        return [
            (
                offer.day_cost_clp * length * _whole(count),
                Reinforced(
                    name=offer.name,
                    shift=code,
                    drivers=_whole(count),
                    start=self._case.days[self._opened[first]],
                    end=self._case.days[self._opened[first + length - 1]],
                ),
            )
            for offer, found in zip(self._reinforcement, self._hired, strict=True)
            for (code, first, length), count in found.items()
            if _whole(count)
        ]


def _whole(variable: Any) -> int:
    count: int = round(variable.solution_value())
    return count
