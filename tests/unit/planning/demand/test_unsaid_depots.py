"""Orders without a depot told as those of the depots of their comuna."""

from __future__ import annotations

from datetime import date, timedelta

from promesa.planning.demand.series import SeriesKey
from promesa.planning.demand.unsaid_depots import with_depots

UNSAID = SeriesKey(comuna="Ñuñoa")
NORTH, SOUTH = SeriesKey(comuna="Ñuñoa", depot="N"), SeriesKey(comuna="Ñuñoa", depot="S")
FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 2)


def test_a_file_without_depots_and_own_orders_with_one_are_one_series() -> None:
    panel = with_depots({UNSAID: {FIRST: 30}, NORTH: {SECOND: 28}})
    assert panel == {NORTH: {FIRST: 30, SECOND: 28}}


def test_the_last_orders_not_planned_yet_count_with_their_depot() -> None:
    panel = with_depots({UNSAID: {SECOND: 9}, NORTH: {FIRST: 28, SECOND: 20}})
    assert panel == {NORTH: {FIRST: 28, SECOND: 29}}


def test_a_comuna_of_two_depots_is_split_as_what_is_known_of_it_and_loses_nothing() -> None:
    days = {FIRST - timedelta(days=n): 7 for n in range(1, 101)}
    panel = with_depots({UNSAID: days, NORTH: {FIRST: 30}, SOUTH: {FIRST: 10}})
    assert all(panel[NORTH][day] + panel[SOUTH][day] == 7 for day in days)
    assert min(panel[SOUTH].values()) >= 0
    assert abs(sum(panel[SOUTH][day] for day in days) - 175) <= 1


def test_a_class_that_nobody_said_stays_one_of_its_own() -> None:
    grande = SeriesKey(comuna="Ñuñoa", depot="N", product_class="grande")
    unsaid = SeriesKey(comuna="Ñuñoa", product_class="grande")
    panel = with_depots({UNSAID: {FIRST: 4}, unsaid: {FIRST: 2}, grande: {SECOND: 1}})
    assert panel == {NORTH: {FIRST: 4}, grande: {FIRST: 2, SECOND: 1}}


def test_where_no_depot_is_named_nothing_is_moved() -> None:
    maipu = SeriesKey(comuna="Maipú", depot="N")
    panel = with_depots({UNSAID: {FIRST: 4}, maipu: {FIRST: 0}})
    assert panel == {UNSAID: {FIRST: 4}, maipu: {FIRST: 0}}


def test_a_comuna_whose_named_depot_had_no_orders_keeps_its_own() -> None:
    assert with_depots({UNSAID: {FIRST: 4}, NORTH: {FIRST: 0}})[UNSAID] == {FIRST: 4}
