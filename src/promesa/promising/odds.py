"""The odds of a promise: how much of a day's work gets done, and whether a visit is in time.

Closed forms of a few microseconds: a quote asks for some forty of them. Nothing here knows dates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

_SQRT_2 = math.sqrt(2)
_SQRT_2_PI = math.sqrt(2 * math.pi)
# Below this a load is none: an order alone takes minutes.
NO_WORK_S = 1.0
# Operators have a handful of widths and of wishes.
_WIDTHS_KEPT = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Something uncertain, by its mean and its standard deviation, in one unit."""

    mean: float
    sd: float


NOTHING = Spread(mean=0.0, sd=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """How far days and visits come out beside what was expected of them; all assumed at first.

    Attributes:
        work_cv: Of a day's work against its expectation: traffic and doors, common to all vans.
        capacity_cv: Of the hours that vans really serve: absences, breakdowns.
        absent_share: Of the vans, those that do not come on a day.
        delay_s: Mean of how much later than planned a van reaches a door.
        delay_sd_s: Its standard deviation.
        slack_share: How much earlier than its end a plan aims at in a window, as planning does.
        slack_s_max: And at most so many seconds.
        made_share: Of the visits that are reached in time, those that are a delivery or a failure
            that is not ours.
    """

    work_cv: float = 0.08
    capacity_cv: float = 0.04
    absent_share: float = 0.02
    delay_s: float = 300.0
    delay_sd_s: float = 2_100.0
    slack_share: float = 0.25
    slack_s_max: float = 1_800.0
    made_share: float = 0.995


# Until a depot's own days say otherwise.
ASSUMED = Scatter()


# Of more vans than this one that does not come is lost in the scatter of all.
FEW_VANS_MAX = 30
# Who has one van lends another, or goes tomorrow: taken as two, or no promise could be sure.
VANS_MIN = 2
# More vans away at once than this are less than one day in fifty of thirty vans.
AWAY_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """How many of a day's vans come, with the odds of it.

    Attributes:
        share: Of the hours, or of the room, that are expected of the day.
        cv: How much what they serve differs beside that.
    """

    odds: float
    share: float
    cv: float

    def of(self, amount: float) -> Spread:
        """What they have of that much."""
        return Spread(mean=amount * self.share, sd=amount * self.share * self.cv)


@lru_cache(maxsize=_WIDTHS_KEPT)
def crews(vans: int | None, scatter: Scatter) -> tuple[Crew, ...]:
    """Each number of vans that may come; one alike for all where many are planned, or unknown.

    Of five vans one that does not come is a fifth of the day, which no normal spread tells. In the
    mean they serve what was planned, and never with less scatter than many do.
    """
    if vans is None or vans > FEW_VANS_MAX:
        return (Crew(odds=1.0, share=1.0, cv=scatter.capacity_cv),)
    count = max(vans, VANS_MIN)
    away = scatter.absent_share
    counted = range(min(count, AWAY_MAX) + 1)
    odds = [math.comb(count, n) * away**n * (1 - away) ** (count - n) for n in counted]
    odds[-1] += 1 - sum(odds)
    mean = sum(each * (1 - n / count) for n, each in zip(counted, odds, strict=True))
    cv = math.sqrt(max(0.0, scatter.capacity_cv**2 - away * (1 - away) / count))
    return tuple(
        Crew(odds=each, share=(1 - n / count) / mean, cv=cv)
        for n, each in zip(counted, odds, strict=True)
    )


def phi(z: float) -> float:
    """Density of the standard normal."""
    return math.exp(-z * z / 2) / _SQRT_2_PI


def cdf(z: float) -> float:
    """Distribution of the standard normal."""
    return 0.5 * math.erfc(-z / _SQRT_2)


def capped(load: Spread, limit: float) -> Spread:
    """``min(load, limit)`` for a normal load: what comes once nothing more is offered."""
    if load.sd <= 0:
        return Spread(mean=min(load.mean, limit), sd=0.0)
    z = (limit - load.mean) / load.sd
    below, density = cdf(z), phi(z)
    mean = load.mean * below - load.sd * density + limit * (1 - below)
    square = (
        (load.mean**2 + load.sd**2) * below
        - load.sd * (limit + load.mean) * density
        + limit**2 * (1 - below)
    )
    return Spread(mean=mean, sd=math.sqrt(max(0.0, square - mean * mean)))


def served_share(work: Spread, capacity: Spread) -> float:
    """The expected share of the work that gets done: E[min(1, capacity / work)].

    Both are lognormal with the given mean and deviation, and which stops stay out is chance, as
    every order costs a plan the same to leave out. So it is the odds of each of them.
    """
    return min(1.0, sum(_fits_and_part(work, capacity)))


def pressed_share(work: Spread, capacity: Spread) -> float:
    """E[capacity / work; work > capacity]: the derivative of what gets done, with its sign turned.

    Of work that grows by a share, each of the others loses that share of this.
    """
    _, part = _fits_and_part(work, capacity)
    return part


def _fits_and_part(work: Spread, capacity: Spread) -> tuple[float, float]:
    """The odds that all gets done, and E[capacity / work] where it does not."""
    if work.mean <= NO_WORK_S:
        return 1.0, 0.0
    if capacity.mean <= NO_WORK_S:
        return 0.0, 0.0
    spread_work = math.log1p((work.sd / work.mean) ** 2)
    spread_room = math.log1p((capacity.sd / capacity.mean) ** 2)
    variance = spread_work + spread_room
    # Of the logarithm of work over capacity.
    middle = math.log(work.mean / capacity.mean) - spread_work / 2 + spread_room / 2
    if variance < 1e-9:
        return (1.0, 0.0) if middle <= 0 else (0.0, math.exp(-middle))
    sd = math.sqrt(variance)
    fits = cdf(-middle / sd)
    # E[1/Z; Z > 1] of a lognormal Z.
    return fits, math.exp(variance / 2 - middle) * cdf((middle - variance) / sd)


@lru_cache(maxsize=_WIDTHS_KEPT)
def in_time_share(width_s: float, scatter: Scatter) -> float:
    """The odds that a visit planned within a window of that width begins before its end.

    Planned anywhere from the start to the end less the slack, alike; who comes early waits.
    """
    slack_s = min(scatter.slack_s_max, width_s * scatter.slack_share)
    free_s = width_s - slack_s
    if free_s <= 0:
        return 0.0
    sd = max(1.0, scatter.delay_sd_s)
    high, low = (width_s - scatter.delay_s) / sd, (slack_s - scatter.delay_s) / sd
    return min(1.0, max(0.0, sd * (_integral(high) - _integral(low)) / free_s))


def _integral(z: float) -> float:
    """Of the normal distribution from minus infinity to ``z``."""
    return z * cdf(z) + phi(z)


# Halvings between an empty day and one of twice its capacity: to a thousandth of the capacity.
_HALVINGS = 11


@lru_cache(maxsize=_WIDTHS_KEPT)
def closing_ratio(share_min: float, scatter: Scatter, vans: int | None = None) -> float:
    """The expected work, as a share of the capacity, at which ``share_min`` of it gets done.

    A day is closed there: what comes later is offered another one.
    """
    low, high = 0.0, 2.0
    for _ in range(_HALVINGS):
        ratio = (low + high) / 2
        work = Spread(mean=ratio * 1e6, sd=ratio * 1e6 * scatter.work_cv)
        served = sum(crew.odds * served_share(work, crew.of(1e6)) for crew in crews(vans, scatter))
        if served >= share_min:
            low = ratio
        else:
            high = ratio
    return low
