"""An order that has just come in, on the street of test_replanning, its parcels in the depot.

CD ── Ana ── Beto ── Carla      R-01 (Dora), a kilometre and a half out
CD ── Elsa ── Fito              R-02 (Eva), a kilometre out
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from promesa.dispatch.choosing import Move, MoveNotPossibleError
from promesa.dispatch.release import Release
from promesa.dispatch.urgent import UrgentPlaces, find_places, place_urgent, place_without
from promesa.dispatch.urgent_actions import (
    Hand,
    InsertionTooLateError,
    OrderNotWaitingError,
    bound_to,
    gather_urgent,
    insert_order,
    take_out,
)
from promesa.dispatch.urgent_day import Urgent
from promesa.domain.fleet import Load, Shift
from promesa.domain.order import OrderState, RouteTerms
from promesa.domain.parcel import ParcelState
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import Route, RouteState, RouteVersion
from promesa.domain.stop import Outcome, StopState
from promesa.kernel.ids import derived_id
from promesa.kernel.timewindow import TimeWindow
from tests.support.dispatch_memory import DEPOT, DISPATCHER, VAN, make_order, put_order
from tests.support.orders_memory import TODAY
from tests.unit.dispatch.test_proposals import GIL, SECOND, STREETS, TEN, THIRD, TIMES, door
from tests.unit.dispatch.test_replanning import Day

# Ten minutes to find the parcels; a kilometre takes 100 s.
BACK_AND_LOADED_S = 100 + 600


class Counter(Day):
    """Gina's order lies at the depot's counter, for a door three kilometres out."""

    async def open(self) -> Counter:
        await super().open()
        order = make_order("gina", state=OrderState.CONFIRMED)
        assert order.placement is not None
        placement = replace(order.placement, position=door(3.0))
        self.gina = await put_order(self.tx, replace(order, placement=placement))
        return self

    async def find(self) -> UrgentPlaces:
        situation, urgent = await gather_urgent(self.tx, await self.situation(), self.gina.id)
        return find_places(situation, urgent, STREETS, TIMES)

    async def insert(self, code: str) -> Route:
        place = next(place for place in (await self.find()).places if place.code == code)
        situation, urgent = await gather_urgent(self.tx, await self.situation(), self.gina.id)
        urgent = bound_to(situation, urgent, place.route_id)
        move = Move(
            stop_id=urgent.stop.id,
            to_route_id=place.route_id,
            after_stop_id=place.after,
            is_first=place.after is None,
        )
        new = place_urgent(situation, urgent, move, STREETS, TIMES)
        return await insert_order(self.tx, situation, urgent, new, self.hand)

    async def take_out(self) -> None:
        situation = await self.situation()
        new = place_without(situation, self.gina.id, STREETS)
        await take_out(self.tx, situation, self.gina.id, new, self.hand)

    @property
    def hand(self) -> Hand:
        release = Release(clock=self.phone.clock, ids=self.ids, places={})
        return Hand(actor=DISPATCHER, release=release)

    async def gil_waits(self) -> None:
        """A third van of the day has no route yet."""
        await self.tx.fleet.put_vehicle(THIRD)
        await self.tx.fleet.put_driver(GIL)
        await self.tx.fleet.put_shift(
            Shift(
                id=derived_id("shift", "gil"),
                date=TODAY,
                driver_id=GIL.id,
                vehicle_id=THIRD.id,
                depot_id=DEPOT.id,
                start=TEN,
                end=TEN + timedelta(hours=8),
            )
        )

    async def waits_in_depot(self) -> None:
        """Eva's van has not left yet."""
        await self.tx.routes.save(replace(self.eva, state=RouteState.PUBLISHED, started_at=None))


@pytest.fixture
async def counter() -> Counter:
    return await Counter().open()


async def test_a_van_on_the_road_goes_back_for_the_parcels_first(counter: Counter) -> None:
    found = await counter.find()
    assert {place.code for place in found.places} == {"R-01", "R-02"}
    eva = next(place for place in found.places if place.code == "R-02")
    assert eva.depot == DEPOT.name
    assert eva.fetches_at == TEN + timedelta(seconds=100)
    assert eva.arrival > TEN + timedelta(seconds=BACK_AND_LOADED_S)
    # Elsa waits until the van is back from the depot.
    assert {later.code for later in eva.later} == {"R-02"}
    assert eva.added_s > 2 * 100


async def test_a_van_in_its_depot_loads_them_with_the_rest(counter: Counter) -> None:
    await counter.waits_in_depot()
    first = (await counter.find()).places[0]
    assert (first.code, first.depot, first.fetches_at) == ("R-02", None, None)
    # On its way past the door: three minutes there and nothing else.
    assert first.added_s == counter.gina.service_time_s
    assert first.lost == 0


@pytest.mark.parametrize("waits", [False, True])
async def test_vans_that_make_their_most_stops_are_offered_last_and_it_is_said(
    counter: Counter, *, waits: bool
) -> None:
    """Dora makes three stops and Eva two, whose van is the better one by far at its depot."""
    if waits:
        await counter.waits_in_depot()
    free = {place.code: place for place in (await counter.find()).places}
    await counter.tx.fleet.put_vehicle(replace(SECOND, stops_max=2))
    found = await counter.find()
    most = [(place.code, place.stops_max) for place in found.places]
    assert most == [("R-01", None), ("R-02", 2)]
    assert replace(found.places[1], stops_max=None) == free["R-02"]
    await counter.tx.fleet.put_vehicle(replace(VAN, stops_max=3))
    found = await counter.find()
    assert (found.sentence, {place.stops_max for place in found.places}) == (None, {2, 3})
    await counter.insert("R-02")
    version = await counter.tx.routes.get_version(counter.eva.id, 2)
    assert counter.gina.id in {stop.order_id for stop in version.stops}


async def test_what_it_does_to_a_promise_of_another_is_said(counter: Counter) -> None:
    await counter.promise(counter.of_eva[0], until=TEN + timedelta(minutes=9))
    found = await counter.find()
    assert [(place.code, place.lost) for place in found.places] == [("R-01", 0), ("R-02", 1)]


async def test_its_own_promise_that_no_van_can_keep_is_late_and_still_offered(
    counter: Counter,
) -> None:
    versions = counter.tx.promises.kept[counter.gina.id]
    window = replace(versions[0].window, end=TEN + timedelta(minutes=2))
    versions[0] = replace(versions[0], window=window)
    found = await counter.find()
    assert {place.risk for place in found.places} == {PromiseRisk.LATE}


async def test_it_goes_in_and_out_again(counter: Counter) -> None:
    await counter.insert("R-02")
    order = await counter.tx.orders.get(counter.gina.id)
    assert order.state is OrderState.SCHEDULED
    version = await counter.tx.routes.get_version(counter.eva.id, 2)
    (planned,) = [stop for stop in version.stops if stop.order_id == order.id]
    assert planned.transfer is not None
    assert planned.transfer.from_route_id is None
    assert planned.transfer.position == DEPOT.position
    with pytest.raises(OrderNotWaitingError):
        await counter.find()
    await counter.take_out()
    assert (await counter.tx.orders.get(order.id)).state is OrderState.CONFIRMED
    version = await counter.tx.routes.get_version(counter.eva.id, 3)
    assert order.id not in {stop.order_id for stop in version.stops}
    # Nobody has a shift here: the van is on the road until its version ends.
    counter.tx.routes.versions[counter.eva.id, 3] = replace(version, end=TEN + timedelta(hours=6))
    assert len((await counter.find()).places) == 2


async def test_the_others_have_their_hours_again_when_it_is_out(counter: Counter) -> None:
    def hours(version: RouteVersion) -> list[datetime]:
        elsas = {stop.id for stop in counter.of_eva}
        return [stop.arrival for stop in version.stops if stop.stop_id in elsas]

    await counter.insert("R-02")
    late = hours(await counter.tx.routes.get_version(counter.eva.id, 2))
    await counter.take_out()
    again = hours(await counter.tx.routes.get_version(counter.eva.id, 3))
    assert all(now < then for now, then in zip(again, late, strict=True))
    assert again[0] < TEN + timedelta(seconds=BACK_AND_LOADED_S)


async def test_a_spare_van_leaves_as_late_as_its_one_promise_lets_it(counter: Counter) -> None:
    """From two in the afternoon on, three kilometres out: 300 s of way and no waiting."""
    await counter.gil_waits()
    opens = TEN + timedelta(hours=4)
    (told,) = (await counter.tx.promises.list_of([counter.gina.id]))[counter.gina.id]
    window = TimeWindow(start=opens, end=opens + timedelta(hours=4))
    await counter.tx.promises.save(replace(told, window=window))
    spare = next(place for place in (await counter.find()).places if place.is_spare)
    # The median, a little before the mean of its way.
    assert opens - timedelta(minutes=2) <= spare.arrival <= opens
    assert spare.added_s <= 300 + counter.gina.service_time_s + 300 + 60
    route = await counter.insert(spare.code)
    version = await counter.tx.routes.get_version(route.id, route.version)
    leaves = opens - timedelta(seconds=300)
    assert leaves - timedelta(minutes=1) < version.start <= leaves
    assert version.stops[0].arrival <= opens
    assert version.duration_s == (version.end - version.start).total_seconds()


async def test_a_spare_van_sent_out_for_it_alone_is_spare_again(counter: Counter) -> None:
    await counter.gil_waits()
    spare = next(place for place in (await counter.find()).places if place.is_spare)
    route = await counter.insert(spare.code)
    assert route.state is RouteState.PUBLISHED
    await counter.take_out()
    assert (await counter.tx.routes.get(route.id)).state is RouteState.CANCELLED
    assert [place.is_spare for place in (await counter.find()).places].count(True) == 1


async def test_taken_out_twice_is_once(counter: Counter) -> None:
    await counter.insert("R-02")
    await counter.take_out()
    await counter.take_out()
    assert (await counter.tx.routes.get(counter.eva.id)).version == 3


async def test_what_is_aboard_already_is_out_at_once(counter: Counter) -> None:
    aboard = tuple(replace(p, state=ParcelState.IN_TRANSIT) for p in counter.gina.parcels)
    await counter.tx.orders.save(replace(counter.gina, parcels=aboard))
    situation, urgent = await gather_urgent(counter.tx, await counter.situation(), counter.gina.id)
    held = bound_to(situation, replace(urgent, holder_id=counter.eva.id), counter.eva.id)
    move = Move(stop_id=held.stop.id, to_route_id=counter.eva.id, is_first=True)
    new = place_urgent(situation, held, move, STREETS, TIMES)
    await insert_order(counter.tx, situation, held, new, counter.hand)
    order = await counter.tx.orders.get(counter.gina.id)
    assert order.state is OrderState.OUT_FOR_DELIVERY


async def test_nobody_waits_so_nothing_more_is_looked_for(counter: Counter) -> None:
    situation, urgent = await gather_urgent(counter.tx, await counter.situation(), counter.gina.id)
    told: list[float] = []

    def watch(share: float) -> bool:
        told.append(share)
        return False

    found = find_places(situation, urgent, STREETS, TIMES, watch=watch)
    assert (found.places, len(told)) == ((), 1)


async def test_the_only_van_with_what_it_asks_for_is_found_behind_nearer_ones(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("promesa.dispatch.urgent.VANS_TRIED", 1)
    first = (await counter.find()).places[0].code
    able = SECOND if first == "R-01" else VAN
    await counter.tx.fleet.put_vehicle(replace(able, skills=frozenset({"cold"})))
    await counter.tx.orders.save(replace(counter.gina, skills=frozenset({"cold"})))
    assert [place.code for place in (await counter.find()).places] != [first]
    assert (await counter.find()).places


async def test_it_stays_in_once_the_van_has_its_parcels(counter: Counter) -> None:
    await counter.insert("R-02")
    order = await counter.tx.orders.get(counter.gina.id)
    aboard = tuple(replace(each, state=ParcelState.IN_TRANSIT) for each in order.parcels)
    await counter.tx.orders.save(replace(order, parcels=aboard))
    with pytest.raises(InsertionTooLateError):
        await counter.take_out()


async def test_a_route_that_changed_meanwhile_is_not_touched(counter: Counter) -> None:
    situation, urgent = await gather_urgent(counter.tx, await counter.situation(), counter.gina.id)
    move = Move(stop_id=urgent.stop.id, to_route_id=counter.eva.id, is_first=True)
    new = place_urgent(situation, urgent, move, STREETS, TIMES)
    await counter.tx.routes.save(replace(counter.eva, version=2))
    with pytest.raises(MoveNotPossibleError):
        await insert_order(counter.tx, situation, urgent, new, counter.hand)


async def test_nobody_has_room_for_it(counter: Counter) -> None:
    for van in (VAN, SECOND):
        small = Load(parcels=len(counter.gina.parcels) - 1, weight_g=1, volume_ml=1)
        await counter.tx.fleet.put_vehicle(replace(van, capacity=small))
    found = await counter.find()
    assert found.places == ()
    assert found.sentence == "Sus bultos no caben en ningún furgón."


async def test_only_the_van_that_has_the_parcels_can_take_it(counter: Counter) -> None:
    situation, urgent = await gather_urgent(counter.tx, await counter.situation(), counter.gina.id)
    held = Urgent(order=urgent.order, stop=urgent.stop, holder_id=counter.dora.id)
    found = find_places(situation, held, STREETS, TIMES)
    assert [(place.code, place.depot) for place in found.places] == [("R-01", None)]


async def test_only_the_vehicle_that_the_order_names_is_offered(counter: Counter) -> None:
    named = replace(counter.gina, terms=RouteTerms(only_vehicle=SECOND.code))
    await counter.tx.orders.save(named)
    assert [place.code for place in (await counter.find()).places] == ["R-02"]
    none = replace(named, terms=RouteTerms(only_vehicle="V-99"), version=named.version + 1)
    await counter.tx.orders.save(none)
    found = await counter.find()
    assert found.places == ()
    assert found.sentence is not None
    assert "V-99" in found.sentence


async def test_an_order_goes_with_those_it_is_bound_to(counter: Counter) -> None:
    elsa = await counter.tx.orders.get(counter.of_eva[0].order_id)
    for order in (elsa, counter.gina):
        await counter.tx.orders.save(replace(order, terms=RouteTerms(bond="mudanza")))
    assert [place.code for place in (await counter.find()).places] == ["R-02"]


async def test_an_order_has_its_place_in_the_order_of_those_it_is_bound_to(
    counter: Counter,
) -> None:
    """Fito lives beyond Gina, who would be visited on the way to him."""
    fito = await counter.tx.orders.get(counter.of_eva[1].order_id)
    for rank, order in enumerate((fito, counter.gina)):
        terms = RouteTerms(bond="mudanza", bond_rank=rank)
        await counter.tx.orders.save(replace(order, terms=terms))
    (place,) = (await counter.find()).places
    assert place.after == counter.of_eva[1].id


async def test_an_order_is_not_parted_from_one_that_waits_too(counter: Counter) -> None:
    hugo = await put_order(counter.tx, make_order("hugo", state=OrderState.CONFIRMED))
    for order in (hugo, counter.gina):
        await counter.tx.orders.save(replace(order, terms=RouteTerms(bond="mudanza")))
    found = await counter.find()
    assert found.places == ()
    assert found.sentence is not None
    assert f"Va junto con {hugo.reference}, que también espera ruta" in found.sentence
    situation, urgent = await gather_urgent(counter.tx, await counter.situation(), counter.gina.id)
    move = Move(stop_id=urgent.stop.id, to_route_id=counter.eva.id, is_first=True)
    with pytest.raises(MoveNotPossibleError, match=hugo.reference):
        place_urgent(situation, urgent, move, STREETS, TIMES)


@pytest.mark.parametrize("state", [OrderState.RESCHEDULED, OrderState.READY_FOR_DISPATCH])
async def test_it_waits_again_as_it_waited_before(counter: Counter, state: OrderState) -> None:
    await counter.tx.orders.save(replace(counter.gina, state=state))
    await counter.insert("R-02")
    await counter.take_out()
    assert (await counter.tx.orders.get(counter.gina.id)).state is state


async def test_inserted_again_it_is_another_visit(counter: Counter) -> None:
    await counter.insert("R-02")
    (first,) = await counter.tx.routes.list_stops_of_order(counter.gina.id)
    await counter.take_out()
    version = await counter.tx.routes.get_version(counter.eva.id, 3)
    counter.tx.routes.versions[counter.eva.id, 3] = replace(version, end=TEN + timedelta(hours=6))
    await counter.insert("R-02")
    gone, again = sorted(
        await counter.tx.routes.list_stops_of_order(counter.gina.id),
        key=lambda stop: stop.id != first.id,
    )
    assert (gone.id, gone.outcome) == (first.id, Outcome.CANCELLED)
    assert again.state is StopState.PENDING


async def test_who_takes_it_out_sees_what_the_driver_did_meanwhile(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver holds the route first: the parcels are aboard once it is ours."""
    await counter.insert("R-02")
    lock = counter.tx.routes.lock

    async def after_the_driver(route_id: UUID) -> Route:
        order = await counter.tx.orders.get(counter.gina.id)
        aboard = tuple(replace(each, state=ParcelState.IN_TRANSIT) for each in order.parcels)
        await counter.tx.orders.save(replace(order, parcels=aboard))
        return await lock(route_id)

    monkeypatch.setattr(counter.tx.routes, "lock", after_the_driver)
    with pytest.raises(InsertionTooLateError):
        await counter.take_out()


async def test_a_window_that_we_told_for_being_late_is_not_the_one_to_keep(
    counter: Counter,
) -> None:
    versions = counter.tx.promises.kept[counter.gina.id]
    first = replace(versions[0], cause="order_confirmed")
    later = replace(
        first,
        version=first.version + 1,
        cause="delay",
        window=replace(first.window, end=first.window.end + timedelta(hours=1)),
    )
    counter.tx.promises.kept[counter.gina.id] = [first, later]
    situation, _ = await gather_urgent(counter.tx, await counter.situation(), counter.gina.id)
    assert situation.promised[counter.gina.id] == first.window
    assert situation.told[counter.gina.id] == later.window
