"""A comuna of a few days is no comuna of many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel
from promesa.planning.forecast.forecast import Forecast
from promesa.planning.forecast.forecaster import forecast
from promesa.planning.forecast.newcomers import known_days
from tests.support.demand import day, steady

OLD = 4
ROWS = 90


def _with_new(told: dict[int, float]) -> Panel:
    """Four comunas of 12 a day for 90 days, and one that is known on the days of ``told`` alone."""
    panel = steady(ROWS, OLD, rate=12)
    new = np.full((ROWS, 1), np.nan)
    for row, count in told.items():
        new[row] = count
    return replace(panel, series=(*panel.series, "Lampa"), parcels=np.hstack([panel.parcels, new]))


def _new(made: Forecast) -> tuple[float, float, float]:
    """Parcels a day of the one that is new: expected, and the least low end and most high end."""
    return (
        float(made.mean[:, OLD].mean()),
        float(made.p10[:, OLD].min()),
        float(made.p90[:, OLD].max()),
    )


def test_one_day_of_forty_is_no_comuna_of_forty_a_day() -> None:
    made = forecast(_with_new({89: 40.0}), [])
    mean, low, high = _new(made)
    assert 5 < mean < 25
    # Both are possible: that nothing more comes, and that as much comes again.
    assert low <= 1
    assert high >= 40
    assert made.basis.newcomers == {"Lampa": 1}


def test_one_order_is_hardly_anything() -> None:
    assert _new(forecast(_with_new({89: 1.0}), []))[0] < 3


def test_it_leaves_the_others_as_they_are() -> None:
    alone, beside = forecast(steady(ROWS, OLD, rate=12), []), forecast(_with_new({89: 40.0}), [])
    assert np.array_equal(beside.mean[:, :OLD], alone.mean)
    assert np.array_equal(beside.p90[:, :OLD], alone.p90)


def test_each_day_seen_draws_it_to_what_it_shows() -> None:
    rates = [
        _new(forecast(_with_new(dict.fromkeys(range(ROWS - seen, ROWS), 40.0)), []))[0]
        for seen in (1, 7, 27)
    ]
    assert rates == sorted(rates)
    assert 30 < rates[-1] < 42


def test_with_four_weeks_of_its_own_it_is_forecast_by_itself() -> None:
    made = forecast(_with_new(dict.fromkeys(range(ROWS - 28, ROWS), 40.0)), [])
    assert not made.basis.newcomers
    assert 30 < _new(made)[0] < 50


def test_days_of_nothing_before_its_first_order_are_not_its_own() -> None:
    told = np.array([[np.nan], [0.0], [0.0], [3.0], [np.nan], [0.0]])
    assert known_days(told).tolist() == [2]


def test_where_all_are_new_they_are_forecast_from_each_other() -> None:
    panel = steady(56, 2, rate=50)
    panel.parcels[:28, 0] = np.nan
    panel.parcels[28:, 1] = np.nan
    panel.parcels[40, 0] = np.nan
    panel.parcels[5, 1] = np.nan
    made = forecast(panel, [])
    assert not made.basis.newcomers


def test_a_campaign_for_it_alone_lifts_its_days() -> None:
    campaign = DemandEvent(
        name="Apertura", start=day(95), end=day(95), uplift=3.0, series=frozenset({"Lampa"})
    )
    panel = _with_new({89: 10.0})
    with_it, without = forecast(panel, [campaign]), forecast(panel, [])
    assert round(float(with_it.mean[5, OLD] / without.mean[5, OLD]), 2) == 3.0
    assert np.array_equal(with_it.mean[:, :OLD], without.mean[:, :OLD])


def _begun(told: dict[str, dict[int, float]], rows: int = 101) -> Panel:
    """Comunas of an operator whose own days fill what is not told with zeros."""
    parcels = np.zeros((rows, len(told)))
    for column, days in enumerate(told.values()):
        for row, count in days.items():
            parcels[row, column] = count
    return Panel(first=day(0), series=tuple(told), parcels=parcels)


def _each_day(count: float, last: int = 20, rows: int = 101) -> dict[int, float]:
    return dict.fromkeys(range(rows - last, rows), count)


@pytest.mark.parametrize("tests", [(0,), (0, 60)])
def test_a_test_order_of_long_ago_leaves_what_came_since(tests: tuple[int, ...]) -> None:
    tried = dict.fromkeys(tests, 1.0)
    told = {"T": tried, "A": _each_day(30), "B": _each_day(15), "C": _each_day(5)}
    made = forecast(_begun(told), [])
    assert made.mean[:, 1:].mean(axis=0) == pytest.approx([30, 15, 5], rel=0.15)
    assert made.mean[:, 0].max() < 0.2
    assert made.p90.max() < 80


def test_a_comuna_that_never_ordered_says_nothing_of_another() -> None:
    made = forecast(_begun({"Z": {}, "A": _each_day(10)}), [])
    assert made.mean[:, 1].mean() == pytest.approx(10, rel=0.15)
    assert made.p90[:, 1].max() < 30


@pytest.mark.parametrize("rate", [0.2, 1.0])
def test_comunas_of_hardly_anything_hide_nothing_of_one_of_thirty(rate: float) -> None:
    others = steady(ROWS, OLD, rate=rate)
    new = np.full((ROWS, 1), np.nan)
    new[-20:] = 30.0
    panel = replace(
        others, series=(*others.series, "Lampa"), parcels=np.hstack([others.parcels, new])
    )
    assert 26 < _new(forecast(panel, []))[0] < 34


def test_a_day_on_which_all_others_were_shut_is_a_day_of_its_own() -> None:
    panel = _with_new({83: 40.0})  # A Sunday.
    panel.parcels[6::7, :OLD] = 0
    assert _new(forecast(panel, []))[2] < 200
