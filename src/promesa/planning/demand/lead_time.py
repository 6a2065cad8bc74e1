"""How many working days pass from an order to its delivery, and deliveries from orders with it.

Deliveries are orders convolved with lead time; nothing is delivered on a day the depot is closed,
and what was due then moves to the next working day.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from promesa.kernel.serviceday import ServiceDay
from promesa.planning.demand.history import OrderFlow, hour_shares
from promesa.planning.demand.shop_hours import SHOP_HOURS

IsWorking = Callable[[date], bool]

# With so many a share is known within some five points (two standard errors of 10 % are six).
ORDERS_MIN = 100
# Younger orders are left out, delivered or not: those that are still out would be missing, and the
# lead time would look shorter than it is.
YOUNG_DAYS = 25
# What takes longer is a claim, not a lead time.
LEAD_DAYS_MAX = 15
# Longer than any depot is closed; beyond it the calendar has no working day at all.
CLOSED_DAYS_MAX = 31


class LeadTimeSource(StrEnum):
    """Where a lead time comes from."""

    LEARNT = "learnt"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """The operator's rule: what is placed by ``at`` arrives ``days`` days later.

    What is placed after it takes one day more; what would arrive on a closed day waits for the next
    that is open.
    """

    at: time
    days: int

    def first_date(self, now: datetime, zone: str) -> date:
        """The first date on which what is placed now may arrive, open or not."""
        today = ServiceDay.of(now, zone)
        is_late = today.clock_time_of(now) >= self.at
        return today.date + timedelta(days=self.days + is_late)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime:
    """The share of orders that arrives after each number of days.

    Attributes:
        shares: From 0 days on, working days where they were learnt, all days where a rule says
            them, as a checkout counts; they sum to 1.
        orders: How many it was learnt from; 0 for a rule.
    """

    shares: tuple[float, ...]
    source: LeadTimeSource
    orders: int = 0

    @property
    def mean_days(self) -> float:
        """Days in the mean."""
        return math.fsum(days * share for days, share in enumerate(self.shares))


def learn_lead_time(
    flows: Iterable[OrderFlow], is_working: IsWorking, *, today: date
) -> LeadTime | None:
    """The lead time of own orders old enough to be judged; None for fewer than ORDERS_MIN."""
    old_enough = today - timedelta(days=YOUNG_DAYS)
    by_days = [0] * (LEAD_DAYS_MAX + 1)
    for flow in flows:
        if flow.delivered is None or flow.placed > old_enough or flow.delivered < flow.placed:
            continue
        days = working_days_between(flow.placed, flow.delivered, is_working)
        if days <= LEAD_DAYS_MAX:
            by_days[days] += flow.orders
    total = sum(by_days)
    if total < ORDERS_MIN:
        return None
    last = max(days for days, orders in enumerate(by_days) if orders)
    shares = tuple(orders / total for orders in by_days[: last + 1])
    return LeadTime(shares=shares, source=LeadTimeSource.LEARNT, orders=total)


def lead_time_of(
    flows: Sequence[OrderFlow], is_working: IsWorking, *, today: date, rule: CutOff
) -> LeadTime:
    """The lead time of own orders; that of the rule where they are too few."""
    learnt = learn_lead_time(flows, is_working, today=today)
    return learnt or lead_time_of_rule(
        rule, hour_shares(flow.count for flow in flows) or SHOP_HOURS
    )


def lead_time_of_rule(rule: CutOff, hour_shares: tuple[float, ...]) -> LeadTime:
    """What the operator's rule makes of the hours at which orders come.

    Args:
        rule: The rule.
        hour_shares: float, [24], share of the orders by hour.
    """
    begun = hour_shares[rule.at.hour] * (1 - rule.at.minute / 60)
    late = min(1.0, begun + math.fsum(hour_shares[rule.at.hour + 1 :]))
    shares = [0.0] * rule.days + [1 - late] + ([late] if late > 0 else [])
    return LeadTime(shares=tuple(shares), source=LeadTimeSource.CUT_OFF)


def deliveries_of(
    orders: Mapping[date, float], lead_time: LeadTime, is_working: IsWorking
) -> dict[date, float]:
    """Deliveries by day: orders convolved with lead time; every order is delivered once."""
    found: defaultdict[date, float] = defaultdict(float)
    for placed, count in orders.items():
        due = next_working_day(placed, is_working)
        for days, share in enumerate(lead_time.shares):
            if lead_time.source is LeadTimeSource.CUT_OFF:
                arrives = next_working_day(placed + timedelta(days=days), is_working)
                found[arrives] += count * share
                continue
            if days > 0:
                # An order of a closed day has its first working day on the day it would move to.
                is_first = days == 1 and not is_working(placed)
                due = due if is_first else next_working_day(due + timedelta(days=1), is_working)
            found[due] += count * share
    return dict(sorted((day, count) for day, count in found.items() if count > 0))


def working_days_between(placed: date, delivered: date, is_working: IsWorking) -> int:
    """Working days after ``placed`` up to ``delivered``, that one included."""
    span = (delivered - placed).days
    return sum(is_working(placed + timedelta(days=n)) for n in range(1, span + 1))


def next_working_day(day: date, is_working: IsWorking) -> date:
    """The day itself when it is one, else the next one that is."""
    for ahead in range(CLOSED_DAYS_MAX):
        if is_working(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    # A calendar without working days would lose the orders: they stay where they were due.
    return day
