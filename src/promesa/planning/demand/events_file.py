"""Reads demand events from CSV: ``name,start,end,uplift,sigma[,series]``, good rows kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from promesa.kernel.errors import FieldFault, InvalidError
from promesa.planning.demand.event import DemandEvent
from promesa.roads.tables import FIRST_ROW, TableUnreadableError, read_table

ROWS_MAX = 20_000
# An event of a year would be a season.
EVENT_DAYS_MAX = 92
UPLIFT_MAX = 100.0
SIGMA_MAX = 3.0
COLUMNS = ("name", "start", "end")
OPTIONAL = ("uplift", "sigma", "series")
SERIES_SEPARATOR = "|"


class EventsFileError(InvalidError):
    """The events cannot be read at all."""

    code: ClassVar[str] = "demand_events_unreadable"
    message: ClassVar[str] = (
        "El archivo no es una lista de eventos que se pueda leer. Guárdalo como CSV con las "
        "columnas name, start, end, uplift y sigma."
    )


class _RowFaultError(Exception):
    """One field of a row that cannot be used."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsRead:
    """What a file gave: the events of its good rows, and a fault for each other."""

    events: tuple[DemandEvent, ...]
    faults: tuple[FieldFault, ...]


def read_events(path: Path) -> EventsRead:
    """The events in a file.

    ``uplift`` and ``sigma`` may be empty: such an event is learnt. ``series`` names those it
    touches, separated by ``|``; empty is all.

    Raises:
        EventsFileError: No CSV, too large, or a column missing.
    """
    try:
        rows = read_table(path, COLUMNS, OPTIONAL)
    except TableUnreadableError as error:
        raise EventsFileError(error.sentence, file=path.name) from error
    if len(rows) > ROWS_MAX:
        raise EventsFileError(f"El archivo trae más de {ROWS_MAX} eventos.", file=path.name)
    events, faults = [], []
    for number, row in enumerate(rows, start=FIRST_ROW):
        try:
            events.append(_event(row))
        except _RowFaultError as fault:
            faults.append(FieldFault(field=fault.field, reason=fault.reason, row=number))
    return EventsRead(events=tuple(events), faults=tuple(faults))


def _event(row: Mapping[str, str]) -> DemandEvent:
    if not row["name"]:
        raise _RowFaultError("name", "Falta el nombre del evento.")
    start, end = _day(row, "start"), _day(row, "end")
    if end < start:
        raise _RowFaultError("end", "El evento termina antes de comenzar.")
    if (end - start).days >= EVENT_DAYS_MAX:
        raise _RowFaultError(
            "end", f"Un evento dura a lo más {EVENT_DAYS_MAX} días. Revisa las fechas."
        )
    uplift = _number(row, "uplift", UPLIFT_MAX)
    sigma = _number(row, "sigma", SIGMA_MAX)
    if sigma is not None and uplift is None:
        raise _RowFaultError(
            "sigma", "Hay sigma sin uplift. Agrega el factor o deja los dos en blanco."
        )
    named = [name.strip() for name in row.get("series", "").split(SERIES_SEPARATOR)]
    series = frozenset(filter(None, named))
    return DemandEvent(
        name=row["name"], start=start, end=end, uplift=uplift, sigma=sigma, series=series or None
    )


def _day(row: Mapping[str, str], column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        reason = f"«{row[column]}» no es una fecha como 2026-11-30."
        raise _RowFaultError(column, reason) from error


def _number(row: Mapping[str, str], column: str, most: float) -> float | None:
    text = row.get(column, "")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        raise _RowFaultError(column, f"«{text}» no sirve: va un número de 0 a {most:g}, con punto.")
    return number
