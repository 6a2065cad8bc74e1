"""What the log and the figures say of requests: all of them, with an id, and nobody's name."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from promesa.dispatch import rescheduling
from promesa.domain.actor import Actor, ActorKind, Role
from promesa.kernel.ids import derived_id
from promesa.orders.desk import Author
from promesa.storage import engine
from tests.support.client import body_of, problem_of
from tests.support.platform import Morning, Stage, staged
from tests.support.postgres import TestServer

LOCK_LIMIT_MS = 200


class LetGoError(Exception):
    """Undoes a transaction."""


def line_of(told: Sequence[MutableMapping[str, Any]]) -> MutableMapping[str, Any]:
    [line] = [entry for entry in told if entry["event"] == "request"]
    return line


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("DELETE", 405)])
async def test_an_address_that_nothing_answers_is_told_and_counted(
    stage: Stage, method: str, status: int
) -> None:
    address = "/v1/no-such-thing" if status == 404 else "/healthz"
    with capture_logs() as told:
        async with stage.client() as visitor:
            answer = await visitor.request(method, address)
    assert answer.headers["x-request-id"] == problem_of(answer, status)["request_id"]
    line = line_of(told)
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["status"], line["log_level"]) == (status, "info")
    assert "no-such-thing" not in str(told)
    async with stage.client() as visitor:
        figures = (await visitor.get("/metrics")).text
    assert f'method="{method}",route="unmatched",status="{status}"' in figures


async def test_health_and_pages_are_told_to_who_asks_for_everything(stage: Stage) -> None:
    async with stage.client() as visitor:
        for address in ("/healthz", "/readyz", "/torre/"):
            with capture_logs() as told:
                await visitor.get(address)
            assert line_of(told)["log_level"] == "debug", address


async def test_who_waits_too_long_for_another_is_told_so_and_so_is_the_log(
    postgres: TestServer, morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that holds the order, as a stuck one would; then the same request works."""
    monkeypatch.setattr(engine, "LOCK_LIMIT_MS", LOCK_LIMIT_MS)
    async with staged(postgres, morning) as stage:
        tenant_id, order_id = stage.norte.tenant_id, UUID(stage.norte.orders["A3"])
        actor = Actor(
            kind=ActorKind.USER, id=derived_id("u"), tenant_id=tenant_id, role=Role.DISPATCHER
        )
        address = f"/v1/orders/{order_id}/cancel"
        author = Author(actor=actor, request_id=None)
        cancel = partial(rescheduling.cancel, cause="x", desk=stage.platform.desk(), author=author)
        async with stage.client(stage.norte.session()) as office:
            with capture_logs() as told, suppress(LetGoError):
                async with stage.platform.transaction(tenant_id) as tx:
                    await cancel(tx, order_id)
                    answer = await office.post(address, json={})
                    raise LetGoError
            again = body_of(await office.post(address, json={}))
    assert again["state"] == "cancelled"
    problem = problem_of(answer, 503)
    assert problem["code"] == "database_busy"
    assert "no responde" not in problem["detail"]
    line = line_of(told)
    assert line["log_level"] == "warning"
    assert (line["code"], line["sqlstate"]) == ("database_busy", "55P03")
    assert line["request_id"] == problem["request_id"]
