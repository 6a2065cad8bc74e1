"""Rosters as they are kept: gaps by shift, broken rules, overtime, in words."""

from __future__ import annotations

from dataclasses import replace

from promesa.planning.capacity.hires import DayHires
from promesa.planning.capacity.roster_board import make_roster_board, overtime_sentences
from promesa.planning.capacity.roster_free import free_drivers
from promesa.planning.capacity.roster_people import RosterInputs
from promesa.planning.capacity.roster_words import board_headline, gap_sentences
from promesa.planning.capacity.terms import DepotTerms
from tests.support.roster_days import ANA, LATE, LUIS, QUI, day, inputs, shift


def hiring(given: RosterInputs, *, contracted: int = 0, spot: int = 0) -> RosterInputs:
    """Monday with so many that the plan of the fleet hires, on terms that would give more."""
    terms = DepotTerms(
        depot_id=QUI.id,
        contract_vehicles=6,
        contract_day_cost_clp=80_000,
        contract_days_min=2,
        spot_vehicles=4,
        spot_day_cost_clp=90_000,
    )
    hires = {("QUI", day(0)): DayHires(contracted=contracted, spot=spot)}
    return replace(given, terms=(terms,), hired=hires)


def test_a_day_that_lacks_says_it_once_for_all_shifts_with_who_is_counted_on_and_who_is_free() -> (
    None
):
    """Three vans, mornings to evenings two to one; Ana alone is put, one comes for the day."""
    given = inputs(shift(ANA, -7), shift(LUIS, -7, LATE), shift(ANA, 0), ready=3, days=[0])
    board = make_roster_board(hiring(given, spot=1))
    assert gap_sentences(board, free_drivers(board)) == (
        (
            "lunes 5, CD Quilicura: falta 1 conductor de tarde, ya contando 1 al día ($90.000). "
            "Libres de tarde: Luis Soto."
        ),
    )
    assert board.missing == 1


def test_who_the_plan_of_the_fleet_hires_comes_once_and_nobody_else_though_terms_give_more() -> (
    None
):
    """Four lack, two a shift; three come by contract, so that one lacks."""
    given = inputs(shift(ANA, -7), shift(LUIS, -7, LATE), ready=4, days=[0])
    board = make_roster_board(hiring(given, contracted=3))
    assert [(need.contracted, need.missing) for need in board.depots[0].needs[:2]] == [
        (2, 0),
        (1, 1),
    ]


def test_a_day_that_hires_cover_says_so_and_lacks_nothing() -> None:
    board = make_roster_board(
        hiring(inputs(shift(ANA, -7), shift(ANA, 0), ready=2, days=[0]), contracted=1)
    )
    assert gap_sentences(board, free_drivers(board)) == (
        (
            "lunes 5, CD Quilicura: 1 por contrato ($80.000 al día, desde 2 días de reparto "
            "seguidos) cubre lo que falta."
        ),
    )
    assert board_headline(board).startswith("Los turnos están completos")


def test_a_hire_that_lasts_into_a_day_of_enough_drivers_is_counted_and_is_no_news() -> None:
    board = make_roster_board(
        hiring(inputs(shift(ANA, -7), shift(ANA, 0), ready=1, days=[0]), contracted=2)
    )
    need = board.depots[0].needs[0]
    assert (need.wanted, need.there, need.contracted, need.missing) == (1, 1, 2, 0)
    assert gap_sentences(board, free_drivers(board)) == ()


def test_what_lacks_is_told_before_what_is_covered() -> None:
    """Monday's hire covers it; nobody comes on Tuesday."""
    given = inputs(shift(ANA, -7), shift(ANA, 0), shift(ANA, 1), ready=2, days=[0, 1])
    board = make_roster_board(hiring(given, contracted=1))
    told = gap_sentences(board, free_drivers(board))
    assert [each.partition(",")[0] for each in told] == ["martes 6", "lunes 5"]


def test_a_shift_that_lacks_beside_one_that_has_too_many_says_both() -> None:
    """Two vans, one a shift; both are put on the morning."""
    past = (shift(ANA, -7), shift(LUIS, -7, LATE))
    given = inputs(*past, shift(ANA, 0), shift(LUIS, 0), ready=2, days=[0])
    board = make_roster_board(hiring(given))
    (told,) = gap_sentences(board, free_drivers(board))
    assert told == (
        "lunes 5, CD Quilicura: falta 1 conductor de tarde, y sobra 1 de mañana: las camionetas "
        "del día alcanzan."
    )
    assert board_headline(board).startswith(
        "Las camionetas alcanzan, pero a 1 turno de 1 día le falta gente que sobra a otra hora, "
        "hasta el domingo 18 de octubre."
    )


def test_a_depot_without_terms_says_that_nobody_can_be_called() -> None:
    board = make_roster_board(inputs(shift(ANA, -7), shift(ANA, 0), ready=3, days=[0]))
    (told,) = gap_sentences(board, free_drivers(board))
    assert "faltan 2 conductores de mañana; sin refuerzo anotado" in told


def test_seven_days_in_a_row_stand_beside_the_person_and_the_seventh_day() -> None:
    days = [shift(ANA, number) for number in (-2, -1, 0, 1, 2, 3, 4)]
    board = make_roster_board(inputs(*days))
    ana, luis = board.depots[0].rows
    assert [(told.date, told.rule) for told in ana.warnings] == [(day(4), "days_in_row_max")]
    assert ana.warnings[0].sentence == (
        "Ana Rojas trabaja 7 días seguidos hasta el viernes 9, y el máximo es 6."
    )
    assert luis.warnings == ()


def test_overtime_is_told_by_name_and_week() -> None:
    """Six evenings of seven and a half hours are 45: three beyond 42."""
    board = make_roster_board(inputs(*(shift(LUIS, number, LATE) for number in range(6))))
    assert overtime_sentences(board) == (
        "Luis Soto hace 3 h extra en la semana del lunes 5, sobre 42 h.",
    )


def test_without_a_forecast_nothing_lacks_and_the_headline_says_why() -> None:
    board = make_roster_board(inputs(shift(ANA, 0)))
    assert board.missing == 0
    assert board.depots[0].needs[0].wanted is None
    assert "Sin pronóstico" in board_headline(board)


def test_an_empty_fortnight_asks_for_a_proposal() -> None:
    board = make_roster_board(inputs(ready=2))
    assert board_headline(board) == (
        "No hay turnos puestos hasta el domingo 18 de octubre: proponlos desde lo que hace falta."
    )


def test_an_empty_fortnight_behind_today_does_not_deny_what_today_has() -> None:
    given = replace(inputs(shift(ANA, 0), ready=2), today=day(0))
    assert board_headline(make_roster_board(given)) == (
        "No hay turnos puestos después de hoy y hasta el domingo 18 de octubre: proponlos desde "
        "lo que hace falta."
    )


def test_full_rosters_say_so() -> None:
    both = [shift(each, number) for each in (ANA, LUIS) for number in range(5)]
    board = make_roster_board(inputs(*both, ready=2))
    assert board_headline(board) == (
        "Los turnos están completos hasta el domingo 18 de octubre. Ninguna regla de jornada se "
        "rompe."
    )


def test_who_left_is_shown_while_they_have_a_shift() -> None:
    gone = replace(LUIS, is_active=False)
    given = inputs(shift(LUIS, 3))
    given = replace(given, fleet=replace(given.fleet, drivers=(ANA, gone)))
    assert [row.name for row in make_roster_board(given).depots[0].rows] == [
        "Ana Rojas",
        "Luis Soto",
    ]
    without = replace(given, fleet=replace(given.fleet, shifts=()))
    assert [row.name for row in make_roster_board(without).depots[0].rows] == ["Ana Rojas"]
