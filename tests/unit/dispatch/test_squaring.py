"""The warehouse counts a route's cash and parcels; what it finds and what was told are both kept.

Dora's van carries Ana (two parcels) and Beto (one). Ana owes 10.000 pesos.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from promesa.dispatch.depot_board import list_lines, list_loads
from promesa.dispatch.depot_scans import apply_depot_scan
from promesa.dispatch.phone import EventResult, EventStatus
from promesa.dispatch.squaring import (
    Account,
    CountNoteMissingError,
    RouteNotBackError,
    read_account,
    square,
)
from promesa.dispatch.surplus import SurplusWhy
from promesa.domain.actor import Role
from promesa.domain.custody import HolderKind
from promesa.domain.parcel import ParcelState
from promesa.domain.route import Route, RouteState
from promesa.kernel.errors import ForbiddenError
from promesa.kernel.ids import Ids, derived_id
from promesa.kernel.seeds import stream
from promesa.proof.ledger import verify
from tests.support.dispatch_memory import (
    DEPOT,
    DISPATCHER,
    SmallDay,
    make_order,
    make_small_day,
    put_order,
    put_route,
)
from tests.support.orders_memory import TODAY
from tests.unit.dispatch.test_late_visits import closed_by_the_torre, tell

WAREHOUSE = replace(DISPATCHER, role=Role.WAREHOUSE)
PROOF = [{"id": str(derived_id(kind)), "kind": kind} for kind in ("photo", "signature")]


async def owing(day: SmallDay) -> SmallDay:
    order = replace(await day.order_of(day.ana), cod_clp=10_000)
    day.tx.orders.kept[order.id] = order
    return day


async def back_with_cash(collected_clp: int = 10_000) -> SmallDay:
    """Ana paid, Beto was not home; the van is back and its driver says to have handed in."""
    day = await owing(await make_small_day())
    note = {"note": "No tenía más"} if collected_clp != 10_000 else {}
    paid = await day.phone.close(day.ana, evidence=PROOF, cod_collected_clp=collected_clp, **note)
    assert paid.code is None, paid.detail
    await day.phone.close(day.beto, "failed", reason="OUT_OF_TIME")
    await day.phone.tell("route.finished")
    await day.phone.tell("parcel.returned_to_depot", barcode="BETO-1")
    assert (await day.phone.tell("route.reconciled")).code is None
    return day


async def account_of(day: SmallDay, route: Route | None = None) -> Account:
    route_id = (route or day.route).id
    told = [event for event in day.tx.events.kept if event.route_id == route_id]
    return await read_account(day.tx, route_id, told)


async def scan(day: SmallDay, barcode: str, route: Route | None = None) -> EventResult:
    raw = {
        "id": str(derived_id("scan", barcode, len(day.types()))),
        "barcode": barcode,
        "depot_id": str(DEPOT.id),
        "occurred_at": day.phone.clock.now().isoformat(),
        "kind": "returned",
        **({"route_id": str(route.id)} if route else {}),
    }
    return await apply_depot_scan(day.tx, raw, actor=WAREHOUSE, clock=day.phone.clock)


async def count(day: SmallDay, counted_clp: int, note: str | None = None) -> Route:
    return await square(
        day.tx,
        day.route.id,
        counted_clp=counted_clp,
        note=note,
        actor=WAREHOUSE,
        clock=day.phone.clock,
        ids=Ids(day.phone.clock, stream(len(day.types()), "count").randbytes),
    )


async def test_what_is_declared_and_not_seen_is_named_until_it_is_scanned() -> None:
    day = await back_with_cash()
    ((_, declared),) = (await account_of(day)).aboard
    assert (declared.barcode, declared.state) == ("BETO-1", ParcelState.RETURN_IN_TRANSIT)
    assert (await scan(day, "BETO-1", day.route)).status is EventStatus.ACCEPTED
    chain = day.tx.custody.kept[declared.id]
    assert (await account_of(day)).aboard == ()
    assert (chain[-1].holder.kind, verify(chain)) == (HolderKind.DEPOT, [])


async def test_cash_that_is_all_there_needs_no_words() -> None:
    day = await back_with_cash()
    await scan(day, "BETO-1")
    squared = await count(day, 10_000)
    told = next(e for e in day.tx.events.kept if e.type == "route.reconciled")
    assert (squared.state, squared.cash_told_clp, squared.cash_counted_clp) == (
        RouteState.RECONCILED,
        10_000,
        10_000,
    )
    assert told.data == {"returned": 1, "cash_told_clp": 10_000, "cash_counted_clp": 10_000}


async def test_cash_that_differs_is_squared_with_a_reason_only() -> None:
    day = await back_with_cash()
    await scan(day, "BETO-1")
    with pytest.raises(CountNoteMissingError):
        await count(day, 9_000, "  ")
    assert (await day.route_now()).state is RouteState.FINISHED
    await count(day, 9_000, "Falta un billete de mil")
    account = await account_of(day)
    assert (account.cash.counted_clp, account.cash.difference_clp) == (9_000, -1_000)
    (note_id,) = account.note_ids
    # Words are kept as words are: with a person, never in the event.
    assert day.tx.people.kept[note_id].instructions == "Falta un billete de mil"
    assert "billete" not in str([event.data for event in day.tx.events.kept])


async def test_what_the_driver_said_to_have_received_is_what_is_looked_for() -> None:
    day = await back_with_cash(8_000)
    assert (await account_of(day)).cash.to_count_clp == 8_000
    await scan(day, "BETO-1")
    await count(day, 8_000)
    assert (await day.stop_now(day.ana)).doubt is None


async def test_who_does_not_work_in_a_depot_counts_nothing() -> None:
    day = await back_with_cash()
    with pytest.raises(ForbiddenError):
        await square(
            day.tx,
            day.route.id,
            counted_clp=0,
            actor=replace(DISPATCHER, role=Role.READER),
            clock=day.phone.clock,
            ids=Ids(day.phone.clock, stream(1, "count").randbytes),
        )


async def test_cash_told_after_the_squaring_is_counted_once_more() -> None:
    """Beto paid as well, which the torre accepted from a dispute later."""
    day = await back_with_cash()
    await scan(day, "BETO-1")
    await count(day, 10_000)
    stop = await day.stop_now(day.ana)
    await day.tx.routes.put_stop(replace(stop, cod_collected_clp=12_000))
    assert (await account_of(day)).cash.to_count_clp == 2_000
    await count(day, 2_000)
    route = await count(day, 0)
    assert (route.state, route.cash_counted_clp) == (RouteState.RECONCILED, 12_000)
    assert day.types().count("route.cash_counted") == 1


async def test_cash_of_a_delivery_on_a_route_that_was_called_off_is_counted() -> None:
    day = await owing(await closed_by_the_torre(is_driven=False))
    with pytest.raises(RouteNotBackError):
        await count(day, 0)
    told = await tell(day, day.ana, evidence=PROOF, cod_collected_clp=10_000)
    assert told.status is EventStatus.ACCEPTED, told.detail
    (load, *_) = await list_loads(day.tx, TODAY, await list_lines(day.tx, TODAY, depot_id=DEPOT.id))
    assert (load.route and load.route.code, load.cash_to_count_clp) == ("R-01", 10_000)
    route = await count(day, 10_000)
    assert (route.state, route.cash_counted_clp) == (RouteState.CANCELLED, 10_000)
    assert (await account_of(day)).cash.to_count_clp == 0


async def test_a_parcel_of_another_van_is_counted_in_and_named_as_too_many() -> None:
    day = await back_with_cash()
    carla = await put_order(day.tx, make_order("carla"))
    other, _ = await put_route(day.tx, [carla], code="R-09")
    await day.phone.tell("parcel.loaded", barcode="CARLA-1", route_id=other.id)
    assert (await scan(day, "CARLA-1", day.route)).status is EventStatus.ACCEPTED
    (surplus,) = (await account_of(day)).surplus
    assert (surplus.why, surplus.route_code) == (SurplusWhy.OTHER_ROUTE, "R-09")
    order = await day.tx.orders.get(carla.id)
    assert order.parcels[0].state is ParcelState.RETURNED_TO_DEPOT


async def test_a_parcel_told_delivered_that_comes_back_is_named_and_stays_delivered() -> None:
    day = await back_with_cash()
    refused = await scan(day, "ANA-1")
    (surplus,) = (await account_of(day)).surplus
    assert (refused.code, surplus.why) == ("parcel_told_delivered", SurplusWhy.TOLD_DELIVERED)
    assert (await day.order_of(day.ana)).parcels[0].state is ParcelState.DELIVERED


async def test_a_code_that_nobody_knows_is_named_where_words_are_kept() -> None:
    day = await back_with_cash()
    assert (await scan(day, "NADIE-7", day.route)).code == "barcode_unknown"
    (surplus,) = (await account_of(day)).surplus
    assert surplus.why is SurplusWhy.UNKNOWN
    assert surplus.code_id is not None
    assert day.tx.people.kept[surplus.code_id].instructions == "NADIE-7"
    assert "NADIE-7" not in str([event.data for event in day.tx.events.kept])


async def test_a_parcel_read_twice_is_not_too_many() -> None:
    day = await back_with_cash()
    await scan(day, "BETO-1", day.route)
    assert (await scan(day, "BETO-1", day.route)).code == "parcel_already_scanned"
    assert (await account_of(day)).surplus == ()
