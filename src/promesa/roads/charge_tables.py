"""Tolls and restricted zones as people edit them: three CSV files in the folder of the city.

- toll_gates.csv: id, name, lon, lat, bearing_deg. Where a gate (a TAG gantry or a booth) stands,
  and which way traffic passes it; without a bearing every direction of its street pays.
- toll_prices.csv: gate, vehicles, days, start, end, price_clp. A later row replaces an earlier one
  for the half hours both name. An empty price, or «por completar», is not known, and not zero.
- restricted_zones.csv: id, name, vehicles, days, start, end, rule, price_clp, polygon. The rule is
  «prohibido» (nobody named may drive in) or «costo» (whoever drives in pays the price). The polygon
  is WKT of longitudes and latitudes.

A row that cannot be used is reported and the good ones count. Prices of Santiago are not shipped:
the companies change them twice a year, so each row needs its source from whoever fills it in.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely

from promesa.kernel.errors import FieldFault
from promesa.kernel.geo import Position
from promesa.roads.charges import ChargeTables, RestrictedZone, TollGate
from promesa.roads.city_folder import (
    RESTRICTED_ZONES_FILE,
    TOLL_GATES_FILE,
    TOLL_PRICES_FILE,
)
from promesa.roads.names import folded
from promesa.roads.profiles import HALF_HOURS_PER_DAY
from promesa.roads.schedules import DAYS, Schedule
from promesa.roads.tables import table_rows
from promesa.roads.vehicles import MOTOR_KINDS, VehicleKind

TO_FILL_IN = "por completar"
PRICE_CLP_MAX = 1_000_000
GATE_COLUMNS = ("id", "name", "lon", "lat", "bearing_deg")
PRICE_COLUMNS = ("gate", "vehicles", "days", "start", "end", "price_clp")
ZONE_COLUMNS = (
    "id",
    "name",
    "vehicles",
    "days",
    "start",
    "end",
    "rule",
    "price_clp",
    "polygon",
)
COLUMNS = {
    TOLL_GATES_FILE: GATE_COLUMNS,
    TOLL_PRICES_FILE: PRICE_COLUMNS,
    RESTRICTED_ZONES_FILE: ZONE_COLUMNS,
}
# The header is line 1, so the first row of data is line 2.
_FIRST_ROW = 2
_HALF_HOUR_MIN = 30
_DAY_MIN = 24 * 60
_VEHICLES = {
    "furgon": VehicleKind.VAN,
    "camioneta": VehicleKind.VAN,
    "auto": VehicleKind.VAN,
    "van": VehicleKind.VAN,
    "camion": VehicleKind.TRUCK,
    "truck": VehicleKind.TRUCK,
    "moto": VehicleKind.MOTORCYCLE,
    "motorcycle": VehicleKind.MOTORCYCLE,
    "todos": MOTOR_KINDS,
    "": MOTOR_KINDS,
}
# Days of schedules.DAYS: weekdays, then weekdays that are public holidays.
_HOLIDAYS = tuple(range(7, DAYS))
_DAYS = {
    "laboral": (0, 1, 2, 3, 4),
    "sabado": (5,),
    "domingo": (6, *_HOLIDAYS),
    "festivo": (6, *_HOLIDAYS),
    "todos": tuple(range(DAYS)),
    "": tuple(range(DAYS)),
}
_FORBIDDEN, _PRICED = "prohibido", "costo"


class _RowFaultError(Exception):
    """One row cannot be used."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field_name
        self.reason = reason


@dataclass(slots=True)
class _Reader:
    """Reads the rows of the three tables and keeps what is wrong with them."""

    contents: Mapping[str, bytes]
    faults: list[tuple[str, FieldFault]] = field(default_factory=list)

    def each(
        self, name: str, columns: tuple[str, ...], take: Callable[[Mapping[str, str]], None]
    ) -> None:
        """Hands each row of a table that is there to ``take``."""
        if name not in self.contents:
            return
        rows = table_rows(self.contents[name], name, columns)
        for number, row in enumerate(rows, start=_FIRST_ROW):
            try:
                take(row)
            except _RowFaultError as fault:
                found = FieldFault(field=fault.field, reason=fault.reason, row=number)
                self.faults.append((name, found))


def read_charges(folder: Path) -> ChargeTables:
    """Reads the tables of a city; files that are not there are empty.

    Raises:
        TableUnreadableError: A file is no CSV or lacks a column.
    """
    return parse_charges(charge_contents(folder))


def charge_contents(folder: Path) -> dict[str, bytes]:
    """The tables that are in a folder, by the names of their files."""
    return {name: (folder / name).read_bytes() for name in COLUMNS if (folder / name).exists()}


def parse_charges(contents: Mapping[str, bytes]) -> ChargeTables:
    """The same of the contents of the files, by their names.

    Raises:
        TableUnreadableError: One is no CSV or lacks a column.
    """
    reader = _Reader(contents)
    gates: dict[str, TollGate] = {}
    zones: list[RestrictedZone] = []

    def take_gate(row: Mapping[str, str]) -> None:
        gate = _gate(row)
        if gate.id in gates:
            raise _RowFaultError("id", f"El pórtico {gate.id} ya está más arriba.")
        gates[gate.id] = gate

    reader.each(TOLL_GATES_FILE, GATE_COLUMNS, take_gate)
    reader.each(TOLL_PRICES_FILE, PRICE_COLUMNS, lambda row: _take_price(row, gates))
    reader.each(RESTRICTED_ZONES_FILE, ZONE_COLUMNS, lambda row: zones.append(_zone(row)))
    return ChargeTables(
        gates=tuple(gates.values()), zones=tuple(zones), faults=tuple(reader.faults)
    )


def write_gates(folder: Path, gates: Iterable[tuple[str, str, Position]]) -> None:
    """Writes gates of the map, their prices to be filled in, where no such file stands yet."""
    found = list(gates)
    rows = [(name, text, f"{at.lon:.7f}", f"{at.lat:.7f}", "") for name, text, at in found]
    prices = [(name, "todos", "todos", "", "", TO_FILL_IN) for name, _, _ in found]
    for name, columns, lines in (
        (TOLL_GATES_FILE, GATE_COLUMNS, rows),
        (TOLL_PRICES_FILE, PRICE_COLUMNS, prices),
        (RESTRICTED_ZONES_FILE, ZONE_COLUMNS, []),
    ):
        if not (folder / name).exists():
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([columns, *lines])


def _gate(row: Mapping[str, str]) -> TollGate:
    if not row["id"]:
        raise _RowFaultError("id", "Escribe un identificador para el pórtico.")
    lon, lat = _number(row, "lon"), _number(row, "lat")
    try:
        position = Position(lon=lon, lat=lat)
    except ValueError as error:
        reason = "La longitud va de -180 a 180 y la latitud de -90 a 90."
        raise _RowFaultError("lon, lat", reason) from error
    return TollGate(
        id=row["id"],
        name=row["name"] or row["id"],
        position=position,
        bearing_deg=_number(row, "bearing_deg") % 360 if row["bearing_deg"] else None,
        price_clp=np.full((len(VehicleKind), DAYS, HALF_HOURS_PER_DAY), np.nan),
    )


def _take_price(row: Mapping[str, str], gates: Mapping[str, TollGate]) -> None:
    gate = gates.get(row["gate"])
    if gate is None:
        reason = f"No hay un pórtico «{row['gate']}» en {TOLL_GATES_FILE}."
        raise _RowFaultError("gate", reason)
    kinds, schedule, price_clp = _vehicles(row), _schedule(row), _price(row)
    for place, kind in enumerate(VehicleKind):
        if kind & kinds:
            gate.price_clp[place][schedule] = np.nan if price_clp is None else price_clp


def _zone(row: Mapping[str, str]) -> RestrictedZone:
    rule = folded(row["rule"])
    if rule not in {_FORBIDDEN, _PRICED}:
        reason = f"Falta la regla: no entra ({_FORBIDDEN}) o paga ({_PRICED})."
        raise _RowFaultError("rule", reason)
    price_clp = _price(row)
    if rule == _PRICED and price_clp is None:
        raise _RowFaultError("price_clp", "Falta cuánto cuesta entrar, en pesos.")
    return RestrictedZone(
        id=row["id"],
        name=row["name"] or row["id"],
        polygon=_polygon(row["polygon"]),
        kinds=_vehicles(row),
        schedule=_schedule(row),
        price_clp=price_clp if rule == _PRICED else None,
    )


def _polygon(text: str) -> shapely.Polygon | shapely.MultiPolygon:
    try:
        found = shapely.from_wkt(text)
    except shapely.GEOSException as error:
        reason = "Escribe un polígono WKT: POLYGON ((-70.66 -33.45, …))."
        raise _RowFaultError("polygon", reason) from error
    is_area = isinstance(found, shapely.Polygon | shapely.MultiPolygon)
    if not is_area or found.is_empty or not found.is_valid:
        raise _RowFaultError("polygon", "El polígono está vacío, abierto o se cruza a sí mismo.")
    return found


def _vehicles(row: Mapping[str, str]) -> VehicleKind:
    kinds = VehicleKind(0)
    for word in _words(row, "vehicles", _VEHICLES):
        kinds |= _VEHICLES[word]
    return kinds


def _schedule(row: Mapping[str, str]) -> Schedule:
    days = [day for word in _words(row, "days", _DAYS) for day in _DAYS[word]]
    first = _minute(row, "start", 0) // _HALF_HOUR_MIN
    after = _minute(row, "end", _DAY_MIN) // _HALF_HOUR_MIN
    if after <= first:
        reason = "La hora de término va después del inicio; la noche se escribe en dos filas."
        raise _RowFaultError("end", reason)
    schedule = np.zeros((DAYS, HALF_HOURS_PER_DAY), dtype=np.bool_)
    schedule[np.unique(days), first:after] = True
    return schedule


def _words(row: Mapping[str, str], name: str, known: Mapping[str, object]) -> list[str]:
    words = [folded(word) for word in row[name].replace("+", ";").split(";")]
    strange = [word for word in words if word not in known]
    if strange:
        choice = ", ".join(word for word in known if word)
        raise _RowFaultError(name, f"No conozco «{strange[0]}». Elige entre: {choice}.")
    return words


def _minute(row: Mapping[str, str], name: str, default: int) -> int:
    if not row[name]:
        return default
    hour, _, minute = row[name].partition(":")
    reason = "Escribe la hora como 07:30, en punto o a la media."
    try:
        found = int(hour) * 60 + int(minute)
    except ValueError as error:
        raise _RowFaultError(name, reason) from error
    if not 0 <= found <= _DAY_MIN or found % _HALF_HOUR_MIN:
        raise _RowFaultError(name, reason)
    return found


def _price(row: Mapping[str, str]) -> int | None:
    text = row["price_clp"].replace("$", "").replace(".", "").strip()
    if folded(text) in {"", TO_FILL_IN}:
        return None
    if not text.isdigit() or int(text) > PRICE_CLP_MAX:
        reason = f"Escribe pesos enteros hasta {PRICE_CLP_MAX}, o «{TO_FILL_IN}»."
        raise _RowFaultError("price_clp", reason)
    return int(text)


def _number(row: Mapping[str, str], name: str) -> float:
    try:
        return float(row[name].replace(",", "."))
    except ValueError as error:
        raise _RowFaultError(name, "Escribe un número, como -70.65.") from error
