"""A merchant's uplift moves its own part of the orders, each comuna's by what it brings there."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.merchant_shares import MerchantShare
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.forecaster import forecast
from promesa.planning.forecast.given_events import prior_effects
from promesa.planning.forecast.merchant_events import merchant_factor, of_merchant
from tests.support.demand import day, steady

KEYS = [SeriesKey(comuna="S0"), SeriesKey(comuna="S1"), SeriesKey(comuna="S2")]
SHARE = MerchantShare(whole=0.2, by_comuna={"S0": 0.4, "S1": 0.0})


def campaign(uplift: float | None, sigma: float | None = 0.1, days: int = 1) -> DemandEvent:
    return DemandEvent(
        name="Aniversario",
        start=day(133),
        end=day(133) + timedelta(days=days - 1),
        uplift=uplift,
        sigma=sigma,
        series=frozenset(key.text for key in KEYS),
    )


def test_four_times_a_fifth_of_the_orders_is_1_6_times_the_whole() -> None:
    event = of_merchant(campaign(4.0), KEYS, SHARE)
    assert event.uplift == pytest.approx(1.6)
    assert event.share == 0.2
    # A step of a hundredth of ×4 is half a hundredth of ×1.6.
    assert event.sigma == pytest.approx(0.1 * 0.8 / 1.6)


def test_each_comuna_is_multiplied_by_what_the_merchant_brings_there() -> None:
    event = of_merchant(campaign(4.0), KEYS, SHARE)
    days = [day(n) for n in range(130, 136)]
    lift = np.exp(prior_effects(days, tuple(key.text for key in KEYS), [event]))
    assert lift[3].tolist() == pytest.approx([2.2, 1.0, 1.6])
    assert lift[2].tolist() == [1.0, 1.0, 1.0]


def test_each_day_of_a_profile_is_parted_by_itself() -> None:
    twice = DemandEvent(
        name="Aniversario", start=day(133), end=day(134), uplift=2.0, profile=(1.5, 0.5)
    )
    event = of_merchant(twice, KEYS[:1], SHARE)
    lift = np.exp(prior_effects([day(133), day(134)], ("S0", "S9"), [event]))
    # Three times, and once, of 0.4; of the others of the whole fifth.
    assert lift.ravel().tolist() == pytest.approx([1.8, 1.4, 1.0, 1.0])


def test_without_an_uplift_it_is_learnt_on_the_whole() -> None:
    event = campaign(None, None)
    assert of_merchant(event, KEYS, SHARE) is event


def test_who_brings_nothing_yet_moves_nothing() -> None:
    event = of_merchant(campaign(4.0), KEYS, None)
    assert (event.series, event.share) == (frozenset(), 0.0)


def test_the_forecast_of_each_series_moves_by_its_share_and_is_as_unsure() -> None:
    panel = steady(130, 3, rate=200.0)
    quiet = forecast(panel, [])
    moved = forecast(panel, [of_merchant(campaign(4.0, 0.4), KEYS, SHARE)])
    row = 3
    factors = (moved.p50[row] / quiet.p50[row]).tolist()
    assert factors == pytest.approx([2.2, 1.0, 1.6], rel=0.02)
    width = np.log(moved.p90[row] / moved.p10[row]).tolist()
    # What the merchant does not ship to is no less sure than before.
    assert width[0] > width[2] > 1.2 * width[1]
    (used,) = moved.events
    assert used.factor == pytest.approx(1.6, rel=0.02)


def test_what_the_history_did_is_said_of_the_merchants_own_orders() -> None:
    assert merchant_factor(1.6, 0.2) == pytest.approx(4.0)
    panel = steady(133, 3, rate=200.0)
    panel.parcels[100] *= [2.2, 1.0, 1.6]
    past = DemandEvent(name="Aniversario", start=day(100), end=day(100), uplift=4.0, sigma=0.3)
    keys = [SeriesKey(comuna=name) for name in panel.series]
    found = forecast(panel, [of_merchant(past, keys, SHARE)]).basis.own_events["Aniversario"]
    assert math.log(found.factor) == pytest.approx(math.log(4.0), abs=0.25)
