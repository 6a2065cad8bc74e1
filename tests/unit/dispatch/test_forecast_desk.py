"""What an earlier forecast of the same day may be asked again."""

from __future__ import annotations

from datetime import date

from promesa.dispatch.forecast_desk import rests_on
from tests.support.demand_nouns import a_forecast

OUTLOOK = a_forecast().outlook
MAIPU, NUNOA = OUTLOOK.series
LAST = date(2026, 11, 1)
# Maipú had 21 on the last day; of Ñuñoa nobody knows.
COUNTS = {MAIPU: {LAST: 21}, NUNOA: {date(2026, 10, 1): 3}}


def test_an_event_that_was_edited_leaves_the_history_as_it_was() -> None:
    assert rests_on(OUTLOOK, COUNTS, LAST)


def test_a_file_that_tells_another_number_or_an_unknown_day_is_another_history() -> None:
    assert not rests_on(OUTLOOK, COUNTS | {MAIPU: {LAST: 20}}, LAST)
    assert not rests_on(OUTLOOK, COUNTS | {NUNOA: {LAST: 9}}, LAST)


def test_the_day_after_is_another_history() -> None:
    assert not rests_on(OUTLOOK, COUNTS, date(2026, 11, 2))
