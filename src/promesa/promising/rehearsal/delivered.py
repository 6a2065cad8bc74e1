"""Deliveries of a forecast of orders, by the operator's terms of offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from promesa.planning.capacity.scenarios import Volume
from promesa.planning.capacity.service_days import ServiceDays, on_service_days
from promesa.planning.demand.lead_time import CutOff, lead_time_of_rule
from promesa.promising.offers import OfferTerms


def delivered_days(
    volumes: Sequence[Volume],
    terms: OfferTerms,
    hours: Sequence[float],
    is_delivery_day: Callable[[date], bool],
) -> ServiceDays:
    """When the orders of each series would be delivered if all went out as soon as they may.

    Days of deliveries beyond the forecast's last are left out: it does not tell of all of them.
    Which days are a peak is left to be found again, as the peak of deliveries is later.

    Args:
        volumes: Of orders.
        terms: Cut-off and days of preparation.
        hours: Share of a day's orders in each of 24 hours.
        is_delivery_day: Whether anything is delivered on a day.
    """
    rule = CutOff(at=terms.cutoff, days=terms.lead_days)
    lead = lead_time_of_rule(rule, tuple(hours))
    return on_service_days(volumes, is_delivery_day, lead)
