"""Deliveries to come: orders, those placed already and those forecast, moved by their lead time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.lead_time import (
    LeadTime,
    LeadTimeSource,
    deliveries_of,
    lead_time_of_rule,
)
from promesa.planning.forecast.forecast import Forecast
from promesa.planning.forecast.outlook import Outlook
from promesa.planning.forecast.totals import Total, add_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """Deliveries a day in the order of the forecast's days.

    Orders of several days meet in one of deliveries, so its interval, made from theirs as if they
    missed together, is rather too wide than too narrow. ``mean`` is exact.
    """

    mean: tuple[float, ...]
    p10: tuple[float, ...]
    p50: tuple[float, ...]
    p90: tuple[float, ...]


def deliveries(
    outlook: Outlook,
    made: Forecast,
    columns: Sequence[int],
    rule: DeliveryRule,
) -> Deliveries:
    """Deliveries of some of the series, each depot's by its own lead time, else by the rule.

    Args:
        outlook: Past orders, series and lead times.
        made: What is expected, corrections included.
        columns: The series asked about.
        rule: Of the operator.
    """
    sums = [dict.fromkeys(made.days, 0.0) for _ in range(4)]
    for depot in sorted({outlook.series[column].depot for column in columns}):
        own = [column for column in columns if outlook.series[column].depot == depot]
        learnt = lead_time_at(outlook, depot, rule)
        total = add_up(made, own)
        for found, ahead in zip(sums, _quantiles(total), strict=True):
            orders = _placed(outlook, own) | dict(zip(made.days, ahead, strict=True))
            for day, count in deliveries_of(orders, learnt, rule.is_open).items():
                if day in found:
                    found[day] += count
    mean, p10, p50, p90 = (tuple(found.values()) for found in sums)
    return Deliveries(mean=mean, p10=p10, p50=p50, p90=p90)


def lead_time_at(outlook: Outlook, depot: str, rule: DeliveryRule) -> LeadTime:
    """From orders to deliveries of a depot: as learnt, else by the operator's rule."""
    shares = outlook.lead_times.get(depot)
    if shares:
        return LeadTime(shares=shares, source=LeadTimeSource.LEARNT)
    return lead_time_of_rule(rule.cut_off, outlook.hours.shares)


def _quantiles(total: Total) -> tuple[list[float], ...]:
    return total.mean.tolist(), total.p10.tolist(), total.p50.tolist(), total.p90.tolist()


def _placed(outlook: Outlook, columns: Sequence[int]) -> dict[date, float]:
    """Orders of the past days; a day nobody reported has none on its way."""
    return {
        day: sum(outlook.past[column][place] or 0.0 for column in columns)
        for place, day in enumerate(outlook.past_days)
    }
