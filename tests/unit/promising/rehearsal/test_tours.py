"""Doors in the order of a curve, and tours without crossings."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from promesa.promising.rehearsal.tours import curve_places, untangled


def ways(*places: float) -> NDArray[np.float64]:
    """Between places on a line."""
    along = np.array(places, float)
    return np.asarray(np.abs(along[:, None] - along[None]))


def test_a_tour_that_goes_back_and_forth_is_turned_into_one_way() -> None:
    # From 0 to 4, with 3 before 1: 3 + 2 + 1 + 2 is 8, and 4 the other way around.
    assert untangled(ways(0, 3, 2, 1, 4), is_open=False).tolist() == [3, 2, 1]


def test_a_tour_that_need_not_come_back_ends_at_its_far_end() -> None:
    # The depot is at 0 on both ends; without the way back 1, 2, 3 beats 3, 2, 1.
    assert untangled(ways(0, 3, 2, 1, 0), is_open=True).tolist() == [3, 2, 1]


def test_one_stop_stays_as_it_is() -> None:
    assert untangled(ways(0, 5, 0), is_open=False).tolist() == [1]


def test_neighbours_on_the_curve_are_neighbours_in_town() -> None:
    corners = np.array([(0, 0), (0, 900), (900, 900), (900, 0)], float)
    around = np.argsort(curve_places(corners)).tolist()
    gaps = [np.hypot(*(corners[a] - corners[b])) for a, b in pairwise(around)]
    assert max(gaps) == 900
