"""What planners said is held against what came, and against what the model had said."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from promesa.kernel.ids import derived_id
from promesa.planning.demand.overrides import DemandOverride, OverrideContent
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.judged_overrides import await_overrides, judge_overrides, sum_up
from promesa.planning.forecast.overriding import said_before
from tests.support.demand import MONDAY
from tests.support.plain_forecasts import KEYS, a_plain_forecast

MAIPU, NUNOA = KEYS
DAYS = tuple(MONDAY + timedelta(days=n) for n in range(3))
SAID = DemandOverride(
    id=derived_id("said"),
    first_day=DAYS[0],
    last_day=DAYS[2],
    reason="Feria",
    author_id=derived_id("planner"),
    made_at=datetime.fromisoformat("2023-12-28T12:00:00+00:00"),
    comuna="Maipú",
    factor=1.5,
    expected=(100.0, 100.0, None),
)
COUNTS = {
    MAIPU: {DAYS[0]: 140, DAYS[1]: 100, DAYS[2]: 130},
    NUNOA: {DAYS[0]: 900, DAYS[1]: 900, DAYS[2]: 900},
}


def test_days_that_are_over_and_were_forecast_are_judged() -> None:
    (judged,) = judge_overrides([SAID], COUNTS, until=DAYS[2])
    assert (judged.days, judged.model, judged.said, judged.came) == (2, 200, 300, 240)
    # The model missed Monday by 40 and Tuesday by nothing, the planner by 10 and 50.
    assert (judged.model_error, judged.said_error) == (40, 60)
    assert not judged.is_better


def test_a_day_to_come_is_not_judged_yet() -> None:
    (judged,) = judge_overrides([SAID], COUNTS, until=DAYS[0])
    assert (judged.days, judged.is_better) == (1, True)
    assert judge_overrides([SAID], COUNTS, until=DAYS[0] - timedelta(days=1)) == []


def test_a_number_is_of_all_the_series_it_names_together() -> None:
    everywhere = replace(SAID, comuna=None, factor=None, orders_a_day=1000.0)
    (judged,) = judge_overrides([everywhere], COUNTS, until=DAYS[0])
    assert (judged.said, judged.came) == (1000, 1040)


def test_a_day_that_one_of_its_series_does_not_know_is_not_judged() -> None:
    partly = {MAIPU: COUNTS[MAIPU], NUNOA: {DAYS[1]: 900}}
    everywhere = replace(SAID, comuna=None)
    (judged,) = judge_overrides([everywhere], partly, until=DAYS[2])
    assert judged.days == 1


def test_what_was_withdrawn_is_judged_for_the_days_it_stood() -> None:
    noon = datetime.fromisoformat(f"{DAYS[1]}T15:00:00+00:00")
    (judged,) = judge_overrides([replace(SAID, withdrawn_at=noon)], COUNTS, until=DAYS[2])
    assert judged.days == 1
    at_once = replace(SAID, withdrawn_at=SAID.made_at)
    assert judge_overrides([at_once], COUNTS, until=DAYS[2]) == []


def test_what_has_no_day_to_judge_yet_is_awaited_with_what_it_says() -> None:
    later = replace(SAID, id=derived_id("later"), expected=(100.0, 100.0, 200.0))
    number = replace(SAID, id=derived_id("number"), factor=None, orders_a_day=50.0)
    withdrawn = replace(SAID, id=derived_id("withdrawn"), withdrawn_at=SAID.made_at)
    judged = judge_overrides([SAID], COUNTS, until=DAYS[0])
    found = await_overrides([SAID, later, number, withdrawn], judged, until=DAYS[0])
    # The model did not reach the third day of the number; nobody knows what it would have said.
    assert [(each.model, each.said, each.is_over) for each in found] == [
        (400, 600, False),
        (None, 150, False),
    ]


def test_a_correction_of_days_that_nobody_counted_says_so() -> None:
    (found,) = await_overrides([SAID], judge_overrides([SAID], {}, until=DAYS[2]), until=DAYS[2])
    assert found.is_over


def test_together_errors_are_shares_of_what_came() -> None:
    judged = judge_overrides([SAID], COUNTS, until=DAYS[2])
    whole = sum_up(judged)
    assert (whole.overrides, whole.better) == (1, 0)
    assert whole.model_error == pytest.approx(1 / 6)
    assert whole.said_error == pytest.approx(0.25)
    assert sum_up([]).model_error is None


def test_what_the_model_says_is_kept_of_each_day_it_reaches() -> None:
    made = a_plain_forecast()
    content = OverrideContent(
        first_day=made.days[-1],
        last_day=made.days[-1] + timedelta(days=1),
        reason="Feria",
        comuna="Maipú",
        factor=2.0,
    )
    assert said_before(made, KEYS, content) == (100.0, None)
    wrong = replace(content, last_day=date(2026, 1, 1))
    assert said_before(made, KEYS, wrong) == ()


def test_a_series_of_another_depot_is_none_of_its() -> None:
    other = SeriesKey(comuna="Maipú", depot="OTRO")
    (judged,) = judge_overrides([replace(SAID, depot="CD")], {**COUNTS, other: {}}, until=DAYS[0])
    assert judged.came == 140
