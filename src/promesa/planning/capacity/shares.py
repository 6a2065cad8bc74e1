"""How much of a forecast's misses is common to all series, learnt from how it missed before.

Two series of one day that share a factor miss together on average: the mean product of their
misses, each in units of its own doubt, is the share (the method of moments). On days of one event
the product over different days tells what the event itself shares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from promesa.planning.capacity.scenarios import SHARES_DEFAULT, CommonShares, Volume

# A default counts as so many days, or events, of one's own (assumed: with a month of days, and
# with three events, one's own weigh more).
PRIOR_DAYS, PRIOR_EVENTS = 30, 3
# A miss beyond so many sigmas is a strike or a mistake in the data, and would decide alone.
MISS_MAX = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outturn:
    """What was forecast, and what came."""

    volume: Volume
    parcels: int

    @property
    def miss(self) -> float | None:
        """The logarithm of what came over the middle, in sigmas of the rate; None where unknown."""
        volume = self.volume
        variance = volume.rate_variance
        if volume.p50 <= 0 or variance <= 0:
            return None
        away = np.log((self.parcels + 0.5) / (volume.p50 + 0.5)) / np.sqrt(np.log1p(variance))
        return float(np.clip(away, -MISS_MAX, MISS_MAX))


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntShares:
    """The shares, and what they rest on.

    Attributes:
        days: Ordinary days with two series or more.
        events: Events with two days or more.
    """

    shares: CommonShares
    days: int
    events: int


def learn_shares(
    outturns: Sequence[Outturn], default: CommonShares = SHARES_DEFAULT
) -> LearntShares:
    """The shares of past forecasts, drawn to the default while there are few."""
    by_day: dict[tuple[str, date], list[float]] = defaultdict(list)
    for outturn in outturns:
        if (miss := outturn.miss) is not None:
            by_day[outturn.volume.event, outturn.volume.date].append(miss)
    ordinary = [
        shared
        for (event, _), misses in by_day.items()
        if not event and (shared := _within(misses)) is not None
    ]
    day = _drawn(ordinary, default.day, PRIOR_DAYS)
    by_event: dict[str, list[list[float]]] = defaultdict(list)
    for (event, _), misses in sorted(by_day.items()):
        if event:
            by_event[event].append(misses)
    told = [shared for days in by_event.values() if (shared := _between(days)) is not None]
    shares = CommonShares(event=min(_drawn(told, default.event, PRIOR_EVENTS), 1 - day), day=day)
    return LearntShares(shares=shares, days=len(ordinary), events=len(told))


def _within(misses: Sequence[float]) -> float | None:
    """Mean product of different series on one day."""
    count = len(misses)
    if count < 2:
        return None
    values = np.array(misses)
    return float((values.sum() ** 2 - (values**2).sum()) / (count * (count - 1)))


def _between(days: Sequence[Sequence[float]]) -> float | None:
    """Mean product of different days of one event, all series with all."""
    if len(days) < 2:
        return None
    means = [float(np.mean(misses)) for misses in days]
    return float(np.mean([one * other for one, other in combinations(means, 2)]))


def _drawn(seen: Sequence[float], default: float, prior: int) -> float:
    """The mean with the default counted in, within what a share can be."""
    mean = (sum(seen) + prior * default) / (len(seen) + prior)
    return float(np.clip(mean, 0.0, 1.0))
