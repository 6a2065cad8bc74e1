"""Depots, vehicles, drivers and shifts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.fleet import Depot, Driver, Load, Shift, Vehicle
from promesa.kernel.geo import Position
from promesa.storage.columns import (
    clock_time,
    code,
    day,
    fact,
    identity,
    instant,
    position,
    tenant_table,
    value,
    whole,
)
from promesa.storage.locks import lock_of_tenant
from promesa.storage.rows import Rows

DEPOTS = tenant_table(
    "depots",
    identity(),
    code("code"),
    code("name"),
    *position(),
    code("address", nullable=True),
    clock_time("opens"),
    clock_time("closes"),
)
VEHICLES = tenant_table(
    "vehicles",
    identity(),
    code("code"),
    code("plate"),
    identity("depot_id"),
    whole("capacity_parcels"),
    whole("capacity_weight_g"),
    whole("capacity_volume_ml"),
    value("skills"),
    whole("cost_fixed_clp"),
    whole("cost_per_hour_clp"),
    whole("cost_per_km_clp"),
    fact("is_active"),
    code("kind"),
    value("size", nullable=True),
    whole("stops_max", nullable=True),
    whole("trips_max"),
    whole("loading_time_s", nullable=True),
)
DRIVERS = tenant_table(
    "drivers",
    identity(),
    code("code"),
    identity("person_id"),
    fact("is_active"),
    value("meal_break", nullable=True),
    whole("driving_max_s", nullable=True),
    whole("duty_max_s", nullable=True),
    whole("overtime_max_s", nullable=True),
    whole("overtime_hour_cost_clp", nullable=True),
    clock_time("latest_start"),
    value("areas"),
)
SHIFTS = tenant_table(
    "shifts",
    identity(),
    day(),
    identity("driver_id"),
    identity("vehicle_id"),
    identity("depot_id"),
    instant("start"),
    instant("end"),
)
Index("shifts_date_idx", SHIFTS.c.tenant_id, SHIFTS.c.date)


def _unique_code(table: Table) -> None:
    Index(f"{table.name}_code_key", table.c.tenant_id, table.c.code, unique=True)


for _table in (DEPOTS, VEHICLES, DRIVERS):
    _unique_code(_table)

_DEPOTS = Rows(DEPOTS, Depot, flat={"position": Position})
_VEHICLES = Rows(VEHICLES, Vehicle, flat={"capacity": Load})
_DRIVERS = Rows(DRIVERS, Driver)
SHIFT_ROWS = Rows(SHIFTS, Shift)


class Fleet:
    """The fleet of one tenant. Lists are by code; a code already used is a TakenError."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def put_depot(self, depot: Depot) -> None:
        """Adds or replaces."""
        await _DEPOTS.put(self._tx, depot)

    async def list_depots(self) -> list[Depot]:
        """All depots."""
        return await _DEPOTS.list(self._tx, select(DEPOTS).order_by(DEPOTS.c.code, DEPOTS.c.id))

    async def lock_vehicles(self) -> None:
        """Lets nobody else change vehicles until this transaction ends; reading goes on."""
        await lock_of_tenant(self._tx, VEHICLES.name)

    async def put_vehicle(self, vehicle: Vehicle) -> None:
        """Adds or replaces."""
        await _VEHICLES.put(self._tx, vehicle)

    async def list_vehicles(self) -> list[Vehicle]:
        """All vehicles, those out of use too."""
        query = select(VEHICLES).order_by(VEHICLES.c.code, VEHICLES.c.id)
        return await _VEHICLES.list(self._tx, query)

    async def put_driver(self, driver: Driver) -> None:
        """Adds or replaces."""
        await _DRIVERS.put(self._tx, driver)

    async def list_drivers(self) -> list[Driver]:
        """All drivers, those who left too."""
        return await _DRIVERS.list(self._tx, select(DRIVERS).order_by(DRIVERS.c.code, DRIVERS.c.id))

    async def get_driver(self, driver_id: UUID) -> Driver:
        """The driver, or NotFoundError."""
        return await _DRIVERS.get(self._tx, id=driver_id)

    async def lock_shifts(self) -> None:
        """Lets nobody else put shifts until this transaction ends; reading goes on."""
        await lock_of_tenant(self._tx, SHIFTS.name)

    async def put_shift(self, shift: Shift) -> None:
        """Adds or replaces."""
        await SHIFT_ROWS.put(self._tx, shift)

    async def remove_shift(self, shift_id: UUID) -> None:
        """Removes it; one that is not there is no error."""
        await self._tx.execute(delete(SHIFTS).where(SHIFTS.c.id == shift_id))

    async def find_shift(self, shift_id: UUID) -> Shift | None:
        """The shift, or None."""
        return await SHIFT_ROWS.find(self._tx, select(SHIFTS).where(SHIFTS.c.id == shift_id))

    async def list_shifts_between(self, first: date, last: date, *, limit: int) -> list[Shift]:
        """Shifts of those days, the last days first, then by start and id."""
        query = select(SHIFTS).where(SHIFTS.c.date >= first, SHIFTS.c.date <= last)
        query = query.order_by(SHIFTS.c.date.desc(), SHIFTS.c.start, SHIFTS.c.id).limit(limit)
        return await SHIFT_ROWS.list(self._tx, query)

    async def list_shifts(self, day: date) -> list[Shift]:
        """Shifts of a day, by driver code, start and id."""
        of_driver = (DRIVERS.c.tenant_id == SHIFTS.c.tenant_id) & (
            DRIVERS.c.id == SHIFTS.c.driver_id
        )
        query = (
            select(SHIFTS)
            .select_from(SHIFTS.outerjoin(DRIVERS, of_driver))
            .where(SHIFTS.c.date == day)
            .order_by(DRIVERS.c.code, SHIFTS.c.start, SHIFTS.c.id)
        )
        return await SHIFT_ROWS.list(self._tx, query)
