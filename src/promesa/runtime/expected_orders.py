"""The newest forecast of demand, as promises take it: orders a day with their spread."""

from __future__ import annotations

import math
from datetime import date

from promesa.planning.demand.overrides import OVERRIDES_MAX
from promesa.planning.forecast.forecast import log_deviation
from promesa.planning.forecast.overriding import overridden
from promesa.planning.forecast.totals import add_up
from promesa.promising.coming import ArrivalBook
from promesa.promising.expected import ExpectedOrders, even_hours
from promesa.promising.odds import Spread
from promesa.runtime.repository import PlatformStore


async def read_expected(
    tx: PlatformStore, today: date, book: ArrivalBook, zone: str
) -> ExpectedOrders | None:
    """What is forecast from ``today`` on, corrections included; None without a forecast of it."""
    record = await tx.demand_forecasts.find_newest()
    if record is None or today not in record.outlook.days:
        return None
    outlook = record.outlook
    said = await tx.demand_overrides.list_between(
        outlook.days[0], outlook.days[-1], limit=OVERRIDES_MAX
    )
    made = overridden(outlook.forecast(), outlook.series, said)
    total = add_up(made, range(len(outlook.series)))
    days = {
        day: Spread(mean=float(mean), sd=float(mean) * math.sqrt(math.expm1(float(deviation) ** 2)))
        for day, mean, deviation in zip(
            made.days, total.mean, log_deviation(total.p10, total.p90), strict=True
        )
    }
    return ExpectedOrders(days=days, hour_shares=book.hour_shares or even_hours(), zone=zone)
