"""A file of demand history read whole: counts by comuna and day, and what is wrong row by row.

Takes our columns (``fecha, comuna, pedidos`` and, if there are, ``bodega, clase, hora``) and those
of the command line (``series, date, parcels``). Knows sheets and series, nothing of the forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from promesa.dispatch.odd_days import odd_days
from promesa.dispatch.wide_history import unfold
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.serviceday import YEAR_MIN
from promesa.kernel.text import bare
from promesa.orders.cells import (
    CellError,
    as_moment,
    as_text,
    as_time,
    as_whole,
    is_month_first,
)
from promesa.orders.headers import header_key, keys_of
from promesa.orders.opening import open_sheet
from promesa.orders.sheets import BadCell, CellValue, SheetRow
from promesa.planning.demand.history import COMUNA_UNKNOWN, DemandCount
from promesa.planning.demand.series import SeriesKey

# Titles and logos stand above the headers of many sheets.
HEADER_ROWS_MAX = 10
# A comuna of Santiago gets some thousands on the worst day there was.
ORDERS_MAX = 1_000_000
WORD_CHARS_MAX = 60
# Of a rejected row, so that who sent it finds it again.
WRITTEN_CHARS_MAX = 120
UNREAD_SHOWN = 5
# Rows left out that are told as they came.
LEFT_OUT_TOLD_MAX = 5_000
# The field of a fault that is none of one column.
WHOLE_ROW = "fila"
DEPOTS_SHOWN = 8
# What a number with a comma does to a file whose columns are parted by commas.
SPILT = (
    "La fila tiene más celdas que los encabezados. Si un número lleva coma, pon comillas o separa "
    "las columnas con punto y coma."
)
Value = TypeVar("Value")
# What a row says, with its line.
DemandLine = tuple[int, DemandCount]


class HistoryColumn(StrEnum):
    """What a column of history holds; the word is the one on screens."""

    DAY = "fecha"
    COMUNA = "comuna"
    SERIES = "series"
    ORDERS = "pedidos"
    DEPOT = "bodega"
    PRODUCT_CLASS = "clase"
    HOUR = "hora"


HISTORY_ALIASES = {
    HistoryColumn.DAY: "fecha, dia, date, day, ds",
    HistoryColumn.COMUNA: "comuna, comuna destino, comuna entrega, district",
    HistoryColumn.SERIES: "series, serie, zona, unique id",
    HistoryColumn.ORDERS: (
        "pedidos, numero pedidos, cantidad, cantidad pedidos, ordenes, despachos, entregas, "
        "bultos, orders, parcels"
    ),
    HistoryColumn.DEPOT: "bodega, cd, centro distribucion, deposito, depot, warehouse",
    HistoryColumn.PRODUCT_CLASS: "clase, clase producto, tipo producto, product class",
    HistoryColumn.HOUR: "hora, hour",
}
HISTORY_COLUMNS = {
    key: column for column, words in HISTORY_ALIASES.items() for key in keys_of(words)
}


class HistorySheetError(InvalidError):
    """The file tells no history."""

    code = "demand_sheet_invalid"
    message = (
        "No reconocimos las columnas. Usa fecha, comuna y pedidos (y si quieres bodega, clase y "
        "hora), con esos nombres en una de las diez primeras filas."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlaces:
    """What a row may name.

    Attributes:
        comuna_of: The comuna written so, accents aside, as it is called; None for none of Chile's.
        nearest: The comuna that a misspelt text may mean; only ever proposed.
        depots: Codes as they are written, by themselves without case and accents.
        today: What is later is no history.
    """

    comuna_of: Callable[[str], str | None]
    nearest: Callable[[str], str | None]
    depots: Mapping[str, str]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row that does not count, or one comuna of a row of many.

    Attributes:
        faults: By column.
        written: As it came, in one line.
        cells: Under the columns of the reading; none of a row whose cells do not stand under them.
    """

    line: int
    faults: tuple[FieldFault, ...]
    written: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryReading:
    """What a file says.

    Attributes:
        counts: By line.
        columns: Those that were read; day, comuna and orders of a sheet with a column per comuna.
        is_wide: Whether it is such a sheet, of which a row holds many counts.
        notes: Sentences on what was understood otherwise than it looks.
    """

    counts: tuple[tuple[int, DemandCount], ...]
    left_out: tuple[LeftOut, ...]
    columns: tuple[HistoryColumn, ...]
    is_wide: bool
    notes: tuple[str, ...]

    @property
    def faults(self) -> tuple[FieldFault, ...]:
        """By line and column."""
        return tuple(fault for each in self.left_out for fault in each.faults)


def read_history(content: bytes, places: KnownPlaces) -> HistoryReading:
    """Reads a CSV or XLSX file; faulty rows are data, and the good ones are kept.

    Raises:
        SheetError: It is no spreadsheet.
        HistorySheetError: Its columns tell no history, or no row below them does.
    """
    rows = list(open_sheet(content))
    shape = _shape_of(rows, places)
    if not shape.below:
        raise HistorySheetError("La planilla no tiene filas bajo los encabezados. Agrégalas.")
    day_place = shape.columns[HistoryColumn.DAY]
    reader = _RowReader(
        columns=shape.columns,
        places=places,
        is_doubtful=is_month_first(
            row.cells[day_place] for row in shape.below if day_place < len(row.cells)
        ),
        spilt=frozenset(
            row.line
            for row in rows
            if any(cell not in {None, ""} for cell in row.cells[shape.width :])
        ),
    )
    left_out: list[LeftOut] = []
    for row in shape.below:
        if faults := reader.read(row):
            # Of tens of thousands the first say what is wrong with the others.
            is_told = len(left_out) < LEFT_OUT_TOLD_MAX
            plain = LeftOut(line=row.line, faults=faults)
            left_out.append(_left_out(row, faults, shape.columns) if is_told else plain)
    return HistoryReading(
        counts=tuple(reader.counts),
        left_out=tuple(left_out),
        columns=tuple(shape.columns),
        is_wide=shape.is_wide,
        notes=(*shape.notes, *_notes(shape.columns), *odd_days(reader.counts)),
    )


def _left_out(
    row: SheetRow, faults: tuple[FieldFault, ...], columns: Mapping[HistoryColumn, int]
) -> LeftOut:
    is_spilt = any(fault.field == WHOLE_ROW for fault in faults)
    places = () if is_spilt else columns.values()
    cells = [row.cells[place] if place < len(row.cells) else None for place in places]
    return LeftOut(
        line=row.line,
        faults=faults,
        written=_written(row),
        cells=tuple(_shown(cell)[:WRITTEN_CHARS_MAX] for cell in cells),
    )


@dataclass(slots=True, kw_only=True)
class _RowReader:
    """Reads rows one after another, and remembers what was said of each day."""

    columns: Mapping[HistoryColumn, int]
    places: KnownPlaces
    is_doubtful: bool
    spilt: frozenset[int]
    counts: list[tuple[int, DemandCount]] = field(default_factory=list)
    _faults: list[FieldFault] = field(default_factory=list)
    _spilt_told: set[int] = field(default_factory=set)
    _seen: dict[tuple[SeriesKey, date, int | None], DemandLine] = field(default_factory=dict)
    _hourly: dict[tuple[SeriesKey, date], bool] = field(default_factory=dict)

    def read(self, row: SheetRow) -> tuple[FieldFault, ...]:
        """Takes a row in; or not, and everything that is wrong with it."""
        self._faults = []
        if row.line in self.spilt:
            # Its cells do not stand where they seem to; a line of many comunas is told once.
            if row.line not in self._spilt_told:
                self._spilt_told.add(row.line)
                self._refuse(row.line, WHOLE_ROW, SPILT)
            return tuple(self._faults)
        day = self._cell(row, HistoryColumn.DAY, self._day)
        comuna = self._cell(row, self._place_column, self._comuna)
        orders = self._cell(row, HistoryColumn.ORDERS, _orders)
        depot = self._cell(row, HistoryColumn.DEPOT, self._depot)
        product_class = self._cell(row, HistoryColumn.PRODUCT_CLASS, _word)
        hour = self._cell(row, HistoryColumn.HOUR, _hour)
        if not self._faults and day is not None and comuna is not None and orders is not None:
            key = SeriesKey(comuna=comuna, depot=depot or "", product_class=product_class or "")
            told = row.line, DemandCount(key=key, day=day, orders=orders, hour=hour)
            if self._is_told_once(told):
                self.counts.append(told)
        return tuple(self._faults)

    @property
    def _place_column(self) -> HistoryColumn:
        has_comuna = HistoryColumn.COMUNA in self.columns
        return HistoryColumn.COMUNA if has_comuna else HistoryColumn.SERIES

    def _cell(
        self, row: SheetRow, column: HistoryColumn, parse: Callable[[CellValue], Value]
    ) -> Value | None:
        """What ``parse`` makes of a cell; None, and a fault, when it refuses it."""
        place = self.columns.get(column)
        if place is None:
            return None
        try:
            return parse(row.cells[place] if place < len(row.cells) else None)
        except CellError as error:
            self._refuse(row.line, column, error.sentence)
            return None

    def _refuse(self, line: int, field: str, reason: str) -> None:
        self._faults.append(FieldFault(row=line, field=str(field), reason=reason))

    def _is_told_once(self, told: DemandLine) -> bool:
        """Whether no other row tells the same: a day twice would be counted twice."""
        line, count = told
        key, day, hour = count.key, count.day, count.hour
        first, same = self._seen.setdefault((key, day, hour), told)
        if same is not count:
            reason = f"Ya está en la fila {first}, con {same.orders} pedidos. "
            self._refuse(line, HistoryColumn.DAY, reason + "Deja una de las dos, o súmalas.")
            return False
        if self._hourly.setdefault((key, day), hour is not None) != (hour is not None):
            reason = "Ese día ya viene por hora o completo en otra fila. Usa una de las dos formas."
            self._refuse(line, HistoryColumn.HOUR, reason)
            return False
        return True

    def _day(self, value: CellValue) -> date:
        moment = as_moment(value, is_doubtful=self.is_doubtful)
        if moment is None:
            raise CellError("Falta la fecha. Escríbela como dd/mm/aaaa.")
        if moment.day > self.places.today:
            raise CellError("Esa fecha es del futuro. La historia llega hasta hoy.")
        if moment.day.year < YEAR_MIN:
            raise CellError(f"Esa fecha es anterior a {YEAR_MIN}. Revísala.")
        return moment.day

    def _comuna(self, value: CellValue) -> str:
        name = as_text(value)
        if not name:
            raise CellError("Falta la comuna.")
        if name == COMUNA_UNKNOWN:
            # As the export calls it.
            return name
        known = self.places.comuna_of(name)
        if known is None and self._place_column is HistoryColumn.COMUNA:
            near = self.places.nearest(name)
            advice = f"¿Es {near}? Escríbela así." if near else "Revisa cómo está escrita."
            raise CellError(f"No conocemos la comuna «{name[:40]}». {advice}")
        return known or _short(name)

    def _depot(self, value: CellValue) -> str:
        code = as_text(value)
        if not code:
            return ""
        known = self.places.depots.get(bare(code))
        if known is None:
            raise CellError(f"No hay un CD «{code[:20]}». {_depot_advice(code, self.places)}")
        return known


def _depot_advice(code: str, places: KnownPlaces) -> str:
    """Which depot may be meant, or which there are."""
    near = get_close_matches(bare(code), places.depots, n=1)
    if near:
        return f"¿Es {places.depots[near[0]]}? Escríbelo así."
    codes = sorted(set(places.depots.values()))
    if not codes:
        return "Créalo en Equipo, CD."
    more = " y más" if len(codes) > DEPOTS_SHOWN else ""
    return f"Están {', '.join(codes[:DEPOTS_SHOWN])}{more}: usa uno, o créalo en Equipo, CD."


def _orders(value: CellValue) -> int:
    orders = as_whole(value)
    if orders is None:
        raise CellError("Falta el número de pedidos. Si no hubo, escribe 0.")
    if not 0 <= orders <= ORDERS_MAX:
        raise CellError("El número de pedidos va de 0 a un millón. Revísalo.")
    return orders


def _word(value: CellValue) -> str:
    return _short(as_text(value)).lower()


def _short(text: str) -> str:
    if len(text) > WORD_CHARS_MAX:
        raise CellError(f"Tiene más de {WORD_CHARS_MAX} letras. Acórtalo.")
    return text


def _hour(value: CellValue) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not (float(value).is_integer() and 0 <= value < 24):
            raise CellError("La hora va de 0 a 23.")
        return int(value)
    clock_time = as_time(value)
    return None if clock_time is None else clock_time.hour


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """Where each column stands, the rows below, sentences on an odd layout.

    Attributes:
        width: Cells of the header.
    """

    columns: Mapping[HistoryColumn, int]
    below: Sequence[SheetRow]
    width: int
    is_wide: bool = False
    notes: tuple[str, ...] = ()


def _shape_of(rows: Sequence[SheetRow], places: KnownPlaces) -> _Shape:
    told = _columns_of(rows)
    if told is not None:
        return told
    wide = unfold(
        rows,
        is_day=lambda cell: _column(cell) is HistoryColumn.DAY,
        comuna_of=places.comuna_of,
        header_rows_max=HEADER_ROWS_MAX,
    )
    if wide is None:
        raise HistorySheetError(_not_recognised(rows))
    notes = [f"Se leyó una columna por comuna: {len(wide.comunas)} comunas."]
    if wide.unread:
        shown = ", ".join(f"«{word[:40]}»" for word in wide.unread[:UNREAD_SHOWN])
        notes.append(f"No se leyeron las columnas que no son comunas de Chile: {shown}.")
    return _Shape(
        columns={HistoryColumn.DAY: 0, HistoryColumn.COMUNA: 1, HistoryColumn.ORDERS: 2},
        below=wide.rows,
        width=wide.width,
        is_wide=True,
        notes=tuple(notes),
    )


def _not_recognised(rows: Sequence[SheetRow]) -> str:
    """What was read instead, so that who sent it sees whether it is the sheet that was meant."""
    if not rows:
        return HistorySheetError.message
    return (
        f"{HistorySheetError.message} También sirve una columna por comuna junto a la de fecha. "
        f"Leímos la primera hoja con datos, que empieza así: «{_written(rows[0])}»."
    )


def _column(cell: CellValue) -> HistoryColumn | None:
    return HISTORY_COLUMNS.get(header_key(cell)) if isinstance(cell, str) else None


def _columns_of(rows: Sequence[SheetRow]) -> _Shape | None:
    """That of a sheet with our columns; None without such a header."""
    needed = {HistoryColumn.DAY, HistoryColumn.ORDERS}
    for number, row in enumerate(rows[:HEADER_ROWS_MAX]):
        columns: dict[HistoryColumn, int] = {}
        for place, cell in enumerate(row.cells):
            column = _column(cell)
            if column is not None:
                columns.setdefault(column, place)
        if needed <= set(columns) and {HistoryColumn.COMUNA, HistoryColumn.SERIES} & set(columns):
            return _Shape(columns=columns, below=rows[number + 1 :], width=len(row.cells))
    return None


def _written(row: SheetRow) -> str:
    """The row in one line, as somebody would look for it."""
    return " · ".join(filter(None, map(_shown, row.cells)))[:WRITTEN_CHARS_MAX]


def _shown(cell: CellValue) -> str:
    """A cell as a spreadsheet of Chile shows it."""
    if cell is None or isinstance(cell, BadCell):
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%d-%m-%Y}" if cell.time() == time() else f"{cell:%d-%m-%Y %H:%M}"
    return f"{cell:%d-%m-%Y}" if isinstance(cell, date) else str(cell)


def _notes(columns: Mapping[HistoryColumn, int]) -> list[str]:
    if HistoryColumn.COMUNA in columns:
        return []
    return [
        "La columna «series» se tomó como comuna; las que no son de Chile quedan con su nombre."
    ]
