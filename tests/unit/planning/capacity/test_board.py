"""The board: each depot at its own target, days with their own vehicles, what it says.

::

    scenario   day 0   day 1      every scenario alike: what is needed is certain
        1        4       6
        2        4       6
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from promesa.planning.capacity import board
from promesa.planning.capacity.board import (
    DepotBoard,
    make_board,
    whole_plan,
)
from promesa.planning.capacity.board_changes import (
    Change,
    changed_case,
    compared_board,
    spared_words,
)
from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.route_length import RouteLimits, StopWork
from promesa.planning.capacity.scenarios import Volume, draw_scenarios
from promesa.planning.capacity.sizing import size_fleet
from promesa.planning.capacity.sources import Contract, DepotFleet
from promesa.planning.capacity.what_if import ChangeInvalidError
from promesa.planning.capacity.zones import Zone
from tests.support.capacity_days import FIRST_DAY, need_of

AT_TWO = time(14)
SURE = need_of([[4, 6], [4, 6]])
FLEET = DepotFleet(depot="QUI", own=5, own_day_cost_clp=50_000, own_by_day=(5, 3))


def depot_board(fleet: DepotFleet = FLEET, target: float = 1.0) -> DepotBoard:
    plan = size_fleet([SURE], [fleet], target)
    return DepotBoard(depot="QUI", name="CD Quilicura", plan=plan, hires=(), curve=())


def a_case(own: int = 5) -> CapacityCase:
    zone = Zone(name="A", depot="QUI", area_km2=4, pace_min_km=3, haul_min=15)
    volumes = [
        Volume(series="A", date=FIRST_DAY.replace(day=5 + day), mean=300, p10=270, p50=300, p90=330)
        for day in range(3)
    ]
    work = DepotWork(
        id="QUI",
        name="CD Quilicura",
        zones=(zone,),
        limits=RouteLimits(parcels=80, shift_min=480),
        work=StopWork(service_min=3),
    )
    fleet = DepotFleet(depot="QUI", own=own, own_day_cost_clp=50_000)
    scenarios = draw_scenarios(volumes, 1, count=50)
    return CapacityCase(scenarios=scenarios, depots=(work,), fleets=(fleet,))


def test_each_day_has_its_own_vehicles() -> None:
    first, second = depot_board().plan.days
    assert (first.mix.own, first.gap) == (4, 0)
    assert (second.mix.own, second.gap) == (3, 3)
    assert second.kept == pytest.approx(0.5)


def test_a_higher_target_never_costs_less_along_the_curve() -> None:
    (found,) = make_board(a_case(own=20), {"QUI": 0.97})
    costs = [point.cost_clp for point in found.curve]
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]
    assert [point.target for point in found.curve] == list(board.CURVE)


def test_a_contract_of_several_days_is_hired_for_those_days() -> None:
    case = a_case(own=1)
    contract = Contract(name="contratadas", vehicles_max=9, day_cost_clp=70_000, days_min=3)
    (fleet,) = case.fleets
    (found,) = make_board(
        replace(case, fleets=(replace(fleet, contracts=(contract,)),)), {"QUI": 0.9}
    )
    assert found.curve == ()
    assert {(hire.end - hire.start).days + 1 for hire in found.hires} == {3}
    assert found.gap == 0


def test_vans_taken_away_are_missed_on_every_day() -> None:
    case = a_case(own=20)
    fewer = changed_case(case, Change(vehicles_less=18), (), AT_TWO)
    before, after = make_board(case, {"QUI": 0.97}), make_board(fewer, {"QUI": 0.97})
    assert whole_plan(before).kept > 0.97 > whole_plan(after).kept
    assert all(day.mix.own == 2 for day in after[0].plan.days)


def test_a_change_of_nothing_is_refused() -> None:
    with pytest.raises(ChangeInvalidError, match="Di cuántas"):
        changed_case(a_case(), Change(), (), AT_TWO)


def test_days_before_those_compared_count_for_nothing() -> None:
    """Of 4 and 3 vans, the first day is under way."""
    whole, since = (
        compared_board("", [depot_board()], since=day)
        for day in (FIRST_DAY, FIRST_DAY.replace(day=6))
    )
    assert (whole.vehicle_days, since.vehicle_days, since.gap) == (7, 3, 3)
    assert since.plan.worst is not None
    assert since.plan.worst.date == FIRST_DAY.replace(day=6)


def test_a_cut_off_that_moves_no_order_is_refused() -> None:
    all_at_eight = [0.0] * 24
    all_at_eight[8] = 1.0
    with pytest.raises(ChangeInvalidError, match="no llegan pedidos entre las 12:00 y las 14:00"):
        changed_case(a_case(), Change(cut_off=12), all_at_eight, AT_TWO)
    with pytest.raises(ChangeInvalidError, match="ya es a las 14:00"):
        changed_case(a_case(), Change(cut_off=14), all_at_eight, AT_TWO)


def test_from_half_past_two_to_two_half_of_that_hour_goes_a_day_later() -> None:
    all_at_two = [0.0] * 24
    all_at_two[14] = 1.0
    case = a_case()
    at_half_past = changed_case(case, Change(cut_off=14), all_at_two, time(14, 30))
    before, after = case.scenarios.parcels, at_half_past.scenarios.parcels
    half = before // 2
    assert abs(after[:, 1] - (half[:, 0] + half[:, 1])).max() <= 2
    with pytest.raises(ChangeInvalidError, match="no llegan pedidos entre las 14:30 y las 16:00"):
        changed_case(case, Change(cut_off=16), [1.0, *[0.0] * 23], time(14, 30))


def test_an_earlier_cut_off_moves_parcels_to_the_next_day() -> None:
    half_at_noon = [0.0] * 24
    half_at_noon[8] = half_at_noon[13] = 0.5
    case = a_case()
    moved = changed_case(case, Change(cut_off=12), half_at_noon, AT_TWO).scenarios.parcels
    before = case.scenarios.parcels
    half = before // 2
    assert abs(moved[:, 1] - (half[:, 0] + half[:, 1])).max() <= 2


def test_a_change_is_named_after_what_it_changes() -> None:
    named = Change(vehicles_less=5, cut_off=16, depot="QUI").named({"QUI": "CD Quilicura"})
    assert named == "Sin 5 camionetas en CD Quilicura, corte a las 16:00"


def test_fewer_vans_without_a_depot_are_so_many_of_each_and_told_so() -> None:
    change = Change(vehicles_less=5)
    both = {"QUI": "CD Quilicura", "SJO": "CD San Joaquín"}
    assert change.named(both) == "Sin 5 camionetas en cada CD (10 en total)"
    assert change.named({"QUI": "CD Quilicura"}) == "Sin 5 camionetas en CD Quilicura"


def test_a_depot_with_fewer_vans_than_each_gives_up_gives_what_it_has() -> None:
    """Four of each, and San Joaquín has three: seven are taken, and seven are told."""
    change = Change(vehicles_less=4)
    both = {"QUI": "CD Quilicura", "SJO": "CD San Joaquín"}
    assert change.named(both, {"QUI": 5, "SJO": 3}) == "Sin 4 camionetas en cada CD (7 en total)"
    other = replace(FLEET, depot="SJO", own=3, own_by_day=(), rostered_by_day=())
    case = replace(a_case(), fleets=(FLEET, other))
    taken = changed_case(case, change, [1.0] * 24, AT_TWO)
    assert [fleet.own for fleet in taken.fleets] == [1, 0]


def test_what_is_spared_of_shifts_that_stay_at_home_is_no_saving_of_broken_vans() -> None:
    """Eight have a shift, four and six drive: six stay; with six there, two do."""
    many = replace(FLEET, own=8, own_by_day=(8, 8), rostered_by_day=(8, 8))
    few = many.fewer(2)
    case = replace(a_case(), fleets=(many,))
    told = spared_words(case, [depot_board(many)], [depot_board(few)])
    assert told.startswith("Deja de pagar $200.000 de turnos que no salen.")
    assert spared_words(case, [depot_board(many)], [depot_board(many)]) == ""
