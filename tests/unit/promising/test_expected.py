"""What a forecast says will still come in, by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from promesa.promising.coming import ArrivalBook, coming_for
from promesa.promising.expected import ExpectedOrders, ServedComuna, weights_of
from promesa.promising.odds import Spread
from promesa.promising.offers import OfferTerms

MONDAY = date(2026, 11, 30)
TUESDAY = date(2026, 12, 1)


def at(hour: int, day: date = MONDAY) -> datetime:
    """An hour by the clock of a zone that is UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def expected(**days: Spread) -> ExpectedOrders:
    known = {"monday": MONDAY, "tuesday": TUESDAY}
    return ExpectedOrders(
        days={known[name]: spread for name, spread in days.items()},
        hour_shares=(1 / 24,) * 24,
        zone="UTC",
    )


def test_a_quarter_of_the_day_brings_a_quarter_of_its_orders() -> None:
    found = expected(monday=Spread(mean=240.0, sd=math.sqrt(240.0))).between(at(6), at(12))
    assert found is not None
    assert found.mean == pytest.approx(60.0)
    # A day that varies by chance alone: so does its quarter.
    assert found.sd == pytest.approx(math.sqrt(60.0))


def test_days_miss_together() -> None:
    day = Spread(mean=100.0, sd=math.sqrt(100.0 + 20.0**2))
    found = expected(monday=day, tuesday=day).between(at(0), at(0, date(2026, 12, 2)))
    assert found is not None
    assert found.mean == pytest.approx(200.0)
    assert found.sd == pytest.approx(math.sqrt(200 + 40**2))


def test_a_day_it_does_not_tell_of_is_not_guessed() -> None:
    only_monday = expected(monday=Spread(mean=100.0, sd=10.0))
    assert only_monday.between(at(12), at(12, TUESDAY)) is None
    assert only_monday.between(at(0), at(0, TUESDAY)) is not None


def test_a_forecast_takes_the_place_of_past_weeks() -> None:
    book = ArrivalBook.of([], MONDAY, MONDAY, "UTC")
    terms = OfferTerms(zone="UTC")
    forecast = expected(monday=Spread(mean=240.0, sd=20.0), tuesday=Spread(mean=240.0, sd=20.0))
    with_it = coming_for(TUESDAY, None, now=at(8), book=book, terms=terms, expected=forecast)
    without = coming_for(TUESDAY, None, now=at(8), book=book, terms=terms)
    assert (with_it.basis, without.basis) == ("forecast", "none")
    # Nobody took a window yet: all say their own day.
    assert with_it.orders.mean == 0
    assert 0 < with_it.named.mean < 300 < without.orders.mean


def test_an_order_of_a_far_comuna_weighs_the_way_that_a_vans_stops_share() -> None:
    depot, other = UUID(int=1), UUID(int=2)
    comunas = [
        ServedComuna(depot_id=depot, haul_s=600, orders=300),
        ServedComuna(depot_id=depot, haul_s=3_000, orders=100),
        ServedComuna(depot_id=other, haul_s=3_000, orders=50),
        ServedComuna(depot_id=None, haul_s=None, orders=10),
        # Of this depot, though nobody knows the way.
        ServedComuna(depot_id=depot, haul_s=None, orders=10),
    ]
    found = weights_of(comunas, {depot: 400.0, other: 400.0}, van_stops=60)
    # The mean haul is 1,200: ten minutes less, and thirty more, there and back over 60 stops.
    assert found == pytest.approx([1 - 20 / 400, 1 + 60 / 400, 1.0, 1.0, 1.0])
    # Nothing is added to the whole.
    assert 300 * found[0] + 100 * found[1] == pytest.approx(400)


def test_a_span_weighs_as_its_days_do_by_their_orders() -> None:
    days = expected(monday=Spread(mean=240.0, sd=1.0), tuesday=Spread(mean=80.0, sd=1.0))
    far = replace(days, weights={MONDAY: 1.0, TUESDAY: 1.4})
    # Monday's afternoon and the half of Tuesday: 120 orders of 1 and 40 of 1.4.
    assert far.weight_between(at(12), at(12, TUESDAY)) == pytest.approx(1.1)
    assert days.weight_between(at(12), at(12, TUESDAY)) == 1
