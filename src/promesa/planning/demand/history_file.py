"""Reads a demand history from CSV: one row a day of a series, good rows kept, bad ones told.

Files of ten million rows are read in one pass and kept as numbers only.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar, TextIO

import numpy as np

from promesa.kernel.errors import FieldFault, InvalidError
from promesa.planning.demand.panel import DAYS_MAX, SERIES_MAX, Panel

BYTES_MAX = 1_000_000_000
FAULTS_MAX = 1_000
PARCELS_MAX = 10_000_000
COLUMNS = ("series", "date", "parcels")
_DELIMITERS = ",;\t"
_FIRST_ROW = 2
_UNKNOWN = -1.0


class HistoryFileError(InvalidError):
    """The history cannot be read at all."""

    code: ClassVar[str] = "demand_history_unreadable"
    message: ClassVar[str] = (
        "El archivo no es una historia que se pueda leer. Guárdalo como CSV con las columnas "
        "series, date y parcels."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRead:
    """What a file gave.

    Attributes:
        panel: All good rows.
        rows: How many they were.
        faults: One for each row refused, up to ``FAULTS_MAX``.
        refused: How many were refused in all.
    """

    panel: Panel
    rows: int
    faults: tuple[FieldFault, ...]
    refused: int


@dataclass(slots=True)
class _Table:
    """Rows read so far, a number each."""

    series: dict[str, int] = field(default_factory=dict)
    days: dict[str, int | None] = field(default_factory=dict)
    column: array[int] = field(default_factory=lambda: array("i"))
    day: array[int] = field(default_factory=lambda: array("i"))
    parcels: array[float] = field(default_factory=lambda: array("d"))
    line: array[int] = field(default_factory=lambda: array("i"))
    faults: list[FieldFault] = field(default_factory=list)
    refused: int = 0

    def refuse(self, line: int, name: str, reason: str) -> None:
        self.refused += 1
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(FieldFault(field=name, reason=reason, row=line))


def read_history(path: Path) -> HistoryRead:
    """The history in a file with the columns series, date (2026-11-30) and parcels.

    Raises:
        HistoryFileError: No CSV, too large, a column missing, or no row that can be used.
    """
    if path.stat().st_size > BYTES_MAX:
        raise HistoryFileError("El archivo pesa más de 1 GB. Divídelo.", file=path.name)
    table = _Table()
    with _opened(path) as stream:
        for line, row in enumerate(_rows(stream, path.name), start=_FIRST_ROW):
            if row:
                _take(table, line, row)
    if not table.column:
        raise HistoryFileError(
            "El archivo no trae ninguna fila que sirva. Corrige la que se indica y las demás.",
            file=path.name,
            row=table.faults[0].row if table.faults else None,
            reason=table.faults[0].reason if table.faults else None,
        )
    return _filled(table)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield stream
    except (UnicodeDecodeError, csv.Error) as error:
        raise HistoryFileError(file=path.name, cause=str(error)) from error


def _rows(stream: TextIO, name: str) -> Iterator[Sequence[str] | None]:
    """The three columns of each row; None for an empty one."""
    first = stream.readline()
    delimiter = max(_DELIMITERS, key=first.count)
    header = [
        cell.strip().casefold() for cell in next(csv.reader([first], delimiter=delimiter), [])
    ]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise HistoryFileError(f"Falta la columna {', '.join(missing)}.", file=name)
    places = [header.index(column) for column in COLUMNS]
    for row in csv.reader(stream, delimiter=delimiter):
        if not any(row):
            yield None
        else:
            yield [row[place].strip() if place < len(row) else "" for place in places]


def _take(table: _Table, line: int, row: Sequence[str]) -> None:
    name, day_text, parcels_text = row
    if not name:
        return table.refuse(line, "series", "Falta el nombre de la serie.")
    day = table.days.get(day_text, 0) or _day(table, day_text)
    if day is None:
        return table.refuse(line, "date", f"«{day_text}» no es una fecha como 2026-11-30.")
    parcels = _parcels(parcels_text)
    if parcels == _UNKNOWN:
        reason = f"«{parcels_text}» no es una cantidad de bultos: va un número desde 0."
        return table.refuse(line, "parcels", reason)
    column = table.series.setdefault(name, len(table.series))
    if column >= SERIES_MAX:
        raise HistoryFileError(f"El archivo trae más de {SERIES_MAX} series. Divídelo.")
    table.column.append(column)
    table.day.append(day)
    table.parcels.append(parcels)
    table.line.append(line)
    return None


def _day(table: _Table, text: str) -> int | None:
    try:
        found: int | None = date.fromisoformat(text).toordinal()
    except ValueError:
        found = None
    table.days[text] = found
    return found


def _parcels(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return _UNKNOWN
    return number if 0 <= number <= PARCELS_MAX else _UNKNOWN


def _filled(table: _Table) -> HistoryRead:
    """The rows as a panel; a day of a series told twice counts once, as it was told first."""
    column, day = np.asarray(table.column), np.asarray(table.day)
    parcels = np.asarray(table.parcels)
    first = int(day.min())
    count = int(day.max()) - first + 1
    if count > DAYS_MAX:
        raise HistoryFileError(f"El archivo abarca más de {DAYS_MAX} días. Revisa las fechas.")
    place = (day - first).astype(np.int64) * len(table.series) + column
    cells, index = np.unique(place, return_index=True)
    values = np.full(count * len(table.series), np.nan)
    values[cells] = parcels[index]
    for row in np.flatnonzero(values[place] != parcels):
        reason = f"Ese día de esa serie ya venía con {values[place[row]]:g}. Deja una sola fila."
        table.refuse(int(table.line[row]), "parcels", reason)
    return HistoryRead(
        panel=Panel(
            first=date.fromordinal(first),
            series=tuple(table.series),
            parcels=values.reshape(count, len(table.series)),
        ),
        rows=len(cells),
        faults=tuple(table.faults),
        refused=table.refused,
    )
