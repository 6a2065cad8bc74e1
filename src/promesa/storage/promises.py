"""Promises by order and version; what was promised never changes, only its fate becomes known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.promise import Promise
from promesa.kernel.errors import ConflictError
from promesa.kernel.timewindow import TimeWindow
from promesa.storage.columns import code, identity, instant, refers, tenant_table, whole
from promesa.storage.rows import Rows

PROMISES = tenant_table(
    "promises",
    identity("order_id"),
    whole("version"),
    instant("window_start"),
    instant("window_end"),
    instant("made_at"),
    code("cause"),
    code("fate"),
    refers("order_id", "orders"),
    key=("order_id", "version"),
)

_PROMISES = Rows(PROMISES, Promise, key=("order_id", "version"), flat={"window": TimeWindow})


class PromiseVersionError(ConflictError):
    """Another promise was made to this recipient meanwhile."""

    code: ClassVar[str] = "promise_version"
    message = "La promesa cambió mientras la mirabas. Recarga y vuelve a intentar."


class Promises:
    """The promises of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def add(self, promise: Promise) -> None:
        """Keeps a new version.

        Raises:
            PromiseVersionError: It is not the one after the newest.
        """
        # Versions have no gap, so where the first one is free there is no other: it is not asked.
        is_next = promise.version == 1 or promise.version == await self._newest(promise) + 1
        if not is_next or not await _PROMISES.add(self._tx, promise):
            raise PromiseVersionError(version=promise.version)

    async def _newest(self, promise: Promise) -> int:
        newest = func.coalesce(func.max(PROMISES.c.version), 0)
        query = select(newest).where(PROMISES.c.order_id == promise.order_id)
        return await self._tx.scalar(query) or 0

    async def save(self, promise: Promise) -> None:
        """Replaces the fate, and only the fate."""
        await self._tx.execute(
            PROMISES.update()
            .where(PROMISES.c.order_id == promise.order_id, PROMISES.c.version == promise.version)
            .values(fate=promise.fate)
        )

    async def list_orders(self, start: datetime, end: datetime) -> list[UUID]:
        """Orders that were ever told a window beginning from ``start`` until before ``end``."""
        begins = PROMISES.c.window_start
        query = select(PROMISES.c.order_id).where(begins >= start, begins < end)
        return list(await self._tx.scalars(query.distinct().order_by(PROMISES.c.order_id)))

    async def list_of(self, order_ids: Sequence[UUID]) -> dict[UUID, list[Promise]]:
        """Each order's promises by version; an order without any is left out."""
        query = (
            select(PROMISES)
            .where(PROMISES.c.order_id.in_(list(order_ids)))
            .order_by(PROMISES.c.order_id, PROMISES.c.version)
        )
        found: dict[UUID, list[Promise]] = {}
        for promise in await _PROMISES.list(self._tx, query):
            found.setdefault(promise.order_id, []).append(promise)
        return found
