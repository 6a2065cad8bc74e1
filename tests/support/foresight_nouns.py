"""One of each noun that looks ahead: demand and promises."""

from __future__ import annotations

from uuid import UUID

from promesa.storage.unit_of_work import UnitOfWork
from tests.support.demand_nouns import keep_demand
from tests.support.promise_nouns import keep_promising
from tests.support.rehearsal_nouns import keep_rehearsals


async def keep_foresight(tx: UnitOfWork, depot_id: UUID) -> None:
    """Puts a row into every table of what looks ahead."""
    await keep_demand(tx, depot_id)
    await keep_promising(tx)
    await keep_rehearsals(tx)
