"""Forecasts simple enough to add up by hand."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.forecast import NORMAL_90, Basis, Forecast
from tests.support.demand import MONDAY

KEYS = (SeriesKey(comuna="Maipú", depot="CD"), SeriesKey(comuna="Ñuñoa", depot="CD"))
BASIS = Basis(days=100, boosted=False, calibrated=0, low=0, amounts=())


def a_plain_forecast(sd: float = 0.1, shared: float = 0.1, days: int = 7) -> Forecast:
    """Two series of 100 a day whose logarithms have deviation ``sd``, ``shared`` of it together."""
    spread = np.exp(NORMAL_90 * sd)
    level = np.full((days, 2), 100.0)
    return Forecast(
        origin=MONDAY - timedelta(days=1),
        days=tuple(MONDAY + timedelta(days=n) for n in range(days)),
        series=tuple(key.text for key in KEYS),
        mean=level,
        p10=level / spread,
        p50=level,
        p90=level * spread,
        shared_sd=np.full(days, shared),
        events=(),
        basis=BASIS,
    )
