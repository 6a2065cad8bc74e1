from __future__ import annotations

import numpy as np

from promesa.planning.forecast.forecaster import forecast
from promesa.planning.forecast.grid import make_grid
from promesa.planning.forecast.kernels import part_matrices
from promesa.planning.forecast.structural import Structural, fit_structural
from tests.support.demand import day, steady


def _fitted(days: int, horizon: int = 14, series: int = 3) -> tuple[Structural, np.ndarray]:
    panel = steady(days, series)
    grid = make_grid(panel, [], horizon)
    marks = grid.marks.take(grid.open_rows)
    return fit_structural(part_matrices(marks, marks), grid.logs), grid.logs


def test_the_forecast_from_a_past_origin_is_the_one_that_was_possible_then() -> None:
    # One factor of 84 days, cut at day 70, against the process solved with 70 days only.
    model, _ = _fitted(84)
    rows = np.arange(70, 84)
    seen = model.foresee(70, rows)
    process = model.common
    covariance = process.factor @ process.factor.T
    gain = np.linalg.solve(covariance[:70, :70], covariance[:70, 70:84]).T
    again = gain @ process.filled[:70]
    own = model.own[0]
    covariance = own.factor @ own.factor.T
    gain = np.linalg.solve(covariance[:70, :70], covariance[:70, 70:84]).T
    again = model.level + again + gain @ own.filled[:70]
    assert np.allclose(seen.mean, again, atol=1e-8)


def test_what_is_further_ahead_is_less_sure() -> None:
    model, _ = _fitted(84)
    near, far = model.foresee(84, np.array([84, 97])).variance
    assert (far >= near).all()


def test_a_day_of_a_fault_hardly_moves_the_forecast() -> None:
    panel = steady(112, 3)
    broken = panel.parcels.copy()
    broken[100] = 2.0  # A hundredth of the usual, once.
    spoilt = type(panel)(first=panel.first, series=panel.series, parcels=broken)
    honest, after = forecast(panel, []), forecast(spoilt, [])
    assert np.abs(np.log(after.p50 / honest.p50)).max() < 0.1


def test_a_gap_is_filled_by_what_its_weekday_usually_brings() -> None:
    panel = steady(112, 2, rate=1000)
    gapped = panel.parcels.copy()
    gapped[60:74] = np.nan
    grid = make_grid(type(panel)(first=panel.first, series=panel.series, parcels=gapped), [], 7)
    marks = grid.marks.take(grid.open_rows)
    rows = grid.open_rows[grid.open_rows < grid.known]
    model = fit_structural(part_matrices(marks, marks), grid.logs[rows])
    assert grid.days[rows[59]] == day(59)
    # Days nobody reported are not of the model's days; those after them keep their weekday.
    after = model.foresee(len(rows), np.arange(len(rows), len(rows) + 7)).mean
    assert np.ptp(np.exp(after[:, 0])) > 400
