"""A plan asks for travel times at the half hours that it needs, and at no others."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from promesa.planning.hours import HALF_HOUR_S, SAMPLE_MAX, half_hours, needed, sample_of

HOURS_S = half_hours(8 * 3_600, 12 * 3_600)


def flat(hour_s: int) -> NDArray[np.int32]:
    del hour_s
    return np.array([[0, 600], [600, 0]], np.int32)


def peak_at_nine(hour_s: int) -> NDArray[np.int32]:
    """Ten minutes, and twenty at nine, rising and falling in an hour each."""
    extra_s = max(0, 600 - abs(hour_s - 9 * 3_600) // 6)
    return np.array([[0, 600 + extra_s], [-1, 0]], np.int32)


def nothing(hour_s: int) -> None:
    del hour_s


def test_a_shift_lies_between_the_first_and_the_last_half_hour() -> None:
    assert half_hours(8 * 3_600 + 60, 9 * 3_600 + 1) == [8 * 3_600, 30_600, 9 * 3_600, 34_200]


def test_streets_that_are_alike_all_day_are_asked_at_its_ends() -> None:
    assert needed(HOURS_S, flat, nothing) == [HOURS_S[0], HOURS_S[-1]]


def test_the_hour_at_which_times_bend_is_asked_and_those_along_the_line_are_not() -> None:
    assert needed(HOURS_S, peak_at_nine, nothing) == [8 * 3_600, 9 * 3_600, 10 * 3_600, 12 * 3_600]


def test_a_street_that_closes_for_an_hour_is_asked_before_during_and_after() -> None:
    def closed_at_ten(hour_s: int) -> bool:
        return hour_s == 10 * 3_600

    asked = needed(HOURS_S, flat, closed_at_ten)
    around = [10 * 3_600 + step * HALF_HOUR_S for step in (-1, 0, 1)]
    assert asked == [HOURS_S[0], *around, HOURS_S[-1]]


@pytest.mark.parametrize("count", [1, SAMPLE_MAX, SAMPLE_MAX + 1, 5_000])
def test_a_sample_names_each_place_once_and_all_of_them_exist(count: int) -> None:
    sample = sample_of(count)
    assert len(set(sample)) == len(sample) == min(count, SAMPLE_MAX)
    assert max(sample) < count
