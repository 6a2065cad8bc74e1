"""What a fleet file says besides of capacity: contracts, spot vehicles, docks, stops, zones.

All of it may be left out: `promesa plan` asks nothing of it, `promesa capacity` sizes with the
depots' own vehicles then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Protocol

from promesa.kernel.errors import FieldFault
from promesa.kernel.units import DAY_S, MINUTE_S
from promesa.routing.bounds import PRICE_MAX, number_fault

VEHICLES_MAX = 2_000
DOORS_MAX = 500
DRIVERS_MAX = 500
CONTRACT_DAYS_MAX = 366
SERVICE_MAX_MINUTES = 240
PARCELS_OF_STOP_MAX = 1_000
_DAY_MINUTES = DAY_S // MINUTE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetContract:
    """Vehicles with drivers of a carrier, hired for days in a row.

    Attributes:
        vehicles: How many it has at most.
        day_cost_clp: Of one, used or not.
        days_min: Days of delivery in a row a hire lasts at least.
        block: They come by so many at a time.
    """

    name: str
    depot: str
    vehicles: int
    day_cost_clp: int
    days_min: int = 1
    block: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSpot:
    """Vehicles that can be called on the day, paid when they come."""

    name: str
    depot: str
    vehicles: int
    day_cost_clp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetDocks:
    """Doors of a depot, and when they load.

    Attributes:
        loading_minutes: A van stands at a door.
    """

    depot: str
    doors: int
    first: time
    last: time
    loading_minutes: int

    @property
    def departures_max(self) -> int:
        """Vans that can have loaded between the two hours."""
        span = _minute(self.last) - _minute(self.first)
        return self.doors * (span // self.loading_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetDrivers:
    """Who drives the depot's own vehicles, for a roster; without them none is made."""

    depot: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetStops:
    """What a stop is on average where the forecast counts parcels.

    Attributes:
        service_minutes: At the door (assumed where not written: 4, as orders that say nothing).
        parcels: Of one stop.
    """

    service_minutes: float = 4.0
    parcels: float = 1.0


class Offering(Protocol):
    """A fleet file, as far as this file reads it."""

    @property
    def contracts(self) -> tuple[FleetContract, ...]: ...
    @property
    def spot(self) -> tuple[FleetSpot, ...]: ...
    @property
    def docks(self) -> tuple[FleetDocks, ...]: ...
    @property
    def drivers(self) -> tuple[FleetDrivers, ...]: ...
    @property
    def stops(self) -> FleetStops: ...
    @property
    def zones(self) -> dict[str, str]: ...


_NUMBERS = {
    "contracts": {
        "vehicles": (1, VEHICLES_MAX),
        "day_cost_clp": (0, PRICE_MAX),
        "days_min": (1, CONTRACT_DAYS_MAX),
        "block": (1, VEHICLES_MAX),
    },
    "spot": {"vehicles": (1, VEHICLES_MAX), "day_cost_clp": (0, PRICE_MAX)},
    "docks": {"doors": (1, DOORS_MAX), "loading_minutes": (1, _DAY_MINUTES)},
}


def offer_faults(fleet: Offering, depots: Sequence[str]) -> Iterator[FieldFault]:
    """What is wrong with them: table and key, row within the table."""
    for table, bounds in _NUMBERS.items():
        for row, each in enumerate(getattr(fleet, table), start=1):
            if each.depot not in depots:
                reason = f"El CD {each.depot} no está en la lista de CD."
                yield FieldFault(field=f"{table}.depot", row=row, reason=reason)
            for name, (least, most) in bounds.items():
                if reason := number_fault(getattr(each, name), "El número", least, most) or "":
                    yield FieldFault(field=f"{table}.{name}", row=row, reason=reason)
    yield from _dock_faults(fleet.docks)
    yield from _driver_faults(fleet.drivers, depots)
    if not 0 <= fleet.stops.service_minutes <= SERVICE_MAX_MINUTES:
        reason = f"Los minutos van de 0 a {SERVICE_MAX_MINUTES}."
        yield FieldFault(field="stops.service_minutes", reason=reason)
    if not 0 < fleet.stops.parcels <= PARCELS_OF_STOP_MAX:
        reason = f"Los bultos de una parada van de más de 0 a {PARCELS_OF_STOP_MAX}."
        yield FieldFault(field="stops.parcels", reason=reason)
    for zone, depot in fleet.zones.items():
        if depot not in depots:
            reason = f"El CD {depot} no está en la lista de CD."
            yield FieldFault(field=f"zones.{zone}", reason=reason)


def _dock_faults(docks: Sequence[FleetDocks]) -> Iterator[FieldFault]:
    seen: set[str] = set()
    for row, each in enumerate(docks, start=1):
        if each.depot in seen:
            reason = f"El CD {each.depot} ya tiene andenes: deja una tabla por CD."
            yield FieldFault(field="docks.depot", row=row, reason=reason)
        seen.add(each.depot)
        is_short = _minute(each.last) - _minute(each.first) < each.loading_minutes
        if is_short and each.loading_minutes > 0:
            reason = "Entre la primera y la última hora no cabe ni una carga: sepáralas."
            yield FieldFault(field="docks.last", row=row, reason=reason)


def _driver_faults(drivers: Sequence[FleetDrivers], depots: Sequence[str]) -> Iterator[FieldFault]:
    seen: set[str] = set()
    for row, each in enumerate(drivers, start=1):
        if each.depot not in depots:
            reason = f"El CD {each.depot} no está en la lista de CD."
            yield FieldFault(field="drivers.depot", row=row, reason=reason)
        if len(each.names) > DRIVERS_MAX:
            reason = f"Son más de {DRIVERS_MAX} conductores: divide el CD."
            yield FieldFault(field="drivers.names", row=row, reason=reason)
        for name in each.names:
            if not name.strip() or name in seen:
                reason = f"El nombre «{name}» falta o se repite: cada conductor va una vez."
                yield FieldFault(field="drivers.names", row=row, reason=reason)
            seen.add(name)


def _minute(clock_time: time) -> int:
    return clock_time.hour * 60 + clock_time.minute
