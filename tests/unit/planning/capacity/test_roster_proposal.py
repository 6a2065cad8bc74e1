"""Rosters proposed: from what is needed, within the rules, changing as little as that takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from promesa.domain.fleet import Depot
from promesa.kernel.ids import derived_id
from promesa.planning.capacity.proposed_days import DepotProposal, fit_proposed, with_made
from promesa.planning.capacity.roster_board import RosterBoard, make_roster_board
from promesa.planning.capacity.roster_people import RosterInputs
from promesa.planning.capacity.roster_proposal import propose
from promesa.planning.capacity.roster_spare import Spare
from promesa.planning.capacity.roster_words import proposal_headline, who_may_come
from promesa.planning.capacity.terms import DepotTerms
from tests.support.roster_days import (
    ANA,
    LATE,
    LUIS,
    QUI,
    day,
    inputs,
    shift,
    van,
    with_contract,
    with_depots,
)

PAST = (shift(ANA, -7), shift(LUIS, -7))


def proposed(given: RosterInputs) -> DepotProposal:
    (found,) = propose(make_roster_board(given))
    return found


def taken(given: RosterInputs) -> RosterBoard:
    """The board as it would be."""
    made = fit_proposed(given, propose(make_roster_board(given)))
    return make_roster_board(replace(given, fleet=with_made(given.fleet, made)))


def put(found: DepotProposal) -> list[tuple[str, int]]:
    return sorted((change.name, (change.date - day(0)).days) for change in found.changes)


def test_two_vans_for_five_days_put_both_drivers_on_each() -> None:
    found = proposed(inputs(*PAST, ready=2))
    assert put(found) == [(name, n) for name in ("Ana Rojas", "Luis Soto") for n in range(5)]
    assert {(change.before, change.after) for change in found.changes} == {("", "08:00–15:30")}
    assert proposal_headline((found,)) == "La propuesta pone 10 turnos."


def test_what_already_fits_is_left_alone() -> None:
    """One van a day: Luis has Monday, and keeps it though Ana comes first."""
    found = proposed(inputs(*PAST, shift(LUIS, 0), ready=1, days=[0]))
    assert found.changes == ()
    assert proposal_headline((found,)) == ("Los turnos que hay ya son los que se propondrían.")


def test_who_is_too_many_keeps_the_day_and_today_stays() -> None:
    given = inputs(*PAST, shift(ANA, 0), shift(ANA, 1), shift(LUIS, 1), ready=1, days=[1])
    assert proposed(replace(given, today=day(0))).changes == ()


def test_a_day_beyond_the_contract_is_given_up_where_that_is_asked() -> None:
    """Ana works six days of seven hours, one of them for nothing; her contract is of 30 hours."""
    given = with_contract(
        inputs(*PAST, *(shift(ANA, n) for n in range(6)), ready=1, days=range(5)), 30
    )
    assert proposed(given).changes == ()
    (found,) = propose(make_roster_board(given), Spare.FREED)
    (change,) = found.changes
    assert (change.date, change.after, change.is_spare) == (day(5), "", True)
    assert proposal_headline((found,)).startswith("La propuesta deja 1 día libre que sobra.")


def test_a_shift_that_breaks_a_rule_is_given_up_and_no_other() -> None:
    """Seven days in a row, all wanted: one goes, and Luis takes it."""
    given = inputs(*PAST, *(shift(ANA, n) for n in range(7)), ready=1, days=range(7))
    found = proposed(given)
    gone = [change for change in found.changes if not change.after]
    assert [change.name for change in gone] == ["Ana Rojas"]
    assert [(each.name, each.date) for each in found.changes if each.after] == [
        ("Luis Soto", gone[0].date)
    ]
    assert "pone 1 turno y quita 1 turno que rompe una regla" in proposal_headline((found,))


def test_who_is_lent_here_already_drives() -> None:
    other = Depot(
        id=derived_id("depot", "sjo"), code="SJO", name="CD San Joaquín", position=QUI.position
    )
    past = (shift(ANA, -7), shift(LUIS, -7, depot=other))
    given = with_depots(inputs(*past, shift(LUIS, 0), ready=1, days=[0]), other)
    assert [each.changes for each in propose(make_roster_board(given))] == [()]


def test_the_absent_stay_away_and_a_hire_is_cheaper_than_overtime() -> None:
    """Ana works three of the days; nobody is asked for a sixth hour while a carrier has vans."""
    terms = DepotTerms(
        depot_id=QUI.id, contract_vehicles=2, contract_day_cost_clp=80_000, contract_days_min=3
    )
    away = frozenset((LUIS.id, day(number)) for number in range(14))
    given = replace(inputs(*PAST, ready=2, days=range(3)), terms=(terms,), away=away)
    found = proposed(given)
    assert {name for name, _ in put(found)} == {"Ana Rojas"}
    assert proposal_headline((found,)) == "La propuesta pone 3 turnos."


def test_who_can_be_called_in_is_told_with_carrier_price_and_days() -> None:
    terms = DepotTerms(
        depot_id=QUI.id,
        contract_vehicles=2,
        contract_carrier="Ruta Sur",
        contract_day_cost_clp=80_000,
        contract_days_min=3,
        spot_vehicles=4,
        spot_day_cost_clp=125_000,
    )
    assert who_may_come(terms) == (
        "pueden venir hasta 2 por contrato con Ruta Sur ($80.000 al día, desde 3 días de reparto "
        "seguidos) y hasta 4 al día ($125.000)"
    )


def test_who_works_evenings_is_not_put_on_mornings() -> None:
    """Two morning shifts and one evening shift were worked; Luis knows evenings alone."""
    past = (shift(ANA, -7), shift(ANA, -6), shift(LUIS, -7, LATE))
    found = proposed(inputs(*past, ready=3, days=[0]))
    assert {(change.name, change.after) for change in found.changes} == {
        ("Ana Rojas", "08:00–15:30"),
        ("Luis Soto", "14:00–22:00"),
    }


def test_a_day_proposed_has_the_van_that_taking_it_would_choose() -> None:
    """Luis drove the second van last week, and has it again."""
    made = fit_proposed(given := inputs(*PAST, ready=2, days=[0]), (proposed(given),))
    assert {key[0]: own[0].vehicle_id for key, own in made.items()} == {
        ANA.id: van(1).id,
        LUIS.id: van(2).id,
    }


def test_a_proposal_taken_is_the_next_one() -> None:
    given = inputs(*PAST, ready=1, days=range(6))
    found = proposed(given)
    kept = [
        shift(ANA if change.driver_id == ANA.id else LUIS, (change.date - day(0)).days)
        for change in found.changes
    ]
    fleet = replace(given.fleet, shifts=(*PAST, *kept))
    assert proposed(replace(given, fleet=fleet)).changes == ()


def test_what_nobody_can_cover_still_lacks_on_the_board_as_it_would_be() -> None:
    given = replace(inputs(*PAST, ready=2, days=[0]), closed=frozenset({day(0)}))
    assert put(proposed(given)) == []
    assert taken(given).missing == 2


def test_who_is_lent_to_another_depot_stays_lent() -> None:
    other = Depot(
        id=derived_id("depot", "sjo"), code="SJO", name="CD San Joaquín", position=QUI.position
    )
    given = with_depots(inputs(*PAST, shift(LUIS, 0, depot=other), ready=2, days=[0]), other)
    assert put(proposed(given)) == [("Ana Rojas", 0)]


def test_without_a_forecast_nothing_is_proposed() -> None:
    assert propose(make_roster_board(inputs(*PAST))) == ()
    assert "faltan un pronóstico" in proposal_headline(())


def test_the_board_as_it_would_be_has_the_hours_and_nobody_lacks() -> None:
    """Two vans on Monday and Tuesday; Ana is moved out of nothing, so both work 14 hours."""
    given = inputs(*PAST, ready=2, days=[0, 1])
    after = taken(given)
    assert after.missing == 0
    assert [row.week_hours[day(0)] for row in after.depots[0].rows] == [14.0, 14.0]


def test_a_night_proposed_ends_on_the_next_day() -> None:
    night = (time(22), time(6))
    given = inputs(shift(ANA, -7, night), ready=1, days=[0])
    after = taken(given).inputs
    (made,) = [each for each in after.fleet.shifts if each.date == day(0)]
    assert after.code_of(made) == "22:00–06:00"
    assert made.end - made.start == timedelta(hours=8)
