"""Who buys at the shops' checkouts while a day goes on, drawn once from the seed before it begins.

Orders of the day itself came before it (`script.py`); these are for the days after. Simulated.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.demand.shop_hours import SHOP_HOURS
from promesa.planning.forecast.hours import HOURS
from promesa.simulator.script import OrderFate, order_body, pinned
from promesa.simulator.shoppers import SHOPS, draw_name
from promesa.simulator.town import Town
from promesa.simulator.world_file import World

# A quote says when: its order brings neither a day of its own nor hours, nor a collection.
_OF_THE_QUOTE = frozenset({"date", "windows", "legs"})
# A shop without a checkout of ours sends what it sold ten minutes before the hour is over.
SENT_AT_MINUTE = 50


class Habit(StrEnum):
    """What a buyer does with a date that is soon enough."""

    BUYS = "buys"  # Orders at once.
    HOLDS = "holds"  # Accepts, and pays some minutes later.
    DALLIES = "dallies"  # Comes back when the quote has run out.
    FORGETS = "forgets"  # Accepts, and never pays.
    LEAVES = "leaves"  # Only looked.


# All assumed.
HABITS = {
    Habit.BUYS: 0.66,
    Habit.HOLDS: 0.16,
    Habit.DALLIES: 0.02,
    Habit.FORGETS: 0.04,
    Habit.LEAVES: 0.12,
}
ORDERING = frozenset({Habit.BUYS, Habit.HOLDS, Habit.DALLIES})
ORDERING_SHARE = sum(HABITS[habit] for habit in ORDERING)
# Minutes until they order; a quote of the terms we begin with stands for 15.
PAYS_AFTER_MIN = {Habit.BUYS: (0, 0), Habit.HOLDS: (3, 14), Habit.DALLIES: (16, 45)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Buyer:
    """Somebody at a checkout.

    Attributes:
        at: When the date is asked for.
        merchant: The shop's number.
        body: The order as its shop would send it, but for the quote.
        patience: Uniform 0-1: whether a later date loses the sale.
        orders_after: From seeing the date to the order.
    """

    at: datetime
    merchant: int
    body: dict[str, Any]
    habit: Habit
    patience: float
    orders_after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Buyers who are at the checkouts together."""

    at: datetime
    buyers: tuple[Buyer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Orders that a shop's integration sends together."""

    at: datetime
    orders: tuple[OrderFate, ...]


def draw_buyers(
    town: Town, world: World, *, day: date, orders: int, seed: int
) -> tuple[Buyer, ...]:
    """Those of a day by the time they come: so many that about ``orders`` of them order.

    A few fewer do, where the date is too late for them.
    """
    count = round(orders / ORDERING_SHARE)
    found = [_draw_buyer(town, world, ServiceDay(day), number, seed) for number in range(count)]
    return tuple(sorted(found, key=lambda buyer: (buyer.at, buyer.body["reference"])))


def rounds_of(buyers: Sequence[Buyer], gap: timedelta) -> tuple[Round, ...]:
    """Those who come within one ``gap`` of the clock together, at its last second.

    A gap that divides the hour leaves everybody in the hour of their own.
    """
    by_end: dict[datetime, list[Buyer]] = {}
    for buyer in buyers:
        past = (buyer.at - ServiceDay.of(buyer.at).start) % gap
        by_end.setdefault(buyer.at - past + gap - timedelta(seconds=1), []).append(buyer)
    return tuple(Round(at=at, buyers=tuple(by_end[at])) for at in sorted(by_end))


def batches_between(
    orders: Sequence[OrderFate], first: datetime, last: datetime, *, seed: int
) -> tuple[Batch, ...]:
    """Orders that came in between two whole hours, at the hours of shops, an hour a batch."""
    hours = int((last - first) / timedelta(hours=1))
    starts = [first + timedelta(hours=number) for number in range(hours)]
    day = ServiceDay.of(first)
    weights = [SHOP_HOURS[day.clock_time_of(start).hour] for start in starts]
    by_start: dict[datetime, list[OrderFate]] = {}
    for fate in orders:
        start = stream(seed, "came", fate.reference).choices(starts, weights)[0]
        by_start.setdefault(start, []).append(fate)
    return tuple(
        Batch(at=start + timedelta(minutes=SENT_AT_MINUTE), orders=tuple(by_start[start]))
        for start in sorted(by_start)
    )


def _draw_buyer(town: Town, world: World, day: ServiceDay, number: int, seed: int) -> Buyer:
    draw = stream(seed, "buyer", day.date.isoformat(), number)
    merchant = draw.randrange(len(SHOPS))
    reference = f"{SHOPS[merchant][0][:3]}-W{day.date:%m%d}-{number:05d}"
    door, name = town.draw_door(draw), draw_name(draw)
    body = order_body(world, day, door, draw, reference=reference, name=name, number=number)
    # A checkout that shows dates has a map, and its buyers put a pin.
    pin = pinned(door.position, draw)
    said = {key: value for key, value in body.items() if key not in _OF_THE_QUOTE}
    habit = draw.choices(list(HABITS), list(HABITS.values()))[0]
    return Buyer(
        at=_instant(day, draw),
        merchant=merchant,
        body=said | {"position": [pin.lon, pin.lat]},
        habit=habit,
        patience=draw.random(),
        orders_after=_minutes(habit, draw),
    )


def _instant(day: ServiceDay, draw: random.Random) -> datetime:
    hour = draw.choices(range(HOURS), SHOP_HOURS)[0]
    return day.at(time(0)) + timedelta(hours=hour + draw.random())


def _minutes(habit: Habit, draw: random.Random) -> timedelta:
    low, high = PAYS_AFTER_MIN.get(habit, (0, 0))
    return timedelta(minutes=draw.uniform(low, high))
