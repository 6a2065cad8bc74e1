"""Hires with their fewest days and blocks, doors that bind, zones lent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from promesa.planning.capacity.hires import Hire, Loan, after_loans, days_after, runs
from promesa.planning.capacity.sources import Contract, DepotFleet, Spot
from promesa.planning.capacity.two_stage import solve_two_stage
from promesa.planning.capacity.words import hire_sentence
from tests.support.capacity_days import FIRST_DAY, need_of


def fleet(
    *contracts: Contract, own: int = 2, depot: str = "QUI", doors: int | None = None
) -> DepotFleet:
    return DepotFleet(
        depot=depot, own=own, own_day_cost_clp=70, contracts=contracts, departures_max=doors
    )


def test_a_hire_lasts_its_fewest_days_although_one_would_do() -> None:
    """A third vehicle on the second of five days: three days of 90 are paid."""
    contract = Contract(name="Ruta Sur", vehicles_max=5, day_cost_clp=90, days_min=3)
    found = solve_two_stage([need_of([[2, 3, 2, 2, 2]] * 5)], [fleet(contract)])
    (hire,) = found.hires
    assert hire.vehicles == 1
    assert hire.end - hire.start == timedelta(days=2)
    assert hire.start <= FIRST_DAY + timedelta(days=1) <= hire.end
    # Eleven vehicle-days: three of the hire, and where it is not needed an own one stays at home.
    assert found.plan.cost_clp == pytest.approx(3 * 90 + 8 * 70)


def test_a_contract_of_blocks_brings_whole_blocks() -> None:
    contract = Contract(name="Ruta Sur", vehicles_max=9, day_cost_clp=90, block=4)
    found = solve_two_stage([need_of([[3.0]] * 5)], [fleet(contract, own=0)])
    assert found.hires == (
        Hire(depot="QUI", contract="Ruta Sur", vehicles=4, start=FIRST_DAY, end=FIRST_DAY),
    )


def test_a_hire_at_the_end_goes_on_past_the_last_day_and_says_so() -> None:
    contract = Contract(name="Ruta Sur", vehicles_max=5, day_cost_clp=90, days_min=4)
    found = solve_two_stage([need_of([[2, 2, 3]] * 5)], [fleet(contract)])
    (hire,) = found.hires
    assert hire.end - hire.start == timedelta(days=3)
    beyond = (hire.end - FIRST_DAY).days - 2
    assert found.beyond_clp == beyond * 90 > 0


def test_nobody_is_hired_for_a_day_without_deliveries() -> None:
    """A busy Monday after a closed Sunday: the second day paid is one of delivery beside it."""
    contract = Contract(name="Ruta Sur", vehicles_max=9, day_cost_clp=95, days_min=2)
    found = solve_two_stage([need_of([[2, 2, 2, 2, 2, 2, 0, 8, 2]] * 5)], [fleet(contract)])
    saturday, sunday, monday, tuesday = (sum(day.mix.contracted) for day in found.plan.days[5:])
    assert (sunday, monday, saturday + tuesday) == (0, 6, 6)
    assert (
        found.plan.days[6].cost_clp,
        found.beyond_clp,
        [sum(day.mix.contracted) for day in found.plan.days[:5]],
    ) == (0, 0, [0] * 5)


def test_a_useful_day_after_is_paid_before_a_closed_one() -> None:
    contract = Contract(name="Ruta Sur", vehicles_max=9, day_cost_clp=95, days_min=2)
    found = solve_two_stage([need_of([[2, 2, 2, 2, 2, 2, 0, 8, 8]] * 5)], [fleet(contract)])
    assert [sum(day.mix.contracted) for day in found.plan.days] == [0] * 7 + [6, 6]


def test_a_closed_day_breaks_no_row_of_days() -> None:
    contract = Contract(name="Ruta Sur", vehicles_max=9, day_cost_clp=60, days_min=2)
    found = solve_two_stage([need_of([[2, 2, 2, 2, 2, 6, 0, 6]] * 5)], [fleet(contract)])
    hire = next(each for each in found.hires if each.closed)
    saturday, sunday, monday = (FIRST_DAY + timedelta(days=number) for number in (5, 6, 7))
    assert (hire.end, hire.closed) == (monday, (sunday,))
    assert hire.start <= saturday
    assert hire_sentence(replace(hire, start=saturday, vehicles=4), "CD Quilicura") == (
        "Contratar 4 camionetas de Ruta Sur en CD Quilicura, del sábado 10 al lunes 12, "
        "sin contar el domingo 11."
    )


def test_a_hire_that_goes_on_past_the_last_day_skips_the_closed_weekday() -> None:
    """Eight days until a Saturday week: what goes on does so on the Monday after."""
    contract = Contract(name="Ruta Sur", vehicles_max=6, day_cost_clp=90, days_min=3)
    days = [2, 2, 2, 2, 2, 2, 0, 2, 2, 2, 2, 2, 6]
    found = solve_two_stage([need_of([days] * 5)], [fleet(contract)])
    after = [each for each in found.hires if each.end > FIRST_DAY + timedelta(days=12)]
    assert all(each.end.weekday() != 6 for each in after)
    beyond = {14: 1, 15: 2}
    assert found.beyond_clp == sum(
        each.vehicles * 90 * beyond[(each.end - FIRST_DAY).days] for each in after
    )


def test_days_after_the_last_follow_the_weekdays_that_deliver() -> None:
    week = [FIRST_DAY + timedelta(days=number) for number in range(7)]
    assert [day.day for day in days_after(week[:6], range(6), 2)] == [11, 12]
    assert [day.day for day in days_after(week, range(6), 2)] == [12, 13]
    assert [day.day for day in days_after([*week[1:], FIRST_DAY], [], 0)] == []


def test_spot_is_called_where_a_hire_would_cost_more() -> None:
    contract = Contract(name="Ruta Sur", vehicles_max=5, day_cost_clp=90, days_min=3)
    called = DepotFleet(
        depot="QUI",
        own=2,
        own_day_cost_clp=70,
        contracts=(contract,),
        spot=(Spot(name="s", vehicles_max=3, day_cost_clp=150),),
    )
    found = solve_two_stage([need_of([[2, 3, 2, 2, 2]] * 5)], [called])
    # A hire of three days adds 90 + 2 x 20; spot would add 150.
    assert [each.vehicles for each in found.hires] == [1]
    dear = DepotFleet(
        depot="QUI",
        own=2,
        own_day_cost_clp=70,
        contracts=(Contract(name="Ruta Sur", vehicles_max=5, day_cost_clp=130, days_min=3),),
        spot=(Spot(name="s", vehicles_max=3, day_cost_clp=150),),
    )
    spot = solve_two_stage([need_of([[2, 3, 2, 2, 2]] * 5)], [dear])
    assert spot.hires == ()
    assert [day.mix.spot for day in spot.plan.days] == [(0,), (1,), (0,), (0,), (0,)]


def test_a_zone_goes_to_the_other_depot_when_doors_are_too_few() -> None:
    """Ten vehicles wanted at eight doors: a fifth of the depot, two fifths of zone B."""
    needs = [
        need_of([[10.0]] * 5, depot="QUI", zones=("A", "B")),
        need_of([[1.0]] * 5, depot="SJO", zones=("C",)),
    ]
    fleets = [fleet(own=12, doors=8), fleet(own=6, depot="SJO")]
    loan = Loan(zone="B", home="QUI", other="SJO", factor=1.5)
    found = solve_two_stage(needs, fleets, 0.97, loans=[loan])
    (lent,) = found.lent
    assert lent.share == pytest.approx(0.4, abs=0.1)
    assert [day.gap for day in found.plan.days] == [0, 0]
    without = solve_two_stage(needs, fleets, 0.97)
    assert [day.gap for day in without.plan.days] == [2, 0]


def test_what_is_lent_leaves_one_depot_and_weighs_more_on_the_other() -> None:
    needs = [
        need_of([[10.0]], depot="QUI", zones=("A", "B")),
        need_of([[1.0]], depot="SJO", zones=("C",)),
    ]
    loan = Loan(zone="B", home="QUI", other="SJO", factor=1.5)
    fleets = [fleet(own=20, doors=7), fleet(own=20, depot="SJO")]
    found = solve_two_stage(needs, fleets, 0.97, loans=[loan])
    home, other = after_loans(needs, found.lent)
    part = found.lent[0].share * 5
    assert home.vehicles[0, 0] == pytest.approx(10 - part)
    assert other.vehicles[0, 0] == pytest.approx(1 + 1.5 * part)
    assert home.stops.sum() + other.stops.sum() == pytest.approx(110)


def test_those_who_come_first_leave_first() -> None:
    assert runs([1, 3, 2, 0, 1]) == [(1, 0, 1), (2, 1, 2), (1, 4, 4)]


def test_no_more_than_all_of_a_zone_is_lent_to_however_many() -> None:
    """Ten vehicles wanted at a depot whose doors let one out; two others have room for all."""
    needs = [
        need_of([[10.0]] * 5, depot="QUI", zones=("A",)),
        need_of([[1.0]] * 5, depot="SJO", zones=("B",)),
        need_of([[1.0]] * 5, depot="MAI", zones=("C",)),
    ]
    fleets = [fleet(own=12, doors=1), fleet(own=30, depot="SJO"), fleet(own=30, depot="MAI")]
    loans = [Loan(zone="A", home="QUI", other=other, factor=1.1) for other in ("SJO", "MAI")]
    found = solve_two_stage(needs, fleets, 0.97, loans=loans)
    assert 0.85 < sum(lent.share for lent in found.lent) <= 1
    assert sum(day.stops for day in found.plan.days) == pytest.approx(120)
    assert [day.gap for day in found.plan.days] == [0, 0, 0]


def test_vehicles_that_nobody_has_do_not_hide_what_a_hire_costs() -> None:
    """A thousand are missing on the first day; the second is still hired as cheaply as can be."""
    dear = Contract(name="caro", vehicles_max=3, day_cost_clp=95)
    cheap = Contract(name="barato", vehicles_max=3, day_cost_clp=90, days_min=2)
    found = solve_two_stage([need_of([[1_000.0, 3.0, 3.0]] * 5)], [fleet(dear, cheap, own=0)])
    assert [day.mix.contracted for day in found.plan.days][1:] == [(0, 3), (0, 3)]
    assert found.plan.days[0].gap == 970 - 6


def test_own_vehicles_with_a_shift_drive_on_the_days_of_a_hire_too() -> None:
    """Three on the second of three days: a hire of two days, and both of ours go out on each."""
    contract = Contract(name="Ruta Sur", vehicles_max=5, day_cost_clp=60, days_min=2)
    days = [need_of([[2, 3, 2]] * 5)]
    rostered = replace(fleet(contract), rostered_by_day=(2, 2, 2))
    found = solve_two_stage(days, [rostered]).plan
    assert [day.mix.own for day in found.days] == [2, 2, 2]
    assert found.cost_clp == 6 * 70 + 2 * 60
    # Where nobody of ours has a shift the cheaper carrier drives instead.
    assert [day.mix.own for day in solve_two_stage(days, [fleet(contract)]).plan.days] == [0, 0, 0]


def test_no_more_of_ours_drive_than_a_day_takes_and_all_with_a_shift_are_paid() -> None:
    contract = Contract(name="Ruta Sur", vehicles_max=5, day_cost_clp=90, days_min=2)
    rostered = replace(fleet(contract, own=10), rostered_by_day=(10,))
    (day,) = solve_two_stage([need_of([[3]] * 5)], [rostered]).plan.days
    assert (day.mix.own, day.own_paid, day.cost_clp) == (3, 10, 10 * 70)


def test_doors_hold_back_vehicles_with_a_shift() -> None:
    rostered = replace(fleet(own=10, doors=4), rostered_by_day=(10,))
    (day,) = solve_two_stage([need_of([[6]] * 5)], [rostered]).plan.days
    assert (day.mix.own, day.gap) == (4, 2)
