"""The rest of the day planned anew: late stops first, parcels stay aboard, all of it undone.

Along one street, eastwards, a kilometre (100 s) apart, three minutes at each door:

    CD ── Ana ── Beto ── Carla      R-01 (Dora) visits Carla, Beto and Ana in that order
    CD ── Elsa ── Fito              R-02 (Eva) drives the same street
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from promesa.dispatch.breakdown import move_stops
from promesa.dispatch.choosing import Move, MoveNotPossibleError
from promesa.dispatch.helpless import WhyHelpless
from promesa.dispatch.moving import place_moves
from promesa.dispatch.replanning import DayReplan, Extent, replan_day
from promesa.domain.fleet import Vehicle
from promesa.domain.order import RouteTerms
from promesa.domain.parcel import ParcelState
from promesa.domain.route import Route, RouteState
from promesa.domain.stop import StopState
from promesa.routing.replan.params import Disruption
from tests.support.dispatch_memory import DISPATCHER, DORA, VAN
from tests.unit.dispatch.test_proposals import (
    EVA,
    SECOND,
    STREETS,
    TEN,
    TIMES,
    Street,
    door,
    put_street,
)

COLD = frozenset({"cold"})
ANY = Disruption(stops_max=20, windows_max=0)


class Day(Street):
    """Dora drives to the far end first, and comes back."""

    async def open(self) -> Day:
        await self.tx.fleet.put_vehicle(SECOND)
        await self.tx.fleet.put_driver(EVA)
        self.dora, self.of_dora = await put_street(
            self.tx,
            {"carla": 9.0, "beto": 5.0, "ana": 2.0},
            code="R-01",
            driver=DORA,
            vehicle=VAN,
        )
        self.eva, self.of_eva = await put_street(
            self.tx, {"elsa": 2.5, "fito": 5.0}, code="R-02", driver=EVA, vehicle=SECOND
        )
        self.positions = {self.dora.id: door(1.5), self.eva.id: door(1.0)}
        self.phone.clock.move_to(TEN)
        return self

    async def replan(self, most: Disruption = ANY) -> DayReplan:
        return replan_day(await self.situation(), STREETS, TIMES, Extent(most=most))

    async def make(self, moves: tuple[Move, ...]) -> list[Route]:
        situation = await self.situation()
        rerouted = place_moves(situation, moves, STREETS, TIMES)
        return await move_stops(
            self.tx,
            situation,
            rerouted,
            cause="replan",
            actor=DISPATCHER,
            clock=self.phone.clock,
            ids=self.ids,
        )

    async def order(self, route: Route) -> list[str]:
        now = (await self.situation()).get_route(route.id)
        names = {stop.id: stop for stop in [*self.of_dora, *self.of_eva]}
        places = {door(9.0): "carla", door(5.0): "beto", door(2.0): "ana"}
        return [places[names[planned.stop_id].position] for planned in now.open_stops]


@pytest.fixture
async def day() -> Day:
    return await Day().open()


async def test_a_stop_that_would_be_late_is_visited_first(day: Day) -> None:
    await day.promise(day.of_dora[2], until=TEN + timedelta(minutes=12))
    found = await day.replan()
    assert [change.sentence.split(":")[0] for change in found.changes] == [
        "Cambiar el orden de R-01 (1 parada)"
    ]
    (change,) = found.changes
    assert change.saves == 1
    assert change.harmed == ()
    assert "salva 1 promesa" in change.sentence


async def test_a_change_is_made_and_taken_back(day: Day) -> None:
    await day.promise(day.of_dora[2], until=TEN + timedelta(minutes=12))
    (change,) = (await day.replan()).changes
    before = await day.order(day.dora)
    await day.make(change.moves)
    assert (await day.order(day.dora))[0] == "ana"
    await day.make(change.undo)
    assert await day.order(day.dora) == before


async def test_a_change_made_already_makes_no_other_version(day: Day) -> None:
    """A second tab accepts the list it still shows; the answer to the first was lost."""
    await day.promise(day.of_dora[2], until=TEN + timedelta(minutes=12))
    (change,) = (await day.replan()).changes
    assert len(await day.make(change.moves)) == 1
    assert await day.make(change.moves) == []
    assert (await day.tx.routes.get(day.dora.id)).version == 2
    assert await day.order(day.dora) == ["ana", "carla", "beto"]


async def test_no_more_stops_move_than_allowed(day: Day) -> None:
    await day.promise(day.of_dora[2], until=TEN + timedelta(minutes=12))
    found = await day.replan(Disruption(stops_max=0, windows_max=0))
    assert found.changes == ()
    assert found.sentence == "Ningún cambio dentro de este límite vale la pena."
    assert found.stops == 5


async def test_parcels_stay_in_the_van_that_has_them(day: Day) -> None:
    await day.promise(day.of_dora[2], until=TEN + timedelta(minutes=12))
    found = await day.replan()
    routes = {move.to_route_id for change in found.changes for move in change.moves}
    assert routes == {day.dora.id}


async def test_the_stop_the_driver_is_going_to_does_not_move(day: Day) -> None:
    await day.promise(day.of_dora[2], until=TEN + timedelta(minutes=12))
    carla = day.of_dora[0]
    await day.tx.routes.put_stop(replace(carla, state=StopState.EN_ROUTE))
    found = await day.replan()
    assert carla.id not in {m.stop_id for change in found.changes for m in change.moves}
    with pytest.raises(MoveNotPossibleError):
        await day.make(
            (Move(stop_id=carla.id, to_route_id=day.dora.id, after_stop_id=day.of_dora[1].id),)
        )


async def test_what_nobody_would_notice_is_not_proposed(day: Day) -> None:
    await day.promise(day.of_dora[2], until=TEN + timedelta(minutes=12))
    (change,) = (await day.replan()).changes
    assert change.is_worth_telling
    for saves_s, saves_clp in ((0, 4), (90, -440), (59, 150)):
        small = replace(change, saves=0, saves_s=saves_s, saves_clp=saves_clp)
        assert not small.is_worth_telling


async def test_orders_bound_in_an_order_keep_it(day: Day) -> None:
    await day.promise(day.of_dora[2], until=TEN + timedelta(minutes=12))
    for rank, stop in ((1, day.of_dora[0]), (2, day.of_dora[2])):
        order = await day.tx.orders.get(stop.order_id)
        terms = RouteTerms(bond="juego", bond_rank=rank)
        await day.tx.orders.save(replace(order, terms=terms))
    assert (await day.replan()).changes == ()


async def test_a_van_that_nothing_helps_is_named_with_what_stands_in_the_way(day: Day) -> None:
    """Dora is on her way to Carla, Ana's window is over, and nobody is at Beto's so soon."""
    await day.promise(day.of_dora[2], until=TEN - timedelta(minutes=5))
    await day.promise(day.of_dora[1], until=TEN + timedelta(seconds=30))
    await day.promise(day.of_dora[0], until=TEN + timedelta(minutes=5))
    await day.tx.routes.put_stop(replace(day.of_dora[0], state=StopState.EN_ROUTE))
    found = await day.replan()
    assert found.changes == ()
    (dora,) = found.helpless
    assert (dora.code, dora.why, dora.late) == ("R-01", WhyHelpless.TRIED, 3)
    assert (dora.passed, dora.begun, dora.aboard, dora.free) == (1, 1, 1, 0)


async def let_beto_go(day: Day) -> None:
    """Nobody drives a kilometre in half a minute, whoever has the parcel; Eva's van is another."""
    for route in (day.dora, day.eva):
        await day.tx.routes.save(replace(route, state=RouteState.LOADED, started_at=None))
    await day.promise(day.of_dora[1], until=TEN + timedelta(seconds=30))
    for stop in [*day.of_dora, *day.of_eva]:
        order = await day.tx.orders.get(stop.order_id)
        parcels = tuple(replace(each, state=ParcelState.STAGED) for each in order.parcels)
        await day.tx.orders.save(replace(order, parcels=parcels))


async def test_stops_that_could_go_say_how_many_vans_were_looked_at(day: Day) -> None:
    await let_beto_go(day)
    (dora,) = (await day.replan()).helpless
    assert (dora.code, dora.late, dora.free, dora.takers) == ("R-01", 1, 1, 1)


@pytest.mark.parametrize(
    "second",
    [
        replace(SECOND, skills=frozenset()),
        replace(SECOND, capacity=replace(VAN.capacity, parcels=0), skills=COLD),
        replace(SECOND, stops_max=2, skills=COLD),
    ],
    ids=["without the skill", "too small", "at its most"],
)
async def test_a_van_that_could_never_take_the_stop_was_not_tried(
    day: Day, second: Vehicle
) -> None:
    await let_beto_go(day)
    beto = await day.tx.orders.get(day.of_dora[1].order_id)
    await day.tx.orders.save(replace(beto, skills=COLD))
    await day.tx.fleet.put_vehicle(replace(VAN, skills=COLD))
    takers = []
    for vehicle in (replace(SECOND, skills=COLD), second):
        await day.tx.fleet.put_vehicle(vehicle)
        (dora, *_) = (await day.replan()).helpless
        assert (dora.code, dora.free) == ("R-01", 1)
        takers.append(dora.takers)
    assert takers == [1, 0]


async def test_a_van_that_a_change_saves_is_not_helpless(day: Day) -> None:
    await day.promise(day.of_dora[2], until=TEN + timedelta(minutes=12))
    found = await day.replan()
    assert found.changes
    assert found.helpless == ()


async def test_a_van_that_stands_is_told_of_before_any_other(day: Day) -> None:
    await day.tx.routes.save(replace(day.dora, is_broken_down=True))
    await day.promise(day.of_eva[0], until=TEN - timedelta(minutes=5))
    broken, late = (await day.replan()).helpless
    assert (broken.code, broken.why) == ("R-01", WhyHelpless.BROKEN_DOWN)
    assert (late.code, late.why, late.late) == ("R-02", WhyHelpless.TRIED, 1)
    alone = replan_day(await day.situation(), STREETS, TIMES, Extent(most=ANY, route_id=day.eva.id))
    assert [each.code for each in alone.helpless] == ["R-02"]


async def test_of_one_route_only_its_own_stops_are_counted(day: Day) -> None:
    await day.promise(day.of_dora[0], until=TEN - timedelta(minutes=5))
    everything = await day.replan()
    eva = Extent(most=ANY, route_id=day.eva.id)
    alone = replan_day(await day.situation(), STREETS, TIMES, eva)
    assert (everything.stops, everything.at_risk) == (5, 1)
    assert (alone.stops, alone.at_risk) == (2, 0)
