"""What the planner can be told, each with its range, its default and where the default is from."""

from __future__ import annotations

from dataclasses import dataclass

# Ranges; what lies outside is our own mistake, not a user's.
NEIGHBOURS_MIN, NEIGHBOURS_MAX = 5, 200
PRICE_MIN_CLP, PRICE_MAX_CLP = 0, 100_000_000
REPAIR_ROUNDS_MIN, REPAIR_ROUNDS_MAX = 0, 50

# Twenty times a delivery's usual cost (2,500 CLP in Santiago, assumed): served whenever possible.
UNSERVED_PRICE_CLP = 50_000
# PyVRP 0.14's own default is 50; 30 with no exhaustive search at each new best gave the cheapest
# plans at 600 stops in ten seconds and at 5,000 in sixty.
NEIGHBOURS = 30
# Rounds of dropping and putting back after the search; two were enough in every day measured.
REPAIR_ROUNDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingParams:
    """The planner's settings.

    The search behind the solver knows one travel time per pair, so it sees the mean over the
    hours of the fleet's shifts. Every time in a plan is then computed with the hour's own times,
    and what no longer holds is repaired: dropped, put back where it fits, or left out and said.

    Attributes:
        unserved_price_clp: Cost of leaving out a stop that states none.
        neighbours: How many near stops the search tries beside each.
        repair_rounds: How often repair goes over the whole plan at most.
    """

    unserved_price_clp: int = UNSERVED_PRICE_CLP
    neighbours: int = NEIGHBOURS
    repair_rounds: int = REPAIR_ROUNDS

    def __post_init__(self) -> None:
        if not PRICE_MIN_CLP <= self.unserved_price_clp <= PRICE_MAX_CLP:
            raise ValueError("unserved_price_clp out of range")
        if not NEIGHBOURS_MIN <= self.neighbours <= NEIGHBOURS_MAX:
            raise ValueError("neighbours out of range")
        if not REPAIR_ROUNDS_MIN <= self.repair_rounds <= REPAIR_ROUNDS_MAX:
            raise ValueError("repair_rounds out of range")


DEFAULT_PARAMS = RoutingParams()
