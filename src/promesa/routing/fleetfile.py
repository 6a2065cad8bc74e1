"""The fleet of a day in a TOML file: depots with their positions, vehicles with their shifts.

Vehicles that are alike are written once, with a list of ids.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import time
from difflib import get_close_matches
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from promesa.domain.fleet import LOADING_TIME_S_DEFAULT, Load, VehicleKind, VehicleSize, skill_words
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.kernel.units import DAY_S, MINUTE_S
from promesa.routing.bounds import (
    LOAD_MAX,
    PRICE_MAX,
    SPENT_MAX_S,
    STOPS_OF_VEHICLE_MAX,
    TRIPS_MAX,
    number_fault,
)
from promesa.routing.fleet_offers import (
    FleetContract,
    FleetDocks,
    FleetDrivers,
    FleetSpot,
    FleetStops,
    offer_faults,
)
from promesa.routing.problem import Break, Depot, Vehicle

FLEET_BYTES_MAX = 1_000_000
MIDNIGHT = time(0, 0)


# Keys of a group of vehicles: the least and the most. The size is that of the API.
_DAY_MINUTES = DAY_S // MINUTE_S
_BOUNDS = {
    "parcels": (0, LOAD_MAX),
    "weight_g": (0, LOAD_MAX),
    "volume_ml": (0, LOAD_MAX),
    "fixed_cost_clp": (0, PRICE_MAX),
    "hour_cost_clp": (0, PRICE_MAX),
    "km_cost_clp": (0, PRICE_MAX),
    "overtime_hour_cost_clp": (0, PRICE_MAX),
    "stops_max": (1, STOPS_OF_VEHICLE_MAX),
    "height_cm": (30, 2_000),
    "width_cm": (30, 2_000),
    "gross_weight_kg": (1, 100_000),
    "overtime_max_minutes": (0, _DAY_MINUTES),
    "driving_max_minutes": (0, SPENT_MAX_S // MINUTE_S),
    "duty_max_minutes": (0, SPENT_MAX_S // MINUTE_S),
    "trips": (1, TRIPS_MAX),
    "loading_minutes": (0, _DAY_MINUTES),
}
# Where the decoder of TOML says it stopped.
_PLACE = re.compile(r"at line (\d+)")


class FleetFileError(InvalidError):
    """The fleet file cannot be used; the details say where."""

    code: ClassVar[str] = "routing_fleet_invalid"
    message: ClassVar[str] = "El archivo de flota tiene errores. Corrige los que se indican."


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetDepot:
    """A depot as written; closing at midnight means the end of the day."""

    id: str
    lon: float
    lat: float
    name: str = ""
    open: time = MIDNIGHT
    close: time = MIDNIGHT

    @property
    def position(self) -> Position:
        """Where it is."""
        return Position(lon=self.lon, lat=self.lat)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetBreak:
    """A rest as written: ``minutes`` in one piece, begun and over between two clock times."""

    minutes: int
    earliest: time
    latest: time


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetVehicles:
    """Vehicles that are alike in everything but their ids, each with its driver.

    What is not written is no limit, but overtime and a second trip, which have to be allowed.

    Attributes:
        depot: Id of the depot they leave from and come back to.
        breaks: In the order they are taken (colación).
        trips: How often a day each may leave, loading again in between.
    """

    ids: tuple[str, ...]
    depot: str
    parcels: int
    weight_g: int
    volume_ml: int
    shift_start: time
    shift_end: time
    skills: frozenset[str] = frozenset()
    fixed_cost_clp: int = 0
    hour_cost_clp: int = 0
    km_cost_clp: int = 0
    stops_max: int | None = None
    kind: VehicleKind = VehicleKind.VAN
    height_cm: int | None = None
    width_cm: int | None = None
    gross_weight_kg: int | None = None
    latest_start: time | None = None
    overtime_max_minutes: int = 0
    overtime_hour_cost_clp: int = 0
    driving_max_minutes: int | None = None
    duty_max_minutes: int | None = None
    breaks: tuple[FleetBreak, ...] = ()
    trips: int = 1
    loading_minutes: int = LOADING_TIME_S_DEFAULT // MINUTE_S

    @property
    def size(self) -> VehicleSize:
        """What bridges and signs ask."""
        return VehicleSize(
            height_cm=self.height_cm, width_cm=self.width_cm, weight_kg=self.gross_weight_kg
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetFile:
    """A fleet as written; one that is hired altogether has no vehicles of its own."""

    depots: tuple[FleetDepot, ...]
    vehicles: tuple[FleetVehicles, ...] = ()
    zone: str = field(default=SANTIAGO)
    contracts: tuple[FleetContract, ...] = ()
    spot: tuple[FleetSpot, ...] = ()
    docks: tuple[FleetDocks, ...] = ()
    drivers: tuple[FleetDrivers, ...] = ()
    stops: FleetStops = field(default_factory=FleetStops)
    # Series of a forecast to the depot that serves it; the nearest by road where not written.
    zones: dict[str, str] = field(default_factory=dict)

    def depots_at(self, locations: Mapping[str, int], day: ServiceDay) -> tuple[Depot, ...]:
        """The depots of a routing problem; ``locations`` gives the matrix row by depot id."""
        return tuple(
            Depot(
                id=depot.id,
                location=locations[depot.id],
                name=depot.name,
                open_s=day.second_of(day.at(depot.open)),
                close_s=_end_s(depot.close, day),
            )
            for depot in self.depots
        )

    def vehicles_on(self, day: ServiceDay) -> tuple[Vehicle, ...]:
        """The vehicles of a routing problem, in the order written."""
        index = {depot.id: number for number, depot in enumerate(self.depots)}
        return tuple(
            Vehicle(
                id=name,
                start_depot=index[group.depot],
                end_depot=index[group.depot],
                capacity=Load(
                    parcels=group.parcels, weight_g=group.weight_g, volume_ml=group.volume_ml
                ),
                shift_start_s=day.second_of(day.at(group.shift_start)),
                shift_end_s=_end_s(group.shift_end, day),
                skills=skill_words(group.skills),
                fixed_cost_clp=group.fixed_cost_clp,
                hour_cost_clp=group.hour_cost_clp,
                km_cost_clp=group.km_cost_clp,
                stops_max=group.stops_max,
                latest_start_s=_second(group.latest_start, day),
                overtime_max_s=group.overtime_max_minutes * MINUTE_S,
                overtime_hour_cost_clp=group.overtime_hour_cost_clp,
                driving_max_s=_seconds(group.driving_max_minutes),
                duty_max_s=_seconds(group.duty_max_minutes),
                breaks=tuple(_break(each, day) for each in group.breaks),
                trips_max=group.trips,
                loading_time_s=group.loading_minutes * MINUTE_S,
            )
            for group in self.vehicles
            for name in group.ids
        )


# The tables of a fleet file.
_TABLES: dict[str, type] = {
    "depots": FleetDepot,
    "vehicles": FleetVehicles,
    "breaks": FleetBreak,
    "contracts": FleetContract,
    "spot": FleetSpot,
    "docks": FleetDocks,
    "drivers": FleetDrivers,
    "stops": FleetStops,
}


def _break(written: FleetBreak, day: ServiceDay) -> Break:
    return Break(
        start_s=day.second_of(day.at(written.earliest)),
        end_s=_end_s(written.latest, day),
        duration_s=written.minutes * MINUTE_S,
    )


def _second(clock_time: time | None, day: ServiceDay) -> int | None:
    return None if clock_time is None else day.second_of(day.at(clock_time))


def _seconds(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * MINUTE_S


def read_fleet(content: bytes) -> FleetFile:
    """The fleet in a TOML file; vehicles may be missing where others are hired.

    Raises:
        FleetFileError: It is no TOML, a field is missing, or a vehicle names no known depot.
    """
    if len(content) > FLEET_BYTES_MAX:
        raise FleetFileError("El archivo de flota es demasiado grande.")
    try:
        written = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FleetFileError(where=str(error)) from None
    except ValueError as error:
        # TOML's own error is one, and so is a number of more digits than Python reads.
        place = _PLACE.search(str(error))
        where = f"línea {place[1]}" if place else "al final del archivo"
        raise FleetFileError("El archivo de flota no es TOML bien escrito.", where=where) from None
    # First: a key that is misspelt is often one that is missing too, and the spelling helps more.
    unknown = tuple(_unknown_keys(written, FleetFile))
    if unknown:
        raise FleetFileError(faults=unknown)
    try:
        fleet = msgspec.convert(written, type=FleetFile)
    except msgspec.ValidationError as error:
        raise FleetFileError(where=str(error)) from None
    if "vehicles" not in written and not (fleet.contracts or fleet.spot):
        raise FleetFileError(where="Object missing required field `vehicles`")
    faults = tuple(_faults(fleet))
    if faults:
        raise FleetFileError(faults=faults)
    return fleet


def _unknown_keys(table: object, kind: type, prefix: str = "") -> Iterator[FieldFault]:
    """The keys we do not know, which would be passed over in silence, in this table or below."""
    if not isinstance(table, dict):
        return
    known = {each.name for each in fields(kind)}
    for key, value in table.items():
        if key not in known:
            near = get_close_matches(key, known, n=1)
            reason = f"¿Quisiste decir {near[0]}?" if near else "Quítala."
            yield FieldFault(field=f"{prefix}{key}", reason=f"No conocemos esta clave. {reason}")
        elif key in _TABLES and isinstance(value, dict):
            yield from _unknown_keys(value, _TABLES[key], f"{prefix}{key}.")
        elif key in _TABLES and isinstance(value, list):
            for row, below in enumerate(value, start=1):
                for fault in _unknown_keys(below, _TABLES[key], f"{prefix}{key}."):
                    yield fault if prefix else replace(fault, row=row)


def _faults(fleet: FleetFile) -> Iterator[FieldFault]:
    try:
        ZoneInfo(fleet.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield FieldFault(field="zone", reason=f"No existe la zona horaria {fleet.zone}.")
    yield from _repeated("depots.id", [(depot.id,) for depot in fleet.depots])
    yield from _repeated("vehicles.ids", [group.ids for group in fleet.vehicles])
    for row, depot in enumerate(fleet.depots, start=1):
        if not (-180 <= depot.lon <= 180 and -90 <= depot.lat <= 90):
            yield FieldFault(field="depots.lon", row=row, reason="La posición no existe.")
    known = {depot.id for depot in fleet.depots}
    # Of two depots with one name, one is likely meant to have the name that is missing.
    is_told = len(known) == len(fleet.depots)
    for row, group in enumerate(fleet.vehicles, start=1):
        if is_told and group.depot not in known:
            reason = f"El CD {group.depot} no está en la lista de CD."
            yield FieldFault(field="vehicles.depot", row=row, reason=reason)
        for name, reason in _group_faults(group):
            yield FieldFault(field=f"vehicles.{name}", row=row, reason=reason)
    yield from offer_faults(fleet, [depot.id for depot in fleet.depots])


def _repeated(field_name: str, rows: Sequence[Sequence[str]]) -> Iterator[FieldFault]:
    seen: set[str] = set()
    for row, names in enumerate(rows, start=1):
        for name in names:
            if name in seen:
                reason = f"El identificador {name} se repite. Deja uno o cámbialo."
                yield FieldFault(field=field_name, row=row, reason=reason)
            seen.add(name)


def _group_faults(group: FleetVehicles) -> Iterator[tuple[str, str]]:
    for name, (least, most) in _BOUNDS.items():
        value = getattr(group, name)
        if value is not None and (reason := number_fault(value, "El número", least, most)):
            yield name, reason
    for rest in group.breaks:
        if reason := number_fault(rest.minutes, "El número", 1, DAY_S // MINUTE_S):
            yield "breaks.minutes", reason


def _end_s(clock_time: time, day: ServiceDay) -> int:
    return day.second_of(day.end if clock_time == MIDNIGHT else day.at(clock_time))
