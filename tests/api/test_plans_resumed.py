"""A plan that was under way when the server stopped is taken up by the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from promesa.dispatch import plan_desk
from promesa.kernel.clock import pause_s
from promesa.planning.repository import PlanRecord, PlanState
from promesa.runtime.jobs import PLANNER_FELL, resume_plans
from tests.support import nouns
from tests.support.platform import Stage

LOOKS_MAX = 600


async def finished(stage: Stage, plan_id: UUID) -> PlanRecord:
    """The plan once it is no longer being searched."""
    for _ in range(LOOKS_MAX):
        async with stage.platform.transaction(stage.norte.tenant_id) as tx:
            if not await tx.plans.list_unfinished():
                return await tx.plans.get(plan_id)
        await pause_s(0.05)
    raise AssertionError("still being searched")


async def test_a_plan_that_falls_for_whatever_reason_ends_and_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def falls(*_: object, **__: object) -> None:
        raise OverflowError

    monkeypatch.setattr(plan_desk, "gather_day", falls)
    plan = replace(nouns.a_plan(), state=PlanState.QUEUED, routes=(), unserved=())
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        await tx.plans.add(plan)
    await resume_plans(stage.platform)
    ended = await finished(stage, plan.id)
    assert (ended.state, ended.failure) == (PlanState.FAILED, PLANNER_FELL)


async def test_a_plan_left_running_is_finished_after_the_next_start(stage: Stage) -> None:
    tomorrow = stage.clock.now().date() + timedelta(days=1)
    plan = replace(
        nouns.a_plan(), date=tomorrow, state=PlanState.RUNNING, iterations=1, routes=(), unserved=()
    )
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        await tx.plans.add(plan)
    await resume_plans(stage.platform)
    assert (await finished(stage, plan.id)).state in {PlanState.READY, PlanState.FAILED}
