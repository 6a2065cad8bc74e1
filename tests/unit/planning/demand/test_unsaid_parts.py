"""Orders without a depot or class told as those that their comuna has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from promesa.planning.demand.series import SeriesKey
from promesa.planning.demand.unsaid_parts import with_parts

UNSAID = SeriesKey(comuna="Ñuñoa")
NORTH, SOUTH = SeriesKey(comuna="Ñuñoa", depot="N"), SeriesKey(comuna="Ñuñoa", depot="S")
FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 2)


def test_a_file_without_depots_and_own_orders_with_one_are_one_series() -> None:
    panel = with_parts({UNSAID: {FIRST: 30}, NORTH: {SECOND: 28}})
    assert panel == {NORTH: {FIRST: 30, SECOND: 28}}


def test_the_last_orders_not_planned_yet_count_with_their_depot() -> None:
    panel = with_parts({UNSAID: {SECOND: 9}, NORTH: {FIRST: 28, SECOND: 20}})
    assert panel == {NORTH: {FIRST: 28, SECOND: 29}}


def test_a_comuna_of_two_depots_is_split_as_what_is_known_of_it_and_loses_nothing() -> None:
    days = {FIRST - timedelta(days=n): 7 for n in range(1, 101)}
    panel = with_parts({UNSAID: days, NORTH: {FIRST: 30}, SOUTH: {FIRST: 10}})
    assert all(panel[NORTH][day] + panel[SOUTH][day] == 7 for day in days)
    assert min(panel[SOUTH].values()) >= 0
    assert abs(sum(panel[SOUTH][day] for day in days) - 175) <= 2


def test_a_depot_opened_last_month_has_all_that_the_last_weeks_give_it() -> None:
    # North until four weeks ago, South since; a year ago nobody knew of South.
    monday = date(2026, 11, 30)
    last = {monday - timedelta(days=n): 7 for n in range(1, 29)}
    before = {monday - timedelta(days=n): 7 for n in range(29, 365)}
    unsaid = {monday: 10, monday - timedelta(days=200): 10}
    panel = with_parts({UNSAID: unsaid, NORTH: before, SOUTH: last})
    assert (panel[SOUTH][monday], panel[NORTH][monday]) == (10, 0)
    assert panel[NORTH][monday - timedelta(days=200)] == 17


def test_weeks_that_name_no_depot_say_nothing_and_the_nearest_that_do_count() -> None:
    # Half and half in the two weeks of January that name one; the file tells a day in November.
    january = {date(2026, 1, 5): 5, date(2026, 1, 12): 5}
    day = date(2026, 11, 30)
    panel = with_parts({UNSAID: {day: 100}, NORTH: january, SOUTH: january})
    assert panel[NORTH][day] + panel[SOUTH][day] == 100
    assert abs(panel[NORTH][day] - 50) <= 1


def test_a_day_is_split_alike_however_far_back_the_history_reaches() -> None:
    first = date(2026, 6, 1)
    named = {first + timedelta(days=n): n % 3 + 1 for n in range(90)}
    other = dict.fromkeys(named, 2)
    unsaid = {first + timedelta(days=n): 5 for n in range(70, 120)}
    years = {first - timedelta(days=n): 3 for n in range(1, 400)}
    short = with_parts({UNSAID: unsaid, NORTH: named, SOUTH: other})
    long = with_parts({UNSAID: years | unsaid, NORTH: named, SOUTH: other})
    assert {day: long[NORTH][day] for day in short[NORTH]} == short[NORTH]


def test_a_file_of_classes_goes_on_where_one_without_them_ended() -> None:
    big, small = (replace(NORTH, product_class=name) for name in ("grande", "chico"))
    days = {FIRST - timedelta(days=n): 10 for n in range(1, 101)}
    panel = with_parts({UNSAID: days, big: {FIRST: 2}, small: {FIRST: 8}})
    assert set(panel) == {big, small}
    assert all(panel[big][day] + panel[small][day] == 10 for day in days)
    assert abs(sum(panel[big].values()) - 202) <= 2


def test_who_classes_some_orders_keeps_the_others_without_a_class() -> None:
    big = replace(NORTH, product_class="grande")
    counted = {NORTH: {FIRST: 9, SECOND: 8}, big: {FIRST: 1, SECOND: 2}}
    assert with_parts(counted) == counted


def test_a_depot_that_nobody_said_is_found_for_each_class() -> None:
    big, unsaid = (replace(key, product_class="grande") for key in (NORTH, UNSAID))
    panel = with_parts({NORTH: {FIRST: 9, SECOND: 8}, unsaid: {FIRST: 2}, big: {SECOND: 3}})
    assert panel == {NORTH: {FIRST: 9, SECOND: 8}, big: {FIRST: 2, SECOND: 3}}


def test_where_no_depot_is_named_nothing_is_moved() -> None:
    maipu = SeriesKey(comuna="Maipú", depot="N")
    panel = with_parts({UNSAID: {FIRST: 4}, maipu: {FIRST: 0}})
    assert panel == {UNSAID: {FIRST: 4}, maipu: {FIRST: 0}}


def test_a_comuna_whose_named_depot_had_no_orders_keeps_its_own() -> None:
    assert with_parts({UNSAID: {FIRST: 4}, NORTH: {FIRST: 0}})[UNSAID] == {FIRST: 4}
