"""Says when promises are broken more, or less, often than was stated, and how sure that is.

A cumulative sum over days of how far the broken ones lie from what was stated, in standard
deviations of a day. It rings once a day's chance cannot explain the sum, and until the sum is back
at nought (Page 1954); how often it rings for nothing was simulated, and is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

# A shift of one standard deviation of a day is to be found; half of it is let go each day.
ALLOWANCE = 0.5
THRESHOLD = 5.0
# Between two alarms of a kind although nothing changed, simulated where days differ four times what
# chance explains and that is learnt from ninety of them: 287; ten times, 242; by chance alone, 770.
FALSE_DAYS = 250
# A sum grows no further: fourteen days as stated end what rings, however long it rang.
CEILING = 14 * ALLOWANCE
# What rounding leaves of a sum that is over.
_NOUGHT = 1e-9
# Days below this many promises tell nothing; fewer days than that ring no alarm.
PROMISES_MIN = 10
DAYS_MIN = 7
# Promises that came due in a quarter are watched, as those that put the odds right.
WATCHED_FOR = timedelta(days=90)
# How many times a day's chance the days differ, as long as too few are known to tell (assumed:
# the traffic and the absences of a day are common to all its promises).
DISPERSION_ASSUMED = 4.0
DISPERSION_DAYS_MIN = 20
# Of the chi-square distribution with one degree of freedom.
_MEDIAN_SQUARE = 0.455
# Of a normal: the band that nineteen days of twenty lie in.
_BAND_Z = 1.96


class AlarmState(StrEnum):
    """What the days say."""

    CALM = "calm"
    WORSE = "worse"
    BETTER = "better"
    UNKNOWN = "unknown"

    @property
    def is_ringing(self) -> bool:
        """Whether a person should look."""
        return self in {AlarmState.WORSE, AlarmState.BETTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseDay:
    """The promises that came due on a day that is over.

    Attributes:
        late: Those not kept.
        late_stated: How many of them the stated odds expected.
        variance: Of that number, were they independent.
    """

    date: date
    promises: int
    late: int
    late_stated: float
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A day with the shares that chance explains."""

    day: PromiseDay
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How promises came out since a day, beside what was stated of them.

    Attributes:
        late: Those not kept.
        late_stated: How many of them the stated odds expected.
    """

    since: date
    promises: int
    late: int
    late_stated: float

    @property
    def late_share(self) -> float:
        """The part not kept."""
        return self.late / self.promises

    @property
    def stated_share(self) -> float:
        """The part that was stated not to be."""
        return self.late_stated / self.promises


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What the last weeks say.

    Attributes:
        drift: What drifted; None while nothing does.
        told_days: On how many days with enough promises it rests.
        false_days: Days between two alarms of a kind although nothing changed, in the mean.
    """

    state: AlarmState
    drift: Drift | None
    told_days: int
    bands: tuple[Band, ...]
    false_days: int


@dataclass(slots=True)
class _Sum:
    """What adds up one way, since when, and whether it came to an alarm."""

    total: float = 0.0
    since: date | None = None
    is_ringing: bool = False

    def add(self, more: float, day: date) -> None:
        """A day; a sum that fell back to nought has forgotten."""
        self.total = min(CEILING, self.total + more)
        if self.total <= _NOUGHT:
            self.total, self.since, self.is_ringing = 0.0, None, False
            return
        self.since = self.since or day
        self.is_ringing = self.is_ringing or self.total > THRESHOLD


def watch(days: Sequence[PromiseDay], told: AlarmState = AlarmState.CALM) -> Alarm:
    """Whether realised lateness left its band, and since when.

    Args:
        days: Oldest first.
        told: What was said last. It is said until its sum is at nought: days that are judged
            anew, by more of them, would else end an alarm today that rings again tomorrow.
    """
    counting = [day for day in days if day.promises >= PROMISES_MIN and day.variance > 0]
    spread = dispersion_of(counting)
    bands = tuple(_band(day, spread) for day in counting)
    state, since = AlarmState.UNKNOWN, None
    if len(counting) >= DAYS_MIN:
        state, since = _drift(counting, spread, told)
    return Alarm(
        state=state,
        drift=None if since is None else _since(since, counting),
        told_days=len(counting),
        bands=bands,
        false_days=FALSE_DAYS,
    )


def dispersion_of(days: Sequence[PromiseDay]) -> float:
    """How many times chance alone the days differ; at least once."""
    if len(days) < DISPERSION_DAYS_MIN:
        return DISPERSION_ASSUMED
    squares = [(day.late - day.late_stated) ** 2 / day.variance for day in days]
    return max(1.0, median(squares) / _MEDIAN_SQUARE)


def _drift(
    days: Sequence[PromiseDay], spread: float, told: AlarmState
) -> tuple[AlarmState, date | None]:
    """The state after the last day."""
    sums = {AlarmState.WORSE: _Sum(), AlarmState.BETTER: _Sum()}
    for day in days:
        z = (day.late - day.late_stated) / math.sqrt(spread * day.variance)
        sums[AlarmState.WORSE].add(z - ALLOWANCE, day.date)
        sums[AlarmState.BETTER].add(-z - ALLOWANCE, day.date)
    for state, found in sums.items():
        if found.is_ringing or (state is told and found.total > 0):
            return state, found.since
    return AlarmState.CALM, None


def _band(day: PromiseDay, spread: float) -> Band:
    mean = day.late_stated / day.promises
    half = _BAND_Z * math.sqrt(spread * day.variance) / day.promises
    return Band(day=day, low=max(0.0, mean - half), high=min(1.0, mean + half))


def _since(since: date, days: Sequence[PromiseDay]) -> Drift:
    run = [day for day in days if day.date >= since]
    return Drift(
        since=since,
        promises=sum(day.promises for day in run),
        late=sum(day.late for day in run),
        late_stated=sum(day.late_stated for day in run),
    )
