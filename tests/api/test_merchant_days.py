"""On which days a merchant's own system may have an order delivered, and who waits for it.

Monday 23 November at half past nine; by the terms nobody changed orders close at six, for Monday
to Saturday
"""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from promesa.kernel.serviceday import ServiceDay
from tests.api.test_quotes import new_order, plan_shift
from tests.support.client import body_of, problem_of
from tests.support.operation import TODAY, TOMORROW
from tests.support.platform import Stage

NAVIDAD = "2026-12-25"


def order_for(reference: str, **more: Any) -> dict[str, Any]:
    """Without a day, unless ``more`` says one."""
    return new_order(reference) | more


def window(start: str, end: str) -> dict[str, str]:
    return {"start": f"2026-11-23T{start}:00-03:00", "end": f"2026-11-23T{end}:00-03:00"}


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"date": NAVIDAD}, "date", "closed"),
    ({"windows": [window("07:00", "09:00")]}, "windows", "over"),
]


@pytest.mark.parametrize(("said", "field", "code"), WRONG)
async def test_a_shop_cannot_order_what_nobody_can_keep(
    stage: Stage, said: dict[str, Any], field: str, code: str
) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        refused = await shop.post("/v1/orders", json=order_for("D1", **said))
        rows = [order_for("D1", **said), order_for("D2")]
        done = body_of(await shop.put("/v1/orders", json={"orders": rows}))
    fault = problem_of(refused, 422)["errors"][0]
    assert (fault["field"], fault["code"]) == (field, code)
    assert [row["reference"] for row in done["accepted"]] == ["D2"]
    assert [(row["reference"], row["code"]) for row in done["rejected"]] == [("D1", code)]


async def test_a_dispatcher_may_order_for_a_day_on_which_shops_are_closed(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        body = order_for("D1", date=NAVIDAD, merchant_id=str(stage.norte.shops[0].id))
        assert body_of(await office.post("/v1/orders", json=body))["date"] == NAVIDAD


async def test_the_same_order_sent_again_after_its_hours_is_still_that_order(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        body = order_for("D1", windows=[window("15:00", "17:00")])
        first = body_of(await shop.post("/v1/orders", json=body))
        stage.clock.move_to(ServiceDay(TODAY).at(time(18, 0)))
        again = await shop.post("/v1/orders", json=body)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])


async def test_without_saved_terms_an_order_is_held_to_those_that_everybody_begins_with(
    stage: Stage,
) -> None:
    """Until six for tomorrow; what names its day is taken while any of its hours are left."""
    async with stage.client(stage.norte.shop()) as shop:
        stage.clock.move_to(ServiceDay(TODAY).at(time(17, 59)))
        early = body_of(await shop.post("/v1/orders", json=order_for("D1")))
        stage.clock.move_to(ServiceDay(TODAY).at(time(18, 1)))
        late = body_of(await shop.post("/v1/orders", json=order_for("D2")))
        today = body_of(await shop.post("/v1/orders", json=order_for("D3", date=TODAY.isoformat())))
        sunday = await shop.post("/v1/orders", json=order_for("D4", date="2026-11-29"))
        stage.clock.move_to(ServiceDay(TODAY).at(time(21, 1)))
        over = await shop.post("/v1/orders", json=order_for("D5", date=TODAY.isoformat()))
    assert (early["date"], late["date"]) == (TOMORROW.isoformat(), "2026-11-25")
    assert today["date"] == TODAY.isoformat()
    assert problem_of(sunday, 422)["errors"][0]["code"] == "closed"
    assert problem_of(over, 422)["errors"][0]["code"] == "over"


async def test_with_saved_terms_an_order_without_a_day_is_for_the_first_one_of_delivery(
    stage: Stage,
) -> None:
    """Tomorrow before six o'clock; after it the day after, which is closed here, so Thursday."""
    await save_terms(stage, closed=["2026-11-25"])
    async with stage.client(stage.norte.shop()) as shop:
        early = body_of(await shop.post("/v1/orders", json=order_for("D1")))
        stage.clock.move_to(ServiceDay(TODAY).at(time(18, 1)))
        late = body_of(await shop.post("/v1/orders", json=order_for("D2")))
        sunday = await shop.post("/v1/orders", json=order_for("D3", date="2026-11-29"))
    assert (early["date"], late["date"]) == ("2026-11-24", "2026-11-26")
    assert problem_of(sunday, 422)["errors"][0]["code"] == "closed"


async def save_terms(stage: Stage, **more: Any) -> None:
    async with stage.client(stage.norte.session()) as office:
        terms = body_of(await office.get("/v1/promises/terms"))["terms"]
        body_of(await office.put("/v1/promises/terms", json=terms | more))


@pytest.mark.parametrize(("day", "code"), [(NAVIDAD, "closed"), (TODAY.isoformat(), "cut_off")])
async def test_a_shop_moves_an_order_to_no_day_without_deliveries(
    stage: Stage, day: str, code: str
) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        order = body_of(await shop.post("/v1/orders", json=order_for("D1")))
        path = f"/v1/orders/{order['id']}/reschedule"
        refused = await shop.post(path, json={"date": day})
        moved = body_of(await shop.post(path, json={"date": "2026-11-25"}))
    assert problem_of(refused, 422)["errors"][0]["code"] == code
    assert moved["promise"]["cause"] == "rescheduled_by_merchant"


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"date": NAVIDAD}, "date", "closed"),
        ({"date": TODAY.isoformat(), "windows": [window("07:00", "09:00")]}, "windows", "over"),
    ],
)
async def test_a_shop_changes_an_order_to_no_day_or_hours_it_could_not_order(
    stage: Stage, said: dict[str, Any], field: str, code: str
) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        body = order_for("D1", date=TOMORROW.isoformat())
        order = body_of(await shop.post("/v1/orders", json=body))
        path, changed = f"/v1/orders/{order['id']}", said | {"version": order["version"]}
        refused = [
            problem_of(await shop.patch(path, json=changed), 422)["errors"][0],
            problem_of(await shop.post(f"{path}/change-preview", json=changed), 422)["errors"][0],
        ]
        rows = body_of(await shop.put("/v1/orders", json={"orders": [order_for("D1", **said)]}))
        kept = body_of(await shop.get(path))
    told = [(fault["field"], fault["code"]) for fault in [*refused, *rows["rejected"]]]
    assert told == [(field, code)] * 3
    assert (kept["date"], kept["version"]) == (order["date"], order["version"])


async def test_a_shop_still_changes_the_rest_of_an_order_that_a_dispatcher_put_on_a_closed_day(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        order = body_of(await shop.post("/v1/orders", json=order_for("D1")))
        path = f"/v1/orders/{order['id']}"
        async with stage.client(stage.norte.session()) as office:
            said = {"version": order["version"], "date": NAVIDAD}
            moved = body_of(await office.patch(path, json=said))
        hours = [{"start": f"{NAVIDAD}T10:00:00-03:00", "end": f"{NAVIDAD}T13:00:00-03:00"}]
        asked = {"version": moved["version"], "windows": hours, "instructions": "Portón"}
        changed = body_of(await shop.patch(path, json=asked))
    assert (changed["date"], changed["instructions"]) == (NAVIDAD, "Portón")


async def test_a_shops_file_keeps_to_the_days_of_delivery_and_one_without_days_gets_the_first(
    stage: Stage,
) -> None:
    """Three minutes past six in the evening nothing more is promised for tomorrow."""
    stage.clock.move_to(ServiceDay(TODAY).at(time(18, 3)))
    head = "referencia,direccion,comuna,fecha\n"
    rows = f"F1,Av. Providencia 1234,Providencia,\nF2,Av. Providencia 1234,Providencia,{NAVIDAD}\n"
    async with stage.client(stage.norte.shop()) as shop:
        files = {"file": ("x.csv", (head + rows).encode(), "text/csv")}
        done = body_of(await shop.post("/v1/imports", files=files))
        (placed,) = body_of(await shop.get("/v1/orders", params={"reference": "F1"}))["items"]
    assert [(row["row"], row["code"]) for row in done["rejected"]] == [(3, "closed")]
    assert placed["date"] == "2026-11-25"


async def test_a_dispatcher_moves_an_order_as_a_dispatcher(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        order = body_of(await shop.post("/v1/orders", json=order_for("D1")))
    async with stage.client(stage.norte.session()) as office:
        path = f"/v1/orders/{order['id']}/reschedule"
        moved = body_of(await office.post(path, json={"date": NAVIDAD}))
    assert moved["promise"]["cause"] == "rescheduled_by_dispatcher"


async def test_who_waits_is_offered_days_of_delivery_whose_cut_off_has_not_passed(
    stage: Stage,
) -> None:
    await save_terms(stage, closed=["2026-11-26"])
    async with stage.client(stage.norte.shop()) as shop:
        body = order_for("D1", date=TOMORROW.isoformat())
        order = body_of(await shop.post("/v1/orders", json=body))
        link = body_of(await shop.post(f"/v1/orders/{order['id']}/tracking-link"))["url"]
    path = f"/v1/track/{link.rpartition('/')[2]}"
    async with stage.client() as waiting:
        morning = body_of(await waiting.get(path))["dates"]
        stage.clock.move_to(ServiceDay(date(2026, 11, 24)).at(time(18, 1)))
        evening = body_of(await waiting.get(path))["dates"]
        refused = await waiting.post(f"{path}/reschedule", json={"date": "2026-11-25"})
    assert morning[:2] == ["2026-11-25", "2026-11-27"]
    assert evening[0] == "2026-11-27"
    assert problem_of(refused, 422)["code"] == "date_not_offered"


async def test_a_day_that_is_known_to_be_full_is_not_offered_to_who_waits(stage: Stage) -> None:
    """Two orders of four hours fill tomorrow's van; the days after are known to nobody."""
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.shop()) as shop:
        body = order_for("D1", date=TODAY.isoformat())
        order = body_of(await shop.post("/v1/orders", json=body))
        link = body_of(await shop.post(f"/v1/orders/{order['id']}/tracking-link"))["url"]
        path = f"/v1/track/{link.rpartition('/')[2]}"
        await stage.platform.ready_board(stage.norte.tenant_id)
        async with stage.client() as waiting:
            before = body_of(await waiting.get(path))["dates"]
        for reference in ("BIG1", "BIG2", "BIG3"):
            big = order_for(reference, date=TOMORROW.isoformat(), service_time_s=14_400)
            body_of(await shop.post("/v1/orders", json=big))
        await stage.platform.pump.settle()
        async with stage.client() as waiting:
            after = body_of(await waiting.get(path))["dates"]
    assert before[0] == TOMORROW.isoformat()
    assert TOMORROW.isoformat() not in after
    assert after[0] == "2026-11-25"
