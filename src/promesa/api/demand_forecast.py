"""The forecast of demand: orders and deliveries a day, what events add, how right it has been."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import Parameter

from promesa.api.comuna_forecasts import (
    Columns,
    columns_by_comuna,
    comuna_views,
    judged_views,
    total_view,
)
from promesa.api.demand_today import day_under_way
from promesa.api.demand_views import authors_shown
from promesa.api.forecast_events import (
    EVENTS_MAX,
    EventOrigins,
    event_view,
    is_row_of,
    origins_of,
)
from promesa.api.forecast_sheets import (
    EXPECTED,
    comuna_sheet,
    day_sheet,
    judged_sheet,
    series_sheet,
)
from promesa.api.forecast_views import (
    BandView,
    DemandOutlookView,
    ForecastDayView,
    ForecastRunView,
    ForecastView,
    NoDepotView,
    PastDayView,
)
from promesa.api.judged_corrections import correction_sheet, judged_of
from promesa.api.judged_uplifts import uplift_sheet
from promesa.api.printed_outlook import forecast_page
from promesa.api.printing import ScreenFormat, masthead_of, screen_response
from promesa.dispatch.delivery_days import rule_over_time
from promesa.domain.actor import Permission
from promesa.domain.fleet import Depot
from promesa.kernel.text import bare
from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.event_row import EventRow
from promesa.planning.demand.overrides import OVERRIDES_MAX, DemandOverride
from promesa.planning.demand.series import SeriesKey
from promesa.planning.demand.serving import ServingDepots
from promesa.planning.forecast.deliveries import deliveries
from promesa.planning.forecast.forecast import (
    HISTORY_DAYS_MIN,
    HORIZON_D,
    HORIZON_FAR_D,
    EventUsed,
    Forecast,
)
from promesa.planning.forecast.newcomers import days_known_of
from promesa.planning.forecast.outlook import UNKNOWN_SHARE_MAX, Far, OutlookRecord
from promesa.planning.forecast.overriding import overridden
from promesa.planning.forecast.totals import add_up
from promesa.runtime.forecasting import ask_forecast
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.printing import PrintedPage
from promesa.runtime.repository import PlatformStore
from promesa.runtime.tables import Sheet
from promesa.runtime.who_serves import who_serves

# One depot serves everything: there is nothing to choose.
DEPOTS_MIN = 2

Ahead = Annotated[int, Parameter(ge=HORIZON_D, le=HORIZON_FAR_D)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A forecast with what people said of its days.

    Attributes:
        record: With as many days as were asked for.
        far: All the far days there are.
        origins: Where the numbers of its events come from.
        depots: Of the operator.
        serving: Which of them serves a series.
    """

    record: OutlookRecord
    far: Far | None
    said: Sequence[DemandOverride]
    rows: Sequence[EventRow]
    origins: EventOrigins
    rule: DeliveryRule
    depots: Sequence[Depot]
    serving: ServingDepots

    @property
    def depot_names(self) -> dict[str, str]:
        """By code."""
        return {each.code: each.name for each in self.depots}

    @property
    def keys(self) -> tuple[SeriesKey, ...]:
        """The series, each with the depot that serves it."""
        return self.serving.placed(self.record.outlook.series)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A forecast with what is shown of it; ``keys`` are its series with who serves them."""

    record: OutlookRecord
    keys: tuple[SeriesKey, ...]
    made: Forecast
    columns: list[int]
    rows: Sequence[EventRow]
    rule: DeliveryRule


@get("/v1/demand/forecast", access=Permission.READ_OPERATION, summary="Forecast of demand")
async def see_forecast(
    platform: Platform,
    caller: Caller,
    comuna: str | None = None,
    depot: str | None = None,
    days: Ahead = HORIZON_D,
) -> ForecastView:
    """Orders and deliveries of the next days, corrections included; of one comuna or depot.

    ``days`` reaches further where a year of history stands behind it.
    """
    state = platform.forecastings.of(caller.tenant_id)
    # Looked at first: one that ends while this is read is not in it, and who waits asks again.
    slip, failure = state.slip, state.failure
    async with platform.transaction(caller.tenant_id) as tx:
        known = await _gather(platform, tx, caller, days)
    shown = None if known is None else await asyncio.to_thread(_view, known, comuna, depot)
    return ForecastView(
        is_running=slip is not None,
        progress=0.0 if slip is None else slip.share,
        failure=failure,
        history_days_min=HISTORY_DAYS_MIN,
        outlook=shown,
    )


@get(
    "/v1/demand/forecast/running",
    access=Permission.READ_OPERATION,
    summary="How far the forecast is that is being made",
)
async def see_forecast_running(platform: Platform, caller: Caller) -> ForecastRunView:
    """Cheap, for every screen that rests on a forecast to ask again and again."""
    state = platform.forecastings.of(caller.tenant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        newest = await tx.demand_forecasts.find_newest_id()
    return ForecastRunView(
        is_running=state.slip is not None,
        progress=0.0 if state.slip is None else state.slip.share,
        newest=newest,
    )


@post(
    "/v1/demand/forecast",
    access=Permission.PLAN,
    status_code=202,
    summary="Make the forecast anew",
)
async def make_forecast(platform: Platform, caller: Caller) -> None:
    """Begins one; it is also made each morning and whenever an event or the history changes."""
    ask_forecast(platform, caller.tenant_id)


@get(
    "/v1/exports/demand-forecast/{kind:str}",
    access=Permission.READ_OPERATION,
    summary="Forecast of demand as a table",
)
async def export_forecast(
    kind: ScreenFormat,
    platform: Platform,
    caller: Caller,
    comuna: str | None = None,
    depot: str | None = None,
    days: Ahead = HORIZON_D,
) -> Response[bytes]:
    """A workbook by day, by comuna and of the last weeks; as CSV by comuna and day; on paper days.

    Corrections included; of one comuna or depot.
    """
    async with platform.transaction(caller.tenant_id) as tx:
        known = await _gather(platform, tx, caller, days)
        hands = [] if known is None else [each.author_id for each in known.said]
        authors = await authors_shown(tx, caller, hands)
        is_of_today = kind is ScreenFormat.PDF and comuna is None
        today = await day_under_way(platform, tx, depot) if is_of_today else None
        is_book = known is not None and kind is ScreenFormat.XLSX
        judged = None
        if is_book:
            judged = await judged_of(platform, tx, caller, comuna=comuna, depot=depot)
    masthead = await masthead_of(platform, caller)

    def page() -> PrintedPage:
        if known is None:
            return forecast_page(None, masthead)
        names = known.depot_names
        where = [part for part in (comuna, names.get(depot or "", depot)) if part]
        return forecast_page(
            _view(known, comuna, depot), masthead, today, where=where, depots=names
        )

    def sheets() -> list[Sheet]:
        if known is None:
            return [Sheet(title="Pronóstico", columns=("fecha", "comuna", *EXPECTED), rows=[])]
        told = []
        if judged is not None:
            told = [
                correction_sheet(judged, known.depot_names),
                uplift_sheet(judged.uplifts, known.depot_names),
            ]
        return [*_sheets(known, kind, (comuna, depot), authors), *told]

    made = [] if kind is ScreenFormat.PDF else await asyncio.to_thread(sheets)
    return await screen_response(kind, "pronostico-demanda", made, page)


async def _gather(
    platform: Platform, tx: PlatformStore, caller: Caller, days: int
) -> _Known | None:
    """The newest forecast, what was said instead, the events of its days; None before the first."""
    newest = await platform.newest_outlooks.find(tx)
    if newest is None:
        return None
    record = replace(newest, outlook=newest.outlook.reaching(days))
    depots = await tx.fleet.list_depots()
    comunas = {key.comuna for key in record.outlook.series}
    first, last = record.outlook.days[0], record.outlook.days[-1]
    rows = await tx.demand_events.list_between(first, last, limit=EVENTS_MAX)
    return _Known(
        record=record,
        far=newest.outlook.far,
        said=await tx.demand_overrides.list_between(first, last, limit=OVERRIDES_MAX),
        rows=rows,
        origins=await origins_of(tx, caller, rows, record.outlook),
        rule=await rule_over_time(tx),
        depots=depots,
        serving=await who_serves(platform, tx.tenant_id, comunas, depots),
    )


def _sheets(
    known: _Known,
    kind: ScreenFormat,
    about: tuple[str | None, str | None],
    authors: Mapping[UUID, str | None],
) -> list[Sheet]:
    outlook, series, (comuna, depot) = known.record.outlook, known.keys, about
    made = overridden(outlook.forecast(), series, known.said)
    columns = _columns(series, comuna, depot)
    table = series_sheet(series, made, columns, known.depot_names)
    if kind is ScreenFormat.CSV:
        return [table]
    view = _view(known, comuna, depot)
    keys = [series[column] for column in columns]
    said = [each for each in known.said if any(each.scope.holds(key) for key in keys)]
    own = _of_comuna(columns_by_comuna(series, depot), comuna)
    return [
        day_sheet(view, said, authors, known.depot_names),
        table,
        comuna_sheet(view, comuna),
        judged_sheet(outlook, own),
    ]


def _columns(keys: Sequence[SeriesKey], comuna: str | None, depot: str | None) -> list[int]:
    return [
        column
        for column, key in enumerate(keys)
        if comuna in {None, key.comuna} and depot in {None, key.depot}
    ]


def _of_comuna(columns: Columns, comuna: str | None) -> Columns:
    return {name: own for name, own in columns.items() if comuna in {None, name}}


def _view(known: _Known, comuna: str | None, depot: str | None) -> DemandOutlookView:
    record, rows = known.record, known.rows
    outlook = record.outlook
    keys = known.keys
    columns = _columns(keys, comuna, depot)
    by_comuna = columns_by_comuna(keys, depot)
    model = outlook.forecast()
    made = overridden(model, keys, known.said)
    asked = _Asked(record=record, keys=keys, made=made, columns=columns, rows=rows, rule=known.rule)
    names = [outlook.series[column].text for column in columns]
    few = days_known_of(outlook.basis.newcomers, names)
    return DemandOutlookView(
        made_at=record.made_at,
        origin=outlook.origin,
        history_days=outlook.basis.days if few is None else few,
        is_new=few is not None,
        is_boosted=outlook.basis.boosted,
        calibrated=outlook.basis.calibrated,
        low_series=outlook.basis.low,
        days_max=HORIZON_D if known.far is None else HORIZON_FAR_D,
        **_far(known),
        **_depots(known, made),
        days=_days(asked, model) if columns else [],
        past=_past(asked),
        events=[
            event_view(used, rows, outlook, known.origins)
            for used in outlook.events
            if _is_of(used, asked)
        ],
        comunas=comuna_views(outlook, made, by_comuna),
        total=total_view(outlook, made, by_comuna),
        judged=judged_views(outlook, _of_comuna(by_comuna, comuna)),
    )


def _depots(known: _Known, made: Forecast) -> dict[str, Any]:
    """Those to choose from, by name, and what none of them is known to serve."""
    if len(known.depots) < DEPOTS_MIN:
        return {"depots": [], "unserved": None}
    lost = [column for column, key in enumerate(known.keys) if not key.depot]
    unserved = NoDepotView(
        comunas=sorted({known.keys[column].comuna for column in lost}),
        orders=float(made.mean[:, lost].sum()),
    )
    return {
        "depots": [each.code for each in sorted(known.depots, key=lambda one: bare(one.name))],
        "unserved": unserved if lost else None,
    }


def _far(known: _Known) -> dict[str, Any]:
    """What is said of days beyond the models' own, where some are shown."""
    far = known.far
    if far is None or far.days[0] > known.record.outlook.days[-1]:
        return {"far_from": None, "far_calibrated": None}
    return {"far_from": far.days[0], "far_calibrated": far.calibrated}


def _days(asked: _Asked, model: Forecast) -> list[ForecastDayView]:
    made, before = add_up(asked.made, asked.columns), add_up(model, asked.columns)
    delivered = deliveries(asked.record.outlook, asked.made, asked.columns, asked.rule)
    return [
        ForecastDayView(
            day=day,
            orders=BandView(
                mean=float(made.mean[row]),
                p10=float(made.p10[row]),
                p50=float(made.p50[row]),
                p90=float(made.p90[row]),
            ),
            deliveries=BandView(
                mean=delivered.mean[row],
                p10=delivered.p10[row],
                p50=delivered.p50[row],
                p90=delivered.p90[row],
            ),
            model=float(before.mean[row]) if made.mean[row] != before.mean[row] else None,
        )
        for row, day in enumerate(asked.made.days)
    ]


def _past(asked: _Asked) -> list[PastDayView]:
    outlook = asked.record.outlook
    new = outlook.basis.newcomers
    # Newcomers, unknown nearly always, are not missed.
    size = {
        column: float(asked.made.mean[:, column].sum())
        for column in asked.columns
        if outlook.series[column].text not in new or len(asked.columns) == 1
    }
    found = []
    for place, day in enumerate(outlook.past_days):
        known = {column: outlook.past[column][place] for column in asked.columns}
        missing = sum(size.get(column, 0.0) for column, value in known.items() if value is None)
        whole = missing <= UNKNOWN_SHARE_MAX * sum(size.values()) and bool(known)
        orders = sum(value for value in known.values() if value is not None)
        found.append(PastDayView(day=day, orders=orders if whole else None))
    return found


def _is_of(used: EventUsed, asked: _Asked) -> bool:
    """Whether a row of the calendar of that name and day is for any series asked about."""
    scopes = [row.content.scope for row in asked.rows if is_row_of(row, used)]
    keys = [asked.keys[column] for column in asked.columns]
    return not scopes or any(scope.touches(key) for scope in scopes for key in keys)


router = Router(
    path="",
    route_handlers=[
        see_forecast,
        see_forecast_running,
        make_forecast,
        export_forecast,
    ],
    tags=["demand"],
)
