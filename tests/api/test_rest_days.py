"""One calendar of days of rest: checkouts, shops, vans and rosters hear the same rows.

Monday 23 November; a van works tomorrow, which an operator's own row makes a day of rest.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from promesa.dispatch.delivery_days import delivery_rule
from promesa.domain.actor import Role
from tests.api.test_demand_events import EVENTS, content
from tests.api.test_merchant_days import NAVIDAD, order_for
from tests.api.test_quotes import plan_shift, quoted
from tests.support.client import body_of
from tests.support.operation import TOMORROW
from tests.support.platform import Stage

ELECTION = {
    "name": "Elecciones",
    "kind": "election",
    "start": TOMORROW.isoformat(),
    "end": TOMORROW.isoformat(),
    "is_rest": True,
}
TERMS, ROSTER = "/v1/promises/terms", "/v1/capacity/roster"


async def heard(stage: Stage, office: Any, day: date = TOMORROW) -> tuple[bool, bool, bool]:
    """Whether a checkout, vans and rosters take a day for closed."""
    await stage.platform.pump.settle()
    found = await quoted(office)
    told = {window["start"][:10] for window in found["windows"]} | set(found["unknown_days"])
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        rule = await delivery_rule(tx)
    roster = body_of(await office.get(ROSTER, params={"start": day.isoformat()}))
    is_closed: bool = roster["days"][0]["is_closed"]
    return day.isoformat() not in told, not rule.is_open(day), is_closed


async def test_a_row_of_ones_own_closes_a_day_for_all_until_it_is_unmarked_or_deleted(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        assert await heard(stage, office) == (False, False, False)
        row = body_of(await office.post(EVENTS, json=ELECTION))
        assert await heard(stage, office) == (True, True, True)
        path = f"{EVENTS}/{row['id']}"
        body_of(await office.put(path, json=ELECTION | {"is_rest": False}))
        assert await heard(stage, office) == (False, False, False)
        body_of(await office.put(path, json=ELECTION))
        assert await heard(stage, office) == (True, True, True)
        await office.delete(path)
        assert await heard(stage, office) == (False, False, False)


async def test_who_serves_days_of_rest_offers_and_sends_vans_on_ones_own_too(stage: Stage) -> None:
    """Whether drivers may be made to work on it is for the rules of working hours to say."""
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        body_of(await office.post(EVENTS, json=ELECTION))
        terms = body_of(await office.get(TERMS))["terms"]
        body_of(await office.put(TERMS, json=terms | {"serves_rest_days": True}))
        assert await heard(stage, office) == (False, False, True)


async def test_a_law_day_that_the_calendar_unmarks_is_one_that_shops_may_order_for(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        (navidad,) = body_of(await office.get(EVENTS, params={"start": NAVIDAD, "end": NAVIDAD}))[
            "items"
        ]
        path = f"{EVENTS}/{navidad['id']}"
        body_of(await office.put(path, json=content(navidad, is_rest=False)))
    async with stage.client(stage.norte.shop()) as shop:
        taken = body_of(await shop.post("/v1/orders", json=order_for("D1", date=NAVIDAD)))
    assert taken["date"] == NAVIDAD


async def test_a_mark_for_one_comuna_is_refused_in_words(stage: Stage) -> None:
    local = ELECTION | {"scope": {"depots": ["CD"]}}
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        refused = await office.post(EVENTS, json=local)
        assert not [
            each
            for each in body_of(await office.get(EVENTS))["items"]
            if each["name"] == "Elecciones"
        ]
    assert refused.status_code == 422
    assert [fault["field"] for fault in refused.json()["errors"]] == ["is_rest"]
