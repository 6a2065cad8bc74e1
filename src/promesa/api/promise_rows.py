"""The rows behind a number of the day, each with the reason why its promise is not safe."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from litestar import Router, get

from promesa.analytics.headline import FORMULA, Standing, shape_of, standing_of
from promesa.api.day_promises import Known, PromiseHere, know
from promesa.api.decoding import View
from promesa.api.exception_views import ReasonCount
from promesa.api.order_views import WindowView, window_view
from promesa.domain.actor import Permission
from promesa.domain.order import OrderState
from promesa.domain.promise import PromiseRisk
from promesa.domain.stop import StopState
from promesa.planning.repository import PlanRecord, PlanState
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

# What a person reads through; a longer list is worked off in Pedidos.
ROWS_MAX = 200
# Less than this is no delay to speak of; the lanes of the torre show none either.
DELAY_TOLD_S_MIN = 60


class Carried(StrEnum):
    """Whether a route carries the order."""

    ROUTE = "route"
    NOTHING = "nothing"


class Cause(StrEnum):
    """Why a promise is not safe, in the order in which it is looked for."""

    NOT_DELIVERED = "not_delivered"
    DELIVERED_LATE = "delivered_late"
    BROKEN_DOWN = "broken_down"
    RUNNING_LATE = "running_late"
    TIGHT = "tight"
    ADDRESS = "address"
    LEFT_OUT = "left_out"
    UNPUBLISHED = "unpublished"
    NO_SHIFT = "no_shift"
    NOT_PLANNED = "not_planned"


class CauseView(View):
    """Why a promise is not safe.

    ``sentence`` is the plan's own reason for leaving the order out; ``reason`` the driver's code
    for what was not delivered. ``has_passed`` says that the promised window is over.
    """

    code: str
    has_passed: bool
    sentence: str | None
    reason: str | None
    delivered_at: datetime | None
    delay_s: int | None


class PromiseRow(View):
    """A promise behind a number."""

    order_id: UUID
    reference: str
    state: str
    route_code: str | None
    window: WindowView
    first_window: WindowView
    expected_at: datetime | None
    standing: str
    shape: str
    fate: str
    cause: CauseView | None


class NotDeliveredView(View):
    """Today's failed visits beside the promises they broke: ``visits`` is the sum of the three.

    ``released`` visits broke none, for the ``reasons`` their recipient or merchant gave; ``other``
    ones broke none so far. ``promises_released`` are all of today's that are counted nowhere.
    """

    visits: int
    broken: int
    released: int
    other: int
    reasons: list[ReasonCount]
    promises_released: int


class PromiseRows(View):
    """The rows of a number and how it is counted.

    ``total`` counts all of them; ``items`` are at most 200, those due first. ``not_delivered`` is
    of the whole day, whichever rows are asked for.
    """

    formula: str
    total: int
    items: list[PromiseRow]
    not_delivered: NotDeliveredView


@get("/v1/day/promises", access=Permission.READ_OPERATION, summary="The rows behind a number")
async def list_promises(
    platform: Platform,
    caller: Caller,
    standing: Standing | None = None,
    shape: PromiseRisk | None = None,
    route_id: UUID | None = None,
    carried: Carried | None = None,
) -> PromiseRows:
    """Today's promises that stand so, with the formula of the count."""
    watch = await platform.ready_watch(caller.tenant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        known = await know(tx, watch, platform.clock.now())
        found = [
            item
            for item in known.promises
            if standing in _asked(standing_of(item.now))
            and shape in {None, shape_of(item.now)}
            and route_id in {None, item.watched.route.id if item.watched else None}
            and carried in {None, _carried(item)}
        ]
        found.sort(key=lambda item: (item.now.promise.window.end, item.reference))
        shown = found[:ROWS_MAX]
        left = await _left_out(tx, watch.day, shown, known.now)
    return PromiseRows(
        formula=FORMULA,
        total=len(found),
        items=[_row(known, item, left.get(item.order_id)) for item in shown],
        not_delivered=_not_delivered(known),
    )


def _not_delivered(known: Known) -> NotDeliveredView:
    found = known.not_delivered
    return NotDeliveredView(
        visits=found.visits,
        broken=found.broken,
        released=found.released,
        other=found.other,
        reasons=[ReasonCount(reason=reason, count=often) for reason, often in found.reasons],
        promises_released=found.promises_released,
    )


def _carried(item: PromiseHere) -> Carried | None:
    """None of what was put on another day: nothing of today is to carry it."""
    if item.has_left:
        return None
    return Carried.ROUTE if item.watched else Carried.NOTHING


def _asked(standing: Standing) -> set[Standing | None]:
    """A released promise is counted nowhere, and shown only when it is asked for by name."""
    return {standing} if standing is Standing.RELEASED else {standing, None}


def _row(known: Known, item: PromiseHere, left: CauseView | None) -> PromiseRow:
    here = known.watch.find_order(item.order_id)
    shape = shape_of(item.now)
    return PromiseRow(
        order_id=item.order_id,
        reference=item.reference,
        state=item.state.value,
        route_code=item.watched.route.code if item.watched else None,
        window=window_view(item.now.promise.window),
        first_window=window_view(item.versions[0].window),
        expected_at=here.eta.p50 if item.watched and here and here.eta else None,
        standing=standing_of(item.now).value,
        shape=(shape or PromiseRisk.CLOSED).value,
        fate=item.now.promise.fate.value,
        cause=_cause(known, item) if item.watched else left,
    )


def _cause(known: Known, item: PromiseHere) -> CauseView | None:
    """Of an order on a route: what happened at its door, else what holds its van up."""
    watched, stop, shape = item.watched, item.stop, shape_of(item.now)
    if watched is None or stop is None or shape in {PromiseRisk.ON_TIME, PromiseRisk.CLOSED}:
        return None
    picture = known.pictures.get(watched.route.id)
    delay_s = max(0, picture.delay_s) if picture else 0
    if shape is PromiseRisk.FAILED:
        code = Cause.NOT_DELIVERED
    elif stop.state is StopState.CLOSED:
        code = Cause.DELIVERED_LATE
    elif watched.route.is_broken_down:
        code = Cause.BROKEN_DOWN
    else:
        code = Cause.RUNNING_LATE if delay_s >= DELAY_TOLD_S_MIN else Cause.TIGHT
    return _cause_view(
        code,
        has_passed=known.now > item.now.promise.window.end,
        reason=stop.reason if code is Cause.NOT_DELIVERED else None,
        delivered_at=stop.closed_at if code is Cause.DELIVERED_LATE else None,
        delay_s=delay_s if code is Cause.RUNNING_LATE else None,
    )


async def _left_out(
    tx: PlatformStore, day: date, rows: Iterable[PromiseHere], now: datetime
) -> dict[UUID, CauseView]:
    """Why no route carries them, by order; the plans of the day are read only for those."""
    waiting = [row for row in rows if row.watched is None]
    if not waiting:
        return {}
    plans = await tx.plans.list_of(day)
    has_shifts = bool(await tx.fleet.list_shifts(day))
    found = {}
    for row in waiting:
        code, sentence = _why_not(row, plans)
        if code is Cause.NOT_PLANNED and not has_shifts:
            code = Cause.NO_SHIFT
        has_passed = now > row.now.promise.window.end
        found[row.order_id] = _cause_view(code, has_passed=has_passed, sentence=sentence)
    return found


def _why_not(row: PromiseHere, plans: Iterable[PlanRecord]) -> tuple[Cause, str | None]:
    """The newest plan that knows the order has the word."""
    if row.has_left:
        return Cause.NOT_DELIVERED, None
    if row.state is OrderState.ADDRESS_REVIEW:
        return Cause.ADDRESS, None
    for plan in plans:
        for left in plan.unserved:
            if left.order_id == row.order_id:
                return Cause.LEFT_OUT, left.sentence
        if plan.state is PlanState.READY and _carries(plan, row.order_id):
            return Cause.UNPUBLISHED, None
    return Cause.NOT_PLANNED, None


def _carries(plan: PlanRecord, order_id: UUID) -> bool:
    return any(visit.order_id == order_id for route in plan.routes for visit in route.visits)


def _cause_view(
    code: Cause,
    *,
    has_passed: bool,
    sentence: str | None = None,
    reason: str | None = None,
    delivered_at: datetime | None = None,
    delay_s: int | None = None,
) -> CauseView:
    return CauseView(
        code=code.value,
        has_passed=has_passed,
        sentence=sentence,
        reason=reason,
        delivered_at=delivered_at,
        delay_s=delay_s,
    )


router = Router(path="", route_handlers=[list_promises], tags=["day"])
