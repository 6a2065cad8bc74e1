"""Which routes load at a depot on a day, from the surest that is known of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from promesa.domain.fleet import Depot
from promesa.domain.route import Route, RouteReload, RouteState, RouteVersion
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.dock_day import DockRoute, DockSource
from promesa.planning.capacity.roster_board import wanted_of
from promesa.planning.capacity.roster_people import RosterInputs, shift_of
from promesa.planning.capacity.roster_words import shift_word
from promesa.planning.repository import PlanRecord, PlanState


class DayRoutes(Protocol):
    """Routes of a day as the doors see them."""

    async def list_of(self, day: date) -> list[Route]: ...
    async def latest_versions(self, day: date) -> dict[UUID, RouteVersion]: ...


class DayPlans(Protocol):
    """Plans of a day, the newest first."""

    async def list_of(self, day: date) -> list[PlanRecord]: ...


class DockStore(Protocol):
    """The unit of work as the doors see it."""

    @property
    def routes(self) -> DayRoutes: ...
    @property
    def plans(self) -> DayPlans: ...


Loads = Mapping[UUID, tuple[DockSource, Sequence[DockRoute]]]


async def gather_loads(tx: DockStore, inputs: RosterInputs, day: date) -> Loads:
    """The routes of every depot by its id, and where they are known from.

    Published ones first, then those of the newest plan, the shifts that are put, the need.
    """
    published = await _published(tx, day, inputs.zone)
    drafted = await _drafted(tx, inputs, day)
    found: dict[UUID, tuple[DockSource, Sequence[DockRoute]]] = {}
    for depot in inputs.depots:
        ways = (
            (DockSource.PUBLISHED, published.get(depot.id, ())),
            (DockSource.DRAFT, drafted.get(depot.id, ())),
            (DockSource.SHIFTS, _put(inputs, depot, day)),
            (DockSource.EXPECTED, _expected(inputs, depot, day)),
        )
        found[depot.id] = next((way for way in ways if way[1]), ways[-1])
    return found


async def _published(tx: DockStore, day: date, zone: str) -> dict[UUID, list[DockRoute]]:
    versions = await tx.routes.latest_versions(day)
    found: dict[UUID, list[DockRoute]] = defaultdict(list)
    for route in await tx.routes.list_of(day):
        version = versions.get(route.id)
        if version is None or route.state is RouteState.CANCELLED or not version.stops:
            continue
        found[route.depot_id] += _loads(
            route.code, version.start, version.reloads, ServiceDay(day, zone)
        )
    return found


async def _drafted(tx: DockStore, inputs: RosterInputs, day: date) -> dict[UUID, list[DockRoute]]:
    codes = {vehicle.id: vehicle.code for vehicle in inputs.fleet.vehicles}
    plans = [plan for plan in await tx.plans.list_of(day) if plan.state is PlanState.READY]
    newest = max(plans, key=lambda plan: (plan.requested_at, plan.id), default=None)
    found: dict[UUID, list[DockRoute]] = defaultdict(list)
    for route in newest.routes if newest else ():
        name = codes.get(route.vehicle_id, "")
        if route.visits:
            found[route.depot_id] += _loads(
                name, route.start, route.reloads, ServiceDay(day, inputs.zone)
            )
    return found


def _loads(
    name: str, start: datetime, reloads: Sequence[RouteReload], day: ServiceDay
) -> list[DockRoute]:
    """The first load of a route, then one each time that it is back to load again."""
    again = [
        DockRoute(
            name=f"{name} · {number}ª carga",
            due_s=day.second_of(reload.departure),
            back_s=day.second_of(reload.arrival),
        )
        for number, reload in enumerate(reloads, start=2)
    ]
    return [DockRoute(name=name, due_s=day.second_of(start)), *again]


def _put(inputs: RosterInputs, depot: Depot, day: date) -> list[DockRoute]:
    codes = {vehicle.id: vehicle.code for vehicle in inputs.fleet.vehicles}
    return [
        DockRoute(
            name=codes.get(shift.vehicle_id, ""),
            due_s=ServiceDay(day, inputs.zone).second_of(shift.start),
        )
        for shift in sorted(inputs.fleet.shifts, key=lambda each: (each.start, each.id))
        if shift.depot_id == depot.id and shift.date == day
    ]


def _expected(inputs: RosterInputs, depot: Depot, day: date) -> list[DockRoute]:
    on = ServiceDay(day, inputs.zone)
    return [
        DockRoute(
            name=f"{shift_word(shift).capitalize()} {number}",
            due_s=on.second_of(on.at(shift.start)),
        )
        for code, count in (wanted_of(inputs, depot, day) or {}).items()
        for shift in [shift_of(code)]
        for number in range(1, count + 1)
    ]
