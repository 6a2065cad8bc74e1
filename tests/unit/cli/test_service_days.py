"""On which days a forecast goes out: what the options say, and the words for it."""

from __future__ import annotations

from datetime import date

import click
import pytest

from promesa.cli.service_days import (
    ServiceAsked,
    ServiceDaysMissingError,
    Weekdays,
    service_sentences,
)
from promesa.planning.capacity.scenarios import Volume

SUNDAY, MONDAY, CHRISTMAS = date(2026, 12, 6), date(2026, 12, 7), date(2026, 12, 25)


def asked(
    *, counts: str = "deliveries", weekdays: str | None = None, rest: bool = False
) -> ServiceAsked:
    days = None if weekdays is None else Weekdays().convert(weekdays, None, None)
    return ServiceAsked(
        counts=counts, weekdays=days, closed=(date(2026, 12, 8),), serves_rest_days=rest
    )


def volume(day: date) -> Volume:
    return Volume(series="Ñuñoa", date=day, mean=20, p10=15, p50=20, p90=25)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("lun-sab", {0, 1, 2, 3, 4, 5}),
        ("lunes a viernes", {0, 1, 2, 3, 4}),
        ("lun, mié,VIE", {0, 2, 4}),
        ("sáb-lun", {5, 6, 0}),
        ("domingo", {6}),
    ],
)
def test_weekdays_are_read_as_people_write_them(text: str, days: set[int]) -> None:
    assert Weekdays().convert(text, None, None) == days


@pytest.mark.parametrize("text", ["", "lun-", "ayer", "lun-mar-mie", "1-5"])
def test_what_is_no_weekday_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(click.BadParameter, match="lun-sab"):
        Weekdays().convert(text, None, None)


def test_without_a_word_sundays_and_rest_days_are_closed_as_in_the_torre() -> None:
    rule = asked().rule
    assert [rule.is_open(day) for day in (SUNDAY, MONDAY, date(2026, 12, 8), CHRISTMAS)] == [
        False,
        True,
        False,
        False,
    ]
    assert asked(weekdays="lun-dom", rest=True).rule.is_open(SUNDAY)
    assert asked(rest=True).rule.is_open(CHRISTMAS)


def test_a_forecast_of_closed_days_alone_says_which_options_open_them() -> None:
    with pytest.raises(ServiceDaysMissingError, match="--weekdays lun-dom"):
        asked().days([volume(SUNDAY)])


def test_what_rows_count_and_where_a_closed_day_went_is_told() -> None:
    question = asked()
    told = service_sentences(question, question.days([volume(SUNDAY), volume(MONDAY)]))
    assert "entregas de ese día" in told[0]
    assert "--counts orders" in told[0]
    assert told[1].startswith("Sin reparto 1 día: domingo 06-12-2026. Sus 20 bultos pasan al día")


def test_orders_are_said_to_leave_later_and_some_after_the_last_day() -> None:
    question = asked(counts="orders")
    told = service_sentences(question, question.days([volume(MONDAY)]))
    assert "pedidos que entran ese día" in told[0]
    assert told[-1].startswith("20 bultos salen después del último día")
