"""Delivery days: weekdays as they are said, closed dates, and days of rest."""

from __future__ import annotations

from datetime import date, time

from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.lead_time import CutOff

SUNDAY, NAVIDAD = date(2026, 11, 8), date(2026, 12, 25)
RULE = DeliveryRule(
    cut_off=CutOff(at=time(18), days=1),
    weekdays=frozenset(range(7)),
    closed=frozenset({date(2026, 11, 9)}),
)


def test_a_sunday_that_is_worked_is_open_and_a_closed_date_is_not() -> None:
    assert RULE.is_open(SUNDAY)
    assert not RULE.is_open(date(2026, 11, 9))


def test_a_day_of_rest_is_closed_whatever_its_weekday() -> None:
    assert not RULE.is_open(NAVIDAD)
