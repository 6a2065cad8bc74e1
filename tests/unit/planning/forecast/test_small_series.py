from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel
from promesa.planning.forecast.forecaster import forecast
from promesa.planning.forecast.grid import HISTORY_DAYS_MAX
from tests.support.demand import WEEK, day, steady


def test_an_event_of_some_small_series_lifts_those_alone() -> None:
    sale = DemandEvent(
        name="Venta", start=day(142), end=day(142), uplift=5.0, sigma=0.3, series=frozenset({"S1"})
    )
    made, plain = forecast(steady(140, 4, rate=5), [sale]), forecast(steady(140, 4, rate=5), [])
    ratio = made.mean[2] / plain.mean[2]
    assert 4.5 < ratio[1] < 5.8  # The mean of a factor of median 5 is a little more.
    assert np.allclose(ratio[[0, 2, 3]], 1.0)
    assert [(each.name, round(each.factor, 2)) for each in made.events] == [("Venta", 5.0)]


def test_a_small_series_that_an_event_closes_brings_nothing_that_day() -> None:
    closed = DemandEvent(
        name="Feria", start=day(142), end=day(142), uplift=0.0, series=frozenset({"S1"})
    )
    made = forecast(steady(140, 4, rate=5), [closed])
    assert not made.p90[2, 1]
    assert made.mean[2, 0] > 0


def test_less_than_a_parcel_a_day_is_not_rounded_up() -> None:
    # A day of nothing counts as half a parcel to the models: 0,65 a day for 0,3.
    made = forecast(steady(400, 1, rate=0.3), [])
    assert 0.2 < made.mean.mean() < 0.42


def test_nothing_for_a_year_is_forecast_as_next_to_nothing() -> None:
    empty = Panel(first=day(0), series=("A", "B"), parcels=np.zeros((400, 2)))
    assert forecast(empty, []).mean.sum(axis=1).max() < 0.05


def test_a_series_that_stopped_takes_nothing_from_the_others() -> None:
    panel = steady(300, 6, rate=5)
    panel.parcels[:, 0] = steady(300, 1, rate=200).parcels[:, 0]
    panel.parcels[-60:, 0] = 0
    made = forecast(panel, [])
    assert not made.mean[:, 0].any()
    expected = panel.parcels[-56:, 1:].mean()
    assert abs(made.mean[:, 1:].mean() / expected - 1) < 0.15


def test_a_single_small_series_has_the_interval_of_chance() -> None:
    made = forecast(steady(300, 1, rate=5), [])
    # Poisson of 5 lies between 2 and 8 eight times in ten.
    assert 1.5 <= made.p10.mean() <= 3.0
    assert 7.0 <= made.p90.mean() <= 9.5


def test_small_series_of_more_days_than_are_kept_are_forecast() -> None:
    made = forecast(steady(HISTORY_DAYS_MAX + 3, 2, rate=4), [])
    assert made.p50.shape == (28, 2)
    assert abs(made.mean.mean() - 4 * np.exp(WEEK).mean()) < 0.5


@pytest.mark.parametrize("before", [np.nan, 0.0])
@pytest.mark.parametrize(("uplift", "usual"), [(None, 6.0), (1.5, 4.0)])
def test_one_known_inside_an_event_alone_is_learnt_as_if_its_uplift_were_right(
    before: float, uplift: float | None, usual: float
) -> None:
    launch = DemandEvent(
        name="Lanzamiento",
        start=day(165),
        end=day(199),
        uplift=uplift,
        series=frozenset({"Colina"}),
    )
    panel = steady(200, 3)
    own = np.full((200, 1), before)
    own[165:] = 6.0
    panel = replace(
        panel, series=(*panel.series, "Colina"), parcels=np.hstack([panel.parcels, own])
    )
    made = forecast(panel, [launch])
    assert made.mean[:, 3].mean() == pytest.approx(usual, rel=0.15)
    assert made.mean[:, 0].mean() == pytest.approx(102, rel=0.05)


def test_small_series_that_report_on_days_of_their_own_are_forecast() -> None:
    # Each of seven on its weekday: never more than a seventh of them is known.
    panel = steady(140, 7, rate=5)
    own = np.arange(140)[:, None] % 7 == np.arange(7)
    made = forecast(replace(panel, parcels=np.where(own, panel.parcels, np.nan)), [])
    assert np.isfinite(made.mean).all()
