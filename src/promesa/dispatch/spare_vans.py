"""Spare vans: shifts of the day without a route, or back and squared, with hours left.

A spare van is a route without stops in a situation; it becomes a real one when it is sent out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from promesa.dispatch.choosing import MoveNotPossibleError
from promesa.dispatch.plan_desk import SHIFT_MIN, within_hours
from promesa.dispatch.release import route_code
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.situation import RouteNow
from promesa.domain.fleet import Depot, Driver, Shift, Vehicle
from promesa.domain.route import Route, RouteState, RouteVersion
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay

# The driver is called and gets to the van; nothing is loaded at the depot (assumed).
READY_IN = timedelta(minutes=15)
# Who is back but not squared still has parcels and money to hand in: not free yet.
_FREE = frozenset({RouteState.RECONCILED, RouteState.CANCELLED})


def spare_vans(
    shifts: Iterable[Shift],
    routes: Sequence[Route],
    vehicles: Mapping[UUID, Vehicle],
    drivers: Iterable[Driver],
    depots: Mapping[UUID, Depot],
    *,
    day: ServiceDay,
    now: datetime,
) -> list[RouteNow]:
    """The vans that wait at a depot, by plate; each can leave in a quarter of an hour."""
    busy = {
        taken
        for route in routes
        if route.state not in _FREE or route.is_broken_down
        for taken in (route.vehicle_id, route.driver_id)
    }
    active = {driver.id: driver for driver in drivers if driver.is_active}
    spares = []
    for shift in shifts:
        vehicle, depot = vehicles.get(shift.vehicle_id), depots.get(shift.depot_id)
        if vehicle is None or depot is None or not vehicle.is_active:
            continue
        if shift.driver_id not in active or not busy.isdisjoint(
            {shift.vehicle_id, shift.driver_id}
        ):
            continue
        hours = within_hours(shift, depot, day)
        start = max(hours.start, now + READY_IN)
        if hours.end - start >= SHIFT_MIN:
            turns = sum(route.driver_id == shift.driver_id for route in routes)
            waiting = _waiting(replace(hours, start=start), vehicle, depot, turns)
            spares.append(replace(waiting, driver=active[shift.driver_id]))
    return sorted(spares, key=lambda spare: (spare.route.code, spare.version.start, spare.route.id))


async def open_route(tx: DispatchStore, spare: RouteNow) -> Route:
    """Makes a route of a spare van, with the next free code.

    Raises:
        MoveNotPossibleError: The van or the driver got a route meanwhile.
    """
    routes = await tx.routes.list_of(spare.route.date)
    wanted = {spare.route.vehicle_id, spare.route.driver_id}
    if any(
        route.id == spare.route.id
        or (route.state not in _FREE and not wanted.isdisjoint({route.vehicle_id, route.driver_id}))
        for route in routes
    ):
        raise MoveNotPossibleError("Ese furgón ya salió con otra ruta. Revisa de nuevo.")
    taken = {route.code for route in routes}
    codes = map(route_code, range(len(routes) + 1, 2 * len(routes) + 2))
    route = replace(spare.route, code=next(code for code in codes if code not in taken))
    await tx.routes.add(route)
    return route


def _waiting(shift: Shift, vehicle: Vehicle, depot: Depot, turns: int) -> RouteNow:
    route = Route(
        id=derived_id("spare route", shift.id, turns),
        # It has no number yet, and a plate is what every screen knows a van by.
        code=vehicle.plate,
        date=shift.date,
        depot_id=depot.id,
        vehicle_id=vehicle.id,
        driver_id=shift.driver_id,
        state=RouteState.PUBLISHED,
    )
    version = RouteVersion(
        route_id=route.id,
        number=0,
        published_at=shift.start,
        start=shift.start,
        end=shift.start,
        stops=(),
        distance_m=0,
        duration_s=0,
        geometry="",
        cause="spare",
    )
    return RouteNow(
        route=route,
        version=version,
        stops={},
        vehicle=vehicle,
        depot=depot,
        shift_end=shift.end,
        is_spare=True,
    )
