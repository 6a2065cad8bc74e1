from __future__ import annotations

import numpy as np
import pytest

from promesa.planning.forecast.low_volume import (
    Counts,
    dispersion,
    is_low,
    pooled,
    shares,
    weekday_shares,
)
from tests.support.demand import steady


def test_a_series_of_less_than_twenty_a_day_is_small() -> None:
    parcels = np.column_stack([np.full(60, 19.0), np.full(60, 21.0)])
    assert is_low(parcels).tolist() == [True, False]


def test_what_did_not_report_is_taken_to_have_had_its_usual_part() -> None:
    parcels = np.tile([6.0, 2.0, 2.0], (10, 1))
    parcels[4, 2] = np.nan
    assert pooled(parcels)[4] == pytest.approx(10.0)


def test_a_day_on_which_most_did_not_report_is_unknown() -> None:
    parcels = np.tile([6.0, 2.0, 2.0], (10, 1))
    parcels[4, :2] = np.nan
    assert np.isnan(pooled(parcels)[4])


def test_the_size_of_a_series_is_that_of_its_own_last_days() -> None:
    parcels = np.tile([30.0, 6.0], (200, 1))
    parcels[100:, 0] = np.nan
    assert is_low(parcels).tolist() == [False, True]


def test_a_pool_is_known_before_most_of_its_series_began() -> None:
    parcels = np.tile([4.0, 3.0, 3.0], (100, 1))
    parcels[:80, 1:] = np.nan
    assert pooled(parcels)[0] == pytest.approx(10.0, rel=1e-3)


def test_shares_sum_to_one_and_follow_what_came() -> None:
    found = shares(np.tile([6.0, 3.0, 0.0], (200, 1)))
    assert found.sum() == pytest.approx(1.0)
    assert found[0] == pytest.approx(2 * found[1], rel=0.05)
    # An empty one is not impossible.
    assert 0 < found[2] < 0.02


def test_a_series_with_its_own_weekday_keeps_it() -> None:
    panel = steady(700, 2, rate=10)
    parcels = panel.parcels.copy()
    saturday = np.arange(700) % 7 == 5
    parcels[saturday, 0] *= 3
    found = weekday_shares(parcels, np.arange(700) % 7)
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert found[5, 0] > 0.65
    assert abs(found[1, 0] - 0.5) < 0.1


def test_chance_alone_has_no_dispersion_and_a_shared_shock_has() -> None:
    chance = np.random.default_rng(1)
    mean = np.full((500, 4), 8.0)
    assert dispersion(chance.poisson(mean).astype(float), mean) < 0.01
    shock = chance.gamma(4, 1 / 4, (500, 1))  # Variance a quarter.
    assert dispersion(chance.poisson(mean * shock).astype(float), mean) == pytest.approx(
        0.25, abs=0.06
    )


def test_quantiles_hold_the_share_they_say() -> None:
    chance = np.random.default_rng(2)
    counts = Counts(mean=np.full(4000, 5.0), dispersion=np.full(4000, 0.2))
    drawn = chance.negative_binomial(5, 0.5, 4000)
    inside = (drawn >= counts.quantile(0.1)) & (drawn <= counts.quantile(0.9))
    assert 0.8 <= inside.mean() < 0.93
    assert counts.quantile(0.5)[0] == 4
