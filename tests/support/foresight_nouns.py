"""One of each noun that looks ahead: demand and promises."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from promesa.planning.capacity.absences import Absence
from promesa.planning.capacity.labour_rules import CHILE
from promesa.planning.capacity.labour_terms import LabourRecord
from promesa.storage.unit_of_work import UnitOfWork
from tests.support.demand_nouns import AUTHOR, SAVED_AT, keep_demand
from tests.support.promise_nouns import keep_promising
from tests.support.rehearsal_nouns import keep_rehearsals


def labour_version(version: int = 1) -> LabourRecord:
    """Chile's rules, saved by somebody."""
    return LabourRecord(version=version, rows=CHILE, author_id=AUTHOR, saved_at=SAVED_AT)


def an_absence(driver_id: UUID) -> Absence:
    """A day in December."""
    return Absence(driver_id=driver_id, date=date(2026, 12, 1), author_id=AUTHOR, saved_at=SAVED_AT)


async def keep_foresight(tx: UnitOfWork, depot_id: UUID) -> None:
    """Puts a row into every table of what looks ahead."""
    await keep_demand(tx, depot_id)
    await keep_promising(tx)
    await tx.labour_rules.add(labour_version())
    for driver in await tx.fleet.list_drivers():
        await tx.absences.put_all([an_absence(driver.id)])
    await keep_rehearsals(tx)
