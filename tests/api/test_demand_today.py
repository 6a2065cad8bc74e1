"""The day under way of an operator whose history came by file until it moved here."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from msgspec import convert

from promesa.api.demand_today import TodayView
from promesa.api.forecast_views import DemandOutlookView
from promesa.api.printed_outlook import forecast_page
from promesa.api.printing import Masthead
from promesa.kernel.serviceday import ServiceDay
from tests.api.test_demand_forecast import IMPORTS, made
from tests.support.client import body_of, session_header
from tests.support.operation import TODAY, order_body, sign_in
from tests.support.platform import Stage

A_DAY = 4


async def place(stage: Stage, day_number: int, orders: int) -> None:
    """Orders of that day after the morning's, by ten o'clock."""
    stage.clock.move_to(ServiceDay(TODAY + timedelta(days=day_number)).at(time(10)))
    day = TODAY + timedelta(days=day_number + 1)
    bodies = [order_body(f"D{day_number}-{n}", n, day=day) for n in range(orders)]
    async with stage.client(stage.norte.shop()) as shop:
        body_of(await shop.put("/v1/orders", json={"orders": bodies}))
    await stage.platform.pump.settle()
    stage.clock.move_to(stage.clock.now() + timedelta(minutes=1))


@pytest.mark.parametrize(("days", "basis"), [(2, "part"), (3, "own")])
async def test_own_orders_are_all_of_today_once_two_whole_days_of_them_match_the_file(
    stage: Stage, days: int, basis: str
) -> None:
    """The first day, on which the operator moved here, is not whole and does not count."""
    for number in range(1, days):
        await place(stage, number, A_DAY)
    await place(stage, days, 3)
    until = TODAY + timedelta(days=days)
    lines = [f"{until - timedelta(days=ago)};Providencia;{A_DAY}" for ago in range(84, 0, -1)]
    text = "\n".join(["fecha;comuna;pedidos", *lines, ""])
    async with stage.client() as visitor:
        token = await sign_in(visitor, f"admin@{stage.norte.name}.test")
    async with stage.client(session_header(token)) as office:
        body_of(await office.post(IMPORTS, files={"file": ("historia.csv", text.encode())}))
        await made(office)
        now = body_of(await office.get("/v1/demand/today"))["today"]
        outlook = body_of(await office.get("/v1/demand/forecast"))["outlook"]
    assert (now["basis"], now["seen"]) == (basis, 3)
    assert (now["mean"] == now["morning"]) == (basis == "part")
    # On paper the words tell of what came beside the forecast, as those of the screen do.
    masthead = Masthead(operator="Norte", made_at=stage.clock.now(), is_simulated=False)
    page = forecast_page(convert(outlook, DemandOutlookView), masthead, convert(now, TodayView))
    whole = sum(day["orders"]["mean"] for day in outlook["days"])
    assert f"En 28 días vienen {round(whole)} pedidos." in page.words
    total, expected = round(now["mean"]), round(now["expected"])
    said = f"De hoy ya llegaron 3 y se esperan {total - 3} más: {total}, "
    said += f"donde el pronóstico dice {expected}."
    assert (said in page.words) == (basis == "own")
    assert [hour["came"] for hour in now["hours"][9:12]] == [0, 3, None]
