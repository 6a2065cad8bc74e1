"""Values that the description allows and nobody means: the last day of 9999, integers of 20 digits.

Each is put in turn into every field and parameter of its kind; it is answered, never failed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from promesa.domain.actor import Role
from tests.api.test_schemathesis import STREAMS, headers_of, may_call
from tests.support.calls import Content, Route, content_of, good_values, list_routes
from tests.support.platform import Stage

DATES = ("9999-12-31", "0001-01-01")
INSTANTS = ("9999-12-31T23:59:59-03:00", "0001-01-01T00:00:00+03:00")
INTEGERS = (10**20, -(10**20))


async def test_an_extreme_value_is_answered_wherever_it_stands(stage: Stage) -> None:
    async with stage.client() as visitor:
        description = (await visitor.get("/schema/openapi.json")).json()
    failed = []
    for role in (Role.ADMINISTRATOR, Role.DRIVER):
        async with stage.client(headers_of(stage.norte, role)) as client:
            for route in list_routes():
                if route.name in STREAMS or not may_call(role, route):
                    continue
                path = route.path(good_values(route, stage.norte))
                for content in _extreme_contents(route, description, stage):
                    answer = await client.request(route.method, path, **content)
                    if answer.status_code >= 500:
                        failed.append((route.name, content))
    assert failed == [], sorted({name for name, _ in failed})


def _extreme_contents(route: Route, description: Any, stage: Stage) -> Iterator[Content]:
    """The good call with one value after another taken to its end."""
    good = content_of(route, stage.norte)
    for body in _variants(good.get("json")):
        yield good | {"json": body}
    for form in _variants(good.get("data")):
        yield good | {"data": form}
    operation = description["paths"].get(route.name.partition(" ")[2], {}).get(route.method.lower())
    for parameter in (operation or {}).get("parameters", []):
        if parameter["in"] == "query":
            for value in (*DATES, *INSTANTS, *INTEGERS):
                query = good.get("params", {}) | {parameter["name"]: value}
                yield good | {"params": query}


def _variants(value: Any) -> Iterator[Any]:
    """Each with one leaf of a date, an instant or a number taken to its end."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from (value | {key: changed} for changed in _variants(item))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from ([*value[:at], changed, *value[at + 1 :]] for changed in _variants(item))
    elif isinstance(value, str) and value[:3] == "202":
        yield from INSTANTS if "T" in value else DATES
    elif isinstance(value, int) and not isinstance(value, bool):
        yield from INTEGERS
