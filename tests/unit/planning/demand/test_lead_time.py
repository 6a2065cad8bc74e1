"""From orders to deliveries: learnt where there are enough, by the cut-off rule where not."""

from __future__ import annotations

from datetime import date, time

import pytest

from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.history import OrderFlow
from promesa.planning.demand.lead_time import (
    ORDERS_MIN,
    CutOff,
    LeadTime,
    LeadTimeSource,
    deliveries_of,
    lead_time_of_rule,
    learn_lead_time,
    working_days_between,
)
from promesa.planning.demand.series import SeriesKey

# Monday 2 November 2026; Saturday is the 7th, Sunday the 8th.
MONDAY, SATURDAY, SUNDAY = date(2026, 11, 2), date(2026, 11, 7), date(2026, 11, 8)
LATER = date(2026, 12, 20)
RULE = DeliveryRule(cut_off=CutOff(at=time(14), days=1), weekdays=frozenset(range(6)))
is_open = RULE.is_open
NEXT_DAY = LeadTime(shares=(0.0, 1.0), source=LeadTimeSource.CUT_OFF)


def flow(orders: int, *, placed: date = MONDAY, delivered: date | None) -> OrderFlow:
    return OrderFlow(
        key=SeriesKey(comuna="Ñuñoa"), placed=placed, hour=10, delivered=delivered, orders=orders
    )


def test_lead_time_is_the_share_of_orders_by_working_days() -> None:
    flows = [
        flow(75, delivered=date(2026, 11, 3)),
        flow(25, delivered=date(2026, 11, 4)),
        flow(50, delivered=None),
    ]
    learnt = learn_lead_time(flows, is_open, today=LATER)
    assert learnt == LeadTime(shares=(0.0, 0.75, 0.25), source=LeadTimeSource.LEARNT, orders=100)
    assert learnt.mean_days == pytest.approx(1.25)


def test_a_sunday_in_between_is_no_day_of_waiting() -> None:
    assert working_days_between(SATURDAY, date(2026, 11, 9), is_open) == 1
    assert working_days_between(SUNDAY, date(2026, 11, 9), is_open) == 1


def test_too_few_orders_teach_nothing() -> None:
    flows = [flow(ORDERS_MIN - 1, delivered=date(2026, 11, 3))]
    assert learn_lead_time(flows, is_open, today=LATER) is None


def test_young_orders_are_left_out_since_slow_ones_are_still_missing() -> None:
    flows = [flow(ORDERS_MIN, delivered=date(2026, 11, 3))]
    assert learn_lead_time(flows, is_open, today=date(2026, 11, 20)) is None


def test_the_rule_gives_one_day_more_to_what_comes_after_the_cut_off() -> None:
    shares = tuple(0.25 if hour in {9, 13, 14, 20} else 0.0 for hour in range(24))
    at_two = lead_time_of_rule(CutOff(at=time(14), days=1), shares)
    assert at_two.shares == (0.0, 0.5, 0.5)
    half_past = lead_time_of_rule(CutOff(at=time(14, 30), days=0), shares)
    assert half_past.shares == pytest.approx((0.625, 0.375))
    by_ten = tuple(1.0 if hour == 9 else 0.0 for hour in range(24))
    assert lead_time_of_rule(CutOff(at=time(14), days=2), by_ten).shares == (0.0, 0.0, 1.0)


def test_deliveries_of_a_saturday_fall_on_monday() -> None:
    assert deliveries_of({SATURDAY: 10.0}, NEXT_DAY, is_open) == {date(2026, 11, 9): 10.0}


def test_what_is_placed_on_a_closed_day_goes_out_on_the_next_working_one() -> None:
    same_day = LeadTime(shares=(1.0,), source=LeadTimeSource.CUT_OFF)
    monday = date(2026, 11, 9)
    assert deliveries_of({SUNDAY: 4.0}, same_day, is_open) == {monday: 4.0}
    assert deliveries_of({SUNDAY: 4.0}, NEXT_DAY, is_open) == {monday: 4.0}


def test_irrenunciable_days_move_deliveries_on() -> None:
    # 18 September 2026 is a Friday, the 19th a Saturday, the 20th a Sunday.
    found = deliveries_of({date(2026, 9, 17): 7.0}, NEXT_DAY, is_open)
    assert found == {date(2026, 9, 21): 7.0}


def test_every_order_is_delivered_once() -> None:
    spread = LeadTime(shares=(0.2, 0.5, 0.2, 0.1), source=LeadTimeSource.LEARNT, orders=500)
    orders = {date(2026, 9, day): float(day) for day in range(1, 31)}
    found = deliveries_of(orders, spread, is_open)
    assert sum(found.values()) == pytest.approx(sum(orders.values()))
    assert all(is_open(day) for day in found)


def test_what_was_learnt_of_a_closed_day_delivers_as_it_was_learnt() -> None:
    """Learning counts Sunday to Monday as one working day; delivering must say the same."""
    flows = [flow(ORDERS_MIN, placed=SUNDAY, delivered=date(2026, 11, 10))]
    learnt = learn_lead_time(flows, is_open, today=LATER)
    assert learnt is not None
    found = deliveries_of({SUNDAY: 3.0}, learnt, is_open)
    assert found == {date(2026, 11, 10): 3.0}


def test_a_calendar_without_working_days_keeps_the_orders() -> None:
    assert deliveries_of({MONDAY: 2.0}, NEXT_DAY, lambda _: False) == {date(2026, 11, 3): 2.0}


def test_a_rule_counts_the_days_a_checkout_counts_sundays_too() -> None:
    """After the cut-off of a Saturday the checkout says Monday; so does what is delivered."""
    late = LeadTime(shares=(0.0, 0.0, 1.0), source=LeadTimeSource.CUT_OFF)
    assert deliveries_of({SATURDAY: 2.0}, late, is_open) == {date(2026, 11, 9): 2.0}
