"""What every blob store does; the one on disk is the first."""

from __future__ import annotations

from datetime import UTC, datetime
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


async def test_names_are_listed_by_shelf_once_they_are_old(store: BlobStore) -> None:
    for name in (NAME, "ff" + NAME[2:]):
        await store.put(name, b"sealed")
    long_ago, hereafter = (datetime.fromtimestamp(second, UTC) for second in (0, 1 << 33))
    assert await store.list_before("01", long_ago) == []
    assert await store.list_before("01", hereafter) == [NAME]
    assert await store.list_before("99", hereafter) == []
