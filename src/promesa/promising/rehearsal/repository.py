"""Where rehearsals are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from promesa.promising.rehearsal.outcome import Rehearsal

# Older ones are forgotten: a planner compares with last month's, not with last year's.
KEPT_MAX = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalRecord:
    """A rehearsal as it was run.

    Attributes:
        outlook_id: The forecast it rests on.
    """

    id: UUID
    made_at: datetime
    author_id: UUID
    outlook_id: UUID
    rehearsal: Rehearsal


class RehearsalRepository(Protocol):
    """Rehearsals of one tenant."""

    async def add(self, record: RehearsalRecord) -> None:
        """Keeps one."""
        ...

    async def find(self, rehearsal_id: UUID) -> RehearsalRecord | None:
        """None where there is none of that id."""
        ...

    async def remove(self, rehearsal_id: UUID) -> bool:
        """Deletes one; whether there was one of that id."""
        ...

    async def list_newest(self, *, limit: int) -> list[RehearsalRecord]:
        """The last ones, newest first."""
        ...

    async def keep_newest(self, count: int) -> int:
        """Forgets all but so many; returns how many."""
        ...
