"""A screen as PDF, to hang on the wall or to send on: words first, then tables and bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib import resources
from zoneinfo import ZoneInfo

from promesa.kernel.serviceday import SANTIAGO
from promesa.proof.pages import typeset

PDF_TYPE = "application/pdf"
# What a page of words takes; the screen has all of them.
WORDS_MAX = 12
ROWS_MAX = 2_000
SIZE_PT = 8.5


class Mark(StrEnum):
    """What a cell is printed with."""

    NONE = "none"
    SHORT = "short"
    DIM = "dim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A cell."""

    text: str = ""
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTable:
    """A table.

    Attributes:
        named: Columns from the left that hold names and stand left.
        widths: Share of the page of each column; 0 takes what its text needs.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Printed]]
    named: int = 1
    widths: Sequence[float] = ()
    note: str = ""
    size_pt: float = SIZE_PT


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A span of a row, from 0 to 1 of the chart."""

    start: float
    end: float
    text: str
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedBars:
    """Bars in rows.

    Attributes:
        rows: A name with its bars.
        ticks: Where a time stands, from 0 to 1, and its text.
    """

    title: str
    rows: Sequence[tuple[str, Sequence[Bar]]]
    ticks: Sequence[tuple[float, str]]
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedColumn:
    """A day of a chart: what is expected, and from where to where it may lie."""

    value: float
    low: float
    high: float
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedColumns:
    """Columns with their intervals.

    Attributes:
        columns: Names stand below those that have one.
        ticks: Values of the axis with their texts, the last one its top.
    """

    title: str
    columns: Sequence[PrintedColumn]
    ticks: Sequence[tuple[float, str]]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPage:
    """A screen.

    Attributes:
        words: The first is the headline.
    """

    title: str
    subtitle: str
    operator: str
    made_at: datetime
    words: Sequence[str] = ()
    parts: Sequence[PrintedTable | PrintedBars | PrintedColumns] = field(default_factory=tuple)
    is_simulated: bool = False


def page_pdf(page: PrintedPage) -> bytes:
    """The page as PDF; the same page gives the same bytes.

    Raises:
        DocumentError: It could not be set.
    """
    template = resources.files("promesa.runtime").joinpath("printing.typ").read_bytes()
    return typeset(template, _facts(page), made_at=page.made_at)


def _facts(page: PrintedPage) -> dict[str, object]:
    more = len(page.words) - WORDS_MAX
    words = list(page.words[:WORDS_MAX])
    if more > 0:
        words.append(f"Y {more} más, que están en la pantalla.")
    return {
        "title": page.title,
        "subtitle": page.subtitle,
        "operator": page.operator,
        "made_at": f"{page.made_at.astimezone(ZoneInfo(SANTIAGO)):%d-%m-%Y %H:%M}",
        "words": words,
        "is_simulated": page.is_simulated,
        "parts": [_part(part) for part in page.parts],
    }


def _part(part: PrintedTable | PrintedBars | PrintedColumns) -> dict[str, object]:
    if isinstance(part, PrintedBars):
        return {"bars": _bars(part), "sheet": None, "columns": None}
    if isinstance(part, PrintedColumns):
        return {"bars": None, "sheet": None, "columns": _columns(part)}
    rows = part.rows[:ROWS_MAX]
    return {
        "bars": None,
        "columns": None,
        "sheet": {
            "title": part.title,
            "note": part.note,
            "size": part.size_pt,
            "named": part.named,
            "columns": list(part.columns),
            "widths": list(part.widths or [0] * len(part.columns)),
            "rows": [
                [{"text": cell.text, "mark": cell.mark.value} for cell in row] for row in rows
            ],
        },
    }


def _bars(part: PrintedBars) -> dict[str, object]:
    return {
        "title": part.title,
        "words": list(part.words[:WORDS_MAX]),
        "ticks": [{"at": at, "text": text} for at, text in part.ticks],
        "rows": [
            {
                "name": name,
                "bars": [
                    {"start": bar.start, "end": bar.end, "text": bar.text, "is_late": bar.is_late}
                    for bar in bars
                ],
            }
            for name, bars in part.rows
        ],
    }


def _columns(part: PrintedColumns) -> dict[str, object]:
    return {
        "title": part.title,
        "note": part.note,
        "ticks": [{"at": at, "text": text} for at, text in part.ticks],
        "days": [
            {"value": each.value, "low": each.low, "high": each.high, "name": each.name}
            for each in part.columns[:ROWS_MAX]
        ],
    }
