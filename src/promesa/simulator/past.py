"""Two years of orders before the simulated day: invented, so that a forecast has something to show.

What is made here proves nothing of accuracy: the forecaster knows the same calendar.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.seeds import stream
from promesa.planning.demand.shop_hours import SHOP_HOURS
from promesa.simulator.town import Town

PAST_D = 730
DOORS = 2_000
# The week, the year and the growth of an online shop, all assumed.
WEEK = (1.12, 1.05, 1.0, 1.0, 1.04, 0.86, 0.93)
GROWTH_A_YEAR = 1.25
DECEMBER_LIFT = 1.5
DAY_SD = 0.08
# What a Cyber day brings: twice a day for this operator, whose shops sell at discount all year. The
# calendar's sixfold is what it is held against. The last night is as high as the first morning.
EVENT_DAYS = (1.15, 0.85, 1.0)
EVENT_TIMES = 2.0
EVENT_SD = 0.15
# The last weeks are told by the hour, a few days more than it takes to learn at which hours orders
# come; an hour differs from day to day by so much (assumed).
HOURLY_D = 21
HOUR_SD = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEvent:
    """A peak of the past by its first day."""

    start: date
    days: int = 3


def write_past(
    town: Town, *, day: date, orders_a_day: float, events: Sequence[PastEvent], seed: int
) -> str:
    """A CSV of fecha, comuna, pedidos and hora until the day before ``day``.

    Only the last weeks are told by the hour.
    """
    chance = np.random.default_rng(stream(seed, "past").getrandbits(64))
    shares = _shares(town, seed)
    times = _times(day, events, chance)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("fecha", "comuna", "pedidos", "hora"))
    for row, factor in enumerate(times):
        ago = PAST_D - row
        of_day = day - timedelta(days=ago)
        weights = _hour_weights(chance) if ago <= HOURLY_D else None
        for comuna, share in shares.items():
            orders = int(chance.poisson(orders_a_day * factor * share))
            for hour, came in _by_hour(orders, weights, chance):
                writer.writerow((of_day, comuna, came, hour))
    return text.getvalue()


def _hour_weights(chance: np.random.Generator) -> NDArray[np.float64]:
    """Shares of a day's hours: float64, [24]."""
    weights = np.array(SHOP_HOURS) * np.exp(chance.normal(0, HOUR_SD, len(SHOP_HOURS)))
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _by_hour(
    orders: int, weights: NDArray[np.float64] | None, chance: np.random.Generator
) -> list[tuple[str, int]]:
    """Hours with what came in them; the whole day as one without an hour."""
    if weights is None or not orders:
        return [("", orders)]
    hours = chance.multinomial(orders, weights)
    return [(f"{hour}:00", int(hours[hour])) for hour in np.flatnonzero(hours)]


def _shares(town: Town, seed: int) -> dict[str, float]:
    draw = stream(seed, "past", "doors")
    doors = Counter(town.draw_door(draw).comuna for _ in range(DOORS))
    return {comuna: count / DOORS for comuna, count in sorted(doors.items())}


def _times(day: date, events: Sequence[PastEvent], chance: np.random.Generator) -> list[float]:
    """Of each day before ``day``, times an ordinary one of now."""
    lifts: dict[date, float] = {}
    for event in events:
        size = EVENT_TIMES * float(np.exp(chance.normal(0, EVENT_SD)))
        for number in range(event.days):
            lifts[event.start + timedelta(days=number)] = size * EVENT_DAYS[number % 3]
    found = []
    for ago in range(PAST_D, 0, -1):
        of_day = day - timedelta(days=ago)
        season = DECEMBER_LIFT if of_day.month == 12 and of_day.day < 24 else 1.0
        growth = GROWTH_A_YEAR ** (-ago / 365)
        noise = float(np.exp(chance.normal(0, DAY_SD)))
        found.append(WEEK[of_day.weekday()] * season * growth * noise * lifts.get(of_day, 1.0))
    return found
