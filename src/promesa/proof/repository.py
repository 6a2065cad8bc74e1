"""What proof needs kept: pieces of evidence, each under the key of the person it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from promesa.domain.events import Event
from promesa.kernel.geo import Position


class EvidenceKind(StrEnum):
    """What was captured."""

    PHOTO = "photo"
    SIGNATURE = "signature"
    RECEIVER = "receiver"  # Name and RUT, kept as a person.
    PIN = "pin"
    CALL = "call"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of evidence of a stop; the picture itself is in the blob store, encrypted.

    Attributes:
        id: Made by the phone, so that a second upload changes nothing.
        person_id: Whose key encrypts it; erasing the person makes it unreadable.
        digest: SHA-256 of the ciphertext, hexadecimal; None when there is no blob.
        blob_name: Where the ciphertext is.
        withdrawn_at: When it was found to be no proof of its visit: a failure taken back left it.
    """

    id: UUID
    stop_id: UUID
    order_id: UUID
    kind: EvidenceKind
    person_id: UUID | None
    captured_at: datetime
    recorded_at: datetime
    digest: str | None = None
    blob_name: str | None = None
    media_type: str | None = None
    position: Position | None = None
    withdrawn_at: datetime | None = None


class ProofRepository(Protocol):
    """Evidence by stop and order."""

    async def put(self, evidence: Evidence) -> bool:
        """Keeps it; False when its id was there already."""
        ...

    async def get(self, evidence_id: UUID) -> Evidence: ...
    async def mark_withdrawn(self, evidence_id: UUID, at: datetime | None) -> None:
        """From ``at`` on it proves nothing; None: it does again."""
        ...

    async def list_of_stop(self, stop_id: UUID) -> list[Evidence]:
        """A stop's, withdrawn ones too."""
        ...

    async def list_of_order(self, order_id: UUID) -> list[Evidence]:
        """An order's, withdrawn ones too."""
        ...


class BlobVault(Protocol):
    """Pictures under a person's key: encrypted on disk, unreadable once the person is erased."""

    async def seal(self, person_id: UUID, content: bytes) -> tuple[str, str]:
        """Encrypts and stores; returns (blob_name, digest of the ciphertext)."""
        ...

    async def open(self, person_id: UUID, blob_name: str) -> bytes:
        """The plain content; NotFoundError when the key is gone."""
        ...


class EventLog(Protocol):
    """The append-only log, as far as proof writes it."""

    async def record(self, event: Event) -> bool: ...


class ProofStore(Protocol):
    """The unit of work as proof sees it."""

    @property
    def proofs(self) -> ProofRepository: ...
    @property
    def events(self) -> EventLog: ...
