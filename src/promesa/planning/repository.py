"""What planning needs kept: fleet and plans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from promesa.domain.fleet import Depot, Driver, Shift, Vehicle
from promesa.domain.route import RouteBreak, RouteReload


class PlanState(StrEnum):
    """How far a plan is."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    PUBLISHED = "published"


class WorkBalance(StrEnum):
    """What of the work is to be spread evenly over the drivers, if anything."""

    NONE = "none"
    STOPS = "stops"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVisit:
    """A stop as a plan times it."""

    order_id: UUID
    arrival: datetime
    departure: datetime
    leg_duration_s: int
    leg_distance_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRoute:
    """What one shift would drive.

    Attributes:
        overtime_s: How long after the shift it is back.
        toll_clp: What of the cost is paid at gates.
    """

    shift_id: UUID
    vehicle_id: UUID
    driver_id: UUID
    depot_id: UUID
    start: datetime
    end: datetime
    visits: tuple[PlanVisit, ...]
    distance_m: int
    duration_s: int
    geometry: str
    cost_clp: int
    breaks: tuple[RouteBreak, ...] = ()
    reloads: tuple[RouteReload, ...] = ()
    overtime_s: int = 0
    toll_clp: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """One change that would let an order in, tried on the plan.

    Attributes:
        remedy: What would change (routing.explanation.Remedy).
        cost_clp: What serving the order then adds to the plan.
    """

    remedy: str
    sentence: str
    cost_clp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnservedOrder:
    """An order that fits no route, and why, in a dispatcher's words.

    Attributes:
        cost_clp: What serving it would add, by the first of the ways in.
        options: Ways to let it in, what a dispatcher can do first; none when no one change would.
    """

    order_id: UUID
    code: str
    sentence: str
    cost_clp: int | None = None
    options: tuple[WayIn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """What a plan of a day says; ``PlanRecord.finished`` puts it into its record."""

    routes: tuple[PlanRoute, ...]
    unserved: tuple[UnservedOrder, ...]
    cost_clp: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """A plan of a day: it may be redone; a route is what a driver drives.

    Attributes:
        progress: 0 to 1.
        notes: Sentences for the planner (orders left out for review, say).
    """

    id: UUID
    date: date
    state: PlanState
    seed: int
    iterations: int
    requested_at: datetime
    requested_by: UUID
    progress: float = 0.0
    routes: tuple[PlanRoute, ...] = ()
    unserved: tuple[UnservedOrder, ...] = ()
    left_for_review: tuple[UUID, ...] = ()
    cost_clp: int | None = None
    failure: str | None = None
    notes: tuple[str, ...] = ()
    balance: WorkBalance = WorkBalance.NONE

    def finished(self, plan: DayPlan, left_for_review: tuple[UUID, ...]) -> PlanRecord:
        """The same, ready."""
        return replace(
            self,
            state=PlanState.READY,
            progress=1.0,
            routes=plan.routes,
            unserved=plan.unserved,
            left_for_review=left_for_review,
            cost_clp=plan.cost_clp,
            notes=plan.notes,
        )


class PlanRepository(Protocol):
    """Plans."""

    async def add(self, plan: PlanRecord) -> None:
        """Keeps a new plan."""
        ...

    async def save(self, plan: PlanRecord) -> None:
        """Replaces it."""
        ...

    async def get(self, plan_id: UUID) -> PlanRecord:
        """The plan, or NotFoundError."""
        ...

    async def lock(self, plan_id: UUID) -> PlanRecord:
        """The plan, held against other writers until the transaction ends; or NotFoundError."""
        ...

    async def list_unfinished(self) -> list[PlanRecord]:
        """Plans that are waiting or being searched, oldest first."""
        ...

    async def list_of(self, day: date) -> list[PlanRecord]:
        """Plans of a day, newest first."""
        ...


class FleetRepository(Protocol):
    """Depots, vehicles, drivers, shifts. Lists are by code."""

    async def put_depot(self, depot: Depot) -> None: ...
    async def list_depots(self) -> list[Depot]: ...
    async def lock_vehicles(self) -> None: ...
    async def put_vehicle(self, vehicle: Vehicle) -> None: ...
    async def list_vehicles(self) -> list[Vehicle]: ...
    async def put_driver(self, driver: Driver) -> None: ...
    async def list_drivers(self) -> list[Driver]: ...
    async def get_driver(self, driver_id: UUID) -> Driver: ...
    async def lock_shifts(self) -> None: ...
    async def put_shift(self, shift: Shift) -> None: ...
    async def remove_shift(self, shift_id: UUID) -> None: ...
    async def find_shift(self, shift_id: UUID) -> Shift | None: ...
    async def list_shifts(self, day: date) -> list[Shift]: ...
    async def list_shifts_between(self, first: date, last: date, *, limit: int) -> list[Shift]:
        """Shifts of those days, the last days first."""
        ...
