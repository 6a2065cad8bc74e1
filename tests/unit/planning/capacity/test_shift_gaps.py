"""What a day lacks is told alike by days and by shifts."""

from __future__ import annotations

from dataclasses import replace

from promesa.planning.capacity.hires import DayHires
from promesa.planning.capacity.roster_board import make_roster_board
from promesa.planning.capacity.roster_free import free_drivers
from promesa.planning.capacity.roster_people import RosterInputs
from promesa.planning.capacity.roster_words import board_headline, gap_sentences
from promesa.planning.capacity.shift_gaps import Lack, lacks_of
from tests.support.roster_days import ANA, LATE, LUIS, day, inputs, shift

PAST = (shift(ANA, -7), shift(LUIS, -7, LATE))


def kinds(given: RosterInputs) -> list[tuple[Lack, int]]:
    board = make_roster_board(given)
    return [(each.kind, each.missing) for each in lacks_of(board.inputs, board.depots)]


def told(given: RosterInputs) -> tuple[str, ...]:
    board = make_roster_board(given)
    return gap_sentences(board, free_drivers(board))


def hiring(given: RosterInputs, hires: DayHires) -> RosterInputs:
    return replace(given, hired={("QUI", day(0)): hires})


def test_a_day_short_of_vans_lacks_vans_and_their_drivers() -> None:
    given = inputs(*PAST, shift(ANA, 0), ready=2, days=[0])
    assert kinds(hiring(given, DayHires(gap=1))) == [(Lack.VANS, 1)]


def test_a_day_with_vans_enough_lacks_a_shift() -> None:
    """Both drive in the morning; the evening has nobody."""
    given = inputs(*PAST, shift(ANA, 0), shift(LUIS, 0), ready=2, days=[0])
    assert kinds(given) == [(Lack.SHIFT, 1)]


def test_a_day_on_which_nobody_was_put_waits_for_rosters() -> None:
    given = inputs(*PAST, shift(ANA, 1), ready=2, days=[0])
    assert kinds(given) == [(Lack.ROSTER, 2)]
    assert told(given) == (
        "lunes 5, CD Quilicura: nadie tiene turno todavía; hacen falta 1 de mañana y 1 de tarde.",
    )
    assert board_headline(make_roster_board(given)).startswith(
        "En 1 día nadie tiene turno todavía, hasta el domingo 18 de octubre."
    )


def test_a_day_that_lacks_drivers_and_doors_says_both() -> None:
    """Hired for today, they would stand at the docks."""
    given = inputs(*PAST, shift(ANA, 0), ready=2, days=[0])
    (found,) = told(hiring(given, DayHires(gap=3, held=1, ready=6, blocked=2)))
    assert "falta 1 conductor de tarde" in found
    assert found.endswith(
        "Por los andenes saldrían a tiempo sólo 4 de las 6 que hacen falta: además faltan puertas."
    )


def test_a_day_whose_doors_let_out_too_few_lacks_doors_and_no_drivers() -> None:
    given = inputs(*PAST, shift(ANA, 0), ready=2, days=[0])
    held = hiring(given, DayHires(gap=1, held=1))
    assert [kind for kind, _ in kinds(held)] == [Lack.DOORS]
    assert told(held) == (
        (
            "lunes 5, CD Quilicura: faltan puertas, no conductores: por los andenes no sale a "
            "tiempo 1 camioneta."
        ),
    )
    assert board_headline(make_roster_board(held)).startswith("Los turnos están completos")


def test_full_shifts_do_not_hide_vans_that_lack() -> None:
    """Two drivers share one van of two."""
    given = inputs(*PAST, shift(ANA, 0), shift(LUIS, 0, LATE), ready=2, days=[0])
    assert told(hiring(given, DayHires(gap=1))) == (
        ("lunes 5, CD Quilicura: los turnos están completos, pero falta 1 camioneta para la meta."),
    )


def test_a_day_that_lacks_nothing_is_not_told() -> None:
    given = inputs(*PAST, shift(ANA, 0), shift(LUIS, 0, LATE), ready=2, days=[0])
    assert kinds(given) == []
