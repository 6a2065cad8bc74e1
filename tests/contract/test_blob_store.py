"""What every blob store does; the one on disk is the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from promesa.kernel.errors import NotFoundError
from promesa.storage.blobs import BLOB_BYTES_MAX, BlobStore, DiskBlobs

NAME = "0123456789abcdef" * 2


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return DiskBlobs(tmp_path / "blobs")


async def test_what_is_put_is_got_back(store: BlobStore) -> None:
    await store.put(NAME, b"\x00sealed\xff")
    assert await store.get(NAME) == b"\x00sealed\xff"


async def test_a_removed_blob_is_not_found_and_removing_it_again_is_no_error(
    store: BlobStore,
) -> None:
    await store.put(NAME, b"sealed")
    await store.remove(NAME)
    await store.remove(NAME)
    with pytest.raises(NotFoundError):
        await store.get(NAME)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "ABCDEF", "0" * 31, "0" * 33])
async def test_a_name_that_is_not_ours_is_not_found(store: BlobStore, name: str) -> None:
    with pytest.raises(NotFoundError):
        await store.get(name)


async def test_a_blob_that_is_too_large_is_refused(store: BlobStore) -> None:
    with pytest.raises(ValueError, match="too large"):
        await store.put(NAME, bytes(BLOB_BYTES_MAX + 1))
