"""Delivery days are those of the terms of offer."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from promesa.dispatch.delivery_days import rule_of, rule_over_time
from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.lead_time import LeadTime, LeadTimeSource, deliveries_of
from promesa.promising.offers import OfferedWindow, OfferTerms
from promesa.promising.repository import TermsRecord

FRIDAY, SATURDAY, MONDAY = date(2026, 11, 6), date(2026, 11, 7), date(2026, 11, 9)


def saved(day: date, *weekdays: int, hour: int = 15, version: int = 1) -> TermsRecord:
    window = OfferedWindow(
        name="Todo el día", start=time(9), end=time(21), weekdays=frozenset(weekdays)
    )
    return TermsRecord(
        version=version,
        terms=OfferTerms(windows=(window,)),
        saved_at=datetime(day.year, day.month, day.day, hour, tzinfo=UTC),
        saved_by=UUID(int=1),
    )


def rule_after(*records: TermsRecord) -> DeliveryRule:
    async def list_versions(*, limit: int) -> list[TermsRecord]:
        return list(reversed(records))[:limit]

    async def list_rest_rows(*, limit: int) -> list[Any]:
        return []

    store = SimpleNamespace(
        promise_terms=SimpleNamespace(list_versions=list_versions),
        demand_events=SimpleNamespace(list_rest_rows=list_rest_rows),
    )
    return asyncio.run(rule_over_time(cast("Any", store)))


def test_a_weekday_of_any_window_is_a_delivery_day_and_the_cut_off_is_the_checkouts() -> None:
    sundays = OfferedWindow(name="Domingo", start=time(9), end=time(14), weekdays=frozenset({6}))
    friday = date(2026, 11, 6)
    terms = OfferTerms(
        windows=(*OfferTerms().windows, sundays),
        cutoff=time(16, 30),
        lead_days=2,
        closed=frozenset({friday}),
    )
    rule = rule_of(terms)
    assert (rule.cut_off.at, rule.cut_off.days) == (time(16, 30), 2)
    assert rule.is_open(date(2026, 11, 8))
    assert not rule.is_open(friday)
    assert not rule_of(OfferTerms()).is_open(date(2026, 11, 8))


def test_a_saturday_closed_on_monday_was_open_before_and_its_orders_stay_delivered() -> None:
    rule = rule_after(saved(MONDAY, 0, 1, 2, 3, 4))
    assert rule.is_open(SATURDAY)
    assert not rule.is_open(date(2026, 11, 14))
    next_day = LeadTime(shares=(0.0, 1.0), source=LeadTimeSource.LEARNT)
    assert deliveries_of({FRIDAY: 100.0}, next_day, rule.is_open) == {SATURDAY: 100.0}


def test_each_day_keeps_the_rule_it_had_and_the_last_of_a_day_holds() -> None:
    rule = rule_after(
        saved(date(2026, 11, 2), 0, 1, 2, 3, 4, 5, 6),
        saved(MONDAY, 0, version=2),
        saved(MONDAY, 0, 1, hour=16, version=3),
    )
    assert [rule.is_open(date(2026, 11, day)) for day in (1, 8, 9, 10, 11)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_what_was_put_back_on_the_same_day_has_changed_nothing() -> None:
    first = saved(date(2026, 11, 2), 0, 1)
    back = saved(MONDAY, 0, 1, hour=16, version=3)
    assert rule_after(first, saved(MONDAY, 0, version=2), back) == rule_after(first)
    assert rule_after() == rule_of(OfferTerms())
