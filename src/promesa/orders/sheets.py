"""A spreadsheet as rows of cells, whatever file it came in; content decides, never the name.

Knows files, not orders. What cannot be read is one sentence that says what to do; what is wrong
with one cell travels as a BadCell, so that the other rows go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from promesa.kernel.errors import InvalidError

FILE_BYTES_MAX = 20_000_000
ROWS_MAX = 50_000
COLUMNS_MAX = 200
CELL_CHARS_MAX = 2_000

ZIP_MAGIC = b"PK\x03\x04"
# Excel 97 files and password-protected workbooks share this container ([MS-CFB], section 2.2).
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class SheetError(InvalidError):
    """The file is no spreadsheet that we can read; the sentence says what to do."""

    code = "sheet_unreadable"
    message = "No pudimos leer la planilla. Guárdala de nuevo como .xlsx o .csv y vuelve a subirla."


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell whose content cannot be used, and why."""

    reason: str


CellValue: TypeAlias = (
    str | int | float | bool | datetime | date | time | timedelta | BadCell | None
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row with something in it.

    Attributes:
        line: The file's line (CSV: where the row begins) or the sheet's row, from 1.
    """

    line: int
    cells: tuple[CellValue, ...]


FORMULA = BadCell(
    "La celda tiene una fórmula. Cópiala y pégala como valor (pegado especial, Valores)."
)
TOO_LONG = BadCell(
    f"La celda tiene más de {CELL_CHARS_MAX} letras. Acórtala; si hay comillas sin cerrar, "
    "ciérralas."
)


def require_size(size_bytes: int) -> None:
    """Does nothing for a file that may be read.

    Raises:
        SheetError: It is empty or larger than the limit.
    """
    if size_bytes == 0:
        raise SheetError("El archivo está vacío. Revisa que sea el correcto y vuelve a subirlo.")
    if size_bytes > FILE_BYTES_MAX:
        raise SheetError(
            f"El archivo pesa {size_bytes // 1_000_000} MB y el máximo es "
            f"{FILE_BYTES_MAX // 1_000_000} MB. Divídelo en varios archivos."
        )


def within_limits(rows: Iterator[SheetRow]) -> Iterator[SheetRow]:
    """The rows that hold something.

    Raises:
        SheetError: There are too many rows, or too many columns in one.
    """
    count = 0
    for row in rows:
        if all(cell is None or cell == "" for cell in row.cells):
            continue
        count += 1
        if count > ROWS_MAX + 1:
            raise SheetError(f"La planilla tiene más de {ROWS_MAX} filas. Divídela en varias.")
        if len(row.cells) > COLUMNS_MAX and any(
            cell not in {None, ""} for cell in row.cells[COLUMNS_MAX:]
        ):
            raise SheetError(
                f"La fila {row.line} tiene más de {COLUMNS_MAX} columnas. Borra las que sobran."
            )
        yield row
