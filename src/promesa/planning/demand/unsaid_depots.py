"""Orders whose depot nobody said, told as orders of the depots that serve their comuna.

A file of years seldom names depots, and an order placed yesterday has none before it is planned;
own orders that were driven have one. Told apart, the years would end where the own orders begin.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import accumulate

import numpy as np

from promesa.planning.demand.series import SeriesKey

# Orders are dealt out by their number times this, modulo 1: of any stretch of them each depot gets
# its share, as evenly as can be (Weyl's sequence of the golden ratio).
_GOLDEN = (5**0.5 - 1) / 2

Panel = Mapping[SeriesKey, Mapping[date, int]]


def with_depots(panel: Panel) -> dict[SeriesKey, dict[date, int]]:
    """The panel without series that lack the depot, where the comuna has one that is named.

    A comuna of several depots is split as what is known of it is.
    """
    served = _served(panel)
    found: dict[SeriesKey, Counter[date]] = defaultdict(Counter)
    for key, days in panel.items():
        shares = {} if key.depot else served.get(key.comuna, {})
        for depot, some in _dealt(days, shares) if shares else [(key.depot, days)]:
            found[replace(key, depot=depot)].update(some)
    return {key: dict(sorted(found[key].items())) for key in sorted(found)}


def _served(panel: Panel) -> dict[str, dict[str, float]]:
    """The share of each depot in the comunas where it is named and had orders."""
    orders: dict[str, Counter[str]] = defaultdict(Counter)
    for key, days in panel.items():
        if key.depot:
            orders[key.comuna][key.depot] += sum(days.values())
    return {
        comuna: {depot: some / of_depots.total() for depot, some in sorted(of_depots.items())}
        for comuna, of_depots in orders.items()
        if of_depots.total() > 0
    }


def _dealt(
    days: Mapping[date, int], shares: Mapping[str, float]
) -> Iterator[tuple[str, dict[date, int]]]:
    """Each day's orders by depot, whole orders that add up to the day's."""
    counts = np.fromiter((days[day] for day in sorted(days)), dtype=np.int64)
    edges = np.array(list(accumulate(shares.values()))[:-1])
    place = np.searchsorted(edges, np.arange(1, counts.sum() + 1) * _GOLDEN % 1, side="right")
    of_day = np.repeat(np.arange(len(counts)), counts)
    for number, depot in enumerate(shares):
        some = np.bincount(of_day[place == number], minlength=len(counts))
        yield depot, dict(zip(sorted(days), some.tolist(), strict=True))
