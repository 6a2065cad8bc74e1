"""Buyers at the shops' checkouts against the real platform."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from promesa.roads.city import City
from promesa.simulator.buyers import Buyer, Habit, Round, draw_buyers, rounds_of
from promesa.simulator.checkout import Checkouts
from promesa.simulator.client import Api
from promesa.simulator.office import Office
from promesa.simulator.script import write_script
from promesa.simulator.town import Town
from promesa.simulator.world_file import load_world
from tests.api.test_quotes import plan_shift
from tests.support.client import body_of
from tests.support.operation import TODAY, TOMORROW
from tests.support.platform import Stage

# Who has it takes any date.
PATIENT = 0.0


def buyers_of(city: City, stage: Stage, habits: tuple[Habit, ...]) -> list[Buyer]:
    """One of each habit, a minute after the other."""
    drawn = draw_buyers(Town(city), load_world(), day=TODAY, orders=len(habits) + 1, seed=1)
    return [
        replace(
            buyer,
            at=stage.clock.now() + timedelta(minutes=number),
            merchant=0,
            habit=habit,
            patience=PATIENT,
            orders_after=timedelta(minutes=5),
        )
        for number, (buyer, habit) in enumerate(zip(drawn, habits, strict=False), start=1)
    ]


def last_round(stage: Stage) -> Round:
    """Nobody new, a quarter of an hour later: who pays late has paid."""
    return Round(at=stage.clock.now() + timedelta(minutes=15), buyers=())


async def sell(stage: Stage, buyers: list[Buyer]) -> dict[str, Any]:
    """A quarter of an hour of a shop's checkout, and the operation's orders of tomorrow after."""
    async with stage.client(stage.norte.session()) as office:
        checkouts = Checkouts(Api(office), lambda _: stage.norte.ids["merchant_id"])
        for each in [*rounds_of(buyers, timedelta(minutes=3)), last_round(stage)]:
            stage.clock.move_to(each.at)
            await checkouts.serve(each.buyers, each.at)
            await stage.platform.pump.settle()
        found = body_of(await office.get("/v1/orders", params={"date": TOMORROW.isoformat()}))
    return {item["reference"]: item for item in found["items"]}


async def test_who_takes_the_date_orders_with_it_and_who_forgets_or_leaves_does_not(
    city: City, stage: Stage
) -> None:
    await plan_shift(stage, stage.norte)
    habits = (Habit.BUYS, Habit.HOLDS, Habit.FORGETS, Habit.LEAVES)
    buyers = buyers_of(city, stage, habits)

    found = await sell(stage, buyers)

    buys, holds, forgets, leaves = (buyer.body["reference"] for buyer in buyers)
    assert {buys, holds} <= set(found)
    assert {forgets, leaves} & set(found) == set()
    assert found[buys]["state"] == "confirmed"
    assert found[buys]["date"] == TOMORROW.isoformat()


async def test_a_date_that_comes_too_late_loses_the_sale(city: City, stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    (buyer,) = buyers_of(city, stage, (Habit.BUYS,))
    # Tomorrow loses none of those there are, whose patience ends at 1.
    found = await sell(stage, [replace(buyer, patience=1.1)])
    assert buyer.body["reference"] not in found


async def test_what_the_platform_refuses_loses_the_sale_and_not_the_day(
    city: City, stage: Stage
) -> None:
    """No van is known of any day: nothing can be promised."""
    (buyer,) = buyers_of(city, stage, (Habit.BUYS,))
    assert buyer.body["reference"] not in await sell(stage, [buyer])


async def test_orders_sold_for_their_day_bring_its_quote_and_those_with_hours_do_not(
    city: City, stage: Stage
) -> None:
    await plan_shift(stage, stage.norte)
    town = Town(city)
    script = write_script(town, load_world(), day=TOMORROW, orders=12, seed=1)
    async with stage.client(stage.norte.session()) as client:
        checkouts = Checkouts(Api(client), lambda _: stage.norte.ids["merchant_id"])
        quotes = await checkouts.quote(script.orders)
        office = Office(Api(client), seed=1)
        await office.open_shops(script)
        await office.take_orders(script.orders, dict.fromkeys(quotes, "not a quote"))
        found = body_of(await client.get("/v1/orders", params={"date": TOMORROW.isoformat()}))

    plain = {fate.reference for fate in script.orders if not fate.body["windows"]}
    assert 0 < len(quotes) < len(script.orders)
    assert set(quotes) <= plain
    # A refused quote loses no order.
    assert {fate.reference for fate in script.orders} <= {
        item["reference"] for item in found["items"]
    }
