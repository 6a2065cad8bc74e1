"""Cells as people fill them in."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from promesa.orders.cells import (
    CellError,
    Moment,
    as_duration_s,
    as_moment,
    as_number,
    as_text,
    as_time,
    as_whole,
    is_month_first,
)
from promesa.orders.sheets import FORMULA, CellValue

NOVEMBER_25 = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,5", 1.5),
        ("1.5", 1.5),
        ("-33,42456", -33.42456),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1_234_567.0),
        ("$ 12,5", 12.5),
        (7, 7.0),
        ("", None),
    ],
)
def test_decimals_come_with_a_point_or_a_comma(written: CellValue, number: float | None) -> None:
    assert as_number(written) == number


@pytest.mark.parametrize(
    "written", ["doce", "1,2,3.4.5", "nan", "inf", "1e999", 1e308, float("inf")]
)
def test_what_is_no_number_is_refused(written: CellValue) -> None:
    with pytest.raises(CellError):
        as_number(written)


@pytest.mark.parametrize(
    ("written", "number"), [("12.990", 12990), ("$1.234.567", 1_234_567), ("3", 3), (2.0, 2)]
)
def test_whole_numbers_part_thousands_with_a_point(written: CellValue, number: int) -> None:
    assert as_whole(written) == number


def test_half_a_parcel_is_refused() -> None:
    with pytest.raises(CellError):
        as_whole("1,5")


@pytest.mark.parametrize(
    "written",
    [
        "25/11/2026",
        "25-11-2026",
        "25.11.2026",
        "2026-11-25",
        "2026/11/25",
        "2026-11-25T00:00:00Z",
        "25 de noviembre de 2026",
        "25-nov-2026",
        datetime.combine(NOVEMBER_25, time()),
        NOVEMBER_25,
        46351,
        "46351",
        46351.0,
    ],
)
def test_one_date_in_all_its_spellings(written: CellValue) -> None:
    assert as_moment(written, is_doubtful=True) == Moment(day=NOVEMBER_25)


@pytest.mark.parametrize("written", ["25/11/2026 9:30", "2026-11-25 09:30:00", 46351.395833])
def test_a_date_may_carry_a_time(written: CellValue) -> None:
    assert as_moment(written, is_doubtful=False) == Moment(day=NOVEMBER_25, clock_time=time(9, 30))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("11/25/2026", "25/11/2026"),
        ("25/11/26", "4 cifras"),
        ("31/02/2026", "no existe"),
        ("45/13/2026", "no existe"),
        ("mañana", "dd/mm/aaaa"),
        (123, "dd/mm/aaaa"),
    ],
)
def test_a_date_that_cannot_be_says_what_to_write(written: CellValue, told: str) -> None:
    with pytest.raises(CellError) as failure:
        as_moment(written, is_doubtful=False)
    assert told in failure.value.sentence


def test_the_day_comes_first_unless_the_column_says_otherwise() -> None:
    fifth = Moment(day=date(2026, 11, 5))
    assert as_moment("05/11/2026", is_doubtful=False) == fifth
    with pytest.raises(CellError):
        as_moment("05/11/2026", is_doubtful=True)
    same = Moment(day=date(2026, 5, 5))
    assert as_moment("05/05/2026", is_doubtful=True) == same, "the same both ways"


def test_one_month_first_date_gives_the_column_away() -> None:
    assert is_month_first(["05/11/2026", "11/25/2026"])
    assert not is_month_first(["05/11/2026", "25/11/2026", 46351, None])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("9", time(9)),
        ("9:30", time(9, 30)),
        ("09:30:00", time(9, 30)),
        ("9.30 hrs", time(9, 30)),
        ("9:30 PM", time(21, 30)),
        ("12:00 a.m.", time(0)),
        ("24:00", time(23, 59)),
        (0.5, time(12)),
        ("0,5", time(12)),
        ("25/11/2026 18:00", time(18)),
        ("", None),
    ],
)
def test_times_of_day(written: CellValue, expected: time | None) -> None:
    assert as_time(written) == expected


@pytest.mark.parametrize("written", ["25:00", "9:75", "13:00 pm", "tarde"])
def test_a_time_that_cannot_be_is_refused(written: str) -> None:
    with pytest.raises(CellError):
        as_time(written)


@pytest.mark.parametrize(
    ("written", "unit_s", "seconds"),
    [("10", 60, 600), ("00:10:00", 60, 600), ("7,5", 60, 450), ("180", 1, 180), ("5 min", 60, 300)],
)
def test_durations(written: str, unit_s: int, seconds: int) -> None:
    assert as_duration_s(written, unit_s=unit_s) == seconds


def test_a_formula_is_refused_wherever_it_stands() -> None:
    with pytest.raises(CellError):
        as_text(FORMULA)


def test_a_number_in_a_column_of_texts_has_no_decimals() -> None:
    assert as_text(10012.0) == "10012"
