"""Reactions that failed again and again, set aside with their event until somebody looks."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.events import ParkedReaction
from promesa.storage.columns import code, identity, instant, tenant_table, whole
from promesa.storage.rows import Rows

PARKED = tenant_table(
    "parked_reactions",
    identity("event_id"),
    code("reaction"),
    whole("number"),
    code("error"),
    instant("parked_at"),
    key=("event_id", "reaction"),
)

_PARKED = Rows(PARKED, ParkedReaction, key=("event_id", "reaction"))
_BY_NUMBER = (PARKED.c.number, PARKED.c.event_id, PARKED.c.reaction)


class ParkedReactions:
    """The parked reactions of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def put(self, parked: ParkedReaction) -> None:
        """Adds, or replaces what is known of it."""
        await _PARKED.put(self._tx, parked)

    async def list_all(self) -> list[ParkedReaction]:
        """All of them, in the order of their events."""
        return await _PARKED.list(self._tx, select(PARKED).order_by(*_BY_NUMBER))

    async def count(self) -> int:
        """How many there are."""
        return await self._tx.scalar(select(func.count()).select_from(PARKED)) or 0

    async def take(self, event_id: UUID, reaction: str) -> bool:
        """Removes one; False when it is not there. Who asks at once waits for this transaction."""
        removed = await self._tx.execute(
            delete(PARKED)
            .where(PARKED.c.event_id == event_id, PARKED.c.reaction == reaction)
            .returning(PARKED.c.reaction)
        )
        return removed.first() is not None
