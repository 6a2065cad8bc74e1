"""An operator's own tolls and restricted zones."""

from __future__ import annotations

from builtins import list as rows_list

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.planning.road_tables import RoadTable
from promesa.storage.columns import code, identity, instant, tenant_table
from promesa.storage.rows import Rows

ROAD_TABLES = tenant_table(
    "road_tables",
    code("kind"),
    code("content"),
    instant("saved_at"),
    identity("saved_by"),
    key=("kind",),
)

_TABLES = Rows(ROAD_TABLES, RoadTable, key=("kind",))


class RoadTables:
    """The road tables of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def put(self, table: RoadTable) -> None:
        """Replaces the table of its kind."""
        await _TABLES.put(self._tx, table)

    async def list(self) -> rows_list[RoadTable]:
        """Those that were saved, by kind."""
        return await _TABLES.list(self._tx, select(ROAD_TABLES).order_by(ROAD_TABLES.c.kind))
