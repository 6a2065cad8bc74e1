"""What is in a van and what in the depot, when a van comes back to load for a second trip.

The street of test_replanning: R-01 (Dora) visits Carla, comes back to the depot and visits Beto
and Ana, whose parcels lie there until then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from promesa.dispatch.choosing import Move, MoveNotPossibleError
from promesa.dispatch.foresight import foresee_as_it_is
from promesa.dispatch.moving import place_moves
from promesa.dispatch.proposals import require_free
from promesa.dispatch.refitting import refit
from promesa.dispatch.stop_actions import arrive_by_geofence
from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.route import RouteReload, Transfer
from promesa.domain.stop import Stop
from promesa.kernel.ids import derived_id
from tests.support.dispatch_memory import DEPOT, DRIVER, VAN
from tests.unit.dispatch.test_proposals import STREETS, TIMES, door
from tests.unit.dispatch.test_second_trips import (
    BACK,
    LOADING_S,
    OUT,
    Trips,
    comes_back_for_beto,
    state_of,
)

IN_DEPOT = (ParcelState.STAGED, OrderState.READY_FOR_DISPATCH)
CALLED_OFF = "PURCHASE_CANCELLED"


class Loading(Trips):
    """Beto goes with Ana, on the second trip."""

    async def open(self) -> Loading:
        await super().open()
        self.carla, self.beto, self.ana = self.of_dora
        version = await self.tx.routes.get_version(self.dora.id, 1)
        reload = RouteReload(
            arrival=BACK - timedelta(minutes=45),
            departure=BACK - timedelta(minutes=15),
            order_id=self.beto.order_id,
        )
        self.tx.routes.versions[self.dora.id, 1] = replace(version, reloads=(reload,))
        await self.stays_in_depot(self.beto)
        return self

    async def fails(self, stop: Stop) -> None:
        assert (await self.phone.close(stop, "failed", reason=CALLED_OFF)).status == "accepted"

    async def state(self, stop: Stop) -> tuple[ParcelState, OrderState]:
        order = await self.tx.orders.get(stop.order_id)
        return order.parcels[0].state, order.state

    async def expected_s(self, stop: Stop) -> float:
        situation = await self.situation()
        now = situation.get_route(self.dora.id)
        arrival = foresee_as_it_is(situation, now, TIMES).arrivals[stop.id]
        return (arrival.p50 - situation.now).total_seconds()

    async def loads_again(self) -> bool:
        now = (await self.situation()).get_route(self.dora.id)
        return None in now.open_steps

    async def fetched(self, stop: Stop) -> Transfer | None:
        """Where Eva is sent for the parcels of a stop of Dora's."""
        moves = [Move(stop_id=stop.id, to_route_id=self.eva.id)]
        placed = place_moves(await self.situation(), moves, STREETS, TIMES)
        (taking,) = [each for each in placed if each.route_id == self.eva.id]
        return next(each.transfer for each in taking.stops if each.stop_id == stop.id)


async def scan(trips: Trips, stop: Stop) -> None:
    (parcel,) = (await trips.tx.orders.get(stop.order_id)).parcels
    told = await trips.phone.tell("parcel.loaded", barcode=parcel.barcode)
    assert told.status == "accepted"


async def refitted(trips: Trips, stop: Stop, km: float) -> tuple[list[UUID], list[UUID]]:
    """The orders of Dora's route, and the first of each load, once a door is elsewhere."""
    before = await trips.situation()
    await trips.tx.routes.put_stop(replace(stop, position=door(km)))
    found = refit(before, await trips.situation(), stop.id, STREETS)
    loads = found.timing.reloads or ()
    return [each.order_id for each in found.stops], [each.order_id for each in loads]


@pytest.fixture
async def loading() -> Loading:
    return await Loading().open()


async def test_a_visit_that_fails_from_afar_loads_nothing_of_its_trip(loading: Loading) -> None:
    await loading.fails(loading.beto)
    assert await loading.state(loading.ana) == IN_DEPOT


async def test_the_loading_is_expected_still_once_a_visit_has_failed_from_afar(
    loading: Loading,
) -> None:
    await loading.fails(loading.beto)
    assert await loading.loads_again()
    of_carla_s = await loading.expected_s(loading.carla)
    # Three minutes at Carla's door, nine kilometres back, half an hour there, two to Ana.
    there_s = 180 + 900 + LOADING_S + 200
    assert await loading.expected_s(loading.ana) - of_carla_s == pytest.approx(there_s, rel=0.1)


async def test_who_hands_over_on_the_second_trip_has_loaded_all_of_it(loading: Loading) -> None:
    """The phone was off on the way, and tells of the visit alone."""
    await loading.phone.close(loading.carla)
    await loading.phone.close(loading.beto)
    assert await loading.state(loading.ana) == OUT
    assert not await loading.loads_again()


async def test_a_visit_that_fails_at_the_door_has_been_loaded_for(loading: Loading) -> None:
    await loading.phone.close(loading.carla)
    now = loading.phone.clock.now()
    assert await arrive_by_geofence(loading.tx, loading.beto.id, now, actor=DRIVER, now=now)
    await loading.fails(loading.beto)
    assert await loading.state(loading.ana) == OUT
    assert not await loading.loads_again()


async def test_a_visit_called_off_on_the_way_sends_nobody_back_to_load(loading: Loading) -> None:
    await loading.phone.close(loading.carla)
    await loading.phone.tell("stop.started", stop_id=loading.beto.id)
    await loading.fails(loading.beto)
    assert not await loading.loads_again()


async def test_what_was_scanned_early_is_fetched_from_the_van_that_stands(
    loading: Loading,
) -> None:
    await scan(loading, loading.beto)
    await loading.tx.routes.save(replace(loading.dora, is_broken_down=True))
    of_beto, of_ana = await loading.fetched(loading.beto), await loading.fetched(loading.ana)
    assert of_beto is not None
    assert of_beto.from_route_id == loading.dora.id
    assert of_ana is not None
    assert (of_ana.from_route_id, of_ana.position) == (None, DEPOT.position)


async def test_what_is_scanned_while_a_move_is_looked_at_stays_in_its_van(
    loading: Loading,
) -> None:
    await loading.phone.close(loading.carla)
    move = Move(stop_id=loading.ana.id, to_route_id=loading.eva.id)
    require_free(await loading.situation(), [move])
    await scan(loading, loading.ana)
    there = await loading.fetched(loading.ana)
    assert there is not None
    assert there.from_route_id == loading.dora.id
    with pytest.raises(MoveNotPossibleError):
        require_free(await loading.situation(), [move])


async def test_what_was_scanned_early_may_be_visited_before_loading(loading: Loading) -> None:
    await scan(loading, loading.beto)
    move = Move(stop_id=loading.beto.id, to_route_id=loading.dora.id, is_first=True)
    (placed,) = place_moves(await loading.situation(), [move], STREETS, TIMES)
    assert placed.stops[0].stop_id == loading.beto.id
    assert placed.timing.reloads is not None
    assert [each.order_id for each in placed.timing.reloads] == [loading.ana.order_id]


async def test_a_door_found_elsewhere_is_visited_before_its_parcel_goes_along_to_load(
    loading: Loading,
) -> None:
    await loading.tx.fleet.put_vehicle(replace(VAN, trips_max=2))
    # Beyond Beto, where one way out after the loading would cost less than two.
    route, loads = await refitted(loading, loading.carla, 8.0)
    assert route == [stop.order_id for stop in loading.of_dora]
    assert loads == [loading.beto.order_id]


async def test_what_a_full_van_took_along_early_is_visited_on_its_trip_still() -> None:
    """Both of its places are taken by Carla's and Beto's parcels."""
    trips = await Trips().open()
    ana = trips.of_dora[2]
    await scan(trips, ana)
    route, loads = await refitted(trips, ana, 2.2)
    assert route == [stop.order_id for stop in trips.of_dora]
    assert loads == [ana.order_id]


async def test_who_has_scanned_all_of_it_early_still_comes_back_for_an_urgent_order() -> None:
    trips = await Trips().open()
    await scan(trips, trips.of_dora[2])
    assert (await trips.place_at("R-01")).after_reload


async def test_half_an_order_scanned_for_the_second_trip_is_not_on_its_way() -> None:
    day = await comes_back_for_beto()
    order = await day.order_of(day.beto)
    (first,) = order.parcels
    second = replace(first, id=derived_id("parcel", "second"), barcode="PR-SECOND")
    await day.tx.orders.save(replace(order, parcels=(first, second)))
    before = await state_of(day, day.beto)
    await day.phone.tell("parcel.loaded", barcode=second.barcode)
    await day.phone.tell("route.started")
    assert await state_of(day, day.beto) == before
