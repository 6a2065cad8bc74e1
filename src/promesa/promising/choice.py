"""Which date to show: the owner's two prices against the odds of each day.

The newsvendor's rule: go one day further while the drop in the odds of being late, times what a
broken promise costs, is more than what one more promised day costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from promesa.promising.quoting import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What the owner says a promise costs.

    Attributes:
        day_later_clp: One more day on the promise, for each order.
        broken_clp: A promise that is not kept.
    """

    day_later_clp: int
    broken_clp: int

    def cost_clp(self, *, days: float, p_late: float) -> float:
        """What a promise of so many days with those odds costs."""
        return self.day_later_clp * days + self.broken_clp * p_late


def choose(offers: Sequence[Offer], prices: Prices) -> Offer | None:
    """The offer to show first: the cheapest by the two prices; the earlier and wider of equals.

    Over days whose odds only rise it stops where the rule of this file says; a full day between
    two empty ones does not stop it.
    """
    return min(
        offers,
        key=lambda offer: (
            prices.cost_clp(days=offer.days, p_late=1 - offer.p_kept),
            offer.date,
            -offer.window.width,
            offer.window.start,
        ),
        default=None,
    )


def quantile_of(prices: Prices) -> float:
    """The odds at which one more day that made a promise certain would just pay.

    With 400 pesos a day and 8,000 a broken promise it is 0.95: nobody waits a day for less than
    five points.
    """
    return max(0.0, 1 - prices.day_later_clp / max(prices.broken_clp, 1))
