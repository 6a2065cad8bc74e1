"""The event log: appended to, numbered after the commit, never changed.

The database numbers committed events in one short transaction at a time, so that a reader who
resumes after N never misses one that committed late. It also refuses to change or remove any.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    RowMapping,
    Select,
    and_,
    bindparam,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.events import ALARM_CHANGED, Event
from promesa.storage.columns import code, identity, instant, tenant_table, value
from promesa.storage.rows import plain

EVENTS = tenant_table(
    "events",
    identity(),
    Column("number", BigInteger),
    code("type"),
    code("subject_kind"),
    identity("subject_id"),
    instant("occurred_at"),
    instant("recorded_at"),
    code("actor_kind"),
    identity("actor_id"),
    code("actor_role"),
    identity("actor_merchant_id", nullable=True),
    identity("actor_order_id", nullable=True),
    value("position", nullable=True),
    value("evidence"),
    value("data"),
    code("request_id", nullable=True),
    identity("order_id", nullable=True),
    identity("route_id", nullable=True),
)
Index("events_number_key", EVENTS.c.number, unique=True)
Index("events_tenant_number_idx", EVENTS.c.tenant_id, EVENTS.c.number)
# Small at all times: the relay empties it after each commit.
Index(
    "events_unnumbered_idx",
    EVENTS.c.recorded_at,
    EVENTS.c.id,
    postgresql_where=EVENTS.c.number.is_(None),
)
Index("events_order_idx", EVENTS.c.tenant_id, EVENTS.c.order_id, EVENTS.c.occurred_at)
Index("events_route_idx", EVENTS.c.tenant_id, EVENTS.c.route_id, EVENTS.c.occurred_at)
Index("events_recorded_idx", EVENTS.c.tenant_id, EVENTS.c.recorded_at)
# Demand is counted by day over years, from these alone.
Index(
    "events_demand_idx",
    EVENTS.c.tenant_id,
    EVENTS.c.type,
    EVENTS.c.occurred_at,
    postgresql_where=EVENTS.c.type.in_(("order.placed", "order.delivered")),
)
# A few a year: which was told last is asked each hour.
Index(
    "events_alarm_idx",
    EVENTS.c.tenant_id,
    EVENTS.c.number,
    postgresql_where=EVENTS.c.type == ALARM_CHANGED,
)

# The hottest statement of all: written out, so that it costs no compilation.
_INSERT = """
INSERT INTO events (
    id, type, subject_kind, subject_id, occurred_at, recorded_at,
    actor_kind, actor_id, actor_role, actor_merchant_id, actor_order_id,
    position, evidence, data, request_id, order_id, route_id
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (tenant_id, id) DO NOTHING RETURNING id
"""


class EventLog:
    """The log as one transaction of one tenant sees it."""

    def __init__(self, tx: AsyncConnection, driver: asyncpg.Connection) -> None:
        self._tx = tx
        self._driver = driver
        self.recorded = 0

    async def record(self, event: Event) -> bool:
        """Appends; False when an event with this id was there already (and nothing changed)."""
        if event.occurred_at.tzinfo is None or event.recorded_at.tzinfo is None:
            raise ValueError("an event needs instants with an offset")
        is_new = await self._driver.fetchval(_INSERT, *_parameters(event)) is not None
        self.recorded += is_new
        return is_new

    async def find(self, event_id: UUID) -> Event | None:
        """The event with this id, if it was recorded."""
        found = await self._list(select(EVENTS).where(EVENTS.c.id == event_id))
        return found[0] if found else None

    async def find_alarm_change(self) -> Event | None:
        """The newest change of the alarm of promises; one without a number yet is the newest."""
        # Said in the statement itself: of a parameter no plan knows that the index holds it.
        is_one = EVENTS.c.type == bindparam(None, ALARM_CHANGED, literal_execute=True)
        newest = (EVENTS.c.number.desc().nulls_first(), EVENTS.c.recorded_at.desc())
        found = await self._list(select(EVENTS).where(is_one).order_by(*newest).limit(1))
        return found[0] if found else None

    async def list_after(self, number: int, *, limit: int) -> list[Event]:
        """Numbered events after ``number``, in number order."""
        return await self._list(
            select(EVENTS).where(EVENTS.c.number > number).order_by(EVENTS.c.number).limit(limit)
        )

    async def list_of_order(self, order_id: UUID, *, limit: int = 1000) -> list[Event]:
        """An order's story, by (occurred_at, number, id), the unnumbered last."""
        return await self._list(
            select(EVENTS)
            .where(EVENTS.c.order_id == order_id)
            .order_by(EVENTS.c.occurred_at, EVENTS.c.number.nulls_last(), EVENTS.c.id)
            .limit(limit)
        )

    async def list_of_route(self, route_id: UUID, *, limit: int = 10_000) -> list[Event]:
        """A route's story, by (occurred_at, number, id), the unnumbered last."""
        return await self._list(
            select(EVENTS)
            .where(EVENTS.c.route_id == route_id)
            .order_by(EVENTS.c.occurred_at, EVENTS.c.number.nulls_last(), EVENTS.c.id)
            .limit(limit)
        )

    async def list_between(
        self, start: datetime, end: datetime, *, types: frozenset[str] | None = None
    ) -> list[Event]:
        """Events recorded in [start, end), by (number, recorded_at, id); unnumbered ones last."""
        query = select(EVENTS).where(
            and_(EVENTS.c.recorded_at >= start, EVENTS.c.recorded_at < end)
        )
        if types is not None:
            query = query.where(EVENTS.c.type.in_(sorted(types)))
        return await self._list(
            query.order_by(EVENTS.c.number.nulls_last(), EVENTS.c.recorded_at, EVENTS.c.id)
        )

    async def _list(self, query: Select[Any]) -> list[Event]:
        return [_event(row) for row in (await self._tx.execute(query)).mappings()]


async def number_events(tx: AsyncConnection) -> int:
    """Numbers what is committed and has no number yet, of all tenants; returns how many."""
    return await tx.scalar(text("SELECT number_events()")) or 0


def _parameters(event: Event) -> tuple[object, ...]:
    actor = event.actor
    return (
        event.id,
        event.type,
        event.subject_kind,
        event.subject_id,
        event.occurred_at,
        event.recorded_at,
        actor.kind,
        actor.id,
        actor.role,
        actor.merchant_id,
        actor.order_id,
        _json(event.position),
        _json(event.evidence),
        _json(event.data),
        event.request_id,
        event.order_id,
        event.route_id,
    )


def _json(part: object) -> str | None:
    return None if part is None else msgspec.json.encode(part).decode()


def _event(row: RowMapping) -> Event:
    actor = {
        "kind": row["actor_kind"],
        "id": row["actor_id"],
        "tenant_id": row["tenant_id"],
        "role": row["actor_role"],
        "merchant_id": row["actor_merchant_id"],
        "order_id": row["actor_order_id"],
    }
    return msgspec.convert(plain(row) | {"actor": actor}, Event)
