"""Orders whose depot or class nobody said, told as orders of those that their comuna has.

A file of years seldom names depots, and an order placed yesterday has none before it is planned;
own orders that were driven have one. Told apart, the years would end where the own orders begin,
and go on beside them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import accumulate

import numpy as np

from promesa.planning.demand.series import SeriesKey

# Orders are dealt out by their number times this, modulo 1: of any stretch of them each part gets
# its share, as evenly as can be (Weyl's sequence of the golden ratio).
_GOLDEN = (5**0.5 - 1) / 2
# Orders without a class on days that tell classes: from so many on they are a class of their own.
_UNCLASSED_MIN = 0.05

Panel = Mapping[SeriesKey, Mapping[date, int]]
Shares = Mapping[SeriesKey, float]


def with_parts(panel: Panel) -> dict[SeriesKey, dict[date, int]]:
    """The panel without series that lack a depot or class, where their comuna's others have one.

    They are split as what is known of the comuna is. A shop that classes some of its orders keeps
    the others as they are: there having no class says something.
    """
    with_depots = _settled(panel, _depots(panel))
    found = _settled(with_depots, _classes(with_depots))
    return {key: dict(sorted(found[key].items())) for key in sorted(found)}


def _settled(panel: Panel, parts: Mapping[SeriesKey, Shares]) -> dict[SeriesKey, Counter[date]]:
    found: dict[SeriesKey, Counter[date]] = defaultdict(Counter)
    for key, days in panel.items():
        for part, some in _dealt(days, parts[key]) if key in parts else [(key, days)]:
            found[part].update(some)
    return found


def _depots(panel: Panel) -> dict[SeriesKey, Shares]:
    """Of each series without a depot the same with those that are named in its comuna."""
    orders: dict[str, Counter[str]] = defaultdict(Counter)
    for key, days in panel.items():
        if key.depot:
            orders[key.comuna][key.depot] += sum(days.values())
    return {
        key: _shares(
            {replace(key, depot=depot): some for depot, some in orders[key.comuna].items()}
        )
        for key in panel
        if not key.depot and orders[key.comuna].total() > 0
    }


def _classes(panel: Panel) -> dict[SeriesKey, Shares]:
    """Of each series without a class the same with those of its comuna that take its place."""
    classed: dict[SeriesKey, dict[SeriesKey, int]] = defaultdict(dict)
    days_told: dict[SeriesKey, set[date]] = defaultdict(set)
    for key, days in panel.items():
        if key.product_class:
            whole = replace(key, product_class="")
            classed[whole][key] = sum(days.values())
            days_told[whole] |= {day for day, orders in days.items() if orders}
    found = {}
    for whole, several in classed.items():
        beside = sum(panel.get(whole, {}).get(day, 0) for day in days_told[whole])
        if sum(several.values()) > 0 and beside < _UNCLASSED_MIN * sum(several.values()):
            found[whole] = _shares(several)
    return found


def _shares(orders: Mapping[SeriesKey, int]) -> Shares:
    total = sum(orders.values())
    return {key: orders[key] / total for key in sorted(orders)}


def _dealt(days: Mapping[date, int], shares: Shares) -> Iterator[tuple[SeriesKey, dict[date, int]]]:
    """Each day's orders by part, whole orders that add up to the day's."""
    told = sorted(days)
    counts = np.fromiter((days[day] for day in told), dtype=np.int64)
    edges = np.array(list(accumulate(shares.values()))[:-1])
    place = np.searchsorted(edges, np.arange(1, counts.sum() + 1) * _GOLDEN % 1, side="right")
    of_day = np.repeat(np.arange(len(counts)), counts)
    for number, part in enumerate(shares):
        some = np.bincount(of_day[place == number], minlength=len(counts))
        yield part, dict(zip(told, some.tolist(), strict=True))
