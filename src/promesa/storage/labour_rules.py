"""The rules of working hours of operators, version by version."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.planning.capacity.labour_terms import LabourRecord
from promesa.storage.columns import identity, instant, tenant_table, value, whole
from promesa.storage.locks import lock_of_tenant
from promesa.storage.rows import Rows

LABOUR_RULES = tenant_table(
    "labour_rules",
    whole("version"),
    value("rows"),
    identity("author_id", nullable=True),
    instant("saved_at", nullable=True),
    key=("version",),
)

_VERSIONS = Rows(LABOUR_RULES, LabourRecord, key=("version",))


class LabourVersions:
    """The versions of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def list_versions(self, *, limit: int) -> list[LabourRecord]:
        """The newest first."""
        query = select(LABOUR_RULES).order_by(LABOUR_RULES.c.version.desc()).limit(limit)
        return await _VERSIONS.list(self._tx, query)

    async def lock(self) -> None:
        """Lets nobody else add one until the transaction ends."""
        await lock_of_tenant(self._tx, LABOUR_RULES.name)

    async def add(self, record: LabourRecord) -> None:
        """Adds a version."""
        await _VERSIONS.add(self._tx, record)
