"""Who buys on the days of a rehearsal, and what each was promised."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from promesa.kernel.geo import Position
from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.rehearsal.ground import Ground

# Times at doors differ from order to order: a logarithm's deviation (assumed).
DOOR_SIGMA = 0.5
DOOR_S_MIN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """An order before anything is promised.

    Attributes:
        patience: Uniform 0-1: whether a longer promise loses the sale.
        wants: morning, afternoon, or nothing for the whole day.
        is_fixed: Whether it says its own day, the first one there is.
    """

    number: int
    at: datetime
    position: Position
    service_s: int
    patience: float
    wants: str = ""
    is_fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """An order with its promise.

    Attributes:
        day: The last on which it is in time.
        p_model: The odds before calibration; below nought where none were stated.
    """

    buyer: Buyer
    window: TimeWindow
    day: date
    p_model: float = 1.0
    p_kept: float = 1.0
    is_whole_day: bool = True
    may_come_early: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What buyers of a rehearsal are like; all assumed.

    Attributes:
        lost_a_day: Share of those who would have bought that a day more loses, after the first.
        narrow_share: Those who want a part of the day where one is offered.
    """

    lost_a_day: float = 0.06
    narrow_share: float = 0.2


def draw_buyers(
    day: ServiceDay,
    orders: Mapping[str, int],
    *,
    ground: Ground,
    hours: Sequence[float],
    service_s: float,
    narrow_share: float,
    seed: int,
) -> list[Buyer]:
    """Those of a day by the time they come, each at a real door of its comuna.

    Args:
        day: On which they buy.
        orders: By comuna.
        ground: Doors of those comunas.
        hours: Weight of each of 24 hours.
        service_s: At the door, in the mean.
        narrow_share: As in ``Habits``.
        seed: Of all that is drawn.
    """
    found = []
    number = 0
    for comuna, count in sorted(orders.items()):
        chance = stream(seed, "buyers", day.date.isoformat(), comuna)
        doors = ground.doors[comuna]
        for _ in range(count):
            lon, lat = doors[chance.randrange(len(doors))]
            number += 1
            found.append(
                Buyer(
                    number=number,
                    at=_instant(day, hours, chance),
                    position=Position(lon=float(lon), lat=float(lat)),
                    service_s=_door_s(service_s, chance),
                    patience=chance.random(),
                    wants=_wants(narrow_share, chance.random()),
                )
            )
    return sorted(found, key=lambda buyer: (buyer.at, buyer.number))


def is_lost(sold: Sold, lost_a_day: float) -> bool:
    """Whether the buyer goes elsewhere for so long a promise."""
    days = (sold.day - ServiceDay.of(sold.buyer.at).date).days
    return not sold.buyer.is_fixed and sold.buyer.patience > staying_share(days, lost_a_day)


def staying_share(days: int, lost_a_day: float) -> float:
    """The share of buyers who take a date so many days ahead; tomorrow loses nobody."""
    return float((1 - lost_a_day) ** max(0, days - 1))


def _instant(day: ServiceDay, hours: Sequence[float], chance: random.Random) -> datetime:
    hour = chance.choices(range(24), hours)[0]
    return day.at(time(0)) + timedelta(hours=hour + chance.random())


def _door_s(mean_s: float, chance: random.Random) -> int:
    # A lognormal's mean lies above its median by this factor.
    scale = mean_s / math.exp(DOOR_SIGMA**2 / 2)
    return max(DOOR_S_MIN, round(chance.lognormvariate(0, DOOR_SIGMA) * scale))


def _wants(narrow_share: float, draw: float) -> str:
    if draw >= narrow_share:
        return ""
    return "morning" if draw < narrow_share / 2 else "afternoon"
