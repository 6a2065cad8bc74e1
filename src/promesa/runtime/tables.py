"""Tables for spreadsheets: CSV for Excel in Spanish, and XLSX. No cell runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from promesa.orders.rejected_csv import harmless

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A date is a day, a datetime without a zone what the clock on the wall says.
Cell = str | int | float | date | datetime | None
# How a workbook shows a column's numbers, which stay whole below.
WHOLE = "#,##0"
TENTH = "0.0"
HUNDREDTH = "0.00"
SHARE = "0%"
SHARE_TENTH = "0.0%"
PESOS = '"$"#,##0'
_DAY, _INSTANT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
_DAY_WIDTH, _INSTANT_WIDTH = 12, 18
# A sheet's name has at most so many characters, and none of those.
TITLE_CHARS_MAX = 31
_NOT_IN_TITLES = str.maketrans("", "", "[]:*?/\\")
_WIDTH_MIN, _WIDTH_MAX = 8, 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table with its name.

    Attributes:
        columns: Their names; a day where each column is one.
        formats: How a workbook shows each column; None, or none at all, as it comes.
    """

    title: str
    columns: Sequence[str | date]
    rows: Sequence[Sequence[Cell]]
    formats: Sequence[str | None] = ()


def write_csv(sheet: Sheet) -> bytes:
    """UTF-8 with its mark, semicolons and decimal commas, which Excel in Spanish opens unasked."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_text(name) for name in sheet.columns])
    writer.writerows([[_text(cell) for cell in row] for row in sheet.rows])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook: a frozen bold heading that filters, columns as wide as what they hold."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.title.translate(_NOT_IN_TITLES)[:TITLE_CHARS_MAX])
        page.append(list(sheet.columns))
        for row in sheet.rows:
            page.append([harmless(cell) if isinstance(cell, str) else cell for cell in row])
        for cell in page[1]:
            cell.font = Font(bold=True)
            if isinstance(cell.value, date):
                cell.number_format = _DAY
        page.freeze_panes = "A2"
        if sheet.rows:
            page.auto_filter.ref = page.dimensions
        for number, column in enumerate(sheet.columns, start=1):
            _show(page, number, sheet)
            longest = max([_width(column), *(_width(row[number - 1]) for row in sheet.rows)])
            width = min(_WIDTH_MAX, max(_WIDTH_MIN, longest + 2))
            page.column_dimensions[get_column_letter(number)].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _show(page: Worksheet, number: int, sheet: Sheet) -> None:
    """Days as days, and numbers as the column is shown."""
    shown = sheet.formats[number - 1] if sheet.formats else None
    for row, values in enumerate(sheet.rows, start=2):
        if isinstance(values[number - 1], date):
            instant = isinstance(values[number - 1], datetime)
            page.cell(row, number).number_format = _INSTANT if instant else _DAY
        elif shown and isinstance(values[number - 1], int | float):
            page.cell(row, number).number_format = shown


def _width(cell: Cell) -> int:
    if isinstance(cell, float):
        return len(f"{cell:.1f}")
    if isinstance(cell, datetime):
        return _INSTANT_WIDTH
    return _DAY_WIDTH if isinstance(cell, date) else len(str(cell or ""))


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", ",")
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return harmless(cell) if isinstance(cell, str) else str(cell)
