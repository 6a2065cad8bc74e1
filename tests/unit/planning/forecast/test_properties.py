"""What must hold of any forecast: no order of series, no unit and no later day moves it."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel
from promesa.planning.forecast.forecast import Forecast
from promesa.planning.forecast.forecaster import forecast
from tests.support.demand import steady

RATES = (40.0, 90.0, 200.0)


def _three() -> Panel:
    """Four months of three series of different sizes, a Friday of which is lifted."""
    parts = [steady(126, rate=rate, seed=number) for number, rate in enumerate(RATES)]
    parcels = np.concatenate([part.parcels for part in parts], axis=1)
    parcels[88] *= 2
    return replace(parts[0], series=("A", "B", "C"), parcels=parcels)


PANEL = _three()
FAIR = DemandEvent(
    name="Feria",
    start=PANEL.first + timedelta(days=88),
    end=PANEL.first + timedelta(days=88),
)
AGAIN = replace(FAIR, start=PANEL.last + timedelta(days=10), end=PANEL.last + timedelta(days=10))


@pytest.fixture(scope="module")
def made() -> Forecast:
    return forecast(PANEL, [FAIR, AGAIN])


def test_the_order_of_series_and_events_moves_nothing(made: Forecast) -> None:
    turned = replace(PANEL, series=PANEL.series[::-1], parcels=PANEL.parcels[:, ::-1])
    found = forecast(turned, [AGAIN, FAIR])
    assert found.p50[:, ::-1] == pytest.approx(made.p50, rel=1e-4)
    assert found.p90[:, ::-1] == pytest.approx(made.p90, rel=1e-4)


# Sizes part series into bands, whose noise is their own: not to the last parcel.
def test_ten_times_the_parcels_are_ten_times_the_forecast(made: Forecast) -> None:
    tenfold = replace(PANEL, parcels=PANEL.parcels * 10)
    assert forecast(tenfold, [FAIR, AGAIN]).p50 == pytest.approx(10 * made.p50, rel=0.03)


def test_an_event_beyond_the_horizon_moves_nothing(made: Forecast) -> None:
    day = PANEL.last + timedelta(days=60)
    later = DemandEvent(name="Otra", start=day, end=day, uplift=5.0, sigma=0.1)
    assert forecast(PANEL, [FAIR, AGAIN, later]).p90 == pytest.approx(made.p90, rel=1e-6)


def test_the_event_that_was_seen_lifts_its_next_day(made: Forecast) -> None:
    day, week_before = 9, 2
    lift = made.p50[day] / made.p50[week_before]
    assert (lift > 1.2).all()
