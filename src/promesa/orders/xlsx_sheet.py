"""XLSX through openpyxl, read row by row; a hostile workbook costs a bounded amount of memory."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from promesa.orders.sheets import (
    CELL_CHARS_MAX,
    COLUMNS_MAX,
    FORMULA,
    TOO_LONG,
    BadCell,
    CellValue,
    SheetError,
    SheetRow,
)

# 50,000 rows of 200 short cells unpack to less.
UNPACKED_BYTES_MAX = 200_000_000
ENTRIES_MAX = 2_000
# A sheet with formats down to its last row says it has a million rows.
BLANK_ROWS_MAX = 5_000
_CORRUPT = (
    "El archivo .xlsx está dañado o incompleto. Ábrelo en Excel, guárdalo de nuevo y vuelve a "
    "subirlo."
)
# What a damaged workbook makes zipfile, the XML parser and openpyxl raise.
_DAMAGE = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    RuntimeError,
)


def read_xlsx(content: bytes) -> Iterator[SheetRow]:
    """The rows of the first sheet that has any.

    Raises:
        SheetError: The workbook is damaged, protected, or unpacks to more than the limit.
    """
    _require_honest_size(content)
    with warnings.catch_warnings():
        # openpyxl warns of styles and validations that it leaves out; we read values only.
        warnings.simplefilter("ignore")
        try:
            yield from _rows(content)
        except _DAMAGE as error:
            raise SheetError(_CORRUPT) from error


def _require_honest_size(content: bytes) -> None:
    """Reads the directory only: zipfile never unpacks an entry beyond the size told there."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except _DAMAGE as error:
        raise SheetError(_CORRUPT) from error
    if len(entries) > ENTRIES_MAX or sum(each.file_size for each in entries) > UNPACKED_BYTES_MAX:
        raise SheetError(
            "La planilla es demasiado grande al descomprimirse. Copia sólo los pedidos a una "
            "planilla nueva y súbela."
        )
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise SheetError(
            "El archivo no es una planilla de Excel. Guárdalo como .xlsx o .csv y vuelve a subirlo."
        )


def _rows(content: bytes) -> Iterator[SheetRow]:
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    try:
        for sheet in workbook.worksheets:
            has_rows = False
            for row in _sheet_rows(sheet):
                has_rows = True
                yield row
            if has_rows:
                return
    finally:
        workbook.close()


def _sheet_rows(sheet: Any) -> Iterator[SheetRow]:
    # The size a file tells of itself is often wrong, and a wrong one cuts rows off.
    sheet.reset_dimensions()
    blank = 0
    for line, cells in enumerate(sheet.iter_rows(max_col=COLUMNS_MAX + 1), start=1):
        values = tuple(_value(cell) for cell in cells)
        if all(value is None for value in values):
            blank += 1
            if blank > BLANK_ROWS_MAX:
                return
            continue
        blank = 0
        yield SheetRow(line=line, cells=values)


def _value(cell: Any) -> CellValue:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return FORMULA
    if cell.data_type == "e":
        return BadCell(f"La celda muestra el error {value}. Escribe el valor.")
    if isinstance(value, str) and len(value) > CELL_CHARS_MAX:
        return TOO_LONG
    known: CellValue = value
    return known
