"""Who is idle at one depot is lent to another, before that one pays overtime or goes without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from uuid import UUID

from promesa.domain.fleet import Depot, Shift
from promesa.kernel.ids import derived_id
from promesa.planning.capacity.proposed_days import DepotProposal, fit_proposed, with_made
from promesa.planning.capacity.roster_board import make_roster_board
from promesa.planning.capacity.roster_people import RosterInputs
from promesa.planning.capacity.roster_proposal import propose
from promesa.planning.capacity.roster_words import proposal_headline
from tests.support.roster_days import ANA, LUIS, QUI, day, inputs, shift, van, with_depots

SJO = Depot(id=derived_id("depot", "sjo"), code="SJO", name="CD San Joaquín", position=QUI.position)
# Eight hours of work: five days are 40 of 42, and the sixth is 6 of overtime.
LONG, NIGHT = (time(8), time(16, 30)), (time(22), time(6))
CODE = "08:00–16:30"
LUIS_PAST = shift(LUIS, -7, LONG)


def two_depots(
    *shifts: Shift, san_joaquin: Iterable[int], quilicura: Iterable[int] = ()
) -> RosterInputs:
    """Ana and a van at San Joaquín, Luis and a van at Quilicura; one van a day where it says so."""
    given = with_depots(inputs(shift(ANA, -7, LONG, SJO), *shifts, ready=0), SJO)
    busy = {"SJO": {day(n) for n in san_joaquin}, "QUI": {day(n) for n in quilicura}}
    ready = {(code, each): int(each in days) for code, days in busy.items() for each in given.days}
    fleet = replace(given.fleet, vehicles=(van(1, SJO.id), van(2)))
    return replace(given, fleet=fleet, ready=ready)


def lent(found: tuple[DepotProposal, ...]) -> list[tuple[str, int, str, str, str]]:
    return [
        (change.name, (change.date - day(0)).days, change.before, change.after, change.depot.code)
        for each in found
        for change in each.changes
        if change.is_lent
    ]


def driven(given: RosterInputs, found: tuple[DepotProposal, ...]) -> UUID:
    """The van of the only shift that is put."""
    ((shift_made,),) = fit_proposed(given, found).values()
    return shift_made.vehicle_id


def overtime_h(found: tuple[DepotProposal, ...]) -> float:
    return sum(each.overtime_h for each in found)


def test_an_idle_neighbour_takes_the_one_day_that_would_be_overtime() -> None:
    given = two_depots(LUIS_PAST, san_joaquin=range(6))
    found = propose(make_roster_board(given))
    assert [(name, after, depot) for name, _, _, after, depot in lent(found)] == [
        ("Luis Soto", CODE, "SJO")
    ]
    assert overtime_h(found) == 0
    assert sum(each.overtime_clp for each in found) == 0
    assert proposal_headline(found) == (
        "La propuesta pone 5 turnos y presta 1 turno a CD San Joaquín."
    )


def test_the_board_as_it_would_be_has_the_lent_driver_in_a_van_of_that_depot() -> None:
    given = two_depots(LUIS_PAST, san_joaquin=range(6))
    made = fit_proposed(given, propose(make_roster_board(given)))
    after = make_roster_board(replace(given, fleet=with_made(given.fleet, made)))
    assert after.missing == 0
    ((shift_lent,),) = [own for (driver_id, _), own in made.items() if driver_id == LUIS.id]
    assert (shift_lent.depot_id, shift_lent.vehicle_id) == (SJO.id, van(1).id)


def test_who_drives_at_home_for_nothing_goes_before_anybody_gives_up_a_day_off() -> None:
    """Luis has Saturday at Quilicura, where no van leaves: he drives it at San Joaquín."""
    given = two_depots(LUIS_PAST, shift(LUIS, 5, LONG), san_joaquin=[5])
    away = replace(given, away=frozenset({(ANA.id, day(5))}))
    assert lent(propose(make_roster_board(away))) == [("Luis Soto", 5, CODE, CODE, "SJO")]


def test_who_is_needed_at_home_is_not_lent_and_the_overtime_stays() -> None:
    given = two_depots(LUIS_PAST, san_joaquin=range(6), quilicura=range(6))
    found = propose(make_roster_board(given))
    assert lent(found) == []
    assert overtime_h(found) == 12


def test_nobody_is_lent_on_hours_far_from_theirs() -> None:
    given = two_depots(shift(LUIS, -7, NIGHT), san_joaquin=range(6))
    assert lent(propose(make_roster_board(given))) == []


def test_nobody_is_lent_into_overtime_or_on_a_day_they_are_away() -> None:
    """Luis has five long days behind him; on the one that is left he would work six hours extra."""
    week = [shift(LUIS, n, LONG) for n in range(5)]
    given = two_depots(LUIS_PAST, *week, san_joaquin=[5], quilicura=range(5))
    given = replace(given, away=frozenset({(ANA.id, day(5))}))
    assert lent(propose(make_roster_board(given))) == []
    free = two_depots(LUIS_PAST, san_joaquin=[5])
    both = replace(free, away=frozenset({(ANA.id, day(5)), (LUIS.id, day(5))}))
    assert lent(propose(make_roster_board(both))) == []


def test_a_shift_nobody_can_drive_is_covered_in_a_van_that_stands_there() -> None:
    given = replace(two_depots(LUIS_PAST, san_joaquin=[2]), away=frozenset({(ANA.id, day(2))}))
    found = propose(make_roster_board(given))
    assert lent(found) == [("Luis Soto", 2, "", CODE, "SJO")]
    assert driven(given, found) == van(1).id


def test_where_no_van_stands_who_is_lent_brings_their_own_and_without_any_nobody_is() -> None:
    given = replace(two_depots(LUIS_PAST, san_joaquin=[2]), away=frozenset({(ANA.id, day(2))}))
    own = replace(given, fleet=replace(given.fleet, vehicles=(van(2),)))
    assert driven(own, propose(make_roster_board(own))) == van(2).id
    none = replace(given, fleet=replace(given.fleet, vehicles=()))
    assert lent(propose(make_roster_board(none))) == []


def test_a_proposal_with_somebody_lent_taken_is_the_next_one() -> None:
    given = two_depots(LUIS_PAST, san_joaquin=range(6))
    made = fit_proposed(given, propose(make_roster_board(given)))
    taken = replace(given, fleet=with_made(given.fleet, made))
    assert [each.changes for each in propose(make_roster_board(taken))] == [(), ()]
