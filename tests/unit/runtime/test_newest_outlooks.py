"""The newest forecast is read once, and again when another is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.runtime.newest_outlooks import NewestOutlooks
from promesa.storage.database import Database
from tests.support.demand_nouns import SAVED_AT, a_forecast
from tests.support.nouns import a_tenant

ONE, OTHER = a_tenant("Uno"), a_tenant("Otro")


async def test_a_forecast_is_read_once_each_operator_has_its_own_and_a_newer_one_is_seen(
    database: Database,
) -> None:
    kept, first = NewestOutlooks(), a_forecast()
    later = replace(first, id=derived_id("later"), made_at=SAVED_AT + timedelta(hours=1))
    for tenant in (ONE, OTHER):
        await database.directory.add_tenant(tenant)
    async with database.transaction(ONE.id) as tx:
        assert await kept.find(tx) is None
        await tx.demand_forecasts.add(first)
        found = await kept.find(tx)
        assert found == first
        assert await kept.find(tx) is found
    async with database.transaction(OTHER.id) as tx:
        assert await kept.find(tx) is None
    async with database.transaction(ONE.id) as tx:
        await tx.demand_forecasts.add(later)
        assert await kept.find(tx) == later


async def test_a_day_begins_with_the_first_forecast_of_its_morning_or_with_what_stood(
    database: Database,
) -> None:
    kept, first = NewestOutlooks(), a_forecast()
    day = ServiceDay(first.outlook.days[0])
    eve, dawn, seven, late = (
        replace(first, id=derived_id(word), made_at=at)
        for word, at in (
            ("eve", day.start - timedelta(hours=3)),
            ("dawn", day.at(time(0, 5))),
            ("seven", day.at(time(7))),
            ("late", day.at(time(15))),
        )
    )
    await database.directory.add_tenant(ONE)
    async with database.transaction(ONE.id) as tx:
        assert await kept.find_of_morning(tx, day) is None
        await tx.demand_forecasts.add(late)
        assert await kept.find_of_morning(tx, day) == late
        await tx.demand_forecasts.add(eve)
        assert await kept.find_of_morning(tx, day) == eve
        for each in (seven, dawn):
            await tx.demand_forecasts.add(each)
            assert await kept.find_of_morning(tx, day) == each
        after = ServiceDay(first.outlook.days[-1] + timedelta(days=1))
        assert await kept.find_of_morning(tx, after) is None
