"""kill -9 of server and database at seeded moments of a working morning, over HTTP.

Two shops place orders and a driver works through the route; each repeats what was not answered
under the same key or id, as a real integration and a real phone do. Whatever was answered must be
there at the end, and nothing may be there twice.

Three kills by default; `PROMESA_KILLS=20` (`just kill`) for the whole promise.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import httpx

from promesa.kernel.clock import SystemClock, pause_s, stopwatch_s
from promesa.kernel.ids import derived_id
from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import ServiceDay
from promesa.simulator.checks import Log, check_log
from promesa.simulator.pictures import draw_photo
from tests.support.operation import CENTER, PASSWORD
from tests.support.server_process import EMAIL, ServerProcess, server_process

KILLS = int(os.environ.get("PROMESA_KILLS", "3"))
SEED = 7
STOPS = 24
# A kill comes after so many answers more, and a moment later: in the middle of a request.
ANSWERS_MIN, ANSWERS_MAX = 5, 60
MOMENT_MAX_S = 0.05
# What was committed is numbered within a second, when the machine is not busy with else.
NUMBERED_LIMIT_S = 60.0
RETRY_S = 0.05
# The server's clock is the real one, and these tests run at any hour: also at a quarter to twelve.
AFTER_MIDNIGHT = timedelta(hours=4)
FEED_PAGE = 1000
# At day's end only: this morning is cut off before the vans are back and the promises closed.
NOT_YET = frozenset(
    {"promises_have_a_fate", "orders_on_the_road_come_to_an_end", "started_stops_close"}
)


@dataclass(slots=True, kw_only=True)
class Answered:
    """What the platform said it has."""

    orders: dict[str, str] = field(default_factory=dict)
    events: set[UUID] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        """All answers together."""
        return len(self.orders) + len(self.events) + len(self.pictures)


@dataclass(slots=True, kw_only=True)
class Work:
    """Somebody's way to a server that dies now and then."""

    server: ServerProcess
    answered: Answered
    over: asyncio.Event = field(default_factory=asyncio.Event)
    repeated: int = 0

    async def insist(self, ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response | None:
        """Asks until there is an answer; None when the morning is over."""
        while not self.over.is_set():
            try:
                answer = await ask()
            except httpx.HTTPError:
                self.repeated += 1
            else:
                if answer.status_code < 500:
                    return answer
                assert answer.status_code == 503, answer.text
                self.repeated += 1
            await pause_s(RETRY_S)
        return None


async def place_orders(work: Work, client: httpx.AsyncClient, name: str) -> None:
    """Places one order after another, each under a key of its own."""
    number = 0
    while not work.over.is_set():
        number += 1
        reference = f"{name}-{number}"
        body = new_order(reference, number)
        headers = {"idempotency-key": reference}

        answer = await work.insist(partial(client.post, "/v1/orders", json=body, headers=headers))
        if answer is not None:
            assert answer.status_code == 201, answer.text
            work.answered.orders[reference] = answer.json()["id"]


def new_order(reference: str, number: int) -> dict[str, Any]:
    day = ServiceDay.of(SystemClock().now())
    window = {"start": day.start.isoformat(), "end": (day.end + AFTER_MIDNIGHT).isoformat()}
    return {
        "reference": reference,
        "date": day.date.isoformat(),
        "windows": [window],
        "recipient": {"name": f"Rosa {reference}"},
        "address": f"Suecia {number}",
        "position": [CENTER[0] + 0.0005 * (number % 40), CENTER[1] + 0.001],
        "parcels": [{"barcode": f"{reference}-1"}],
    }


async def drive(work: Work, client: httpx.AsyncClient) -> None:
    """Loads, visits stop after stop, then rests and goes on until the morning is over."""
    shown = await work.insist(lambda: client.get("/v1/driver/route"))
    if shown is None:
        return
    stops = shown.json()["stops"]
    for stop in stops:
        for parcel in stop["parcels"]:
            await tell(work, client, "parcel.loaded", parcel["barcode"], barcode=parcel["barcode"])
    await tell(work, client, "route.loaded")
    await tell(work, client, "route.started")
    for stop in stops:
        await visit(work, client, stop)
    turn = 0
    while not work.over.is_set():
        turn += 1
        await tell(work, client, "route.paused", turn)
        await tell(work, client, "route.resumed", turn)


async def visit(work: Work, client: httpx.AsyncClient, stop: dict[str, Any]) -> None:
    """Drives there, takes a photo, hands over."""
    at = {"stop_id": stop["stop_id"], "position": stop["position"]}
    await tell(work, client, "stop.started", stop["stop_id"], stop_id=stop["stop_id"])
    await tell(work, client, "stop.arrived", stop["stop_id"], **at)
    picture_id = str(derived_id("kill photo", stop["stop_id"]))
    fields = {
        "stop_id": stop["stop_id"],
        "kind": "photo",
        "captured_at": SystemClock().now().isoformat(),
    }
    photo = draw_photo(stop["reference"])

    async def ask() -> httpx.Response:
        files = {"file": ("foto.jpg", photo, "image/jpeg")}
        return await client.put(f"/v1/driver/evidence/{picture_id}", data=fields, files=files)

    answer = await work.insist(ask)
    if answer is not None:
        assert answer.is_success, answer.text
        work.answered.pictures.add(picture_id)
    closing: dict[str, Any] = {
        "outcome": "succeeded",
        "receiver": {},
        "evidence": [{"id": picture_id, "kind": "photo"}],
    }
    await tell(work, client, "stop.closed", stop["stop_id"], **at, **closing)


async def tell(
    work: Work, client: httpx.AsyncClient, kind: str, name: object = "", **content: Any
) -> None:
    """Tells one event until it is answered, always under the same id."""
    event_id = derived_id("kill", kind, name)
    told = {
        "id": str(event_id),
        "type": kind,
        "occurred_at": SystemClock().now().isoformat(),
        **content,
    }
    answer = await work.insist(lambda: client.post("/v1/driver/events", json={"events": [told]}))
    if answer is not None:
        (result,) = answer.json()["results"]
        assert result["status"] in {"accepted", "duplicate"}, result
        work.answered.events.add(event_id)


async def found_morning(office: httpx.AsyncClient) -> tuple[list[str], str]:
    """Two shops, a van, its driver and a published route; keys of the shops, the phone's cookie."""
    shops = [
        await post(office, "/v1/merchants", {"code": code, "name": code}) for code in ("A", "B")
    ]
    keys = [
        str((await post(office, f"/v1/merchants/{shop['id']}/api-keys"))["key"]) for shop in shops
    ]
    depot = await post(
        office, "/v1/depots", {"code": "CD", "name": "Centro", "position": list(CENTER)}
    )
    capacity = {"parcels": 500, "weight_g": 10**9, "volume_ml": 10**9}
    van = await post(
        office,
        "/v1/vehicles",
        {"code": "V", "plate": "BCDF11", "depot_id": depot["id"], "capacity": capacity},
    )
    driver = await post(office, "/v1/drivers", {"code": "C", "name": "Dora"})
    day = ServiceDay.of(SystemClock().now())
    shift = {
        "date": day.date.isoformat(),
        "driver_id": driver["id"],
        "vehicle_id": van["id"],
        "depot_id": depot["id"],
        "start": day.start.isoformat(),
        "end": (day.end + AFTER_MIDNIGHT).isoformat(),
    }
    (await office.put(f"/v1/shifts/{derived_id('kill shift')}", json=shift)).raise_for_status()
    rows = [
        new_order(f"RUTA-{number}", number) | {"merchant_id": shops[0]["id"]}
        for number in range(1, STOPS + 1)
    ]
    (await office.put("/v1/orders", json={"orders": rows})).raise_for_status()
    plan = await post(office, "/v1/plans", {"date": day.date.isoformat(), "iterations": 200})
    while True:
        state = (await office.get(f"/v1/plans/{plan['id']}")).json()["summary"]["state"]
        if state == "ready":
            break
        assert state != "failed"
        await pause_s(0.1)
    await post(office, f"/v1/plans/{plan['id']}/publish")
    link = await post(office, f"/v1/drivers/{driver['id']}/sign-in-link")
    token = str(link["url"]).partition("#")[2]
    answer = await office.post("/v1/driver/session", json={"token": token})
    return keys, str(answer.cookies["promesa_driver"])


async def post(client: httpx.AsyncClient, path: str, body: Any = None) -> Any:
    answer = await client.post(path, json=body)
    assert answer.is_success, (path, answer.text)
    return answer.json()


async def kill_again_and_again(work: Work) -> list[float]:
    """Kills at the seeded moments; returns how long each start after it took."""
    moments, starts = stream(SEED, "kills"), []
    for _ in range(KILLS):
        goal = work.answered.count + moments.randrange(ANSWERS_MIN, ANSWERS_MAX)
        while work.answered.count < goal:
            await pause_s(0)
        await pause_s(moments.uniform(0, MOMENT_MAX_S))
        await asyncio.to_thread(work.server.kill)
        starts.append(await asyncio.to_thread(work.server.start))
    goal = work.answered.count + ANSWERS_MIN
    while work.answered.count < goal:
        await pause_s(0)
    return starts


async def numbered_log(office: httpx.AsyncClient, answered: Answered) -> list[dict[str, Any]]:
    """The log once what was answered is numbered; what is lost is never waited for to no end."""
    ends_s = stopwatch_s() + NUMBERED_LIMIT_S
    while True:
        events = await read_log(office)
        known = {UUID(event["id"]) for event in events}
        if answered.events <= known or stopwatch_s() > ends_s:
            return events
        await pause_s(RETRY_S)


async def read_log(office: httpx.AsyncClient) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    while True:
        after = events[-1]["number"] if events else 0
        page = await office.get("/v1/events", params={"after": after, "limit": FEED_PAGE})
        items = page.json()["items"]
        if not items:
            return events
        events += items


async def test_what_was_answered_survives_and_nothing_is_there_twice() -> None:
    began_s = stopwatch_s()
    with server_process() as server:
        answered = Answered()
        async with httpx.AsyncClient(base_url=server.url, timeout=30) as office:
            await post(office, "/v1/session", {"email": EMAIL, "password": PASSWORD})
            keys, phone = await found_morning(office)
            work = Work(server=server, answered=answered)
            starts = await _work_and_kill(work, keys, phone)
            events = await numbered_log(office, answered)
            listed = await _orders_of(office)
            pictures = [
                (await office.get(f"/v1/evidence/{picture_id}")).status_code
                for picture_id in sorted(answered.pictures)
            ]
        await _keys_still_answer(server, keys[0], answered)
    sys.stdout.write(
        f"\n{KILLS} kills in {stopwatch_s() - began_s:.0f} s, longest restart {max(starts):.1f} s; "
        f"{len(answered.orders)} orders, {len(answered.events)} phone events, "
        f"{len(answered.pictures)} pictures answered; {work.repeated} repetitions; "
        f"{len(events)} events in the log\n"
    )
    assert work.repeated >= KILLS, "each kill cut somebody short"
    assert len(answered.orders) > KILLS
    assert len(answered.events) > KILLS
    log = Log(events=events, acknowledged=frozenset(answered.events))
    assert [item for item in check_log(log) if item["invariant"] not in NOT_YET] == []
    references = [order["reference"] for order in listed]
    assert len(references) == len(set(references)), "no order is there twice"
    assert answered.orders.items() <= {o["reference"]: o["id"] for o in listed}.items()
    assert set(pictures) <= {200}


async def _work_and_kill(work: Work, keys: list[str], phone: str) -> list[float]:
    headers = [{"authorization": f"Bearer {key}"} for key in keys]
    headers.append({"cookie": f"promesa_driver={phone}"})
    clients = [
        httpx.AsyncClient(base_url=work.server.url, headers=who, timeout=30) for who in headers
    ]
    working = asyncio.gather(
        place_orders(work, clients[0], "A"),
        place_orders(work, clients[1], "B"),
        drive(work, clients[2]),
    )
    starts = await kill_again_and_again(work)
    work.over.set()
    await working
    for client in clients:
        await client.aclose()
    return starts


async def _orders_of(office: httpx.AsyncClient) -> list[dict[str, Any]]:
    orders: list[dict[str, Any]] = []
    query: dict[str, str] = {"limit": "200"}
    while True:
        page = (await office.get("/v1/orders", params=query)).json()
        orders += page["items"]
        if page["next_cursor"] is None:
            return orders
        query["cursor"] = page["next_cursor"]


async def _keys_still_answer(server: ServerProcess, key: str, answered: Answered) -> None:
    """The answer of a key is remembered over all the deaths."""
    headers = {"authorization": f"Bearer {key}", "idempotency-key": "A-1"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=30) as shop:
        again = await shop.post("/v1/orders", json=new_order("A-1", 1))
    assert again.json()["id"] == answered.orders["A-1"]
    assert again.headers["idempotent-replayed"] == "true"
