from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from promesa.planning.demand.history import DemandCount
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.hours import ASSUMED_HOURS, HOURS, HourProfile, learn_profile
from promesa.planning.forecast.intraday import estimate_day
from tests.support.demand import MONDAY

SURE = HourProfile(
    reached=tuple(hour / HOURS for hour in range(HOURS + 1)), doubt=(0.0,) * (HOURS + 1), days=30
)
# Between 600 and 1.500, eight times in ten: a deviation of some 36 %.
MORNING = {"mean": 1000.0, "p10": 600.0, "p90": 1500.0}


def _counts(days: int, rate: float = 240.0) -> list[DemandCount]:
    chance = np.random.default_rng(1)
    key = SeriesKey(comuna="Maipú")
    return [
        DemandCount(key=key, day=MONDAY + timedelta(days=n), hour=hour, orders=int(orders))
        for n in range(days)
        for hour, orders in enumerate(chance.poisson(rate / HOURS, HOURS))
    ]


def test_before_the_day_begins_it_is_the_forecast() -> None:
    found = estimate_day(MORNING, seen=0, hour=0, profile=SURE)
    assert found.mean == pytest.approx(1000.0)
    assert 550 < found.p10 < 700
    assert 1300 < found.p90 < 1550


def test_when_the_day_is_over_it_is_what_came() -> None:
    found = estimate_day(MORNING, seen=1720, hour=24, profile=SURE)
    assert (found.p10, found.p50, found.p90) == (1720, 1720, 1720)


def test_half_a_day_twice_as_high_says_nearly_twice() -> None:
    found = estimate_day(MORNING, seen=1000, hour=12, profile=SURE)
    assert 1950 < found.mean < 2010
    assert found.expected_by_now == pytest.approx(500.0)
    assert found.p90 - found.p10 < 150


def test_hours_in_doubt_move_it_less() -> None:
    doubtful = HourProfile(reached=SURE.reached, doubt=(0.4,) * (HOURS + 1), days=30)
    sure = estimate_day(MORNING, seen=1000, hour=12, profile=SURE)
    unsure = estimate_day(MORNING, seen=1000, hour=12, profile=doubtful)
    assert 1500 < unsure.mean < sure.mean
    assert unsure.p90 - unsure.p10 > 3 * (sure.p90 - sure.p10)


def test_no_order_by_noon_says_less_where_the_hours_are_in_doubt() -> None:
    doubtful = HourProfile(reached=SURE.reached, doubt=(0.3,) * (HOURS + 1), days=0)
    sure = estimate_day(MORNING, seen=0, hour=12, profile=SURE)
    unsure = estimate_day(MORNING, seen=0, hour=12, profile=doubtful)
    assert sure.mean < 20
    assert 150 < unsure.mean < 450


def test_a_profile_is_learnt_from_days_known_by_hour() -> None:
    found = learn_profile(_counts(30))
    assert found.days == 30
    assert found.reached[12] == pytest.approx(0.5, abs=0.02)
    # Counting explains all of what differs from day to day.
    assert max(found.doubt[6:]) < 0.07


def test_with_few_such_days_the_hours_are_assumed_and_in_doubt() -> None:
    found = learn_profile(
        [*_counts(5), DemandCount(key=SeriesKey(comuna="X"), day=date(2024, 1, 1), orders=9)]
    )
    assert found.days == 0
    assert found.reached[9] < 0.12
    assert found.doubt[10] > 0.4


def test_days_of_which_few_orders_say_their_hour_tell_no_hours() -> None:
    """Two comunas' hours are not those of an operation of ten times their orders."""
    rest = [
        DemandCount(key=SeriesKey(comuna="Lampa"), day=MONDAY + timedelta(days=n), orders=2_400)
        for n in range(30)
    ]
    assert learn_profile([*_counts(30), *rest]).days == 0


def test_by_noon_the_total_of_a_peak_lies_within_the_interval_it_states() -> None:
    # 400 peaks of between a third and three times of what was expected.
    chance = np.random.default_rng(7)
    inside = []
    for _ in range(400):
        total = 1000 * np.exp(chance.normal(0, 0.36))
        morning, rest = chance.poisson(total / 2), chance.poisson(total / 2)
        found = estimate_day(MORNING, seen=float(morning), hour=12, profile=SURE)
        inside.append(found.p10 <= morning + rest <= found.p90)
    assert 0.76 < np.mean(inside) < 0.88


@pytest.mark.parametrize("hour", [9, 12, 16, 20])
@pytest.mark.parametrize("times", [0.25, 1.0, 3.0])
def test_a_forecast_that_missed_does_not_narrow_what_is_said_of_the_day(
    times: float, hour: int
) -> None:
    """Expected within 15 %, it came to a quarter or three times; the hours differ by 8 % too."""
    reached = tuple(min(1.0, max(0.0, (each - 6) / 17)) for each in range(HOURS + 1))
    doubt = tuple(0.08 * (1 - share) for share in reached)
    profile = HourProfile(reached=reached, doubt=doubt, days=30)
    share, off = profile.at(hour)
    chance = np.random.default_rng(11)
    inside = []
    for _ in range(400):
        total = 1000 * times * np.exp(chance.normal(0, 0.15))
        now = min(0.999, share * np.exp(chance.normal(0, off)))
        seen, rest = chance.poisson(total * now), chance.poisson(total * (1 - now))
        expected = {"mean": 1000.0, "p10": 825.0, "p90": 1212.0}
        found = estimate_day(expected, seen=float(seen), hour=hour, profile=profile)
        inside.append(found.p10 <= seen + rest <= found.p90)
    assert 0.74 < np.mean(inside) < 0.92


def test_hours_that_are_assumed_leave_the_rest_of_the_day_open() -> None:
    # At 20:00 three quarters are assumed to be in: 100 came where 730 were expected.
    found = estimate_day(MORNING, seen=100, hour=20, profile=ASSUMED_HOURS)
    assert found.mean > 240
    assert found.p90 - found.p10 > 300
