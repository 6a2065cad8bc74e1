"""The delivery day in Chile, on the two days a year when clocks change as on any other."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from promesa.kernel.serviceday import ServiceDay


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2025, 6, 2), 24),
        (date(2025, 4, 5), 25),  # Clocks go back at the end of this Saturday.
        (date(2025, 9, 7), 23),  # Clocks go forward at the start of this Sunday.
    ],
)
def test_a_service_day_lasts_as_long_as_the_clocks_of_chile_say(day: date, hours: int) -> None:
    service_day = ServiceDay(day)
    assert service_day.end - service_day.start == timedelta(hours=hours)


def test_late_evening_in_santiago_is_still_the_same_service_day() -> None:
    evening = datetime(2025, 6, 3, 2, 30, tzinfo=UTC)  # 22:30 of the 2nd in Santiago.
    assert ServiceDay.of(evening).date == date(2025, 6, 2)


def test_the_night_belongs_to_the_day_before_until_five() -> None:
    half_past_midnight = datetime(2025, 6, 3, 4, 30, tzinfo=UTC)  # 00:30 in Santiago.
    assert ServiceDay.of_the_night(half_past_midnight) == ServiceDay(date(2025, 6, 2))
    assert ServiceDay.of_the_night(half_past_midnight + timedelta(hours=4, minutes=30)) is None


def test_seconds_and_instants_of_a_day_are_each_others_inverse() -> None:
    day = ServiceDay(date(2025, 6, 2))
    noon = day.at(time(12, 0))
    assert day.second_of(noon) == 12 * 3600
    assert day.instant_at(12 * 3600) == noon


def test_an_hour_of_the_clock_is_the_same_on_the_day_that_begins_at_one() -> None:
    saturday, sunday = ServiceDay(date(2026, 9, 5)), ServiceDay(date(2026, 9, 6))
    eight = saturday.at(time(8, 0))
    assert sunday.at(saturday.clock_time_of(eight)) == datetime(2026, 9, 6, 11, tzinfo=UTC)
    assert sunday.clock_time_of(sunday.start) == time(1, 0)
