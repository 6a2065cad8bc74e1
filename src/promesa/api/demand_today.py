"""The day under way by the hour: orders so far, and what it will come to.

Only where own orders are the whole demand is it estimated anew: 32 own orders say nothing of the
1.300 that a file will tell tomorrow. Who moved to us on Friday has it on Monday, though the weeks
before came by file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from litestar import Router, get

from promesa.api.decoding import View
from promesa.domain.actor import Permission
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.planning.demand.history import DemandCount, OrderFlow
from promesa.planning.demand.overrides import OVERRIDES_MAX, DemandOverride
from promesa.planning.demand.serving import AS_NAMED, DepotShare, ServingDepots
from promesa.planning.forecast.forecast import Forecast
from promesa.planning.forecast.hours import HOURS
from promesa.planning.forecast.intraday import estimate_day
from promesa.planning.forecast.outlook import OutlookRecord
from promesa.planning.forecast.overriding import overridden
from promesa.planning.forecast.totals import Total, add_up
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore
from promesa.runtime.who_serves import who_serves

MINUTES = 60
# Own orders that bring less a day than so much of what the last weeks brought are a part of demand.
# They are judged from the day after the first, by at least two days: the first one is no whole day,
# and one day alone may be a sheet of deliveries sent on the eve.
RECENT_D = 14
OWN_SHARE_MIN = 0.5
OWN_DAYS_MIN = 2
EVERY_DEPOT = DepotShare(depot=None, serving=AS_NAMED, expected={})


class HourView(View):
    """Orders until the end of an hour: as expected, and as they came; null while it is to come."""

    hour: int
    expected: float
    low: float
    high: float
    came: int | None


class TodayBasis(StrEnum):
    """What is known of the day under way."""

    OWN = "own"  # Own orders, which are all there is.
    PART = "part"  # Own orders, a part of what the history counts.
    FILE = "file"  # A file that tells of today.


class TodayView(View):
    """The day so far and what it will come to.

    ``mean`` is what it will come to, from ``p10`` to ``p90`` 8 times in 10; ``expected`` is what
    the newest forecast, made at ``expected_at``, says of the whole day, and ``morning`` what the
    one it began with said, made at ``morning_at``, with the corrections of then; ``is_remade``
    where the newest is another one. Where ``basis`` is not ``own`` the day is not estimated anew,
    and the figures are those of the newest forecast. ``hours_days``: days the usual hours rest on;
    0 while assumed.
    """

    day: date
    at: datetime
    basis: TodayBasis
    seen: int
    expected_by_now: float
    mean: float
    p10: float
    p50: float
    p90: float
    expected: float
    expected_at: datetime
    morning: float
    morning_at: datetime
    is_remade: bool
    hours_days: int
    hours: list[HourView]


class TodayAnswer(View):
    """``today`` is null while no forecast tells of the day under way."""

    today: TodayView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Which depot is asked about, None for all, and who serves what."""

    depot: str | None
    serving: ServingDepots


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What is known of a day: its forecasts, what was said of it, and what came."""

    record: OutlookRecord
    began: OutlookRecord
    said: Sequence[DemandOverride]
    flows: Sequence[OrderFlow]
    told: Sequence[DemandCount]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """What the forecast says of one day, its place among the forecast's days, and what came.

    ``began``: the forecast the day began with, which said ``morning``; ``flows`` are own orders,
    those of ``RECENT_D`` days before too. ``share`` of them is what was asked about, as are the
    ``columns`` of the forecast's series.
    """

    record: OutlookRecord
    share: DepotShare
    columns: Sequence[int]
    total: Total
    row: int
    morning: float
    began: OutlookRecord
    flows: Sequence[OrderFlow]
    told: Sequence[DemandCount]


@get("/v1/demand/today", access=Permission.READ_OPERATION, summary="Demand of the day under way")
async def see_today(platform: Platform, caller: Caller, depot: str | None = None) -> TodayAnswer:
    """Own orders of today by hour, and the total estimated anew from them; of one depot or all.

    Orders that name no depot are of the one that serves their comuna; where several do, of each as
    much as is expected of it.
    """
    async with platform.transaction(caller.tenant_id) as tx:
        return TodayAnswer(today=await day_under_way(platform, tx, depot))


async def day_under_way(
    platform: Platform, tx: PlatformStore, depot: str | None
) -> TodayView | None:
    """The day so far, of a depot or of all; None while no forecast tells of it."""
    now = platform.clock.now()
    day = ServiceDay.of(now)
    record = await platform.newest_outlooks.find(tx)
    if record is None or day.date not in record.outlook.days:
        return None
    said = await tx.demand_overrides.list_between(
        day.date, day.date, limit=OVERRIDES_MAX, with_withdrawn=True
    )
    began = await platform.newest_outlooks.find_of_morning(tx, day) or record
    since = ServiceDay(day.date - timedelta(days=RECENT_D)).start
    flows = await tx.demand_history.list_flows(since, now, zone=SANTIAGO)
    told = await tx.demand_history.list_told(day.date, day.date)
    depots = await tx.fleet.list_depots()
    comunas = {key.comuna for each in (record, began) for key in each.outlook.series}
    serving = await who_serves(platform, tx.tenant_id, comunas, depots)
    read = _Read(record=record, began=began, said=said, flows=flows, told=told)
    asked = _Asked(depot=depot, serving=serving)
    return await asyncio.to_thread(_reckoned, read, asked, now)


def _reckoned(read: _Read, asked: _Asked, now: datetime) -> TodayView:
    """Some ten milliseconds of arithmetic, of many series."""
    record, began, day = read.record, read.began, ServiceDay.of(now)
    made = _corrected(record, read.said, now, asked.serving)
    stood_at = max(day.start, began.made_at)
    morning = _total(began, _corrected(began, read.said, stood_at, asked.serving), asked)
    row = record.outlook.days.index(day.date)
    known = _Day(
        record=record,
        share=_share(record, made, row, asked),
        columns=_columns(record, asked),
        total=_total(record, made, asked),
        row=row,
        morning=float(morning.mean[began.outlook.days.index(day.date)]),
        began=began,
        flows=read.flows,
        told=read.told,
    )
    return _view(known, day.date, now)


def _corrected(
    record: OutlookRecord,
    said: Sequence[DemandOverride],
    at: datetime,
    serving: ServingDepots,
) -> Forecast:
    """A forecast with the corrections that stood ``at``."""
    outlook = record.outlook
    standing = [
        each
        for each in said
        if each.made_at <= at and (each.withdrawn_at is None or each.withdrawn_at > at)
    ]
    return overridden(outlook.forecast(), serving.placed(outlook.series), standing)


def _columns(record: OutlookRecord, asked: _Asked) -> list[int]:
    """Of the series asked about."""
    keys = asked.serving.placed(record.outlook.series)
    return [n for n, key in enumerate(keys) if asked.depot in {None, key.depot}]


def _total(record: OutlookRecord, made: Forecast, asked: _Asked) -> Total:
    """What the series asked about bring together."""
    return add_up(made, _columns(record, asked))


def _share(record: OutlookRecord, made: Forecast, row: int, asked: _Asked) -> DepotShare:
    expected: dict[str, dict[str, float]] = {}
    for column, key in enumerate(asked.serving.placed(record.outlook.series)):
        there = expected.setdefault(key.comuna, {})
        there[key.depot] = there.get(key.depot, 0.0) + float(made.mean[row, column])
    return DepotShare(depot=asked.depot, serving=asked.serving, expected=expected)


def _basis(known: _Day, day: date) -> TodayBasis:
    if known.told:
        return TodayBasis.FILE
    past = known.record.outlook.past
    recent = [sum(value or 0.0 for value in past[n][-RECENT_D:]) for n in known.columns]
    usual = sum(recent) / RECENT_D
    own = own_a_day(known.flows, day, known.share)
    return TodayBasis.PART if own < OWN_SHARE_MIN * usual else TodayBasis.OWN


def own_a_day(flows: Sequence[OrderFlow], day: date, share: DepotShare = EVERY_DEPOT) -> float:
    """Own orders a day of the last weeks, since the day after the first of them.

    0 while fewer whole days than ``OWN_DAYS_MIN`` tell.
    """
    since = day - timedelta(days=RECENT_D)
    before = [flow for flow in flows if since <= flow.placed < day]
    first = min((flow.placed for flow in before), default=day)
    whole = first if first == since else first + timedelta(days=1)
    days = (day - whole).days
    if days < OWN_DAYS_MIN:
        return 0.0
    return sum(flow.orders * share.of(flow.key) for flow in before if flow.placed >= whole) / days


def _view(known: _Day, day: date, now: datetime) -> TodayView:
    local = now.astimezone(ZoneInfo(SANTIAGO))
    row, total, profile = known.row, known.total, known.record.outlook.hours
    expected = {
        "mean": float(total.mean[row]),
        "p10": float(total.p10[row]),
        "p90": float(total.p90[row]),
    }
    by_hour = [0.0] * HOURS
    for flow in known.flows:
        if flow.placed == day:
            by_hour[flow.hour] += flow.orders * known.share.of(flow.key)
    basis = _basis(known, day)
    hour = local.hour + local.minute / MINUTES
    came = round(sum(by_hour))
    found = estimate_day(expected, seen=came, hour=hour, profile=profile)
    is_own = basis is TodayBasis.OWN
    return TodayView(
        day=day,
        at=now,
        basis=basis,
        seen=_seen(known, day) if basis is TodayBasis.FILE else came,
        expected_by_now=found.expected_by_now,
        mean=found.mean if is_own else expected["mean"],
        p10=found.p10 if is_own else expected["p10"],
        p50=found.p50 if is_own else float(total.p50[row]),
        p90=found.p90 if is_own else expected["p90"],
        expected=expected["mean"],
        expected_at=known.record.made_at,
        morning=known.morning,
        morning_at=known.began.made_at,
        is_remade=known.began.id != known.record.id,
        hours_days=profile.days,
        hours=_hours(known, by_hour, local.hour),
    )


def _seen(known: _Day, day: date) -> int:
    """What files tell of the day, and own orders of the comunas they do not tell."""
    comunas = {each.key.comuna for each in known.told}
    own = [flow for flow in known.flows if flow.placed == day and flow.key.comuna not in comunas]
    counts = [*known.told, *(flow.count for flow in own)]
    return round(sum(each.orders * known.share.of(each.key) for each in counts))


def _hours(known: _Day, by_hour: list[float], now: int) -> list[HourView]:
    """Reached by the end of each hour, the one under way as far as it has come."""
    reached = known.record.outlook.hours.reached
    came, views = 0.0, []
    for hour in range(HOURS):
        came += by_hour[hour]
        share = reached[hour + 1]
        views.append(
            HourView(
                hour=hour,
                expected=float(known.total.mean[known.row]) * share,
                low=float(known.total.p10[known.row]) * share,
                high=float(known.total.p90[known.row]) * share,
                came=round(came) if hour <= now else None,
            )
        )
    return views


router = Router(path="", route_handlers=[see_today], tags=["demand"])
