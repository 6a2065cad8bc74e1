"""What a workbook of ours must be so that a spreadsheet can reckon with it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d\d[-/]\d\d[-/]\d{4}")
_SHARE = re.compile(r"se cumple|se dijo|se incumple|al menos|peor día$|perdidas$|error|dentro")
_TITLE_WIDTH = 10


def untyped(content: bytes) -> list[str]:
    """Each column that is not what it looks like, and each sheet whose head runs away; [] is well.

    Dates are dates, shares percents, pesos pesos; the heading is frozen and names fit.
    """
    return [fault for page in load_workbook(io.BytesIO(content)) for fault in _faults(page)]


def _faults(page: Worksheet) -> Iterator[str]:
    if page.freeze_panes != "A2":
        yield f"{page.title}: the heading is not frozen"
    for number, (head, *cells) in enumerate(page.iter_cols(), start=1):
        title = str(head.value)
        width = page.column_dimensions[get_column_letter(number)].width
        if len(title) > _TITLE_WIDTH and width < _TITLE_WIDTH:
            yield f"{page.title}, {title}: cut off"
        for cell in cells:
            if fault := _fault(title, cell):
                yield f"{page.title}, {title}: {fault}"
                break


def _fault(title: str, cell: Cell) -> str | None:
    value, shown = cell.value, cell.number_format
    if isinstance(value, str) and _DATE.fullmatch(value[:10]):
        return f"text for a date, {value}"
    if isinstance(value, datetime):
        return None if shown.startswith("dd/mm/yyyy") else f"a date shown as {shown}"
    if not isinstance(value, int | float):
        return None
    if title.endswith("CLP"):
        return None if "$" in shown else f"pesos shown as {shown}"
    if _SHARE.search(title):
        return None if shown.endswith("%") and abs(value) <= 1 else f"{value} shown as {shown}"
    if isinstance(value, float) and shown == "General":
        return f"{value} with as many decimals as it has"
    return None
