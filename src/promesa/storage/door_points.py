"""Where deliveries to an address really happened, under a digest of the address."""

from __future__ import annotations

from sqlalchemy import Column, Double, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.kernel.geo import Position
from promesa.orders.repository import DoorPoint
from promesa.storage.columns import octets, position, tenant_table, whole
from promesa.storage.people import People
from promesa.storage.rows import Rows

DOOR_POINTS = tenant_table(
    "door_points",
    octets("address_key"),
    *position(),
    Column("uncertainty_m", Double, nullable=False),
    whole("deliveries"),
    key=("address_key",),
)

SALT_USE = b"door points"

_POINTS = Rows(DOOR_POINTS, DoorPoint, key=("address_key",), flat={"position": Position})


class DoorPoints:
    """The learnt door points of one tenant."""

    def __init__(self, tx: AsyncConnection, people: People) -> None:
        self._tx = tx
        self._people = people

    async def salt(self) -> bytes:
        """The secret under which addresses are digested: without it no list of streets fits."""
        return await self._people.salt_for(SALT_USE)

    async def find(self, address_key: bytes) -> DoorPoint | None:
        """What is known of this address."""
        query = select(DOOR_POINTS).where(DOOR_POINTS.c.address_key == address_key)
        return await _POINTS.find(self._tx, query)

    async def put(self, point: DoorPoint) -> None:
        """Adds or replaces."""
        await _POINTS.put(self._tx, point)
