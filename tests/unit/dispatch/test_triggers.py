"""What to look at: one line per trouble, worst first, in sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from promesa.dispatch.sights import ActionKind, ExceptionKind, RouteSight
from promesa.dispatch.triggers import list_exceptions
from promesa.domain.order import OrderState
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import RouteState
from promesa.domain.stop import Outcome, StopState
from promesa.promising.windows import whole_day
from promesa.tracking.eta import Basis
from promesa.tracking.snapshot import RouteSnapshot
from tests.support.dispatch_memory import NINE, make_order, make_small_day, make_version
from tests.support.orders_memory import TODAY

TEN = NINE + timedelta(hours=1)


async def sight(risk: PromiseRisk, *, delay_s: int = 0, **changes: Any) -> RouteSight:
    """R-01 with two open stops at ``risk``; its last sign of life is its start at ten."""
    day = await make_small_day()
    stops = {day.ana.id: day.ana, day.beto.id: day.beto}
    route = replace(day.route, state=RouteState.STARTED, started_at=TEN, **changes)
    seen = RouteSnapshot(
        route_id=route.id,
        driver_id=route.driver_id,
        version=1,
        computed_at=TEN,
        basis=Basis.PLAN,
        is_under_way=route.state is RouteState.STARTED,
        is_broken_down=route.is_broken_down,
        fix=None,
        progress=None,
        next_stop_id=day.ana.id,
        arrivals=MappingProxyType({}),
        risks=MappingProxyType(dict.fromkeys(stops, risk)),
        risk=risk,
        delay_s=delay_s,
        stops_total=2,
        stops_closed=0,
        stops_failed=0,
    )
    return RouteSight(
        route=route,
        version=make_version(route, list(stops.values())),
        stops=stops,
        seen=seen,
        promised={stop.order_id: whole_day(TODAY) for stop in stops.values()},
        streets={day.ana.id: "Suecia 1120"},
    )


def kinds(*sights: RouteSight, now: datetime = TEN) -> list[ExceptionKind]:
    return [line.kind for line in list_exceptions(sights, [], now=now)]


async def test_a_calm_route_is_not_listed() -> None:
    assert kinds(await sight(PromiseRisk.ON_TIME, delay_s=3_600)) == []


async def test_a_breakdown_says_since_when_and_what_is_due_first() -> None:
    broken = await sight(PromiseRisk.ON_TIME, is_broken_down=True)
    broken = replace(broken, broke_down_at=TEN - timedelta(minutes=26))
    (line,) = list_exceptions([broken], [], now=TEN)
    assert (line.title, line.count_label) == ("R-01 · Panne", "2 promesas")
    assert line.why == "Detenido 26 min · Primera vence 21:00"
    assert line.action is not None
    assert line.action.kind is ActionKind.PROPOSAL


async def test_a_late_route_says_where_it_goes_and_how_far_behind_it_is() -> None:
    (line,) = list_exceptions([await sight(PromiseRisk.LATE, delay_s=34 * 60)], [], now=TEN)
    assert line.title == "R-01 · 34 min de atraso"
    assert line.why == "Va a Suecia 1120 · primera vence 21:00"
    assert (line.risk, line.count_label) == (PromiseRisk.LATE, "2 tarde")


async def test_a_van_that_does_not_leave_is_listed_a_quarter_of_an_hour_later() -> None:
    waiting = await sight(PromiseRisk.ON_TIME)
    waiting = replace(waiting, route=replace(waiting.route, state=RouteState.PUBLISHED))
    due = waiting.version.start
    assert kinds(waiting, now=due + timedelta(minutes=14)) == []
    assert kinds(waiting, now=due + timedelta(minutes=15)) == [ExceptionKind.LATE_START]


async def test_a_phone_is_silent_after_a_quarter_of_an_hour_without_any_sign() -> None:
    quiet = await sight(PromiseRisk.ON_TIME)
    assert kinds(quiet, now=TEN + timedelta(minutes=14)) == []
    assert kinds(quiet, now=TEN + timedelta(minutes=18)) == [ExceptionKind.SILENT_PHONE]


async def test_a_failed_stop_says_why_and_asks_for_a_decision() -> None:
    calm = await sight(PromiseRisk.ON_TIME)
    stops = dict(calm.stops)
    first = next(iter(stops))
    stops[first] = replace(
        stops[first],
        state=StopState.CLOSED,
        outcome=Outcome.FAILED,
        reason="RECIPIENT_ABSENT",
        closed_at=TEN,
    )
    (line,) = list_exceptions([replace(calm, stops=stops)], [], now=TEN)
    assert (line.title, line.why) == ("R-01 · 1 no entregado", "Sin moradores: 1 caso")
    assert line.order_id == stops[first].order_id


async def test_orders_that_wait_are_one_line_each_kind() -> None:
    orders = [
        make_order("ana", state=OrderState.ADDRESS_REVIEW),
        make_order("beto", state=OrderState.ADDRESS_REVIEW),
        make_order("carla", state=OrderState.CONFIRMED),
    ]
    lines = list_exceptions([], orders, now=TEN)
    assert [line.title for line in lines] == ["2 direcciones por revisar", "1 pedido sin ruta"]


async def test_what_is_broken_comes_before_what_is_at_risk() -> None:
    late = await sight(PromiseRisk.LATE, delay_s=1_200)
    lines = list_exceptions([late], [make_order("eva", state=OrderState.CONFIRMED)], now=TEN)
    assert [line.risk for line in lines] == [PromiseRisk.LATE, PromiseRisk.AT_RISK]
