"""A merchant's campaign as a forecaster takes it: its uplift on its own part of the orders.

Who brings a share s of the orders and sells u times as much moves the whole by 1 + s·(u − 1), and
is as unsure of it as the logarithm of that is, for a step of the logarithm of u.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from promesa.planning.demand.event import DemandEvent, EventPart
from promesa.planning.demand.merchant_shares import MerchantShare
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.given_events import SIGMA_UNSAID


def of_merchant(
    event: DemandEvent, keys: Iterable[SeriesKey], share: MerchantShare | None
) -> DemandEvent:
    """The event of the whole that a merchant's uplift makes, each series by its comuna's share.

    Without an uplift it stays as it is, and is learnt on the whole. Of a merchant that brings
    nothing yet nobody knows what a factor would multiply: it touches no series.

    Args:
        event: With the uplift of the merchant's own orders.
        keys: Of the history; those it touches are parted.
        share: What the merchant brings; None while it brings nothing.
    """
    if event.uplift is None:
        return event
    if share is None:
        return replace(event, series=frozenset(), share=0.0)
    factors = [event.uplift * each for each in event.profile] or [event.uplift]
    whole = [whole_factor(each, share.whole) for each in factors]
    uplift = whole_factor(event.uplift, share.whole)
    sigma = SIGMA_UNSAID if event.sigma is None else event.sigma
    return replace(
        event,
        uplift=uplift,
        sigma=sigma * _sway(event.uplift, share.whole),
        profile=tuple(each / uplift for each in whole) if event.profile else (),
        share=share.whole,
        parts=tuple(
            _part(key, event.uplift, factors, share) for key in keys if event.touches(key.text)
        ),
    )


def whole_factor(uplift: float, share: float) -> float:
    """What all orders are multiplied by where a share of them is."""
    return 1 + share * (uplift - 1)


def merchant_factor(whole: float, share: float) -> float:
    """The other way round; never below nothing."""
    return max(0.0, 1 + (whole - 1) / share)


def _part(
    key: SeriesKey, uplift: float, factors: Iterable[float], share: MerchantShare
) -> EventPart:
    there = share.of(key.comuna)
    return EventPart(
        series=key.text,
        lifts=tuple(
            math.log(whole_factor(each, there) / whole_factor(each, share.whole))
            for each in factors
        ),
        spread=_sway(uplift, there) / _sway(uplift, share.whole),
    )


def _sway(uplift: float, share: float) -> float:
    """How far the logarithm of the whole goes for a step of the uplift's."""
    return share * uplift / whole_factor(uplift, share)
