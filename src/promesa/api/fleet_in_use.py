"""What a published route needs of the fleet until it is closed: its shift and its vehicle.

Hours of a shift may change under a route: vans come back later than was planned. A driver may leave
at any time: the phone of one who is gone must open nothing.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from promesa.dispatch.release import route_id_of
from promesa.domain.fleet import Shift
from promesa.domain.route import OVER, Route
from promesa.domain.stop import Outcome
from promesa.kernel.clock import Clock
from promesa.kernel.errors import ConflictError
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.repository import PlanState
from promesa.runtime.repository import PlatformStore


class FleetInUseError(ConflictError):
    """A published route that is not closed needs this shift or vehicle."""

    code: ClassVar[str] = "fleet_in_use"
    message = "Una ruta publicada lo usa. Pasa sus paradas a otra ruta o ciérrala primero."


async def require_shift_unused(tx: PlatformStore, shift_id: UUID) -> None:
    """Refuses to remove a shift that a route is driven in.

    Raises:
        FleetInUseError: A route of its day needs it.
    """
    shift = await tx.fleet.find_shift(shift_id)
    route = await _find_route_of(tx, shift) if shift is not None else None
    if route is not None:
        raise FleetInUseError(
            f"La ruta {route.code} usa este turno: pasa sus paradas a otra ruta o ciérrala antes "
            "de quitarlo.",
            route=route.code,
        )


async def require_same_use(tx: PlatformStore, changed: Shift) -> None:
    """Refuses another driver, vehicle, depot or day under a route.

    Raises:
        FleetInUseError: A route of its day needs the shift as it is.
    """
    route = await find_route_against(tx, changed)
    if route is not None:
        raise FleetInUseError(
            f"La ruta {route.code} usa este turno: sólo puedes cambiar sus horas. Para cambiar "
            "lo demás, pasa sus paradas a otra ruta o ciérrala.",
            route=route.code,
        )


async def find_route_against(tx: PlatformStore, changed: Shift) -> Route | None:
    """The route that needs a shift as it is kept, where more than its hours would change."""
    kept = await tx.fleet.find_shift(changed.id)
    if kept is None or _use_of(kept) == _use_of(changed):
        return None
    return await _find_route_of(tx, kept)


async def require_off_routes(tx: PlatformStore, clock: Clock, *, vehicle_id: UUID) -> None:
    """Refuses to take a vehicle out of use that drives a route of today or later.

    Raises:
        FleetInUseError: It names the first such route and its day.
    """
    for route in await tx.routes.list_open(ServiceDay.of(clock.now()).date):
        if route.vehicle_id == vehicle_id and await _has_stops(tx, route):
            raise FleetInUseError(
                f"Tiene la ruta {route.code} del {route.date:%d-%m-%Y}: pasa sus paradas a otra "
                "ruta o ciérrala primero.",
                route=route.code,
            )


async def _find_route_of(tx: PlatformStore, shift: Shift) -> Route | None:
    """The route driven in a shift; who has two a day is told apart by the plan that made it."""
    made = {
        route_id_of(plan, planned): planned.shift_id
        for plan in await tx.plans.list_of(shift.date)
        if plan.state is PlanState.PUBLISHED
        for planned in plan.routes
    }
    for route in await tx.routes.list_of(shift.date):
        is_own = (route.vehicle_id, route.driver_id) == (shift.vehicle_id, shift.driver_id)
        is_open = route.state not in OVER and made.get(route.id, shift.id) == shift.id
        if is_own and is_open and await _has_stops(tx, route):
            return route
    return None


async def _has_stops(tx: PlatformStore, route: Route) -> bool:
    """Whether anything is left on it: visits called off are not."""
    stops = await tx.routes.list_stops(route.id)
    return any(stop.outcome is not Outcome.CANCELLED for stop in stops)


def _use_of(shift: Shift) -> tuple[object, ...]:
    return shift.date, shift.driver_id, shift.vehicle_id, shift.depot_id
