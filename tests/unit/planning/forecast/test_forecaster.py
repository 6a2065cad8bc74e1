from __future__ import annotations

import numpy as np

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel
from promesa.planning.forecast.forecaster import forecast
from tests.support.demand import WEEK, day, lifted, steady


def test_each_weekday_is_expected_as_it_usually_is() -> None:
    made = forecast(steady(140, 3, rate=400), [])
    weekday = [each.weekday() for each in made.days]
    expected = 400 * np.exp(WEEK[weekday])
    assert np.abs(np.log(made.p50 / expected[:, None])).max() < 0.06


def test_the_same_seed_gives_the_same_forecast() -> None:
    panel = steady(400, 12)
    one, other = forecast(panel, [], seed=3), forecast(panel, [], seed=3)
    assert one.basis.boosted
    assert np.array_equal(one.p50, other.p50)
    assert np.array_equal(one.p90, other.p90)


def test_an_event_without_uplift_is_learnt_day_by_day() -> None:
    # ×2 and then ×1,5, three times every 100 days; nothing says so but the days.
    panel = steady(320, 4, rate=300)
    events = []
    for start in (20, 120, 220, 325):
        events.append(DemandEvent(name="Feria", start=day(start), end=day(start + 1)))
        if start < 320:
            panel = lifted(panel, day(start), [2.0, 1.5])
    made, plain = forecast(panel, events), forecast(panel, [])
    first, second = (made.p50 / plain.p50)[5:7].mean(axis=1)
    assert 1.7 < first < 2.15
    assert 1.25 < second < 1.65
    used = {(each.name, each.day): each for each in made.events}
    assert not used["Feria", day(325)].is_given
    assert used["Feria", day(325)].factor > used["Feria", day(326)].factor


def test_small_series_are_whole_numbers_with_chance_around_them() -> None:
    made = forecast(steady(200, 6, rate=4), [])
    assert made.basis.low == 6
    assert np.array_equal(made.p90, np.round(made.p90))
    assert (made.p10 <= made.mean).all()
    assert (made.mean <= made.p90).all()
    assert abs(made.mean.sum() / made.p50.size - 4 * np.exp(WEEK).mean()) < 0.5


def test_a_closed_day_is_forecast_as_nothing() -> None:
    strike = DemandEvent(name="Paro", start=day(143), end=day(143), uplift=0.0)
    made = forecast(steady(140, 3), [strike])
    assert not made.p90[3].any()
    assert made.p50[2].all()


def test_a_series_that_began_late_is_forecast_too() -> None:
    panel = steady(200, 3)
    parcels = panel.parcels.copy()
    parcels[:150, 2] = np.nan
    late = Panel(first=panel.first, series=panel.series, parcels=parcels)
    made = forecast(late, [])
    assert np.abs(np.log(made.p50[:, 2] / made.p50[:, 0])).max() < 0.2


def test_one_series_alone_is_forecast_as_well() -> None:
    made = forecast(steady(90, 1), [])
    assert made.p50.shape == (28, 1)
    assert (made.p10 < made.p90).all()
