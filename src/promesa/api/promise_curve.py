"""Days promised against promises broken: curve, operator's point, each comuna, alarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated

from litestar import Router, get
from litestar.params import Parameter

from promesa.api.decoding import View
from promesa.api.promise_days import (
    ClosedDayView,
    CrowdingView,
    DepotFillView,
    closed_days,
    crowding_of,
    fills_of,
)
from promesa.domain.actor import Permission
from promesa.domain.order import SERVICE_TIME_S_DEFAULT
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.alarm import DAYS_MIN, PROMISES_MIN, Alarm, Drift
from promesa.promising.calibration import OUTCOMES_ENOUGH
from promesa.promising.choice import Prices, quantile_of
from promesa.promising.curve import CurvePoint, Demand, Shown, curve_of, shown_now
from promesa.promising.offers import PRICE_CLP_MAX
from promesa.promising.quoting import Snapshot, Wanted, quote
from promesa.promising.repository import Ways
from promesa.roads.territory import Comuna
from promesa.runtime.platform import Caller, Platform

# Comunas weigh as their orders of so many weeks.
DEMAND_WEEKS = 8
# Less sure than this nobody would look at, even for the short end of the curve.
KEPT_SHOWN_MIN = 0.5
# What one screen draws of the days behind the alarm.
DAYS_SHOWN = 56


class CurvePointView(View):
    """What would be shown if a broken promise cost `ratio` times a day more."""

    ratio: float
    days: float
    late_share: float


class ComunaPromiseView(View):
    """What a checkout shows first for a comuna now; without `start` nothing is sure enough."""

    comuna: str
    orders: int
    start: datetime | None
    end: datetime | None
    days: int | None
    p_kept: float | None
    price_clp: int | None


class PromiseDayView(View):
    """A day's promises: the share not kept, the share stated, and what chance explains."""

    date: date
    promises: int
    late_share: float
    stated_share: float
    low: float
    high: float


class PromiseDriftView(View):
    """How promises came out since a day, beside what was stated of them."""

    since: date
    promises: int
    late: int
    late_stated: int
    late_share: float
    stated_share: float


class PromiseAlarmView(View):
    """Whether lateness left its band: `calm`, `worse`, `better`, or `unknown` for want of days.

    It rests on `told_days`, days that are over with `promises_min` promises each, and needs
    `days_min` of them. Though nothing changes each kind rings once in `false_days` days.
    """

    state: str
    drift: PromiseDriftView | None
    told_days: int
    days_min: int
    promises_min: int
    false_days: int
    days: list[PromiseDayView]


class PromiseCurveView(View):
    """How far promises reach against how often they would be broken, as the books stand now.

    `own` is where the two prices put the operator; `quantile` is the probability from which
    nobody waits a day more. `outcomes` is on how many kept or broken promises the
    probabilities rest: by `basis` they are the `model`'s own, `few` hardly move them, or they are
    put right by `outcomes`. `is_own_demand` is false while comunas weigh alike for want of orders.
    `fills` is how the days fill on which that rests, of the same moment; `crowding` that they will
    not hold all that is expected: `own` speaks of who buys now, and of nobody later. `closed` are
    the closed dates from today on, over all depots.
    """

    points: list[CurvePointView]
    own: CurvePointView | None
    quantile: float
    kept_min: float
    day_later_clp: int
    broken_clp: int
    comunas: list[ComunaPromiseView]
    alarm: PromiseAlarmView
    outcomes: int
    basis: str
    is_own_demand: bool
    fills: list[DepotFillView]
    crowding: CrowdingView | None
    closed: list[ClosedDayView]


Pesos = Annotated[int | None, Parameter(ge=0, le=PRICE_CLP_MAX)]
BrokenPesos = Annotated[int | None, Parameter(ge=1, le=PRICE_CLP_MAX)]


@get("/v1/promises/curve", access=Permission.READ_OPERATION, summary="Days promised against broken")
async def get_curve(
    platform: Platform, caller: Caller, day_later_clp: Pesos = None, broken_clp: BrokenPesos = None
) -> PromiseCurveView:
    """The curve of days promised against lateness, what each comuna is shown now, and the alarm.

    With other prices than the operator's it says where they would put it, and changes nothing.
    """
    return await see_curve(platform, caller, day_later_clp=day_later_clp, broken_clp=broken_clp)


async def see_curve(
    platform: Platform, caller: Caller, *, day_later_clp: int | None, broken_clp: int | None
) -> PromiseCurveView:
    """The same for who exports it."""
    board = await platform.ready_board(caller.tenant_id)
    now = platform.clock.now()
    today = ServiceDay.of(now).date
    async with platform.transaction(caller.tenant_id) as tx:
        known = await tx.promise_history.list_comunas(today - timedelta(weeks=DEMAND_WEEKS))
        look = await platform.promise_alarms.look(tx, now)
        shut = await closed_days(tx, board.snapshot.terms, board.closed, today)
    snapshot = board.snapshot
    fills = fills_of(snapshot, board.depots, board.closed)
    demands, is_own = _demands(platform, snapshot, board.ways, known)
    terms = snapshot.terms
    prices = Prices(
        day_later_clp=terms.day_later_clp if day_later_clp is None else day_later_clp,
        broken_clp=terms.broken_clp if broken_clp is None else broken_clp,
    )
    curve, shown = curve_of(demands, prices), shown_now(demands, prices)
    return PromiseCurveView(
        points=[_point(point) for point in curve.points],
        own=None if curve.own is None else _point(curve.own),
        quantile=round(quantile_of(prices), 4),
        kept_min=terms.kept_min,
        day_later_clp=prices.day_later_clp,
        broken_clp=prices.broken_clp,
        comunas=[_comuna(each) for each in shown],
        alarm=_alarm(look.alarm),
        outcomes=len(board.outcomes),
        basis=_basis(len(board.outcomes)),
        is_own_demand=is_own,
        fills=fills,
        crowding=crowding_of(fills),
        closed=shut,
    )


def _demands(
    platform: Platform, snapshot: Snapshot, ways: Ways, known: Sequence[tuple[str, int]]
) -> tuple[list[Demand], bool]:
    """What can be offered in each comuna with orders; in all of the map's where none has any."""
    territory, mapped = platform.city.territory, platform.city.addresses.comunas
    weighed: list[tuple[Comuna, int]] = []
    for name, orders in known:
        comuna = territory.exact(name)
        if comuna is not None and comuna in mapped:
            weighed.append((comuna, orders))
    is_own = bool(weighed)
    if not weighed:
        weighed = [(comuna, 1) for comuna in sorted(mapped, key=lambda each: each.name)]
    now = platform.clock.now()
    demands = []
    for comuna, orders in weighed:
        wanted = Wanted(position=comuna.centre, service_s=SERVICE_TIME_S_DEFAULT)
        found = quote(snapshot, wanted, ways, now, kept_min=KEPT_SHOWN_MIN)
        demands.append(Demand(comuna=comuna.name, orders=orders, offers=found.offers))
    return demands, is_own


def _basis(outcomes: int) -> str:
    if outcomes == 0:
        return "model"
    return "few" if outcomes < OUTCOMES_ENOUGH else "outcomes"


def _point(point: CurvePoint) -> CurvePointView:
    return CurvePointView(
        ratio=round(point.ratio, 2),
        days=round(point.days, 3),
        late_share=round(point.late_share, 5),
    )


def _comuna(shown: Shown) -> ComunaPromiseView:
    offer = shown.offer
    return ComunaPromiseView(
        comuna=shown.comuna,
        orders=shown.orders,
        start=offer.window.start if offer else None,
        end=offer.window.end if offer else None,
        days=offer.days if offer else None,
        p_kept=offer.p_kept if offer else None,
        price_clp=offer.price_clp if offer else None,
    )


def _drift(drift: Drift) -> PromiseDriftView:
    return PromiseDriftView(
        since=drift.since,
        promises=drift.promises,
        late=drift.late,
        late_stated=round(drift.late_stated),
        late_share=round(drift.late_share, 4),
        stated_share=round(drift.stated_share, 4),
    )


def _alarm(alarm: Alarm) -> PromiseAlarmView:
    drift = alarm.drift
    return PromiseAlarmView(
        state=alarm.state.value,
        drift=None if drift is None else _drift(drift),
        told_days=alarm.told_days,
        days_min=DAYS_MIN,
        promises_min=PROMISES_MIN,
        false_days=alarm.false_days,
        days=[
            PromiseDayView(
                date=band.day.date,
                promises=band.day.promises,
                late_share=round(band.day.late / band.day.promises, 4),
                stated_share=round(band.day.late_stated / band.day.promises, 4),
                low=round(band.low, 4),
                high=round(band.high, 4),
            )
            for band in alarm.bands[-DAYS_SHOWN:]
        ],
    )


router = Router(path="", route_handlers=[get_curve], tags=["promises"])
