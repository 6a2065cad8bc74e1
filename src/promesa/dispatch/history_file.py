"""Reads a demand history from CSV: one row a day of a series, good rows kept, bad ones told.

Files of ten million rows are read in one pass and kept as numbers only; what a date or a point
means is settled once all of its column was seen. The torre's own reader, which knows comunas and
depots, is `history_sheet`; both know the columns by the same names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from promesa.dispatch.demand_table import DemandTable, open_table
from promesa.dispatch.history_rows import (
    CELL_SHOWN_CHARS_MAX,
    HUNDRED,
    THOUSAND,
    HistoryRows,
    column_point,
    settled,
)
from promesa.dispatch.history_sheet import HISTORY_COLUMNS, HistoryColumn
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.orders.amounts import Point, is_either, point_of
from promesa.orders.cells import CellError, as_number, as_time
from promesa.orders.sheets import SheetError
from promesa.planning.demand.panel import SERIES_MAX, Panel
from promesa.planning.demand.series import SeriesKey

BYTES_MAX = 1_000_000_000
PARCELS_MAX = 10_000_000
# Texts of dates kept until all were seen: twenty years, each day written in some ways.
DATE_TEXTS_MAX = 50_000
# Texts of numbers remembered: most counts come again.
NUMBERS_KEPT = 100_000
ASKED = (
    "Debe llevar una fila por día y serie con series, date y parcels, o con comuna, fecha y "
    "pedidos. Si cada fila es un pedido, cuéntalos antes por comuna y día."
)
_HOURS = 25  # Slots of a day: one for no hour, and one for each.
_DIGITS_MAX = 9


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
        faults: One for each row refused, by line, up to ``FAULTS_MAX``.
        refused: How many were refused in all.
        thousands: A number of which only the rest of the column told that its point parts
            thousands; empty where there was none.
    """

    panel: Panel
    rows: int
    faults: tuple[FieldFault, ...]
    refused: int
    thousands: str = ""


def read_history(path: Path) -> HistoryRead:
    """The history in a file with series, date and parcels, by any of their names.

    A file by comuna may say the depot, the product class and the hour besides: the first two make a
    series of their own, hours add up.

    Raises:
        HistoryFileError: No CSV, too large, a column missing, or no row that can be used.
    """
    if path.stat().st_size > BYTES_MAX:
        raise HistoryFileError("El archivo pesa más de 1 GB. Divídelo.", file=path.name)
    rows = HistoryRows()
    try:
        with path.open("rb") as stream, open_table(stream, _NAMES, _NEEDED) as table:
            is_parted = "series" not in table.places
            place = table.places[HistoryColumn.COMUNA.value if is_parted else "series"]
            day, parcels = table.places["date"], table.places["parcels"]
            longest = max(place, day, parcels)
            for line, row in table.rows:
                if len(row) <= longest:
                    row = [*row, *[""] * (longest + 1 - len(row))]  # noqa: PLW2901 - as if written
                name, hour = row[place].strip(), 0
                if is_parted and name:
                    name, hour = _parted(name, row, table)
                _take(rows, line, (name, hour, row[day], row[parcels]))
    except SheetError as error:
        raise HistoryFileError(f"{error.sentence} {ASKED}", file=path.name) from error
    if not rows.seen:
        reason = f"El archivo trae sólo los encabezados, sin filas. {ASKED}"
        raise HistoryFileError(reason, file=path.name)
    good = settled(rows)
    if not good.any():
        fault = min(rows.faults, key=lambda each: each.row or 0)
        raise HistoryFileError(
            "El archivo no trae ninguna fila que sirva. Corrige la que se indica y las demás.",
            file=path.name,
            row=fault.row,
            field=fault.field,
            reason=fault.reason,
        )
    return _filled(rows, good)


_WORDS = {
    HistoryColumn.SERIES: "series",
    HistoryColumn.DAY: "date",
    HistoryColumn.ORDERS: "parcels",
}
_NAMES = {key: _WORDS.get(column, column.value) for key, column in HISTORY_COLUMNS.items()}
_NEEDED = (("series", HistoryColumn.COMUNA.value), ("date",), ("parcels",))


def _take(rows: HistoryRows, line: int, row: tuple[str, int, str, str]) -> None:
    """One row: name of the series, slot of the day, date and parcels as written."""
    name, hour, day_text, parcels_text = row
    rows.seen += 1
    if not name:
        return rows.refuse(line, "series", "Falta el nombre de la serie.")
    if hour < 0:
        return rows.refuse(line, HistoryColumn.HOUR.value, "La hora va de 0 a 23.")
    parcels = rows.numbers.get(parcels_text) or _parcels(rows, parcels_text)
    if parcels is None:
        shown = parcels_text.strip()[:CELL_SHOWN_CHARS_MAX]
        reason = f"«{shown}» no es una cantidad de bultos: va un número desde 0."
        return rows.refuse(line, "parcels", reason)
    column = rows.series.setdefault(name, len(rows.series))
    if column >= SERIES_MAX:
        raise HistoryFileError(f"El archivo trae más de {SERIES_MAX} series. Divídelo.")
    day = rows.days.setdefault(day_text, len(rows.days))
    if day >= DATE_TEXTS_MAX:
        raise HistoryFileError(f"La columna de fechas no lo es: trae más de {DATE_TEXTS_MAX}.")
    rows.column.append(column)
    rows.day.append(day)
    rows.hour.append(hour)
    rows.parcels.append(parcels)
    rows.line.append(line)
    return None


def _parted(comuna: str, row: Sequence[str], table: DemandTable) -> tuple[str, int]:
    """The series of a comuna, with its depot and class if the file says them, and the slot.

    The slot is 0 for a whole day, from 1 for its hours, negative for what is no hour.
    """
    depot = table.cell(row, HistoryColumn.DEPOT.value)
    product_class = table.cell(row, HistoryColumn.PRODUCT_CLASS.value)
    name = SeriesKey(comuna=comuna, depot=depot, product_class=product_class).text
    text = table.cell(row, HistoryColumn.HOUR.value)
    if not text:
        return name, 0
    try:
        clock_time = as_time(text)
    except CellError:
        return name, -1
    return name, -1 if clock_time is None else clock_time.hour + 1


def _parcels(rows: HistoryRows, written: str) -> float | None:
    """The number; NaN where only the rest of the column can tell what its point means."""
    text = written.strip()
    if text.isdecimal():
        whole = int(text) if len(text) <= _DIGITS_MAX else THOUSAND
        rows.whole_max = max(rows.whole_max, whole)
        rows.has_hundreds |= HUNDRED <= whole < THOUSAND
    else:
        if is_either(text):
            rows.unread[len(rows.parcels)] = text
            return np.nan
        told = point_of([text])
        if told is not Point.UNKNOWN:
            rows.points.add(told)
    try:
        number = float(text) if text.isdecimal() else as_number(text)
    except CellError:
        return None
    if number is None or not 0 <= number <= PARCELS_MAX:
        return None
    if len(rows.numbers) < NUMBERS_KEPT:
        rows.numbers[written] = number
    return number


def _filled(rows: HistoryRows, good: NDArray[np.bool_]) -> HistoryRead:
    """The rows as a panel; what is told twice of a series counts once, as it was told first."""
    column, day = np.asarray(rows.column)[good], np.asarray(rows.day)[good]
    parcels, line = np.asarray(rows.parcels)[good], np.asarray(rows.line)[good]
    first = int(day.min())
    count = int(day.max()) - first + 1
    place = (day - first).astype(np.int64) * len(rows.series) + column
    slots, index, whose = np.unique(
        place * _HOURS + np.asarray(rows.hour)[good], return_index=True, return_inverse=True
    )
    told = parcels[index]
    for row in np.flatnonzero(told[whose] != parcels):
        reason = f"Ese día de esa serie ya venía con {told[whose[row]]:g}. Deja una sola fila."
        rows.refuse(int(line[row]), "parcels", reason)
    values = np.full(count * len(rows.series), np.nan)
    values[place] = 0.0
    np.add.at(values, slots // _HOURS, told)
    return HistoryRead(
        panel=Panel(
            first=date.fromordinal(first),
            series=tuple(rows.series),
            parcels=values.reshape(count, len(rows.series)),
        ),
        rows=len(slots),
        faults=tuple(sorted(rows.faults, key=lambda fault: fault.row or 0)),
        refused=rows.refused,
        thousands=next(iter(rows.unread.values()), "")
        if column_point(rows) is Point.THOUSANDS
        else "",
    )
