"""The stream and the feed: whoever resumes after N gets every later fact, and each once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from promesa.api import streams
from promesa.kernel.ids import derived_id
from promesa.runtime import access
from promesa.runtime.platform import Caller
from tests.support.client import body_of, streaming
from tests.support.platform import Stage


async def record(stage: Stage, *names: str) -> None:
    """Facts of norte, committed together and numbered."""
    tenant_id = stage.norte.tenant_id
    caller = Caller(actor=access.system_actor(tenant_id))
    async with stage.platform.transaction(tenant_id) as tx:
        for name in names:
            subject = ("depot", derived_id(name))
            await stage.platform.record(tx, caller, "fleet.changed", subject=subject)
    await stage.platform.pump.settle()


async def last_number(stage: Stage) -> int:
    async with stage.platform.database.transaction(stage.norte.tenant_id) as tx:
        return await tx.cursors.last_number()


async def test_resuming_after_n_replays_what_was_missed_and_goes_on_live(stage: Stage) -> None:
    await record(stage, "one")
    seen = await last_number(stage)
    await record(stage, "two", "three")
    headers = stage.norte.session() | {"last-event-id": str(seen)}
    async with streaming(stage.app, "/v1/stream", headers) as stream:
        replayed = [await stream.number(), await stream.number()]
        await record(stage, "four")
        live = await stream.number()
    feed = await feed_after(stage, seen)
    assert [*replayed, live] == [item["number"] for item in feed["items"]]
    assert len({*replayed, live}) == 3


async def test_a_number_that_was_never_given_is_told_to_reload_and_then_hears_all(
    stage: Stage,
) -> None:
    """As a browser that was open while an older backup was put back, or that makes one up."""
    for unknown in (str(await last_number(stage) + 1_000), "9" * 20, "9" * 5_000):
        headers = stage.norte.session() | {"last-event-id": unknown}
        async with streaming(stage.app, "/v1/stream", headers) as stream:
            while not (await stream.frame()).startswith("event: reload"):
                pass
            await record(stage, f"after {len(unknown)}")
            assert await stream.number() == await last_number(stage)


async def feed_after(stage: Stage, after: int) -> Any:
    async with stage.client(stage.norte.session()) as client:
        return body_of(await client.get("/v1/events", params={"after": after}))


async def test_a_transaction_that_commits_late_is_skipped_by_nobody(stage: Stage) -> None:
    """The first writer begins first and commits last: its fact gets the later number."""
    tenant_id, platform = stage.norte.tenant_id, stage.platform
    caller = Caller(actor=access.system_actor(tenant_id))
    seen = await last_number(stage)
    headers = stage.norte.session() | {"last-event-id": str(seen)}
    async with streaming(stage.app, "/v1/stream", headers) as stream:
        async with platform.transaction(tenant_id) as slow:
            subject = ("depot", derived_id("slow"))
            late = await platform.record(slow, caller, "fleet.changed", subject=subject)
            await record(stage, "quick")
            first = await stream.number()
        await platform.pump.settle()
        second = await stream.number()
    items = (await feed_after(stage, first))["items"]
    assert first < second
    assert [item["id"] for item in items] == [str(late.id)]


async def test_sur_never_hears_of_norte(stage: Stage) -> None:
    headers = stage.sur.session() | {"last-event-id": "0"}
    async with streaming(stage.app, "/v1/stream", headers) as stream:
        await record(stage, "secret")
        async with stage.client(stage.sur.session()) as client:
            mine = body_of(await client.get("/v1/events", params={"limit": 1000}))["items"]
        heard = [await stream.number() for _ in mine]
        with pytest.raises(TimeoutError):
            await stream.frame(0.3)
    assert heard == [item["number"] for item in mine]


async def test_a_quiet_stream_beats(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.05)
    async with streaming(stage.app, "/v1/stream", stage.norte.session()) as stream:
        assert await stream.frame() == "retry: 2000"
        assert await stream.frame() == ": ping"


async def test_closing_the_platform_ends_open_streams(stage: Stage) -> None:
    async with streaming(stage.app, "/v1/stream", stage.norte.session()) as stream:
        await stream.frame()
        assert stage.platform.hub.listeners_count == 1
        stage.platform.hub.close()
        for _ in range(50):
            await asyncio.wait_for(asyncio.to_thread(lambda: None), 1)
        assert stage.platform.hub.listeners_count == 0


async def test_a_recipients_page_hears_of_its_own_order_alone(stage: Stage) -> None:
    ours = stage.norte.tracking["B3"]
    path = f"/v1/track/{ours}/stream"
    await stage.platform.pump.settle()  # The morning is told; from here on it is news.
    async with streaming(stage.app, path, {}) as stream:
        await stream.frame()
        await cancel(stage, "A4")
        with pytest.raises(TimeoutError):
            await stream.frame(0.3)
        await cancel(stage, "B3")
        frame = await stream.frame()
    assert frame.startswith("event: changed")


async def cancel(stage: Stage, reference: str) -> None:
    async with stage.client(stage.norte.session()) as office:
        path = f"/v1/orders/{stage.norte.orders[reference]}/cancel"
        body_of(await office.post(path, json={}))
    await stage.platform.pump.settle()


async def test_what_has_not_changed_is_not_sent_again(stage: Stage) -> None:
    paths = ("/v1/day", "/v1/day/stops", f"/v1/track/{stage.norte.tracking['A1']}")
    for path in paths:
        async with stage.client(stage.norte.session()) as client:
            first = await client.get(path)
            body_of(first)
            again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path


async def test_a_fact_changes_the_tag_of_the_day(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        before = (await office.get("/v1/day")).headers["etag"]
        path = f"/v1/routes/{stage.norte.ids['route_id']}/breakdown"
        body_of(await office.post(path, json={}))
        after = await office.get("/v1/day", headers={"if-none-match": before})
    assert after.status_code == 200


async def test_the_phone_asks_often_and_is_answered_short(stage: Stage) -> None:
    async with stage.client(stage.norte.phone()) as phone:
        first = await phone.get("/v1/driver/route")
        again = await phone.get(
            "/v1/driver/route", headers={"if-none-match": first.headers["etag"]}
        )
    assert (first.status_code, again.status_code) == (200, 304)
