"""What driven routes teach: slow roads and long visits, and which of them say nothing.

A route of 50 stops leaves at 8:00. Its plan drives 100 minutes, the last 20 of them back. It stands
at each door for 4 minutes, and rests for 30.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from promesa.kernel.ids import derived_id
from promesa.planning.capacity.driven import (
    DAYS_MIN,
    DrivenRoute,
    LearntRoutes,
    learn_routes,
)
from promesa.planning.capacity.route_length import DEFAULT
from promesa.planning.capacity.streets import MeasuredZones
from promesa.planning.capacity.zones import Zone

MONDAY = date(2026, 11, 2)
MINUTE = timedelta(minutes=1)
ZONES = MeasuredZones(
    zones=(
        Zone(name="Maipú", depot="QUI", area_km2=4, pace_min_km=3, haul_min=15),
        Zone(name="Ñuñoa", depot="SJO", area_km2=9, pace_min_km=4, haul_min=10),
    ),
    hauls={("Maipú", "QUI"): 15.0, ("Ñuñoa", "QUI"): 30.0, ("Ñuñoa", "SJO"): 10.0},
    faults={},
)


def a_route(day: int = 0, *, driving_min: float = 100) -> DrivenRoute:
    """Twenty minutes back as planned; the rest of the driving before the last door."""
    date_ = MONDAY + timedelta(days=day)
    left = datetime(date_.year, date_.month, date_.day, 11, tzinfo=UTC)
    last_closed = left + (driving_min - 20 + 50 * 4 + 30) * MINUTE
    return DrivenRoute(
        depot_id=derived_id("depot"),
        date=date_,
        started_at=left,
        finished_at=last_closed + 20 * MINUTE,
        last_closed=last_closed,
        stops={"Maipú": 30, "Ñuñoa": 20},
        visited=50,
        timed=50,
        at_door_s=50 * 240,
        brief=50,
        brief_s=50 * 240,
        off_s=1_800,
        planned_driving_s=6_000,
        planned_back_s=1_200,
    )


def week(*, driving_min: float = 100, days: int = 8) -> list[DrivenRoute]:
    return [a_route(day, driving_min=driving_min) for day in range(days)]


def learn(routes: list[DrivenRoute]) -> LearntRoutes:
    return learn_routes(routes, "QUI", ZONES)


def test_driving_is_what_is_left_of_a_route_without_doors_and_rests() -> None:
    assert a_route(driving_min=130).driving_s == 130 * 60


def test_visits_without_hours_stand_as_long_as_those_with_them() -> None:
    assert replace(a_route(), timed=40, at_door_s=40 * 240).driving_s == 100 * 60


def test_a_route_ended_at_the_last_door_or_at_home_drives_back_as_planned() -> None:
    route = a_route()
    assert route.last_closed is not None
    for ended in (route.last_closed, route.last_closed + timedelta(hours=5), None):
        assert replace(route, finished_at=ended).driving_s == 100 * 60


def test_a_lying_clock_a_cut_short_route_and_unknown_hours_say_nothing() -> None:
    route = a_route()
    assert route.started_at is not None
    assert replace(route, started_at=route.started_at - timedelta(hours=9)).driving_s is None
    assert replace(route, started_at=route.last_closed).driving_s is None
    assert replace(route, started_at=None).driving_s is None
    assert replace(route, visited=40).driving_s is None
    assert replace(route, timed=30).driving_s is None
    assert replace(route, visited=0, timed=0, last_closed=None).driving_s is None


def test_slow_days_teach_slow_roads_and_say_on_how_many_routes() -> None:
    usual, slow = learn(week()).coefficients, learn(week(driving_min=150)).coefficients
    assert (slow.days, slow.routes) == (8, 8)
    assert slow.local > 1.2 * usual.local
    assert slow.haul > usual.haul
    assert (slow.shift_fill, slow.load_fill) == (DEFAULT.shift_fill, DEFAULT.load_fill)


def test_too_few_days_leave_the_general_formula_and_say_how_many_there_were() -> None:
    found = learn(week(driving_min=150, days=DAYS_MIN - 1))
    assert found.coefficients == DEFAULT
    assert found.days_known == DAYS_MIN - 1
    assert learn([]) == LearntRoutes()


def test_the_few_routes_of_a_day_that_say_nothing_drove_as_the_others() -> None:
    days = [[a_route(day, driving_min=150) for _ in range(5)] for day in range(8)]
    whole = learn([route for day in days for route in day])
    odd = [[replace(day[0], started_at=None), *day[1:]] for day in days]
    assert learn([route for day in odd for route in day]).coefficients == whole.coefficients
    lost = [[replace(route, started_at=None) for route in day[:2]] + day[2:] for day in days]
    assert learn([route for day in lost for route in day]).days_known == 0


def test_days_in_comunas_that_have_no_zone_are_left_out() -> None:
    elsewhere = [replace(route, stops={"Maipú": 30, "Colina": 20}) for route in week()]
    assert learn(elsewhere).days_known == 0


def test_visits_teach_how_long_one_takes_where_there_are_enough() -> None:
    found = learn(week(days=8))
    assert found.service_min == pytest.approx(4.0)
    assert found.visits == 400
    assert learn(week(days=2)).service_min is None
