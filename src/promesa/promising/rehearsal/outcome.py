"""What rehearsed days came to: counts of one run, and several runs side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from promesa.promising.rehearsal.case import Size, Way

# A day with fewer promises than this is no worst day: one parcel would make it one.
WORST_DUE_MIN = 10


@dataclass(slots=True, kw_only=True)
class DayCount:
    """A day of one run, whoever bought when; promises count on the day they were made for.

    Attributes:
        came: Who came to buy.
        lost: Of these, who went elsewhere or was offered nothing.
        room: Stops that the vans make on a usual day.
        behind: Parcels whose promise is broken and that are still here at night.
    """

    came: int = 0
    lost: int = 0
    due: int = 0
    kept: int = 0
    delivered: int = 0
    vans: int = 0
    room: float = 0.0
    behind: int = 0


@dataclass(slots=True, kw_only=True)
class RunCount:
    """One run of one way: of the orders that count.

    Attributes:
        refused: Who was offered no date at all.
        waits: Days from the order to the promised one, how many promises of each.
        stated: Odds of those that were given some, added up.
    """

    came: int = 0
    lost: int = 0
    refused: int = 0
    due: int = 0
    kept: int = 0
    waits: dict[int, int] = field(default_factory=dict)
    stated: float = 0.0
    stated_due: int = 0
    stated_kept: int = 0
    days: dict[date, DayCount] = field(default_factory=dict)

    def on(self, day: date) -> DayCount:
        """The day's counts."""
        return self.days.setdefault(day, DayCount())


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure over the runs: the mean, the least and the most."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayResult:
    """A day, on average over the runs; ``kept`` is None where no promise was for it."""

    date: date
    came: float
    lost: float
    due: float
    kept: float | None
    delivered: float
    vans: float
    room: float
    behind: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WayResult:
    """What a way came to, over all depots.

    Attributes:
        kept: Share of promises, over the runs that made any; None where none did.
        worst_kept: Of the worst day of delivery; None where none had promises enough.
        stated: Odds that were told, in the mean; None for fixed days, which state none.
        stated_kept: Share kept of those.
        days_promised: From the order to the last promised day; None where nothing was promised.
        days_p90: So many days or fewer for nine promises of ten.
        lost_share: Of who came to buy.
        refused: Of these, orders that were offered no date.
        behind_max: The most broken parcels at a depot at night.
        missing: Vans of its fleet that can be had nowhere, on all days together.
    """

    way: Way
    kept: Figure | None
    worst_kept: float | None
    worst_day: date | None
    stated: float | None
    stated_kept: float | None
    days_promised: Figure | None
    days_p90: int | None
    orders: float
    lost_share: float
    refused: float
    broken: float
    fleet_clp: int
    broken_clp: int
    lost_clp: int
    van_days: float
    behind_max: float
    missing: int
    days: tuple[DayResult, ...]

    @property
    def cost_clp(self) -> int:
        """Vans, broken promises and lost sales."""
        return self.fleet_clp + self.broken_clp + self.lost_clp


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A rehearsal that was run: simulated, all of it.

    Attributes:
        orders: That came, of each run's days together, in the mean.
        usual: Of a usual day.
        peak: Of the biggest day.
        notes: What was taken for granted, in words.
        unfolded: How many sentences, of the first, say it in short.
        lost_sale_clp: What a lost sale was taken to cost; None in rehearsals of before.
        is_lost_assumed: Whether nobody said so.
        broken_promise_clp: Likewise, of a promise that is not kept.
    """

    name: str
    size: Size
    first: date
    last: date
    seeds: int
    seed: int
    orders: float
    usual: float
    peak: float
    peak_day: date
    results: tuple[WayResult, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    unfolded: int = 1
    lost_sale_clp: int | None = None
    is_lost_assumed: bool = True
    broken_promise_clp: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What costs are made of.

    Attributes:
        fleet_clp: Of the days whose orders count.
    """

    fleet_clp: int
    broken_clp: float
    lost_clp: float
    missing: int


def way_result(
    way: Way, runs: Sequence[RunCount], priced: Priced, *, last: date = date.max
) -> WayResult:
    """The runs of one way as one result.

    Args:
        way: Whose runs they are.
        runs: One a scenario.
        priced: What they cost.
        last: The last day rehearsed, until which vans are counted.
    """
    count = len(runs)
    broken = sum(run.due - run.kept for run in runs) / count
    lost = sum(run.lost for run in runs) / count
    days = _days(runs)
    worst = min(
        (day for day in days if day.kept is not None and day.due >= WORST_DUE_MIN),
        key=lambda day: (day.kept, day.date),
        default=None,
    )
    stated_due = sum(run.stated_due for run in runs)
    return WayResult(
        way=way,
        kept=_figure([run.kept / run.due for run in runs if run.due]),
        worst_kept=worst.kept if worst else None,
        worst_day=worst.date if worst else None,
        stated=sum(run.stated for run in runs) / stated_due if stated_due else None,
        stated_kept=sum(run.stated_kept for run in runs) / stated_due if stated_due else None,
        days_promised=_figure([_mean_wait(run.waits) for run in runs if run.waits]),
        days_p90=_wait_p90(runs),
        orders=sum(run.came for run in runs) / count,
        lost_share=lost * count / max(1, sum(run.came for run in runs)),
        refused=sum(run.refused for run in runs) / count,
        broken=broken,
        fleet_clp=priced.fleet_clp,
        broken_clp=round(broken * priced.broken_clp),
        lost_clp=round(lost * priced.lost_clp),
        van_days=sum(day.vans for day in days if day.date <= last),
        behind_max=max((day.behind for day in days), default=0.0),
        missing=priced.missing,
        days=days,
    )


def _days(runs: Sequence[RunCount]) -> tuple[DayResult, ...]:
    found = []
    for day in sorted({day for run in runs for day in run.days}):
        counts = [run.days.get(day, DayCount()) for run in runs]

        def mean(values: Sequence[float]) -> float:
            return round(sum(values) / len(runs), 2)

        due = sum(each.due for each in counts)
        found.append(
            DayResult(
                date=day,
                came=mean([each.came for each in counts]),
                lost=mean([each.lost for each in counts]),
                due=mean([each.due for each in counts]),
                kept=sum(each.kept for each in counts) / due if due else None,
                delivered=mean([each.delivered for each in counts]),
                vans=mean([each.vans for each in counts]),
                room=mean([each.room for each in counts]),
                behind=mean([each.behind for each in counts]),
            )
        )
    return tuple(found)


def _figure(values: Sequence[float]) -> Figure | None:
    if not values:
        return None
    return Figure(mean=sum(values) / len(values), low=min(values), high=max(values))


def _mean_wait(waits: dict[int, int]) -> float:
    return sum(days * count for days, count in waits.items()) / sum(waits.values())


def _wait_p90(runs: Sequence[RunCount]) -> int | None:
    waits: Counter[int] = Counter()
    for run in runs:
        waits.update(run.waits)
    left = waits.total() * 0.9
    for days, count in sorted(waits.items()):
        left -= count
        if left <= 0:
            return days
    return None
