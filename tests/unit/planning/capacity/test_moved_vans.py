"""Vans of one depot that drive from another: who goes first, on which days, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from promesa.planning.capacity.moved_vans import MovedVans, with_moved
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.scenarios import Scenarios
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.what_if import ChangeInvalidError
from tests.support.capacity_days import FIRST_DAY

DAYS = (FIRST_DAY, FIRST_DAY + timedelta(days=1))
SEVEN = MovedVans(vehicles=7, home="QUI", other="SJO")


def case() -> CapacityCase:
    """Quilicura drives 3 of its 10 on Monday and all on Tuesday; San Joaquín has 4."""
    return CapacityCase(
        scenarios=Scenarios(
            days=DAYS, series=("A",), events=("", ""), parcels=np.ones((1, 2, 1), dtype=np.int64)
        ),
        depots=(),
        fleets=(
            DepotFleet(
                depot="QUI",
                own=10,
                own_day_cost_clp=1,
                own_by_day=(3, 10),
                idle_by_day=(7, 0),
            ),
            DepotFleet(depot="SJO", own=4, own_day_cost_clp=1),
        ),
    )


def test_vans_without_a_shift_go_first() -> None:
    home, other = with_moved(case(), SEVEN).fleets
    assert (home.own_by_day, home.idle_by_day) == ((3, 3), (0, 0))
    assert other.own_by_day == (11, 11)


def test_vans_that_the_plan_leaves_at_home_go_first_and_take_their_shifts_along() -> None:
    """Of the three with a shift on Monday one drives; seven have none. On Tuesday eight drive."""
    given = case()
    home = replace(given.fleets[0], rostered_by_day=(3, 10))
    rostered = replace(given, fleets=(home, given.fleets[1]))
    four = replace(SEVEN, vehicles=4)
    home, other = with_moved(rostered, four, driving=(1, 8)).fleets
    assert (home.own_by_day, home.rostered_by_day, home.idle_by_day) == ((1, 6), (1, 6), (5, 0))
    assert (other.own_by_day, other.rostered_by_day) == ((8, 8), (2, 4))


def test_vans_move_on_the_day_meant_alone() -> None:
    home, other = with_moved(case(), replace(SEVEN, day=DAYS[0])).fleets
    assert home.own_by_day == (3, 10)
    assert other.own_by_day == (11, 4)


def test_more_vans_than_there_are_another_day_and_no_other_depot_are_refused_in_words() -> None:
    with pytest.raises(ChangeInvalidError, match="tiene 10 camionetas: mueve de 1 a 10"):
        with_moved(case(), replace(SEVEN, vehicles=11))
    with pytest.raises(ChangeInvalidError, match="no está en el plan: elige"):
        with_moved(case(), replace(SEVEN, day=FIRST_DAY - timedelta(days=1)))
    with pytest.raises(ChangeInvalidError, match="dos CD distintos"):
        with_moved(case(), replace(SEVEN, other="QUI"))
    with pytest.raises(ChangeInvalidError, match="LUNA no está"):
        with_moved(case(), replace(SEVEN, other="LUNA"))


def test_it_is_named_after_both_depots_and_the_day() -> None:
    names = {"QUI": "CD Quilicura", "SJO": "CD San Joaquín"}
    assert SEVEN.named(names) == "7 camionetas de CD Quilicura en CD San Joaquín todos los días"
    assert replace(SEVEN, vehicles=1, day=DAYS[1]).named(names) == (
        "1 camioneta de CD Quilicura en CD San Joaquín el martes 6"
    )
