"""Driven routes as they are read: visits, hours at doors, rests, and what the plan said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest_asyncio

from promesa.domain.route import Route, RouteState
from promesa.domain.stop import Outcome, Stop, StopState
from promesa.planning.capacity.driven import DrivenRoute
from promesa.storage.database import Database
from promesa.storage.unit_of_work import UnitOfWork
from tests.support.nouns import (
    DAY,
    HOUR,
    MORNING,
    a_route,
    a_stop,
    a_tenant,
    an_id,
    an_order,
    keep_one_of_each,
)

TENANT = a_tenant("Uno")
MINUTE = timedelta(minutes=1)


@pytest_asyncio.fixture
async def tx(database: Database) -> AsyncIterator[UnitOfWork]:
    """A transaction of a tenant with one of each noun."""
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as opened:
        await keep_one_of_each(opened)
        yield opened


def driven() -> Route:
    return replace(
        a_route(), state=RouteState.FINISHED, started_at=MORNING, finished_at=MORNING + 2 * HOUR
    )


def visited(word: str, minutes: int, outcome: Outcome = Outcome.SUCCEEDED) -> Stop:
    return replace(
        a_stop(),
        id=an_id("stop", word),
        state=StopState.CLOSED,
        outcome=outcome,
        arrived_at=MORNING + HOUR,
        closed_at=MORNING + HOUR + minutes * MINUTE,
    )


async def read(tx: UnitOfWork) -> list[DrivenRoute]:
    return await tx.driven_routes.list_driven(DAY, DAY, limit=10)


async def test_a_route_is_told_by_its_visits_beside_its_plan(tx: UnitOfWork) -> None:
    """The plan: a leg of 10 minutes, 57 back from the last stop; 5 of rest told, 20 of loading."""
    await tx.routes.save(driven())
    await tx.routes.put_stop(visited("brief", 4))
    await tx.routes.put_stop(visited("lunch", 45))
    await tx.routes.put_stop(visited("skipped", 50, Outcome.SKIPPED))
    await tx.routes.put_stop(replace(visited("no hour", 50), arrived_at=None))
    await tx.routes.put_stop(replace(visited("odd clock", -9)))
    [found] = await read(tx)
    assert found.stops == {an_order().comuna: 6}
    assert (found.visited, found.timed, found.at_door_s) == (4, 2, 49 * 60)
    assert (found.brief, found.brief_s) == (1, 240)
    assert found.last_closed == MORNING + HOUR + 50 * MINUTE
    assert found.off_s == 25 * 60
    assert (found.planned_driving_s, found.planned_back_s) == (67 * 60, 57 * 60)


async def test_a_rest_nobody_told_is_the_planned_one(tx: UnitOfWork) -> None:
    await tx.routes.save(replace(driven(), rests=()))
    [found] = await read(tx)
    assert found.off_s == (30 + 20) * 60


async def test_routes_that_are_not_over_or_never_left_are_not_read(tx: UnitOfWork) -> None:
    assert await read(tx) == []
    await tx.routes.save(replace(driven(), state=RouteState.STARTED))
    assert await read(tx) == []
    await tx.routes.save(replace(driven(), started_at=None))
    assert await read(tx) == []
    await tx.routes.save(driven())
    later = DAY + timedelta(days=1)
    assert await tx.driven_routes.list_driven(later, later, limit=10) == []
