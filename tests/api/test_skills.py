"""What a vehicle can do is one word, however it is written."""

from __future__ import annotations

from tests.api.test_plates import van
from tests.support.client import body_of
from tests.support.platform import Stage


async def test_skills_are_kept_without_case_spaces_or_accents(stage: Stage) -> None:
    body = van(stage, "V-7", "HKCD12", skills=["Frío ", "frio", "RAMPA", "rampa", " "])
    async with stage.client(stage.norte.session()) as office:
        made = body_of(await office.post("/v1/vehicles", json=body))
    assert made["skills"] == ["frio", "rampa"]
