"""The rules of working hours an operator keeps: versions with their author, first the template.

A version is never changed: taking one back is saving the rows of the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID

from promesa.kernel.errors import ConflictError
from promesa.planning.capacity.labour_rules import CHILE, LabourRule, LabourRules
from promesa.planning.demand.calendar import Writer

VERSIONS_SHOWN_MAX = 20


class LabourRulesChangedError(ConflictError):
    """Somebody saved the rules since they were read."""

    code: ClassVar[str] = "labour_rules_changed"
    message: ClassVar[str] = (
        "Otra persona cambió las reglas de jornada mientras las mirabas. Recarga y vuelve a "
        "guardar."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LabourRecord:
    """One version of the rules.

    Attributes:
        version: From 1; 0 is the template that ships.
    """

    version: int
    rows: tuple[LabourRule, ...]
    author_id: UUID | None = None
    saved_at: datetime | None = None

    @property
    def rules(self) -> LabourRules:
        """As rosters are held against them."""
        return LabourRules(rows=self.rows)


TEMPLATE = LabourRecord(version=0, rows=CHILE)


class LabourRepository(Protocol):
    """The versions of one tenant."""

    async def list_versions(self, *, limit: int) -> list[LabourRecord]:
        """The newest first."""
        ...

    async def lock(self) -> None:
        """Lets nobody else add one until the transaction ends."""
        ...

    async def add(self, record: LabourRecord) -> None: ...


class LabourStore(Protocol):
    """The unit of work as the rules see it."""

    @property
    def labour_rules(self) -> LabourRepository: ...


async def standing_rules(tx: LabourStore) -> LabourRecord:
    """The newest version; the template while nobody saved one."""
    found = await tx.labour_rules.list_versions(limit=1)
    return found[0] if found else TEMPLATE


async def save_rules(
    tx: LabourStore, rows: Sequence[LabourRule], writer: Writer, *, over: int
) -> LabourRecord:
    """Keeps rules over the version that was read.

    Raises:
        LabourRulesInvalidError: They cannot be meant.
        LabourRulesChangedError: ``over`` is not the newest.
    """
    rules = LabourRules(rows=tuple(rows))
    await tx.labour_rules.lock()
    if (await standing_rules(tx)).version != over:
        raise LabourRulesChangedError
    record = LabourRecord(
        version=over + 1, rows=rules.rows, author_id=writer.author_id, saved_at=writer.now
    )
    await tx.labour_rules.add(record)
    return record
