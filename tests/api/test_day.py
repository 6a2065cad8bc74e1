"""The day in one look: every number is one count, however many orders, and opens to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from promesa.api import promise_rows
from promesa.api.order_wire import BATCH_ORDERS_MAX
from promesa.domain.order import OrderState
from promesa.domain.route import RouteState
from promesa.kernel.clock import pause_s
from promesa.kernel.ids import derived_id
from tests.support.client import body_of
from tests.support.operation import PLAN_LOOKS_MAX, order_body
from tests.support.platform import Stage

SHAPES = {
    "safe": ("on_time", "closed"),
    "at_risk": ("at_risk",),
    "broken": ("late", "failed"),
}


async def rows_of(office: Any, **which: str) -> Any:
    return body_of(await office.get("/v1/day/promises", params=which))


async def order_today(stage: Stage, references: Sequence[str], **more: Any) -> None:
    """Orders with a sure position that came after the plan."""
    bodies = [order_body(reference, 2) | more for reference in references]
    async with stage.client(stage.norte.shop()) as shop:
        for start in range(0, len(bodies), BATCH_ORDERS_MAX):
            batch = {"orders": bodies[start : start + BATCH_ORDERS_MAX]}
            assert not body_of(await shop.put("/v1/orders", json=batch))["rejected"]
    await stage.platform.pump.settle()


async def open_route(office: Any) -> str:
    """A route on the road with visits made and one to come."""
    lanes = body_of(await office.get("/v1/day"))["lanes"]
    started = [lane for lane in lanes if lane["summary"]["state"] == "started"]
    found = next(
        each for each in started if {s["is_closed"] for s in each["stops"]} == {True, False}
    )
    return str(found["summary"]["id"])


def row(answer: Any, reference: str) -> Any:
    return next(item for item in answer["items"] if item["reference"] == reference)


async def test_legend_line_and_rows_are_one_count(stage: Stage) -> None:
    await order_today(stage, ["N1", "N2"])
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.post(f"/v1/routes/{await open_route(office)}/breakdown", json={}))
        day = body_of(await office.get("/v1/day"))
        line, legend = day["headline"], day["legend"]
        assert sum(legend.values()) == line["promises"]
        for standing, shapes in SHAPES.items():
            assert line[standing] == sum(legend[shape] for shape in shapes)
            assert (await rows_of(office, standing=standing))["total"] == line[standing]
        for shape, count in legend.items():
            assert (await rows_of(office, shape=shape))["total"] == count
        assert (await rows_of(office))["total"] == line["promises"]
    assert line["at_risk"] >= 2


async def test_a_day_counts_every_order_and_lists_the_first_ones(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promise_rows, "ROWS_MAX", 20)
    await order_today(stage, [f"N{number}" for number in range(510)])
    async with stage.client(stage.norte.session()) as office:
        day = body_of(await office.get("/v1/day"))
        rows = await rows_of(office, carried="nothing")
    assert day["waiting"]["unplanned"] >= 510
    assert rows["total"] >= 510
    assert len(rows["items"]) == 20


async def test_a_row_without_a_route_says_why(stage: Stage) -> None:
    start, end = (stage.clock.now() + timedelta(hours=hours) for hours in (1, 2))
    window = {"start": start.isoformat(), "end": end.isoformat()}
    await order_today(stage, ["N1"], windows=[window])
    async with stage.client(stage.norte.session()) as office:
        rows = await rows_of(office, carried="nothing")
        assert row(rows, "A4")["cause"]["code"] == "address"
        assert row(rows, "N1")["cause"] == {
            "code": "not_planned",
            "has_passed": False,
            "sentence": None,
            "reason": None,
            "delivered_at": None,
            "delay_s": None,
        }
        stage.clock.move_to(end + timedelta(minutes=1))
        late = row(await rows_of(office, carried="nothing"), "N1")
    assert (late["standing"], late["cause"]["has_passed"]) == ("broken", True)


async def unserved_of(office: Any, plan_id: str) -> Any:
    for _ in range(PLAN_LOOKS_MAX):
        plan = body_of(await office.get(f"/v1/plans/{plan_id}"))
        if plan["summary"]["state"] == "ready":
            return plan["unserved"]
        await pause_s(0.05)
    raise AssertionError("The plan is not ready.")


async def test_a_plan_that_leaves_an_order_out_lends_its_reason(stage: Stage) -> None:
    body = order_body("HUGE", 2)
    body["parcels"] = [{"weight_g": 1}] * 60
    async with stage.client(stage.norte.shop()) as shop:
        body_of(await shop.post("/v1/orders", json=body))
    async with stage.client(stage.norte.session()) as office:
        day = body_of(await office.get("/v1/day"))["date"]
        asked = {"date": day, "iterations": 200, "seed": 1}
        plan_id = body_of(await office.post("/v1/plans", json=asked))["id"]
        left = await unserved_of(office, plan_id)
        huge = row(await rows_of(office, carried="nothing"), "HUGE")
    sentence = next(item["sentence"] for item in left if item["reference"] == "HUGE")
    assert (huge["cause"]["code"], huge["cause"]["sentence"]) == ("left_out", sentence)


async def test_a_promise_on_a_route_says_what_holds_it_up(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        route_id = await open_route(office)
        body_of(await office.post(f"/v1/routes/{route_id}/breakdown", json={}))
        rows = await rows_of(office, route_id=route_id, standing="broken")
    causes = [item["cause"] for item in rows["items"]]
    assert "broken_down" in {cause["code"] for cause in causes}
    (failed,) = [cause for cause in causes if cause["code"] == "not_delivered"]
    assert failed["reason"] == "RECIPIENT_ABSENT"


async def test_what_to_look_at_comes_in_facts(stage: Stage) -> None:
    await order_today(stage, ["N1", "N2"])
    async with stage.client(stage.norte.session()) as office:
        route_id = await open_route(office)
        body_of(await office.post(f"/v1/routes/{route_id}/breakdown", json={}))
        lines = body_of(await office.get("/v1/day"))["exceptions"]
    kinds = [line["kind"] for line in lines]
    assert kinds.index("breakdown") < kinds.index("unplanned") < kinds.index("address")
    unplanned = lines[kinds.index("unplanned")]
    assert (unplanned["action"], unplanned["facts"]["passed"]) == ("insert", 0)


async def test_what_goes_another_day_stays_in_the_count_of_the_day_it_was_promised_for(
    stage: Stage,
) -> None:
    start, end = (stage.clock.now() + timedelta(hours=hours) for hours in (1, 2))
    window = {"start": start.isoformat(), "end": end.isoformat()}
    await order_today(stage, ["N1"], windows=[window])
    async with stage.client(stage.norte.session()) as office:
        stage.clock.move_to(end + timedelta(minutes=1))
        rows = await rows_of(office, standing="broken")
        day = body_of(await office.get("/v1/day"))
        before = await numbers_of(office, day["date"])
        tomorrow = (stage.clock.now() + timedelta(days=1)).date().isoformat()
        for reference in ("N1", "A3"):
            order_id = row(rows, reference)["order_id"]
            body_of(await office.post(f"/v1/orders/{order_id}/reschedule", json={"date": tomorrow}))
        moved = body_of(await office.get("/v1/day"))
        assert moved["headline"] == day["headline"]
        assert sum(moved["legend"].values()) == day["headline"]["promises"]
        assert row(await rows_of(office, standing="broken"), "N1")["cause"]["code"] == (
            "not_delivered"
        )
        assert await numbers_of(office, day["date"]) == before
        body_of(await office.post("/v1/day/close", json={"date": day["date"]}))
        closed = body_of(await office.get("/v1/day"))["headline"]
        assert closed["promises"] == day["headline"]["promises"]
        assert closed["broken"] >= day["headline"]["broken"]
        assert await numbers_of(office, day["date"]) == before


async def numbers_of(office: Any, day: str) -> tuple[int, int, int]:
    """Of how many orders the report, the list and the table of a day are made."""
    report = body_of(await office.get("/v1/reports/day", params={"date": day}))
    otif = next(item for item in report["indicators"] if item["key"] == "otif")
    listed = body_of(await office.get("/v1/orders", params={"date": day}))["total"]
    table = await office.get("/v1/exports/orders/csv", params={"date": day})
    lines = len(table.text.strip().splitlines()) - 1
    return otif["denominator"] + otif["in_progress"], listed, lines


async def test_an_order_that_was_collected_waits_for_a_route_to_the_door(stage: Stage) -> None:
    await order_today(stage, ["N1"])
    async with stage.client(stage.norte.session()) as office:
        order_id = row(await rows_of(office, carried="nothing"), "N1")["order_id"]
        before = body_of(await office.get("/v1/day"))
        async with stage.platform.transaction(stage.norte.tenant_id) as tx:
            order = await tx.orders.get(UUID(order_id))
            # As a visit to the seller leaves it.
            await tx.orders.save(replace(order, state=OrderState.IN_PREPARATION))
        found = row(await rows_of(office, carried="nothing"), "N1")
        day = body_of(await office.get("/v1/day"))
    assert (found["standing"], found["cause"]["code"]) == ("at_risk", "not_planned")
    assert day["waiting"] == before["waiting"]
    assert day["headline"] == before["headline"]


async def test_a_spare_van_whose_stops_went_back_is_no_route_of_its_day(stage: Stage) -> None:
    """Neither today nor on a day that is over; what was driven is listed."""
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        route = await tx.routes.get(UUID(stage.norte.ids["route_id"]))
        version = await tx.routes.get_version(route.id, route.version)
        days = (route.date, route.date - timedelta(days=1))
        for day in days:
            spare = replace(route, id=derived_id("spare", day), code="R-99", date=day)
            await tx.routes.add(replace(spare, state=RouteState.CANCELLED))
            await tx.routes.add_version(replace(version, route_id=spare.id, stops=()))
    async with stage.client(stage.norte.session()) as office:
        today, yesterday = [
            body_of(await office.get("/v1/routes", params={"date": day.isoformat()}))["items"]
            for day in days
        ]
    codes = {each["code"] for each in today}
    assert route.code in codes
    assert "R-99" not in codes
    assert yesterday == []
