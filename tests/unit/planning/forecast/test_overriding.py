"""What a planner said is what is shown, of the whole and of its parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from promesa.kernel.ids import derived_id
from promesa.planning.demand.overrides import DemandOverride, OverrideContent
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.looking_ahead import make_outlook
from promesa.planning.forecast.outlook import OutlookInputs
from promesa.planning.forecast.overriding import (
    OverrideOfNothingError,
    overridden,
    said_before,
)
from promesa.planning.forecast.totals import add_up
from tests.support.demand import MONDAY, day
from tests.support.plain_forecasts import KEYS, a_plain_forecast

SAID = DemandOverride(
    id=derived_id("said"),
    first_day=MONDAY,
    last_day=MONDAY,
    reason="Abre un mall",
    author_id=derived_id("user"),
    made_at=datetime.fromisoformat("2026-11-01T12:00:00+00:00"),
)
LATER = datetime.fromisoformat("2026-11-02T12:00:00+00:00")


def test_a_number_of_orders_is_shared_as_the_model_shares_it() -> None:
    made = overridden(a_plain_forecast(0.3, 0.3), KEYS, [replace(SAID, orders_a_day=50.0)])
    # Who says 50 is shown 50 afterwards, and what the comunas are shown adds up to it.
    assert add_up(made, [0, 1]).mean[0] == pytest.approx(50.0)
    assert made.mean[0].tolist() == pytest.approx([25.0, 25.0])
    assert made.mean[1].tolist() == pytest.approx([100.0, 100.0])
    assert (made.p90 / made.p10)[0] == pytest.approx((made.p90 / made.p10)[1])


def test_a_number_said_against_a_forecast_of_nothing_is_what_is_expected() -> None:
    made = a_plain_forecast()
    for table in (made.mean, made.p10, made.p90):
        table[0] = 0.0
    said = [replace(SAID, orders_a_day=200.0)]
    # Nothing tells the two apart.
    assert overridden(made, KEYS, said).mean[0].tolist() == [100.0, 100.0]
    opened = overridden(replace(made, recent=(30.0, 10.0)), KEYS, said)
    assert opened.mean[0].tolist() == pytest.approx([150.0, 50.0])
    # As unsure as the other days, by chance a little more.
    assert 115 < opened.p10[0, 0] < 150 < opened.p90[0, 0] < 185
    assert opened.mean[1].tolist() == [100.0, 100.0]


def test_a_number_against_a_forecast_of_nothing_at_all_has_the_interval_of_chance() -> None:
    nothing = np.zeros((7, 2))
    made = replace(a_plain_forecast(), mean=nothing, p10=nothing, p50=nothing, p90=nothing)
    opened = overridden(made, KEYS, [replace(SAID, orders_a_day=8.0, comuna="Maipú")])
    assert opened.mean[0].tolist() == [8.0, 0.0]
    # Poisson of 8 lies between 5 and 12 eight times in ten.
    assert (opened.p10[0, 0], opened.p90[0, 0]) == (5, 12)


def test_a_comuna_that_opens_again_is_shared_among_its_depots_as_before_it_closed() -> None:
    north, south = SeriesKey(comuna="Maipú", depot="N"), SeriesKey(comuna="Maipú", depot="S")
    counts = {
        key: {day(row): orders if row < 60 or key == KEYS[1] else 0 for row in range(76)}
        for key, orders in ((north, 30), (south, 10), (KEYS[1], 20))
    }
    inputs = OutlookInputs(counts=counts, events=(), until=day(75), lead_times={})
    outlook = make_outlook(inputs, seed=1)
    reopens = replace(SAID, first_day=day(76), last_day=day(76), comuna="Maipú", orders_a_day=200.0)
    made = overridden(outlook.forecast(), outlook.series, [reopens])
    assert made.mean[:, :2].sum(axis=1).tolist() == [200.0, *[0.0] * 27]
    assert made.mean[0, :2].tolist() == pytest.approx([150.0, 50.0])


def test_what_moves_no_series_is_refused() -> None:
    said = OverrideContent(
        first_day=MONDAY, last_day=MONDAY, reason="Abre", comuna="Arica", orders_a_day=9.0
    )
    with pytest.raises(OverrideOfNothingError, match="Trae en Historia un día"):
        said_before(a_plain_forecast(), KEYS, said)


def test_of_two_that_speak_of_a_day_the_one_made_last_holds() -> None:
    own = replace(SAID, id=derived_id("later"), factor=3.0, comuna="Maipú", made_at=LATER)
    both = [own, replace(SAID, factor=2.0)]
    assert overridden(a_plain_forecast(0.1, 0.1), KEYS, both).mean[0].tolist() == [300.0, 200.0]


def test_a_part_said_after_the_whole_replaces_its_part_of_it() -> None:
    whole = replace(SAID, orders_a_day=300.0)
    part = replace(SAID, id=derived_id("later"), factor=1.1, comuna="Maipú", made_at=LATER)
    # The 300 are 150 each; a factor is one of what the model says.
    made = overridden(a_plain_forecast(), KEYS, [part, whole])
    assert made.mean[0].tolist() == pytest.approx([110.0, 150.0])


def test_the_whole_said_after_a_part_is_the_whole() -> None:
    part = replace(SAID, orders_a_day=180.0, comuna="Maipú")
    whole = replace(SAID, id=derived_id("later"), orders_a_day=300.0, made_at=LATER)
    made = overridden(a_plain_forecast(), KEYS, [part, whole])
    assert made.mean[0].tolist() == pytest.approx([150.0, 150.0])
