"""A forecast in a file of `promesa forecast`: series, date, mean, p10, p50, p90, perhaps event.

Faulty rows are data; the good ones are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from promesa.kernel.errors import FieldFault
from promesa.planning.capacity.scenarios import (
    VOLUMES_MAX,
    ForecastInvalidError,
    Volume,
    volume_faults,
)
from promesa.roads.tables import (
    FIRST_ROW,
    TableUnreadableError,
    delimiter_of,
    table_rows,
)

COLUMNS = ("series", "date", "mean", "p10", "p50", "p90")
EVENT = "event"
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
        rows = table_rows(content, "pronóstico", COLUMNS, (EVENT,))
    except TableUnreadableError as error:
        needed = f"Debe ser un CSV con {', '.join(COLUMNS)}."
        raise ForecastInvalidError(f"El pronóstico no sirve. {error.sentence} {needed}") from error
    if len(rows) > VOLUMES_MAX:
        raise ForecastInvalidError(f"El pronóstico trae más de {VOLUMES_MAX} filas.")
    return _read(rows, is_comma_decimal=delimiter_of(content) != ",")


def _read(rows: Sequence[Mapping[str, str]], *, is_comma_decimal: bool) -> ForecastReading:
    volumes: list[Volume] = []
    faults: list[FieldFault] = []
    lines: dict[str, int] = {}
    seen: dict[tuple[str, date], int] = {}
    for line, row in enumerate(rows, start=FIRST_ROW):
        read = _volume(row, is_comma_decimal=is_comma_decimal)
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
            "El pronóstico no trae ninguna fila que sirva.", faults=tuple(faults)
        )
    return ForecastReading(volumes=tuple(volumes), lines=lines, faults=tuple(faults))


def _volume(row: Mapping[str, str], *, is_comma_decimal: bool) -> Volume | list[tuple[str, str]]:
    """The row, or what is wrong with it."""
    series = row["series"]
    faults = list(_text_faults(series, row["date"]))
    numbers: dict[str, float] = {}
    for name in ("mean", "p10", "p50", "p90"):
        written = row[name]
        try:
            numbers[name] = float(written.replace(",", ".") if is_comma_decimal else written)
        except ValueError:
            faults.append((name, f"«{written}» no es un número."))
    if faults:
        return faults
    volume = Volume(
        series=series,
        date=date.fromisoformat(row["date"]),
        event=row.get(EVENT, ""),
        **numbers,
    )
    return list(volume_faults(volume)) or volume


def _text_faults(series: str, written: str) -> Iterator[tuple[str, str]]:
    if not 0 < len(series) <= NAME_MAX:
        yield "series", f"Falta el nombre de la serie, o tiene más de {NAME_MAX} letras."
    try:
        date.fromisoformat(written)
    except ValueError:
        yield "date", f"«{written}» no es una fecha como 2026-12-01."
