"""Files that came in: what they made, and what was wrong with the rest."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import msgspec
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.kernel.errors import NotFoundError
from promesa.orders.repository import ImportBatch
from promesa.storage.columns import code, identity, instant, octets, tenant_table, value, whole
from promesa.storage.people import People
from promesa.storage.rows import Rows

IMPORTS = tenant_table(
    "imports",
    identity(),
    code("filename"),
    code("layout"),
    instant("imported_at"),
    identity("imported_by"),
    identity("merchant_id", nullable=True),
    whole("accepted"),
    value("rejected"),
    octets("sealed_rows"),
    value("order_ids"),
)

_IMPORTS = Rows(IMPORTS, ImportBatch)


class Imports:
    """The import batches of one tenant.

    Rejected rows are personal data as they came: they are sealed under the import's own key, as
    if the import were a person, and erased the same way.
    """

    def __init__(self, tx: AsyncConnection, people: People) -> None:
        self._tx = tx
        self._people = people

    async def add(self, batch: ImportBatch) -> None:
        """Keeps a batch."""
        rows = msgspec.json.encode(batch.rejected_rows)
        await _IMPORTS.add(self._tx, batch, sealed_rows=await self._people.seal_for(batch.id, rows))

    async def get(self, import_id: UUID) -> ImportBatch:
        """The batch.

        Raises:
            NotFoundError: There is none.
        """
        query = select(IMPORTS).where(IMPORTS.c.id == import_id)
        row = (await self._tx.execute(query)).mappings().first()
        if row is None:
            raise NotFoundError(noun="import")
        return await self._whole(row)

    async def list_recent(
        self, *, limit: int, merchant_id: UUID | None = None
    ) -> list[ImportBatch]:
        """Newest first, without the rejected rows: a list shows how many there were."""
        query = select(IMPORTS).order_by(IMPORTS.c.imported_at.desc(), IMPORTS.c.id.desc())
        if merchant_id is not None:
            query = query.where(IMPORTS.c.merchant_id == merchant_id)
        return await _IMPORTS.list(self._tx, query.limit(limit))

    async def _whole(self, row: RowMapping) -> ImportBatch:
        plain = await self._people.unseal_for(row["id"], row["sealed_rows"])
        rows = msgspec.json.decode(plain, type=tuple[dict[str, str], ...]) if plain else ()
        return replace(_IMPORTS.value(row), rejected_rows=rows)
