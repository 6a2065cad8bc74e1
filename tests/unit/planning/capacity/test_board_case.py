"""The case of a board on the streets of the sample city, where a part of it is missing or odd."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from promesa.domain.fleet import Shift, Vehicle
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.board import make_board
from promesa.planning.capacity.board_case import settled, with_shifts
from promesa.planning.capacity.board_words import headline
from promesa.roads.city import City
from tests.support.capacity_board import (
    ARICA,
    CENTRE,
    MONDAY,
    MONDAY_TO_SATURDAY,
    a_board_case,
    an_outlook,
    board_inputs,
    some_vans,
)


def a_shift(vehicle: Vehicle, day: date) -> Shift:
    """Of ten hours."""
    start = ServiceDay(day).at(time(8))
    return Shift(
        id=derived_id("shift", vehicle.code, day),
        date=day,
        driver_id=derived_id("driver", vehicle.code),
        vehicle_id=vehicle.id,
        depot_id=vehicle.depot_id,
        start=start,
        end=start + timedelta(hours=10),
    )


def test_comunas_are_served_on_delivery_days_and_none_on_a_leap_years_sunday(city: City) -> None:
    made = a_board_case(city, board_inputs(an_outlook("Maipú", "Ñuñoa"), vehicles=some_vans(5)))
    assert made.case is not None
    (found,) = make_board(made.case, {"CD": 0.97})
    days = {day.date: day.stops for day in found.plan.days}
    assert min(days[MONDAY + timedelta(days=number)] for number in range(1, 6)) > 300
    assert days[MONDAY + timedelta(days=6)] == 0


def test_shifts_put_later_make_the_case_that_they_would_have_made_at_once(city: City) -> None:
    """Monday is under way; where nothing was worked yet the hours put are what a van can do."""
    vans = some_vans(5)
    worked, put = a_shift(vans[0], MONDAY), a_shift(vans[1], MONDAY + timedelta(days=2))
    inputs = board_inputs(an_outlook("Maipú"), vehicles=vans)
    given = replace(inputs, fleet=replace(inputs.fleet, shifts=(worked, put)))
    whole = a_board_case(city, given)
    later = with_shifts(a_board_case(city, settled(given)), given)
    assert later is not None
    assert whole.case is not None
    assert later.case is not None
    assert later.case.fleets == whole.case.fleets
    assert later.case.depots == whole.case.depots
    assert (later.case.scenarios.parcels == whole.case.scenarios.parcels).all()
    assert later.case.fleets[0].rostered_by_day == (1, 0, 1, 0, 0, 0, 0)
    unworked = replace(given, fleet=replace(given.fleet, shifts=(put,)))
    assert with_shifts(a_board_case(city, settled(unworked)), unworked) is None


def test_a_sunday_that_is_worked_counts(city: City) -> None:
    every_day = replace(MONDAY_TO_SATURDAY, weekdays=frozenset(range(7)))
    made = a_board_case(
        city, board_inputs(an_outlook("Maipú"), vehicles=some_vans(5), rule=every_day)
    )
    assert made.case is not None
    (found,) = make_board(made.case, {"CD": 0.97})
    assert min(day.stops for day in found.plan.days) > 120


def test_without_depots_or_without_vehicles_there_is_no_case_and_no_fault(city: City) -> None:
    outlook = an_outlook("Maipú")
    nowhere = a_board_case(city, board_inputs(outlook, depots=(), vehicles=some_vans(5)))
    on_foot = a_board_case(city, board_inputs(outlook))
    assert (nowhere.case, nowhere.faults) == (None, ())
    assert (on_foot.case, on_foot.faults) == (None, ())


def test_a_forecast_that_is_over_makes_no_case(city: City) -> None:
    inputs = board_inputs(an_outlook("Maipú"), vehicles=some_vans(5))
    after = replace(inputs, first_day=inputs.outlook.days[-1] + timedelta(days=1))
    assert a_board_case(city, after).case is None


def test_a_depot_at_the_other_end_of_the_country_serves_nobody_and_says_so(city: City) -> None:
    outlook = an_outlook("Providencia", depot="ARI")
    made = a_board_case(city, board_inputs(outlook, depots=(CENTRE, ARICA), vehicles=some_vans(5)))
    assert made.case is None
    assert made.faults == ("No hay camino entre Providencia y CD Arica en este mapa.",)


def test_a_name_that_is_no_comuna_is_told_as_that_even_where_its_depot_is_named(
    city: City,
) -> None:
    outlook = an_outlook("Zona 7", "Maipú", depot="CD")
    made = a_board_case(city, board_inputs(outlook, vehicles=some_vans(5)))
    assert made.case is not None
    assert made.faults == ("Zona 7 no es una comuna que conozcamos: escríbela como en el mapa.",)


def test_a_series_without_numbers_is_left_out_and_not_taken_for_none(city: City) -> None:
    outlook = an_outlook("Maipú", "Ñuñoa")
    unknown = replace(outlook, mean=(outlook.mean[0], (float("nan"),) * 7))
    made = a_board_case(city, board_inputs(unknown, vehicles=some_vans(5)))
    assert made.case is not None
    assert [zone.name for zone in made.case.depots[0].zones] == ["Maipú · CD"]
    assert made.faults == ("El pronóstico de Ñuñoa no trae números: hazlo de nuevo.",)


def test_days_without_deliveries_are_not_told_as_days_that_were_kept(city: City) -> None:
    made = a_board_case(city, board_inputs(an_outlook("Maipú", mean=0), vehicles=some_vans(5)))
    assert made.case is not None
    told = headline(make_board(made.case, {"CD": 0.97}))
    assert told.startswith("El pronóstico no trae entregas")
