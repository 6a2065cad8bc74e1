"""Counts from files and own orders joined: nothing twice, the unknown absent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from promesa.planning.demand.history import (
    DemandCount,
    OrderFlow,
    SeriesPart,
    hour_shares,
    join_history,
)
from promesa.planning.demand.series import SeriesKey

TODAY = date(2026, 11, 6)
NUNOA, MAIPU = SeriesKey(comuna="Ñuñoa", depot="CD"), SeriesKey(comuna="Maipú", depot="CD")


def told(comuna: str, day: int, orders: int, hour: int | None = None) -> DemandCount:
    key = SeriesKey(comuna=comuna)
    return DemandCount(key=key, day=date(2026, 11, day), orders=orders, hour=hour)


def placed(key: SeriesKey, day: int, orders: int, hour: int = 10) -> OrderFlow:
    return OrderFlow(key=key, placed=date(2026, 11, day), hour=hour, delivered=None, orders=orders)


def test_a_day_that_a_file_tells_is_not_counted_again_from_own_orders() -> None:
    history = join_history(
        [told("Ñuñoa", 2, 30)], [placed(NUNOA, 2, 12), placed(NUNOA, 3, 9)], today=TODAY
    )
    (days,) = history.panel().values()
    assert days[date(2026, 11, 2)] == 30
    assert days[date(2026, 11, 3)] == 9


def test_own_days_without_orders_had_none_and_others_are_unknown() -> None:
    flows = [placed(NUNOA, 2, 5), placed(MAIPU, 3, 8)]
    panel = join_history([told("Maipú", 1, 4)], flows, today=TODAY).panel()
    maipu = panel[SeriesKey(comuna="Maipú")]
    assert {day.day: orders for day, orders in maipu.items()} == {1: 4, 2: 0, 3: 8, 4: 0, 5: 0}
    assert date(2026, 11, 1) not in panel[SeriesKey(comuna="Ñuñoa")]


def test_on_a_day_that_a_file_tells_what_it_has_no_row_for_had_no_orders() -> None:
    large = replace(told("Ñuñoa", 2, 10), key=SeriesKey(comuna="Ñuñoa", product_class="grande"))
    small = SeriesKey(comuna="Ñuñoa", product_class="chica")
    file = [large, *(replace(told("Ñuñoa", day, 20), key=small) for day in (1, 2, 4))]
    panel = join_history([*file, told("Maipú", 3, 9)], [], today=TODAY).panel(
        SeriesPart.PRODUCT_CLASS
    )
    # Day 3 is told of another comuna alone: nobody knows what Ñuñoa had.
    known = {key.text: [(day.day, n) for day, n in days.items()] for key, days in panel.items()}
    assert known == {
        "Maipú": [(3, 9)],
        small.text: [(1, 20), (2, 20), (4, 20)],
        large.key.text: [(1, 0), (2, 10), (4, 0)],
    }


def test_own_orders_of_a_depot_are_none_on_a_day_that_a_file_tells_of_another() -> None:
    other = replace(told("Ñuñoa", 3, 9), key=SeriesKey(comuna="Ñuñoa", depot="CD2"))
    flows = [placed(NUNOA, 2, 5), placed(NUNOA, 3, 4), placed(NUNOA, 4, 6)]
    panel = join_history([other], flows, today=TODAY).panel(SeriesPart.DEPOT)
    assert {key.text: list(days.values()) for key, days in panel.items()} == {
        "Ñuñoa · CD": [5, 0, 6, 0],
        "Ñuñoa · CD2": [0, 9, 0, 0],
    }


def test_a_day_that_is_not_over_counts_for_nothing_yet() -> None:
    history = join_history([], [placed(NUNOA, 5, 5), placed(NUNOA, 6, 1)], today=TODAY)
    assert [count.day.day for count in history.counts] == [5]


def test_the_morning_that_a_file_tells_of_today_counts_for_nothing_yet() -> None:
    history = join_history([told("Ñuñoa", 5, 30), told("Ñuñoa", 6, 4, 9)], [], today=TODAY)
    assert [(count.day.day, count.orders) for count in history.counts] == [(5, 30)]
    (nunoa,) = history.by_comuna()
    assert (nunoa.until.day, nunoa.orders_a_day) == (5, 30.0)


def test_series_are_parted_only_by_what_is_asked() -> None:
    grande = SeriesKey(comuna="Ñuñoa", depot="CD", product_class="grande")
    history = join_history([], [placed(NUNOA, 5, 5), placed(grande, 5, 2)], today=TODAY)
    assert [sum(days.values()) for days in history.panel().values()] == [7]
    parted = history.panel(SeriesPart.DEPOT, SeriesPart.PRODUCT_CLASS)
    assert {key.text: sum(days.values()) for key, days in parted.items()} == {
        "Ñuñoa · CD": 5,
        "Ñuñoa · CD · grande": 2,
    }


def test_comunas_are_told_with_the_most_orders_first() -> None:
    flows = [placed(NUNOA, 4, 6), placed(MAIPU, 5, 20)]
    maipu, nunoa = join_history([told("Ñuñoa", 1, 3)], flows, today=TODAY).by_comuna()
    assert (maipu.comuna, maipu.orders, maipu.days, maipu.days_from_files) == ("Maipú", 20, 2, 0)
    assert (nunoa.days, nunoa.days_from_files, nunoa.since.day, nunoa.until.day) == (3, 1, 1, 5)
    assert nunoa.orders_a_day == pytest.approx(3.0)


def test_orders_of_one_hour_that_arrived_on_different_days_are_one_count() -> None:
    first = placed(NUNOA, 2, 5)
    flows = [first, replace(first, delivered=date(2026, 11, 3), orders=2), placed(NUNOA, 2, 1, 11)]
    counts = join_history([], flows, today=TODAY).counts
    assert [(count.hour, count.orders) for count in counts] == [(10, 7), (11, 1)]


def test_hours_are_shares_of_the_orders_whose_hour_is_known() -> None:
    shares = hour_shares([told("Ñuñoa", 1, 99), told("Ñuñoa", 2, 3, 9), told("Ñuñoa", 2, 1, 20)])
    assert (shares[9], shares[20], sum(shares)) == (0.75, 0.25, 1.0)
    assert hour_shares([told("Ñuñoa", 1, 99)]) == ()


def test_no_history_is_an_empty_panel() -> None:
    history = join_history([], [], today=TODAY)
    assert (history.panel(), history.by_comuna(), history.own_days) == ({}, [], None)
