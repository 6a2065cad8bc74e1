"""Sealed pictures and documents as files; a port, since a bucket comes later.

The store sees only ciphertext under random names and knows nothing of people or tenants.
"""

from __future__ import annotations

import asyncio
import os
import re
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Protocol

from promesa.kernel.errors import NotFoundError

# Names are 32 hexadecimal digits; anything else might be a path.
_NAME = re.compile(r"[0-9a-f]{32}")
_UNFINISHED = ".unfinished"
BLOB_BYTES_MAX = 20_000_000


class BlobMissingError(NotFoundError):
    """No blob has this name."""

    code: ClassVar[str] = "blob_missing"
    message = "El archivo no existe."


class BlobStore(Protocol):
    """Keeps bytes under a name that is used once."""

    async def put(self, name: str, content: bytes) -> None:
        """Keeps them durably; returns when they would survive a power cut."""
        ...

    async def get(self, name: str) -> bytes:
        """The bytes, or BlobMissingError."""
        ...

    async def remove(self, name: str) -> None:
        """Removes them; a name that is not there is no error."""
        ...

    async def list_before(self, shelf: str, instant: datetime) -> list[str]:
        """Names that begin with the two digits of ``shelf`` and were put before ``instant``."""
        ...


class DiskBlobs:
    """Blobs as files of one folder, two levels deep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, name: str, content: bytes) -> None:
        """Writes beside, syncs, renames and syncs the folder: whole and durable, or not there."""
        if len(content) > BLOB_BYTES_MAX:
            raise ValueError("the blob is too large")
        await asyncio.to_thread(_write_durably, self._path(name), content)

    async def get(self, name: str) -> bytes:
        """The bytes.

        Raises:
            BlobMissingError: There is no such blob.
        """
        try:
            return await asyncio.to_thread(self._path(name).read_bytes)
        except FileNotFoundError as error:
            raise BlobMissingError from error

    async def remove(self, name: str) -> None:
        """Removes the file, if it is there."""
        await asyncio.to_thread(self._path(name).unlink, missing_ok=True)

    async def list_before(self, shelf: str, instant: datetime) -> list[str]:
        """Names on a shelf older than ``instant``, sorted; what a crash cut short is removed."""
        return await asyncio.to_thread(_list_before, self._folder / shelf, instant.timestamp())

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise BlobMissingError
        return self._folder / name[:2] / name


def _list_before(folder: Path, instant_s: float) -> list[str]:
    if not folder.is_dir():
        return []
    old = [path for path in folder.iterdir() if path.stat().st_mtime < instant_s]
    for path in old:
        if path.suffix == _UNFINISHED:
            path.unlink(missing_ok=True)
    return sorted(path.name for path in old if _NAME.fullmatch(path.name))


def _write_durably(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(_UNFINISHED)
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    for folder in (path.parent, path.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
