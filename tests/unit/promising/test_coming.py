"""Orders still to come, from how they came in on the same days of past weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from promesa.promising.coming import (
    COMMON_CV_DEFAULT,
    FILLS_ORDERS,
    ArrivalBook,
    PastArrivals,
    coming_for,
)
from promesa.promising.offers import OfferTerms

MONDAY = date(2026, 11, 30)
TERMS = OfferTerms(cutoff=time(18, 0), lead_days=1)


def book(weeks: int, *, an_hour: int = 10, quoted: int | None = None) -> ArrivalBook:
    """The same number of orders in every hour of so many weeks before the Monday, all quoted."""
    quoted = an_hour if quoted is None else quoted
    first = MONDAY - timedelta(weeks=weeks)
    rows = [
        PastArrivals(date=first + timedelta(days=day), hour=hour, orders=an_hour, quoted=quoted)
        for day in range(weeks * 7)
        for hour in range(24)
    ]
    return ArrivalBook.of(rows, first, MONDAY)


def at(day: date, hour: int) -> datetime:
    """By the clocks of Santiago."""
    return datetime.combine(day, time(hour), UTC) + timedelta(hours=3)


def coming(day: int, before: int | None, now: datetime, known: ArrivalBook) -> tuple[float, int]:
    found = coming_for(
        MONDAY + timedelta(days=day),
        None if before is None else MONDAY + timedelta(days=before),
        now=now,
        book=known,
        terms=TERMS,
    )
    return round(found.orders.mean, 6), found.weeks


def test_for_tomorrow_comes_what_still_comes_before_the_cut_off() -> None:
    assert coming(1, None, at(MONDAY, 10), book(8)) == (80, 8)
    assert coming(1, None, at(MONDAY, 17), book(8)) == (10, 8)
    assert coming(1, None, at(MONDAY, 19), book(8))[0] == 0


def test_for_a_later_day_comes_what_is_too_late_for_the_one_before() -> None:
    assert coming(2, 1, at(MONDAY, 10), book(8)) == (240, 8)
    # After a Sunday without deliveries two days of orders have come.
    assert coming(7, 5, at(MONDAY, 10), book(8))[0] == pytest.approx(480)


def test_as_many_weeks_as_there_are_are_told_and_a_young_operator_has_few() -> None:
    assert coming(1, None, at(MONDAY, 10), book(3))[1] == 3


def test_without_a_week_of_history_a_day_is_taken_to_fill_up() -> None:
    assert coming(1, None, at(MONDAY, 10), book(0)) == (FILLS_ORDERS, 0)


def test_more_than_chance_varies_because_whole_days_do() -> None:
    found = coming_for(
        MONDAY + timedelta(days=2),
        MONDAY + timedelta(days=1),
        now=at(MONDAY, 10),
        book=book(8, an_hour=100),
        terms=TERMS,
    )
    assert found.orders.mean == pytest.approx(2_400)
    assert found.orders.sd > 49 * 2


def test_days_all_alike_make_the_common_factor_smaller_than_the_assumed_one() -> None:
    assert book(1).common_cv == COMMON_CV_DEFAULT
    assert book(8).common_cv < COMMON_CV_DEFAULT / 2


def test_a_file_of_the_night_before_is_waited_for_after_the_cut_off_too() -> None:
    by_file = book(8, quoted=0)
    for hour in (10, 19):
        found = coming_for(
            MONDAY + timedelta(days=1), None, now=at(MONDAY, hour), book=by_file, terms=TERMS
        )
        # A whole day's, from one cut-off to the next.
        assert found.orders.mean == 0
        assert found.named.mean == pytest.approx(240)
    # Half of them by file: the others come until the cut-off.
    mixed = book(8, quoted=5)
    found = coming_for(
        MONDAY + timedelta(days=1), None, now=at(MONDAY, 10), book=mixed, terms=TERMS
    )
    assert (found.orders.mean, found.named.mean) == pytest.approx((40, 120))


def test_orders_that_took_no_quote_are_those_that_say_their_own_day() -> None:
    assert book(2, an_hour=10, quoted=7).fixed_share == pytest.approx(0.3)
    assert book(0).fixed_share == 1.0
