"""A CSV table of demand, of any size, as offices in Chile export it: row by row, never whole.

Encoding and separator are found as for a sheet of orders (`orders.csv_sheet`), titles may stand
above the headers, and a column has any of its names. What cells mean is others' business.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from promesa.orders.csv_sheet import encodings_of, likely_delimiter
from promesa.orders.headers import header_key
from promesa.orders.sheets import ZIP_MAGIC, SheetError

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

# Titles and logos stand above the headers of many sheets.
HEADER_ROWS_MAX = 10
_SAMPLE_BYTES = 65_536
_CHUNK_BYTES = 1 << 20
# A line of a table of demand has some hundred signs; a longer one belongs to another kind of file.
_LINE_CHARS_MAX = 20_000
_SHOWN_CHARS_MAX = 80
_NOT_A_TABLE = "El archivo no es una tabla: guárdalo como CSV, con una fila por línea."


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandTable:
    """A table whose header was found.

    Attributes:
        places: Where each column stands.
        rows: Line of the file and cells of each row that holds something.
    """

    places: Mapping[str, int]
    rows: Iterator[tuple[int, Sequence[str]]]

    def cell(self, row: Sequence[str], column: str) -> str:
        """What a row has there; nothing where it ends before, or the table has no such column."""
        place = self.places.get(column)
        return row[place].strip() if place is not None and place < len(row) else ""


@contextmanager
def open_table(
    stream: BinaryIO, names: Mapping[str, str], needed: Sequence[Sequence[str]]
) -> Iterator[DemandTable]:
    """The table in a file.

    Args:
        stream: At its beginning; it can be sought.
        names: Column by the key of each name it goes by (`orders.headers`).
        needed: Groups of columns of which there must be one each.

    Raises:
        SheetError: It is empty, no text, no table, a column is missing, or its quotes are open.
    """
    with io.TextIOWrapper(stream, encoding=_encoding(stream), newline="") as text:
        first = _first_lines(text)
        skipped, delimiter = 0, likely_delimiter(first)
        if first and (told := first[0].strip().lower()).startswith("sep=") and len(told) == 5:
            skipped, delimiter = 1, told[-1]
        reader = csv.reader(chain(first[skipped:], text), delimiter=delimiter)
        rows = _counted(reader, skipped)
        places = _header(rows, names, needed)
        yield DemandTable(places=places, rows=rows)


def _encoding(stream: BinaryIO) -> str:
    """Found by reading all of it once: a letter that is no UTF-8 may stand in the last row."""
    sample = stream.read(_SAMPLE_BYTES)
    if not sample.strip():
        raise SheetError("El archivo está vacío. Revisa que sea el correcto.")
    if sample.startswith(ZIP_MAGIC):
        raise SheetError("Es un libro de Excel o un .zip: guárdalo como CSV.")
    try:
        encodings = encodings_of(sample)
    except SheetError as error:
        raise SheetError(_NOT_A_TABLE) from error
    for encoding in encodings:
        stream.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while chunk := stream.read(_CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        stream.seek(0)
        return encoding
    raise SheetError(_NOT_A_TABLE)


def _first_lines(text: io.TextIOWrapper) -> list[str]:
    lines = [text.readline(_LINE_CHARS_MAX) for _ in range(HEADER_ROWS_MAX)]
    if any(len(line) == _LINE_CHARS_MAX for line in lines):
        raise SheetError(_NOT_A_TABLE)
    return [line for line in lines if line]


def _counted(reader: CsvReader, skipped: int) -> Iterator[tuple[int, Sequence[str]]]:
    line = skipped
    try:
        for row in reader:
            line = skipped + reader.line_num
            if any(row):
                yield line, row
    except csv.Error as error:
        raise SheetError(
            f"No se entiende la fila {line + 1}: revisa que sus comillas estén cerradas."
        ) from error


def _header(
    rows: Iterator[tuple[int, Sequence[str]]],
    names: Mapping[str, str],
    needed: Sequence[Sequence[str]],
) -> dict[str, int]:
    """Where each column stands in the first row that has all that are needed."""
    best: tuple[dict[str, int], Sequence[str]] | None = None
    for line, row in rows:
        places = _places(row, names)
        if all(any(column in places for column in group) for group in needed):
            return places
        if best is None or len(places) > len(best[0]):
            best = places, row
        if line >= HEADER_ROWS_MAX:
            break
    places, row = best or ({}, ())
    missing = [group[0] for group in needed if not any(column in places for column in group)]
    lacks = "Falta la columna" if len(missing) == 1 else "Faltan las columnas"
    begins = ", ".join(row)[:_SHOWN_CHARS_MAX]
    raise SheetError(f"{lacks} {', '.join(missing)}; el archivo dice «{begins}».")


def _places(row: Sequence[str], names: Mapping[str, str]) -> dict[str, int]:
    """Where each column stands: the one called as we call it, else the first of its other names."""
    keys = [header_key(cell) for cell in row]
    found: dict[str, int] = {}
    for place, key in enumerate(keys):
        if key in names:
            found.setdefault(names[key], place)
    own = {key: place for place, key in reversed(list(enumerate(keys))) if names.get(key) == key}
    return found | own
