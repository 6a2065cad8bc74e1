"""What the planner can be told, each with its range, its default and where the default is from."""

from __future__ import annotations

from dataclasses import dataclass

# Ranges; what lies outside is our own mistake, not a user's.
NEIGHBOURS_MIN, NEIGHBOURS_MAX = 5, 200
PRICE_MIN_CLP, PRICE_MAX_CLP = 0, 100_000_000

# Twenty times a delivery's usual cost (2,500 CLP in Santiago, assumed): served whenever possible.
UNSERVED_PRICE_CLP = 50_000
# What an insertion tries beside. On Homberger's days 80 found plans with fewer vans
# than 40 in the same time, 250 none better (measured, 15 CPU s, one seed).
NEIGHBOURS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingParams:
    """The planner's settings.

    The search sees the travel time of the moment in which a van leaves, and keeps every limit
    at it; nothing is repaired afterwards.

    Attributes:
        unserved_price_clp: Cost of leaving out a stop that states none.
        neighbours: How many near stops the search tries beside each.
    """

    unserved_price_clp: int = UNSERVED_PRICE_CLP
    neighbours: int = NEIGHBOURS

    def __post_init__(self) -> None:
        if not PRICE_MIN_CLP <= self.unserved_price_clp <= PRICE_MAX_CLP:
            raise ValueError("unserved_price_clp out of range")
        if not NEIGHBOURS_MIN <= self.neighbours <= NEIGHBOURS_MAX:
            raise ValueError("neighbours out of range")


DEFAULT_PARAMS = RoutingParams()
