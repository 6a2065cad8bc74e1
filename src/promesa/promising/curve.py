"""The curve of days promised against promises broken, and where an operator stands on it.

Each point is what would be shown at checkouts now if a broken promise cost so many times a day
more: the same books, the same odds, another choice. Nobody else publishes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from promesa.promising.choice import Prices, choose
from promesa.promising.quoting import Offer

# A broken promise in days of a longer one: from hardly any to more than anybody says.
RATIOS = (2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 50.0, 80.0, 130.0, 200.0, 400.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Where orders come from, and what can be offered there now.

    Attributes:
        orders: Of the last weeks: how much it weighs.
        offers: Less sure ones too, for the short end of the curve.
    """

    comuna: str
    orders: int
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """What one ratio of the two prices comes to, over all demand.

    Attributes:
        ratio: A broken promise in days of a longer one.
        days: Promised in the mean, counted from today.
        late_share: Of the promises, those that would be broken.
    """

    ratio: float
    days: float
    late_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown first in a comuna now; None where nothing is sure enough."""

    comuna: str
    orders: int
    offer: Offer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The points by rising days, and the operator's own; None where nothing can be offered."""

    points: tuple[CurvePoint, ...]
    own: CurvePoint | None


def curve_of(demands: Sequence[Demand], prices: Prices) -> Curve:
    """The curve over all demand, each comuna by its orders.

    The operator's point is what is really shown: of windows as sure as asked, unlike the others.
    """
    sure = [replace(each, offers=_sure(each)) for each in demands]
    own_ratio = prices.broken_clp / max(prices.day_later_clp, 1)
    found = [point for ratio in RATIOS if (point := _point(demands, ratio)) is not None]
    # Ratios that show the same dates are one point.
    kept: dict[tuple[float, float], CurvePoint] = {}
    for point in found:
        kept.setdefault((round(point.days, 3), round(point.late_share, 5)), point)
    ordered = sorted(kept.values(), key=lambda point: (point.days, -point.late_share))
    return Curve(points=tuple(ordered), own=_point(sure, own_ratio))


def shown_now(demands: Sequence[Demand], prices: Prices) -> list[Shown]:
    """What each comuna is shown first now, by how many orders it has."""
    found = []
    for demand in demands:
        offer = choose(_sure(demand), prices)
        found.append(Shown(comuna=demand.comuna, orders=demand.orders, offer=offer))
    return sorted(found, key=lambda shown: (-shown.orders, shown.comuna))


def _sure(demand: Demand) -> tuple[Offer, ...]:
    return tuple(offer for offer in demand.offers if offer.is_sure)


def _point(demands: Sequence[Demand], ratio: float) -> CurvePoint | None:
    prices = Prices(day_later_clp=1_000, broken_clp=round(1_000 * ratio))
    weight = days = late = 0.0
    for demand in demands:
        offer = choose(demand.offers, prices)
        if offer is not None:
            weight += demand.orders
            days += demand.orders * offer.days
            late += demand.orders * (1 - offer.p_kept)
    if weight <= 0:
        return None
    return CurvePoint(ratio=ratio, days=days / weight, late_share=late / weight)
