"""What to look at now: one line per thing that needs a person, what must be decided first on top.

Pure over values: the routes as tracking shows them and the orders that wait. Each line says what
it is, how many promises depend on it and why, in facts; the screen puts them into words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from promesa.dispatch.sights import (
    ActionKind,
    DayException,
    DoubtSight,
    DriftSight,
    ExceptionFacts,
    ExceptionKind,
    RouteSight,
    WaitingSight,
)
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import UNDER_WAY, PlannedStop, RouteState
from promesa.domain.stop import Outcome, Stop, StopType
from promesa.tracking.resting import breaks_had
from promesa.tracking.snapshot import RouteSnapshot

# Below this a late van usually catches up within its windows (assumed).
DELAY_SHOWN_S = 15 * 60
LATE_START_SHOWN = timedelta(minutes=15)
# Traccar reports at least every few minutes of driving; twice that is silence.
SILENCE_SHOWN = timedelta(minutes=15)

_R = PromiseRisk
_BEFORE_START = frozenset({RouteState.PUBLISHED, RouteState.LOADING, RouteState.LOADED})
# Nothing of these can still be kept by hurrying: they are only left to decide.
_DECISIONS = frozenset(
    {
        ExceptionKind.FAILED_STOPS,
        ExceptionKind.DELIVERY_DISPUTED,
        ExceptionKind.CASH_DIFFERS,
    }
)
# Of weeks, not of today: it stays until it is over, and must not stand above what can be settled.
_LONG = frozenset({ExceptionKind.PROMISES_WORSE, ExceptionKind.PROMISES_BETTER})
# The queue that is worked off and the line of many small risks: behind a single trouble as bad.
_LAST_OF_EQUALS = frozenset({ExceptionKind.ADDRESS, ExceptionKind.SLIGHT_RISK})
_NEVER = datetime.max.replace(tzinfo=UTC)
_WORST_FIRST = (_R.FAILED, _R.LATE, _R.AT_RISK, _R.ON_TIME, _R.CLOSED)


def list_exceptions(
    routes: Iterable[RouteSight],
    waiting: Iterable[WaitingSight],
    doubts: Iterable[DoubtSight] = (),
    *,
    now: datetime,
    drift: DriftSight | None = None,
) -> list[DayException]:
    """What needs a person: what can be rescued by its deadline, then what is only left to decide.

    At most a line for each van and one for each kind of order, so that no kind hides another; one
    for each visit in doubt, since each is decided by itself; one for all the vans whose promises
    are at risk by so little that none of them has a line of its own; and last what no van of today
    can help, that promises have for days been broken more often than stated, or less.
    """
    sights, orders = list(routes), list(waiting)
    found = [
        *(line for sight in sights for line in _of_van(sight, now)),
        *_of_slight([sight for sight in sights if not any(_of_van(sight, now))], now),
        *_of_failed(sights),
        *(_of_doubt(doubt) for doubt in doubts),
        *_of_unplanned([item for item in orders if not item.is_in_review], sights, now),
        *_of_reviews([item for item in orders if item.is_in_review], now),
        *_of_drift(drift),
    ]
    return sorted(found, key=_place)


def _place(line: DayException) -> tuple[bool, bool, bool, datetime, int, bool, int, str]:
    """By when it must be decided to be of use; in the same hour, by how bad it is and how much.

    By the hour: who decides needs minutes, and a breakdown due at 14:40 is worse than a single
    promise due at 14:30.
    """
    facts = line.facts
    saved = facts.promises - facts.passed
    due = facts.due or _NEVER
    return (
        line.kind in _LONG,
        line.kind in _DECISIONS or not saved,
        facts.due is None,
        due.replace(minute=0, second=0, microsecond=0),
        _WORST_FIRST.index(line.risk),
        line.kind in _LAST_OF_EQUALS,
        -(facts.late or saved),
        line.key,
    )


def _of_van(sight: RouteSight, now: datetime) -> Iterator[DayException]:
    """At most one line for a van, the one that explains most."""
    if sight.route.is_broken_down and sight.open_stops:
        yield _breakdown(sight, now)
    elif _is_late_to_start(sight, now):
        yield _late_start(sight, now)
    elif sight.seen is not None and _is_running_late(sight, sight.seen):
        yield _late_route(sight, sight.seen, now)
    elif sight.seen is not None and _is_silent(sight, sight.seen, now):
        yield _silent(sight, sight.seen, now)


def _breakdown(sight: RouteSight, now: datetime) -> DayException:
    return DayException(
        key=f"breakdown:{sight.route.id}",
        kind=ExceptionKind.BREAKDOWN,
        risk=_R.LATE,
        facts=ExceptionFacts(
            promises=len(sight.open_stops),
            due=_first_due([sight], sight.open_stops, now),
            route_codes=(sight.route.code,),
        ),
        route_id=sight.route.id,
        action=ActionKind.PROPOSAL,
    )


def _is_late_to_start(sight: RouteSight, now: datetime) -> bool:
    is_waiting = sight.route.state in _BEFORE_START
    return is_waiting and now - sight.version.start >= LATE_START_SHOWN


def _late_start(sight: RouteSight, now: datetime) -> DayException:
    return DayException(
        key=f"late_start:{sight.route.id}",
        kind=ExceptionKind.LATE_START,
        risk=_R.LATE if sight.count(_R.LATE) else _R.AT_RISK,
        facts=ExceptionFacts(
            promises=len(sight.open_stops),
            since=sight.version.start,
            due=_first_due([sight], sight.open_stops, now),
            is_route_seen=sight.route.acknowledged_version > 0,
            route_codes=(sight.route.code,),
        ),
        route_id=sight.route.id,
        action=ActionKind.CALL,
    )


def _is_running_late(sight: RouteSight, seen: RouteSnapshot) -> bool:
    in_trouble = sight.count(_R.AT_RISK, _R.LATE)
    return in_trouble > 0 and (seen.delay_s >= DELAY_SHOWN_S or sight.count(_R.LATE) > 0)


def _late_route(sight: RouteSight, seen: RouteSnapshot, now: datetime) -> DayException:
    late, at_risk = sight.count(_R.LATE), sight.count(_R.AT_RISK)
    heading_to = None if seen.next_stop_id is None else sight.streets.get(seen.next_stop_id)
    return DayException(
        key=f"late_route:{sight.route.id}",
        kind=ExceptionKind.LATE_ROUTE,
        risk=_R.LATE if late else _R.AT_RISK,
        facts=ExceptionFacts(
            promises=late + at_risk,
            late=late,
            delay_s=max(0, seen.delay_s),
            due=_first_due([sight], sight.at(_R.LATE, _R.AT_RISK), now),
            heading_to=heading_to,
            route_codes=(sight.route.code,),
        ),
        route_id=sight.route.id,
        action=ActionKind.PROPOSAL if _can_give(sight) else ActionKind.CALL,
    )


def _can_give(sight: RouteSight) -> bool:
    """Whether others could take any of what is in trouble: what a running van has aboard stays."""
    if sight.route.state in _BEFORE_START:
        return True
    return any(
        planned.transfer is not None or sight.stops[planned.stop_id].type is StopType.PICKUP
        for planned in sight.at(_R.LATE, _R.AT_RISK)
    )


def _is_silent(sight: RouteSight, seen: RouteSnapshot, now: datetime) -> bool:
    if not seen.is_under_way or not sight.open_stops:
        return False
    return now - _last_sign(sight, seen, now) >= SILENCE_SHOWN


def _last_sign(sight: RouteSight, seen: RouteSnapshot, now: datetime) -> datetime:
    """The newest thing the phone told: a position, an arrival, a close, the start, a colación.

    Who has one is expected to tell nothing until it is over.
    """
    signs = [sight.route.started_at, seen.fix.at if seen.fix else None]
    signs += [min(rest.end, now) for rest in breaks_had(sight.version, sight.route.rests)]
    signs += [stop.closed_at for stop in sight.stops.values()]
    signs += [stop.arrived_at for stop in sight.stops.values()]
    return max((sign for sign in signs if sign is not None), default=sight.version.start)


def _silent(sight: RouteSight, seen: RouteSnapshot, now: datetime) -> DayException:
    return DayException(
        key=f"silent_phone:{sight.route.id}",
        kind=ExceptionKind.SILENT_PHONE,
        risk=_R.AT_RISK,
        facts=ExceptionFacts(
            promises=len(sight.open_stops),
            since=_last_sign(sight, seen, now),
            due=_first_due([sight], sight.open_stops, now),
            route_codes=(sight.route.code,),
        ),
        route_id=sight.route.id,
        action=ActionKind.CALL,
    )


def _of_slight(sights: Sequence[RouteSight], now: datetime) -> Iterator[DayException]:
    """One line for all vans that may just miss a window: thirteen of them would hide the rest."""
    risky = [sight for sight in sights if sight.count(_R.AT_RISK)]
    if risky:
        stops = [stop for sight in risky for stop in sight.at(_R.AT_RISK)]
        yield DayException(
            key="slight_risk",
            kind=ExceptionKind.SLIGHT_RISK,
            risk=_R.AT_RISK,
            facts=ExceptionFacts(
                promises=len(stops),
                due=_first_due(risky, stops, now),
                route_codes=tuple(sorted(sight.route.code for sight in risky)),
            ),
            route_id=risky[0].route.id if len(risky) == 1 else None,
            order_id=stops[0].order_id if len(stops) == 1 else None,
            action=ActionKind.SEE,
        )


def _of_failed(sights: Sequence[RouteSight]) -> Iterator[DayException]:
    """One line for all vans: the decision is the same, whoever drove."""
    failed = [(sight, stop) for sight in sights for stop in _undecided(sight)]
    if not failed:
        return
    often = Counter(stop.reason or "" for _, stop in failed)
    routes = {sight.route.id: sight.route.code for sight, _ in failed}
    yield DayException(
        key="failed_stops",
        kind=ExceptionKind.FAILED_STOPS,
        risk=_R.FAILED,
        facts=ExceptionFacts(
            promises=len(failed),
            route_codes=tuple(sorted(routes.values())),
            reasons=tuple(sorted(often.items(), key=lambda found: (-found[1], found[0]))),
            released=sum(stop.order_id in sight.released for sight, stop in failed),
        ),
        route_id=next(iter(routes)) if len(routes) == 1 else None,
        order_id=failed[0][1].order_id if len(failed) == 1 else None,
        action=ActionKind.DECIDE,
    )


def _of_doubt(doubt: DoubtSight) -> DayException:
    is_cash = doubt.kind is ExceptionKind.CASH_DIFFERS
    return DayException(
        key=f"{doubt.kind.value}:{doubt.stop_id}",
        kind=doubt.kind,
        risk=_R.AT_RISK if is_cash else _R.FAILED,
        facts=ExceptionFacts(
            promises=1, since=doubt.at, route_codes=(doubt.route_code,), visit=doubt.visit
        ),
        order_id=doubt.order_id,
        action=ActionKind.SEE if is_cash else ActionKind.DECIDE,
    )


def _undecided(sight: RouteSight) -> list[Stop]:
    return [
        stop
        for stop in sight.stops.values()
        if stop.outcome is Outcome.FAILED and stop.order_id not in sight.settled
    ]


def _of_unplanned(
    orders: Sequence[WaitingSight], routes: Sequence[RouteSight], now: datetime
) -> Iterator[DayException]:
    """Once a van is out, who waits goes into a route there is; before, into the plan."""
    if orders:
        facts = _facts_of(orders, now)
        is_lost = facts.passed == facts.promises
        is_under_way = any(sight.route.state in UNDER_WAY for sight in routes)
        way_in = ActionKind.INSERT if is_under_way else ActionKind.PLAN
        yield DayException(
            key="unplanned",
            kind=ExceptionKind.UNPLANNED,
            risk=_R.LATE if facts.passed else _R.AT_RISK,
            facts=facts,
            order_id=orders[0].order_id if len(orders) == 1 else None,
            action=ActionKind.RESCHEDULE if is_lost else way_in,
        )


def _of_reviews(orders: Sequence[WaitingSight], now: datetime) -> Iterator[DayException]:
    if orders:
        facts = _facts_of(orders, now)
        yield DayException(
            key="address:review",
            kind=ExceptionKind.ADDRESS,
            risk=_R.LATE if facts.passed else _R.AT_RISK,
            facts=facts,
            order_id=orders[0].order_id if len(orders) == 1 else None,
            action=ActionKind.REVIEW,
        )


def _of_drift(drift: DriftSight | None) -> Iterator[DayException]:
    if drift is None:
        return
    kind = ExceptionKind.PROMISES_WORSE if drift.is_worse else ExceptionKind.PROMISES_BETTER
    yield DayException(
        key=f"drift:{kind.value}",
        kind=kind,
        risk=_R.LATE if drift.is_worse else _R.ON_TIME,
        facts=ExceptionFacts(
            promises=drift.promises,
            late=drift.late,
            late_stated=drift.late_stated,
            since=drift.since,
        ),
        action=ActionKind.OFFER,
    )


def _facts_of(orders: Sequence[WaitingSight], now: datetime) -> ExceptionFacts:
    """Once its window is over, nobody can keep the promise any more."""
    ends = [item.window.end for item in orders if item.window is not None]
    ahead = [end for end in ends if end >= now]
    return ExceptionFacts(
        promises=len(orders),
        passed=len(ends) - len(ahead),
        due=min(ahead, default=None),
    )


def _first_due(
    sights: Iterable[RouteSight], stops: Iterable[PlannedStop], now: datetime
) -> datetime | None:
    """The first window of ``stops`` still to be kept; None when all of them are over."""
    promised = {key: window for sight in sights for key, window in sight.promised.items()}
    ends = [promised[stop.order_id].end for stop in stops if stop.order_id in promised]
    return min((end for end in ends if end >= now), default=None)
