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


def test_a_big_series_keeps_its_own_interval_beside_a_small_one() -> None:
    big, small = steady(200, 1, rate=100), steady(200, 1, rate=5, seed=2)
    both = Panel(
        first=big.first, series=("A", "B"), parcels=np.hstack([big.parcels, small.parcels])
    )
    made = forecast(both, [])
    # Chance alone: from 0,88 to 1,13 of it.
    assert (made.p90 / made.p10)[:, 0].max() < 1.8


def test_a_series_without_any_day_leaves_the_others_as_they_are() -> None:
    panel = steady(90, 2)
    empty = np.full((90, 1), np.nan)
    more = Panel(
        first=panel.first, series=("A", "B", "C"), parcels=np.hstack([panel.parcels, empty])
    )
    made = forecast(more, [])
    assert np.array_equal(made.p50[:, :2], forecast(panel, []).p50)
    assert not made.mean[:, 2].any()


def test_a_series_that_began_during_an_event_is_forecast_without_it() -> None:
    panel = steady(90, 3)
    cyber = DemandEvent(name="Cyber", start=day(80), end=day(89), uplift=4.0, sigma=0.3)
    panel = lifted(panel, day(80), [4.0] * 10)
    panel.parcels[:80, 2] = np.nan
    made = forecast(panel, [cyber])
    assert 0.7 < made.mean[:, 2].sum() / made.mean[:, 0].sum() < 1.4


def test_of_two_events_on_a_day_each_says_its_own_factor() -> None:
    events = [
        DemandEvent(name=name, start=day(93), end=day(93), uplift=uplift, sigma=0.3)
        for name, uplift in (("Cyber", 4.0), ("Quincena", 1.5))
    ]
    made = forecast(steady(90, 3), events)
    assert [round(each.factor, 2) for each in made.events] == [4.0, 1.5]


def test_a_median_never_leaves_its_interval() -> None:
    made = forecast(steady(420, 3), [])
    assert (made.p10 <= made.p50).all()
    assert (made.p50 <= made.p90).all()
