from __future__ import annotations

from dataclasses import replace
from datetime import time

import numpy as np
import pytest

from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.lead_time import CutOff
from promesa.planning.forecast.deliveries import deliveries
from promesa.planning.forecast.forecast import NORMAL_90, Forecast
from promesa.planning.forecast.outlook import Outlook
from promesa.planning.forecast.totals import add_up
from tests.support.plain_forecasts import BASIS, KEYS, a_plain_forecast


def _deviation(made: Forecast) -> float:
    total = add_up(made, [0, 1])
    return float(np.log(total.p90 / total.p10)[0] / (2 * NORMAL_90))


def test_series_that_miss_together_are_as_unsure_together() -> None:
    assert _deviation(a_plain_forecast(0.2, 0.2)) == pytest.approx(0.2)


def test_series_that_miss_apart_are_surer_together() -> None:
    # Two of equal weight: a half of the variance is left.
    assert _deviation(a_plain_forecast(0.2, 0.0)) == pytest.approx(0.2 / np.sqrt(2))


def test_deliveries_are_orders_a_working_day_later() -> None:
    made = a_plain_forecast(0.1, 0.1)
    outlook = Outlook(
        origin=made.origin,
        days=made.days,
        series=KEYS,
        mean=(),
        p10=(),
        p50=(),
        p90=(),
        shared_sd=(),
        events=(),
        basis=BASIS,
        judged={},
        past=((30.0,), (10.0,)),
        lead_times={"CD": (0.0, 1.0)},
    )
    rule = DeliveryRule(cut_off=CutOff(at=time(14), days=1), weekdays=frozenset(range(6)))
    found = deliveries(outlook, made, [0, 1], rule)
    # Sunday's 40 orders arrive on Monday, but 1 January is a day of rest.
    assert found.p50[0] == 0.0
    total = add_up(made, [0, 1]).p50[0]
    assert found.p50[1] == pytest.approx(40.0 + total)
    assert found.p50[2] == pytest.approx(total)
    # Saturday's and Sunday's wait until after the week.
    assert found.p50[6] == 0.0


def test_many_series_of_hardly_anything_are_unsure_together() -> None:
    level = np.full((7, 2), 0.3)
    tiny = replace(
        a_plain_forecast(0.1, 0.0), mean=level, p10=level * 0, p50=level * 0, p90=np.ones((7, 2))
    )
    total = add_up(tiny, [0, 1])
    # Poisson of 0,6: nothing in 55 of 100 cases, more than one in 12.
    assert (total.p10[0], total.p50[0], total.p90[0]) == (0, 0, 2)


def test_what_is_shared_widens_no_series_beyond_its_own_interval() -> None:
    assert _deviation(a_plain_forecast(sd=0.1, shared=0.5)) == pytest.approx(0.1, rel=0.01)


def test_no_series_bring_nothing() -> None:
    assert not add_up(a_plain_forecast(0.1, 0.05), []).p90.any()
