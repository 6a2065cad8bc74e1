from __future__ import annotations

import numpy as np

from promesa.planning.demand.panel import days_from
from promesa.planning.forecast.kernels import PARTS, part_matrices
from promesa.planning.forecast.marks import mark_days
from promesa.planning.forecast.variances import COMMON_SD, OWN_SD, estimate, total, usual
from tests.support.demand import MONDAY


def _parts(days: int) -> dict[str, np.ndarray]:
    marks = mark_days(days_from(MONDAY, days), [])
    return part_matrices(marks, marks)


def test_every_part_has_an_amount_to_begin_with() -> None:
    assert set(COMMON_SD) == set(OWN_SD) == set(PARTS)


def test_amounts_that_made_the_data_are_found_again() -> None:
    parts = {name: matrix for name, matrix in _parts(140).items() if name in ("weekday", "noise")}
    truth = {"weekday": 0.3**2, "noise": 0.1**2}
    chance = np.random.default_rng(4)
    factor = np.linalg.cholesky(total(parts, truth))
    logs = factor @ chance.standard_normal((140, 60))
    start = {"weekday": 0.01, "noise": 0.05}
    found = estimate(parts, logs, freedom=60, prior=start, start=start, rounds=60)
    assert abs(found["weekday"] ** 0.5 - 0.3) < 0.03
    assert abs(found["noise"] ** 0.5 - 0.1) < 0.01


def test_what_one_series_cannot_tell_stays_near_its_prior() -> None:
    parts = _parts(60)
    prior = usual(COMMON_SD)
    logs = 0.02 * np.random.default_rng(1).standard_normal((60, 1))
    found = estimate(parts, logs, freedom=1, prior=prior, start=prior, rounds=20)
    # Sixty days hold no event and no second year.
    assert found["event_near"] == prior["event_near"]
    assert 0.3 < found["season"] / prior["season"] < 3
