"""The forecast of demand: orders and deliveries a day, what events add, how right it has been."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, Router, get, post

from promesa.api.forecast_views import (
    BandView,
    ComunaForecastView,
    DemandOutlookView,
    EventUsedView,
    ForecastDayView,
    ForecastView,
    JudgedDayView,
    PastDayView,
)
from promesa.api.printed_outlook import forecast_page
from promesa.api.printing import ScreenFormat, masthead_of, screen_response
from promesa.dispatch.delivery_days import delivery_rule
from promesa.domain.actor import Permission
from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.event_row import EventRow
from promesa.planning.demand.overrides import OVERRIDES_MAX, DemandOverride
from promesa.planning.forecast.deliveries import deliveries
from promesa.planning.forecast.forecast import HISTORY_DAYS_MIN, EventUsed, Forecast
from promesa.planning.forecast.outlook import Judged, OutlookRecord
from promesa.planning.forecast.overriding import overridden
from promesa.planning.forecast.totals import add_up
from promesa.runtime.forecasting import ask_forecast
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.printing import PrintedPage
from promesa.runtime.repository import PlatformStore
from promesa.runtime.tables import Cell, Sheet

EVENTS_MAX = 500
# A day is known when series that bring no more than so much of the whole are not.
UNKNOWN_SHARE_MAX = 0.05
WEEK_D = 7
COLUMNS = ("fecha", "comuna", "CD", "clase", "pedidos p10", "pedidos p50", "pedidos p90", "media")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A forecast with what people said of its days."""

    record: OutlookRecord
    said: Sequence[DemandOverride]
    rows: Sequence[EventRow]
    rule: DeliveryRule


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A forecast with what is shown of it."""

    record: OutlookRecord
    made: Forecast
    columns: list[int]
    rows: Sequence[EventRow]
    rule: DeliveryRule


@get("/v1/demand/forecast", access=Permission.READ_OPERATION, summary="Forecast of demand")
async def see_forecast(
    platform: Platform, caller: Caller, comuna: str | None = None, depot: str | None = None
) -> ForecastView:
    """Orders and deliveries of the next days, corrections included; of one comuna or depot."""
    state = platform.forecastings.of(caller.tenant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        known = await _gather(platform, tx)
    shown = None if known is None else await asyncio.to_thread(_view, known, comuna, depot)
    return ForecastView(
        is_running=state.slip is not None,
        progress=0.0 if state.slip is None else state.slip.share,
        failure=state.failure,
        history_days_min=HISTORY_DAYS_MIN,
        outlook=shown,
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
) -> Response[bytes]:
    """Every series and day, corrections included; on paper the days, of one comuna or depot."""
    async with platform.transaction(caller.tenant_id) as tx:
        known = await _gather(platform, tx)
    masthead = await masthead_of(platform, caller)
    table: list[Sequence[Cell]] = [] if known is None else _table(known.record, known.said)

    def page() -> PrintedPage:
        return forecast_page(None if known is None else _view(known, comuna, depot), masthead)

    sheets = [Sheet(title="Pronóstico", columns=COLUMNS, rows=table)]
    return await screen_response(kind, "pronostico-demanda", sheets, page)


async def _gather(platform: Platform, tx: PlatformStore) -> _Known | None:
    """The newest forecast, what was said instead, the events of its days; None before the first."""
    record = await platform.newest_outlooks.find(tx)
    if record is None:
        return None
    first, last = record.outlook.days[0], record.outlook.days[-1]
    return _Known(
        record=record,
        said=await tx.demand_overrides.list_between(first, last, limit=OVERRIDES_MAX),
        rows=await tx.demand_events.list_between(first, last, limit=EVENTS_MAX),
        rule=await delivery_rule(tx),
    )


def _table(record: OutlookRecord, said: Sequence[DemandOverride]) -> list[Sequence[Cell]]:
    outlook = record.outlook
    made = overridden(outlook.forecast(), outlook.series, said)
    return [
        (
            day.isoformat(),
            key.comuna,
            key.depot,
            key.product_class,
            *(
                round(float(part[row, column]), 1)
                for part in (made.p10, made.p50, made.p90, made.mean)
            ),
        )
        for column, key in enumerate(outlook.series)
        for row, day in enumerate(made.days)
    ]


def _view(known: _Known, comuna: str | None, depot: str | None) -> DemandOutlookView:
    record, rows = known.record, known.rows
    outlook = record.outlook
    columns = [
        column
        for column, key in enumerate(outlook.series)
        if (comuna is None or key.comuna == comuna) and (depot is None or key.depot == depot)
    ]
    model = outlook.forecast()
    made = overridden(model, outlook.series, known.said)
    asked = _Asked(record=record, made=made, columns=columns, rows=rows, rule=known.rule)
    return DemandOutlookView(
        made_at=record.made_at,
        origin=outlook.origin,
        history_days=outlook.basis.days,
        is_boosted=outlook.basis.boosted,
        calibrated=outlook.basis.calibrated,
        low_series=outlook.basis.low,
        depots=sorted({key.depot for key in outlook.series if key.depot}),
        days=_days(asked, model) if columns else [],
        past=_past(asked),
        events=[_event(used, rows) for used in outlook.events if _is_of(used, asked)],
        comunas=_comunas(asked, depot),
        judged=_judged([outlook.judged[name] for name in _judged_names(asked, comuna)]),
    )


def _days(asked: _Asked, model: Forecast) -> list[ForecastDayView]:
    made, before = add_up(asked.made, asked.columns), add_up(model, asked.columns)
    delivered = deliveries(asked.record.outlook, asked.made, asked.columns, asked.rule)
    return [
        ForecastDayView(
            day=day,
            orders=BandView(
                p10=float(made.p10[row]), p50=float(made.p50[row]), p90=float(made.p90[row])
            ),
            deliveries=BandView(
                p10=delivered.p10[row], p50=delivered.p50[row], p90=delivered.p90[row]
            ),
            model=float(before.p50[row]) if made.p50[row] != before.p50[row] else None,
        )
        for row, day in enumerate(asked.made.days)
    ]


def _past(asked: _Asked) -> list[PastDayView]:
    outlook = asked.record.outlook
    size = {column: float(asked.made.mean[:, column].sum()) for column in asked.columns}
    found = []
    for place, day in enumerate(outlook.past_days):
        known = {column: outlook.past[column][place] for column in asked.columns}
        missing = sum(size[column] for column, value in known.items() if value is None)
        whole = missing <= UNKNOWN_SHARE_MAX * sum(size.values()) and bool(known)
        orders = sum(value for value in known.values() if value is not None)
        found.append(PastDayView(day=day, orders=orders if whole else None))
    return found


def _is_of(used: EventUsed, asked: _Asked) -> bool:
    """Whether a row of the calendar of that name and day is for any series asked about."""
    scopes = [row.content.scope for row in asked.rows if _is_row_of(row, used)]
    keys = [asked.record.outlook.series[column] for column in asked.columns]
    return not scopes or any(scope.touches(key) for scope in scopes for key in keys)


def _is_row_of(row: EventRow, used: EventUsed) -> bool:
    return row.content.name == used.name and row.content.start <= used.day <= row.content.end


def _event(used: EventUsed, rows: Sequence[EventRow]) -> EventUsedView:
    row = next((row for row in rows if _is_row_of(row, used)), None)
    offset = 0 if row is None else (used.day - row.content.start).days
    profile = () if row is None else row.content.profile
    return EventUsedView(
        name=used.name,
        day=used.day,
        factor=used.factor,
        low=used.factor_p10,
        high=used.factor_p90,
        is_given=used.is_given,
        event_id=None if row is None else row.id,
        uplift=None if row is None else row.content.uplift,
        day_share=profile[offset] if offset < len(profile) else None,
    )


def _comunas(asked: _Asked, depot: str | None) -> list[ComunaForecastView]:
    """Every comuna of the depot asked about, the largest first."""
    outlook, made = asked.record.outlook, asked.made
    columns: dict[str, list[int]] = {}
    for column, key in enumerate(outlook.series):
        if depot is None or key.depot == depot:
            columns.setdefault(key.comuna, []).append(column)
    found = []
    for name, own in columns.items():
        total = made.mean[:, own].sum(axis=1)
        peak = int(total.argmax())
        judged = outlook.judged.get(name)
        found.append(
            ComunaForecastView(
                comuna=name,
                next_7=float(total[:WEEK_D].sum()),
                next_28=float(total[: 4 * WEEK_D].sum()),
                peak_day=made.days[peak],
                peak=float(total[peak]),
                error=judged.wape if judged else None,
                floor=judged.floor if judged else None,
                inside=judged.inside if judged else None,
            )
        )
    return sorted(found, key=lambda each: (-each.next_28, each.comuna))


def _judged_names(asked: _Asked, comuna: str | None) -> list[str]:
    judged = asked.record.outlook.judged
    named = {asked.record.outlook.series[column].comuna for column in asked.columns}
    return [name for name in sorted(judged) if name in named and comuna in {None, name}]


def _judged(parts: Sequence[Judged]) -> list[JudgedDayView]:
    """Comunas added up; a day of which much is unknown is unknown."""
    if not parts:
        return []
    found = []
    for place, day in enumerate(parts[0].days):
        expected = sum(part.expected[place] for part in parts)
        missing = sum(part.expected[place] for part in parts if part.came[place] is None)
        came = sum(part.came[place] or 0.0 for part in parts)
        whole = missing <= UNKNOWN_SHARE_MAX * expected
        found.append(JudgedDayView(day=day, expected=expected, came=came if whole else None))
    return found


router = Router(
    path="", route_handlers=[see_forecast, make_forecast, export_forecast], tags=["demand"]
)
