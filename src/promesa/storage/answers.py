"""Answers kept for repeated requests, and how far each reader of the event log has come."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.access import KeptAnswer
from promesa.kernel.errors import ConflictError
from promesa.storage.columns import code, identity, instant, octets, tenant_table, whole
from promesa.storage.events import EVENTS
from promesa.storage.people import People
from promesa.storage.rows import Rows

# PostgreSQL numbers advisory locks with a bigint.
LOCK_BYTES = 8

ANSWERS = tenant_table(
    "kept_answers",
    identity("actor_id"),
    code("key"),
    octets("request_digest"),
    whole("status"),
    octets("body"),
    instant("kept_at"),
    key=("actor_id", "key"),
)
Index("kept_answers_kept_idx", ANSWERS.c.tenant_id, ANSWERS.c.kept_at)

CURSORS = tenant_table("cursors", code("reader"), whole("number"), key=("reader",))

_ANSWERS = Rows(ANSWERS, KeptAnswer, key=("actor_id", "key"))


class Answers:
    """Answers to requests with an Idempotency-Key, of one tenant.

    A body says what the request said, names and addresses included, so it is sealed; whoever is
    erased is gone from here too once the answers of that day are forgotten.
    """

    def __init__(self, tx: AsyncConnection, people: People) -> None:
        self._tx = tx
        self._people = people

    async def find(self, actor_id: UUID, key: str) -> KeptAnswer | None:
        """What was answered to this key of this actor. Holds the key until the end.

        The same request sent twice at once waits here for the first one, and reads its answer in
        a statement of its own, which sees what was committed meanwhile.
        """
        await self._tx.execute(select(func.pg_advisory_xact_lock(_lock_number(actor_id, key))))
        query = select(ANSWERS).where(ANSWERS.c.actor_id == actor_id, ANSWERS.c.key == key)
        sealed = await _ANSWERS.find(self._tx, query)
        if sealed is None:
            return None
        return replace(sealed, body=await self._people.unseal_apart(sealed.body, _about(sealed)))

    async def add(self, answer: KeptAnswer) -> None:
        """Keeps the answer of a key that ``find`` found free.

        Raises:
            ConflictError: The key has an answer already.
        """
        body = await self._people.seal_apart(answer.body, _about(answer))
        if not await _ANSWERS.add(self._tx, replace(answer, body=body)):
            raise ConflictError(key=answer.key)

    async def remove_before(self, instant: datetime) -> int:
        """Forgets the answers kept before ``instant``; returns how many."""
        forgotten = await self._tx.execute(
            delete(ANSWERS).where(ANSWERS.c.kept_at < instant).returning(ANSWERS.c.key)
        )
        return len(forgotten.all())


def _lock_number(actor_id: UUID, key: str) -> int:
    """Two keys that share one of the 2^64 numbers wait for each other, and nothing worse."""
    digest = hashlib.sha256(actor_id.bytes + key.encode()).digest()
    return int.from_bytes(digest[:LOCK_BYTES], signed=True)


def _about(answer: KeptAnswer) -> bytes:
    return b"answer" + answer.actor_id.bytes + answer.key.encode()


class Cursors:
    """The readers of the event log, of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def position(self, reader: str) -> int:
        """Number of the last event it is done with; 0 at first. Locks it until commit."""
        query = select(CURSORS.c.number).where(CURSORS.c.reader == reader).with_for_update()
        number = await self._tx.scalar(query)
        if number is None:
            await self._tx.execute(
                insert(CURSORS).values(reader=reader, number=0).on_conflict_do_nothing()
            )
            number = await self._tx.scalar(query)
        return number or 0

    async def advance(self, reader: str, number: int) -> None:
        """Moves the reader to ``number``."""
        await self._tx.execute(
            CURSORS.update().where(CURSORS.c.reader == reader).values(number=number)
        )

    async def last_number(self) -> int:
        """The highest number given to an event of this tenant; 0 when there is none."""
        return await self._tx.scalar(select(func.max(EVENTS.c.number))) or 0
