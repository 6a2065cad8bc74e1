"""Vans that stay at home while another depot hires: told before anybody is hired.

::

    vans needed   Monday   Tuesday      every scenario alike: what is needed is certain
    Quilicura        2        2
    San Joaquín      2        6
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from promesa.planning.capacity.board import DepotBoard, make_board
from promesa.planning.capacity.board_words import board_sentences
from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.next_door import (
    FreeVans,
    NextDoor,
    free_sentence,
    next_door,
    next_door_sentences,
)
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.route_length import RouteLimits, StopWork
from promesa.planning.capacity.scenarios import Scenarios
from promesa.planning.capacity.sources import Contract, DepotFleet
from promesa.planning.capacity.zones import Zone
from tests.support.capacity_days import FIRST_DAY

MONDAY, TUESDAY = FIRST_DAY, FIRST_DAY + timedelta(days=1)
TARGETS = {"QUI": 1.0, "SJO": 1.0}
NAMES = {"QUI": "CD Quilicura", "SJO": "CD San Joaquín"}
# Where nothing is driven a van takes as many parcels as fit in it: 9 of 10.
VAN = RouteLimits(parcels=10, shift_min=100_000)
CONTRACT = Contract(name="contratadas", vehicles_max=3, day_cost_clp=90)


def depot(code: str) -> DepotWork:
    zone = Zone(name=code, depot=code, area_km2=1, pace_min_km=1, haul_min=1)
    return DepotWork(
        id=code, name=NAMES[code], zones=(zone,), limits=VAN, work=StopWork(service_min=1)
    )


def a_case(
    home: Sequence[int] = (5, 5), other: Sequence[int] = (2, 2), contract: Contract = CONTRACT
) -> CapacityCase:
    """Own vans with a shift on Monday and Tuesday; San Joaquín may hire."""
    fleets = [
        DepotFleet(
            depot=code, own=max(own), own_day_cost_clp=70, own_by_day=tuple(own),
            rostered_by_day=tuple(own), contracts=hired,
        )
        for code, own, hired in (("QUI", home, ()), ("SJO", other, (contract,)))
    ]  # fmt: skip
    parcels = np.array([[[18, 18], [18, 54]]] * 4, dtype=np.int64)
    return CapacityCase(
        scenarios=Scenarios(
            days=(MONDAY, TUESDAY), series=("QUI", "SJO"), events=("", ""), parcels=parcels
        ),
        depots=(depot("QUI"), depot("SJO")),
        fleets=tuple(fleets),
    )


def told(case: CapacityCase) -> tuple[tuple[DepotBoard, ...], tuple[FreeVans, ...]]:
    boards = make_board(case, TARGETS)
    return boards, next_door(case, boards, TARGETS, since=MONDAY).free


def test_the_case_needs_what_the_table_says() -> None:
    boards, _ = told(a_case())
    assert [[day.ready for day in each.plan.days] for each in boards] == [[2, 2], [2, 6]]


def test_vans_with_a_shift_next_door_are_told_before_a_hire_with_what_they_save() -> None:
    """San Joaquín lacks four on Tuesday: three are hired for 90 each, one is missing."""
    boards, (found,) = told(a_case())
    assert (found.moved.vehicles, found.free, found.day) == (3, 3, TUESDAY)
    # Three move: none is hired but one, which covers the one that was missing.
    assert (found.saved_clp, found.covered) == (2 * 90, 1)
    assert free_sentence(found, NAMES) == (
        "martes 6: CD Quilicura tiene 3 camionetas con turno que no necesita; moverlas a CD San "
        "Joaquín cubre la que falta y ahorra $180."
    )
    gap, free = board_sentences(boards, others=NextDoor(free=(found,)))
    assert gap.startswith("martes 6: falta 1 camioneta en CD San Joaquín")
    assert free == free_sentence(found, NAMES)


def test_no_more_are_moved_than_are_hired_or_missing() -> None:
    _, (found,) = told(a_case(home=(9, 9), other=(2, 4)))
    assert (found.moved.vehicles, found.free, found.saved_clp) == (2, 7, 180)
    assert "tiene 7 camionetas con turno que no necesita; mover 2 a" in free_sentence(found, NAMES)


def test_vans_nobody_put_a_shift_for_cost_what_they_cost_when_they_drive() -> None:
    """Two of 70 drive instead of two hired for 90."""
    case = a_case(home=(9, 9), other=(2, 4))
    unput = replace(case.fleets[0], rostered_by_day=())
    _, (found,) = told(replace(case, fleets=(unput, case.fleets[1])))
    assert (found.rostered, found.saved_clp) == (False, 2 * 20)
    assert "tiene 7 camionetas propias que no necesita" in free_sentence(found, NAMES)


def test_a_hire_of_several_days_that_is_spared_saves_all_of_them() -> None:
    """Two on Tuesday are two on another day besides, past the last one or on Monday."""
    long = replace(CONTRACT, days_min=2)
    _, (found,) = told(a_case(home=(9, 9), other=(2, 4), contract=long))
    assert found.saved_clp == pytest.approx(180)


@pytest.mark.parametrize(
    ("home", "other"),
    [((2, 2), (2, 2)), ((5, 5), (2, 6))],
    ids=["nobody stays at home", "nobody is hired"],
)
def test_nothing_is_told_where_nothing_would_help(
    home: tuple[int, int], other: tuple[int, int]
) -> None:
    assert told(a_case(home=home, other=other))[1] == ()


def test_what_is_on_the_road_today_is_not_moved() -> None:
    case = a_case()
    boards = make_board(case, TARGETS)
    assert next_door(case, boards, TARGETS, since=TUESDAY + timedelta(days=1)).free == ()


def test_moves_of_several_days_spare_a_hire_that_one_of_them_does_not() -> None:
    """One lacks on each day and is hired for two, at 60 a day.

    With Monday's moved the hire begins on Tuesday; with Tuesday's alone it stays for Monday.
    """
    two_days = replace(CONTRACT, days_min=2, day_cost_clp=60)
    case = a_case(home=(9, 9), other=(1, 5), contract=two_days)
    found = next_door(case, make_board(case, TARGETS), TARGETS, since=MONDAY)
    assert [each.saved_clp for each in found.free] == [60, 0]
    assert found.together_clp == {"SJO": 120}
    assert list(next_door_sentences(found, NAMES)) == [
        (
            "lunes 5: CD Quilicura tiene 7 camionetas con turno que no necesita; mover 1 a CD San "
            "Joaquín ahorra $60."
        ),
        (
            "martes 6: CD Quilicura tiene 7 camionetas con turno que no necesita; mover 1 a CD San "
            "Joaquín ahorra sólo junto con los otros días."
        ),
        "Moverlas los 2 días a CD San Joaquín ahorra $120 en total.",
    ]
