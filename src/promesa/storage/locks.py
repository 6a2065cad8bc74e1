"""Locks of one tenant by the name of what they hold; no other tenant ever waits for them."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Two names that share one of the 2^64 numbers wait for each other, and nothing worse.
_LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended(current_setting('promesa.tenant') || :held, 0))
"""


async def lock_of_tenant(tx: AsyncConnection, held: str) -> None:
    """Waits for who holds it of the same tenant, and holds it until the transaction ends.

    Whoever changes what it stands for has to take it: unlike a lock on the table, it stops nobody
    who does not ask.
    """
    await tx.execute(text(_LOCK), {"held": held})
