"""Days on which a driver is not there.

Why is not kept: whether somebody is ill is nobody's matter here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

# Six weeks of five hundred drivers who are all away.
ABSENCES_MAX = 21_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """One driver, one day, and who says so."""

    driver_id: UUID
    date: date
    author_id: UUID
    saved_at: datetime


class AbsenceRepository(Protocol):
    """The absences of one tenant."""

    async def list_between(self, first: date, last: date, *, limit: int) -> list[Absence]:
        """By day, then driver."""
        ...

    async def put_all(self, absences: Sequence[Absence]) -> None: ...
    async def remove(self, driver_id: UUID, day: date) -> None:
        """Removes it; one that is not there is no error."""
        ...
