"""What quotes are made of: promises still to keep, how orders came in, what routes took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Label, Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.fleet import MEASURES, Load, Shift
from promesa.domain.place import Placement
from promesa.domain.promise import PromiseFate
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.coming import PastArrivals
from promesa.promising.repository import DrivenWork, DueStop
from promesa.promising.reserving import QUOTED_CAUSE
from promesa.storage.fleet import SHIFT_ROWS, SHIFTS
from promesa.storage.orders import ORDERS, PARCELS
from promesa.storage.promises import PROMISES

# Orders whose parcels are with someone, or never will be: nothing of them is still to be done.
_OVER = ("delivered", "returned", "cancelled", "lost", "returning", "draft")

# Newest orders that say what a usual one weighs: a mean of so many is within a hundredth.
LOADS_MAX = 20_000
# More comunas than the metropolitan region has.
COMUNAS_MAX = 60

# The newest version of each route of the span; its first leg comes from the depot, as does the
# first after each time it loads again, which is reckoned apart.
_DRIVEN = text("""
    SELECT depot_id, count(DISTINCT date) AS days, count(*) AS stops,
        coalesce(sum(leg_s) FILTER (WHERE number > 1 AND NOT is_reloaded), 0)::bigint AS travel_s,
        sum(service_s)::bigint AS service_s
    FROM (
        SELECT routes.depot_id, routes.date, stop.number,
            (stop.item ->> 'leg_duration_s')::bigint AS leg_s,
            EXISTS (
                SELECT FROM jsonb_array_elements(version.reloads) AS load(item)
                WHERE load.item ->> 'order_id' = stop.item ->> 'order_id'
            ) AS is_reloaded,
            extract(epoch FROM (stop.item ->> 'departure')::timestamptz
                - (stop.item ->> 'arrival')::timestamptz)::bigint AS service_s
        FROM routes
        JOIN route_versions AS version
            ON version.tenant_id = routes.tenant_id AND version.route_id = routes.id
            AND version.number = routes.version
        CROSS JOIN LATERAL jsonb_array_elements(version.stops)
            WITH ORDINALITY AS stop(item, number)
        WHERE routes.date BETWEEN :first AND :last AND routes.state <> 'cancelled'
    ) AS visits
    GROUP BY depot_id ORDER BY depot_id
""")


class PromiseHistory:
    """What is read of one tenant's past and coming days."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def list_due(self, start: datetime, end: datetime) -> list[DueStop]:
        """Promises open in the span that no delivery has kept yet, by order."""
        begins = PROMISES.c.window_start
        return await self._due(_open_promises().where(begins >= start, begins < end))

    async def list_due_of(self, order_ids: Sequence[UUID]) -> list[DueStop]:
        """The same for these orders, whatever their day."""
        return await self._due(_open_promises().where(ORDERS.c.id.in_(list(order_ids))))

    async def list_arrivals(self, start: datetime, end: datetime, zone: str) -> list[PastArrivals]:
        """How orders came in during the span, by date and hour of the zone."""
        local = func.timezone(zone, PROMISES.c.made_at)
        day, hour = func.date(local), func.extract("hour", local)
        query = (
            select(
                day.label("day"),
                hour.label("hour"),
                func.count().label("orders"),
                func.count().filter(PROMISES.c.cause == QUOTED_CAUSE).label("quoted"),
            )
            .where(PROMISES.c.version == 1, PROMISES.c.made_at >= start, PROMISES.c.made_at < end)
            .group_by(day, hour)
            .order_by(day, hour)
        )
        return [
            PastArrivals(date=row.day, hour=int(row.hour), orders=row.orders, quoted=row.quoted)
            for row in await self._tx.execute(query)
        ]

    async def list_comunas(self, since: date) -> list[tuple[str, int]]:
        """Comunas with their orders since a date, the commonest first."""
        orders = func.count().label("orders")
        query = (
            select(ORDERS.c.comuna, orders)
            .where(ORDERS.c.date >= since, ORDERS.c.comuna.is_not(None))
            .group_by(ORDERS.c.comuna)
            .order_by(orders.desc(), ORDERS.c.comuna)
            .limit(COMUNAS_MAX)
        )
        return [(row.comuna, row.orders) for row in await self._tx.execute(query)]

    async def usual_load(self, since: date) -> Load:
        """Parcels, weight and volume of an order in the mean since a date; 0 where nobody said."""
        orders = (
            select(*_LOAD)
            .where(ORDERS.c.date >= since)
            .order_by(ORDERS.c.date.desc(), ORDERS.c.id)
            .limit(LOADS_MAX)
            .subquery()
        )
        query = select(*(func.avg(orders.c[name]) for name in MEASURES))
        means = (await self._tx.execute(query)).one()
        found = dict(zip(MEASURES, means, strict=True))
        return Load(**{name: round(float(mean or 0)) for name, mean in found.items()})

    async def list_shifts(self, first: date, last: date) -> list[Shift]:
        """Shifts of the span, by date, start and id."""
        query = (
            select(SHIFTS)
            .where(SHIFTS.c.date >= first, SHIFTS.c.date <= last)
            .order_by(SHIFTS.c.date, SHIFTS.c.start, SHIFTS.c.id)
        )
        return await SHIFT_ROWS.list(self._tx, query)

    async def list_driven(self, first: date, last: date) -> list[DrivenWork]:
        """What routes of the span took, by depot; one that had none is left out."""
        rows = await self._tx.execute(_DRIVEN, {"first": first, "last": last})
        return [
            DrivenWork(
                depot_id=row.depot_id,
                days=row.days,
                stops=row.stops,
                travel_s=row.travel_s,
                service_s=row.service_s,
            )
            for row in rows
        ]

    async def _due(self, query: Select[Any]) -> list[DueStop]:
        found: dict[UUID, DueStop] = {}
        for row in await self._tx.execute(query.order_by(ORDERS.c.id, PROMISES.c.version)):
            placement = msgspec.convert(row.placement, Placement) if row.placement else None
            found[row.id] = DueStop(
                order_id=row.id,
                window=TimeWindow(start=row.window_start, end=row.window_end),
                position=placement.position if placement else None,
                depot_id=row.depot_id,
                service_s=row.service_time_s,
                load=Load(
                    parcels=row.parcels,
                    weight_g=int(row.weight_g or 0),
                    volume_ml=int(row.volume_ml or 0),
                ),
                is_named=row.version == 1 and row.cause != QUOTED_CAUSE,
            )
        return list(found.values())


def _of_parcels(name: str, amount: ColumnElement[Any]) -> Label[Any]:
    """What an order's parcels come to; null of a measure that none of them says."""
    own = (PARCELS.c.order_id == ORDERS.c.id) & (PARCELS.c.tenant_id == ORDERS.c.tenant_id)
    return select(amount).where(own).scalar_subquery().label(name)


# What an order fills of a van, in the order of MEASURES.
_LOAD = (
    _of_parcels("parcels", func.count()),
    _of_parcels("weight_g", func.sum(PARCELS.c.weight_g)),
    _of_parcels("volume_ml", func.sum(PARCELS.c.volume_ml)),
)


def _open_promises() -> Select[Any]:
    """Each order with the window that is told now; a promise that was closed is over."""
    own = (PROMISES.c.order_id == ORDERS.c.id) & (PROMISES.c.tenant_id == ORDERS.c.tenant_id)
    return (
        select(
            ORDERS.c.id,
            ORDERS.c.placement,
            ORDERS.c.depot_id,
            ORDERS.c.service_time_s,
            PROMISES.c.window_start,
            PROMISES.c.window_end,
            PROMISES.c.version,
            PROMISES.c.cause,
            *_LOAD,
        )
        .join_from(ORDERS, PROMISES, own)
        .where(PROMISES.c.fate == PromiseFate.OPEN.value, ORDERS.c.state.not_in(_OVER))
    )
