"""The rejected rows of an import as a CSV that opens well in a Chilean Excel."""

from __future__ import annotations

import csv
import io

from promesa.orders.repository import ImportBatch

# OWASP, CSV injection: a cell that begins so is run as a formula by spreadsheets.
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_HEADERS = ("fila", "documento", "comuna", "campo", "motivo")


def rejected_csv(batch: ImportBatch) -> bytes:
    """One line a fault: row of the file, document number, comuna, field and what to do.

    UTF-8 with its mark and semicolons, which Excel in Spanish opens without asking.
    """
    told = {row.get("row", ""): row for row in batch.rejected_rows}
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADERS)
    for fault in batch.rejected:
        row = told.get(str(fault.row), {})
        cells = (
            "" if fault.row is None else str(fault.row),
            row.get("reference", ""),
            row.get("comuna", ""),
            fault.field,
            fault.reason,
        )
        writer.writerow([harmless(cell) for cell in cells])
    return target.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before it when a spreadsheet would run it."""
    return f"'{cell}" if cell.startswith(_RUNS) else cell
