"""What a planner said is what is shown, of the whole and of its parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from promesa.kernel.ids import derived_id
from promesa.planning.demand.overrides import DemandOverride
from promesa.planning.forecast.overriding import overridden
from promesa.planning.forecast.totals import add_up
from tests.support.demand import MONDAY
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
