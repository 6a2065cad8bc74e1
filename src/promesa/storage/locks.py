"""Locks in the database that are of no row: of the whole of it, and of one tenant."""

from __future__ import annotations

from enum import IntEnum, unique

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@unique
class DatabaseLock(IntEnum):
    """What one process of a database does at a time: any numbers will do that are not alike."""

    ROLES = 7_061_301
    MIGRATION = 7_061_302
    # Of number_events, in the first migration.
    NUMBERING = 7_061_303
    SERVING = 7_061_304


# Two names that share one of the 2^64 numbers wait for each other, and nothing worse.
_LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended(current_setting('promesa.tenant') || :held, 0))
"""


async def lock_of_tenant(tx: AsyncConnection, held: str) -> None:
    """Waits for who holds it of the same tenant, and holds it until the transaction ends.

    No other tenant ever waits for it.

    Whoever changes what it stands for has to take it: unlike a lock on the table, it stops nobody
    who does not ask.
    """
    await tx.execute(text(_LOCK), {"held": held})
