"""Pictures without a record go, those with one stay, and a foreign folder is left alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from promesa.kernel.ids import derived_id
from promesa.storage.blobs import BlobMissingError, DiskBlobs
from promesa.storage.database import Database
from promesa.storage.sweeping import ForeignBlobsError
from tests.support.nouns import a_tenant, an_evidence

TENANT = a_tenant()
HEREAFTER = datetime.fromtimestamp(1 << 33, UTC)


def name_of(number: int) -> str:
    return derived_id("blob", number).hex


async def keep(database: Database, blobs: DiskBlobs, tenant_id: UUID, *numbers: int) -> None:
    """Pictures with their records."""
    await asyncio.gather(*(blobs.put(name_of(number), b"sealed") for number in numbers))
    async with database.transaction(tenant_id) as tx:
        for number in numbers:
            piece = replace(
                an_evidence(), id=derived_id("piece", number), blob_name=name_of(number)
            )
            assert await tx.proofs.put(piece)


@pytest.fixture
def blobs(database: Database, tmp_path: Path) -> DiskBlobs:
    """The folder of the database of the test."""
    return DiskBlobs(tmp_path / "blobs")


async def test_only_what_no_operator_has_a_record_of_is_swept(
    database: Database, blobs: DiskBlobs
) -> None:
    other = replace(TENANT, id=derived_id("other"), name="Otro")
    for tenant in (TENANT, other):
        await database.directory.add_tenant(tenant)
    await keep(database, blobs, TENANT.id, *range(10))
    await keep(database, blobs, other.id, *range(10, 20))
    await blobs.put(name_of(99), b"of a transaction that never committed")
    long_ago = datetime.fromtimestamp(0, UTC)
    assert await database.sweep_blobs(long_ago) == 0, "it may still commit"
    assert await database.sweep_blobs(HEREAFTER) == 1
    assert await database.sweep_blobs(HEREAFTER) == 0
    with pytest.raises(BlobMissingError):
        await blobs.get(name_of(99))
    for number in range(20):
        assert await blobs.get(name_of(number)) == b"sealed"


async def test_the_folder_of_another_database_is_left_alone(
    database: Database, blobs: DiskBlobs
) -> None:
    await database.directory.add_tenant(TENANT)
    await keep(database, blobs, TENANT.id, 1, 2, 3)
    for number in range(10, 13):
        await blobs.put(name_of(number), b"somebody else's")
    with pytest.raises(ForeignBlobsError):
        await database.sweep_blobs(HEREAFTER)
    assert await blobs.get(name_of(12)) == b"somebody else's"
