"""A driver's colación as it was really had: kept once, whatever the phone says and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from promesa.dispatch.resting import with_end, with_pause
from promesa.dispatch.situation import rest_of_day
from promesa.domain.fleet import MealBreak
from promesa.domain.route import RouteBreak, RouteRest, RouteState
from promesa.tracking.resting import breaks_had, breaks_to_come, rests_at
from tests.support.dispatch_memory import DORA
from tests.unit.dispatch.test_proposals import STREETS, TEN
from tests.unit.dispatch.test_replanning import Day
from tests.unit.dispatch.test_rest_of_day import end_s

MEAL = MealBreak(duration_s=1_800, earliest=time(10, 5), latest=time(10, 50))


def rest(start: int, end: int | None) -> RouteRest:
    over = None if end is None else TEN + timedelta(minutes=end)
    return RouteRest(start=TEN + timedelta(minutes=start), end=over)


def minute(number: int) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("known", "told", "ends", "expected"),
    [
        ((), 5, (), ((5, None),)),
        # Twice, and within one that goes on or is over.
        (((5, None),), 6, (), ((5, None),)),
        (((5, 35),), 20, (35,), ((5, 35),)),
        # A second rest of the day.
        (((5, 35),), 60, (35,), ((5, 35), (60, None))),
        # The end came before the beginning.
        ((), 5, (35,), ((5, 35),)),
        # Its own end never came, and another rest is known by then: nobody knows how long.
        (((60, None),), 5, (), ((60, None),)),
        (((60, 90),), 5, (35, 90), ((5, 35), (60, 90))),
        (((60, 90),), 5, (90,), ((60, 90),)),
    ],
)
def test_a_rest_is_kept_once_in_whatever_order_it_is_told(
    known: tuple[tuple[int, int | None], ...],
    told: int,
    ends: tuple[int, ...],
    expected: tuple[tuple[int, int | None], ...],
) -> None:
    rests = tuple(rest(*each) for each in known)
    found = with_pause(rests, TEN + minute(told), [TEN + minute(each) for each in ends])
    assert found == tuple(rest(*each) for each in expected)


def test_an_end_ends_what_goes_on_and_nothing_else() -> None:
    assert with_end((rest(5, None),), TEN + minute(35)) == (rest(5, 35),)
    assert with_end((rest(5, 35),), TEN + minute(50)) == (rest(5, 35),)
    assert with_end((rest(5, None),), TEN + minute(4)) == (rest(5, None),)
    assert with_end((), TEN) == ()


class Table(Day):
    """Dora's plan has her colación at twenty past ten; she has it when she likes."""

    async def open(self) -> Table:
        await super().open()
        await self.tx.fleet.put_driver(replace(DORA, meal_break=MEAL))
        version = await self.tx.routes.get_version(self.dora.id, 1)
        self.planned = RouteBreak(start=TEN + minute(20), end=TEN + minute(50))
        self.version = replace(version, breaks=(self.planned,))
        self.tx.routes.versions[self.dora.id, 1] = self.version
        return self

    async def ends_s(self) -> int:
        situation = await self.situation()
        now = situation.get_route(self.dora.id)
        return end_s(rest_of_day(situation, [now], STREETS), now)

    async def rests(self) -> tuple[RouteRest, ...]:
        return (await self.tx.routes.get(self.dora.id)).rests


@pytest.fixture
async def table() -> Table:
    return await Table().open()


async def test_what_was_told_twice_is_one_rest_and_its_end_takes_the_driver_back(
    table: Table,
) -> None:
    start = table.phone.event("route.paused", route_id=table.dora.id)
    for _ in range(2):
        await table.phone.send(start)
    assert (await table.tx.routes.get(table.dora.id)).state is RouteState.PAUSED
    table.phone.clock.move_to(TEN + minute(30))
    end = table.phone.event("route.resumed", route_id=table.dora.id)
    for _ in range(2):
        await table.phone.send(end)
    assert await table.rests() == (rest(0, 30),)
    assert (await table.tx.routes.get(table.dora.id)).state is RouteState.STARTED


async def test_a_rest_told_after_its_end_leaves_nobody_resting(table: Table) -> None:
    table.phone.clock.move_to(TEN + minute(40))
    later = {"occurred_at": (TEN + minute(35)).isoformat()}
    await table.phone.send(table.phone.event("route.resumed", route_id=table.dora.id) | later)
    early = {"occurred_at": (TEN + minute(5)).isoformat()}
    await table.phone.send(table.phone.event("route.paused", route_id=table.dora.id) | early)
    assert await table.rests() == (rest(5, 35),)
    assert (await table.tx.routes.get(table.dora.id)).state is RouteState.STARTED


async def test_had_sooner_than_planned_it_is_not_due_again(table: Table) -> None:
    due_s = await table.ends_s()
    table.dora = replace(table.dora, rests=(rest(-40, -10),))
    await table.tx.routes.save(table.dora)
    assert await table.ends_s() == due_s - 1_800


async def test_a_few_minutes_are_no_colacion(table: Table) -> None:
    due_s = await table.ends_s()
    await table.tx.routes.save(replace(table.dora, rests=(rest(-40, -30),)))
    assert await table.ends_s() == due_s


async def test_a_rest_too_short_to_count_is_said_so_and_the_next_one_is_held_to_the_same(
    table: Table,
) -> None:
    """Half an hour is due: none at once, then one of a quarter, then one of half an hour."""
    told = (rest(-90, -90), rest(-80, -65), rest(-60, -30))
    seen = rests_at(table.version, told, TEN)
    assert [each.is_short for each in seen] == [True, True, False]
    assert breaks_to_come(table.version, told[:2]) == (table.planned,)
    assert breaks_to_come(table.version, told) == ()


async def test_who_is_eating_goes_on_when_it_has_lasted_as_long_as_planned(table: Table) -> None:
    table.dora = replace(table.dora, rests=(rest(-10, None),), state=RouteState.PAUSED)
    await table.tx.routes.save(table.dora)
    situation = await table.situation()
    now = situation.get_route(table.dora.id)
    start = rest_of_day(situation, [now], STREETS).starts[0]
    assert situation.day.instant_at(start.ready_s) == TEN + minute(20)


async def test_what_the_plan_has_left_is_counted_by_what_was_had(table: Table) -> None:
    version = table.version
    assert breaks_to_come(version, (rest(-40, -10),)) == ()
    assert breaks_to_come(version, (rest(-40, -30),)) == (table.planned,)
    (going_on,) = breaks_had(version, (rest(-10, None),))
    assert going_on.end == TEN + minute(20)
    (shown,) = rests_at(version, (rest(-60, None),), TEN)
    assert (shown.start, shown.end) == (TEN - minute(60), TEN)
