"""Vehicles hired for a day or for days in a row, and zones lent to another depot."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count as count_from
from itertools import islice

import numpy as np

from promesa.planning.capacity.needs import Need
from promesa.planning.capacity.sizing import DayPlan

DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """A zone that another depot can serve.

    Attributes:
        factor: Vehicles the other depot needs for one of its own depot's: the way is longer.
    """

    zone: str
    home: str
    other: str
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hire:
    """Vehicles of a contract for days of delivery in a row, both ends included.

    Attributes:
        closed: Days between without deliveries, rising: they break no row and cost nothing.
    """

    depot: str
    contract: str
    vehicles: int
    start: date
    end: date
    closed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHires:
    """What a depot's plan hires on a day, and what it lacks all the same.

    Attributes:
        contracted: By contract.
        spot: Those that may be called.
        gap: Vehicles missing for the target.
        held: Of them those that there are, and that the doors do not let out in time.
        ready: What it takes.
        blocked: Of those, had or not, the ones that the doors do not let out in time.
    """

    contracted: int = 0
    spot: int = 0
    gap: int = 0
    held: int = 0
    ready: int = 0
    blocked: int = 0

    @classmethod
    def of(cls, day: DayPlan) -> DayHires:
        """Those of a planned day."""
        return cls(
            contracted=sum(day.mix.contracted),
            spot=sum(day.mix.spot),
            gap=day.gap,
            held=day.held,
            ready=day.ready,
            blocked=day.blocked,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """Part of a zone served from another depot on a day."""

    loan: Loan
    date: date
    share: float


def days_after(days: Sequence[date], opened: Sequence[int], count: int) -> tuple[date, ...]:
    """The next so many days of delivery after the last day of those given.

    A weekday on which nothing is ever delivered is taken to stay so; one that is not among them,
    to have deliveries.

    Args:
        days: In a row.
        opened: Places of those with deliveries; at least one where any are asked for.
        count: How many.
    """
    weekdays = {days[place].weekday() for place in opened}
    unseen = set(range(DAYS_PER_WEEK)) - {day.weekday() for day in days}
    following = (days[-1] + timedelta(days=number) for number in count_from(1))
    return tuple(islice((day for day in following if day.weekday() in weekdays | unseen), count))


def runs(counts: Sequence[int]) -> list[tuple[int, int, int]]:
    """How many are there from which place to which: those who come first leave first.

    So each stays the fewest days, where the counts allow it at all.
    """
    joined: Counter[tuple[int, int]] = Counter()
    open_since: deque[int] = deque()
    for place, count in enumerate([*counts, 0]):
        while len(open_since) > count:
            joined[open_since.popleft(), place - 1] += 1
        open_since.extend([place] * (count - len(open_since)))
    return [(vehicles, *span) for span, vehicles in sorted(joined.items())]


def after_loans(needs: Sequence[Need], lent: Sequence[Lent]) -> list[Need]:
    """The needs once parts of zones are served elsewhere."""
    moved = [(need.vehicles.copy(), need.stops.copy(), need.minutes.copy()) for need in needs]
    place = {need.depot: number for number, need in enumerate(needs)}
    for each in lent:
        home, other = place[each.loan.home], place[each.loan.other]
        need = needs[home]
        day, zone = need.days.index(each.date), need.zones.index(each.loan.zone)
        part = each.share * need.shares[:, day, zone]
        for array, (of_home, of_other) in enumerate(zip(moved[home], moved[other], strict=True)):
            amount = part * (need.vehicles, need.stops, need.minutes)[array][:, day]
            of_home[:, day] = np.maximum(0.0, of_home[:, day] - amount)
            # Stops are as many wherever they are served from; vehicles and minutes are more.
            of_other[:, day] += amount * (1.0 if array == 1 else each.loan.factor)
    return [
        replace(need, vehicles=vehicles, stops=stops, minutes=minutes)
        for need, (vehicles, stops, minutes) in zip(needs, moved, strict=True)
    ]
