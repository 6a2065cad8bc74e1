"""A van that comes back to load has part of its parcels in the depot until then.

The street of test_replanning: R-01 (Dora) visits Carla and Beto, comes back to the depot, loads
for half an hour and visits Ana. R-02 (Eva) visits Elsa and Fito in one trip. A kilometre takes
100 s, a visit three minutes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from promesa.dispatch.choosing import Move, MoveNotPossibleError, as_it_is
from promesa.dispatch.foresight import foresee_as_it_is
from promesa.dispatch.journal import Journal
from promesa.dispatch.moving import place_moves
from promesa.dispatch.proposals import gather_situation, propose
from promesa.dispatch.situation import RestOfDay, RouteNow, rest_of_day
from promesa.dispatch.transfers import may_leave
from promesa.dispatch.urgent import place_urgent
from promesa.dispatch.urgent_actions import bound_to, gather_urgent, insert_order
from promesa.dispatch.urgent_day import UrgentPlace
from promesa.dispatch.versions import withdraw
from promesa.domain.fleet import Load
from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.route import RouteReload, RouteState, RouteVersion
from promesa.domain.stop import Stop, StopState
from promesa.kernel.ids import derived_id
from promesa.routing.limits import NO_EXCESS, excess_of
from promesa.routing.plan import RELOAD, PlannedRoute
from promesa.routing.schedule import time_route
from tests.support.dispatch_memory import (
    DEPOT,
    DISPATCHER,
    VAN,
    SmallDay,
    make_small_day,
)
from tests.support.orders_memory import TODAY
from tests.unit.dispatch.test_proposals import STREETS, TEN, TIMES
from tests.unit.dispatch.test_urgent import Counter

LOADING_S = 1_800
BACK = TEN + timedelta(hours=1)
TWO_PARCELS = Load(parcels=2, weight_g=900_000, volume_ml=8_000_000)


class Trips(Counter):
    """Dora's van holds two parcels, and comes back for the third."""

    async def open(self) -> Trips:
        await super().open()
        await self.tx.fleet.put_vehicle(replace(VAN, capacity=TWO_PARCELS, trips_max=2))
        ana = self.of_dora[2]
        reload = RouteReload(
            arrival=BACK, departure=BACK + timedelta(seconds=LOADING_S), order_id=ana.order_id
        )
        version = await self.tx.routes.get_version(self.dora.id, 1)
        self.tx.routes.versions[self.dora.id, 1] = replace(version, reloads=(reload,))
        await self.stays_in_depot(ana)
        return self

    async def stays_in_depot(self, stop: Stop) -> None:
        order = await self.tx.orders.get(stop.order_id)
        stored = tuple(replace(parcel, state=ParcelState.STAGED) for parcel in order.parcels)
        ready = OrderState.READY_FOR_DISPATCH
        await self.tx.orders.save(replace(order, state=ready, parcels=stored))

    async def rest(self) -> tuple[RestOfDay, RouteNow]:
        situation = await self.situation()
        now = situation.get_route(self.dora.id)
        return rest_of_day(situation, [now], STREETS), now

    async def goes_to(self, place: int) -> None:
        stop = self.of_dora[place]
        await self.tx.routes.put_stop(replace(stop, state=StopState.EN_ROUTE))

    async def newest(self) -> RouteVersion:
        route = await self.tx.routes.get(self.dora.id)
        return await self.tx.routes.get_version(route.id, route.version)

    async def inserted(self, place: UrgentPlace) -> RouteVersion:
        situation, urgent = await gather_urgent(self.tx, await self.situation(), self.gina.id)
        urgent = bound_to(situation, urgent, place.route_id)
        move = Move(
            stop_id=urgent.stop.id,
            to_route_id=place.route_id,
            after_stop_id=place.after,
            is_first=place.after is None,
            after_reload=place.after_reload,
        )
        new = place_urgent(situation, urgent, move, STREETS, TIMES)
        await insert_order(self.tx, situation, urgent, new, self.hand)
        return await self.newest()

    async def place_at(self, code: str) -> UrgentPlace:
        return next(place for place in (await self.find()).places if place.code == code)


@pytest.fixture
async def trips() -> Trips:
    return await Trips().open()


def timed_as_it_is(rest: RestOfDay, now: RouteNow) -> PlannedRoute:
    return time_route(rest.problem, 0, as_it_is(rest, 0, now), rest.starts[0])


async def test_it_comes_back_and_loads_before_what_it_has_not_aboard(trips: Trips) -> None:
    rest, now = await trips.rest()
    timed = timed_as_it_is(rest, now)
    carla, beto, ana = (rest.index_of(stop.id) for stop in trips.of_dora)
    assert timed.sequence == (carla, beto, RELOAD, ana)
    assert excess_of(rest.problem, timed, rest.starts[0]) == NO_EXCESS
    (reload,) = timed.reloads
    # From the place of Beto, five kilometres out, and two to Ana once it has loaded.
    assert reload.arrival_s - timed.visits[1].departure_s == 500
    assert timed.visits[2].arrival_s - reload.arrival_s == LOADING_S + 200


async def test_who_is_on_the_way_to_the_second_trip_has_loaded_for_it(trips: Trips) -> None:
    for place in (0, 1):
        await trips.phone.close(trips.of_dora[place])
    rest, now = await trips.rest()
    assert timed_as_it_is(rest, now).sequence[0] == RELOAD
    await trips.goes_to(2)
    rest, now = await trips.rest()
    assert RELOAD not in timed_as_it_is(rest, now).sequence


async def test_tracking_expects_it_by_way_of_the_depot_until_it_has_loaded(trips: Trips) -> None:
    for place in (0, 1):
        await trips.phone.close(trips.of_dora[place])

    async def expected_s() -> float:
        situation = await trips.situation()
        now = situation.get_route(trips.dora.id)
        arrival = foresee_as_it_is(situation, now, TIMES).arrivals[trips.of_dora[2].id]
        return (arrival.p50 - situation.now).total_seconds()

    # A kilometre and a half to the depot, half an hour there, two kilometres out.
    assert await expected_s() == pytest.approx(150 + LOADING_S + 200, rel=0.1)
    await trips.goes_to(2)
    assert await expected_s() < 60


async def test_nobody_is_visited_before_his_parcel_is_loaded(trips: Trips) -> None:
    await trips.promise(trips.of_dora[2], until=TEN + timedelta(minutes=12))
    found = await trips.replan()
    assert found.changes == ()
    assert found.at_risk == 1


async def test_a_van_that_has_not_left_may_take_what_waits_in_the_depot(trips: Trips) -> None:
    ana = trips.of_dora[2]
    await trips.promise(ana, until=TEN + timedelta(minutes=12))
    await trips.tx.routes.save(replace(trips.eva, state=RouteState.PUBLISHED, started_at=None))
    found = await trips.replan()
    (change,) = found.changes
    assert [(move.stop_id, move.to_route_id) for move in change.moves] == [(ana.id, trips.eva.id)]
    assert found.helpless == (), "who gives it away is helped"


async def test_put_first_by_a_person_it_is_the_first_after_the_loading(trips: Trips) -> None:
    await trips.inserted(await trips.place_at("R-01"))
    version = await trips.newest()
    last = version.stops[-1].stop_id
    situation = await trips.situation()
    move = Move(stop_id=last, to_route_id=trips.dora.id, is_first=True)
    (rerouted,) = place_moves(situation, [move], STREETS, TIMES)
    order = [stop.stop_id for stop in rerouted.stops]
    assert order.index(last) == 2


async def test_a_new_version_says_when_it_comes_back_then(trips: Trips) -> None:
    carla, beto, ana = trips.of_dora
    situation = await trips.situation()
    move = Move(stop_id=beto.id, to_route_id=trips.dora.id, is_first=True)
    (rerouted,) = place_moves(situation, [move], STREETS, TIMES)
    assert [stop.stop_id for stop in rerouted.stops] == [beto.id, carla.id, ana.id]
    assert rerouted.timing.reloads is not None
    (reload,) = rerouted.timing.reloads
    assert reload.order_id == ana.order_id
    # Carla is nine kilometres out.
    assert reload.arrival - rerouted.stops[1].departure == timedelta(seconds=900)
    leg = rerouted.stops[2]
    assert leg.leg_duration_s == 900 + LOADING_S + 200
    assert leg.leg_distance_m == pytest.approx(11_000, abs=20)


async def test_without_the_first_of_a_trip_it_comes_back_for_the_next(trips: Trips) -> None:
    await trips.inserted(await trips.place_at("R-01"))
    version = await trips.newest()
    (reload,) = version.reloads
    trip = version.trips()
    second = [stop for stop in version.stops if trip[stop.stop_id] == 2]
    assert second[0].order_id == reload.order_id
    now = trips.phone.clock.now()
    journal = Journal(
        tx=trips.tx,
        cause_id=derived_id("withdraw"),
        actor=DISPATCHER,
        occurred_at=now,
        recorded_at=now,
        route_id=trips.dora.id,
    )
    first = await trips.tx.orders.get(second[0].order_id)
    await withdraw(journal, first, cause="test")
    after = await trips.newest()
    assert [each.order_id for each in after.reloads] == [second[1].order_id]
    assert after.trips()[second[1].stop_id] == 2


async def test_an_order_in_the_depot_is_loaded_when_it_comes_back_anyway(trips: Trips) -> None:
    found = await trips.place_at("R-01")
    assert (found.depot, found.after_reload) == (DEPOT.name, True)
    assert found.after in {trips.of_dora[1].id, trips.of_dora[2].id}
    assert found.lost == 0
    assert {later.stop_id for later in found.later} <= {trips.of_dora[2].id}
    version = await trips.inserted(found)
    (planned,) = [stop for stop in version.stops if stop.order_id == trips.gina.id]
    assert planned.transfer is None
    assert version.trips()[planned.stop_id] == 2
    assert len(version.reloads) == 1


async def test_a_van_that_may_make_one_trip_more_comes_back_for_it_at_the_end(
    trips: Trips,
) -> None:
    # Both of its parcels are aboard and it is full: it cannot fetch one now.
    version = await trips.tx.routes.get_version(trips.dora.id, 1)
    trips.tx.routes.versions[trips.dora.id, 1] = replace(
        version, stops=version.stops[:2], reloads=()
    )
    del trips.tx.routes.stops[trips.of_dora[2].id]
    found = await trips.place_at("R-01")
    assert (found.after_reload, found.after) == (True, trips.of_dora[1].id)
    assert (await trips.inserted(found)).reloads[0].order_id == trips.gina.id


async def test_a_full_van_with_no_trip_left_is_no_place(trips: Trips) -> None:
    await trips.tx.fleet.put_vehicle(replace(VAN, capacity=TWO_PARCELS))
    version = await trips.tx.routes.get_version(trips.dora.id, 1)
    trips.tx.routes.versions[trips.dora.id, 1] = replace(
        version, stops=version.stops[:2], reloads=()
    )
    del trips.tx.routes.stops[trips.of_dora[2].id]
    assert {place.code for place in (await trips.find()).places} == {"R-02"}


async def test_what_waits_in_the_depot_is_fetched_there_when_the_van_breaks_down(
    trips: Trips,
) -> None:
    await trips.tx.routes.save(replace(trips.dora, is_broken_down=True))
    situation = await trips.situation()
    found = propose(situation, trips.dora.id, STREETS, TIMES)
    ana = trips.of_dora[2].id
    (move,) = [move for move in found.moves if move.stop_id == ana]
    moves = [Move(stop_id=ana, to_route_id=move.to_route_id)]
    rerouted = {each.route_id: each for each in place_moves(situation, moves, STREETS, TIMES)}
    (planned,) = [s for s in rerouted[trips.eva.id].stops if s.stop_id == ana]
    assert planned.transfer is not None
    assert (planned.transfer.from_route_id, planned.transfer.position) == (None, DEPOT.position)


async def test_more_than_the_van_carries_is_not_published(trips: Trips) -> None:
    await trips.waits_in_depot()
    await trips.tx.routes.save(replace(trips.dora, state=RouteState.PUBLISHED, started_at=None))
    situation = await trips.situation()
    elsa = trips.of_eva[0].id
    full = Move(stop_id=elsa, to_route_id=trips.dora.id, is_first=True)
    with pytest.raises(MoveNotPossibleError, match="lleva 1 bultos más de lo que carga"):
        place_moves(situation, [full], STREETS, TIMES)
    later = replace(full, is_first=False, after_stop_id=trips.of_dora[1].id, after_reload=True)
    rerouted = {each.route_id: each for each in place_moves(situation, [later], STREETS, TIMES)}
    order = [stop.stop_id for stop in rerouted[trips.dora.id].stops]
    assert order == [trips.of_dora[0].id, trips.of_dora[1].id, elsa, trips.of_dora[2].id]


async def comes_back_for_beto() -> SmallDay:
    """Ana's two parcels go out with the van, Beto's one waits for its second trip."""
    day = await make_small_day()
    version = await day.tx.routes.get_version(day.route.id, 1)
    reload = RouteReload(
        arrival=BACK, departure=BACK + timedelta(seconds=LOADING_S), order_id=day.beto.order_id
    )
    day.tx.routes.versions[day.route.id, 1] = replace(version, reloads=(reload,))
    for parcel in (await day.order_of(day.ana)).parcels:
        await day.phone.tell("parcel.loaded", barcode=parcel.barcode)
    return day


async def state_of(day: SmallDay, stop: Stop) -> tuple[ParcelState, OrderState]:
    order = await day.order_of(stop)
    return order.parcels[0].state, order.state


OUT = (ParcelState.IN_TRANSIT, OrderState.OUT_FOR_DELIVERY)


async def test_what_is_loaded_on_coming_back_stays_in_the_depot_when_the_van_leaves() -> None:
    day = await comes_back_for_beto()
    before = await state_of(day, day.beto)
    assert (await day.phone.tell("route.loaded")).status == "accepted"
    await day.phone.tell("route.started")
    assert await state_of(day, day.ana) == OUT
    assert await state_of(day, day.beto) == before


async def test_what_was_scanned_for_the_second_trip_leaves_with_the_first() -> None:
    day = await comes_back_for_beto()
    (parcel,) = (await day.order_of(day.beto)).parcels
    await day.phone.tell("parcel.loaded", barcode=parcel.barcode)
    await day.phone.tell("route.started")
    assert await state_of(day, day.beto) == OUT


@pytest.mark.parametrize("told", ["stop.started", "stop.arrived"])
async def test_who_goes_to_the_second_trip_has_loaded_for_it(told: str) -> None:
    day = await comes_back_for_beto()
    await day.phone.tell("route.started")
    await day.phone.close(day.ana)
    await day.phone.tell(told, stop_id=day.beto.id)
    assert await state_of(day, day.beto) == OUT


async def test_a_stop_of_the_second_trip_may_be_given_away_until_it_is_loaded() -> None:
    """The way it was, its parcel counted as aboard from the first departure on."""
    day = await comes_back_for_beto()
    await day.phone.tell("route.loaded")
    await day.phone.tell("route.started")
    situation = await gather_situation(day.tx, TODAY, now=day.phone.clock.now(), fixes={})
    (now,) = [each for each in situation.routes if not each.is_spare]
    ana, beto = now.open_stops
    assert not may_leave(situation, now, ana)
    assert may_leave(situation, now, beto)
