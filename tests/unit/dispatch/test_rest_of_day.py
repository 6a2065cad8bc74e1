"""The rest of a day keeps what the plan kept: the colación, hours at the wheel and on duty.

The street of test_replanning: R-01 (Dora) visits Carla, Beto and Ana, R-02 (Eva) Elsa and Fito.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from promesa.dispatch.choosing import Move, as_it_is
from promesa.dispatch.moving import place_moves
from promesa.dispatch.proposals import propose
from promesa.dispatch.situation import RestOfDay, RouteNow, begun_breaks, rest_of_day
from promesa.domain.fleet import Driver, Load, MealBreak
from promesa.domain.parcel import ParcelState
from promesa.domain.route import RouteBreak
from promesa.domain.stop import Outcome, StopState, StopType
from promesa.routing.limits import excess_of
from promesa.routing.schedule import time_route
from tests.support.dispatch_memory import DORA, VAN
from tests.unit.dispatch.test_proposals import GIL, SECOND, STREETS, TEN, THIRD, TIMES, put_street
from tests.unit.dispatch.test_replanning import Day

HALF_HOUR = timedelta(minutes=30)
# Who were back without it at 10:36 could not have it any more.
MEAL = MealBreak(duration_s=1_800, earliest=time(10, 5), latest=time(10, 50))


@pytest.fixture
async def day() -> Day:
    return await Day().open()


async def rest_with(
    day: Day, planned: RouteBreak | None, driver: Driver = DORA
) -> tuple[RestOfDay, RouteNow]:
    """Dora's route as it goes on, with her colación where the plan put it."""
    await day.tx.fleet.put_driver(replace(driver, meal_break=MEAL if planned else None))
    version = await day.tx.routes.get_version(day.dora.id, day.dora.version)
    day.tx.routes.versions[day.dora.id, version.number] = replace(
        version, breaks=(planned,) if planned else ()
    )
    situation = await day.situation()
    now = situation.get_route(day.dora.id)
    return rest_of_day(situation, [now], STREETS), now


def end_s(rest: RestOfDay, now: RouteNow) -> int:
    return time_route(rest.problem, 0, as_it_is(rest, 0, now), rest.starts[0]).end_s


async def test_a_colacion_to_come_takes_its_half_hour(day: Day) -> None:
    without = end_s(*await rest_with(day, None))
    start = TEN + timedelta(minutes=20)
    rest, now = await rest_with(day, RouteBreak(start=start, end=start + HALF_HOUR))
    assert len(rest.problem.vehicles[0].breaks) == 1
    assert end_s(rest, now) == without + 1_800


async def test_who_is_eating_goes_on_after_it(day: Day) -> None:
    start = TEN - timedelta(minutes=10)
    rest, _ = await rest_with(day, RouteBreak(start=start, end=start + HALF_HOUR))
    assert rest.problem.vehicles[0].breaks == ()
    ready = (await day.situation()).day.instant_at(rest.starts[0].ready_s)
    assert ready == TEN + timedelta(minutes=20)


async def test_a_colacion_that_is_over_is_not_had_again(day: Day) -> None:
    without = end_s(*await rest_with(day, None))
    start = TEN - timedelta(minutes=40)
    assert end_s(*await rest_with(day, RouteBreak(start=start, end=start + HALF_HOUR))) == without


async def test_a_colacion_with_visits_still_before_it_has_not_begun(day: Day) -> None:
    """Planned at five past between Carla and Beto; at ten past Carla is still to come."""
    start = TEN + timedelta(minutes=5)
    day.phone.clock.move_to(TEN + timedelta(minutes=10))
    rest, now = await rest_with(day, RouteBreak(start=start, end=start + HALF_HOUR))
    assert len(rest.problem.vehicles[0].breaks) == 1
    assert begun_breaks(now, TEN + timedelta(minutes=10)) == ()
    situation = await day.situation()
    move = Move(stop_id=day.of_dora[2].id, to_route_id=day.dora.id, is_first=True)
    (rerouted,) = place_moves(situation, [move], STREETS, TIMES)
    assert rerouted.timing.breaks is not None
    (moved,) = rerouted.timing.breaks
    assert moved.start >= situation.now


async def test_a_colacion_begins_when_the_late_visit_before_it_is_over(day: Day) -> None:
    """Planned at five past; Carla is visited until a quarter past, and Beto is next."""
    carla, closed_at = day.of_dora[0], TEN + timedelta(minutes=15)
    await day.tx.routes.put_stop(
        replace(
            carla,
            state=StopState.CLOSED,
            outcome=Outcome.SUCCEEDED,
            arrived_at=closed_at,
            closed_at=closed_at,
        )
    )
    day.phone.clock.move_to(TEN + timedelta(minutes=20))
    start = TEN + timedelta(minutes=5)
    rest, now = await rest_with(day, RouteBreak(start=start, end=start + HALF_HOUR))
    (had,) = begun_breaks(now, TEN + timedelta(minutes=20))
    assert had == RouteBreak(start=closed_at, end=closed_at + HALF_HOUR)
    assert rest.problem.vehicles[0].breaks == ()
    ready = (await day.situation()).day.instant_at(rest.starts[0].ready_s)
    assert ready == had.end


async def test_hours_driven_before_count_towards_the_limits(day: Day) -> None:
    rest, now = await rest_with(day, None, replace(DORA, driving_max_s=60, duty_max_s=120))
    timed = time_route(rest.problem, 0, as_it_is(rest, 0, now), rest.starts[0])
    excess = excess_of(rest.problem, timed, rest.starts[0])
    assert excess.driving_s == rest.starts[0].driven_s + timed.driving_s - 60
    assert excess.duty_s == rest.starts[0].on_duty_s + timed.end_s - rest.starts[0].ready_s - 120


async def test_a_new_version_says_where_the_colacion_stands_then(day: Day) -> None:
    start = TEN + timedelta(minutes=20)
    await rest_with(day, RouteBreak(start=start, end=start + HALF_HOUR))
    ana = day.of_dora[2].id
    situation = await day.situation()
    move = Move(stop_id=ana, to_route_id=day.dora.id, is_first=True)
    (rerouted,) = place_moves(situation, [move], STREETS, TIMES)
    assert rerouted.timing.breaks is not None
    (rest,) = rerouted.timing.breaks
    assert rest.end - rest.start == HALF_HOUR
    assert rest.start >= TEN + timedelta(minutes=5)


async def test_who_makes_the_most_stops_of_a_day_is_offered_no_more(day: Day) -> None:
    """Eva has two stops. She may make three; then two, then one, which she has passed already."""
    ana = day.of_dora[2].id
    await day.tx.routes.save(replace(day.dora, is_broken_down=True))
    found = []
    for most in (None, 3, 2, 1):
        await day.tx.fleet.put_vehicle(replace(SECOND, stops_max=most))
        found.append(propose(await day.situation(), day.dora.id, STREETS, TIMES))
    assert [len(each.moves) for each in found] == [3, 1, 0, 0]
    assert "máximo de paradas" in found[-1].left[0].sentence
    # A person may decide otherwise.
    move = Move(stop_id=ana, to_route_id=day.eva.id)
    (taking,) = [
        each
        for each in place_moves(await day.situation(), [move], STREETS, TIMES)
        if each.route_id == day.eva.id
    ]
    assert ana in {stop.stop_id for stop in taking.stops}


async def test_the_only_van_that_could_take_it_has_made_its_most(day: Day) -> None:
    """Gil's van has room and cannot keep it cold; Eva's can, and has its two stops already."""
    cold = frozenset({"cold"})
    await day.tx.fleet.put_vehicle(THIRD)
    await day.tx.fleet.put_driver(GIL)
    await put_street(day.tx, {"hugo": 4.0}, code="R-03", driver=GIL, vehicle=THIRD)
    for stop in day.of_dora:
        order = await day.tx.orders.get(stop.order_id)
        await day.tx.orders.save(replace(order, skills=cold))
    await day.tx.fleet.put_vehicle(replace(VAN, skills=cold))
    await day.tx.fleet.put_vehicle(replace(SECOND, skills=cold, stops_max=2))
    await day.tx.routes.save(replace(day.dora, is_broken_down=True))
    found = propose(await day.situation(), day.dora.id, STREETS, TIMES)
    assert {left.sentence for left in found.left} == {
        "Cada otro furgón que puede llevarla ya tiene el máximo de paradas que hace en el día."
    }


async def test_who_has_made_its_most_and_has_nothing_left_is_offered_no_more(day: Day) -> None:
    """A colecta, for which it meets nobody on the way."""
    for stop in day.of_dora:
        await day.phone.close(stop)
    for stop in day.of_eva:
        await day.tx.routes.put_stop(replace(stop, type=StopType.PICKUP))
    await day.tx.routes.save(replace(day.eva, is_broken_down=True))
    found = []
    for most in (4, 3):
        await day.tx.fleet.put_vehicle(replace(VAN, stops_max=most))
        found.append(propose(await day.situation(), day.eva.id, STREETS, TIMES))
    assert [len(each.moves) for each in found] == [1, 0]
    assert "máximo de paradas" in found[-1].left[0].sentence


async def test_stops_made_count_towards_the_most_of_a_day(day: Day) -> None:
    await day.tx.fleet.put_vehicle(replace(VAN, stops_max=5))
    await day.phone.close(day.of_dora[0])
    rest, _ = await rest_with(day, None)
    assert rest.problem.vehicles[0].stops_max == 4


async def test_what_nobody_took_and_what_was_fetched_is_still_aboard(day: Day) -> None:
    """Nobody is at Carla's; Beto's is a colecta; Ana is still to be visited."""
    carla, beto, _ = day.of_dora
    await day.phone.close(carla, "failed", reason="RECIPIENT_ABSENT")
    fetched = replace(
        beto,
        type=StopType.PICKUP,
        state=StopState.CLOSED,
        outcome=Outcome.SUCCEEDED,
        closed_at=TEN,
    )
    await day.tx.routes.put_stop(fetched)
    order = await day.tx.orders.get(beto.order_id)
    taken = tuple(replace(each, state=ParcelState.IN_TRANSIT) for each in order.parcels)
    await day.tx.orders.save(replace(order, parcels=taken))
    rest, _ = await rest_with(day, None)
    loads = [(await day.tx.orders.get(stop.order_id)).load for stop in (carla, beto)]
    assert rest.starts[0].aboard == loads[0] + loads[1]


async def test_what_is_handed_over_is_not_aboard_any_more(day: Day) -> None:
    await day.phone.close(day.of_dora[0])
    rest, _ = await rest_with(day, None)
    assert rest.starts[0].aboard == Load()


async def test_a_van_full_of_what_nobody_took_is_offered_no_more(day: Day) -> None:
    """Eva's stops are colectas of a parcel each. Dora has one to hand over and two nobody took."""
    for stop in day.of_dora[:2]:
        await day.phone.close(stop, "failed", reason="RECIPIENT_ABSENT")
    for stop in day.of_eva:
        await day.tx.routes.put_stop(replace(stop, type=StopType.PICKUP))
    await day.tx.routes.save(replace(day.eva, is_broken_down=True))
    found = []
    for parcels in (4, 3):
        holds = replace(VAN.capacity, parcels=parcels)
        await day.tx.fleet.put_vehicle(replace(VAN, capacity=holds))
        found.append(propose(await day.situation(), day.eva.id, STREETS, TIMES))
    assert [len(each.moves) for each in found] == [2, 1]
