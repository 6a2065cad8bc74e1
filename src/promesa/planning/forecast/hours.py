"""At which hours of a day orders come, and how far a day may differ from the others."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from promesa.planning.demand.history import DemandCount
from promesa.planning.demand.shop_hours import SHOP_HOURS

HOURS = 24
# Days with hours that a profile of its own takes; until then they are taken to be a shop's, and the
# doubt to be large until the day is over (assumed).
DAYS_MIN = 14
DOUBT_UNKNOWN = 0.5
# Fewer orders a day tell nothing of its hours.
ORDERS_A_DAY_MIN = 20
# Nor does a day most of whose orders say no hour: a file of two comunas is not the operation.
TOLD_SHARE_MIN = 0.5
_LEAST = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class HourProfile:
    """At which hours the orders of a day come.

    Attributes:
        reached: Share of a day's orders before each hour, 25 of them, from 0 to 1.
        doubt: Deviation of that share's logarithm from day to day, before each hour.
        days: On how many days it rests; 0 where it is assumed.
    """

    reached: tuple[float, ...]
    doubt: tuple[float, ...]
    days: int

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of a day's orders in each hour."""
        return tuple(after - before for before, after in pairwise(self.reached))

    def at(self, hour: float) -> tuple[float, float]:
        """Share and doubt at an hour like 14.5."""
        hours = np.arange(HOURS + 1)
        return float(np.interp(hour, hours, self.reached)), float(
            np.interp(hour, hours, self.doubt)
        )


def learn_profile(counts: Iterable[DemandCount]) -> HourProfile:
    """The hours of past days most of whose orders are known by hour."""
    days: defaultdict[date, list[float]] = defaultdict(lambda: [0.0] * HOURS)
    whole: defaultdict[date, float] = defaultdict(float)
    for each in counts:
        whole[each.day] += each.orders
        if each.hour is not None:
            days[each.day][each.hour] += each.orders
    known = [
        hours
        for day, hours in days.items()
        if sum(hours) >= max(ORDERS_A_DAY_MIN, TOLD_SHARE_MIN * whole[day])
    ]
    if len(known) < DAYS_MIN:
        return _assumed()
    table = np.array(known)
    total = table.sum(axis=1, keepdims=True)
    share = np.concatenate([np.zeros((len(known), 1)), np.cumsum(table, axis=1) / total], axis=1)
    reached = share.mean(axis=0)
    return HourProfile(
        reached=tuple(reached.tolist()),
        doubt=tuple(_doubts(share, reached, total[:, 0])),
        days=len(known),
    )


def _doubts(
    share: NDArray[np.float64], reached: NDArray[np.float64], total: NDArray[np.float64]
) -> list[float]:
    """Deviation of each hour's share beyond what counting so few orders explains."""
    found = []
    for hour in range(HOURS + 1):
        mean = max(float(reached[hour]), _LEAST)
        spread = float(share[:, hour].var()) / mean**2
        chance = float(np.mean((1 - mean) / (mean * total)))
        found.append(math.sqrt(max(0.0, spread - chance)))
    return found


def _assumed() -> HourProfile:
    reached = (0.0, *(min(1.0, share) for share in accumulate(SHOP_HOURS)))
    doubt = tuple(DOUBT_UNKNOWN if share < 1 else 0.0 for share in reached)
    return HourProfile(reached=reached, doubt=doubt, days=0)


ASSUMED_HOURS = _assumed()
