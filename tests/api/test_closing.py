"""A day is closed once: not before it comes, and who comes second is told by whom."""

from __future__ import annotations

import asyncio

from promesa.domain.actor import Role
from tests.support.client import body_of, problem_of
from tests.support.operation import TODAY
from tests.support.platform import Stage


async def test_a_day_that_has_not_come_cannot_be_closed(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        refused = await office.post("/v1/day/close", json={"date": "2031-01-01"})
    assert problem_of(refused, 422)["code"] == "day_ahead"


async def test_of_two_who_close_a_day_at_once_the_second_is_told_who_did(stage: Stage) -> None:
    body = {"date": TODAY.isoformat()}
    async with (
        stage.client(stage.norte.session(Role.ADMINISTRATOR)) as one,
        stage.client(stage.norte.session(Role.DISPATCHER)) as other,
    ):
        answers = await asyncio.gather(
            one.post("/v1/day/close", json=body), other.post("/v1/day/close", json=body)
        )
        again = await one.post("/v1/day/close", json=body)
        again_other = await other.post("/v1/day/close", json=body)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    done = body_of(next(answer for answer in answers if answer.status_code == 200))
    assert done["cancelled"] or done["moved"] or done["settled"]
    refused = problem_of(next(answer for answer in answers if answer.status_code == 409), 409)
    assert refused["code"] == "day_closed"
    assert "cerró este día a las" in refused["detail"]
    # Who closed it may look again: twice is once.
    assert sorted([again.status_code, again_other.status_code]) == [200, 409]
