"""What planners said instead of the forecast, beside the model and what came."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from litestar import Router, get

from promesa.api.decoding import View
from promesa.api.demand_overrides import OverrideView, override_views
from promesa.api.exports import wall_clock
from promesa.api.judged_uplifts import JudgedUpliftView, typed_between, uplift_views
from promesa.dispatch.demand_desk import load_demand
from promesa.domain.actor import Permission
from promesa.planning.demand.history import SeriesPart
from promesa.planning.demand.overrides import DAYS_MAX, said_between
from promesa.planning.demand.series import DayCounts, SeriesKey
from promesa.planning.demand.serving import AS_NAMED
from promesa.planning.forecast.forecast import HORIZON_FAR_D
from promesa.planning.forecast.judged_overrides import (
    AwaitedOverride,
    JudgedOverride,
    await_overrides,
    judge_overrides,
    sum_up,
)
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore
from promesa.runtime.tables import WHOLE, Cell, Sheet
from promesa.runtime.who_serves import who_serves

# Planners remember a year; what they said before has taught what it could.
JUDGED_FOR_D = 366
AWAITED_FOR_D = HORIZON_FAR_D + DAYS_MAX
# Of events uplifts are written long before a forecast reaches them.
WRITTEN_FOR_D = 366
COLUMNS = (
    "desde",
    "hasta",
    "comuna",
    "CD",
    "clase",
    "modelo",
    "corregido",
    "llegó",
    "más cerca",
    "días juzgados",
    "motivo",
    "autor",
    "hecha",
)
FORMATS = (*(None,) * 5, *(WHOLE,) * 3, *(None,) * 5)
AWAITED, UNKNOWN = "por ver", "no se sabe lo que llegó"


class JudgedOverrideView(View):
    """What somebody said of days that are over, beside the model and what came.

    ``days``: how many are judged; ``model``, ``said`` and ``came`` are orders of those together,
    errors the sums of absolute errors by day.
    """

    override: OverrideView
    days: int
    model: float
    said: float
    came: float
    model_error: float
    said_error: float
    is_better: bool


class AwaitedOverrideView(View):
    """What somebody said of days of which none can be judged yet.

    ``model`` and ``said`` are orders of all its days together, null where nobody knows;
    ``is_over``: its days are over, but what came is not known.
    """

    override: OverrideView
    model: float | None
    said: float | None
    is_over: bool


class JudgedOverrides(View):
    """The last ones first; errors together are shares of what came, null where nothing did.

    ``awaited``: those that stand and have no day to judge yet, the next one first. ``uplifts``:
    those that people wrote of events, to come first. ``has_more``: earlier ones are left out.
    """

    items: list[JudgedOverrideView]
    awaited: list[AwaitedOverrideView]
    uplifts: list[JudgedUpliftView]
    better: int
    model_error: float | None
    said_error: float | None
    has_more: bool


@get(
    "/v1/demand/overrides/judged",
    access=Permission.READ_OPERATION,
    summary="Overrides against what came",
)
async def judge(
    platform: Platform, caller: Caller, comuna: str | None = None, depot: str | None = None
) -> JudgedOverrides:
    """Those of the last year: who was nearer, the planner or the model; and those to come.

    Of all, or those that touch what is forecast of one comuna or depot.
    """
    async with platform.transaction(caller.tenant_id) as tx:
        return await judged_of(platform, tx, caller, comuna=comuna, depot=depot)


async def judged_of(
    platform: Platform,
    tx: PlatformStore,
    caller: Caller,
    *,
    comuna: str | None = None,
    depot: str | None = None,
) -> JudgedOverrides:
    """What planners said in the last year and of days to come, judged as far as it can be.

    Uplifts that they wrote of events too. Of what touches a comuna or depot, where one is given.
    """
    day = today(platform)
    since, until = day - timedelta(days=JUDGED_FOR_D), day - timedelta(days=1)
    found = await said_between(tx, since, day + timedelta(days=AWAITED_FOR_D), with_withdrawn=True)
    keys = await _asked_keys(platform, tx, comuna, depot)
    said = [each for each in found.items if keys is None or any(map(each.scope.holds, keys))]
    ahead = day + timedelta(days=WRITTEN_FOR_D)
    typed = await typed_between(tx, since, ahead, until=until, keys=keys)
    judged: list[JudgedOverride] = []
    counts: DayCounts = {}
    serving = AS_NAMED
    if typed.over or any(each.first_day <= until for each in said):
        known = await load_demand(tx, today=day, days=JUDGED_FOR_D)
        counts = await asyncio.to_thread(
            known.history.panel, SeriesPart.DEPOT, SeriesPart.PRODUCT_CLASS
        )
        depots = await tx.fleet.list_depots()
        serving = await who_serves(platform, tx.tenant_id, {key.comuna for key in counts}, depots)
        judged = judge_overrides(said, counts, until=until, serving=serving)
    awaited = await_overrides(said, judged, until=until)
    shown = [each.override for each in judged] + [each.override for each in awaited]
    views = {view.id: view for view in await override_views(tx, caller, shown)}
    uplifts = await uplift_views(tx, caller, typed, counts, serving)
    return _views(judged, awaited, views, uplifts, has_more=found.has_more or typed.has_more)


async def _asked_keys(
    platform: Platform, tx: PlatformStore, comuna: str | None, depot: str | None
) -> tuple[SeriesKey, ...] | None:
    """The series of what is asked about, each with the depot that serves it; None for all."""
    if comuna is None and depot is None:
        return None
    newest = await platform.newest_outlooks.find(tx)
    series = () if newest is None else newest.outlook.series
    depots = await tx.fleet.list_depots()
    serving = await who_serves(platform, tx.tenant_id, {key.comuna for key in series}, depots)
    return tuple(
        key
        for key in serving.placed(series)
        if comuna in {None, key.comuna} and depot in {None, key.depot}
    )


def correction_sheet(found: JudgedOverrides) -> Sheet:
    """What was said: of the days to come first, then of the last ones."""
    rows: list[Sequence[Cell]] = [
        _row(each.override, (each.model, each.said, None), UNKNOWN if each.is_over else AWAITED, 0)
        for each in found.awaited
    ]
    rows += [
        _row(
            each.override,
            (each.model, each.said, each.came),
            "la corrección" if each.is_better else "el modelo",
            each.days,
        )
        for each in found.items
    ]
    return Sheet(title="Correcciones", columns=COLUMNS, rows=rows, formats=FORMATS)


def _row(
    said: OverrideView,
    orders: tuple[float | None, float | None, float | None],
    nearer: str,
    days: int,
) -> Sequence[Cell]:
    place = (said.comuna, said.depot, said.product_class)
    made = (said.reason, said.author, wall_clock(said.made_at))
    return (said.start, said.end, *place, *orders, nearer, days, *made)


def _views(
    judged: Sequence[JudgedOverride],
    awaited: Sequence[AwaitedOverride],
    views: Mapping[UUID, OverrideView],
    uplifts: list[JudgedUpliftView],
    *,
    has_more: bool,
) -> JudgedOverrides:
    whole = sum_up(judged)
    return JudgedOverrides(
        items=[
            JudgedOverrideView(
                override=views[each.override.id],
                days=each.days,
                model=each.model,
                said=each.said,
                came=each.came,
                model_error=each.model_error,
                said_error=each.said_error,
                is_better=each.is_better,
            )
            for each in sorted(judged, key=lambda one: one.override.first_day, reverse=True)
        ],
        awaited=[
            AwaitedOverrideView(
                override=views[each.override.id],
                model=each.model,
                said=each.said,
                is_over=each.is_over,
            )
            for each in awaited
        ],
        uplifts=uplifts,
        better=whole.better,
        model_error=whole.model_error,
        said_error=whole.said_error,
        has_more=has_more,
    )


router = Router(path="", route_handlers=[judge], tags=["demand"])
