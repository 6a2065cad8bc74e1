"""One row of a sheet, read by its layout: what it says of an order, its tags and its faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from promesa.domain.fleet import skill_words
from promesa.kernel.errors import FieldFault
from promesa.kernel.geo import Position
from promesa.kernel.text import bare
from promesa.orders.amounts import Point, as_measured, point_of
from promesa.orders.cells import (
    CellError,
    Moment,
    as_duration_s,
    as_moment,
    as_number,
    as_text,
    as_time,
    as_whole,
    is_month_first,
)
from promesa.orders.headers import KIND_HEADERS, Column, header_key, names_a_person
from promesa.orders.hours_text import as_hours
from promesa.orders.identity import IdentityError, canonical_rut, is_nothing
from promesa.orders.layouts import CUBIC_METRE_ML, KILOGRAM_G, LITRE_ML, Layout
from promesa.orders.sheets import BadCell, CellValue, SheetRow
from promesa.orders.text import tidy
from promesa.orders.validation import (
    TAG_CHARS_MAX,
    TAG_NAME_CHARS_MAX,
    TAGS_MAX,
    known_position,
    position_fault,
)
from promesa.orders.windows import Pair, Timing

T = TypeVar("T")
_DATES = frozenset({Column.DATE, Column.DATE_MIN, Column.DATE_MAX})
_AMOUNTS = frozenset(
    {
        Column.WEIGHT,
        Column.WEIGHT_KG,
        Column.WEIGHT_G,
        Column.VOLUME,
        Column.VOLUME_M3,
        Column.VOLUME_L,
        Column.VOLUME_ML,
    }
)
_EMAIL_OR_PHONE = re.compile(r"\S+@\S+\.\S+|(?<!\d)(\+?56)?[\s-]?9[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
# What people write behind an amount, in grams and in millilitres.
_WEIGHT_UNITS = dict.fromkeys(("kg", "kgs", "kilo", "kilos", "k"), KILOGRAM_G) | dict.fromkeys(
    ("g", "gr", "grs", "gramo", "gramos"), 1
)
_VOLUME_UNITS = (
    dict.fromkeys(("m3", "mt3", "mts3"), CUBIC_METRE_ML)
    | dict.fromkeys(("l", "lt", "lts", "litro", "litros"), LITRE_ML)
    | dict.fromkeys(("ml", "cc", "cm3"), 1)
)
_FETCHING = re.compile(r"\b(retiros?|retirar|recogidas?|recoger|recoleccion|pick ?up)\b")
_NO_FETCHING = (
    "Es un retiro, y una planilla sólo trae entregas: el furgón llegaría sin nada que dejar. "
    "Sácalo de la planilla."
)
_WORDS_PARTED = re.compile(r"[,;|/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """What one row says; texts as written, amounts in our units.

    Attributes:
        texts: By column, those that are not empty.
    """

    line: int
    texts: dict[Column, str]
    position: Position | None
    timing: Timing
    quantity: int | None
    parcels: int | None
    weight_g: int | None
    volume_ml: int | None
    service_time_s: int | None
    cod_clp: int | None
    skills: frozenset[str]
    bond_rank: int | None
    leave_out_price_clp: int | None
    never_vehicles: frozenset[str]
    tags: dict[str, str]
    faults: tuple[FieldFault, ...]

    @property
    def reference(self) -> str:
        """The document number: the reference, else the id, else the title."""
        for column in (Column.REFERENCE, Column.ID, Column.TITLE):
            if text := self.texts.get(column):
                return text
        return ""


_TEXTS = (
    Column.REFERENCE,
    Column.ID,
    Column.TITLE,
    Column.RECIPIENT_NAME,
    Column.PHONE,
    Column.EMAIL,
    Column.RUT,
    Column.ADDRESS,
    Column.UNIT,
    Column.COMUNA,
    Column.ITEM,
    Column.ITEM_CODE,
    Column.INSTRUCTIONS,
    Column.BOND,
    Column.ONLY_VEHICLE,
    Column.PRODUCT_CLASS,
)


def _month_first_line(rows: Sequence[SheetRow], place: int) -> int | None:
    here = (row for row in rows if place < len(row.cells))
    return next((row.line for row in here if is_month_first((row.cells[place],))), None)


class RowReader:
    """Reads the rows below one header row.

    Args:
        rows: All of them, to see whether a date column has the month first.
    """

    def __init__(self, layout: Layout, headers: Sequence[str], rows: Sequence[SheetRow]) -> None:
        self._layout = layout
        self._headers = tuple(headers)
        self._places = _places(layout, headers)
        self._tag_places = _tag_places(layout, headers)
        self._personal_places = {
            place
            for place in self._tag_places
            if not headers[place] or names_a_person(headers[place])
        }
        # The first line that gives a date column away, by column.
        self._doubtful = {
            column: line
            for column in _DATES
            for place in self._places.get(column, ())
            if (line := _month_first_line(rows, place)) is not None
        }
        self._points = {
            column: point_of(row.cells[n] for row in rows for n in places if n < len(row.cells))
            for column, places in self._places.items()
            if column in _AMOUNTS
        }
        self._withheld: dict[str, None] = {}
        self._unknown_kept: dict[str, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out on purpose, a sentence a column, and which columns became mere tags."""
        told = [
            f"La columna {header or 'sin título'} no se guardó: parece tener datos personales."
            for header in self._withheld
        ]
        if kept := list(self._unknown_kept):
            columns = (
                "1 columna quedó como etiqueta"
                if len(kept) == 1
                else f"{len(kept)} columnas quedaron como etiquetas"
            )
            told.append(f"{columns}: {', '.join(kept)}.")
        if lines := sorted(set(self._doubtful.values())):
            told.append(
                f"La fila {lines[0]} trae una fecha con el mes primero: mientras esté, no sabemos "
                "leer las que sirven de las dos maneras."
            )
        return tuple(told)

    @property
    def kilos_header(self) -> str | None:
        """The first column of weights that is read in kilos, as the sheet calls it."""
        for column, unit in self._weights():
            if unit == KILOGRAM_G and (places := self._places.get(column)):
                return self._headers[places[0]]
        return None

    def read(self, row: SheetRow) -> ReadRow:
        """What a row says, with everything that is wrong in it."""
        faults = _Faults(row.line)
        self._require_no_overflow(row, faults)
        texts = {
            column: text
            for column in _TEXTS
            if (text := faults.catch(column, as_text, self._cell(row, column), ""))
        }
        self._add_contact_rut(row, texts, faults)
        return ReadRow(
            line=row.line,
            texts=texts,
            position=self._position(row, faults),
            timing=self._timing(row, faults),
            quantity=self._whole(row, Column.QUANTITY, faults),
            parcels=self._whole(row, Column.PARCELS, faults),
            weight_g=self._amount(row, self._weights(), _WEIGHT_UNITS, faults),
            volume_ml=self._amount(row, self._volumes(), _VOLUME_UNITS, faults),
            service_time_s=self._service_time_s(row, faults),
            cod_clp=self._whole(row, Column.COD_CLP, faults),
            skills=skill_words(self._words(row, Column.SKILLS, faults)),
            bond_rank=self._whole(row, Column.BOND_RANK, faults),
            leave_out_price_clp=self._whole(row, Column.LEAVE_OUT_PRICE, faults),
            never_vehicles=self._words(row, Column.NEVER_VEHICLES, faults),
            tags=self._tags(row, faults),
            faults=tuple(faults.found),
        )

    def _cell(self, row: SheetRow, column: Column) -> CellValue:
        """The first cell of the column's places that says something."""
        for place in self._places.get(column, ()):
            value = row.cells[place] if place < len(row.cells) else None
            if value is not None and value != "":
                return value
        return None

    def _require_no_overflow(self, row: SheetRow, faults: _Faults) -> None:
        beyond = row.cells[len(self._headers) :]
        if any(cell is not None and cell != "" for cell in beyond):
            faults.add(
                "row",
                "La fila tiene más celdas que los encabezados. Revisa separadores y comillas.",
            )

    def _add_contact_rut(self, row: SheetRow, texts: dict[Column, str], faults: _Faults) -> None:
        """A contact's identifier is kept when it is a RUT; else it is some system's own number."""
        told = faults.catch(Column.CONTACT_ID, as_text, self._cell(row, Column.CONTACT_ID), "")
        if told and Column.RUT not in texts:
            try:
                texts[Column.RUT] = canonical_rut(told)
            except IdentityError:
                return

    def _position(self, row: SheetRow, faults: _Faults) -> Position | None:
        lon = self._number(row, Column.LON, faults)
        lat = self._number(row, Column.LAT, faults)
        if lon is None and lat is None:
            return None
        if lon is None or lat is None:
            missing = Column.LON if lon is None else Column.LAT
            faults.add_once(missing, "Falta una de las dos coordenadas. Escribe ambas o ninguna.")
            return None
        if (lon or lat) and (reason := position_fault(lon, lat)):
            faults.add(Column.LAT, reason, code="outside_chile")
            return None
        return known_position(lon, lat)

    def _timing(self, row: SheetRow, faults: _Faults) -> Timing:
        def moment(column: Column) -> Moment | None:
            parse = partial(as_moment, is_doubtful=column in self._doubtful)
            return faults.catch(column, parse, self._cell(row, column), None)

        times = {
            column: faults.catch(column, as_time, self._cell(row, column), None)
            for column in (
                Column.WINDOW_START,
                Column.WINDOW_END,
                Column.WINDOW_2_START,
                Column.WINDOW_2_END,
            )
        }
        parted = (
            (times[Column.WINDOW_START], times[Column.WINDOW_END]),
            (times[Column.WINDOW_2_START], times[Column.WINDOW_2_END]),
        )
        any_hour: tuple[Pair, ...] = ()
        hours = faults.catch(Column.HOURS, as_hours, self._cell(row, Column.HOURS), any_hour)
        return Timing(
            day=moment(Column.DATE),
            earliest=moment(Column.DATE_MIN),
            latest=moment(Column.DATE_MAX),
            # A cell that says it all counts where the parted ones say nothing.
            pairs=parted if any(any(pair) for pair in parted) else hours,
        )

    def _number(self, row: SheetRow, column: Column, faults: _Faults) -> float | None:
        return faults.catch(column, as_number, self._cell(row, column), None)

    def _whole(self, row: SheetRow, column: Column, faults: _Faults) -> int | None:
        return faults.catch(column, as_whole, self._cell(row, column), None)

    def _weights(self) -> tuple[tuple[Column, int], ...]:
        return (
            (Column.WEIGHT_G, 1),
            (Column.WEIGHT_KG, KILOGRAM_G),
            (Column.WEIGHT, self._layout.weight_unit_g),
        )

    def _volumes(self) -> tuple[tuple[Column, int], ...]:
        return (
            (Column.VOLUME_ML, 1),
            (Column.VOLUME_L, LITRE_ML),
            (Column.VOLUME_M3, CUBIC_METRE_ML),
            (Column.VOLUME, self._layout.volume_unit_ml),
        )

    def _amount(
        self,
        row: SheetRow,
        columns: Iterable[tuple[Column, int]],
        units: Mapping[str, int],
        faults: _Faults,
    ) -> int | None:
        """The first of several columns that says an amount, in our unit."""
        for column, unit in columns:
            point = self._points.get(column, Point.UNKNOWN)
            parse = partial(as_measured, unit=unit, units=units, point=point)
            amount = faults.catch(column, parse, self._cell(row, column), None)
            if amount is not None:
                return round(amount)
        return None

    def _service_time_s(self, row: SheetRow, faults: _Faults) -> int | None:
        for column, unit_s in (
            (Column.SERVICE_TIME_S, 1),
            (Column.SERVICE_TIME, self._layout.service_unit_s),
        ):
            cell = self._cell(row, column)
            if cell is not None:
                return faults.catch(column, partial(as_duration_s, unit_s=unit_s), cell, None)
        return None

    def _words(self, row: SheetRow, column: Column, faults: _Faults) -> frozenset[str]:
        text = faults.catch(column, as_text, self._cell(row, column), "")
        return frozenset(word.strip() for word in _WORDS_PARTED.split(text) if word.strip())

    def _tags(self, row: SheetRow, faults: _Faults) -> dict[str, str]:
        """What unknown columns say, except what names a person."""
        tags: dict[str, str] = {}
        for place in self._tag_places:
            value = row.cells[place] if place < len(row.cells) else None
            header = self._headers[place]
            text = faults.catch(header, as_text, value, "")
            if not text or len(tags) == TAGS_MAX:
                continue
            if place in self._personal_places or _shows_a_person(text):
                self._withheld[header] = None
                continue
            if header_key(header) in KIND_HEADERS and _FETCHING.search(bare(text)):
                faults.add(header, _NO_FETCHING, code="not_a_delivery")
            if self._layout.column_of(header) is None:
                self._unknown_kept[header] = None
            tags[header[:TAG_NAME_CHARS_MAX]] = text[:TAG_CHARS_MAX]
        return tags


@dataclass(slots=True)
class _Faults:
    """Collects what is wrong in one row."""

    line: int
    found: list[FieldFault] = field(default_factory=list)

    def catch(self, name: str, parse: Callable[[CellValue], T], value: CellValue, default: T) -> T:
        """What ``parse`` makes of a cell; when it cannot be read, a fault and ``default``."""
        if value is None or value == "":
            return default
        try:
            return parse(value)
        except CellError as error:
            self.add(name, error.sentence, code=error.code)
            return default

    def add(self, name: str, reason: str, *, code: str = "invalid") -> None:
        self.found.append(FieldFault(row=self.line, field=str(name), reason=reason, code=code))

    def add_once(self, name: str, reason: str) -> None:
        """Adds unless a coordinate was unreadable anyway."""
        if not any(fault.field in {Column.LON, Column.LAT} for fault in self.found):
            self.add(name, reason)


def header_texts(row: SheetRow) -> tuple[str, ...]:
    """The headers of a row, one a cell; empty cells at the end are dropped."""
    texts = [
        "" if cell is None or isinstance(cell, BadCell) else tidy(str(cell)) for cell in row.cells
    ]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _places(layout: Layout, headers: Sequence[str]) -> dict[Column, tuple[int, ...]]:
    """Where each column of the layout is; its own headers before what people also call it."""
    found: dict[Column, list[int]] = {}
    for place, header in enumerate(headers):
        column = layout.column_of(header)
        if column is not None and column is not Column.TAG:
            found.setdefault(column, []).append(place)
    return {
        column: tuple(sorted(places, key=lambda place: _rank(layout, headers[place])))
        for column, places in found.items()
    }


def _rank(layout: Layout, header: str) -> int:
    """Its own headers first; ``referencia`` last, which may be a landmark instead of a number."""
    key = header_key(header)
    return 0 if key in layout.own else 2 if key == "referencia" else 1


def _tag_places(layout: Layout, headers: Sequence[str]) -> tuple[int, ...]:
    return tuple(
        place
        for place, header in enumerate(headers)
        if layout.column_of(header) in {None, Column.TAG}
    )


def _shows_a_person(text: str) -> bool:
    """Whether a free value holds an e-mail, a mobile phone or a RUT."""
    if _EMAIL_OR_PHONE.search(text):
        return True
    if "-" not in text or is_nothing(text):
        return False
    try:
        canonical_rut(text)
    except IdentityError:
        return False
    return True
