"""A rehearsal as storage keeps it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from promesa.kernel.ids import derived_id
from promesa.promising.rehearsal.case import FleetKind, Size, Way
from promesa.promising.rehearsal.outcome import (
    DayCount,
    Priced,
    Rehearsal,
    RunCount,
    way_result,
)
from promesa.promising.rehearsal.repository import RehearsalRecord
from promesa.storage.unit_of_work import UnitOfWork

DAY = date(2026, 12, 1)


def a_rehearsal(word: str = "one", minute: int = 0) -> RehearsalRecord:
    """Twenty promises of one day, of which three were broken."""
    run = RunCount(came=21, lost=1, due=20, kept=17, waits={2: 20})
    run.days[DAY] = DayCount(came=21, lost=1, due=20, kept=17, delivered=17, vans=1, behind=3)
    priced = Priced(fleet_clp=90_000, broken_clp=8_000, lost_clp=6_667, missing=0)
    result = way_result(Way(fleet=FleetKind.OWN, fixed_days=2), [run], priced)
    return RehearsalRecord(
        id=derived_id("rehearsal", word),
        made_at=datetime(2026, 11, 20, 12, minute, tzinfo=UTC),
        author_id=derived_id("user"),
        outlook_id=derived_id("forecast"),
        rehearsal=Rehearsal(
            name="Cyber",
            size=Size.LARGE,
            first=DAY,
            last=DAY,
            seeds=1,
            seed=1,
            orders=21.0,
            usual=10.0,
            peak=21.0,
            peak_day=DAY,
            results=(result,),
            sentences=("A 2 días fijos se cumple 85 %.",),
            notes=("Todo es simulado.",),
        ),
    )


async def keep_rehearsals(tx: UnitOfWork) -> UUID:
    """Puts one there."""
    record = a_rehearsal()
    await tx.rehearsals.add(record)
    return record.id
