"""Reads CSV tables of points, traces and addresses as people export them.

UTF-8 or Latin-1, comma, semicolon or tab, decimal commas. A fault names its row, its field and
what to do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from promesa.kernel.errors import InvalidError
from promesa.kernel.geo import Position
from promesa.roads.traces import TraceFix

TABLE_BYTES_MAX = 50_000_000
TABLE_ROWS_MAX = 200_000
_FIELD_CHARS_MAX = 20_000
_DELIMITERS = ",;\t"
# The header is line 1, so the first row of data is line 2.
FIRST_ROW = 2


class TableUnreadableError(InvalidError):
    """The file is no CSV, is too large, or misses a column."""

    code = "roads_table_unreadable"
    message = "El archivo no es un CSV que se pueda leer. Guárdalo como CSV UTF-8."


class TableRowError(InvalidError):
    """A row holds a value that cannot be used."""

    code = "roads_table_row"
    message = "Hay un dato que no sirve en el archivo."


def read_table(
    path: Path, required: Sequence[str], optional: Sequence[str] = ()
) -> list[dict[str, str]]:
    """The rows of a CSV file, by column name.

    Columns asked for are found whatever their capitals and get the name asked for; the others
    keep theirs.

    Raises:
        TableUnreadableError: It cannot be read, is too large, or a required column is missing.
    """
    if path.stat().st_size > TABLE_BYTES_MAX:
        raise TableUnreadableError("El archivo pesa más de 50 MB. Divídelo.", archivo=path.name)
    return table_rows(path.read_bytes(), path.name, required, optional)


def table_rows(
    raw: bytes, name: str, required: Sequence[str], optional: Sequence[str] = ()
) -> list[dict[str, str]]:
    """The rows of the content of a CSV file, as ``read_table`` gives them.

    Raises:
        TableUnreadableError: It cannot be read, or a required column is missing.
    """
    if b"\0" in raw:
        raise TableUnreadableError(archivo=name)
    lines = _limited(_reader(_decoded(raw)), name)
    asked = {column.strip().casefold(): column for column in (*required, *optional)}
    written = [column.strip() for column in lines[0]] if lines else []
    header = [asked.get(column.casefold(), column) for column in written]
    missing = [column for column in required if column not in header]
    if missing:
        raise TableUnreadableError(
            f"Falta la columna {', '.join(missing)}.", archivo=name, columnas=written
        )
    rows = [dict(zip(header, line, strict=False)) for line in lines[1:]]
    return [{column: row.get(column, "").strip() for column in header} for row in rows]


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def delimiter_of(raw: bytes) -> str:
    """What parts the columns of a table; where it is no comma, numbers may be written with one."""
    return _delimiter(_decoded(raw))


def _delimiter(text: str) -> str:
    first = text.split("\n", maxsplit=1)[0]
    return max(_DELIMITERS, key=first.count)


def _reader(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD_CHARS_MAX)
    return csv.reader(io.StringIO(text), delimiter=_delimiter(text))


def _limited(reader: Iterator[list[str]], name: str) -> list[list[str]]:
    """All lines that hold something, the header first."""
    rows: list[list[str]] = []
    try:
        for row in reader:
            if len(rows) > TABLE_ROWS_MAX:
                raise TableUnreadableError("El archivo tiene demasiadas filas.", archivo=name)
            if any(cell.strip() for cell in row):
                rows.append(row)
    except csv.Error as error:
        raise TableUnreadableError(archivo=name, causa=str(error)) from error
    return rows


def read_points(path: Path) -> list[Position]:
    """The positions of a file with the columns lon and lat.

    Raises:
        TableUnreadableError: It cannot be read.
        TableRowError: A row holds no position.
    """
    rows = read_table(path, ("lon", "lat"))
    return [_position(row, number) for number, row in enumerate(rows, start=FIRST_ROW)]


def read_trace(path: Path) -> list[TraceFix]:
    """The fixes of a file with the columns time, lon, lat and perhaps accuracy_m, by time.

    Raises:
        TableUnreadableError: It cannot be read.
        TableRowError: A row holds no fix.
    """
    rows = read_table(path, ("time", "lon", "lat"), ("accuracy_m",))
    fixes = [_fix(row, number) for number, row in enumerate(rows, start=FIRST_ROW)]
    return sorted(fixes, key=lambda fix: fix.time)


def _fix(row: dict[str, str], number: int) -> TraceFix:
    position = _position(row, number)
    time = _instant(row["time"], number)
    if not row.get("accuracy_m"):
        return TraceFix(time=time, position=position)
    return TraceFix(time=time, position=position, accuracy_m=_number(row, "accuracy_m", number))


def _instant(text: str, number: int) -> datetime:
    reason = "Escribe la hora en ISO 8601 con desfase, como 2026-11-30T08:00:00-03:00."
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise _row_error(number, "time", reason) from error
    if instant.tzinfo is None:
        raise _row_error(number, "time", reason)
    return instant


def _position(row: dict[str, str], number: int) -> Position:
    lon, lat = _number(row, "lon", number), _number(row, "lat", number)
    try:
        return Position(lon=lon, lat=lat)
    except ValueError as error:
        reason = "La longitud va de -180 a 180 y la latitud de -90 a 90."
        raise _row_error(number, "lon, lat", reason) from error


def _number(row: dict[str, str], field: str, number: int) -> float:
    try:
        return float(row[field].replace(",", "."))
    except ValueError as error:
        raise _row_error(number, field, "Escribe un número, como -70.65.") from error


def _row_error(number: int, field: str, reason: str) -> TableRowError:
    return TableRowError(f"Fila {number}, {field}: {reason}", row=number, field=field)
