"""A forecast in a file of `promesa forecast`: series, date, mean, p10, p50, p90, perhaps event.

Faulty rows are data; the good ones are kept.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from promesa.dispatch.demand_table import open_table
from promesa.kernel.errors import FieldFault
from promesa.orders.amounts import Point, decided, is_either, point_of
from promesa.orders.cells import CellError, as_moment, as_number, is_month_first
from promesa.orders.headers import header_key
from promesa.orders.sheets import SheetError
from promesa.planning.capacity.scenarios import (
    VOLUMES_MAX,
    ForecastInvalidError,
    Volume,
    volume_faults,
)

_NUMBERS = ("mean", "p10", "p50", "p90")
COLUMNS = ("series", "date", *_NUMBERS)
EVENT = "event"
_NAMES = {header_key(column): column for column in (*COLUMNS, EVENT)}
_NEEDED = tuple((column,) for column in COLUMNS)
# Of a forecast without a good row.
FAULTS_TOLD_MAX = 10
FORECAST_BYTES_MAX = 20_000_000
NAME_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastReading:
    """What a file says.

    Attributes:
        lines: The line of the first row of each series.
        faults: By line and column.
    """

    volumes: tuple[Volume, ...]
    lines: Mapping[str, int]
    faults: tuple[FieldFault, ...]


def read_forecast(content: bytes) -> ForecastReading:
    """Reads a CSV; rows are counted as lines of the file, the header being the first.

    Raises:
        ForecastInvalidError: It is no such file, or no row is any good.
    """
    if len(content) > FORECAST_BYTES_MAX:
        raise ForecastInvalidError("El pronóstico es demasiado grande: acorta el horizonte.")
    try:
        with open_table(io.BytesIO(content), _NAMES, _NEEDED) as table:
            rows = [
                (line, {column: table.cell(row, column) for column in (*COLUMNS, EVENT)})
                for line, row in table.rows
            ]
    except SheetError as error:
        needed = (
            f"Debe ser un CSV con {', '.join(COLUMNS)}, como lo escribe promesa forecast. Pedidos "
            "o entregas de días pasados, contados por comuna y día, pasan antes por ese comando."
        )
        raise ForecastInvalidError(f"El pronóstico no sirve. {error.sentence} {needed}") from error
    if not rows:
        raise ForecastInvalidError("El pronóstico trae sólo los encabezados, sin filas.")
    if len(rows) > VOLUMES_MAX:
        raise ForecastInvalidError(f"El pronóstico trae más de {VOLUMES_MAX} filas.")
    return _read(rows)


def _read(rows: Sequence[tuple[int, Mapping[str, str]]]) -> ForecastReading:
    volumes: list[Volume] = []
    faults: list[FieldFault] = []
    lines: dict[str, int] = {}
    seen: dict[tuple[str, date], int] = {}
    is_doubtful = is_month_first(row["date"] for _, row in rows)
    told = point_of(row[name] for _, row in rows for name in _NUMBERS)
    # Forecasts are written by programs, and ours writes three decimals.
    point = Point.DECIMALS if told is Point.UNKNOWN else told
    for line, row in rows:
        read = _volume(row, point, is_doubtful=is_doubtful)
        if not isinstance(read, Volume):
            faults += [FieldFault(row=line, field=field, reason=why) for field, why in read]
            continue
        first = seen.setdefault((read.series, read.date), line)
        if first != line:
            reason = f"La serie y el día ya están en la fila {first}: deja una."
            faults.append(FieldFault(row=line, field="date", reason=reason))
            continue
        lines.setdefault(read.series, line)
        volumes.append(read)
    if not volumes:
        raise ForecastInvalidError(
            "El pronóstico no trae ninguna fila que sirva.", faults=tuple(faults[:FAULTS_TOLD_MAX])
        )
    return ForecastReading(volumes=tuple(volumes), lines=lines, faults=tuple(faults))


def _volume(
    row: Mapping[str, str], point: Point, *, is_doubtful: bool
) -> Volume | list[tuple[str, str]]:
    """The row, or what is wrong with it."""
    faults: list[tuple[str, str]] = []
    series = row["series"]
    if not 0 < len(series) <= NAME_MAX:
        faults.append(("series", f"Falta el nombre de la serie, o tiene más de {NAME_MAX} letras."))
    moment = None
    try:
        moment = as_moment(row["date"], is_doubtful=is_doubtful)
    except CellError as error:
        faults.append(("date", f"«{row['date']}»: {error.sentence}"))
    if moment is None and not any(name == "date" for name, _ in faults):
        faults.append(("date", "Falta la fecha. Escríbela como 2026-12-01 o 01/12/2026."))
    numbers: dict[str, float] = {}
    for name in _NUMBERS:
        written = row[name]
        try:
            number = as_number(decided(written, point) if is_either(written) else written)
        except CellError:
            number = None
        if number is None:
            faults.append((name, f"«{written}» no es un número."))
        else:
            numbers[name] = number
    if faults or moment is None:
        return faults
    volume = Volume(series=series, date=moment.day, event=row[EVENT], **numbers)
    return list(volume_faults(volume)) or volume
