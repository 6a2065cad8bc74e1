"""A dispatcher marks a street: vans drive around it until it is over or taken away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from promesa.kernel.geo import Position, between
from promesa.roads.speed_feed import FeedStaleError, FeedTraffic, FeedUnreadableError
from promesa.runtime.settings import TrafficSettings
from promesa.runtime.traffic_feed import FeedPoller, FeedUnavailableError
from promesa.runtime.traffic_run import refresh_traffic
from promesa.tracking.repository import Fix
from tests.support.client import body_of, problem_of
from tests.support.platform import Stage
from tests.support.vendors import Answer, Request, http_vendor, json_answer

# Across the centre of Santiago.
HERE = Position(lon=-70.662, lat=-33.448)
THERE = Position(lon=-70.640, lat=-33.440)


def street(stage: Stage) -> list[list[float]]:
    """A block in the middle of the fastest way, as somebody would draw it."""
    path = stage.platform.city.network.path(HERE, THERE, stage.clock.now())
    graph = stage.platform.city.network.graph
    inner = path.edges[len(path.edges) // 3 : -len(path.edges) // 3]
    edge = max(inner, key=lambda one: graph.segment_length_m[graph.edge_segment[one]])
    lons, lats = graph.points_of(edge)
    ends = Position(lon=lons[0], lat=lats[0]), Position(lon=lons[-1], lat=lats[-1])
    if len(lons) == 2:
        ends = between(*ends, 0.05), between(*ends, 0.95)
        return [[place.lon, place.lat] for place in ends]
    return [[float(lon), float(lat)] for lon, lat in zip(lons, lats, strict=True)]


def closure(stage: Stage, **more: Any) -> dict[str, Any]:
    end = (stage.clock.now() + timedelta(hours=3)).isoformat()
    return {"line": street(stage), "end": end, "reason": "Feria", "is_both_ways": False} | more


def way_s(stage: Stage) -> int:
    roads = stage.platform.traffic.of(stage.norte.tenant_id).roads
    return roads.path(HERE, THERE, stage.clock.now()).duration_s


async def test_vans_drive_around_a_closed_street_until_it_is_taken_away(stage: Stage) -> None:
    before_s = way_s(stage)
    async with stage.client(stage.norte.session()) as office:
        made = body_of(await office.post("/v1/traffic/marks", json=closure(stage)))
        assert way_s(stage) > before_s
        listed = body_of(await office.get("/v1/traffic/marks"))["items"]
        assert [item["id"] for item in listed] == [made["id"]]
        body_of(await office.delete(f"/v1/traffic/marks/{made['id']}"))
        body_of(await office.delete(f"/v1/traffic/marks/{made['id']}"))
        assert way_s(stage) == before_s
        assert body_of(await office.get("/v1/traffic/marks"))["items"] == []
        back = body_of(await office.post(f"/v1/traffic/marks/{made['id']}/restore"))
        assert back["is_removed"] is False
        assert way_s(stage) > before_s
    assert (made["speed_kph"], made["reason"], made["is_removed"]) == (None, "Feria", False)
    assert made["author"]
    assert made["streets"]["length_m"] > 0


async def test_a_slow_street_takes_longer(stage: Stage) -> None:
    before_s = way_s(stage)
    async with stage.client(stage.norte.session()) as office:
        slow = closure(stage, speed_kph=3)
        made = body_of(await office.post("/v1/traffic/marks", json=slow))
        seen = body_of(await office.get("/v1/traffic"))
    assert made["speed_kph"] == 3
    assert way_s(stage) > before_s
    assert {item["source"]: item["streets"] for item in seen["sources"]} == {"dispatcher": 1}


async def test_a_mark_ends_by_itself(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.post("/v1/traffic/marks", json=closure(stage)))
        stage.clock.move_to(stage.clock.now() + timedelta(hours=4))
        tenant_id = stage.norte.tenant_id
        await refresh_traffic(stage.platform, tenant_id)
        assert body_of(await office.get("/v1/traffic/marks"))["items"] == []
    assert stage.platform.traffic.of(tenant_id).roads.live.speeds == ()


async def test_the_street_under_a_click_is_shown_before_anything_is_kept(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        asked = {"line": [street(stage)[0]], "is_both_ways": True}
        found = body_of(await office.post("/v1/traffic/lines", json=asked))
        none = await office.post("/v1/traffic/lines", json={"line": [[-72.0, -33.0]]})
        assert body_of(await office.get("/v1/traffic/marks"))["items"] == []
    assert len(found["lines"]) == 1
    assert problem_of(none, 422)["code"] == "traffic_mark_without_street"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"speed_kph": 0.5}, "body_invalid"),
        ({"speed_kph": 200}, "body_invalid"),
        ({"reason": ""}, "body_invalid"),
        ({"line": []}, "body_invalid"),
        ({"line": [[-72.0, -33.0], [-72.0, -33.1]]}, "traffic_mark_without_street"),
        ({"end": "2020-01-01T00:00:00Z"}, "traffic_mark_invalid"),
        ({"end": "2036-01-01T00:00:00Z"}, "traffic_mark_invalid"),
    ],
)
async def test_a_mark_that_cannot_be_meant_is_refused(
    stage: Stage, fault: dict[str, Any], code: str
) -> None:
    async with stage.client(stage.norte.session()) as office:
        refused = await office.post("/v1/traffic/marks", json=closure(stage, **fault))
        assert problem_of(refused, 422)["code"] == code
        assert body_of(await office.get("/v1/traffic/marks"))["items"] == []


async def test_marks_are_of_one_operator(stage: Stage) -> None:
    async with (
        stage.client(stage.norte.session()) as ours,
        stage.client(stage.sur.session()) as theirs,
    ):
        made = body_of(await ours.post("/v1/traffic/marks", json=closure(stage)))
        assert body_of(await theirs.get("/v1/traffic/marks"))["items"] == []
        problem_of(await theirs.delete(f"/v1/traffic/marks/{made['id']}"), 404)
    sur = stage.platform.traffic.of(stage.sur.tenant_id)
    assert sur.roads.live.speeds == ()


async def test_the_fleets_own_positions_become_live_speeds(stage: Stage) -> None:
    tenant_id = stage.norte.tenant_id
    traffic, now = stage.platform.traffic.of(tenant_id), stage.clock.now()
    path = stage.platform.city.network.path(HERE, THERE, now)
    begin = now - timedelta(minutes=20)
    places = [
        between(a, b, step / 4)
        for a, b in zip(path.geometry, path.geometry[1:], strict=False)
        for step in range(4)
    ]
    step_s = 900 / len(places)
    traffic.note(
        Fix(
            id=UUID(int=number),
            driver_id=UUID(int=1),
            position=place,
            at=begin + timedelta(seconds=number * step_s),
        )
        for number, place in enumerate(places)
    )
    assert await refresh_traffic(stage.platform, tenant_id)
    told = {speed.edge for speed in traffic.roads.live.speeds}
    assert len(told & set(path.edges)) > len(path.edges) / 2
    assert {speed.source for speed in traffic.roads.live.speeds} == {"fleet"}
    stage.clock.move_to(now + timedelta(minutes=40))
    await refresh_traffic(stage.platform, tenant_id)
    assert traffic.roads.live.speeds == ()


def poller(stage: Stage, url: str, token: str = "") -> tuple[FeedPoller, FeedTraffic]:
    feed, platform = FeedTraffic("uoct"), stage.platform
    settings = TrafficSettings(feed_url=url, feed_name="uoct", feed_token=token)
    tools = platform.traffic.tools
    return FeedPoller(settings, feed, tools, platform.clock, platform.metrics), feed


async def test_a_feed_is_fetched_over_http_and_bad_rows_are_counted(stage: Stage) -> None:
    now = stage.clock.now()
    rows = [{"line": street(stage), "speed_kph": 9}, {"line": street(stage), "speed_kph": 900}]

    def answer(request: Request) -> Answer:
        assert request.headers["authorization"] == "Bearer secreto"
        return json_answer(200, {"generated_at": now.isoformat(), "segments": rows})

    with http_vendor(answer) as vendor:
        client, feed = poller(stage, f"{vendor.url}/speeds.json", "secreto")
        report = await client.poll()
    assert (report.rows, report.refused) == (2, {"malformed": 1})
    assert [speed.speed_kph for speed in feed.speeds(now)] == [9]
    counted = stage.platform.metrics.feed_rows.labels("malformed")
    assert counted._value.get() == 1


async def test_a_feed_that_fails_leaves_the_last_answer_until_it_is_old(stage: Stage) -> None:
    now = stage.clock.now()
    good = {"generated_at": now.isoformat(), "segments": [{"line": street(stage), "closed": True}]}
    answers = [
        json_answer(200, good),
        json_answer(503, {}),
        (200, {}, b"<html>"),
        json_answer(200, good | {"generated_at": (now - timedelta(hours=1)).isoformat()}),
    ]
    with http_vendor(lambda _: answers.pop(0)) as vendor:
        client, feed = poller(stage, vendor.url)
        await client.poll()
        for error in (FeedUnavailableError, FeedUnreadableError, FeedStaleError):
            with pytest.raises(error):
                await client.poll()
    assert len(feed.speeds(now)) == 1
    assert feed.speeds(now + timedelta(minutes=16)) == ()


async def test_a_feed_that_nobody_serves_is_unavailable(stage: Stage) -> None:
    client, feed = poller(stage, "http://127.0.0.1:9")
    with pytest.raises(FeedUnavailableError):
        await client.poll()
    assert feed.report is None
