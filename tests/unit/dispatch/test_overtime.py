"""A driver who may be brought back after the shift, at a price, is so in the rest of the day too.

The street of test_proposals: Dora's van stands before Ana, Beto and Carla; Eva drives the same
street, and her shift ends too soon to take any of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from promesa.dispatch.choosing import as_it_is
from promesa.dispatch.proposals import Proposal
from promesa.dispatch.refitting import refit
from promesa.dispatch.situation import rest_of_day
from promesa.domain.fleet import Driver
from promesa.domain.stop import Stop
from promesa.routing.limits import excess_of
from promesa.routing.schedule import time_route
from tests.support.dispatch_memory import DEPOT
from tests.unit.dispatch.test_proposals import EVA, STREETS, TEN, Street, door
from tests.unit.dispatch.test_urgent import Counter

HOUR_S = 3_600
WILLING = replace(EVA, overtime_max_s=HOUR_S, overtime_hour_cost_clp=60_000)
# She is back from Fito, five kilometres out, at 10:21.
SHIFT_END = TEN + timedelta(minutes=25)


async def short_shift(street: Street, driver: Driver) -> None:
    """Eva's shift ends soon; ``driver`` is what is agreed with her."""
    version = await street.tx.routes.get_version(street.eva.id, 1)
    street.tx.routes.versions[street.eva.id, 1] = replace(version, end=SHIFT_END)
    await street.tx.fleet.put_driver(driver)


async def proposed(driver: Driver) -> tuple[Street, Proposal]:
    street = await Street().open()
    await short_shift(street, driver)
    return street, await street.propose()


async def test_who_may_stay_longer_takes_what_a_broken_van_leaves() -> None:
    _, found = await proposed(EVA)
    assert found.moves == ()
    street, found = await proposed(WILLING)
    assert {move.to_route_id for move in found.moves} == {street.eva.id}
    (van,) = found.vans
    assert 0 < van.overtime_s <= HOUR_S


async def test_the_price_of_the_extra_hours_is_in_what_it_costs() -> None:
    _, dear = await proposed(WILLING)
    _, free = await proposed(replace(WILLING, overtime_hour_cost_clp=0))
    paid_clp = dear.vans[0].cost_clp - free.vans[0].cost_clp
    assert paid_clp == pytest.approx(60_000 * dear.vans[0].overtime_s / HOUR_S, abs=2)


async def test_nobody_stays_longer_than_allowed_nor_past_the_closing_of_the_depot() -> None:
    _, found = await proposed(replace(WILLING, overtime_max_s=60))
    assert found.moves == ()
    street = await Street().open()
    await short_shift(street, WILLING)
    # 10:26 in Santiago: a minute after her shift.
    await street.tx.fleet.put_depot(replace(DEPOT, closes=time(10, 26)))
    assert (await street.propose()).moves == ()


async def test_an_urgent_order_may_cost_extra_hours() -> None:
    counter = await Counter().open()
    await short_shift(counter, EVA)
    assert {place.code for place in (await counter.find()).places} == {"R-01"}
    await short_shift(counter, WILLING)
    found = {place.code: place for place in (await counter.find()).places}
    assert found["R-02"].back_at > found["R-02"].shift_end


async def test_the_rest_of_a_day_that_ends_in_its_extra_hours_breaks_nothing() -> None:
    street = await Street().open()
    for driver, is_broken in ((EVA, True), (WILLING, False)):
        await short_shift(street, driver)
        version = await street.tx.routes.get_version(street.eva.id, 1)
        street.tx.routes.versions[street.eva.id, 1] = replace(
            version, end=TEN + timedelta(minutes=10)
        )
        situation = await street.situation()
        now = situation.get_route(street.eva.id)
        rest = rest_of_day(situation, [now], STREETS)
        timed = time_route(rest.problem, 0, as_it_is(rest, 0, now), rest.starts[0])
        assert timed.overtime_s > 0
        assert (excess_of(rest.problem, timed, rest.starts[0]).overtime_s > 0) is is_broken


async def test_a_door_corrected_further_out_may_cost_extra_hours() -> None:
    street = await Street().open()
    await short_shift(street, WILLING)
    before = await street.situation()
    fito: Stop = street.of_eva[1]
    # Nine kilometres out instead of five: back 800 s later, at 10:34.
    await street.tx.routes.put_stop(replace(fito, position=door(9.0)))
    rerouted = refit(before, await street.situation(), fito.id, STREETS)
    assert SHIFT_END < rerouted.timing.end <= SHIFT_END + timedelta(hours=1)
