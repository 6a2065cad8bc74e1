"""Pieces of evidence; the pictures themselves are in the blob store, sealed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.kernel.geo import Position
from promesa.proof.repository import Evidence
from promesa.storage.columns import code, identity, instant, position, tenant_table
from promesa.storage.rows import Rows

EVIDENCE = tenant_table(
    "evidence",
    identity(),
    identity("stop_id"),
    identity("order_id"),
    code("kind"),
    identity("person_id", nullable=True),
    instant("captured_at"),
    instant("recorded_at"),
    code("digest", nullable=True),
    code("blob_name", nullable=True),
    code("media_type", nullable=True),
    *position(nullable=True),
    instant("withdrawn_at", nullable=True),
)
Index("evidence_stop_idx", EVIDENCE.c.tenant_id, EVIDENCE.c.stop_id, EVIDENCE.c.captured_at)
Index("evidence_order_idx", EVIDENCE.c.tenant_id, EVIDENCE.c.order_id, EVIDENCE.c.captured_at)
Index("evidence_blob_idx", EVIDENCE.c.tenant_id, EVIDENCE.c.blob_name)

_EVIDENCE = Rows(EVIDENCE, Evidence, flat={"position": Position})


class Proofs:
    """The evidence of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def put(self, evidence: Evidence) -> bool:
        """Keeps it; False when its id was there already."""
        return await _EVIDENCE.add(self._tx, evidence)

    async def get(self, evidence_id: UUID) -> Evidence:
        """The piece, or NotFoundError."""
        return await _EVIDENCE.get(self._tx, id=evidence_id)

    async def mark_withdrawn(self, evidence_id: UUID, at: datetime | None) -> None:
        """From ``at`` on it proves nothing; None: it does again."""
        changed = EVIDENCE.update().where(EVIDENCE.c.id == evidence_id)
        await self._tx.execute(changed.values(withdrawn_at=at))

    async def list_blob_names(self, shelf: str) -> set[str]:
        """Blobs of pictures whose names begin with the two digits of ``shelf``."""
        query = select(EVIDENCE.c.blob_name).where(
            EVIDENCE.c.blob_name >= shelf, EVIDENCE.c.blob_name < f"{shelf}g"
        )
        return {str(name) for name in await self._tx.scalars(query.order_by(EVIDENCE.c.blob_name))}

    async def list_of_stop(self, stop_id: UUID) -> list[Evidence]:
        """A stop's evidence by (captured_at, id)."""
        query = select(EVIDENCE).where(EVIDENCE.c.stop_id == stop_id)
        return await _EVIDENCE.list(self._tx, query.order_by(EVIDENCE.c.captured_at, EVIDENCE.c.id))

    async def list_of_order(self, order_id: UUID) -> list[Evidence]:
        """An order's evidence by (captured_at, id)."""
        query = select(EVIDENCE).where(EVIDENCE.c.order_id == order_id)
        return await _EVIDENCE.list(self._tx, query.order_by(EVIDENCE.c.captured_at, EVIDENCE.c.id))
