"""What to look at: one line per trouble, worst first, in sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from promesa.dispatch.sights import (
    ActionKind,
    DriftSight,
    ExceptionKind,
    RouteSight,
    WaitingSight,
)
from promesa.dispatch.triggers import list_exceptions
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import RouteBreak, RouteRest, RouteState
from promesa.domain.stop import Outcome, Stop, StopState, StopType
from promesa.kernel.ids import derived_id
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.windows import whole_day
from promesa.tracking.eta import Basis
from promesa.tracking.snapshot import RouteSnapshot
from tests.support.dispatch_memory import NINE, make_small_day, make_version
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


def van_stops(van: RouteSight) -> list[Stop]:
    return list(van.stops.values())


def kinds(*sights: RouteSight, now: datetime = TEN) -> list[ExceptionKind]:
    return [line.kind for line in list_exceptions(sights, [], now=now)]


async def test_a_calm_route_is_not_listed() -> None:
    assert kinds(await sight(PromiseRisk.ON_TIME, delay_s=3_600)) == []


async def test_a_breakdown_says_what_it_holds_up_and_what_is_due_first() -> None:
    (line,) = list_exceptions([await sight(PromiseRisk.ON_TIME, is_broken_down=True)], [], now=TEN)
    assert (line.facts.route_codes, line.facts.promises) == (("R-01",), 2)
    assert line.facts.due == whole_day(TODAY).end
    assert line.action is ActionKind.PROPOSAL


async def test_a_late_route_says_where_it_goes_and_how_far_behind_it_is() -> None:
    (line,) = list_exceptions([await sight(PromiseRisk.LATE, delay_s=34 * 60)], [], now=TEN)
    facts = line.facts
    assert (facts.delay_s, facts.heading_to, facts.late) == (34 * 60, "Suecia 1120", 2)
    assert line.risk is PromiseRisk.LATE


async def test_a_late_van_is_asked_to_give_only_what_it_does_not_carry() -> None:
    running = await sight(PromiseRisk.LATE, delay_s=34 * 60)
    loading = replace(
        running,
        route=replace(running.route, state=RouteState.LOADING),
        version=replace(running.version, start=TEN),
    )
    stops = {key: replace(stop, type=StopType.PICKUP) for key, stop in running.stops.items()}
    fetching = replace(running, stops=stops)
    lines = [list_exceptions([van], [], now=TEN)[0].action for van in (running, loading, fetching)]
    assert lines == [ActionKind.CALL, ActionKind.PROPOSAL, ActionKind.PROPOSAL]


async def test_a_window_that_is_over_is_not_the_next_one_due() -> None:
    late = await sight(PromiseRisk.LATE, delay_s=34 * 60)
    first = next(iter(late.promised))
    over = TimeWindow(start=NINE, end=NINE + timedelta(minutes=30))
    (line,) = list_exceptions([replace(late, promised={**late.promised, first: over})], [], now=TEN)
    assert line.facts.due == whole_day(TODAY).end


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


async def test_a_phone_may_be_silent_while_its_driver_has_the_colacion() -> None:
    meal = RouteBreak(start=TEN, end=TEN + timedelta(minutes=30))
    eating = await sight(PromiseRisk.ON_TIME, rests=(RouteRest(start=TEN),))
    eating = replace(eating, version=replace(eating.version, breaks=(meal,)))
    assert kinds(eating, now=TEN + timedelta(minutes=44)) == []
    assert kinds(eating, now=TEN + timedelta(minutes=46)) == [ExceptionKind.SILENT_PHONE]


async def with_failed(*reasons: str, **changes: Any) -> RouteSight:
    """A calm route of which the first stops failed for these reasons."""
    calm = await sight(PromiseRisk.ON_TIME, **changes)
    stops = dict(calm.stops)
    for stop_id, reason in zip(list(stops), reasons, strict=False):
        stops[stop_id] = replace(
            stops[stop_id],
            state=StopState.CLOSED,
            outcome=Outcome.FAILED,
            reason=reason,
            closed_at=TEN,
        )
    return replace(calm, stops=stops)


async def test_a_failed_stop_says_why_and_asks_for_a_decision() -> None:
    failed = await with_failed("RECIPIENT_ABSENT")
    (line,) = list_exceptions([failed], [], now=TEN)
    assert line.facts.reasons == (("RECIPIENT_ABSENT", 1),)
    assert line.order_id == next(iter(failed.stops.values())).order_id


async def test_failed_stops_of_many_vans_are_one_line_with_the_commonest_reason_first() -> None:
    one = await with_failed("RECIPIENT_ABSENT", "ADDRESS_WRONG", code="R-02")
    other = await with_failed("RECIPIENT_ABSENT")
    other = replace(other, route=replace(other.route, id=derived_id("other route")))
    (line,) = list_exceptions([one, other], [], now=TEN)
    assert (line.facts.promises, line.facts.route_codes) == (3, ("R-01", "R-02"))
    assert line.facts.reasons == (("RECIPIENT_ABSENT", 2), ("ADDRESS_WRONG", 1))


async def test_what_somebody_decided_about_is_not_asked_again() -> None:
    failed = await with_failed("RECIPIENT_ABSENT")
    settled = frozenset(stop.order_id for stop in failed.stops.values())
    assert list_exceptions([replace(failed, settled=settled)], [], now=TEN) == []


def waits(
    name: str, *, window: TimeWindow | None = None, is_in_review: bool = False
) -> WaitingSight:
    return WaitingSight(order_id=derived_id(name), is_in_review=is_in_review, window=window)


AHEAD, OVER = whole_day(TODAY), TimeWindow(start=NINE, end=NINE + timedelta(minutes=30))


def test_orders_that_wait_are_one_line_each_kind_and_addresses_come_last() -> None:
    orders = [
        waits("ana", is_in_review=True, window=AHEAD),
        waits("beto", is_in_review=True, window=AHEAD),
        waits("carla", window=AHEAD),
    ]
    lines = list_exceptions([], orders, now=TEN)
    assert [(line.kind, line.facts.promises) for line in lines] == [
        (ExceptionKind.UNPLANNED, 1),
        (ExceptionKind.ADDRESS, 2),
    ]


async def test_many_addresses_do_not_stand_before_a_van_in_trouble() -> None:
    reviews = [waits(f"order {n}", is_in_review=True, window=AHEAD) for n in range(40)]
    silent = await sight(PromiseRisk.ON_TIME)
    failed = await with_failed("RECIPIENT_ABSENT")
    failed = replace(failed, route=replace(failed.route, id=derived_id("other route")))
    later = TEN + timedelta(minutes=20)
    lines = list_exceptions([silent, failed], [*reviews, waits("eva", window=AHEAD)], now=later)
    assert [line.kind for line in lines] == [
        ExceptionKind.SILENT_PHONE,
        ExceptionKind.SILENT_PHONE,
        ExceptionKind.UNPLANNED,
        ExceptionKind.ADDRESS,
        ExceptionKind.FAILED_STOPS,
    ]


async def test_what_is_due_first_stands_first_and_in_the_same_hour_what_is_worse() -> None:
    """A van whose first window ends at 20:00 waits behind addresses due at 14:00."""
    van = await sight(PromiseRisk.LATE, delay_s=34 * 60)
    soon = TimeWindow(start=TEN, end=TEN + timedelta(hours=4))
    reviews = [waits("ana", is_in_review=True, window=soon)]
    lines = list_exceptions([van], reviews, now=TEN)
    assert [line.kind for line in lines] == [ExceptionKind.ADDRESS, ExceptionKind.LATE_ROUTE]
    due = {
        stop.order_id: replace(soon, end=soon.end + timedelta(minutes=40))
        for stop in van_stops(van)
    }
    lines = list_exceptions([replace(van, promised=due)], reviews, now=TEN)
    assert [line.kind for line in lines] == [ExceptionKind.LATE_ROUTE, ExceptionKind.ADDRESS]


async def test_a_late_van_is_due_with_what_is_in_trouble_and_not_with_the_rest() -> None:
    van = await sight(PromiseRisk.ON_TIME, delay_s=34 * 60)
    assert van.seen is not None
    (first, late) = van_stops(van)
    seen = replace(
        van.seen, risks=MappingProxyType({first.id: PromiseRisk.ON_TIME, late.id: PromiseRisk.LATE})
    )
    soon = TimeWindow(start=NINE, end=TEN + timedelta(hours=1))
    van = replace(van, seen=seen, promised={**van.promised, first.order_id: soon})
    (line,) = list_exceptions([van], [], now=TEN)
    assert line.facts.due == whole_day(TODAY).end


async def test_promises_at_risk_by_little_are_one_line_for_all_their_vans() -> None:
    """Five minutes behind, two promises each: no line of their own, and none of them is hidden."""
    one = await sight(PromiseRisk.AT_RISK, delay_s=5 * 60)
    other = replace(one, route=replace(one.route, id=derived_id("other route"), code="R-02"))
    worse = replace(one, route=replace(one.route, id=derived_id("late route"), code="R-03"))
    assert worse.seen is not None
    worse = replace(worse, seen=replace(worse.seen, delay_s=20 * 60))
    lines = list_exceptions([one, other, worse], [], now=TEN)
    assert [line.kind for line in lines] == [ExceptionKind.LATE_ROUTE, ExceptionKind.SLIGHT_RISK]
    slight = lines[1]
    assert (slight.facts.promises, slight.facts.route_codes) == (4, ("R-01", "R-02"))
    assert slight.facts.due == whole_day(TODAY).end
    assert (slight.action, slight.route_id) == (ActionKind.SEE, None)


async def test_a_failed_visit_whose_promise_was_let_go_is_told_apart() -> None:
    failed = await with_failed("PURCHASE_CANCELLED", "RECIPIENT_ABSENT")
    gone = frozenset({next(iter(failed.stops.values())).order_id})
    (line,) = list_exceptions([replace(failed, released=gone)], [], now=TEN)
    assert (line.facts.promises, line.facts.released) == (2, 1)


def test_an_order_without_a_route_is_broken_once_its_window_is_over() -> None:
    (open_line,) = list_exceptions([], [waits("eva", window=OVER)], now=OVER.end)
    (line,) = list_exceptions([], [waits("eva", window=OVER)], now=OVER.end + timedelta(seconds=1))
    assert (open_line.risk, open_line.action) == (PromiseRisk.AT_RISK, ActionKind.PLAN)
    assert (line.risk, line.action) == (PromiseRisk.LATE, ActionKind.RESCHEDULE)
    assert (line.facts.passed, line.facts.due) == (1, None)


def test_of_several_without_a_route_those_still_in_time_are_to_be_planned() -> None:
    orders = [waits("eva", window=OVER), waits("fabio", window=AHEAD), waits("gabi")]
    (line,) = list_exceptions([], orders, now=TEN)
    assert (line.risk, line.action) == (PromiseRisk.LATE, ActionKind.PLAN)
    assert (line.facts.promises, line.facts.passed, line.facts.due) == (3, 1, AHEAD.end)


async def test_who_has_no_route_goes_into_one_once_a_van_is_out() -> None:
    out = await sight(PromiseRisk.ON_TIME)
    at_home = replace(out, route=replace(out.route, state=RouteState.PUBLISHED))
    waiting = [waits("eva", window=AHEAD), waits("fabio", window=AHEAD)]
    for routes, action in (([out], ActionKind.INSERT), ([at_home], ActionKind.PLAN)):
        lines = list_exceptions(routes, waiting, now=TEN)
        assert [line.action for line in lines if line.kind is ExceptionKind.UNPLANNED] == [action]


async def test_what_is_broken_comes_before_what_is_at_risk_and_more_before_less() -> None:
    late = await sight(PromiseRisk.LATE, delay_s=1_200)
    risky = await sight(PromiseRisk.AT_RISK, delay_s=1_200)
    waiting = [waits(name, window=AHEAD) for name in ("eva", "fabio", "gabi")]
    lines = list_exceptions([risky, late], waiting, now=TEN)
    assert [(line.risk, line.facts.promises) for line in lines] == [
        (PromiseRisk.LATE, 2),
        (PromiseRisk.AT_RISK, 3),
        (PromiseRisk.AT_RISK, 2),
    ]


async def test_what_nobody_can_keep_any_more_waits_behind_what_can_be_rescued() -> None:
    silent = await sight(PromiseRisk.ON_TIME)
    lost = [waits(f"order {n}", window=OVER) for n in range(40)]
    lines = list_exceptions([silent], lost, now=TEN + timedelta(minutes=20))
    assert [line.kind for line in lines] == [ExceptionKind.SILENT_PHONE, ExceptionKind.UNPLANNED]


def test_promises_that_drift_stand_last_since_no_van_of_today_helps() -> None:
    lost = [waits(f"order {n}", window=OVER) for n in range(40)]
    drift = DriftSight(is_worse=True, since=NINE, promises=900, late=87, late_stated=45)
    lines = list_exceptions([], lost, now=TEN, drift=drift)
    assert [line.kind for line in lines] == [ExceptionKind.UNPLANNED, ExceptionKind.PROMISES_WORSE]
    facts = lines[-1].facts
    assert (facts.promises, facts.late, facts.late_stated, facts.since) == (900, 87, 45, NINE)
    assert (lines[-1].risk, lines[-1].action) == (PromiseRisk.LATE, ActionKind.OFFER)
    [better] = list_exceptions([], [], now=TEN, drift=replace(drift, is_worse=False))
    assert (better.kind, better.risk) == (ExceptionKind.PROMISES_BETTER, PromiseRisk.ON_TIME)
