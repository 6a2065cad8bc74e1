"""Whatever the orders, the lead time and the calendar, each order is delivered once and in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promesa.planning.demand.lead_time import LeadTime, LeadTimeSource, deliveries_of

MONDAY = date(2026, 11, 2)
DAYS = 21

orders_by_day = st.dictionaries(
    st.integers(0, DAYS - 1).map(lambda n: MONDAY + timedelta(days=n)),
    st.integers(0, 500).map(float),
    max_size=DAYS,
)
lead_times = st.lists(st.integers(0, 20), min_size=1, max_size=6).filter(any)
closed_weekdays = st.sets(st.integers(0, 6), max_size=6)


def made(weights: list[int]) -> LeadTime:
    total = sum(weights)
    shares = tuple(weight / total for weight in weights)
    return LeadTime(shares=shares, source=LeadTimeSource.LEARNT, orders=total)


@given(orders_by_day, lead_times, closed_weekdays)
def test_each_order_is_delivered_once_on_an_open_day_and_not_before_it_is_placed(
    orders: dict[date, float], weights: list[int], closed: set[int]
) -> None:
    found = deliveries_of(orders, made(weights), lambda day: day.weekday() not in closed)
    assert sum(found.values()) == pytest.approx(sum(orders.values()))
    assert all(day.weekday() not in closed for day in found)
    placed = [day for day, count in orders.items() if count > 0]
    assert min(found, default=MONDAY) >= min(placed, default=MONDAY)


@given(orders_by_day, lead_times, closed_weekdays)
def test_slower_lead_times_deliver_no_order_sooner(
    orders: dict[date, float], weights: list[int], closed: set[int]
) -> None:
    def is_open(day: date) -> bool:
        return day.weekday() not in closed

    soon = deliveries_of(orders, made(weights), is_open)
    late = deliveries_of(orders, made([0, *weights]), is_open)
    for day in sorted({*soon, *late}):
        done_soon = sum(count for each, count in soon.items() if each <= day)
        done_late = sum(count for each, count in late.items() if each <= day)
        assert done_late <= done_soon + 1e-6
