"""A broken van's load: spare vans, parts of it, what gets later, taking it back, one measure.

The street of test_proposals: Dora stands at 1.5 km with Ana (2), Beto (3) and Carla (4); Eva comes
from 1 km and still visits Elsa (2.5) and Fito (5). The depot lies at 0. Gil waits there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest

from promesa.dispatch.choosing import Move, MoveNotPossibleError
from promesa.dispatch.foresight import foresee_as_it_is
from promesa.dispatch.proposals import Proposal, require_free
from promesa.domain.fleet import Load, MealBreak, Shift
from promesa.domain.parcel import ParcelState
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import Route, RouteBreak, RouteState
from promesa.domain.stop import Stop, StopState
from promesa.kernel.ids import derived_id
from promesa.kernel.timewindow import TimeWindow
from tests.support.dispatch_memory import DEPOT, DORA, DRIVER, VAN, Phone
from tests.support.orders_memory import TENANT_ID, TODAY
from tests.unit.dispatch import test_proposals
from tests.unit.dispatch.test_proposals import EVA, GIL, SECOND, TEN, THIRD, TIMES, Street


@pytest.fixture
async def street() -> Street:
    return await Street().open()


async def let_gil_wait(street: Street, *, hours: float = 8) -> None:
    """Gil has a shift and no route."""
    shift = Shift(
        id=derived_id("shift", "gil"),
        date=TODAY,
        driver_id=GIL.id,
        vehicle_id=THIRD.id,
        depot_id=DEPOT.id,
        start=TEN - timedelta(hours=1),
        end=TEN + timedelta(hours=hours),
    )
    await street.tx.fleet.put_shift(shift)


async def let_eva_work(street: Street, *, hours: float) -> Shift:
    """Eva's shift ends so long after ten."""
    shift = Shift(
        id=derived_id("shift", "eva"),
        date=TODAY,
        driver_id=EVA.id,
        vehicle_id=SECOND.id,
        depot_id=DEPOT.id,
        start=TEN - timedelta(hours=1),
        end=TEN + timedelta(hours=hours),
    )
    await street.tx.fleet.put_shift(shift)
    return shift


async def fill_eva(street: Street, parcels: int) -> None:
    full = Load(parcels=parcels, weight_g=900_000, volume_ml=8_000_000)
    await street.tx.fleet.put_vehicle(replace(SECOND, capacity=full))


async def accept(street: Street, proposal: Proposal) -> dict[str, Route]:
    return {route.code: route for route in await street.move(*test_proposals.moves_of(proposal))}


async def fetch(street: Street, route: Route, *, driver_id: UUID) -> None:
    """The taking driver scans the first of Dora's parcels into its van."""
    actor = replace(DRIVER, id=driver_id, tenant_id=TENANT_ID)
    order = await street.tx.orders.get(street.of_dora[0].order_id)
    phone = Phone(street.tx, street.phone.clock, actor)
    for parcel in order.parcels:
        told = await phone.tell("parcel.loaded", route_id=route.id, barcode=parcel.barcode)
        assert told.status == "accepted"


async def test_a_spare_van_drives_out_when_nobody_on_the_road_can(street: Street) -> None:
    await let_gil_wait(street)
    await fill_eva(street, 2)
    proposal = await street.propose()
    assert proposal.sentence == "Repartir 3 paradas de R-01 en MNPR34: salva 3 promesas"
    (van,) = proposal.vans
    # A quarter of an hour until it leaves, 150 s to Dora.
    assert van.is_spare
    assert van.meets_at == TEN + timedelta(minutes=15, seconds=150)
    assert proposal.moves[0].arrival > TEN + timedelta(minutes=25)


async def test_a_spare_van_gets_a_route_and_the_way_to_its_meeting(street: Street) -> None:
    await let_gil_wait(street)
    await fill_eva(street, 2)
    routes = await accept(street, await street.propose())
    taken = routes["R-03"]
    assert (taken.driver_id, taken.state, taken.version) == (GIL.id, RouteState.PUBLISHED, 1)
    version = await street.tx.routes.get_version(taken.id, 1)
    assert [stop.transfer.from_code for stop in version.stops if stop.transfer] == ["R-01"] * 3
    assert {stop.route_id for stop in await street.tx.routes.list_stops(taken.id)} == {taken.id}


async def test_the_meal_of_a_spare_driver_counts_before_it_is_accepted_as_after(
    street: Street,
) -> None:
    meal = MealBreak(duration_s=1_800, earliest=time(10, 25), latest=time(10, 58))
    await street.tx.fleet.put_driver(replace(GIL, meal_break=meal))
    await let_gil_wait(street)
    await fill_eva(street, 2)
    proposal = await street.propose()
    taken = (await accept(street, proposal))["R-03"]
    assert (await street.tx.routes.get_version(taken.id, 1)).breaks
    situation = await street.situation()
    told = foresee_as_it_is(situation, situation.get_route(taken.id), TIMES)
    said = {move.stop_id: move.arrival for move in proposal.moves}
    assert said == {stop_id: arrival.p50 for stop_id, arrival in told.arrivals.items()}


async def test_a_van_that_has_not_left_is_not_relieved_of_what_no_other_does_better(
    street: Street,
) -> None:
    for stop in street.of_dora:
        await street.promise(stop, TEN + timedelta(minutes=5))
    waiting = replace(
        street.dora, is_broken_down=False, state=RouteState.PUBLISHED, started_at=None
    )
    await street.tx.routes.save(waiting)
    for stop in street.of_dora:
        order = await street.tx.orders.get(stop.order_id)
        parcels = tuple(replace(each, state=ParcelState.STAGED) for each in order.parcels)
        await street.tx.orders.save(replace(order, parcels=parcels))
    proposal = await street.propose()
    assert (proposal.sentence, proposal.moves) == (
        "Mover paradas de R-01 no salva ninguna promesa.",
        (),
    )


async def test_a_shift_about_to_end_is_no_spare_van(street: Street) -> None:
    await let_gil_wait(street, hours=1)
    await fill_eva(street, 2)
    proposal = await street.propose()
    assert (proposal.moves, len(proposal.left)) == ((), 3)


async def test_the_van_on_the_road_comes_before_a_dearer_spare_one(street: Street) -> None:
    await let_gil_wait(street)
    assert [van.code for van in (await street.propose()).vans] == ["R-02"]


async def test_what_one_van_cannot_carry_another_takes_and_the_rest_says_why(
    street: Street,
) -> None:
    """Eva has room for one parcel more, Gil's van for one."""
    await let_gil_wait(street)
    await fill_eva(street, 3)
    await street.tx.fleet.put_vehicle(
        replace(THIRD, capacity=Load(parcels=1, weight_g=900_000, volume_ml=8_000_000))
    )
    proposal = await street.propose()
    assert sorted((van.code, van.stops) for van in proposal.vans) == [("MNPR34", 1), ("R-02", 1)]
    assert proposal.sentence.endswith("1 sigue sin furgón")
    (left,) = proposal.left
    assert left.sentence.startswith("Ningún furgón alcanza")


async def test_what_fits_in_no_van_says_so(street: Street) -> None:
    await fill_eva(street, 0)
    proposal = await street.propose()
    assert {left.sentence for left in proposal.left} == {
        "Sus bultos no caben en ningún otro furgón."
    }


async def test_what_is_proposed_is_what_tracking_says_once_accepted(street: Street) -> None:
    await street.promise(street.of_dora[2], TEN + timedelta(minutes=26))
    proposal = await street.propose()
    await accept(street, proposal)
    situation = await street.situation()
    told = foresee_as_it_is(situation, situation.get_route(street.eva.id), TIMES)
    for move in proposal.moves:
        assert told.arrivals[move.stop_id].p50 == move.arrival
        assert told.arrivals[move.stop_id].p90 == move.latest
        assert told.risks[move.stop_id] is move.risk


async def test_what_is_accepted_is_visited_in_the_order_its_hours_were_told_for(
    street: Street,
) -> None:
    """Eva takes all: Ana before her own Elsa, Beto and Carla between Elsa and Fito."""
    await let_eva_work(street, hours=8)
    ana, beto, carla = street.of_dora
    elsa, _ = street.of_eva
    proposal = await street.propose()
    places = {move.stop_id: move.after_stop_id for move in proposal.moves}
    assert places == {ana.id: None, beto.id: elsa.id, carla.id: beto.id}
    await accept(street, proposal)
    situation = await street.situation()
    told = foresee_as_it_is(situation, situation.get_route(street.eva.id), TIMES)
    said = {move.stop_id: move.arrival for move in proposal.moves}
    assert said == {stop_id: told.arrivals[stop_id].p50 for stop_id in said}


async def planned(street: Street) -> list[UUID]:
    """The stops of Dora's route in the order of their visits."""
    route = await street.tx.routes.get(street.dora.id)
    return [s.stop_id for s in (await street.tx.routes.get_version(route.id, route.version)).stops]


async def test_undone_each_stop_is_visited_when_it_would_have_been(street: Street) -> None:
    """Dora was to visit Carla, the farthest, before Ana and Beto."""
    ana, beto, carla = street.of_dora
    await street.move(Move(stop_id=carla.id, to_route_id=street.dora.id, is_first=True))
    before = await planned(street)
    proposal = await street.propose()
    await accept(street, proposal)
    assert await planned(street) == []
    await street.move(*proposal.undo)
    assert await planned(street) == before == [carla.id, ana.id, beto.id]


async def test_a_part_that_is_undone_goes_between_what_stayed(street: Street) -> None:
    ana, beto, carla = street.of_dora
    await street.move(Move(stop_id=carla.id, to_route_id=street.dora.id, is_first=True))
    proposal = await street.propose()
    wanted = {carla.id, beto.id}
    moves = tuple(move for move in proposal.moves if move.stop_id in wanted)
    await accept(street, replace(proposal, moves=moves))
    assert await planned(street) == [ana.id]
    await street.move(*(move for move in proposal.undo if move.stop_id in wanted))
    assert await planned(street) == [carla.id, ana.id, beto.id]


async def tell_late(street: Street, stop: Stop, until: datetime) -> None:
    """What the recipient of a stop is told because the van stands."""
    versions = street.tx.promises.kept[stop.order_id]
    window = TimeWindow(start=TEN, end=until)
    later = replace(versions[-1], version=2, window=window, cause="delay_breakdown")
    street.tx.promises.kept[stop.order_id] = [*versions, later]


async def test_proposed_again_a_promise_is_judged_by_the_window_that_counts(
    street: Street,
) -> None:
    """Accepted, undone, and told meanwhile that it is late: a later window saves no promise."""
    await let_eva_work(street, hours=8)
    await street.promise(street.of_dora[2], TEN + timedelta(minutes=5))
    first = await street.propose()
    await accept(street, first)
    await street.move(*(Move(stop_id=s.id, to_route_id=street.dora.id) for s in street.of_dora))
    await tell_late(street, street.of_dora[2], TEN + timedelta(hours=3))
    second = await street.propose()
    assert first.saves == second.saves == 2
    risk = {move.stop_id: move.risk for move in second.moves}
    assert risk[street.of_dora[2].id] is PromiseRisk.LATE


async def test_a_promise_that_still_can_be_kept_comes_before_a_later_window_we_told(
    street: Street,
) -> None:
    """Carla, the last of the street, is due first: she is reached first, told late or not."""
    await street.promise(street.of_dora[2], TEN + timedelta(minutes=22))
    first = await street.propose()
    await tell_late(street, street.of_dora[2], TEN + timedelta(hours=3))
    again = await street.propose()
    assert [(m.stop_id, m.risk) for m in again.moves] == [(m.stop_id, m.risk) for m in first.moves]


async def test_a_van_waits_for_a_late_window_within_its_shift_or_stays_away(
    street: Street,
) -> None:
    """Ana may be visited from three hours on: Gil, whose shift ends before, does not wait there."""
    ana, shift_h = street.of_dora[0], 2
    await let_gil_wait(street, hours=shift_h)
    await fill_eva(street, 0)
    versions = street.tx.promises.kept[ana.order_id]
    evening = TimeWindow(start=TEN + timedelta(hours=3), end=TEN + timedelta(hours=5))
    versions[0] = replace(versions[0], window=evening)
    proposal = await street.propose()
    assert {left.stop_id for left in proposal.left} == {ana.id}
    (van,) = proposal.vans
    assert van.back_at <= van.shift_end == TEN + timedelta(hours=shift_h)
    assert van.overtime_s == 0


async def test_a_van_that_is_back_too_late_anyway_says_by_how_much(street: Street) -> None:
    """Eva is behind: her own two stops alone end more than an hour after her shift."""
    fito = street.of_eva[1]
    await street.promise(street.of_dora[0], TEN + timedelta(hours=8))
    versions = street.tx.promises.kept[fito.order_id]
    evening = TimeWindow(start=TEN + timedelta(hours=3), end=TEN + timedelta(hours=5))
    versions[0] = replace(versions[0], window=evening)
    shift = await let_eva_work(street, hours=2)
    (van,) = (await street.propose()).vans
    assert van.shift_end == shift.end
    assert van.overtime_s == (van.back_at - shift.end).total_seconds() > 3_600


async def test_a_promise_kept_half_of_the_time_is_not_called_safe(street: Street) -> None:
    """Expected at about 12:40 after ten, late one time in ten beyond that: narrow is at risk."""
    proposal = await street.propose()
    ana = next(move for move in proposal.moves if move.stop_id == street.of_dora[0].id)
    between = ana.arrival + (ana.latest - ana.arrival) / 2
    await street.promise(street.of_dora[0], between)
    again = await street.propose()
    risk = {move.stop_id: move.risk for move in again.moves}
    assert risk[street.of_dora[0].id] is PromiseRisk.AT_RISK
    assert again.saves == 2


async def test_who_gets_later_is_told_with_both_hours(street: Street) -> None:
    proposal = await street.propose()
    later = {each.stop_id: each for each in proposal.later}
    assert set(later) == {stop.id for stop in street.of_eva}
    elsa = later[street.of_eva[0].id]
    assert elsa.arrival - elsa.was >= timedelta(minutes=9)
    assert (elsa.risk_was, elsa.risk) == (PromiseRisk.ON_TIME, PromiseRisk.ON_TIME)


async def test_what_a_running_van_has_aboard_stays_in_it(street: Street) -> None:
    await street.tx.routes.save(replace(street.dora, is_broken_down=False))
    proposal = await street.propose()
    assert proposal.moves == ()
    assert all("sigue andando" in left.sentence for left in proposal.left)


async def test_what_a_running_van_keeps_is_not_said_to_be_without_a_van(street: Street) -> None:
    """Ana's parcel never got aboard and may go with Eva; Dora delivers the other two herself."""
    await street.tx.routes.save(replace(street.dora, is_broken_down=False))
    order = await street.tx.orders.get(street.of_dora[0].order_id)
    parcels = tuple(replace(parcel, state=ParcelState.ANNOUNCED) for parcel in order.parcels)
    await street.tx.orders.save(replace(order, parcels=parcels))
    proposal = await street.propose()
    assert (
        proposal.sentence == "Repartir 1 parada de R-01 en R-02: salva 1 promesa; 2 siguen en R-01"
    )


async def test_a_proposal_is_refused_once_the_van_runs_again(street: Street) -> None:
    proposal = await street.propose()
    moves = [Move(stop_id=m.stop_id, to_route_id=m.to_route_id) for m in proposal.moves]
    require_free(await street.situation(), moves)
    await street.tx.routes.save(replace(street.dora, is_broken_down=False))
    with pytest.raises(MoveNotPossibleError, match="R-01 anda con esos bultos a bordo"):
        require_free(await street.situation(), moves)


async def test_a_loaded_van_keeps_its_parcels_and_their_order(street: Street) -> None:
    await street.tx.routes.save(replace(street.eva, state=RouteState.LOADED, started_at=None))
    before = [stop.stop_id for stop in (await street.tx.routes.get_version(street.eva.id, 1)).stops]
    await accept(street, await street.propose())
    version = await street.tx.routes.get_version(street.eva.id, 2)
    own = [stop for stop in version.stops if stop.stop_id in before]
    assert [stop.stop_id for stop in own] == before
    assert all(stop.transfer is None for stop in own)


async def test_a_move_is_undone_until_the_parcels_change_vans(street: Street) -> None:
    await accept(street, await street.propose())
    back = [Move(stop_id=stop.id, to_route_id=street.dora.id) for stop in street.of_dora]
    await street.move(*back)
    version = await street.tx.routes.get_version(street.dora.id, 3)
    assert {stop.stop_id for stop in version.stops} == {stop.id for stop in street.of_dora}
    assert all(stop.transfer is None for stop in version.stops)


async def test_parcels_that_changed_vans_do_not_go_back_to_one_that_stands(
    street: Street,
) -> None:
    await accept(street, await street.propose())
    await fetch(street, street.eva, driver_id=EVA.id)
    with pytest.raises(MoveNotPossibleError):
        await street.move(Move(stop_id=street.of_dora[0].id, to_route_id=street.dora.id))


async def test_a_spare_van_whose_stops_go_back_waits_again(street: Street) -> None:
    await let_gil_wait(street)
    await fill_eva(street, 2)
    taken = (await accept(street, await street.propose()))["R-03"]
    back = [Move(stop_id=stop.id, to_route_id=street.dora.id) for stop in street.of_dora]
    await street.move(*back)
    assert (await street.tx.routes.get(taken.id)).state is RouteState.CANCELLED
    assert [van.is_spare for van in (await street.propose()).vans] == [True]


async def test_parcels_nobody_fetched_yet_are_fetched_where_they_are(street: Street) -> None:
    """Eva breaks down on her way to Dora: Gil meets Dora for Dora's parcels, and Eva for hers."""
    await let_gil_wait(street)
    await accept(street, await street.propose())
    eva = await street.tx.routes.get(street.eva.id)
    await street.tx.routes.save(replace(eva, is_broken_down=True))
    street.dora, dora = eva, street.dora
    taken = (await accept(street, await street.propose()))["R-03"]
    version = await street.tx.routes.get_version(taken.id, 1)
    sources = {stop.stop_id: stop.transfer.from_code for stop in version.stops if stop.transfer}
    assert {sources[stop.id] for stop in street.of_dora} == {dora.code}
    assert {sources[stop.id] for stop in street.of_eva} == {"R-02"}


async def test_tracking_counts_the_meeting_until_the_parcels_are_aboard(street: Street) -> None:
    await accept(street, await street.propose())
    situation = await street.situation()
    before = foresee_as_it_is(situation, situation.get_route(street.eva.id), TIMES)
    for stop in street.of_dora[1:]:
        await street.tx.routes.put_stop(replace(stop, state=StopState.CLOSED, closed_at=TEN))
    await fetch(street, street.eva, driver_id=EVA.id)
    situation = await street.situation()
    after = foresee_as_it_is(situation, situation.get_route(street.eva.id), TIMES)
    ana = street.of_dora[0].id
    assert before.arrivals[ana].p50 - after.arrivals[ana].p50 > timedelta(minutes=9)


async def test_the_story_of_an_order_says_which_van_took_it(street: Street) -> None:
    await accept(street, await street.propose())
    told = [event for event in street.tx.events.kept if event.type == "stop.moved"]
    assert len(told) == 3
    assert told[0].data == {"from_code": "R-01", "to_code": "R-02"}
    assert {event.order_id for event in told} == {stop.order_id for stop in street.of_dora}


@pytest.mark.parametrize("kept", [0, 1])
async def test_taking_a_rescue_back_brings_the_colacion_back(street: Street, kept: int) -> None:
    """Who keeps one stop, or none, eats once back; with all three, under way."""
    shift = Shift(
        id=derived_id("shift", "dora"),
        date=TODAY,
        driver_id=DORA.id,
        vehicle_id=VAN.id,
        depot_id=DEPOT.id,
        start=TEN - timedelta(hours=1),
        end=TEN + timedelta(hours=6),
    )
    await street.tx.fleet.put_shift(shift)
    meal = MealBreak(duration_s=1_800, earliest=time(10, 5), latest=time(10, 40))
    await street.tx.fleet.put_driver(replace(DORA, meal_break=meal))
    planned = RouteBreak(start=TEN + timedelta(minutes=6), end=TEN + timedelta(minutes=36))
    version = await street.tx.routes.get_version(street.dora.id, 1)
    street.tx.routes.versions[street.dora.id, 1] = replace(version, breaks=(planned,))
    given = street.of_dora[kept:]
    await street.move(*(Move(stop_id=each.id, to_route_id=street.eva.id) for each in given))
    await street.move(*(Move(stop_id=each.id, to_route_id=street.dora.id) for each in given))
    back = await street.tx.routes.get_version(street.dora.id, 3)
    assert len(back.stops) == 3
    assert [each.end - each.start for each in back.breaks] == [timedelta(minutes=30)]
    assert TEN + timedelta(minutes=5) <= back.breaks[0].start


async def test_a_colacion_that_was_had_before_leaving_does_not_come_back(street: Street) -> None:
    meal = MealBreak(duration_s=1_800, earliest=time(8), latest=time(10, 40))
    await street.tx.fleet.put_driver(replace(DORA, meal_break=meal))
    (ana, *_) = street.of_dora
    await street.move(Move(stop_id=ana.id, to_route_id=street.eva.id))
    await street.move(Move(stop_id=ana.id, to_route_id=street.dora.id))
    assert (await street.tx.routes.get_version(street.dora.id, 3)).breaks == ()


async def test_a_spare_driver_who_eats_before_leaving_is_not_told_half_an_hour_early(
    street: Street,
) -> None:
    """Ready at 10:15, and too late for it once back: Gil eats in the depot."""
    meal = MealBreak(duration_s=1_800, earliest=time(10), latest=time(10, 50))
    await street.tx.fleet.put_driver(replace(GIL, meal_break=meal))
    await let_gil_wait(street)
    await fill_eva(street, 2)
    proposal = await street.propose()
    taken = (await accept(street, proposal))["R-03"]
    version = await street.tx.routes.get_version(taken.id, 1)
    at = TEN + timedelta(minutes=15)
    assert version.breaks == (RouteBreak(start=at, end=at + timedelta(minutes=30)),)
    early = version.stops[0].arrival - proposal.moves[0].arrival
    assert timedelta() <= early < timedelta(minutes=1)


async def test_a_colacion_had_where_the_van_stands_is_published_and_counted(street: Street) -> None:
    """Its hours have begun, and once back it is too late for it: Dora eats at once, then Beto."""
    meal = MealBreak(duration_s=1_800, earliest=time(9, 30), latest=time(10, 45))
    await street.tx.fleet.put_driver(replace(DORA, meal_break=meal))
    planned = RouteBreak(start=TEN + timedelta(minutes=6), end=TEN + timedelta(minutes=36))
    version = await street.tx.routes.get_version(street.dora.id, 1)
    street.tx.routes.versions[street.dora.id, 1] = replace(version, breaks=(planned,))
    await street.tx.routes.save(replace(street.dora, is_broken_down=False))
    (_, beto, *_) = street.of_dora
    await street.move(Move(stop_id=beto.id, to_route_id=street.dora.id, is_first=True))
    after = await street.tx.routes.get_version(street.dora.id, 2)
    assert after.breaks == (RouteBreak(start=TEN, end=TEN + timedelta(minutes=30)),)
    situation = await street.situation()
    told = foresee_as_it_is(situation, situation.get_route(street.dora.id), TIMES)
    assert after.stops[0].stop_id == beto.id
    assert after.stops[0].arrival >= TEN + timedelta(minutes=30)
    assert told.arrivals[beto.id].p50 >= TEN + timedelta(minutes=30)
