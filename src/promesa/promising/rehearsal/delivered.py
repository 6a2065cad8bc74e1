"""Deliveries of a forecast of orders, by the operator's terms of offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from promesa.planning.capacity.scenarios import Volume
from promesa.planning.demand.lead_time import CutOff, deliveries_of, lead_time_of_rule
from promesa.promising.offers import OfferTerms


def delivered_volumes(
    volumes: Sequence[Volume],
    terms: OfferTerms,
    hours: Sequence[float],
    is_delivery_day: Callable[[date], bool],
) -> tuple[Volume, ...]:
    """When the orders of each series would be delivered if all went out as soon as they may.

    Days of deliveries beyond the forecast's last are left out: it does not tell of all of them.
    Which days are a peak is left to be found again, as the peak of deliveries is later.

    Args:
        volumes: Of orders.
        terms: Cut-off and days of preparation.
        hours: Weight of each of 24 hours for an order to come.
        is_delivery_day: Whether anything is delivered on a day.
    """
    whole = sum(hours)
    rule = CutOff(at=terms.cutoff, days=terms.lead_days)
    lead = lead_time_of_rule(rule, tuple(each / whole for each in hours))
    by_series: dict[str, list[Volume]] = defaultdict(list)
    for volume in volumes:
        by_series[volume.series].append(volume)
    found = []
    for series, own in by_series.items():
        mean, p10, p50, p90 = (
            deliveries_of({each.date: getattr(each, part) for each in own}, lead, is_delivery_day)
            for part in ("mean", "p10", "p50", "p90")
        )
        found += [
            Volume(
                series=series,
                date=day,
                mean=mean.get(day, 0.0),
                p10=p10.get(day, 0.0),
                p50=p50.get(day, 0.0),
                p90=p90.get(day, 0.0),
            )
            for day in sorted(each.date for each in own)
        ]
    return tuple(found)
