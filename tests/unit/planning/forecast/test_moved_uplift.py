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
