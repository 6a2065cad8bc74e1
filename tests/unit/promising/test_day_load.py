"""What a depot's days will have to carry, and how many each has room for."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from promesa.promising.day_book import make_book
from promesa.promising.day_load import pour
from promesa.promising.odds import ASSUMED, Spread
from promesa.promising.repository import HALF_HOURS, DayOutlook
from promesa.promising.usual_work import UsualWork

DEPOT = UUID(int=1)
FIRST = date(2026, 11, 3)
# A hundred orders of 300 s, no way between them.
USUAL = UsualWork(orders=100, service_s=300, travel_s=0)
HOURS = tuple([30_000 / HALF_HOURS] * HALF_HOURS)


def outlook(ahead: int, coming: float) -> DayOutlook:
    return DayOutlook(
        depot_id=DEPOT,
        date=FIRST + timedelta(days=ahead),
        hours_s=HOURS,
        coming=Spread(mean=coming, sd=0.0),
        usual=USUAL,
    )


def test_what_a_full_day_turns_away_is_asked_of_the_next() -> None:
    days = [outlook(0, 160), outlook(1, 20), outlook(2, 20)]
    pairs = [(make_book(DEPOT, each.date, []), each) for each in days]

    first, second, third = pour(pairs, share_min=0.95, scatter=ASSUMED)

    # 30,000 vehicle-seconds are a hundred orders of 300 s; a day may be as full as 95 % done bears.
    assert first.room == pytest.approx(100 * first.ratio)
    assert first.asked == 160
    assert second.asked == pytest.approx(20 + 160 - first.room)
    # A full day leaves a little undone, which the next one does first.
    assert second.room < first.room
    assert third.asked == pytest.approx(20 + max(0.0, second.asked - second.room))
