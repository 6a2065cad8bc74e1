"""Who goes by other streets than a van: trucks, that some are closed to, and bicycles.

On the street of test_replanning, where trucks may not go further out than five kilometres and
bicycles ride at half the speed. Gina's order lies in the depot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from promesa.dispatch.choosing import Move, MoveNotPossibleError
from promesa.dispatch.moving import place_moves
from promesa.dispatch.proposals import Proposal, propose
from promesa.dispatch.replanning import DayReplan, Extent, replan_day
from promesa.dispatch.streets import DayStreets
from promesa.dispatch.urgent import UrgentPlaces, find_places, place_urgent
from promesa.dispatch.urgent_actions import bound_to, gather_urgent
from promesa.domain.fleet import VehicleKind, VehicleSize
from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.kernel.geo import Position
from promesa.roads import vehicles as roads
from promesa.roads.network import UnreachableError
from promesa.roads.overlay import NO_LIVE_SPEEDS, LiveOverlay
from promesa.roads.snapping import Kerb
from promesa.routing.replan.params import Disruption
from tests.support.dispatch_memory import VAN, make_order, put_order
from tests.support.straight_roads import StraightRoads, StraightWay
from tests.unit.dispatch.test_proposals import SECOND, TEN, TIMES, door
from tests.unit.dispatch.test_replanning import Day

ANY = Disruption(stops_max=20, windows_max=0)
TRUCKS_END = door(5.5).lon


class Signed(StraightRoads):
    """Straight roads with a sign against trucks; ``pace`` is how many times as long they take."""

    def __init__(self, vehicle: roads.Vehicle = roads.VAN, pace: int = 1) -> None:
        self.vehicle, self.pace = vehicle, pace
        # Where a street is closed today, whoever comes.
        self.closed_from: float | None = None
        self.slow_from: datetime | None = None
        # Beyond it there is no street.
        self.off_from = 0.0
        self.asked: list[roads.Vehicle] = []
        self.kerbs: list[Kerb] = []

    def with_vehicle(self, vehicle: roads.Vehicle) -> Signed:
        self.asked.append(vehicle)
        seen = Signed(vehicle, self.pace)
        seen.closed_from, seen.slow_from = self.closed_from, self.slow_from
        seen.off_from = self.off_from
        return seen

    def matrix(self, points: Sequence[Position], departure: datetime | None) -> NDArray[np.int32]:
        seconds = super().matrix(points, departure) * self.pace
        if self.slow_from is not None and departure is not None and departure >= self.slow_from:
            seconds = 2 * seconds
        shut = [self._is_shut(point) for point in points]
        seconds[shut, :] = seconds[:, shut] = -1
        return seconds.astype(np.int32)

    def path(
        self, origin: Position, destination: Position, departure: datetime | None
    ) -> StraightWay:
        if self._is_shut(origin) or self._is_shut(destination):
            raise UnreachableError
        return super().path(origin, destination, departure)

    def with_kerb(self, kerb: Kerb) -> Signed:
        self.kerbs.append(kerb)
        return self

    def with_live(self, overlay: LiveOverlay) -> Signed:
        assert overlay == NO_LIVE_SPEEDS
        usual = Signed(self.vehicle, self.pace)
        usual.slow_from, usual.off_from = self.slow_from, self.off_from
        return usual

    def _is_shut(self, point: Position) -> bool:
        if self.closed_from is not None and point.lon > self.closed_from:
            return True
        if point.lon > self.off_from:
            return True
        return self.vehicle.kind is roads.VehicleKind.TRUCK and point.lon > TRUCKS_END


class Fleet(Day):
    """The vehicles of both routes are what a test makes of them."""

    async def open(self) -> Fleet:
        await super().open()
        self.motor = Signed()
        self.bicycles: Signed | None = Signed(roads.BICYCLE, pace=2)
        order = make_order("gina", state=OrderState.CONFIRMED)
        self.gina = await put_order(self.tx, order)
        await self.gina_lives(3.0)
        return self

    async def gina_lives(self, km: float) -> None:
        order = await self.tx.orders.get(self.gina.id)
        assert order.placement is not None
        placement = replace(order.placement, position=door(km))
        await self.tx.orders.save(replace(order, placement=placement))

    async def drive(self, dora: VehicleKind, eva: VehicleKind) -> None:
        await self.tx.fleet.put_vehicle(replace(VAN, kind=dora))
        await self.tx.fleet.put_vehicle(replace(SECOND, kind=eva))

    @property
    def streets(self) -> DayStreets:
        return DayStreets(motor=self.motor, find_bicycles=lambda: self.bicycles)

    async def find(self) -> UrgentPlaces:
        situation, urgent = await gather_urgent(self.tx, await self.situation(), self.gina.id)
        return find_places(situation, urgent, self.streets, TIMES)

    async def replan_with(self, most: Disruption = ANY) -> DayReplan:
        return replan_day(await self.situation(), self.streets, TIMES, Extent(most=most))

    async def rescue(self) -> Proposal:
        await self.tx.routes.save(replace(self.dora, is_broken_down=True))
        return propose(await self.situation(), self.dora.id, self.streets, TIMES)


@pytest.fixture
async def fleet() -> Fleet:
    return await Fleet().open()


@pytest.mark.parametrize("kind", [VehicleKind.TRUCK, VehicleKind.MOTORCYCLE, VehicleKind.BICYCLE])
async def test_a_day_without_vans_has_changes_and_places(fleet: Fleet, kind: VehicleKind) -> None:
    await fleet.drive(kind, kind)
    await fleet.promise(fleet.of_dora[2], until=TEN + timedelta(minutes=12))
    assert {place.code for place in (await fleet.find()).places} == {"R-01", "R-02"}
    found = await fleet.replan_with()
    assert [change.code for change in found.changes] == ["R-01"]
    assert "queda" not in found.sentence
    assert {van.code for van in (await fleet.rescue()).vans} == {"R-02"}


async def test_a_truck_is_offered_no_door_that_it_may_not_drive_to(fleet: Fleet) -> None:
    await fleet.gina_lives(6.0)
    await fleet.drive(VehicleKind.TRUCK, VehicleKind.VAN)
    assert {place.code for place in (await fleet.find()).places} == {"R-02"}
    await fleet.drive(VehicleKind.TRUCK, VehicleKind.TRUCK)
    found = await fleet.find()
    assert found.places == ()
    assert found.sentence == (
        "Ningún camión puede llegar: las calles de esa puerta les están cerradas."
    )


async def test_a_truck_takes_no_stop_of_another_that_it_may_not_drive_to(fleet: Fleet) -> None:
    """Dora's van breaks down with Carla at nine kilometres; Eva drives a truck."""
    await fleet.drive(VehicleKind.VAN, VehicleKind.TRUCK)
    proposal = await fleet.rescue()
    carla, beto, ana = fleet.of_dora
    assert {move.stop_id for move in proposal.moves} == {beto.id, ana.id}
    move = Move(stop_id=carla.id, to_route_id=fleet.eva.id)
    with pytest.raises(MoveNotPossibleError, match="cerradas a su tipo"):
        place_moves(await fleet.situation(), [move], fleet.streets, TIMES)


async def test_a_truck_that_was_sent_behind_a_sign_still_gets_there(fleet: Fleet) -> None:
    """Carla is Dora's already: her truck keeps its stop, at the times and on the way of a van."""
    await fleet.drive(VehicleKind.TRUCK, VehicleKind.TRUCK)
    situation, urgent = await gather_urgent(fleet.tx, await fleet.situation(), fleet.gina.id)
    urgent = bound_to(situation, urgent, fleet.dora.id)
    move = Move(stop_id=urgent.stop.id, to_route_id=fleet.dora.id, is_first=True)
    new = place_urgent(situation, urgent, move, fleet.streets, TIMES)
    carla = next(stop for stop in new.stops if stop.stop_id == fleet.of_dora[0].id)
    assert carla.arrival < TEN + timedelta(hours=1)
    assert carla.leg_distance_m == pytest.approx(6000, rel=0.01)


async def test_who_drives_in_the_evening_takes_as_long_as_evenings_do(fleet: Fleet) -> None:
    """After half past ten everything takes twice as long; Dora is under way at ten."""
    usual_s = await _legs_s(fleet)
    fleet.motor.slow_from = TEN + timedelta(minutes=31)
    slow_s = await _legs_s(fleet)
    assert slow_s[:2] == usual_s[:2]
    assert slow_s[-1] > 1.2 * usual_s[-1]


async def _legs_s(fleet: Fleet) -> list[int]:
    """How long Dora drives to each of her stops, one of Eva's among them."""
    first = Move(stop_id=fleet.of_eva[1].id, to_route_id=fleet.dora.id, is_first=True)
    new = place_moves(await fleet.situation(), [first], fleet.streets, TIMES)
    (dora,) = (each for each in new if each.route_id == fleet.dora.id)
    return [stop.leg_duration_s for stop in dora.stops]


async def test_doors_are_reached_from_the_side_from_which_a_plan_reaches_them(
    fleet: Fleet,
) -> None:
    """Else a change would make a route shorter than it is, and taking it back too."""
    await fleet.drive(VehicleKind.VAN, VehicleKind.BICYCLE)
    fito = Move(stop_id=fleet.of_eva[1].id, to_route_id=fleet.dora.id)
    place_moves(await fleet.situation(), [fito], fleet.streets, TIMES)
    assert set(fleet.motor.kerbs) == {Kerb.AVENUES}
    assert fleet.bicycles is not None
    assert set(fleet.bicycles.kerbs) == {Kerb.AVENUES}


async def test_a_van_seen_where_no_street_is_near_still_has_changes(fleet: Fleet) -> None:
    """A fix in a park is no reason for thirty days of way: from there it goes straight."""
    fleet.motor.off_from = door(8.0).lon
    await fleet.drive(VehicleKind.VAN, VehicleKind.VAN)
    proposal = await fleet.rescue()
    moves = [Move(stop_id=move.stop_id, to_route_id=fleet.eva.id) for move in proposal.moves]
    assert fleet.of_dora[0].id in {move.stop_id for move in moves}
    new = place_moves(await fleet.situation(), moves, fleet.streets, TIMES)
    (eva,) = (each for each in new if each.route_id == fleet.eva.id)
    assert max(stop.arrival for stop in eva.stops) < TEN + timedelta(hours=3)


async def test_who_was_sent_into_a_street_that_is_closed_now_is_rescued_with_the_rest(
    fleet: Fleet,
) -> None:
    """Carla lives where a dispatcher has closed the street since: what is offered is accepted."""
    fleet.motor.closed_from = door(8.0).lon
    proposal = await fleet.rescue()
    assert {move.stop_id for move in proposal.moves} == {stop.id for stop in fleet.of_dora}
    moves = [Move(stop_id=move.stop_id, to_route_id=fleet.eva.id) for move in proposal.moves]
    new = place_moves(await fleet.situation(), moves, fleet.streets, TIMES)
    (eva,) = (each for each in new if each.route_id == fleet.eva.id)
    carla = next(stop for stop in eva.stops if stop.stop_id == fleet.of_dora[0].id)
    assert carla.arrival < TEN + timedelta(hours=2)


async def test_a_route_is_timed_as_its_own_vehicle_drives(fleet: Fleet) -> None:
    """Fito goes from the bicycle to the van, which is twice as fast."""
    await fleet.drive(VehicleKind.VAN, VehicleKind.BICYCLE)
    fito = fleet.of_eva[1]
    to_dora = Move(stop_id=fito.id, to_route_id=fleet.dora.id, is_first=True)
    (dora, _) = place_moves(await fleet.situation(), [to_dora], fleet.streets, TIMES)
    gone = next(stop for stop in dora.stops if stop.stop_id == fito.id)
    ana = fleet.of_dora[2]
    to_eva = Move(stop_id=ana.id, to_route_id=fleet.eva.id, is_first=True)
    (_, eva) = place_moves(await fleet.situation(), [to_eva], fleet.streets, TIMES)
    ridden = next(stop for stop in eva.stops if stop.stop_id == fleet.of_eva[1].id)
    assert gone.leg_duration_s >= 350
    assert ridden.leg_duration_s == pytest.approx(2 * 250, rel=0.02)


async def test_bicycles_and_vans_are_both_looked_at_and_give_each_other_nothing(
    fleet: Fleet,
) -> None:
    await fleet.drive(VehicleKind.VAN, VehicleKind.BICYCLE)
    await fleet.promise(fleet.of_dora[2], until=TEN + timedelta(minutes=12))
    await fleet.promise(fleet.of_eva[1], until=TEN + timedelta(minutes=15))
    found = await fleet.replan_with()
    assert {change.code for change in found.changes} == {"R-01", "R-02"}
    assert all(change.from_route_id is None for change in found.changes)
    assert len({change.number for change in found.changes}) == len(found.changes)
    assert found.stops == 5
    one = await fleet.replan_with(Disruption(stops_max=1, windows_max=0))
    assert sum(len(change.moves) for change in one.changes) == 1
    assert {place.code for place in (await fleet.find()).places} == {"R-01", "R-02"}


async def test_what_a_bicycle_had_goes_to_a_van_where_no_other_bicycle_is(fleet: Fleet) -> None:
    await fleet.drive(VehicleKind.BICYCLE, VehicleKind.VAN)
    proposal = await fleet.rescue()
    assert {move.to_code for move in proposal.moves} == {"R-02"}


async def test_without_their_streets_bicycles_keep_out_and_that_is_said(fleet: Fleet) -> None:
    fleet.bicycles = None
    await fleet.drive(VehicleKind.BICYCLE, VehicleKind.VAN)
    await fleet.promise(fleet.of_dora[2], until=TEN + timedelta(minutes=12))
    found = await fleet.replan_with()
    assert found.changes == ()
    assert found.stops == 2
    assert "R-01, en bicicleta, queda como está" in found.sentence
    assert {place.code for place in (await fleet.find()).places} == {"R-02"}
    await fleet.drive(VehicleKind.BICYCLE, VehicleKind.BICYCLE)
    places = await fleet.find()
    assert places.places == ()
    assert places.sentence is not None
    assert places.sentence.startswith("Solo quedan bicicletas")
    assert (await fleet.rescue()).moves == ()


async def test_parcels_aboard_are_said_to_be_in_what_carries_them(fleet: Fleet) -> None:
    order = await fleet.tx.orders.get(fleet.gina.id)
    aboard = tuple(replace(each, state=ParcelState.IN_TRANSIT) for each in order.parcels)
    await fleet.tx.orders.save(replace(order, parcels=aboard))
    await fleet.drive(VehicleKind.TRUCK, VehicleKind.VAN)
    await fleet.tx.routes.save(replace(fleet.dora, is_broken_down=True))
    situation, urgent = await gather_urgent(fleet.tx, await fleet.situation(), fleet.gina.id)
    held = replace(urgent, holder_id=fleet.dora.id)
    sentence = find_places(situation, held, fleet.streets, TIMES).sentence
    assert sentence == ("Sus bultos siguen en el camión de R-01, que ya no puede entregarlos hoy.")
    await fleet.drive(VehicleKind.BICYCLE, VehicleKind.VAN)
    situation = await fleet.situation()
    sentence = find_places(situation, held, fleet.streets, TIMES).sentence
    assert sentence is not None
    assert "en la bicicleta de R-01" in sentence
    gone = replace(situation, routes=situation.routes[1:])
    sentence = find_places(gone, held, fleet.streets, TIMES).sentence
    assert sentence == "Sus bultos siguen en un vehículo, que ya no puede entregarlos hoy."


async def test_vans_of_many_sizes_ask_for_one_matrix(fleet: Fleet) -> None:
    low, high = VehicleSize(height_cm=210), VehicleSize(height_cm=260, width_cm=200)
    await fleet.tx.fleet.put_vehicle(replace(VAN, size=low))
    await fleet.tx.fleet.put_vehicle(replace(SECOND, kind=VehicleKind.MOTORCYCLE, size=high))
    await fleet.replan_with()
    assert fleet.motor.asked == [replace(roads.VAN, height_m=2.1)]
    fleet.motor.asked.clear()
    await fleet.tx.fleet.put_vehicle(replace(SECOND, size=high))
    await fleet.replan_with()
    assert fleet.motor.asked == [replace(roads.VAN, height_m=2.6, width_m=2.0)]
