"""The parcels' chains of custody: the database lets no link be changed or removed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.custody import CustodyEntry, Holder
from promesa.kernel.errors import ConflictError
from promesa.storage.columns import (
    code,
    identity,
    instant,
    octets,
    tenant_table,
    value,
    whole,
)
from promesa.storage.rows import Rows

CUSTODY = tenant_table(
    "custody_entries",
    identity("parcel_id"),
    whole("sequence"),
    identity("event_id"),
    code("holder_kind"),
    identity("holder_id"),
    instant("occurred_at"),
    instant("recorded_at"),
    value("evidence"),
    octets("previous_hash"),
    octets("hash"),
    key=("parcel_id", "sequence"),
)

_ENTRIES = Rows(CUSTODY, CustodyEntry, key=("parcel_id", "sequence"), flat={"holder": Holder})


class ChainMovedError(ConflictError):
    """Somebody added a link to the parcel's chain meanwhile."""

    code: ClassVar[str] = "custody_chain_moved"
    message = "El bulto cambió de manos mientras lo mirabas. Recarga y vuelve a intentar."


class CustodyLedger:
    """The chains of one tenant's parcels."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def last_entries(self, parcel_ids: Sequence[UUID]) -> dict[UUID, CustodyEntry]:
        """The newest link of each parcel that has one."""
        query = (
            select(CUSTODY)
            .where(CUSTODY.c.parcel_id.in_(list(parcel_ids)))
            .ext(distinct_on(CUSTODY.c.parcel_id))
            .order_by(CUSTODY.c.parcel_id, CUSTODY.c.sequence.desc())
        )
        return {entry.parcel_id: entry for entry in await _ENTRIES.list(self._tx, query)}

    async def append(self, entry: CustodyEntry) -> None:
        """Adds a link.

        Raises:
            ChainMovedError: The chain already has one with this sequence.
        """
        if not await _ENTRIES.add(self._tx, entry):
            raise ChainMovedError(sequence=entry.sequence)

    async def list_of(self, parcel_id: UUID) -> list[CustodyEntry]:
        """A parcel's chain by sequence."""
        query = select(CUSTODY).where(CUSTODY.c.parcel_id == parcel_id)
        return await _ENTRIES.list(self._tx, query.order_by(CUSTODY.c.sequence))
