"""The description of the API, believed literally: whatever it allows is answered, never a 5xx.

Schemathesis draws contents from /schema/openapi.json; ids are then replaced by ids that exist, as
far as a name says what it is the id of. Each role sends all of them over ASGI.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.core.result import Ok

from promesa.api.auth import DRIVER_PATH, PUBLIC
from promesa.domain.actor import GRANTS, Role
from tests.support.calls import Route, content_of, good_values, list_routes, path_values
from tests.support.operation import TODAY, Operation
from tests.support.platform import Morning, Stage, staged
from tests.support.postgres import TestServer
from tests.support.spares import make_spares

EXAMPLES = 6
# What a role may not call is refused before its content is read: one of them tells.
EXAMPLES_REFUSED = 1
REACHED_MIN = 0.8
# They never end: tests/api/test_live.py listens to them.
STREAMS: Final = frozenset({"GET /v1/stream", "GET /v1/track/{token}/stream"})
_TURN = {"GET": 0, "PUT": 1, "PATCH": 1, "POST": 1, "DELETE": 2}
_LAST = (
    "POST /v1/routes/{route_id}/close",
    "POST /v1/routes/{route_id}/reconcile",
    "DELETE /v1/session",
)
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


def order_of(name: str) -> tuple[int, int, str]:
    """Reading first, then changing, then ending; what ends a route, and signing out, come last."""
    last = _LAST.index(name) + 1 if name in _LAST else 0
    return last, _TURN[name.partition(" ")[0]], name


REACHED: dict[Role, set[str]] = {}
ALLOWED: dict[Role, set[str]] = {}


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_is_never_failed_and_can_do_what_it_may(
    postgres: TestServer, morning: Morning, drawn: Drawn, role: Role
) -> None:
    """Whatever the description allows is answered; four fifths of what the role may do succeed."""
    async with staged(postgres, morning) as stage:
        contents = await draw_once(drawn, stage)
        routes = {route.name: route for route in list_routes() if route.name in contents}
        allowed = {name for name, route in routes.items() if may_call(role, route)}
        by_draw = await send_drawn(stage, contents, role, allowed)
    async with staged(postgres, morning) as stage:
        by_hand = await send_good(stage, [routes[name] for name in allowed], role)
    reached = (by_draw | by_hand) & allowed
    REACHED[role], ALLOWED[role] = reached, allowed
    sys.stdout.write(
        f"\n{role.value}: {len(reached)} of the {len(allowed)} operations it may call reached a "
        f"2xx, {len(by_draw & allowed)} with what Schemathesis drew; "
        f"never: {sorted(allowed - reached)}\n"
    )
    assert len(reached) >= REACHED_MIN * len(allowed)


async def test_nearly_every_operation_of_the_description_can_be_used_by_somebody(
    stage: Stage, drawn: Drawn
) -> None:
    contents = await draw_once(drawn, stage)
    if set(REACHED) != set(ROLES):
        pytest.skip("the roles' own tests tell; they did not all run here")
    assert set().union(*ALLOWED.values()) == set(contents), "nobody may call the rest"
    reached = set().union(*REACHED.values())
    sys.stdout.write(
        f"\n{len(reached)} of {len(contents)} operations reached a 2xx for somebody; "
        f"never: {sorted(set(contents) - reached)}\n"
    )
    assert len(reached) >= REACHED_MIN * len(contents)


def may_call(role: Role, route: Route) -> bool:
    """Whether the map of access lets the role in; what is public lets everybody."""
    if route.access == PUBLIC:
        return True
    # A cookie of the torre is not read under the driver's path, nor the other way round.
    is_of_phones = route.template.startswith(f"{DRIVER_PATH}/")
    return route.access in GRANTS[role] and is_of_phones == (role is Role.DRIVER)


async def send_drawn(stage: Stage, contents: Drawn, role: Role, allowed: set[str]) -> set[str]:
    """Names of the operations that a drawn content reached; a 5xx is a failure."""
    known, faults, reached = known_of(stage.norte), [], set()
    async with stage.client(headers_of(stage.norte, role)) as client:
        for name in sorted(contents, key=order_of):
            sent = contents[name] if name in allowed else contents[name][-EXAMPLES_REFUSED:]
            for content in sent:
                answer = await send(client, name, content, known)
                if answer.is_success:
                    reached.add(name)
                if answer.status_code >= 500:
                    faults.append((name, content, answer.text[:300]))
    assert faults == []
    return reached


async def send_good(stage: Stage, routes: Iterable[Route], role: Role) -> set[str]:
    """Names of the operations that a good content reached."""
    spares = await make_spares(stage, stage.norte)
    reached = set()
    async with stage.client(headers_of(stage.norte, role)) as client:
        for route in sorted(routes, key=lambda route: order_of(route.name)):
            path = route.path(good_values(route, stage.norte) | spares.values.get(route.name, {}))
            content = spares.contents.get(route.name) or content_of(route, stage.norte)
            answer = await client.request(route.method, path, **content)
            assert answer.status_code < 500, (route.name, answer.text[:300])
            if answer.is_success:
                reached.add(route.name)
    return reached


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
