"""Runs a whole day on a clock moved by hand and reports it; the same seed, the same report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from promesa.simulator.checks import INVARIANTS, Log, check_log
from promesa.simulator.day import Casting, SimulatedDay, ends_at

FEED_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a simulated day came to. Every figure is simulated."""

    seed: int
    date: date
    orders: int
    delivered: int
    not_delivered: int
    promises_kept: int
    promises_broken: int
    invariants_checked: int
    invariants_broken: list[dict[str, Any]]
    km: float
    driver_hours: float
    cost_clp: int
    messages_sent: int
    routes: int
    events: int
    phone_events_refused: dict[str, int]
    indicators: dict[str, float | None]
    simulated: bool = True


async def run_day(
    casting: Casting,
    move_to: Callable[[datetime], None],
    on_progress: Callable[[datetime], None] = lambda _: None,
) -> RunReport:
    """Runs the day to its end and reads the report off the platform's own log."""
    day = SimulatedDay(casting)

    def move(instant: datetime) -> None:
        move_to(instant)
        on_progress(instant)

    day.raise_curtain()
    await day.run_until(ends_at(casting.script.date), move)
    await casting.settle()
    events = await read_log(day)
    return await _report(casting, day, events)


async def read_log(day: SimulatedDay) -> list[dict[str, Any]]:
    """Every numbered event, as the feed gives it."""
    events: list[dict[str, Any]] = []
    after = 0
    while True:
        page = await day.office.read("/v1/events", after=after, limit=FEED_PAGE)
        if not page["items"]:
            return events
        events.extend(page["items"])
        after = int(page["next_after"])


async def _report(casting: Casting, day: SimulatedDay, events: list[dict[str, Any]]) -> RunReport:
    script = casting.script
    acknowledged: set[UUID] = set()
    refused: dict[str, int] = {}
    for driver in day.cast.drivers:
        acknowledged |= driver.phone.log.acknowledged
        for code in driver.phone.log.refused.values():
            refused[code] = refused.get(code, 0) + 1
    report = await day.office.read("/v1/reports/day", date=script.date.isoformat())
    indicators = {item["key"]: item for item in report["indicators"]}
    delivered = {event["order_id"] for event in events if event["type"] == "order.delivered"}
    fates = _first_fates(events)
    broken = check_log(Log(events=events, acknowledged=frozenset(acknowledged)))
    return RunReport(
        seed=script.seed,
        date=script.date,
        orders=len(script.orders),
        delivered=len(delivered),
        not_delivered=len(script.orders) - len(delivered),
        promises_kept=sum(fate in {"kept", "early"} for fate in fates),
        promises_broken=sum(fate in {"late", "broken"} for fate in fates),
        invariants_checked=len(INVARIANTS),
        invariants_broken=broken,
        km=round(sum(driver.driven_m for driver in day.cast.drivers) / 1000, 1),
        driver_hours=round(_sum_of(indicators, "sporh", "denominator") / 3600, 2),
        cost_clp=int(_sum_of(indicators, "cost_per_delivery", "numerator")),
        messages_sent=sum(event["type"] == "message.sent" for event in events),
        routes=len(day.cast.routes),
        events=len(events),
        phone_events_refused=dict(sorted(refused.items())),
        indicators={key: item["value"] for key, item in sorted(indicators.items())},
    )


def _sum_of(indicators: dict[str, Any], key: str, part: str) -> float:
    item = indicators.get(key)
    return 0.0 if item is None else round(float(item[part]), 2)


def _first_fates(events: list[dict[str, Any]]) -> list[str]:
    """The fate of each order's first promise: what the recipient was told at first."""
    return [
        str(event["data"]["fate"])
        for event in events
        if event["type"] == "promise.closed" and event["data"].get("version") == 1
    ]
