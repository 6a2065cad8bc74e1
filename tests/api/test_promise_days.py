"""How the coming days fill, as the torre shows it beside what a checkout offers."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from promesa.domain.actor import Role
from tests.api.test_quotes import plan_shift, quoted
from tests.support.client import body_of
from tests.support.platform import Stage


async def test_a_day_on_offer_says_what_is_promised_and_what_it_can_get_done(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        (depot,) = body_of(await office.get("/v1/promises/curve"))["fills"]
        begun = depot["days"][0]
        quote_id = (await quoted(office))["windows"][0]["quote_id"]
        body_of(await office.post(f"/v1/promises/{quote_id}/accept"))
        (after,) = body_of(await office.get("/v1/promises/curve"))["fills"]
    held = [day["promised"] for day in after["days"]]
    assert held[0] == begun["promised"] + 1
    # One van of a long shift gets some fifty done, not ten nor a thousand.
    assert 40 < begun["room"] < 300
    assert (depot["basis"], begun["asked"], begun["later"]) == ("none", None, None)
    assert (begun["vans"], begun["vans_from"]) == (1, "shifts")


async def test_a_van_gets_no_more_promised_than_it_holds_parcels(stage: Stage) -> None:
    await plan_shift(stage, stage.norte, parcels=20)
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        (before,) = body_of(await office.get("/v1/promises/curve"))["fills"]
        several = [{"weight_g": 100}] * 4
        quote_id = (await quoted(office, parcels=several))["windows"][0]["quote_id"]
        body_of(await office.post(f"/v1/promises/{quote_id}/accept"))
        (after,) = body_of(await office.get("/v1/promises/curve"))["fills"]
    rooms = [fill["days"][0]["room"] for fill in (before, after)]
    # As full as leaves the sureness asked for; then four parcels fill what four orders would.
    assert 12 <= rooms[0] <= 20
    assert rooms[0] - rooms[1] == 3


async def test_the_workbook_of_promises_has_the_days_too(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        answer = await office.get("/v1/exports/promises/xlsx")
    sheet = load_workbook(io.BytesIO(answer.content))["Días"]
    header, first, *_ = sheet.iter_rows(values_only=True)
    assert header[:4] == ("CD", "día", "quedan de antes", "prometidos")
    assert first[2:5] == (0, 1, None)
