"""Removes pictures that no record names: what a transaction that never committed left behind.

Files say nothing of whose they are, so a folder in which many have no record is taken for another
database's, and is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID

from promesa.kernel.errors import ConflictError
from promesa.storage.blobs import BlobStore
from promesa.storage.proofs import Proofs

# A crash leaves a picture or two; a wrong address of the database leaves all of them.
ORPHAN_SHARE_MAX = 0.1
# Names are hexadecimal: a shelf at a time keeps memory and queries small.
SHELVES = tuple(f"{number:02x}" for number in range(256))


class ForeignBlobsError(ConflictError):
    """So many files have no record that they must be another database's."""

    code: ClassVar[str] = "blobs_foreign"
    message = (
        "Demasiadas fotos no tienen registro en esta base de datos: ¿la carpeta es de otra? "
        "No se borró ninguna."
    )


class _Naming(Protocol):
    @property
    def proofs(self) -> Proofs: ...


class _Transactions(Protocol):
    def transaction(self, tenant_id: UUID) -> AbstractAsyncContextManager[_Naming]: ...


async def sweep(
    database: _Transactions, tenants: Iterable[UUID], blobs: BlobStore, before: datetime
) -> int:
    """Removes the files put before ``before`` that no tenant's record names; returns how many.

    Raises:
        ForeignBlobsError: They are too many to be ours.
    """
    everyone, count, orphans = list(tenants), 0, []
    for shelf in SHELVES:
        names = set(await blobs.list_before(shelf, before))
        count += len(names)
        for tenant_id in everyone if names else ():
            async with database.transaction(tenant_id) as tx:
                names -= await tx.proofs.list_blob_names(shelf)
        orphans.extend(sorted(names))
    if len(orphans) > ORPHAN_SHARE_MAX * count:
        raise ForeignBlobsError(files=count, orphans=len(orphans))
    for name in orphans:
        await blobs.remove(name)
    return len(orphans)
