"""Reads demand events from CSV: ``name,start,end,uplift,sigma[,series]``, good rows kept.

The table of events that leaves the torre is one too. Where it holds for one shop, depot or class
alone nothing is made of it: a history by comuna does not say which orders those are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from promesa.dispatch.demand_table import open_table
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.orders.cells import CellError, as_moment, as_number, is_month_first
from promesa.orders.headers import keys_of
from promesa.orders.sheets import FILE_BYTES_MAX, SheetError
from promesa.planning.demand.event import DemandEvent

ROWS_MAX = 20_000
# An event of a year would be a season.
EVENT_DAYS_MAX = 92
UPLIFT_MAX = 100.0
SIGMA_MAX = 3.0
# The torre's own table has commas, which no comuna's name has.
SERIES_SEPARATORS = re.compile(r"[|,]")
EVENT_ALIASES = {
    "name": "name, nombre, nombre evento, evento, event",
    "start": "start, inicio, comienzo, desde, fecha inicio, fecha desde, primer dia",
    "end": "end, fin, termino, hasta, fecha fin, fecha termino, fecha hasta, ultimo dia",
    "uplift": "uplift, alza, factor, veces, multiplicador",
    "sigma": "sigma, incertidumbre",
    "series": "series, serie, comuna, comunas, zona, zonas",
    "shop": "comercio, comercios, tienda, merchant, shop",
    "depot": "cd, depot, bodega",
    "product_class": "clase, clases, product class",
}
# Of only a part of the orders of each series.
_PARTIAL = {"shop": "comercio", "depot": "CD", "product_class": "clase"}
_NAMES = {key: column for column, words in EVENT_ALIASES.items() for key in keys_of(words)}
_NEEDED = (("name",), ("start",), ("end",))


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
    touches, separated by ``|`` or a comma; empty is all.

    Raises:
        EventsFileError: No CSV, too large, or a column missing.
    """
    if path.stat().st_size > FILE_BYTES_MAX:
        raise EventsFileError("El archivo de eventos es demasiado grande.", file=path.name)
    try:
        with path.open("rb") as stream, open_table(stream, _NAMES, _NEEDED) as table:
            rows = [
                (line, {column: table.cell(row, column) for column in EVENT_ALIASES})
                for line, row in table.rows
            ]
    except SheetError as error:
        asked = "Debe llevar name, start, end, uplift y sigma (o nombre, inicio, fin, alza)."
        raise EventsFileError(f"{error.sentence} {asked}", file=path.name) from error
    if len(rows) > ROWS_MAX:
        raise EventsFileError(f"El archivo trae más de {ROWS_MAX} eventos.", file=path.name)
    is_doubtful = is_month_first([row[column] for _, row in rows for column in ("start", "end")])
    events, faults = [], []
    for line, row in rows:
        try:
            events.append(_event(row, is_doubtful=is_doubtful))
        except _RowFaultError as fault:
            faults.append(FieldFault(field=fault.field, reason=fault.reason, row=line))
    return EventsRead(events=tuple(events), faults=tuple(faults))


def _event(row: Mapping[str, str], *, is_doubtful: bool) -> DemandEvent:
    if not row["name"]:
        raise _RowFaultError("name", "Falta el nombre del evento.")
    start, end = (_day(row, column, is_doubtful=is_doubtful) for column in ("start", "end"))
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
    for column, what in _PARTIAL.items():
        if row[column]:
            raise _RowFaultError(
                column,
                f"Vale sólo para {what} {row[column]}, y la historia no dice qué pedidos son los "
                "suyos. Escribe el alza del total y deja la columna en blanco.",
            )
    named = [name.strip() for name in SERIES_SEPARATORS.split(row["series"])]
    series = frozenset(filter(None, named))
    return DemandEvent(
        name=row["name"], start=start, end=end, uplift=uplift, sigma=sigma, series=series or None
    )


def _day(row: Mapping[str, str], column: str, *, is_doubtful: bool) -> date:
    try:
        moment = as_moment(row[column], is_doubtful=is_doubtful)
    except CellError as error:
        raise _RowFaultError(column, f"«{row[column]}»: {error.sentence}") from error
    if moment is None:
        raise _RowFaultError(column, "Falta la fecha. Escríbela como 2026-11-30 o 30/11/2026.")
    return moment.day


def _number(row: Mapping[str, str], column: str, most: float) -> float | None:
    """None where nothing is written; ``x2,5`` and ``×2.5`` are 2.5."""
    text = row[column]
    try:
        number = as_number(text.lstrip("xX×"))
    except CellError:
        number = -1.0
    if number is not None and not 0 <= number <= most:
        reason = f"«{text}» no sirve: va un número de 0 a {most:g}, como 2,5."
        raise _RowFaultError(column, reason)
    return number
