"""Where a day's vehicles come from: own, contracted, spot; and the cheapest mix of so many.

Own and contracted vehicles that are put on a day are paid whether they turn out to be needed or
not. An own one whose driver has a shift that day is paid even if it stays: driving costs nothing
more, and it drives before anything is hired. Spot vehicles are called on the day and paid only
then, at a price and up to a limit. So the vehicles that nearly every scenario needs are own or
contracted, and the last ones of a reserve may be spot. Contracts that last several days are
`two_stage`'s affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

# Sums of floats that differ by less are the same money.
CLP_ALIKE = 1e-3

Floats = NDArray[np.float64]


# What a contract is called whose carrier nobody named.
CONTRACTED = "contratadas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Vehicles with drivers that a carrier holds ready for days agreed before.

    Attributes:
        vehicles_max: How many may be hired at once.
        day_cost_clp: Of one vehicle, used or not.
        days_min: Days of delivery in a row a hire lasts at least.
        block: They are hired by so many at a time.
    """

    name: str
    vehicles_max: int
    day_cost_clp: int
    days_min: int = 1
    block: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Vehicles that can be called on the day itself.

    Attributes:
        vehicles_max: How many come at most on one day.
        day_cost_clp: Of one vehicle, paid only when it comes.
    """

    name: str
    vehicles_max: int
    day_cost_clp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotFleet:
    """What a depot can put on the road on one day.

    Attributes:
        own: Its own vehicles.
        own_day_cost_clp: Of one of them on a day it is put on.
        departures_max: How many its doors let out on a day; None for no limit.
        rostered: How many of its own have a driver with a shift, and are paid if they stay.
        own_by_day: Its own vehicles of each day, where they are not as many every day.
        rostered_by_day: Of those the ones with a shift; () for none on any day.
        idle_by_day: Besides them, those in use that nobody put on that day.
        departures_by_day: How many its doors let out in time on each day; () for the same on all.
    """

    depot: str
    own: int
    own_day_cost_clp: int
    contracts: tuple[Contract, ...] = ()
    spot: tuple[Spot, ...] = ()
    departures_max: int | None = None
    rostered: int = 0
    own_by_day: tuple[int, ...] = ()
    rostered_by_day: tuple[int, ...] = ()
    idle_by_day: tuple[int, ...] = ()
    departures_by_day: tuple[int, ...] = ()

    def on(self, day: int) -> DepotFleet:
        """The fleet of one day, counted from 0."""
        return replace(
            self,
            own=self.own_by_day[day] if self.own_by_day else self.own,
            rostered=self.rostered_by_day[day] if self.rostered_by_day else self.rostered,
            departures_max=(
                self.departures_by_day[day] if self.departures_by_day else self.departures_max
            ),
        )

    def fewer(self, count: int) -> DepotFleet:
        """So many own vehicles fewer on every day; those without a shift go first."""
        own_by_day = tuple(max(0, own - count) for own in self.own_by_day)
        return replace(
            self,
            own=max(0, self.own - count),
            own_by_day=own_by_day,
            rostered_by_day=tuple(map(min, self.rostered_by_day, own_by_day)),
        )

    @property
    def contracted_max(self) -> int:
        """Vehicles of all contracts."""
        return sum(contract.vehicles_max for contract in self.contracts)

    @property
    def spot_max(self) -> int:
        """Vehicles of all spot offers."""
        return sum(offer.vehicles_max for offer in self.spot)

    @property
    def vehicles_max(self) -> int:
        """Whatever can be had, as far as the doors let it out."""
        had = self.own + self.contracted_max + self.spot_max
        return had if self.departures_max is None else min(had, self.departures_max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Vehicles of one depot and day.

    Attributes:
        contracted: By contract, in the fleet's order.
        spot: The most that may be called, by offer, in the fleet's order.
    """

    own: int = 0
    contracted: tuple[int, ...] = ()
    spot: tuple[int, ...] = ()

    @property
    def firm(self) -> int:
        """Paid whatever comes."""
        return self.own + sum(self.contracted)

    @property
    def vehicles(self) -> int:
        """With all that may be called."""
        return self.firm + sum(self.spot)


def own_paid(fleet: DepotFleet, own: int) -> int:
    """Own vehicles that are paid where so many drive: those with a shift, in any case."""
    return max(own, fleet.rostered)


def firm_cost_clp(fleet: DepotFleet, mix: Mix) -> int:
    """What is paid whatever comes."""
    hired = zip(fleet.contracts, mix.contracted, strict=True)
    return own_paid(fleet, mix.own) * fleet.own_day_cost_clp + sum(
        contract.day_cost_clp * count for contract, count in hired
    )


def spot_called(fleet: DepotFleet, mix: Mix, need: Floats) -> Floats:
    """Spot vehicles called in each scenario: float64, [scenario, offer], the cheapest first."""
    left = np.maximum(np.ceil(need - 1e-9) - mix.firm, 0.0)
    called = np.zeros((len(need), len(fleet.spot)))
    for number in _by_price(fleet.spot):
        called[:, number] = np.minimum(left, mix.spot[number])
        left = left - called[:, number]
    return called


def mean_cost_clp(fleet: DepotFleet, mix: Mix, need: Floats) -> float:
    """What the day costs on average over scenarios: ``need`` is float64, [scenario], vehicles."""
    called = spot_called(fleet, mix, need).mean(axis=0)
    prices = np.array([offer.day_cost_clp for offer in fleet.spot], float)
    return firm_cost_clp(fleet, mix) + float(called @ prices)


def cheapest_mix(fleet: DepotFleet, vehicles: int, need: Floats) -> Mix:
    """The mix of so many vehicles, or of as many as there are, that costs least on average.

    Below the spot vehicles stand the cheapest firm ones. Each vehicle more that is called instead
    of firm saves no more than the one before and is called more often, so the cost falls and then
    rises: half of the numbers are left out at each look. O(log vehicles x scenarios).

    Args:
        fleet: Of the depot.
        vehicles: To be ready for.
        need: float64, [scenario], vehicles of that day with fractions.
    """
    ready = min(vehicles, fleet.vehicles_max)
    low = max(0, ready - fleet.own - fleet.contracted_max)
    high = min(fleet.spot_max, ready)

    def cost_clp(spot: int) -> float:
        return mean_cost_clp(fleet, _mix(fleet, firm=ready - spot, spot=spot), need)

    while low < high:
        middle = (low + high) // 2
        # At one price nobody is called who could have been firm.
        if cost_clp(middle + 1) < cost_clp(middle) - CLP_ALIKE:
            low = middle + 1
        else:
            high = middle
    return _mix(fleet, firm=ready - low, spot=low)


def _mix(fleet: DepotFleet, *, firm: int, spot: int) -> Mix:
    # What is paid in any case costs nothing more.
    costs = [0, fleet.own_day_cost_clp, *(each.day_cost_clp for each in fleet.contracts)]
    limits = [fleet.rostered, fleet.own - fleet.rostered]
    limits += [each.vehicles_max for each in fleet.contracts]
    rostered, own, *hired = _filled(firm, costs, limits)
    called = _filled(
        spot,
        [offer.day_cost_clp for offer in fleet.spot],
        [offer.vehicles_max for offer in fleet.spot],
    )
    return Mix(own=rostered + own, contracted=tuple(hired), spot=tuple(called))


def _filled(count: int, costs: Sequence[int], limits: Sequence[int]) -> list[int]:
    """So many from the cheapest sources first; at one price the first of them."""
    taken = [0] * len(costs)
    for number in sorted(range(len(costs)), key=lambda each: costs[each]):
        taken[number] = min(count - sum(taken), limits[number])
    return taken


def _by_price(offers: Sequence[Spot]) -> list[int]:
    return sorted(range(len(offers)), key=lambda number: offers[number].day_cost_clp)
