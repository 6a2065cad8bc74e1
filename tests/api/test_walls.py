"""Walls between operators, merchants and roles: generated from the routes, none is forgotten.

Two operators, norte and sur, live in one database. Whoever asks for what is not theirs gets the
very answer that an id of nobody gets.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from promesa.api.auth import PUBLIC
from promesa.domain.actor import GRANTS, Permission, Role
from tests.support.calls import Route, content_of, list_routes, nobodys, path_values
from tests.support.client import body_of, problem_of
from tests.support.operation import TODAY, Operation
from tests.support.platform import Stage

CROSS_SITE = ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"})
# Their callers are machines with a secret in the content, never a browser with a cookie.
WITHOUT_COOKIES = frozenset({"POST /v1/positions/traccar", "POST /v1/positions/osmand"})
# Parameters that are words of ours and nobody's: an indicator, a form of table.
WORDS = frozenset({"key", "kind"})
# The id is the caller's own: the same one in another operator's hands makes or ends nothing there.
IDS_OF_THE_CALLER = frozenset(
    {
        "PUT /v1/shifts/{shift_id}",
        "DELETE /v1/shifts/{shift_id}",
        "PUT /v1/driver/evidence/{evidence_id}",
    }
)
# What the morning's people are called, where they live, how they are reached.
PERSONAL = ("Rosa", "Dora", "Suecia 100", "Suecia 200", "11111111-1", "81112233", "correo.test")
# What they show is people, whatever else a role may read.
ABOUT_PEOPLE = frozenset({"GET /v1/evidence/{evidence_id}", "GET /v1/orders/{order_id}/proof.pdf"})
TORRE = (
    Role.ADMINISTRATOR,
    Role.PLANNER,
    Role.DISPATCHER,
    Role.WAREHOUSE,
    Role.READER,
)


def headers_of(operation: Operation, role: Role) -> dict[str, str]:
    if role is Role.MERCHANT:
        return operation.shop()
    return operation.phone() if role is Role.DRIVER else operation.session(role)


def actor_for(operation: Operation, route: Route) -> dict[str, str]:
    """Somebody of the operation who may do it."""
    is_drivers = route.access in {Permission.DRIVE, Permission.REPORT_POSITION}
    return headers_of(operation, Role.DRIVER if is_drivers else Role.ADMINISTRATOR)


async def call(
    client: httpx.AsyncClient, route: Route, values: dict[str, str], content: dict[str, Any]
) -> httpx.Response:
    return await client.request(route.method, route.path(values), **content)


def guarded(stage: Stage) -> list[Route]:
    """Routes that want to know who asks; streams never end, so they are asked elsewhere."""
    return [
        route
        for route in list_routes()
        if route.access != PUBLIC and route.template != "/v1/stream"
    ]


async def test_every_route_says_who_may_use_it(stage: Stage) -> None:
    silent = [
        route.name
        for route in list_routes()
        if route.access != PUBLIC and not isinstance(route.access, Permission)
    ]
    assert silent == []


async def test_nobody_signed_in_gets_nothing(stage: Stage) -> None:
    values = path_values(stage.norte)
    async with stage.client() as stranger:
        for route in guarded(stage):
            answer = await call(stranger, route, values, content_of(route, stage.norte))
            assert problem_of(answer, 401)["code"] == "not_signed_in", route.name


async def test_who_is_refused_is_not_listened_to(stage: Stage) -> None:
    """Nothing of the content is read, neither a stranger's nor that of a role without the right."""
    values, listened = path_values(stage.norte), []

    async def ask(route: Route, headers: dict[str, str], status: int) -> None:
        async def content() -> AsyncIterator[bytes]:
            listened.append(route.name)
            yield b"{}"

        async with stage.client(headers) as client:
            problem_of(await call(client, route, values, {"content": content()}), status)

    for route in guarded(stage):
        if route.is_safe:
            continue
        await ask(route, {}, 401)
        # The torre's cookie counts for nothing under the phones' path: nobody is signed in there.
        is_phones = route.template.startswith("/v1/driver/")
        if route.access not in GRANTS[Role.READER] and not is_phones:
            await ask(route, stage.norte.session(Role.READER), 403)
    assert listened == []
    await ask(_route("POST /v1/depots"), stage.norte.session(), 422)
    assert listened == ["POST /v1/depots"]


@pytest.mark.parametrize("role", [*TORRE, Role.MERCHANT, Role.DRIVER])
async def test_a_role_can_do_what_it_is_granted_and_nothing_else(stage: Stage, role: Role) -> None:
    values = nobodys(path_values(stage.norte))
    wrong = []
    async with stage.client(headers_of(stage.norte, role)) as client:
        for route in guarded(stage):
            is_drivers_path = route.template.startswith("/v1/driver/")
            if is_drivers_path is not (role is Role.DRIVER) and role is not Role.MERCHANT:
                continue  # The other cookie counts on that path: nobody is signed in.
            answer = await call(client, route, values, {})
            is_blind = role is Role.READER and route.name in ABOUT_PEOPLE
            is_granted = route.access in GRANTS[role] and not is_blind
            is_refused = answer.status_code in {401, 403}
            if is_refused is is_granted or answer.status_code >= 500:
                wrong.append((route.name, answer.status_code))
    assert wrong == []


async def test_another_operators_ids_are_nobodys_ids(stage: Stage) -> None:
    """Sur uses norte's ids, with a content that would do in sur's own hands."""
    theirs, wrong = path_values(stage.norte), []
    before = await state_of(stage, stage.norte)
    for route in guarded(stage):
        if not set(route.parameters) - WORDS or route.name in IDS_OF_THE_CALLER:
            continue
        async with stage.client(actor_for(stage.sur, route)) as client:
            content = content_of(route, stage.sur)
            answer = await call(client, route, theirs, content)
            nothing = await call(client, route, nobodys(theirs), content)
        seen = [item.json() for item in (answer, nothing) if item.content]
        for problem in seen:
            problem.pop("request_id", None)
        if answer.status_code != 404 or seen[0] != seen[-1]:
            wrong.append((route.name, answer.status_code, seen))
    assert wrong == []
    assert await state_of(stage, stage.norte) == before


async def test_an_id_of_ones_own_choice_touches_nothing_of_another_operator(stage: Stage) -> None:
    before = await state_of(stage, stage.norte)
    for route in guarded(stage):
        if route.name not in IDS_OF_THE_CALLER:
            continue
        async with stage.client(actor_for(stage.sur, route)) as client:
            answer = await call(
                client, route, path_values(stage.norte), content_of(route, stage.sur)
            )
        assert answer.status_code < 500, route.name
    assert await state_of(stage, stage.norte) == before


async def test_another_operators_ids_inside_a_content_do_nothing(stage: Stage) -> None:
    """Sur's own path, norte's ids in the body: refused, or a batch that took nothing."""
    before = await state_of(stage, stage.norte)
    wrong = []
    for route in guarded(stage):
        content = content_of(route, stage.norte)
        if not _holds_ids(content, stage.norte):
            continue
        async with stage.client(actor_for(stage.sur, route)) as client:
            answer = await call(client, route, path_values(stage.sur), content)
        if not (answer.status_code in {404, 409, 422} or _took_nothing(answer)):
            wrong.append((route.name, answer.status_code, answer.text[:300]))
    assert wrong == []
    assert await state_of(stage, stage.norte) == before


def _holds_ids(content: dict[str, Any], operation: Operation) -> bool:
    known = {*operation.ids.values(), *operation.orders.values()}
    known |= {shop.id for shop in operation.shops} | {d.route_id for d in operation.drivers}
    text = str({name: part for name, part in content.items() if name != "files"})
    return any(known_id in text for known_id in known)


def _took_nothing(answer: httpx.Response) -> bool:
    told = answer.json()
    refused = [item["status"] for item in told.get("results", [])]
    is_refused = bool(refused) and set(refused) == {"refused"}
    return is_refused or told.get("accepted") in (0, [])


@pytest.mark.parametrize("name", ["merchant_id", "import_id", "order_id"])
async def test_a_filter_by_another_operators_id_finds_nothing(stage: Stage, name: str) -> None:
    listed = {"merchant_id": "orders", "import_id": "orders", "order_id": "messages"}[name]
    async with stage.client(stage.sur.session()) as client:
        page = body_of(await client.get(f"/v1/{listed}", params={name: stage.norte.ids[name]}))
    assert page["items"] == []


async def test_another_merchants_things_are_nobodys(stage: Stage) -> None:
    """Shop B asks for what is shop A's, on every route a merchant may use."""
    values = path_values(stage.norte)
    delivered = stage.norte.reference_of(values["delivered_order_id"])
    stranger = 1 if delivered.startswith("A") else 0
    owner = stage.norte.shops[1 - stranger]
    values |= {"order_id": values["delivered_order_id"], "import_id": owner.import_id}
    wrong = []
    async with stage.client(stage.norte.shop(stranger)) as client:
        for route in guarded(stage):
            if route.access not in GRANTS[Role.MERCHANT] or not set(route.parameters) - WORDS:
                continue
            answer = await call(client, route, values, content_of(route, stage.norte))
            if answer.status_code != 404:
                wrong.append((route.name, answer.status_code, answer.text[:200]))
    assert wrong == []


async def test_a_merchant_lists_and_places_only_its_own(stage: Stage) -> None:
    ours, theirs = stage.norte.shops
    async with stage.client(stage.norte.shop(0)) as client:
        mine = body_of(await client.get("/v1/orders"))["items"]
        asked = body_of(await client.get("/v1/orders", params={"merchant_id": theirs.id}))
        imports = body_of(await client.get("/v1/imports"))["items"]
        body = {"reference": "ROBO", "merchant_id": theirs.id, "address": "Suecia 1"}
        placed = await client.post("/v1/orders", json=body)
    assert {order["merchant"]["id"] for order in mine} == {ours.id}
    assert {order["merchant"]["id"] for order in asked["items"]} <= {ours.id}
    assert [item["id"] for item in imports] == [ours.import_id]
    assert placed.status_code in {403, 404, 422}


async def test_a_driver_does_nothing_at_another_drivers_stop(stage: Stage) -> None:
    mine, yours = stage.norte.drivers
    content = content_of(_route("PUT /v1/driver/evidence/{evidence_id}"), stage.norte)
    stop = {"stop_id": yours.stop_ids[0]}
    told = {
        "id": mine.id,
        "type": "stop.arrived",
        "occurred_at": "2026-11-23T09:56:00-03:00",
        **stop,
    }
    async with stage.client(stage.norte.phone(0)) as phone:
        picture = await phone.put(
            f"/v1/driver/evidence/{mine.id}", data=content["data"] | stop, files=content["files"]
        )
        results = body_of(await phone.post("/v1/driver/events", json={"events": [told]}))
    assert picture.status_code == 404
    assert [result["status"] for result in results["results"]] == ["refused"]


@pytest.mark.parametrize("headers", CROSS_SITE)
async def test_another_site_cannot_act_with_a_visitors_cookie(
    stage: Stage, headers: dict[str, str]
) -> None:
    """Also not where nobody has to be signed in: signing somebody in or out is an act."""
    values = path_values(stage.norte)
    for route in list_routes():
        if route.is_safe or route.name in WITHOUT_COOKIES:
            continue
        async with stage.client(actor_for(stage.norte, route) | headers) as browser:
            answer = await call(browser, route, values, content_of(route, stage.norte))
        assert problem_of(answer, 403)["code"] == "cross_site", route.name


async def test_a_link_that_ended_opens_nothing(stage: Stage) -> None:
    values = path_values(stage.norte) | {"token": "never-was-a-link-of-ours"}
    async with stage.client() as visitor:
        for route in list_routes():
            if "token" in route.parameters:
                answer = await call(visitor, route, values, content_of(route, stage.norte))
                assert problem_of(answer, 404)["code"] == "link_ended", route.name


async def test_a_revoked_key_and_a_switched_off_person_are_out_at_once(stage: Stage) -> None:
    shop = stage.norte.shops[0]
    async with stage.client(stage.norte.session()) as office:
        path = f"/v1/merchants/{shop.id}/api-keys/{shop.key_id}"
        assert (await office.delete(path)).status_code == 204
        users = body_of(await office.get("/v1/users"))["items"]
        reader = next(user for user in users if user["role"] == Role.READER.value)
        body_of(await office.patch(f"/v1/users/{reader['id']}", json={"is_active": False}))
    for headers in (stage.norte.shop(0), stage.norte.session(Role.READER)):
        async with stage.client(headers) as client:
            problem_of(await client.get("/v1/orders"), 401)


async def test_who_may_not_read_people_reads_none(stage: Stage) -> None:
    """Names, phones and doors of recipients and drivers are not for everybody who looks."""
    told = []
    async with stage.client(stage.norte.session(Role.READER)) as reader:
        for route in guarded(stage):
            if route.is_safe:
                content = content_of(route, stage.norte)
                answer = await call(reader, route, path_values(stage.norte), content)
                names = [word for word in PERSONAL if word in answer.text]
                told += [(route.name, word) for word in names]
        for path in ("/v1/messages", f"/v1/evidence/{stage.norte.ids['evidence_id']}"):
            problem_of(await reader.get(path), 403)
    assert told == []


def _route(name: str) -> Route:
    return next(route for route in list_routes() if route.name == name)


async def state_of(stage: Stage, operation: Operation) -> Any:
    """What an operator can read of itself: its log, shifts, users, webhooks, evidence."""
    async with stage.platform.database.transaction(operation.tenant_id) as tx:
        log = await tx.events.list_between(stage.clock.now().replace(hour=0), _late(stage))
        shifts = await tx.fleet.list_shifts(TODAY)
        users = await tx.access.list_users()
        hooks = await tx.outbox.list_endpoints()
        proof = await tx.proofs.get(UUID(operation.ids["evidence_id"]))
    return [event.id for event in log], shifts, users, hooks, proof


def _late(stage: Stage) -> Any:
    return stage.clock.now().replace(hour=23)


async def test_an_ended_key_stays_listed_with_the_hour_it_ended(stage: Stage) -> None:
    shop = stage.norte.shops[0]
    keys = f"/v1/merchants/{shop.id}/api-keys"
    async with stage.client(stage.norte.session(Role.ADMINISTRATOR)) as office:
        made = body_of(await office.post(keys))
        body_of(await office.delete(f"{keys}/{made['id']}"))
        listed = {key["id"]: key for key in body_of(await office.get(keys))["items"]}
    assert made["revoked_at"] is None
    assert listed[made["id"]]["is_active"] is False
    assert listed[made["id"]]["revoked_at"] == stage.clock.now().isoformat().replace("+00:00", "Z")
