"""Hours as people write them in one cell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from promesa.orders.cells import CellError
from promesa.orders.hours_text import as_hours


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("9 a 13", "09:00-13:00"),
        ("09:00-13:00", "09:00-13:00"),
        ("de 9:30 a 12:30 hrs.", "09:30-12:30"),
        ("Entre las 9 y las 13", "09:00-13:00"),
        ("0900-1300", "09:00-13:00"),
        ("9am a 1pm", "09:00-13:00"),
        ("9 a 13 y 15 a 19", "09:00-13:00 15:00-19:00"),
        ("09:00 a 13:00 hrs / 15:00 a 19:00 hrs", "09:00-13:00 15:00-19:00"),
        ("después de las 15", "15:00-"),
        ("hasta las 12 hrs", "-12:00"),
        ("AM", "-12:00"),
        ("p.m.", "12:00-"),
        ("Todo el día", ""),
        ("s/i", ""),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, told: str) -> None:
    pairs = [
        "-".join("" if hour is None else f"{hour:%H:%M}" for hour in pair)
        for pair in as_hours(text)
    ]
    assert " ".join(pairs) == told


@pytest.mark.parametrize("text", ["en la tarde", "10:00", "9 a 25", "1-2-3", "mañana"])
def test_what_can_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        as_hours(text)


def test_hours_that_excel_made_a_date_say_so() -> None:
    with pytest.raises(CellError, match="Excel"):
        as_hours(datetime(2026, 12, 9, tzinfo=UTC))
