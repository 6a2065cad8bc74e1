"""CSV as Chilean offices write it: UTF-8 or Windows-1252; semicolon, comma, tab or bar."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from promesa.orders.sheets import (
    CELL_CHARS_MAX,
    FORMULA,
    TOO_LONG,
    CellValue,
    SheetError,
    SheetRow,
)

DELIMITERS = ";,\t|"
SAMPLE_LINES = 10
# Signs that no text file has; the start of a photo has many.
_BINARY = frozenset(range(0x01, 0x20)) - {0x09, 0x0A, 0x0C, 0x0D, 0x1A}
_BINARY_SAMPLE_BYTES = 4096
_UNREADABLE = (
    "El archivo no es una planilla, aunque su nombre lo diga. Guárdalo como .xlsx o .csv desde "
    "Excel o Google Sheets y vuelve a subirlo."
)


def read_csv(content: bytes) -> Iterator[SheetRow]:
    """The rows of a CSV file.

    Raises:
        SheetError: It is no text, or its quotes cannot be followed.
    """
    text = decoded(content)
    first, _, rest = text.partition("\n")
    told = first.rstrip("\r").lower()
    # Excel's own first line to say which separator follows.
    if told.startswith("sep=") and len(told) == len("sep=;"):
        return _rows(rest, delimiter=told[-1], line_before=1)
    return _rows(text, delimiter=likely_delimiter(text.splitlines()), line_before=0)


# A null character that slipped into a cell goes with the other control characters; more of them
# are another encoding, or no text at all.
_TEXT_PER_NULL_MIN = 50


def decoded(content: bytes) -> str:
    """The text: UTF-16 or UTF-8 by their marks, else UTF-8 when it is valid, else Windows-1252."""
    for encoding in encodings_of(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError(_UNREADABLE)


def encodings_of(content: bytes) -> tuple[str, ...]:
    """What text may be written in, the likeliest first, by its content or the first part of it.

    Raises:
        SheetError: It is no text.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    nulls = content.count(0) * _TEXT_PER_NULL_MIN
    if _BINARY & set(content[:_BINARY_SAMPLE_BYTES]) or nulls > len(content):
        raise SheetError(_UNREADABLE)
    return ("utf-8-sig", "cp1252", "latin-1")


def likely_delimiter(lines: Sequence[str]) -> str:
    """The separator that cuts the first lines into most cells."""
    sample = [line for line in lines[:SAMPLE_LINES] if line.strip()]

    def cells(delimiter: str) -> int:
        try:
            return sum(len(row) - 1 for row in csv.reader(sample, delimiter=delimiter))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def _rows(text: str, *, delimiter: str, line_before: int) -> Iterator[SheetRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = line_before + 1
    try:
        for cells in reader:
            yield SheetRow(line=line, cells=tuple(map(_cell, cells)))
            line = line_before + reader.line_num + 1
    except csv.Error as error:
        raise SheetError(
            f"No se entiende la fila {line}: revisa que sus comillas estén cerradas."
        ) from error


def _cell(text: str) -> CellValue:
    # ="0012" is how Excel users keep leading zeros in a CSV; it is text, not a formula.
    if text.startswith('="') and text.endswith('"') and text.count('"') == 2:
        return text[2:-1]
    if text.startswith("=") and len(text) > 1:
        return FORMULA
    return TOO_LONG if len(text) > CELL_CHARS_MAX else text
