"""Who buys at the checkouts of a simulated day, and when its orders came in."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from typing import Any

from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.roads.city import City
from promesa.simulator.buyers import (
    ORDERING,
    PAYS_AFTER_MIN,
    Habit,
    batches_between,
    draw_buyers,
    rounds_of,
)
from promesa.simulator.script import OrderFate
from promesa.simulator.town import Door, Town
from promesa.simulator.world_file import load_world

MONDAY = date(2026, 10, 5)
DOOR = Door(address="Suecia 100", comuna="Providencia", position=Position(lon=-70.61, lat=-33.42))


def a_fate(number: int) -> OrderFate:
    body: dict[str, Any] = {}
    return OrderFate(
        reference=f"ARA-{number}",
        merchant=0,
        body=body,
        door=DOOR,
        receiver="Ana",
        receiver_rut="1-9",
        service_s=60.0,
        failure=None,
        opens_page=False,
        instructs=None,
        score=None,
    )


def test_a_monday_is_sold_from_fridays_cut_off_to_sundays_by_the_hours_of_a_shop() -> None:
    fates = [a_fate(number) for number in range(600)]
    friday, sunday = (ServiceDay(MONDAY - timedelta(days=ago)) for ago in (3, 1))

    batches = batches_between(fates, friday.at(time(18)), sunday.at(time(18)), seed=1)

    came = [fate.reference for batch in batches for fate in batch.orders]
    assert sorted(came) == sorted(fate.reference for fate in fates)
    assert [batch.at for batch in batches] == sorted({batch.at for batch in batches})
    by_day = Counter[date]()
    for batch in batches:
        by_day[ServiceDay.of(batch.at).date] += len(batch.orders)
        assert friday.at(time(18)) < batch.at < sunday.at(time(18))
        # Nobody buys from three to six in the morning.
        assert not 3 <= friday.clock_time_of(batch.at).hour < 6
    assert by_day[MONDAY - timedelta(days=2)] > by_day[MONDAY - timedelta(days=1)]
    assert by_day[MONDAY - timedelta(days=1)] > by_day[MONDAY - timedelta(days=3)] > 0


def test_buyers_bring_no_day_of_their_own_and_put_a_pin(city: City) -> None:
    buyers = draw_buyers(Town(city), load_world(), day=MONDAY, orders=50, seed=1)

    references = {buyer.body["reference"] for buyer in buyers}
    assert len(references) == len(buyers) == 60
    assert [buyer.at for buyer in buyers] == sorted(buyer.at for buyer in buyers)
    assert {ServiceDay.of(buyer.at).date for buyer in buyers} == {MONDAY}
    for buyer in buyers:
        assert {"date", "windows", "legs"} & set(buyer.body) == set()
        assert {"position", "address", "comuna", "parcels"} <= set(buyer.body)
        if buyer.habit in ORDERING:
            low, high = PAYS_AFTER_MIN[buyer.habit]
            assert timedelta(minutes=low) <= buyer.orders_after <= timedelta(minutes=high)
    assert {Habit.BUYS, Habit.HOLDS, Habit.LEAVES} <= {buyer.habit for buyer in buyers}


def test_the_same_seed_brings_the_same_buyers(city: City) -> None:
    town, world = Town(city), load_world()

    def said(seed: int) -> list[tuple[Any, ...]]:
        drawn = draw_buyers(town, world, day=MONDAY, orders=5, seed=seed)
        return [(buyer.at, buyer.body, buyer.habit, buyer.patience) for buyer in drawn]

    assert said(1) == said(1)
    assert said(1) != said(2)


def test_a_round_has_who_came_within_its_minutes_and_stays_in_their_hour(city: City) -> None:
    buyers = draw_buyers(Town(city), load_world(), day=MONDAY, orders=50, seed=1)

    rounds = rounds_of(buyers, timedelta(minutes=15))

    assert [buyer for each in rounds for buyer in each.buyers] == list(buyers)
    for each in rounds:
        waited = [each.at - buyer.at for buyer in each.buyers]
        assert min(waited) > timedelta(seconds=-1)
        assert max(waited) < timedelta(minutes=15)
        assert {buyer.at.hour for buyer in each.buyers} == {each.at.hour}
