"""Orders whose depot or class nobody said, told as orders of those that their comuna has.

A file of years seldom names depots, and an order placed yesterday has none before it is planned;
own orders that were driven have one. Told apart, the years would end where the own orders begin,
and go on beside them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from promesa.planning.demand.series import DayCounts, SeriesKey

# The weeks of a comuna that say how a day's orders are split: those nearest to it among those that
# name a part. Of so few a depot opened a month ago has all that it brings, and a comuna of an order
# a day still counts some thirty.
NEAR_WEEKS = 4
# From Monday to Sunday: day 1 of the calendar was a Monday.
WEEK_D = 7
# Orders of a day are dealt out by their number times the golden ratio, modulo 1: of any stretch of
# them each part gets its share, as evenly as can be (Weyl's sequence). Each day begins elsewhere,
# by its date times another such number, so that single orders a day are dealt evenly too, and a day
# alike however far back a history reaches.
_GOLDEN = (5**0.5 - 1) / 2
_OF_DAY = 3**0.5 - 1
# Orders without a class on days that tell classes: from so many on they are a class of their own.
_UNCLASSED_MIN = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What takes the place of a series.

    Attributes:
        keys: Of the parts, sorted.
        weeks: Those that name one, in order; int64 [weeks].
        reached: Orders of each part until the end of so many of them; int64 [weeks + 1, parts].
    """

    keys: tuple[SeriesKey, ...]
    weeks: NDArray[np.int64]
    reached: NDArray[np.int64]

    def edges(self, days: NDArray[np.int64]) -> NDArray[np.float64]:
        """Where the share of each part ends but the last one's; float64 [days, parts - 1]."""
        near = min(NEAR_WEEKS, len(self.weeks))
        # Of two as near the earlier one: it was known first.
        middles = (self.weeks[:-near] + self.weeks[near:]) / 2
        first = np.searchsorted(middles, (days - 1) // WEEK_D, side="left")
        some = self.reached[first + near] - self.reached[first]
        told = np.cumsum(some, axis=1)
        return np.asarray(told[:, :-1] / told[:, -1:])


def with_parts(panel: DayCounts) -> dict[SeriesKey, dict[date, int]]:
    """The panel without series that lack a depot or class, where their comuna's others have one.

    They are split as the nearest weeks of the comuna that name one are. A shop that classes some of
    its orders keeps the others as they are: there having no class says something.
    """
    with_depots = _settled(panel, _depots(panel))
    found = _settled(with_depots, _classes(with_depots))
    return {key: dict(sorted(found[key].items())) for key in sorted(found)}


def _settled(panel: DayCounts, parts: Mapping[SeriesKey, _Parts]) -> dict[SeriesKey, Counter[date]]:
    found: dict[SeriesKey, Counter[date]] = defaultdict(Counter)
    for key, days in panel.items():
        for part, some in _dealt(days, parts[key]) if key in parts else [(key, days)]:
            found[part].update(some)
    return found


def _depots(panel: DayCounts) -> dict[SeriesKey, _Parts]:
    """Of each series without a depot the same with those that are named in its comuna."""
    orders: dict[str, dict[str, Counter[date]]] = defaultdict(lambda: defaultdict(Counter))
    for key, days in panel.items():
        if key.depot:
            orders[key.comuna][key.depot].update(days)
    found = {}
    for key in panel:
        named = {replace(key, depot=each): days for each, days in orders[key.comuna].items()}
        if not key.depot and _brings(named):
            found[key] = _parts(named)
    return found


def _classes(panel: DayCounts) -> dict[SeriesKey, _Parts]:
    """Of each series without a class the same with those of its comuna that take its place."""
    classed: dict[SeriesKey, dict[SeriesKey, Mapping[date, int]]] = defaultdict(dict)
    days_told: dict[SeriesKey, set[date]] = defaultdict(set)
    for key, days in panel.items():
        if key.product_class:
            whole = replace(key, product_class="")
            classed[whole][key] = days
            days_told[whole] |= {day for day, orders in days.items() if orders}
    found = {}
    for whole, several in classed.items():
        beside = sum(panel.get(whole, {}).get(day, 0) for day in days_told[whole])
        if beside < _UNCLASSED_MIN * _brings(several):
            found[whole] = _parts(several)
    return found


def _brings(several: DayCounts) -> int:
    return sum(sum(days.values()) for days in several.values())


def _parts(named: DayCounts) -> _Parts:
    """The parts of a series with the weeks that name them; one of them brings an order at least."""
    keys = tuple(sorted(named))
    by_week: dict[int, list[int]] = defaultdict(lambda: [0] * len(keys))
    for column, key in enumerate(keys):
        for day, orders in named[key].items():
            if orders:
                by_week[(day.toordinal() - 1) // WEEK_D][column] += orders
    weeks = sorted(by_week)
    told = np.array([by_week[week] for week in weeks], dtype=np.int64)
    reached = np.concatenate([np.zeros((1, len(keys)), dtype=np.int64), np.cumsum(told, axis=0)])
    return _Parts(keys=keys, weeks=np.array(weeks, dtype=np.int64), reached=reached)


def _dealt(days: Mapping[date, int], parts: _Parts) -> Iterator[tuple[SeriesKey, dict[date, int]]]:
    """Each day's orders by part, whole orders that add up to the day's."""
    told = sorted(days)
    counts = np.fromiter((days[day] for day in told), dtype=np.int64)
    dates = np.fromiter((day.toordinal() for day in told), dtype=np.int64)
    of_day = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(of_day)) - np.repeat(np.cumsum(counts) - counts, counts)
    point = (dates[of_day] * _OF_DAY + number * _GOLDEN) % 1
    place = (point[:, None] >= parts.edges(dates)[of_day]).sum(axis=1)
    for column, part in enumerate(parts.keys):
        some = np.bincount(of_day[place == column], minlength=len(counts))
        yield part, dict(zip(told, some.tolist(), strict=True))
