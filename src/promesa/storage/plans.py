"""Plans: they may be redone, so a save replaces all of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Column, Double, Index, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.kernel.errors import NotFoundError
from promesa.planning.repository import PlanRecord, PlanState
from promesa.storage.columns import code, day, identity, instant, tenant_table, value, whole
from promesa.storage.rows import Rows, TakenError

PLANS = tenant_table(
    "plans",
    identity(),
    day(),
    code("state"),
    whole("seed"),
    whole("iterations"),
    instant("requested_at"),
    identity("requested_by"),
    Column("progress", Double, nullable=False),
    value("routes"),
    value("unserved"),
    value("left_for_review"),
    whole("cost_clp", nullable=True),
    code("failure", nullable=True),
    value("notes"),
    code("balance"),
)
Index("plans_date_idx", PLANS.c.tenant_id, PLANS.c.date, PLANS.c.requested_at)

_PLANS = Rows(PLANS, PlanRecord)


class Plans:
    """The plans of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def add(self, plan: PlanRecord) -> None:
        """Keeps a new plan.

        Raises:
            TakenError: Its id is taken.
        """
        if not await _PLANS.add(self._tx, plan):
            raise TakenError

    async def save(self, plan: PlanRecord) -> None:
        """Replaces it."""
        await _PLANS.put(self._tx, plan)

    async def get(self, plan_id: UUID) -> PlanRecord:
        """The plan, or NotFoundError."""
        return await _PLANS.get(self._tx, id=plan_id)

    async def lock(self, plan_id: UUID) -> PlanRecord:
        """The plan, held against other writers until the transaction ends.

        Raises:
            NotFoundError: There is none.
        """
        found = await _PLANS.find(
            self._tx, select(PLANS).where(PLANS.c.id == plan_id).with_for_update()
        )
        if found is None:
            raise NotFoundError(noun="plan")
        return found

    async def list_unfinished(self) -> list[PlanRecord]:
        """Plans that are waiting or being searched, oldest first."""
        query = select(PLANS).where(PLANS.c.state.in_((PlanState.QUEUED, PlanState.RUNNING)))
        return await _PLANS.list(self._tx, query.order_by(PLANS.c.requested_at, PLANS.c.id))

    async def list_of(self, day: date) -> list[PlanRecord]:
        """Plans of a day, newest first."""
        query = select(PLANS).where(PLANS.c.date == day)
        newest_first = query.order_by(PLANS.c.requested_at.desc(), PLANS.c.id.desc())
        return await _PLANS.list(self._tx, newest_first)
