"""Screens on paper: what people wrote is text, the same page is the same file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from promesa.runtime.printing import (
    WORDS_MAX,
    Bar,
    Mark,
    Printed,
    PrintedBars,
    PrintedColumn,
    PrintedColumns,
    PrintedPage,
    PrintedTable,
    page_pdf,
)

PAGE = PrintedPage(
    title="Turnos",
    subtitle="Del lunes 5 al domingo 18",
    operator="Norte",
    made_at=datetime(2026, 10, 5, 15, tzinfo=UTC),
    words=["Falta 1 conductor."],
    parts=[
        PrintedTable(
            title="CD Quilicura",
            columns=["Conductor", "lun 5"],
            widths=[3, 1],
            rows=[[Printed(text="Ana"), Printed(text="1", mark=Mark.SHORT)]],
        ),
        PrintedBars(
            title="Puertas",
            rows=[("Puerta 1", [Bar(start=0, end=0.5, text="R-1", is_late=True)])],
            ticks=[(0.0, "07:00")],
        ),
    ],
)


def test_the_same_page_is_the_same_file() -> None:
    made = page_pdf(PAGE)
    assert made.startswith(b"%PDF")
    assert page_pdf(PAGE) == made


def test_a_name_is_never_a_command() -> None:
    named = replace(PAGE, words=['#panic("x") *no* $1$ \\'], operator='") #panic("y')
    assert page_pdf(named).startswith(b"%PDF")


def test_a_chart_has_a_column_a_day_even_of_a_day_of_nothing() -> None:
    days = [
        PrintedColumn(value=4, low=2, high=9, name="lun 5"),
        PrintedColumn(value=0, low=0, high=0),
    ]
    chart = PrintedColumns(title="Pedidos", columns=days, ticks=[(0, "0"), (10, "10")])
    drawn = page_pdf(replace(PAGE, parts=[chart]))
    assert drawn.startswith(b"%PDF")
    assert drawn != page_pdf(replace(PAGE, parts=[replace(chart, columns=days[:1])]))


def test_of_many_words_the_first_are_printed_and_the_others_counted() -> None:
    shown = [f"Falta {number}." for number in range(WORDS_MAX)]
    three = page_pdf(replace(PAGE, words=[*shown, "a", "b", "c"]))
    assert page_pdf(replace(PAGE, words=[*shown, "x", "y", "z"])) == three
    assert page_pdf(replace(PAGE, words=[*shown, "a", "b"])) != three


def test_a_page_of_nothing_is_a_page() -> None:
    assert page_pdf(replace(PAGE, words=[], parts=[])).startswith(b"%PDF")
