"""Routes, their immutable versions, and stops."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, case, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.route import OVER, Route, RouteVersion
from promesa.domain.stop import Stop
from promesa.kernel.errors import ConflictError, NotFoundError
from promesa.kernel.geo import Position
from promesa.storage.columns import (
    code,
    day,
    fact,
    identity,
    instant,
    position,
    refers,
    tenant_table,
    value,
    whole,
)
from promesa.storage.locks import lock_of_tenant
from promesa.storage.rows import Rows, taken_as_conflict

ROUTES = tenant_table(
    "routes",
    identity(),
    code("code"),
    day(),
    identity("depot_id"),
    identity("vehicle_id"),
    identity("driver_id"),
    code("state"),
    whole("version"),
    whole("acknowledged_version"),
    instant("started_at", nullable=True),
    instant("finished_at", nullable=True),
    fact("is_broken_down"),
    instant("handed_in_at", nullable=True),
    whole("cash_told_clp", nullable=True),
    whole("cash_counted_clp", nullable=True),
    value("rests"),
)
Index("routes_code_key", ROUTES.c.tenant_id, ROUTES.c.date, ROUTES.c.code, unique=True)
Index("routes_driver_idx", ROUTES.c.tenant_id, ROUTES.c.driver_id, ROUTES.c.date)

ROUTE_VERSIONS = tenant_table(
    "route_versions",
    identity("route_id"),
    whole("number"),
    instant("published_at"),
    instant("start"),
    instant("end"),
    value("stops"),
    whole("distance_m"),
    whole("duration_s"),
    code("geometry"),
    code("cause"),
    value("breaks"),
    value("reloads"),
    refers("route_id", "routes"),
    key=("route_id", "number"),
)

STOPS = tenant_table(
    "stops",
    identity(),
    identity("order_id"),
    identity("route_id"),
    code("type"),
    *position(),
    whole("attempt"),
    code("state"),
    code("outcome", nullable=True),
    code("reason", nullable=True),
    instant("arrived_at", nullable=True),
    instant("closed_at", nullable=True),
    whole("cod_collected_clp", nullable=True),
    code("doubt", nullable=True),
    refers("order_id", "orders"),
    refers("route_id", "routes"),
)
Index("stops_route_idx", STOPS.c.tenant_id, STOPS.c.route_id, STOPS.c.id)
Index("stops_order_idx", STOPS.c.tenant_id, STOPS.c.order_id, STOPS.c.attempt)
# Few at all times: whoever decides takes the doubt away.
Index(
    "stops_doubt_idx",
    STOPS.c.tenant_id,
    STOPS.c.closed_at,
    STOPS.c.id,
    postgresql_where=STOPS.c.doubt.is_not(None),
)

_ROUTES = Rows(ROUTES, Route)
_VERSIONS = Rows(ROUTE_VERSIONS, RouteVersion, key=("route_id", "number"))
_STOPS = Rows(STOPS, Stop, flat={"position": Position})


class VersionTakenError(ConflictError):
    """Another version of the route was published meanwhile."""

    code: ClassVar[str] = "route_version_taken"
    message = "La ruta se publicó de nuevo mientras la mirabas. Recarga y vuelve a intentar."


class Routes:
    """The routes of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def add(self, route: Route) -> None:
        """Keeps a new route.

        Raises:
            TakenError: Its code is used on its day.
        """
        with taken_as_conflict():
            await self._tx.execute(ROUTES.insert().values(_ROUTES.row(route)))

    async def save(self, route: Route) -> None:
        """Replaces it.

        Raises:
            NotFoundError: There is none.
        """
        statement = ROUTES.update().where(ROUTES.c.id == route.id).values(_ROUTES.row(route))
        if (await self._tx.execute(statement.returning(ROUTES.c.id))).first() is None:
            raise NotFoundError(noun="route")

    async def get(self, route_id: UUID) -> Route:
        """The route, or NotFoundError."""
        return await _ROUTES.get(self._tx, id=route_id)

    async def lock_day(self, day: date) -> None:
        """Holds a day against who closes it as well, until the transaction ends."""
        await lock_of_tenant(self._tx, day.isoformat())

    async def lock(self, route_id: UUID) -> Route:
        """The route, held against other writers until the transaction ends.

        Raises:
            NotFoundError: There is none.
        """
        query = select(ROUTES).where(ROUTES.c.id == route_id).with_for_update()
        found = await _ROUTES.find(self._tx, query)
        if found is None:
            raise NotFoundError(noun="route")
        return found

    async def list_of(self, day: date) -> list[Route]:
        """Routes of a day by code."""
        query = select(ROUTES).where(ROUTES.c.date == day)
        return await _ROUTES.list(self._tx, query.order_by(ROUTES.c.code, ROUTES.c.id))

    async def list_open(self, since: date) -> list[Route]:
        """Routes of that day and later ones that are not over, by day and code."""
        query = select(ROUTES).where(ROUTES.c.date >= since, ROUTES.c.state.not_in(sorted(OVER)))
        ordered = query.order_by(ROUTES.c.date, ROUTES.c.code, ROUTES.c.id)
        return await _ROUTES.list(self._tx, ordered)

    async def find_of_driver(self, driver_id: UUID, day: date) -> Route | None:
        """The driver's route of a day: the one not finished first, by code."""
        is_over = case((ROUTES.c.state.in_(sorted(OVER)), 1), else_=0)
        query = (
            select(ROUTES)
            .where(ROUTES.c.driver_id == driver_id, ROUTES.c.date == day)
            .order_by(is_over, ROUTES.c.code, ROUTES.c.id)
            .limit(1)
        )
        return await _ROUTES.find(self._tx, query)

    async def add_version(self, version: RouteVersion) -> None:
        """Keeps a version.

        Raises:
            VersionTakenError: The number is already there.
        """
        if not await _VERSIONS.add(self._tx, version):
            raise VersionTakenError(number=version.number)

    async def get_version(self, route_id: UUID, number: int) -> RouteVersion:
        """The version, or NotFoundError."""
        return await _VERSIONS.get(self._tx, route_id=route_id, number=number)

    async def list_versions(self, route_id: UUID) -> list[RouteVersion]:
        """A route's versions by number."""
        query = select(ROUTE_VERSIONS).where(ROUTE_VERSIONS.c.route_id == route_id)
        return await _VERSIONS.list(self._tx, query.order_by(ROUTE_VERSIONS.c.number))

    async def latest_versions(self, day: date) -> dict[UUID, RouteVersion]:
        """The newest version of each route of a day, by route id."""
        query = (
            select(ROUTE_VERSIONS)
            .where(ROUTE_VERSIONS.c.route_id.in_(select(ROUTES.c.id).where(ROUTES.c.date == day)))
            .ext(distinct_on(ROUTE_VERSIONS.c.route_id))
            .order_by(ROUTE_VERSIONS.c.route_id, ROUTE_VERSIONS.c.number.desc())
        )
        return {version.route_id: version for version in await _VERSIONS.list(self._tx, query)}

    async def put_stop(self, stop: Stop) -> None:
        """Adds or replaces a stop (its route included: a stop may move)."""
        await _STOPS.put(self._tx, stop)

    async def get_stop(self, stop_id: UUID) -> Stop:
        """The stop, or NotFoundError."""
        return await _STOPS.get(self._tx, id=stop_id)

    async def list_stops(self, route_id: UUID) -> list[Stop]:
        """Stops now on a route, by id; the version has their sequence."""
        query = select(STOPS).where(STOPS.c.route_id == route_id).order_by(STOPS.c.id)
        return await _STOPS.list(self._tx, query)

    async def list_stops_of_day(self, day: date) -> list[Stop]:
        """Stops of a day's routes, by route and id."""
        of_day = select(ROUTES.c.id).where(ROUTES.c.date == day)
        query = select(STOPS).where(STOPS.c.route_id.in_(of_day))
        return await _STOPS.list(self._tx, query.order_by(STOPS.c.route_id, STOPS.c.id))

    async def list_doubtful_stops(self, *, limit: int) -> list[Stop]:
        """Stops of any day about which nobody has decided yet, the oldest first."""
        query = select(STOPS).where(STOPS.c.doubt.is_not(None))
        ordered = query.order_by(STOPS.c.closed_at, STOPS.c.id).limit(limit)
        return await _STOPS.list(self._tx, ordered)

    async def list_stops_of_order(self, order_id: UUID) -> list[Stop]:
        """An order's stops by attempt."""
        query = select(STOPS).where(STOPS.c.order_id == order_id)
        return await _STOPS.list(self._tx, query.order_by(STOPS.c.attempt, STOPS.c.id))
