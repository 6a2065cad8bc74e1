"""Personal data, each person's sealed under a key of its own.

Erasing the key erases the person: the fields here and the pictures in the blob store can never be
read again, while events, hashes and orders, which carry only the id, stay as they are.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

import asyncpg
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import BigInteger, Column, Index, LargeBinary, RowMapping, Select, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.person import Person
from promesa.kernel.errors import NotFoundError
from promesa.kernel.ids import Ids
from promesa.storage.columns import identity, refers, tenant_table
from promesa.storage.people_words import digests_of_person, digests_of_query
from promesa.storage.tenants import TENANTS

# AES-256; a nonce of 96 bits is what GCM is defined for (NIST SP 800-38D, 8.2).
KEY_BYTES = 32
NONCE_BYTES = 12
# What the tenant's secret seals besides people.
SEALED_APART = b"seal apart"

PEOPLE = tenant_table("people", identity(), Column("sealed", LargeBinary, nullable=True))
PERSON_KEYS = tenant_table(
    "person_keys",
    identity("person_id"),
    Column("key", LargeBinary, nullable=False),
    refers("person_id", "people"),
    key=("person_id",),
)
PERSON_WORDS = tenant_table(
    "person_words",
    Column("word", BigInteger, nullable=False),
    identity("person_id"),
    refers("person_id", "people"),
    key=("word", "person_id"),
)
Index("person_words_person_idx", PERSON_WORDS.c.tenant_id, PERSON_WORDS.c.person_id)


# Every order brings a person, so these are written out: each is one round trip.
_FIND_KEY = "SELECT key FROM person_keys WHERE person_id = $1"
_LOCK = "SELECT FROM people WHERE id = $1 FOR UPDATE"
_MAKE_KEY = """
WITH person AS (INSERT INTO people (id) VALUES ($1) ON CONFLICT DO NOTHING)
INSERT INTO person_keys (person_id, key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING person_id
"""
# A new person in one trip; None comes back when it is not new, and nothing was written.
_ADD = """
WITH person AS (INSERT INTO people (id, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING
                RETURNING id),
made AS (INSERT INTO person_keys (person_id, key) SELECT id, $3 FROM person),
named AS (INSERT INTO person_words (person_id, word)
          SELECT id, unnest($4::bigint[]) FROM person)
SELECT id FROM person
"""
_PUT = """
WITH person AS (UPDATE people SET sealed = $2 WHERE id = $1),
gone AS (DELETE FROM person_words WHERE person_id = $1 AND word <> ALL ($3::bigint[]))
INSERT INTO person_words (person_id, word) SELECT $1, unnest($3::bigint[]) ON CONFLICT DO NOTHING
"""


class PersonErasedError(NotFoundError):
    """The person's key is gone, and what it sealed with it."""

    code: ClassVar[str] = "person_erased"
    message = "Los datos de esta persona fueron borrados."


class People:
    """The people of one tenant."""

    def __init__(self, tx: AsyncConnection, driver: asyncpg.Connection, ids: Ids) -> None:
        self._tx = tx
        self._driver = driver
        self._ids = ids
        self._search_key: bytes | None = None
        # People this transaction read, and may write back changed.
        self._read: set[UUID] = set()

    async def put(self, person: Person) -> None:
        """Adds or replaces; a person once erased gets a new key.

        Raises:
            PersonErasedError: Erased since this transaction read it: what was read stays gone.
        """
        content = msgspec.msgpack.encode(person)
        words = sorted(digests_of_person(await self._tenant_key(), person))
        if person.id in self._read:
            await self._driver.execute(_LOCK, person.id)
            key = await self.find_key(person.id)
            if key is None:
                raise PersonErasedError
            sealed = seal(key, self._ids, content, person.id.bytes)
        elif await self._add(person.id, content, words):
            return
        else:
            sealed = await self.seal_for(person.id, content)
        await self._driver.execute(_PUT, person.id, sealed, words)

    async def _add(self, person_id: UUID, content: bytes, words: list[int]) -> bool:
        """Whether the person was new, and is kept."""
        key = self._ids.secret_bytes(KEY_BYTES)
        sealed = seal(key, self._ids, content, person_id.bytes)
        return await self._driver.fetchval(_ADD, person_id, sealed, key, words) is not None

    async def get(self, person_id: UUID) -> Person:
        """The person; one that was erased has only its id.

        Raises:
            NotFoundError: There never was one.
        """
        found = await self.get_many([person_id])
        if person_id not in found:
            raise NotFoundError(noun="person")
        return found[person_id]

    async def get_many(self, person_ids: Sequence[UUID]) -> dict[UUID, Person]:
        """Those that exist, by id."""
        joined = PEOPLE.outerjoin(
            PERSON_KEYS,
            (PERSON_KEYS.c.tenant_id == PEOPLE.c.tenant_id)
            & (PERSON_KEYS.c.person_id == PEOPLE.c.id),
        )
        query = (
            select(PEOPLE.c.id, PEOPLE.c.sealed, PERSON_KEYS.c.key)
            .select_from(joined)
            .where(PEOPLE.c.id.in_(list(person_ids)))
            .order_by(PEOPLE.c.id)
        )
        rows = (await self._tx.execute(query)).mappings()
        found = {row["id"]: row for row in rows}
        self._read |= {key for key, row in found.items() if row["key"] is not None}
        return {key: _person(row) for key, row in found.items()}

    async def erase(self, person_id: UUID) -> None:
        """Erases the key, and with it the fields and all that it sealed.

        The row is held first: who is writing the person comes before, or finds it erased.
        """
        await self._driver.execute(_LOCK, person_id)
        self._read.discard(person_id)
        await self._tx.execute(delete(PERSON_KEYS).where(PERSON_KEYS.c.person_id == person_id))
        await self._tx.execute(delete(PERSON_WORDS).where(PERSON_WORDS.c.person_id == person_id))
        await self._tx.execute(PEOPLE.update().where(PEOPLE.c.id == person_id).values(sealed=None))

    async def having_words(self, piece: str) -> dict[str, Select[tuple[UUID]]]:
        """For each word of a piece, the people with one in name, address or phone that begins so.

        Words too short to be searched are left out.
        """
        digests = digests_of_query(await self._tenant_key(), piece)
        return {
            word: select(PERSON_WORDS.c.person_id).where(PERSON_WORDS.c.word == digest)
            for word, digest in digests.items()
        }

    async def seal_for(self, person_id: UUID, content: bytes) -> bytes:
        """Seals ``content`` under the person's key, made at the first need.

        A person once erased gets a new key: what the old one sealed stays unreadable.
        """
        key = await self.find_key(person_id) or await self._make_key(person_id)
        return seal(key, self._ids, content, person_id.bytes)

    async def unseal_for(self, person_id: UUID, sealed: bytes) -> bytes | None:
        """What ``seal_for`` sealed; None when the key is gone."""
        key = await self.find_key(person_id)
        return None if key is None else unseal(key, sealed, person_id.bytes)

    async def seal_apart(self, content: bytes, about: bytes) -> bytes:
        """Seals what names people but is kept for a day or two only, under the tenant's secret."""
        return seal(_derived(await self._tenant_key(), SEALED_APART), self._ids, content, about)

    async def unseal_apart(self, sealed: bytes, about: bytes) -> bytes:
        """What ``seal_apart`` sealed."""
        return unseal(_derived(await self._tenant_key(), SEALED_APART), sealed, about)

    async def salt_for(self, use: bytes) -> bytes:
        """A secret of the tenant for one use, from which its key can't be told."""
        return _derived(await self._tenant_key(), use)

    async def find_key(self, person_id: UUID) -> bytes | None:
        """The person's key; None when it was erased or never made."""
        key: bytes | None = await self._driver.fetchval(_FIND_KEY, person_id)
        return key

    async def _make_key(self, person_id: UUID) -> bytes:
        key = self._ids.secret_bytes(KEY_BYTES)
        # Another transaction may make one at the same moment: the first to commit stays.
        made = await self._driver.fetchval(_MAKE_KEY, person_id, key)
        return key if made is not None else await self._driver.fetchval(_FIND_KEY, person_id)

    async def _tenant_key(self) -> bytes:
        """The tenant's secret, under which words are searched.

        Raises:
            NotFoundError: The tenant was never added.
        """
        if self._search_key is None:
            self._search_key = await self._tx.scalar(select(TENANTS.c.search_key))
        if self._search_key is None:
            raise NotFoundError(noun="tenant")
        return self._search_key


def _derived(tenant_key: bytes, use: bytes) -> bytes:
    """A key of its own for each use of the tenant's secret."""
    return hmac.digest(tenant_key, use, hashlib.sha256)


def seal(key: bytes, ids: Ids, content: bytes, about: bytes) -> bytes:
    """Encrypts ``content`` and ties it to ``about``: it opens nowhere else. Nonce first."""
    nonce = ids.secret_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, about)


def unseal(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """The content that ``seal`` encrypted.

    Raises:
        PersonErasedError: The key is not the one it was sealed with.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
    except InvalidTag as error:
        raise PersonErasedError from error


def _person(row: RowMapping) -> Person:
    if row["key"] is None or row["sealed"] is None:
        return Person(id=row["id"])
    return msgspec.msgpack.decode(unseal(row["key"], row["sealed"], row["id"].bytes), type=Person)
