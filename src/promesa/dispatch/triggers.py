"""What to look at now: one line per thing that needs a person, worst first.

Pure over values: the routes as tracking shows them and the orders that wait. Each line says what
and where, how many promises are in play, why, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from promesa.dispatch.sights import (
    ActionKind,
    DayException,
    ExceptionKind,
    ProposedAction,
    RouteSight,
)
from promesa.domain.order import Order, OrderState
from promesa.domain.promise import PromiseRisk
from promesa.domain.reasons import REASONS
from promesa.domain.route import RouteState
from promesa.domain.stop import Outcome, Stop
from promesa.kernel.serviceday import SANTIAGO
from promesa.tracking.snapshot import RouteSnapshot

# Below this a late van usually catches up within its windows (assumed).
DELAY_SHOWN_S = 15 * 60
LATE_START_SHOWN = timedelta(minutes=15)
# Traccar reports at least every few minutes of driving; twice that is silence.
SILENCE_SHOWN = timedelta(minutes=15)
# What one torre can look at; the rest is counted in the headline.
EXCEPTIONS_MAX = 50

_R = PromiseRisk
_BEFORE_START = frozenset({RouteState.PUBLISHED, RouteState.LOADING, RouteState.LOADED})
_WORST_FIRST = (_R.FAILED, _R.LATE, _R.AT_RISK, _R.ON_TIME, _R.CLOSED)


def list_exceptions(
    routes: Iterable[RouteSight],
    orders: Iterable[Order],
    *,
    now: datetime,
    zone: str = SANTIAGO,
) -> list[DayException]:
    """What needs a person, by how many promises are in play, then by risk."""
    waiting = list(orders)
    found = [
        *(line for sight in routes for line in _of_route(sight, now, ZoneInfo(zone))),
        *_of_orders(waiting),
    ]
    ranked = sorted(found, key=lambda e: (-e.in_play, _WORST_FIRST.index(e.risk), e.key))
    return ranked[:EXCEPTIONS_MAX]


def _of_route(sight: RouteSight, now: datetime, zone: ZoneInfo) -> Iterator[DayException]:
    """At most one line for a van, the one that explains most; and one for what failed on it."""
    if sight.route.is_broken_down and sight.open_stops:
        yield _breakdown(sight, now, zone)
    elif _is_late_to_start(sight, now):
        yield _late_start(sight, now, zone)
    elif sight.seen is not None and _is_running_late(sight, sight.seen):
        yield _late_route(sight, sight.seen, zone)
    elif sight.seen is not None and _is_silent(sight, sight.seen, now):
        yield _silent(sight, sight.seen, now, zone)
    failed = [s for s in sight.stops.values() if s.outcome is Outcome.FAILED]
    if failed and sight.route.state is not RouteState.RECONCILED:
        yield _failed(sight, failed)


def _breakdown(sight: RouteSight, now: datetime, zone: ZoneInfo) -> DayException:
    left = len(sight.open_stops)
    since = ""
    if sight.broke_down_at is not None:
        since = f"Detenido {_minutes(now - sight.broke_down_at)} min · "
    return DayException(
        key=f"breakdown:{sight.route.id}",
        kind=ExceptionKind.BREAKDOWN,
        risk=_R.LATE,
        title=f"{sight.route.code} · Panne",
        count_label=_count(left, "promesa"),
        why=f"{since}{_first_due(sight, zone)}",
        proposal=f"Ver quién puede tomar {_count(left, 'parada')}",
        in_play=left,
        route_id=sight.route.id,
        action=ProposedAction(kind=ActionKind.PROPOSAL, label="Repartir paradas"),
    )


def _is_late_to_start(sight: RouteSight, now: datetime) -> bool:
    is_waiting = sight.route.state in _BEFORE_START
    return is_waiting and now - sight.version.start >= LATE_START_SHOWN


def _late_start(sight: RouteSight, now: datetime, zone: ZoneInfo) -> DayException:
    late_min = _minutes(now - sight.version.start)
    left = len(sight.open_stops)
    has_seen = sight.route.acknowledged_version > 0
    why = f"Debía salir a las {_hour(sight.version.start, zone)}"
    if not has_seen:
        why += " · el teléfono no ha abierto la ruta"
    return DayException(
        key=f"late_start:{sight.route.id}",
        kind=ExceptionKind.LATE_START,
        risk=_R.AT_RISK,
        title=f"{sight.route.code} · {late_min} min sin salir",
        count_label=_count(left, "promesa"),
        why=why,
        proposal="Llamar al conductor",
        in_play=left,
        route_id=sight.route.id,
        action=ProposedAction(kind=ActionKind.CALL, label="Llamar"),
    )


def _is_running_late(sight: RouteSight, seen: RouteSnapshot) -> bool:
    in_trouble = sight.count(_R.AT_RISK, _R.LATE)
    return in_trouble > 0 and (seen.delay_s >= DELAY_SHOWN_S or sight.count(_R.LATE) > 0)


def _late_route(sight: RouteSight, seen: RouteSnapshot, zone: ZoneInfo) -> DayException:
    late, at_risk = sight.count(_R.LATE), sight.count(_R.AT_RISK)
    worst = _R.LATE if late else _R.AT_RISK
    label = f"{late} tarde" if late else f"{at_risk} en riesgo"
    in_play = late + at_risk
    why = _first_due(sight, zone)
    next_stop = None if seen.next_stop_id is None else sight.streets.get(seen.next_stop_id)
    if next_stop is not None:
        why = f"Va a {next_stop} · {why.lower()}"
    minutes = seen.delay_s // 60
    title = f"{minutes} min de atraso" if minutes > 0 else "no alcanza sus ventanas"
    return DayException(
        key=f"late_route:{sight.route.id}",
        kind=ExceptionKind.LATE_ROUTE,
        risk=worst,
        title=f"{sight.route.code} · {title}",
        count_label=label,
        why=why,
        proposal="Ver quién puede tomar paradas",
        in_play=in_play,
        route_id=sight.route.id,
        action=ProposedAction(kind=ActionKind.PROPOSAL, label="Ceder paradas"),
    )


def _is_silent(sight: RouteSight, seen: RouteSnapshot, now: datetime) -> bool:
    if not seen.is_under_way or not sight.open_stops:
        return False
    return now - _last_sign(sight, seen) >= SILENCE_SHOWN


def _last_sign(sight: RouteSight, seen: RouteSnapshot) -> datetime:
    """The newest thing the phone told: a position, an arrival, a close, the start."""
    signs = [sight.route.started_at, seen.fix.at if seen.fix else None]
    signs += [stop.closed_at for stop in sight.stops.values()]
    signs += [stop.arrived_at for stop in sight.stops.values()]
    return max((sign for sign in signs if sign is not None), default=sight.version.start)


def _silent(sight: RouteSight, seen: RouteSnapshot, now: datetime, zone: ZoneInfo) -> DayException:
    last = _last_sign(sight, seen)
    left = len(sight.open_stops)
    return DayException(
        key=f"silent_phone:{sight.route.id}",
        kind=ExceptionKind.SILENT_PHONE,
        risk=_R.AT_RISK,
        title=f"{sight.route.code} · {_minutes(now - last)} min sin señal",
        count_label=_count(left, "parada"),
        why=f"Último aviso a las {_hour(last, zone)}; las horas que se muestran son del plan",
        proposal="Llamar al conductor",
        in_play=left,
        route_id=sight.route.id,
        action=ProposedAction(kind=ActionKind.CALL, label="Llamar"),
    )


def _failed(sight: RouteSight, failed: Sequence[Stop]) -> DayException:
    reasons = [REASONS[stop.reason].spanish for stop in failed if stop.reason in REASONS]
    often = max(sorted(set(reasons)), key=reasons.count, default="Sin motivo")
    return DayException(
        key=f"failed_stops:{sight.route.id}",
        kind=ExceptionKind.FAILED_STOPS,
        risk=_R.FAILED,
        title=f"{sight.route.code} · {_count(len(failed), 'no entregado')}",
        count_label=_count(len(failed), "parada"),
        why=f"{often}: {_count(reasons.count(often), 'caso')}",
        proposal="Elegir otro día o devolver",
        in_play=len(failed),
        route_id=sight.route.id,
        order_id=failed[0].order_id if len(failed) == 1 else None,
        action=ProposedAction(kind=ActionKind.DECIDE, label="Decidir"),
    )


def _of_orders(orders: Sequence[Order]) -> Iterator[DayException]:
    review = [order for order in orders if order.state is OrderState.ADDRESS_REVIEW]
    if review:
        yield DayException(
            key="address:review",
            kind=ExceptionKind.ADDRESS,
            risk=_R.AT_RISK,
            title=f"{_count(len(review), 'dirección')} por revisar",
            count_label=_count(len(review), "pedido"),
            why="Sin una posición segura no van en ninguna ruta",
            proposal="Corregir el punto en el mapa o aceptar a nivel calle",
            in_play=len(review),
            order_id=review[0].id if len(review) == 1 else None,
            action=ProposedAction(kind=ActionKind.REVIEW, label="Revisar"),
        )
    left_out = [
        order for order in orders if order.state in {OrderState.CONFIRMED, OrderState.RESCHEDULED}
    ]
    if left_out:
        yield DayException(
            key="unplanned",
            kind=ExceptionKind.UNPLANNED,
            risk=_R.AT_RISK,
            title=f"{_count(len(left_out), 'pedido')} sin ruta",
            count_label=_count(len(left_out), "promesa"),
            why="Están prometidos para hoy y nadie los lleva",
            proposal="Planificar con los turnos libres o reagendar",
            in_play=len(left_out),
            order_id=left_out[0].id if len(left_out) == 1 else None,
            action=ProposedAction(kind=ActionKind.PLAN, label="Planificar"),
        )


def _first_due(sight: RouteSight, zone: ZoneInfo) -> str:
    """'Primera vence 15:40', by the windows told."""
    ends = [
        sight.promised[stop.order_id].end
        for stop in sight.open_stops
        if stop.order_id in sight.promised
    ]
    if not ends:
        return f"Quedan {_count(len(sight.open_stops), 'parada')}"
    return f"Primera vence {_hour(min(ends), zone)}"


def _hour(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%H:%M}"


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))


_PLURALS = {"no entregado": "no entregados", "dirección": "direcciones"}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else _PLURALS.get(noun, noun + 's')}"
