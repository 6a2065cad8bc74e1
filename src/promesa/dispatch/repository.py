"""What dispatch needs kept: routes, their versions, stops, custody; and what orders keeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from promesa.domain.custody import CustodyEntry
from promesa.domain.route import Route, RouteVersion
from promesa.domain.stop import Stop
from promesa.notify.repository import DeclinedRepository
from promesa.orders.repository import OrdersStore
from promesa.planning.repository import FleetRepository, PlanRepository
from promesa.proof.repository import ProofRepository


class RouteRepository(Protocol):
    """Routes, immutable versions and stops."""

    async def add(self, route: Route) -> None: ...
    async def save(self, route: Route) -> None: ...
    async def get(self, route_id: UUID) -> Route: ...
    async def list_of(self, day: date) -> list[Route]:
        """Routes of a day by code."""
        ...

    async def find_of_driver(self, driver_id: UUID, day: date) -> Route | None:
        """The driver's route of a day: the one not finished first, by code."""
        ...

    async def add_version(self, version: RouteVersion) -> None:
        """Keeps a version; a number already there is a ConflictError."""
        ...

    async def get_version(self, route_id: UUID, number: int) -> RouteVersion: ...
    async def list_versions(self, route_id: UUID) -> list[RouteVersion]: ...
    async def latest_versions(self, day: date) -> dict[UUID, RouteVersion]:
        """The newest version of each route of a day, by route id."""
        ...

    async def put_stop(self, stop: Stop) -> None:
        """Adds or replaces a stop (its route included: a stop may move)."""
        ...

    async def get_stop(self, stop_id: UUID) -> Stop: ...
    async def list_stops(self, route_id: UUID) -> list[Stop]:
        """Stops now on a route, by id; the version has their sequence."""
        ...

    async def list_stops_of_day(self, day: date) -> list[Stop]: ...
    async def list_stops_of_order(self, order_id: UUID) -> list[Stop]: ...
    async def list_doubtful_stops(self, *, limit: int) -> list[Stop]:
        """Stops of any day about which nobody has decided yet, the oldest first."""
        ...

    async def lock_day(self, day: date) -> None:
        """Holds a day against who closes it as well, until the transaction ends."""
        ...

    async def lock(self, route_id: UUID) -> Route:
        """The route, held against other writers until the transaction ends."""
        ...


class CustodyRepository(Protocol):
    """The parcels' chains; append only."""

    async def last_entries(self, parcel_ids: Sequence[UUID]) -> dict[UUID, CustodyEntry]:
        """The newest link of each parcel that has one."""
        ...

    async def append(self, entry: CustodyEntry) -> None: ...
    async def list_of(self, parcel_id: UUID) -> list[CustodyEntry]:
        """A parcel's chain by sequence."""
        ...


class DispatchStore(OrdersStore, Protocol):
    """The unit of work as dispatch sees it."""

    @property
    def routes(self) -> RouteRepository: ...
    @property
    def custody(self) -> CustodyRepository: ...
    @property
    def declined(self) -> DeclinedRepository: ...
    @property
    def proofs(self) -> ProofRepository: ...
    @property
    def plans(self) -> PlanRepository: ...
    @property
    def fleet(self) -> FleetRepository: ...
