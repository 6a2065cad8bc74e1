"""Says when promises are broken more, or less, often than was stated, and how sure that is.

A cumulative sum over days of how far the broken ones lie from what was stated, in standard
deviations of a day. It rings once a day's chance cannot explain the sum; how often it rings for
nothing is known beforehand (Siegmund 1985), and said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.promising.calibration import Outcome

# A shift of one standard deviation of a day is to be found; half of it is let go each day.
ALLOWANCE = 0.5
# With it a false alarm of each kind in 938 days.
THRESHOLD = 5.0
# Days below this many promises tell nothing; fewer days than that ring no alarm.
PROMISES_MIN = 10
DAYS_MIN = 7
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseDay:
    """The promises that came due on a day.

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
    """How promises came out since a day, beside what was stated of them."""

    since: date
    promises: int
    late_share: float
    stated_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What the last weeks say.

    Attributes:
        drift: What drifted; None while nothing does.
        told_days: On how many days with enough promises it rests.
        false_days: Days between two false alarms of a kind, in the mean.
    """

    state: AlarmState
    drift: Drift | None
    told_days: int
    bands: tuple[Band, ...]
    false_days: int


def days_of(outcomes: Iterable[Outcome], zone: str = SANTIAGO) -> list[PromiseDay]:
    """Outcomes by the day they came due, oldest first."""
    found: dict[date, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.due_at is not None:
            found.setdefault(ServiceDay.of(outcome.due_at, zone).date, []).append(outcome)
    return [
        PromiseDay(
            date=day,
            promises=len(several),
            late=sum(not outcome.is_kept for outcome in several),
            late_stated=sum(1 - outcome.told for outcome in several),
            variance=sum(outcome.told * (1 - outcome.told) for outcome in several),
        )
        for day, several in sorted(found.items())
    ]


def watch(days: Sequence[PromiseDay]) -> Alarm:
    """Whether realised lateness left its band, and since when."""
    told = [day for day in days if day.promises >= PROMISES_MIN and day.variance > 0]
    spread = dispersion_of(told)
    bands = tuple(_band(day, spread) for day in told)
    false_days = round(false_alarm_days(ALLOWANCE, THRESHOLD))
    state, since = AlarmState.UNKNOWN, None
    if len(told) >= DAYS_MIN:
        state, since = _drift(told, spread)
    return Alarm(
        state=state,
        drift=None if since is None else _since(since, told),
        told_days=len(told),
        bands=bands,
        false_days=false_days,
    )


def dispersion_of(days: Sequence[PromiseDay]) -> float:
    """How many times chance alone the days differ; at least once."""
    if len(days) < DISPERSION_DAYS_MIN:
        return DISPERSION_ASSUMED
    squares = [(day.late - day.late_stated) ** 2 / day.variance for day in days]
    return max(1.0, median(squares) / _MEDIAN_SQUARE)


def false_alarm_days(allowance: float, threshold: float) -> float:
    """Days until a sum of nothing but chance rings, in the mean (Siegmund's approximation)."""
    reach = 2 * allowance * (threshold + 1.166)
    return (math.exp(reach) - reach - 1) / (2 * allowance**2)


def _drift(days: Sequence[PromiseDay], spread: float) -> tuple[AlarmState, date | None]:
    """The state after the last day; a sum that fell back to nought has forgotten."""
    worse = better = 0.0
    worse_since: date | None = None
    better_since: date | None = None
    for day in days:
        z = (day.late - day.late_stated) / math.sqrt(spread * day.variance)
        worse, worse_since = _added(worse, worse_since, z - ALLOWANCE, day.date)
        better, better_since = _added(better, better_since, -z - ALLOWANCE, day.date)
    if worse > THRESHOLD:
        return AlarmState.WORSE, worse_since
    if better > THRESHOLD:
        return AlarmState.BETTER, better_since
    return AlarmState.CALM, None


def _added(total: float, since: date | None, more: float, day: date) -> tuple[float, date | None]:
    total += more
    if total <= 0:
        return 0.0, None
    return total, since or day


def _band(day: PromiseDay, spread: float) -> Band:
    mean = day.late_stated / day.promises
    half = _BAND_Z * math.sqrt(spread * day.variance) / day.promises
    return Band(day=day, low=max(0.0, mean - half), high=min(1.0, mean + half))


def _since(since: date, days: Sequence[PromiseDay]) -> Drift:
    run = [day for day in days if day.date >= since]
    promises = sum(day.promises for day in run)
    return Drift(
        since=since,
        promises=promises,
        late_share=sum(day.late for day in run) / promises,
        stated_share=sum(day.late_stated for day in run) / promises,
    )
