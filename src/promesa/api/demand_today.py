"""The day under way by the hour: orders so far, and what it will come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from litestar import Router, get

from promesa.api.decoding import View
from promesa.domain.actor import Permission
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.planning.demand.overrides import OVERRIDES_MAX
from promesa.planning.forecast.hours import HOURS
from promesa.planning.forecast.intraday import estimate_day
from promesa.planning.forecast.outlook import OutlookRecord
from promesa.planning.forecast.overriding import overridden
from promesa.planning.forecast.totals import Total, add_up
from promesa.runtime.platform import Caller, Platform

MINUTES = 60


class HourView(View):
    """Orders until the end of an hour: as expected, and as they came; null while it is to come."""

    hour: int
    expected: float
    low: float
    high: float
    came: int | None


class TodayView(View):
    """The day so far and what it will come to.

    ``p10`` to ``p90`` hold what it comes to 8 times in 10; ``morning`` is what was expected before
    it began. ``hours_days``: days the usual hours rest on; 0 while they are assumed.
    """

    day: date
    at: datetime
    seen: int
    expected_by_now: float
    p10: float
    p50: float
    p90: float
    morning: float
    hours_days: int
    hours: list[HourView]


class TodayAnswer(View):
    """``today`` is null while no forecast tells of the day under way."""

    today: TodayView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """What the forecast says of one day; its place among the forecast's days."""

    record: OutlookRecord
    total: Total
    row: int


@get("/v1/demand/today", access=Permission.READ_OPERATION, summary="Demand of the day under way")
async def see_today(platform: Platform, caller: Caller) -> TodayAnswer:
    """Own orders of today by hour, and the total estimated anew from them."""
    now = platform.clock.now()
    day = ServiceDay.of(now)
    async with platform.transaction(caller.tenant_id) as tx:
        record = await platform.newest_outlooks.find(tx)
        if record is None or day.date not in record.outlook.days:
            return TodayAnswer(today=None)
        said = await tx.demand_overrides.list_between(day.date, day.date, limit=OVERRIDES_MAX)
        flows = await tx.demand_history.list_flows(day.start, now, zone=SANTIAGO)
    outlook = record.outlook
    made = overridden(outlook.forecast(), outlook.series, said)
    total = add_up(made, range(len(outlook.series)))
    by_hour = [0] * HOURS
    for flow in flows:
        by_hour[flow.hour] += flow.orders
    known = _Day(record=record, total=total, row=outlook.days.index(day.date))
    return TodayAnswer(today=_view(known, by_hour, day.date, now))


def _view(known: _Day, by_hour: list[int], day: date, now: datetime) -> TodayView:
    local = now.astimezone(ZoneInfo(SANTIAGO))
    row, total, profile = known.row, known.total, known.record.outlook.hours
    parts = {"mean": total.mean[row], "p10": total.p10[row], "p90": total.p90[row]}
    expected = {name: float(value) for name, value in parts.items()}
    hour = local.hour + local.minute / MINUTES
    found = estimate_day(expected, seen=sum(by_hour), hour=hour, profile=profile)
    return TodayView(
        day=day,
        at=now,
        seen=sum(by_hour),
        expected_by_now=found.expected_by_now,
        p10=found.p10,
        p50=found.p50,
        p90=found.p90,
        morning=float(total.p50[row]),
        hours_days=profile.days,
        hours=_hours(known, by_hour, local.hour),
    )


def _hours(known: _Day, by_hour: list[int], now: int) -> list[HourView]:
    """Reached by the end of each hour, the one under way as far as it has come."""
    reached = known.record.outlook.hours.reached
    came, views = 0, []
    for hour in range(HOURS):
        came += by_hour[hour]
        share = reached[hour + 1]
        views.append(
            HourView(
                hour=hour,
                expected=float(known.total.p50[known.row]) * share,
                low=float(known.total.p10[known.row]) * share,
                high=float(known.total.p90[known.row]) * share,
                came=came if hour <= now else None,
            )
        )
    return views


router = Router(path="", route_handlers=[see_today], tags=["demand"])
