"""The description of the API, believed literally: whatever it allows is answered, never a 5xx.

Schemathesis draws contents from /schema/openapi.json; ids are then replaced by ids that exist, as
far as a name says what it is the id of. Each role sends all of them over ASGI.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.core.result import Ok

from promesa.domain.actor import Role
from tests.support.calls import content_of, good_values, list_routes, path_values
from tests.support.operation import TODAY, Operation
from tests.support.platform import Stage

EXAMPLES = 6
REACHED_MIN = 0.8
# They never end: tests/api/test_live.py listens to them.
STREAMS: Final = frozenset({"GET /v1/stream", "GET /v1/track/{token}/stream"})
# Reading first, then changing, then ending; signing out is the end of everything.
_TURN = {"GET": 0, "PUT": 1, "PATCH": 1, "POST": 1, "DELETE": 2}
_LAST = ("DELETE /v1/session",)
NOWHERE = "http://127.0.0.1:9/"
ROLES = (
    Role.ADMINISTRATOR,
    Role.PLANNER,
    Role.DISPATCHER,
    Role.WAREHOUSE,
    Role.READER,
    Role.MERCHANT,
    Role.DRIVER,
)

Drawn = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """Contents of every operation, the same in every run."""
    return {}


async def draw_once(drawn: Drawn, stage: Stage) -> Drawn:
    if not drawn:
        async with stage.client() as visitor:
            description = (await visitor.get("/schema/openapi.json")).json()
        drawn |= draw(description)
    return drawn


def draw(description: dict[str, Any]) -> Drawn:
    """Examples by operation, as httpx takes them but for the path."""
    schema = schemathesis.openapi.from_dict(description)
    found: Drawn = {}
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        name = f"{operation.method.upper()} {operation.path}"
        if name not in STREAMS:
            found[name] = list(examples_of(operation))
    return found


def examples_of(operation: Any) -> Iterator[dict[str, Any]]:
    """A few contents that the description allows."""
    made: list[dict[str, Any]] = []

    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy())
    def collect(case: Any) -> None:
        made.append(content_of_case(case))

    collect()
    yield from made


def content_of_case(case: Any) -> dict[str, Any]:
    content: dict[str, Any] = {"path_parameters": dict(case.path_parameters or {})}
    if case.query:
        content["params"] = {key: _text(value) for key, value in dict(case.query).items()}
    if "multipart" in str(case.media_type):
        body = case.body if isinstance(case.body, dict) else {}
        content["data"] = {key: _text(value) for key, value in body.items() if key != "file"}
        file = body.get("file", b"")
        content["files"] = {"file": ("f", file if isinstance(file, bytes) else _text(file))}
    elif case.media_type is not None:
        body = case.body
        content["content"] = body if isinstance(body, bytes) else _encoded(body)
        content["headers"] = {"content-type": "application/json"}
    return content


def _encoded(body: Any) -> bytes:
    try:
        return json.dumps(body, default=str).encode()
    except (TypeError, ValueError, UnicodeEncodeError):
        return b""


def _text(value: Any) -> Any:
    """As a form or a query writes it; what is nested, as JSON."""
    if isinstance(value, list):
        return [_written(item) for item in value]
    return _written(value)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def with_ids(value: Any, known: dict[str, Any]) -> Any:
    """The content with whatever is called like something that exists."""
    if isinstance(value, dict):
        return {
            key: known[key] if key in known and item is not None else with_ids(item, known)
            for key, item in value.items()
        }
    return [with_ids(item, known) for item in value] if isinstance(value, list) else value


def known_of(operation: Operation) -> dict[str, Any]:
    ids = path_values(operation)
    other = operation.drivers[1].route_id
    return ids | {
        "to_route_id": other,
        "order_ids": [operation.orders["A4"]],
        "origin_depot_id": ids["depot_id"],
        "destination_depot_id": ids["depot_id"],
        "date": TODAY.isoformat(),
        "url": NOWHERE,
    }


def headers_of(operation: Operation, role: Role) -> dict[str, str]:
    if role is Role.MERCHANT:
        return operation.shop()
    return operation.phone() if role is Role.DRIVER else operation.session(role)


def order_of(name: str) -> tuple[bool, int, str]:
    return name in _LAST, _TURN[name.partition(" ")[0]], name


REACHED: Counter[str] = Counter()


@pytest.mark.parametrize("role", ROLES)
async def test_what_the_description_allows_never_fails_on_our_side(
    stage: Stage, drawn: Drawn, role: Role
) -> None:
    contents = await draw_once(drawn, stage)
    known, faults = known_of(stage.norte), []
    async with stage.client(headers_of(stage.norte, role)) as client:
        for name in sorted(contents, key=order_of):
            for content in contents[name]:
                answer = await send(client, name, content, known)
                REACHED[name] += answer.is_success
                if answer.status_code >= 500:
                    faults.append((name, content, answer.text[:300]))
    assert faults == []


async def send(
    client: httpx.AsyncClient, name: str, content: dict[str, Any], known: dict[str, Any]
) -> httpx.Response:
    method, _, template = name.partition(" ")
    content = dict(content)
    parameters = content.pop("path_parameters")
    path = template
    for key, value in parameters.items():
        path = path.replace(f"{{{key}}}", str(known.get(key, value)))
    if "params" in content:
        content["params"] = with_ids(content["params"], known)
    if "data" in content:
        content["data"] = with_ids(content["data"], known)
    if content.get("content"):
        content["content"] = _encoded(with_ids(json.loads(content["content"]), known))
    return await client.request(method, path, **content)


async def test_nearly_every_operation_of_the_description_can_be_used(
    stage: Stage, drawn: Drawn
) -> None:
    """Drawn by Schemathesis as any role, or with a good content by who may: both are told."""
    contents = await draw_once(drawn, stage)
    routes = {route.name: route for route in list_routes(stage.app)}
    by_hand: set[str] = set()
    for name in sorted(contents, key=order_of):
        route = routes[name]
        is_drivers = name.split(" ")[1].startswith("/v1/driver/")
        role = Role.DRIVER if is_drivers else Role.ADMINISTRATOR
        async with stage.client(headers_of(stage.norte, role)) as client:
            path = route.path(good_values(route, stage.norte))
            content = content_of(route, stage.norte)
            answer = await client.request(route.method, path, **content)
            assert answer.status_code < 500, (name, answer.text[:300])
        if answer.is_success:
            by_hand.add(name)
    by_draw = {name for name, count in REACHED.items() if count}
    reached = by_draw | by_hand
    sys.stdout.write(
        f"\n{len(reached)} of {len(contents)} operations reached a 2xx; "
        f"{len(by_draw)} with what Schemathesis drew; never: {sorted(set(contents) - reached)}\n"
    )
    assert len(reached) >= REACHED_MIN * len(contents)
