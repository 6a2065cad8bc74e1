"""Other vans take over the stops of one that stands; what is begun stays, promises decide.

Along one street, eastwards, a kilometre (100 s) apart, three minutes at each door:

    CD ── Ana ── Beto ── Carla      R-01 (Dora) breaks down before Ana
    CD ── Elsa ── Fito              R-02 (Eva) drives the same street
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from promesa.dispatch.breakdown import move_stops, report_breakdown, report_repair
from promesa.dispatch.choosing import Move, MoveNotPossibleError
from promesa.dispatch.moving import place_moves
from promesa.dispatch.proposals import Proposal, gather_situation, propose
from promesa.dispatch.situation import Situation
from promesa.dispatch.streets import DayStreets
from promesa.domain.actor import Actor
from promesa.domain.fleet import Driver, Load, Vehicle
from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.promise import PromiseFate
from promesa.domain.route import Route, RouteState
from promesa.domain.stop import Stop, StopState
from promesa.kernel.errors import ForbiddenError
from promesa.kernel.geo import Position
from promesa.kernel.ids import Ids, derived_id
from promesa.kernel.seeds import stream
from promesa.kernel.timewindow import TimeWindow
from promesa.tracking.repository import Fix
from tests.support.dispatch_memory import (
    DEPOT,
    DISPATCHER,
    DORA,
    DRIVER,
    NINE,
    VAN,
    MemoryDispatch,
    Phone,
    make_order,
    put_order,
    put_route,
)
from tests.support.orders_memory import TENANT_ID, TODAY
from tests.support.straight_roads import StraightRoads, StraightTimes

TEN = NINE + timedelta(hours=1)
EVA = Driver(id=derived_id("driver", "eva"), code="D-02", person_id=derived_id("eva"))
SECOND = replace(VAN, id=derived_id("vehicle", 2), code="V-02", plate="JKLM12")
GIL = Driver(id=derived_id("driver", "gil"), code="D-03", person_id=derived_id("gil"))
THIRD = replace(VAN, id=derived_id("vehicle", 3), code="V-03", plate="MNPR34")
STREETS = DayStreets(motor=StraightRoads(), find_bicycles=StraightRoads)
TIMES = StraightTimes()
KM_LON = 0.010772  # A kilometre along the parallel of the depot.


def door(km: float) -> Position:
    return Position(lon=DEPOT.position.lon + km * KM_LON, lat=DEPOT.position.lat)


async def put_street(
    tx: MemoryDispatch, names: dict[str, float], *, code: str, driver: Driver, vehicle: Vehicle
) -> tuple[Route, list[Stop]]:
    orders = []
    for name, km in names.items():
        order = make_order(name, state=OrderState.OUT_FOR_DELIVERY)
        assert order.placement is not None
        aboard = (replace(order.parcels[0], state=ParcelState.IN_TRANSIT),)
        placement = replace(order.placement, position=door(km))
        placed = replace(order, placement=placement, parcels=aboard)
        orders.append(await put_order(tx, placed))
    route, stops = await put_route(
        tx, orders, code=code, driver=driver, vehicle=vehicle, state=RouteState.STARTED
    )
    started = replace(route, started_at=TEN)
    await tx.routes.save(started)
    version = await tx.routes.get_version(route.id, 1)
    tx.routes.versions[route.id, 1] = replace(version, end=TEN + timedelta(hours=6))
    return started, stops


def seen(place: Position) -> Fix:
    return Fix(id=derived_id("fix", place.lon), driver_id=DORA.id, position=place, at=TEN)


def moves_of(proposal: Proposal) -> list[Move]:
    """What accepting it sends: each stop to the place that its hour was told for."""
    return [
        Move(
            stop_id=each.stop_id,
            to_route_id=each.to_route_id,
            after_stop_id=each.after_stop_id,
            is_first=each.after_stop_id is None,
            after_reload=each.after_reload,
        )
        for each in proposal.moves
    ]


class Street:
    """The two routes of the drawing, Eva half a kilometre behind Dora."""

    def __init__(self) -> None:
        self.tx = MemoryDispatch()
        self.phone = Phone(self.tx)
        self.ids = Ids(self.phone.clock, stream(1, "street").randbytes)

    async def open(self) -> Street:
        for vehicle, driver in ((SECOND, EVA), (THIRD, GIL)):
            await self.tx.fleet.put_vehicle(vehicle)
            await self.tx.fleet.put_driver(driver)
        self.dora, self.of_dora = await put_street(
            self.tx,
            {"ana": 2.0, "beto": 3.0, "carla": 4.0},
            code="R-01",
            driver=DORA,
            vehicle=VAN,
        )
        self.eva, self.of_eva = await put_street(
            self.tx, {"elsa": 2.5, "fito": 5.0}, code="R-02", driver=EVA, vehicle=SECOND
        )
        self.dora = replace(self.dora, is_broken_down=True)
        await self.tx.routes.save(self.dora)
        self.positions = {self.dora.id: door(1.5), self.eva.id: door(1.0)}
        self.phone.clock.move_to(TEN)
        return self

    async def situation(self) -> Situation:
        return await gather_situation(
            self.tx,
            TODAY,
            now=self.phone.clock.now(),
            fixes={route_id: seen(place) for route_id, place in self.positions.items()},
        )

    async def propose(self) -> Proposal:
        return propose(await self.situation(), self.dora.id, STREETS, TIMES)

    async def promise(self, stop: Stop, until: datetime) -> None:
        versions = self.tx.promises.kept[stop.order_id]
        window = TimeWindow(start=TEN - timedelta(hours=1), end=until)
        versions[0] = replace(versions[0], window=window)

    async def move(self, *moves: Move) -> list[Route]:
        situation = await self.situation()
        rerouted = place_moves(situation, moves, STREETS, TIMES)
        return await move_stops(
            self.tx,
            situation,
            rerouted,
            cause="breakdown",
            actor=DISPATCHER,
            clock=self.phone.clock,
            ids=self.ids,
        )


@pytest.fixture
async def street() -> Street:
    return await Street().open()


async def test_every_stop_goes_to_the_van_that_drives_by(street: Street) -> None:
    proposal = await street.propose()
    assert {move.stop_id for move in proposal.moves} == {stop.id for stop in street.of_dora}
    assert {move.to_code for move in proposal.moves} == {"R-02"}
    assert proposal.sentence == "Repartir 3 paradas de R-01 en R-02: salva 3 promesas"


async def test_the_taking_van_meets_the_standing_one_before_it_delivers(street: Street) -> None:
    proposal = await street.propose()
    first = proposal.moves[0]
    # Half a kilometre to the meeting (50 s), ten minutes there, half a kilometre on to Ana: a mean
    # of 700 s lies between the middle of what is expected and its late end.
    expected = TEN + timedelta(seconds=50 + 600 + 50)
    assert first.arrival < expected < first.latest
    assert expected - first.arrival < timedelta(minutes=1)


async def test_a_promise_that_can_no_longer_be_kept_is_moved_and_not_counted(
    street: Street,
) -> None:
    await street.promise(street.of_dora[2], TEN + timedelta(minutes=5))
    proposal = await street.propose()
    assert len(proposal.moves) == 3
    assert proposal.saves == 2


async def test_a_van_whose_own_promise_the_meeting_would_break_takes_nothing(
    street: Street,
) -> None:
    await street.promise(street.of_eva[0], TEN + timedelta(minutes=6))
    proposal = await street.propose()
    assert proposal.moves == ()
    assert proposal.sentence == "Nadie puede tomar paradas de R-01 hoy."
    assert len(proposal.left) == 3


async def test_a_van_that_is_full_takes_nothing(street: Street) -> None:
    full = replace(SECOND, capacity=Load(parcels=2, weight_g=900_000, volume_ml=8_000_000))
    await street.tx.fleet.put_vehicle(full)
    assert (await street.propose()).moves == ()


async def test_accepting_publishes_a_new_version_of_both_routes(street: Street) -> None:
    proposal = await street.propose()
    moves = [Move(stop_id=m.stop_id, to_route_id=m.to_route_id) for m in proposal.moves]
    routes = {route.code: route for route in await street.move(*moves)}
    assert {code: route.version for code, route in routes.items()} == {"R-01": 2, "R-02": 2}
    taken = await street.tx.routes.get_version(street.eva.id, 2)
    left = await street.tx.routes.get_version(street.dora.id, 2)
    assert (len(taken.stops), len(left.stops)) == (5, 0)
    assert taken.cause == "breakdown: transfer from R-01"
    assert [stop.sequence for stop in taken.stops] == [1, 2, 3, 4, 5]
    arrivals = [stop.arrival for stop in taken.stops]
    assert arrivals == sorted(arrivals)
    assert {stop.route_id for stop in await street.tx.routes.list_stops(street.eva.id)} == {
        street.eva.id
    }


async def test_a_van_that_takes_from_two_meets_both_before_it_delivers(street: Street) -> None:
    """Gil stands at 4.5 km with Hugo's parcel, Dora at 1.5 km with Ana's; Eva comes from 1 km."""
    gil, of_gil = await put_street(street.tx, {"hugo": 5.5}, code="R-03", driver=GIL, vehicle=THIRD)
    street.positions[gil.id] = door(4.5)
    moves = [
        Move(stop_id=stop.id, to_route_id=street.eva.id) for stop in (street.of_dora[0], *of_gil)
    ]
    versions = {route.code: route.version for route in await street.move(*moves)}
    assert versions == {"R-01": 2, "R-02": 2, "R-03": 2}
    taken = await street.tx.routes.get_version(street.eva.id, 2)
    arrival = {stop.stop_id: stop.arrival for stop in taken.stops}
    # 50 s to Dora, 300 s on to Gil, ten minutes with each.
    met_s = 50 + 600 + 300 + 600
    assert arrival[of_gil[0].id] >= TEN + timedelta(seconds=met_s + 100)
    assert arrival[street.of_dora[0].id] >= TEN + timedelta(seconds=met_s + 250)


async def test_the_stop_the_driver_is_going_to_stays_first(street: Street) -> None:
    fito = street.of_eva[1]
    await street.tx.routes.put_stop(replace(fito, state=StopState.EN_ROUTE))
    await street.move(Move(stop_id=street.of_dora[0].id, to_route_id=street.eva.id))
    version = await street.tx.routes.get_version(street.eva.id, 2)
    assert version.stops[0].stop_id == fito.id


async def test_parcels_closed_by_the_taking_van_show_the_transfer_in_their_chain(
    street: Street,
) -> None:
    await street.phone.tell("stop.arrived", stop_id=street.of_dora[0].id)
    ana = street.of_dora[0]
    await street.move(Move(stop_id=street.of_dora[1].id, to_route_id=street.eva.id))
    eva: Actor = replace(DRIVER, id=EVA.id, tenant_id=TENANT_ID)
    result = await Phone(street.tx, street.phone.clock, eva).close(street.of_dora[1])
    assert result.status == "accepted"
    order = await street.tx.orders.get(street.of_dora[1].order_id)
    holders = [entry.holder.id for entry in street.tx.custody.kept[order.parcels[0].id]]
    assert holders == [street.eva.id, order.recipient_id]
    assert (await street.tx.routes.get_stop(ana.id)).route_id == street.dora.id


async def test_a_stop_that_is_closed_does_not_move(street: Street) -> None:
    ana = street.of_dora[0]
    await street.tx.routes.put_stop(replace(ana, state=StopState.CLOSED, closed_at=TEN))
    with pytest.raises(MoveNotPossibleError):
        place_moves(
            await street.situation(),
            [Move(stop_id=ana.id, to_route_id=street.eva.id)],
            STREETS,
            TIMES,
        )


async def test_a_route_that_changed_meanwhile_is_looked_at_again(street: Street) -> None:
    situation = await street.situation()
    move = Move(stop_id=street.of_dora[0].id, to_route_id=street.eva.id)
    rerouted = place_moves(situation, [move], STREETS, TIMES)
    await street.move(Move(stop_id=street.of_dora[1].id, to_route_id=street.eva.id))
    with pytest.raises(MoveNotPossibleError):
        await move_stops(
            street.tx,
            situation,
            rerouted,
            cause="dispatcher",
            actor=DISPATCHER,
            clock=street.phone.clock,
            ids=street.ids,
        )


async def test_a_released_promise_binds_nobody(street: Street) -> None:
    versions = street.tx.promises.kept[street.of_dora[0].order_id]
    versions[0] = replace(versions[0], fate=PromiseFate.RELEASED)
    situation = await street.situation()
    assert street.of_dora[0].order_id not in situation.promised


async def break_and_repair(street: Street, actor: Actor) -> list[UUID]:
    tx, route_id, clock, ids = street.tx, street.dora.id, street.phone.clock, street.ids
    await tx.routes.save(replace(street.dora, is_broken_down=False))
    await report_breakdown(tx, route_id, note="Se apagó", actor=actor, clock=clock, ids=ids)
    await report_breakdown(tx, route_id, actor=actor, clock=clock, ids=ids)
    await report_repair(tx, route_id, actor=actor, clock=clock, ids=ids)
    return [event.id for event in street.tx.events.kept if event.type.startswith("route.")]


async def test_a_breakdown_is_told_once_and_repaired_once(street: Street) -> None:
    assert len(await break_and_repair(street, DISPATCHER)) == 2
    assert not (await street.tx.routes.get(street.dora.id)).is_broken_down
    assert "apagó" not in str(street.tx.events.kept)


async def test_a_driver_does_not_decide_for_the_torre(street: Street) -> None:
    with pytest.raises(ForbiddenError):
        await break_and_repair(street, DRIVER)
