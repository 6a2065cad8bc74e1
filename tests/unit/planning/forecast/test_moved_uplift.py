from __future__ import annotations

import pytest

from promesa.planning.forecast.forecast import EventUsed
from promesa.planning.forecast.moved_uplift import moved_uplift
from tests.support.demand import day


def _used(at: int, factor: float, given: float | None) -> EventUsed:
    return EventUsed(
        name="CyberDay",
        day=day(at),
        factor=factor,
        factor_p10=factor / 2,
        factor_p90=factor * 2,
        is_given=True,
        given=given,
    )


def test_it_is_told_over_the_days_of_the_event_without_their_profile() -> None:
    # ×6 given as 7.2 and 4.8; each day is expected to be half of that.
    used = [_used(0, 3.6, 7.2), _used(1, 2.4, 4.8)]
    moved = moved_uplift(used, first_day=day(0), profile=(1.2, 0.8))
    assert moved is not None
    assert moved.given == pytest.approx(6.0)
    assert moved.expected == pytest.approx(3.0)


def test_days_of_a_forecast_that_begins_within_the_event_keep_their_place_in_the_profile() -> None:
    moved = moved_uplift([_used(1, 2.4, 4.8)], first_day=day(0), profile=(1.2, 0.8))
    assert moved is not None
    assert moved.given == pytest.approx(6.0)


def test_what_is_taken_as_it_was_given_or_nearly_so_was_not_moved() -> None:
    assert moved_uplift([_used(0, 6.0, None)], first_day=day(0), profile=()) is None
    assert moved_uplift([_used(0, 6.2, 6.0)], first_day=day(0), profile=()) is None


def test_of_a_merchants_it_is_told_of_the_merchants_own_orders() -> None:
    # A fifth of the orders: x4 of them is x1.6 of all, and x1.2 of all is x2 of them.
    moved = moved_uplift([_used(0, 1.2, 1.6)], first_day=day(0), profile=(), share=0.2)
    assert moved is not None
    assert moved.given == pytest.approx(4.0)
    assert moved.expected == pytest.approx(2.0)


def test_a_merchant_whose_orders_would_all_be_gone_keeps_hardly_any() -> None:
    moved = moved_uplift([_used(0, 0.7, 1.2)], first_day=day(0), profile=(), share=0.2)
    assert moved is not None
    assert moved.expected == pytest.approx(0.01)
