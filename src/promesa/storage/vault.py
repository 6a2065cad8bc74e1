"""Pictures under a person's key: sealed before they reach the blob store."""

from __future__ import annotations

import hashlib
from uuid import UUID

from promesa.kernel.ids import Ids
from promesa.storage.blobs import BlobStore
from promesa.storage.people import People, PersonErasedError, seal, unseal

NAME_BYTES = 16


class Vault:
    """Seals with the keys of the transaction's tenant; it can open nobody else's."""

    def __init__(self, people: People, blobs: BlobStore, ids: Ids) -> None:
        self._people = people
        self._blobs = blobs
        self._ids = ids

    async def seal(self, person_id: UUID, content: bytes) -> tuple[str, str]:
        """Encrypts and stores; returns (blob name, SHA-256 of the ciphertext).

        A rolled-back transaction leaves a file that nobody names and nobody can tell apart from
        noise; it takes room, not secrecy.

        Raises:
            PersonErasedError: The person has no key, so nothing may be kept of it.
        """
        key = await self._key(person_id)
        name = self._ids.secret_bytes(NAME_BYTES).hex()
        sealed = seal(key, self._ids, content, _about(person_id, name))
        await self._blobs.put(name, sealed)
        return name, hashlib.sha256(sealed).hexdigest()

    async def open(self, person_id: UUID, blob_name: str) -> bytes:
        """The plain content.

        Raises:
            PersonErasedError: The key is gone, or is not this blob's.
            BlobMissingError: There is no such blob.
        """
        key = await self._key(person_id)
        return unseal(key, await self._blobs.get(blob_name), _about(person_id, blob_name))

    async def _key(self, person_id: UUID) -> bytes:
        key = await self._people.find_key(person_id)
        if key is None:
            raise PersonErasedError
        return key


def _about(person_id: UUID, blob_name: str) -> bytes:
    return person_id.bytes + blob_name.encode()
