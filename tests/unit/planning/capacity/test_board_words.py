"""What the board says: days that are short and of what, what stands idle, what is spent and kept.

::

    scenario   day 0   day 1      every scenario alike: what is needed is certain
        1        4       6
        2        4       6
"""

from __future__ import annotations

from dataclasses import replace

from promesa.kernel.ids import derived_id
from promesa.planning.capacity.board import DepotBoard
from promesa.planning.capacity.board_words import (
    Around,
    board_sentences,
    depot_sentence,
    headline,
)
from promesa.planning.capacity.sizing import size_fleet
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.terms import DepotTerms
from tests.support.capacity_days import need_of

SURE = need_of([[4, 6], [4, 6]])
QUIET = replace(need_of([[4, 3], [4, 3]]), depot="SJO")
FLEET = DepotFleet(depot="QUI", own=5, own_day_cost_clp=50_000, own_by_day=(5, 3))
OTHER = DepotFleet(depot="SJO", own=10, own_day_cost_clp=50_000)


def depot_board(fleet: DepotFleet = FLEET, target: float = 1.0) -> DepotBoard:
    plan = size_fleet([SURE], [fleet], target)
    return DepotBoard(depot="QUI", name="CD Quilicura", plan=plan, hires=(), curve=())


def other_board() -> DepotBoard:
    plan = size_fleet([QUIET], [OTHER], 1.0)
    return DepotBoard(depot="SJO", name="CD San Joaquín", plan=plan, hires=(), curve=())


def around(*fleets: DepotFleet, terms: DepotTerms | None = None) -> Around:
    said = terms or DepotTerms(depot_id=derived_id("depot"))
    return Around(
        fleets={fleet.depot: fleet for fleet in fleets},
        terms={fleet.depot: said for fleet in fleets},
    )


def test_the_headline_says_how_many_days_lack_vans_and_the_worst_of_them() -> None:
    told = headline([depot_board()])
    assert told.startswith("Faltan camionetas en 1 día de 2.")
    assert "martes 6 de octubre: faltan 3 camionetas en CD Quilicura" in told
    assert told.endswith(
        "para cumplir 100 %; con las que hay se cumple de 50,0 % a 64,6 %, y desde 50,0 % en un "
        "mal día."
    )


def test_a_board_without_gaps_says_so_and_what_it_costs() -> None:
    told = headline([depot_board(replace(FLEET, own_by_day=(6, 6)))])
    assert told.startswith("No falta ninguna camioneta en 2 días de reparto")
    assert "$500.000" in told


def test_every_gap_is_a_sentence_of_its_day() -> None:
    (told,) = board_sentences([depot_board()])
    assert told.startswith("martes 6: faltan 3 camionetas en CD Quilicura")


def test_vans_of_the_depot_without_a_shift_are_told_on_a_day_that_is_short() -> None:
    fleet = replace(FLEET, idle_by_day=(5, 7))
    (told,) = board_sentences([depot_board(fleet)], around(fleet))
    assert told.endswith("Hay 7 propias sin turno ese día: se ponen en Turnos.")


def test_vans_that_another_depot_does_not_need_are_told_with_the_gap() -> None:
    """Three of ten drive there on the second day."""
    (told,) = board_sentences([depot_board(), other_board()], around(FLEET, OTHER))
    assert told.endswith("CD San Joaquín tiene 7 que ese día no necesita.")


def test_what_doors_hold_is_told_as_doors_and_minutes_and_not_as_vans() -> None:
    """One door, three loads of 20 minutes an hour: of six three leave; a door more, or an hour.

    A depot next door has vans, and they would not get out either.
    """
    terms = DepotTerms(depot_id=derived_id("depot"), doors=1, loading_min=20, loading_span_min=60)
    fleet = replace(FLEET, own_by_day=(6, 6), departures_max=3)
    board = depot_board(replace(fleet, own_by_day=(4, 6), departures_by_day=(4, 3)))
    (told,) = board_sentences([board, other_board()], around(fleet, OTHER, terms=terms))
    assert told == (
        "martes 6: por los andenes de CD Quilicura salen a tiempo 3 camionetas y para cumplir "
        "100 % hacen falta 6: falta 1 puerta o abrir 1 h antes; con las que salen se cumple 50,0 %."
    )
    assert headline([board], around(fleet, terms=terms)) == (
        "Faltan puertas en 1 día de 2. El peor es el martes 6 de octubre: de 6 camionetas de CD "
        "Quilicura salen a tiempo 3: falta 1 puerta o abrir 1 h antes para cumplir 100 %; con las "
        "que hay se cumple de 50,0 % a 64,6 %, y desde 50,0 % en un mal día."
    )


def test_what_binds_most_comes_first() -> None:
    """Of four, then of six that drive, two leave; then one is missing and two are held."""
    held = replace(FLEET, own_by_day=(4, 5), departures_by_day=(2, 3))
    assert headline([depot_board(held)]).startswith(
        "Faltan puertas en 2 días y camionetas en 1 de 2. El peor es el lunes 5 de octubre: de 4 "
        "camionetas de CD Quilicura salen a tiempo 2: faltan puertas para cumplir"
    )
    lacking = replace(FLEET, own_by_day=(2, 5), departures_by_day=(2, 4))
    assert headline([depot_board(lacking)]).startswith(
        "Faltan camionetas en 2 días y puertas en 2 de 2. El peor es el lunes 5 de octubre: "
        "faltan 2 camionetas en CD Quilicura para cumplir"
    )


def test_vans_that_lack_are_told_with_the_doors_that_would_not_let_them_out() -> None:
    """Three of six are there and four leave by one door: of three hired two would stand there."""
    terms = DepotTerms(depot_id=derived_id("depot"), doors=1, loading_min=20, loading_span_min=80)
    fleet = replace(FLEET, departures_by_day=(4, 4))
    board, there = depot_board(fleet), around(fleet, terms=terms)
    doors = (
        "por los andenes saldrían a tiempo sólo 4 de las 6 que hacen falta: además falta 1 puerta "
        "o abrir 40 min antes"
    )
    lacking = f"faltan 3 camionetas en CD Quilicura para cumplir 100 %, pero {doors}; con las que"
    assert headline([board], there).startswith(
        "Faltan camionetas en 1 día y puertas en 1 de 2. El peor es el martes 6 de octubre: "
        f"{lacking}"
    )
    (told,) = board_sentences([board], there)
    assert told.startswith(f"martes 6: {lacking}")
    assert depot_sentence(board).endswith(
        "$150.000 más. Además, 2 camionetas-día no saldrían a tiempo por los andenes."
    )


def test_doors_that_let_out_what_lacks_are_not_spoken_of() -> None:
    fleet = replace(FLEET, departures_by_day=(6, 6))
    (told,) = board_sentences([depot_board(fleet)], around(fleet))
    assert "andenes" not in told


def test_a_short_depot_says_what_is_spent_and_kept_and_what_its_target_would_take() -> None:
    """Four and three vans of 50,000 keep 10 - 3 of 10; three more of them cost 150,000."""
    assert depot_sentence(depot_board()) == (
        "Con lo que hay se gastan $350.000 y se cumple 70,0 %. Para cumplir 100 % faltan 3 "
        "camionetas-día, que a lo que cuestan las demás serían $150.000 más."
    )


def test_a_depot_that_is_not_short_says_what_its_target_costs() -> None:
    there = depot_board(replace(FLEET, own_by_day=(6, 6)), target=0.935)
    assert depot_sentence(there).startswith("Para cumplir 93,5 % se gastan $500.000, y se cumple ")


def test_a_depot_held_by_its_doors_is_not_told_to_pay_for_vans() -> None:
    held = replace(FLEET, own_by_day=(4, 6), departures_by_day=(4, 3))
    assert depot_sentence(depot_board(held)).endswith(
        "Para cumplir 100 % faltan puertas: 3 camionetas-día no salen a tiempo por los andenes."
    )
