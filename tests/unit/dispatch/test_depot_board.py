"""The warehouse counts each route's parcels, and squares a route once nothing of it is aboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from promesa.dispatch.depot_board import RouteLoad, Stage, count_loads, list_lines, stage_of
from promesa.dispatch.phone import EventStatus
from promesa.dispatch.refusals import ParcelsNotBackError
from promesa.dispatch.squaring import RouteNotBackError, read_account, square
from promesa.domain.actor import Role
from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.route import Route, RouteReload, RouteState
from promesa.domain.stop import Outcome, StopState
from promesa.kernel.ids import Ids, derived_id
from promesa.kernel.seeds import stream
from tests.support.dispatch_memory import (
    DEPOT,
    DISPATCHER,
    SmallDay,
    make_order,
    make_small_day,
    put_order,
)
from tests.support.orders_memory import TODAY

WAREHOUSE = replace(DISPATCHER, role=Role.WAREHOUSE)


async def loads_of(day: SmallDay) -> list[RouteLoad]:
    return count_loads(await list_lines(day.tx, TODAY, depot_id=DEPOT.id))


async def finish(day: SmallDay) -> None:
    await day.tx.routes.save(replace(await day.route_now(), state=RouteState.FINISHED))


async def settle(day: SmallDay, counted_clp: int = 0, note: str | None = None) -> Route:
    ids = Ids(day.phone.clock, stream(len(day.types()), "squaring").randbytes)
    return await square(
        day.tx,
        day.route.id,
        counted_clp=counted_clp,
        note=note,
        actor=WAREHOUSE,
        clock=day.phone.clock,
        ids=ids,
    )


def test_every_state_of_a_parcel_has_a_place_in_the_warehouse() -> None:
    assert {stage_of(state) for state in ParcelState} == set(Stage)


async def test_a_route_counts_its_parcels_by_where_they_are() -> None:
    (load,) = await loads_of(await make_small_day())
    assert (load.total, load.counts) == (3, {Stage.STAGED: 3})


async def test_an_order_without_a_route_is_expected_too() -> None:
    day = await make_small_day()
    order = make_order("elsa", state=OrderState.CONFIRMED)
    announced = tuple(replace(item, state=ParcelState.ANNOUNCED) for item in order.parcels)
    await put_order(day.tx, replace(order, parcels=announced))
    unrouted = (await loads_of(day))[-1]
    assert (unrouted.route, unrouted.counts) == (None, {Stage.EXPECTED: 1})


async def test_what_failed_and_is_aboard_must_come_back() -> None:
    day = await make_small_day()
    await day.phone.tell("route.started")
    await day.tx.routes.put_stop(replace(day.beto, state=StopState.CLOSED, outcome=Outcome.FAILED))
    (load,) = await loads_of(day)
    assert (load.counts[Stage.ABOARD], load.to_come_back) == (3, 1)


async def test_what_left_a_route_before_loading_is_not_looked_for_there() -> None:
    day = await make_small_day()
    await day.tx.routes.put_stop(
        replace(day.beto, state=StopState.CLOSED, outcome=Outcome.CANCELLED)
    )
    on_route, waiting = await loads_of(day)
    assert (on_route.total, waiting.route, waiting.total) == (2, None, 1)


async def test_a_route_on_the_road_is_not_squared() -> None:
    day = await make_small_day()
    await day.phone.tell("route.started")
    with pytest.raises(RouteNotBackError):
        await settle(day)


async def test_a_route_with_parcels_aboard_is_not_squared() -> None:
    day = await make_small_day()
    await day.phone.tell("route.started")
    await finish(day)
    with pytest.raises(ParcelsNotBackError):
        await settle(day)


async def test_a_route_with_nothing_aboard_is_squared_once() -> None:
    day = await make_small_day()
    await finish(day)
    assert (await settle(day)).state is RouteState.RECONCILED
    await settle(day)
    assert day.types().count("route.reconciled") == 1


async def test_the_money_declared_at_the_doors_is_added_up() -> None:
    day = await make_small_day()
    order = replace(await day.order_of(day.beto), cod_clp=9_990)
    day.tx.orders.kept[order.id] = order
    await day.phone.tell("route.started")
    proof = [{"id": str(derived_id(kind)), "kind": kind} for kind in ("photo", "signature")]
    result = await day.phone.close(day.beto, cod_collected_clp=9_990, evidence=proof)
    assert result.status is EventStatus.ACCEPTED, result.detail
    account = await read_account(day.tx, day.route.id, day.tx.events.kept)
    assert (account.cash.due_clp, account.cash.to_count_clp) == (9_990, 9_990)


async def test_a_van_that_comes_back_to_load_has_its_parcels_by_trip() -> None:
    day = await make_small_day()
    (version,) = (await day.tx.routes.latest_versions(TODAY)).values()
    lines = await list_lines(day.tx, TODAY, depot_id=DEPOT.id)
    assert {line.trip for line in lines} == {None}
    last = next(stop for stop in version.stops if stop.stop_id == day.beto.id)
    loads = RouteReload(
        arrival=last.arrival - timedelta(minutes=40),
        departure=last.arrival - timedelta(minutes=20),
        order_id=day.beto.order_id,
    )
    await day.tx.routes.add_version(replace(version, number=2, reloads=(loads,)))
    await day.tx.routes.save(replace(await day.route_now(), version=2))
    lines = await list_lines(day.tx, TODAY, depot_id=DEPOT.id)
    trips = {(line.order.id, line.trip) for line in lines}
    assert trips == {(day.ana.order_id, 1), (day.beto.order_id, 2)}


async def test_a_load_whose_first_order_moved_away_begins_with_the_next_stop() -> None:
    day = await make_small_day()
    (version,) = (await day.tx.routes.latest_versions(TODAY)).values()
    first, last = sorted(version.stops, key=lambda stop: stop.sequence)
    moved = RouteReload(
        arrival=first.departure, departure=first.departure, order_id=derived_id("order", "gone")
    )
    assert replace(version, reloads=(moved,)).trips() == {first.stop_id: 1, last.stop_id: 2}
