from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel, days_from
from promesa.planning.forecast.closures import closed_days, stopped
from promesa.planning.forecast.marks import mark_days
from tests.support.demand import day, steady


def _closed(panel: Panel, horizon: int, events: list[DemandEvent] | None = None) -> np.ndarray:
    days = days_from(panel.first, len(panel.parcels) + horizon)
    return closed_days(panel, days, mark_days(days, events or []), events or [])


def test_a_date_on_which_nobody_sold_is_closed_again_a_year_later() -> None:
    panel = steady(720, 3)  # 2024-01-01 to 2025-12-20.
    panel.parcels[(date(2024, 12, 25) - panel.first).days] = 0
    closed = _closed(panel, 10)
    christmas = (date(2025, 12, 25) - panel.first).days
    assert closed[christmas].all()
    assert closed[720:].sum() == closed[christmas].sum()


def test_one_store_with_a_zero_does_not_close_the_date_for_all() -> None:
    panel = steady(400, 3)
    panel.parcels[10, 0] = 0
    closed = _closed(panel, 20)
    assert closed[10].tolist() == [True, False, False]
    assert not closed[400:].any()


def test_a_store_without_sundays_has_none_to_come() -> None:
    panel = steady(100, 2)
    panel.parcels[6::7, 0] = 0
    closed = _closed(panel, 14)
    ahead = [row for row in range(100, 114) if (panel.first + timedelta(days=row)).weekday() == 6]
    assert closed[ahead, 0].all()
    assert not closed[ahead, 1].any()
    assert not closed[[row for row in range(100, 114) if row not in ahead]].any()


def test_a_few_parcels_a_day_may_be_none_by_chance() -> None:
    panel = steady(100, 1, rate=1.0)
    panel.parcels[50] = 0
    assert not _closed(panel, 7).any()


def test_an_event_with_uplift_zero_closes_its_days_for_whom_it_touches() -> None:
    panel = steady(60, 2)
    strike = DemandEvent(
        name="Paro", start=day(62), end=day(63), uplift=0.0, series=frozenset({"S1"})
    )
    closed = _closed(panel, 7, [strike])
    assert np.argwhere(closed).tolist() == [[62, 1], [63, 1]]


def test_a_closed_sunday_does_not_close_its_date_a_year_later() -> None:
    panel = steady(400, 3)
    panel.parcels[np.arange(400) % 7 == 6] = 0
    closed = _closed(panel, 28)[400:]
    assert (closed == (np.arange(400, 428) % 7 == 6)[:, None]).all()


def test_an_uplift_of_next_to_nothing_closes_a_day_too() -> None:
    strike = DemandEvent(name="Paro", start=day(103), end=day(103), uplift=0.005)
    assert _closed(steady(100, 2), 7, [strike])[103].all()


def test_a_series_has_stopped_after_two_weeks_of_nothing_that_are_no_chance() -> None:
    parcels = steady(100, 4).parcels
    parcels[-14:, 0] = 0
    parcels[-13:, 1] = 0
    parcels[:, 2] = np.arange(100) % 10 == 0
    parcels[-14:, 2] = 0
    parcels[-14:, 3] = np.nan
    assert stopped(parcels).tolist() == [True, False, False, False]
