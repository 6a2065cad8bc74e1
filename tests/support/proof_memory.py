"""Evidence, blobs and the event log in memory, for tests that need no server."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from promesa.domain.events import Event
from promesa.kernel.errors import NotFoundError
from promesa.proof.repository import Evidence


class MemoryProofs:
    """Keeps evidence and events once by their ids; is its own unit of work."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Evidence] = {}
        self.recorded: dict[UUID, Event] = {}

    @property
    def proofs(self) -> MemoryProofs:
        return self

    @property
    def events(self) -> MemoryProofs:
        return self

    async def put(self, evidence: Evidence) -> bool:
        return self.kept.setdefault(evidence.id, evidence) is evidence

    async def get(self, evidence_id: UUID) -> Evidence:
        if evidence_id not in self.kept:
            raise NotFoundError
        return self.kept[evidence_id]

    async def mark_withdrawn(self, evidence_id: UUID, at: datetime | None) -> None:
        self.kept[evidence_id] = replace(self.kept[evidence_id], withdrawn_at=at)

    async def list_of_stop(self, stop_id: UUID) -> list[Evidence]:
        return [piece for piece in self.kept.values() if piece.stop_id == stop_id]

    async def list_of_order(self, order_id: UUID) -> list[Evidence]:
        return [piece for piece in self.kept.values() if piece.order_id == order_id]

    async def record(self, event: Event) -> bool:
        return self.recorded.setdefault(event.id, event) is event


class MemoryVault:
    """Turns each byte over and calls that a seal; forgets a person on demand."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.erased: set[UUID] = set()

    async def seal(self, person_id: UUID, content: bytes) -> tuple[str, str]:
        sealed = bytes(byte ^ 0xFF for byte in content)
        digest = hashlib.sha256(sealed).hexdigest()
        name = f"{person_id}-{len(self.blobs)}"
        self.blobs[name] = sealed
        return name, digest

    async def open(self, person_id: UUID, blob_name: str) -> bytes:
        if person_id in self.erased:
            raise NotFoundError
        return bytes(byte ^ 0xFF for byte in self.blobs[blob_name])
