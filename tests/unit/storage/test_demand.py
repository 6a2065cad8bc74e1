"""Demand comes back as it was kept: events with versions, the newest file of a day, overrides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import pytest_asyncio

from promesa.kernel.errors import NotFoundError
from promesa.kernel.ids import derived_id
from promesa.planning.demand.overrides import said_between
from promesa.planning.demand.repository import DemandEventChangedError
from promesa.planning.forecast.outlook import Far
from promesa.storage.database import Database
from promesa.storage.unit_of_work import UnitOfWork
from tests.support import nouns
from tests.support.demand_nouns import (
    SAVED_AT,
    a_demand_count,
    a_demand_event,
    a_forecast,
    a_history_import,
    an_override,
    keep_demand,
)

TENANT = nouns.a_tenant()
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


@pytest_asyncio.fixture
async def tx(database: Database) -> AsyncIterator[UnitOfWork]:
    """A transaction in which one of each noun of demand is kept."""
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as tx:
        await keep_demand(tx)
        yield tx


async def test_an_event_comes_back_whole_and_by_its_days(tx: UnitOfWork) -> None:
    event = a_demand_event()
    assert await tx.demand_events.get(event.id) == event
    assert await tx.demand_events.list_between(*DECEMBER, limit=9) == [event]
    last_day = (event.content.end, event.content.end)
    assert await tx.demand_events.list_between(*last_day, limit=9) == [event]
    assert await tx.demand_events.list_between(*OCTOBER, limit=9) == []
    assert await tx.demand_events.find_many([event.id, derived_id("none")]) == {event.id: event}


async def test_every_version_of_an_event_is_kept(tx: UnitOfWork) -> None:
    event = a_demand_event()
    second = replace(event, version=2, content=replace(event.content, uplift=4.0))
    await tx.demand_events.save(second)
    assert await tx.demand_events.get(event.id) == second
    assert await tx.demand_events.list_versions(event.id) == [second, event]


async def test_rows_that_decide_on_days_of_rest_are_found_among_the_others(
    tx: UnitOfWork,
) -> None:
    event = a_demand_event()
    marked = replace(event.content, is_rest=True, start=date(2026, 12, 4))
    own = replace(event, id=derived_id("own"), content=marked)
    gone = replace(own, id=derived_id("gone"), deleted_at=SAVED_AT)
    lost = replace(event, id=derived_id("lost"), shipped_key="holiday-2026-12-03")
    untouched = replace(lost, id=derived_id("untouched"), author_id=None)
    sale = replace(lost, id=derived_id("sale"), shipped_key="cyberday-2026")
    rows = [
        own,
        gone,
        lost,
        untouched,
        sale,
        replace(lost, id=derived_id("a"), deleted_at=SAVED_AT),
    ]
    await tx.demand_events.add_all(rows)
    found = await tx.demand_events.list_rest_rows(limit=9)
    assert {row.id for row in found} == {own.id, lost.id, derived_id("a")}
    assert len(await tx.demand_events.list_rest_rows(limit=2)) == 2


async def test_what_people_wrote_of_events_comes_with_all_its_versions(tx: UnitOfWork) -> None:
    event = a_demand_event()
    second = replace(event, version=2, content=replace(event.content, uplift=4.0))
    shipped = replace(event, id=derived_id("shipped"), author_id=None)
    later = replace(event.content, start=event.content.end)
    other = replace(event, id=derived_id("later"), content=later)
    await tx.demand_events.save(second)
    await tx.demand_events.add_all([shipped, other])
    assert await tx.demand_events.list_written(*DECEMBER, limit=9) == [[second, event], [other]]
    assert await tx.demand_events.list_written(*DECEMBER, limit=1) == [[other]]
    assert await tx.demand_events.list_written(*OCTOBER, limit=9) == []
    await tx.demand_events.save(replace(second, version=3, deleted_at=SAVED_AT))
    assert await tx.demand_events.list_written(*DECEMBER, limit=9) == [[other]]


async def test_a_version_is_saved_over_the_one_before_alone(tx: UnitOfWork) -> None:
    await tx.demand_events.save(replace(a_demand_event(), version=2))
    with pytest.raises(DemandEventChangedError):
        await tx.demand_events.save(replace(a_demand_event(), version=2))


async def test_a_deleted_event_is_listed_only_when_asked_for(tx: UnitOfWork) -> None:
    gone = replace(a_demand_event(), version=2, deleted_at=SAVED_AT)
    await tx.demand_events.save(gone)
    assert await tx.demand_events.list_between(*DECEMBER, limit=9) == []
    assert await tx.demand_events.list_between(*DECEMBER, limit=9, with_deleted=True) == [gone]


async def test_the_newest_file_tells_a_day_whole(tx: UnitOfWork) -> None:
    assert await tx.demand_history.list_told(*OCTOBER) == [a_demand_count()]
    later = replace(a_history_import("two"), imported_at=SAVED_AT + timedelta(hours=1))
    hours = [a_demand_count(3, hour=9), a_demand_count(5, hour=10)]
    await tx.demand_history.add_import(later, hours)
    assert await tx.demand_history.list_told(*OCTOBER) == hours
    await tx.demand_history.save_import(replace(later, undone_at=SAVED_AT))
    assert await tx.demand_history.list_told(*OCTOBER) == [a_demand_count()]


async def test_a_file_comes_back_with_what_was_wrong_in_it(tx: UnitOfWork) -> None:
    batch = a_history_import()
    assert await tx.demand_history.get_import(batch.id) == batch
    assert await tx.demand_history.list_imports(limit=5) == [batch]
    with pytest.raises(NotFoundError):
        await tx.demand_history.get_import(derived_id("none"))


async def test_a_withdrawn_override_is_listed_only_when_asked_for(tx: UnitOfWork) -> None:
    override = an_override()
    assert await tx.demand_overrides.list_between(*DECEMBER, limit=5) == [override]
    withdrawn = replace(override, withdrawn_at=SAVED_AT, withdrawn_by=override.author_id)
    await tx.demand_overrides.put(withdrawn)
    assert await tx.demand_overrides.list_between(*DECEMBER, limit=5) == []
    assert await tx.demand_overrides.list_between(*DECEMBER, limit=5, with_withdrawn=True) == [
        withdrawn
    ]


async def test_of_more_overrides_than_are_asked_for_those_of_the_latest_days_are_kept(
    tx: UnitOfWork,
) -> None:
    days = [date(2026, 12, number) for number in (3, 4, 5)]
    for day in days:
        later = replace(an_override(), id=derived_id(str(day)), first_day=day, last_day=day)
        await tx.demand_overrides.put(later)
    few = await said_between(tx, *DECEMBER, with_withdrawn=False, limit=2)
    assert [each.first_day for each in few.items] == days[1:]
    assert few.has_more
    whole = await said_between(tx, *DECEMBER, with_withdrawn=False, limit=4)
    assert [each.first_day for each in whole.items] == [an_override().first_day, *days]
    assert not whole.has_more


async def test_the_forecast_made_last_is_the_newest_and_old_ones_are_forgotten(
    tx: UnitOfWork,
) -> None:
    first = a_forecast()
    assert await tx.demand_forecasts.find_newest() == first
    later = replace(first, id=derived_id("later"), made_at=SAVED_AT + timedelta(hours=1))
    await tx.demand_forecasts.add(later)
    assert await tx.demand_forecasts.find_newest() == later
    assert await tx.demand_forecasts.remove_before(later.made_at) == 1


async def test_a_forecast_that_is_no_longer_the_newest_forgets_its_far_days(tx: UnitOfWork) -> None:
    made = a_forecast()
    near = made.outlook
    far = Far(
        days=(date(2027, 1, 4),),
        **{name: getattr(near, name) for name in ("mean", "p10", "p50", "p90")},
        shared_sd=(0.1,),
        events=(),
        calibrated=0,
    )
    later = replace(made, id=derived_id("far"), outlook=replace(near, far=far))
    await tx.demand_forecasts.add(later)
    assert await tx.demand_forecasts.get(later.id) == later
    await tx.demand_forecasts.forget_far(later.id)
    assert (await tx.demand_forecasts.get(later.id)).outlook == near
