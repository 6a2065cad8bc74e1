from __future__ import annotations

import numpy as np
import pytest

from promesa.planning.demand.event import DemandEvent
from promesa.planning.forecast.backtest import backtest, past_origins
from promesa.planning.forecast.forecast import HistoryTooShortError
from promesa.planning.forecast.forecaster import forecast
from promesa.planning.forecast.scores import Outcomes, poisson_deviation, score
from tests.support.demand import day, lifted, steady


def test_origins_end_where_the_horizon_can_still_be_scored() -> None:
    panel = steady(200)
    assert past_origins(panel, origins=3, every_d=49, horizon=28) == (day(73), day(122), day(171))


def test_more_origins_than_the_history_has_days_for_are_refused() -> None:
    with pytest.raises(HistoryTooShortError, match="Alcanza para 1: usa --origins 1, o"):
        past_origins(steady(100), origins=9)


def test_less_than_four_weeks_are_not_forecast() -> None:
    with pytest.raises(HistoryTooShortError):
        forecast(steady(27), [])


def test_a_forecast_knows_nothing_of_the_days_it_forecasts() -> None:
    panel = steady(150, 2)
    changed = lifted(panel, day(130), [5.0] * 20)
    origins = past_origins(panel, origins=1, horizon=20)
    one, other = (backtest(each, [], origins, horizon=20) for each in (panel, changed))
    assert np.array_equal(one.forecasts[0].p50, other.forecasts[0].p50)
    assert one.whole.wape is not None
    assert other.whole.wape is not None
    assert other.whole.wape > one.whole.wape


def test_scores_are_told_by_event_horizon_and_volume() -> None:
    panel = lifted(steady(150, 2), day(125), [3.0])
    event = DemandEvent(name="Venta", start=day(125), end=day(125), uplift=3.0, sigma=0.2)
    found = backtest(panel, [event], past_origins(panel, origins=1))
    assert found.by_event["Venta"].count == 2
    assert found.by_event["none"].count == 2 * 27
    assert set(found.by_horizon) == {"1-7", "8-14", "15-28"}
    assert set(found.by_volume) == {"50-150"}
    assert found.whole.noise_floor == pytest.approx(0.08, abs=0.01)
    # Little but chance is left, and last week is chance twice.
    assert found.whole.wape is not None
    assert found.whole.seasonal_naive is not None
    assert found.whole.wape < 0.1 < found.whole.seasonal_naive


def test_the_floor_is_the_mean_deviation_of_poisson_counts() -> None:
    # λ = 1: counts 0, 1, 2, … with chances e^-1 (1, 1, 1/2, …); Σ |n - 1| p = 2 / e.
    assert poisson_deviation(np.array([1.0, 0.0])).tolist() == pytest.approx([2 / np.e, 0.0])


def test_scores_by_hand() -> None:
    outcomes = Outcomes(
        actual=np.array([10.0, 20.0]),
        mean=np.array([10.0, 24.0]),
        p10=np.array([8.0, 21.0]),
        p50=np.array([9.0, 24.0]),
        p90=np.array([12.0, 30.0]),
        naive=np.array([np.nan, 10.0]),
    )
    found = score(outcomes)
    assert found.wape == pytest.approx(5 / 30)
    assert found.cov80 == 0.5
    assert found.bias == pytest.approx(4 / 30)
    assert found.seasonal_naive == pytest.approx(0.5)
    # Twice the pinball losses: p10 .4 and 1.8, p50 1 and 4, p90 .4 and 2; a third of their sum.
    assert found.wql == pytest.approx((0.4 + 1.8 + 1 + 4 + 0.4 + 2) / 3 / 30)
