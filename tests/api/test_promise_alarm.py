"""The alarm of promises rings by itself: on Hoy, by webhook and in the metrics, once a drift."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from promesa.domain.events import ALARM_CHANGED, Event
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.alarm import AlarmState
from promesa.runtime.chores import show_alarms, tell_alarm
from promesa.runtime.promise_alarms import PromiseAlarms
from tests.api.test_webhooks import add, opened
from tests.support.client import body_of
from tests.support.kept_promises import keep_day
from tests.support.operation import TODAY, sign_in
from tests.support.platform import Stage
from tests.support.vendors import HttpVendor, http_vendor

# Nine days: seven nearly as stated (one of ten), two with seven of ten too late.
USUAL, BAD = (1, 0, 1, 1, 0, 1, 1), (7, 7)
BAD_SINCE = TODAY - timedelta(days=2)


@pytest.fixture(autouse=True)
def afternoon(stage: Stage) -> None:
    """By then the phones of the evening before have told."""
    stage.clock.move_to(ServiceDay(TODAY).at(time(13, 0)))


@pytest.fixture
def receiver() -> Iterator[HttpVendor]:
    """The operator's own system."""
    with http_vendor(lambda _: (204, {}, b"")) as vendor:
        yield vendor


async def keep_days(stage: Stage, first: date, lates: Iterable[int]) -> None:
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        for number, late in enumerate(lates):
            day = first + timedelta(days=number)
            await keep_day(tx, UUID(stage.norte.orders["A1"]), day, late=late)


async def ring(stage: Stage) -> None:
    """Nine days, and the chore that looks at them."""
    await keep_days(stage, TODAY - timedelta(days=9), USUAL + BAD)
    assert await tell_alarm(stage.platform, stage.norte.tenant_id)
    await stage.platform.pump.settle()


async def told(stage: Stage) -> list[Event]:
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        end = stage.clock.now() + timedelta(days=1)
        return await tx.events.list_between(
            end - timedelta(days=99), end, types=frozenset({ALARM_CHANGED})
        )


@asynccontextmanager
async def signed_in(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """The office; a session of the morning is over by the next week."""
    async with stage.client() as office:
        await sign_in(office, "admin@norte.test")
        yield office


async def lines(stage: Stage, kind: str = "promises_worse") -> list[Any]:
    async with signed_in(stage) as office:
        found = body_of(await office.get("/v1/day"))["exceptions"]
    return [line for line in found if line["kind"] == kind]


async def alarm_of(stage: Stage) -> Any:
    async with signed_in(stage) as office:
        return body_of(await office.get("/v1/promises/curve"))["alarm"]


def drifting(stage: Stage, state: str) -> float | None:
    show_alarms(stage.platform)
    registry = stage.platform.metrics.registry
    return registry.get_sample_value("promesa_promises_drifting", {"state": state})


async def later(stage: Stage, **time: float) -> None:
    stage.clock.move_to(stage.clock.now() + timedelta(**time))
    await tell_alarm(stage.platform, stage.norte.tenant_id)
    await stage.platform.pump.settle()


async def test_promises_that_drift_are_a_line_of_hoy_with_its_counts(stage: Stage) -> None:
    assert await lines(stage) == []
    stage.clock.move_to(stage.clock.now() + timedelta(hours=1))
    await ring(stage)
    [line] = await lines(stage)
    facts = line["facts"]
    assert (line["action"], line["risk"], line["route_id"]) == ("offer", "late", None)
    assert (facts["promises"], facts["late"], facts["late_stated"]) == (20, 14, 2)
    assert facts["since"] == ServiceDay(BAD_SINCE).start.isoformat().replace("+00:00", "Z")
    alarm = await alarm_of(stage)
    assert (alarm["state"], alarm["told_days"]) == ("worse", 9)
    assert alarm["drift"] == {
        "since": BAD_SINCE.isoformat(),
        "promises": 20,
        "late": 14,
        "late_stated": 2,
        "late_share": 0.7,
        "stated_share": 0.1,
    }
    assert (drifting(stage, "worse"), drifting(stage, "better")) == (1, 0)


async def test_a_drift_is_told_to_the_operators_webhook_once(
    stage: Stage, receiver: HttpVendor
) -> None:
    secret = await add(stage, url=receiver.url, event_types=[ALARM_CHANGED])
    shops = stage.norte.shops[0].id
    await add(stage, url=receiver.url, event_types=[ALARM_CHANGED], merchant_id=shops)
    await ring(stage)
    # Hours and a day pass, the drift goes on.
    await later(stage, hours=2)
    await keep_days(stage, TODAY, [7])
    await later(stage, days=1)
    [request] = receiver.requests
    sent = opened(request, secret)
    assert sent["type"] == "cl.promesa.promise.alarm_changed.v1"
    assert {key: sent["data"][key] for key in ("state", "was", "since", "promises", "late")} == {
        "state": "worse",
        "was": "calm",
        "since": BAD_SINCE.isoformat(),
        "promises": 20,
        "late": 14,
    }
    assert sent["data"]["late_stated"] == 2.0


async def test_a_restart_and_two_at_once_tell_nothing_twice(stage: Stage) -> None:
    platform, tenant_id = stage.platform, stage.norte.tenant_id
    await keep_days(stage, TODAY - timedelta(days=9), USUAL + BAD)
    both = await asyncio.gather(*(tell_alarm(platform, tenant_id) for _ in range(2)))
    assert sorted(both) == [False, True]
    platform.promise_alarms = PromiseAlarms()
    assert not await tell_alarm(platform, tenant_id)
    assert [event.data["state"] for event in await told(stage)] == ["worse"]
    assert len(await lines(stage)) == 1


async def test_an_alarm_ends_when_promises_are_kept_as_stated_again(
    stage: Stage, receiver: HttpVendor
) -> None:
    await add(stage, url=receiver.url, event_types=[ALARM_CHANGED])
    await ring(stage)
    # Below what rings, and not yet forgotten: nobody is told that it ended, to be told again.
    await keep_days(stage, TODAY, [1] * 6)
    await later(stage, days=6)
    assert len(await lines(stage)) == 1
    await keep_days(stage, TODAY + timedelta(days=6), [1] * 8)
    await later(stage, days=8)
    assert await lines(stage) == []
    assert (await alarm_of(stage))["state"] == "calm"
    assert drifting(stage, "worse") == 0
    changes = [event.data for event in await told(stage)]
    assert [(data["was"], data["state"]) for data in changes] == [
        ("calm", "worse"),
        ("worse", "calm"),
    ]
    assert changes[1] == {"was": "worse", "state": "calm", "since": BAD_SINCE.isoformat()}
    assert len(receiver.requests) == 2
    # The next drift is another one.
    await keep_days(stage, TODAY + timedelta(days=14), BAD)
    await later(stage, days=2)
    assert [event.data["state"] for event in await told(stage)] == ["worse", "calm", "worse"]


async def test_promises_kept_better_than_stated_are_told_too(stage: Stage) -> None:
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        for number in range(1, 10):
            day = TODAY - timedelta(days=number)
            model = UUID(stage.norte.orders["A1"])
            await keep_day(tx, model, day, late=0, promises=60)
    assert await tell_alarm(stage.platform, stage.norte.tenant_id)
    [line] = await lines(stage, "promises_better")
    assert (line["risk"], line["facts"]["late"]) == ("on_time", 0)
    assert stage.platform.promise_alarms.count(AlarmState.BETTER) == 1


async def test_too_few_days_ring_nothing_and_say_how_many_there_are(stage: Stage) -> None:
    await keep_days(stage, TODAY - timedelta(days=3), (7, 7, 7))
    assert not await tell_alarm(stage.platform, stage.norte.tenant_id)
    alarm = await alarm_of(stage)
    assert (alarm["state"], alarm["told_days"]) == ("unknown", 3)
    assert (alarm["days_min"], alarm["promises_min"]) == (7, 10)


async def test_what_was_still_open_last_night_is_not_late_in_the_morning(stage: Stage) -> None:
    stage.clock.move_to(ServiceDay(TODAY + timedelta(days=1)).at(time(7, 0)))
    await keep_days(stage, TODAY - timedelta(days=8), USUAL + BAD)
    assert not await tell_alarm(stage.platform, stage.norte.tenant_id)
    assert (await alarm_of(stage))["told_days"] == 8
    await later(stage, hours=6)
    assert [event.data["state"] for event in await told(stage)] == ["worse"]


async def test_the_day_under_way_does_not_count(stage: Stage) -> None:
    """By noon those kept are known, and none of those that will be late."""
    await keep_days(stage, TODAY - timedelta(days=9), (*USUAL, 7, 1, 0))
    await tell_alarm(stage.platform, stage.norte.tenant_id)
    alarm = await alarm_of(stage)
    assert (alarm["told_days"], alarm["days"][-1]["date"]) == (
        9,
        (TODAY - timedelta(days=1)).isoformat(),
    )
