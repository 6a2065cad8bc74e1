import numpy as np
import pytest

from promesa.routing.matrix import NEVER_M, NEVER_S, Matrix
from tests.support.routing_days import line

TWO_HOURS = line([0, 1], factors=[1.0, 2.0], hours=[8, 10])


def test_a_leg_between_two_slices_takes_a_time_between_theirs() -> None:
    assert TWO_HOURS.travel_s(0, 1, 8 * 3_600) == 60
    assert TWO_HOURS.travel_s(0, 1, 9 * 3_600) == 90
    assert TWO_HOURS.travel_s(0, 1, 10 * 3_600) == 120


def test_before_the_first_and_after_the_last_slice_times_stay() -> None:
    assert TWO_HOURS.travel_s(0, 1, 0) == 60
    assert TWO_HOURS.travel_s(0, 1, 20 * 3_600) == 120


def test_leaving_later_never_means_arriving_earlier() -> None:
    falling = line([0, 60], factors=[2.0, 1.0], hours=[8, 10])
    arrivals = [second + falling.travel_s(0, 1, second) for second in range(28_000, 38_000, 7)]
    assert arrivals == sorted(arrivals)


def test_where_there_is_no_way_no_shift_is_long_enough() -> None:
    cut = np.array([[0, -1], [60, 0]], dtype=np.int32)
    matrix = Matrix.of([cut], [cut])
    assert matrix.travel_s(0, 1, 0) == NEVER_S
    assert matrix.distance_m(0, 1, 0) == NEVER_M
    assert matrix.static_seconds(start_s=0, end_s=1)[0, 1] == NEVER_S
    assert matrix.static_seconds(start_s=0, end_s=1)[1, 0] == 60


def test_the_static_view_is_the_mean_of_the_hours_worked() -> None:
    assert TWO_HOURS.static_seconds(start_s=8 * 3_600, end_s=12 * 3_600)[0, 1] == 90
    assert TWO_HOURS.static_seconds(start_s=8 * 3_600, end_s=9 * 3_600)[0, 1] == 60
    assert TWO_HOURS.static_metres(start_s=8 * 3_600, end_s=12 * 3_600)[0, 1] == 500


def test_slices_must_rise_and_fit_their_departures() -> None:
    zeros = np.zeros((1, 1), dtype=np.int32)
    with pytest.raises(ValueError):
        Matrix.of([zeros, zeros], [zeros, zeros], [10, 10])
    with pytest.raises(ValueError):
        Matrix.of([zeros], [zeros], [0, 10])
