"""Delivery days are those of the terms of offer."""

from __future__ import annotations

from datetime import date, time

from promesa.dispatch.delivery_days import rule_of
from promesa.promising.offers import OfferedWindow, OfferTerms


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
