"""Opens a file of orders by what it holds: a workbook, or text."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.orders.csv_sheet import read_csv
from promesa.orders.sheets import (
    OLE_MAGIC,
    ZIP_MAGIC,
    SheetError,
    SheetRow,
    require_size,
    within_limits,
)
from promesa.orders.xlsx_sheet import read_xlsx


def open_sheet(content: bytes) -> Iterator[SheetRow]:
    """The rows of a CSV or XLSX file that hold something.

    Raises:
        SheetError: The file cannot be read; the sentence says what to do.
    """
    require_size(len(content))
    if content.startswith(OLE_MAGIC):
        raise SheetError(
            "El archivo tiene clave o es de Excel 97-2003 (.xls). Guárdalo como .xlsx sin clave y "
            "vuelve a subirlo."
        )
    rows = read_xlsx(content) if content.startswith(ZIP_MAGIC) else read_csv(content)
    return within_limits(rows)
