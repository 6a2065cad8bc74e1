"""How many vehicles every depot puts on every day, so that promises are kept.

A depot's zones share its vehicles, and so its reserve: where one zone is busier than thought
another is quieter. Ready is a day when in most scenarios (SURE_SHARE) the wanted share of its stops
can be served. Which vehicle drives where is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from promesa.planning.capacity.needs import Need
from promesa.planning.capacity.sources import (
    DepotFleet,
    Mix,
    cheapest_mix,
    mean_cost_clp,
    own_paid,
    spot_called,
)

# In so many scenarios a day keeps the wanted share at least; the others are what nobody foresaw.
# Judged in fresh worlds 99 in 100 days do then (benchmarks/fleet_sizing.py): vehicles are whole.
SURE_SHARE = 0.95
TARGET_DEFAULT = 0.97
QUANTILES = (0.50, 0.97)
# Of vans short by a share s our planner leaves out s to this power of the stops, those dearest to
# reach (benchmarks/short_of_vans.py). Fleets are sized for the floor, in proportion: a day on the
# road has more against it than a plan.
SHORT_POWER = 1.5
# Stops, over all scenarios: what is left of a zone that is served elsewhere altogether.
NOTHING = 1e-6

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """What one depot has ready on one day.

    Attributes:
        stops: Expected.
        hours_p50: Vehicle hours, driving and serving, in the middle scenario.
        hours_p97: In all but three scenarios of a hundred.
        vehicles_p50: Whole vehicles needed, likewise.
        vehicles_p97: Likewise.
        ready: What it takes to keep the target.
        mix: What there is of it.
        own_paid: Own vehicles in the cost: those put on, and those with a shift that stay.
        cost_clp: On average; spot vehicles as often as they come.
        kept: Share of promises kept at least, on average: in proportion to vehicles.
        kept_likely: The same when what is left out is what is dearest to reach.
        kept_p05: One scenario in twenty keeps less.
        spot_mean: Spot vehicles that come on average.
        held: Of the vehicles missing those that could be had, and that the doors do not let out.
        departures_max: How many the doors let out in time; None for no limit.
    """

    depot: str
    date: date
    stops: float
    hours_p50: float
    hours_p97: float
    vehicles_p50: int
    vehicles_p97: int
    ready: int
    mix: Mix
    own_paid: int
    cost_clp: float
    kept: float
    kept_likely: float
    kept_p05: float
    spot_mean: float
    held: int
    departures_max: int | None = None

    @property
    def gap(self) -> int:
        """Vehicles missing for the target, in time out of the doors."""
        return max(0, self.ready - self.mix.vehicles)

    @property
    def lacking(self) -> int:
        """Vehicles missing that nobody has, whatever the doors let out."""
        return self.gap - self.held

    @property
    def blocked(self) -> int:
        """Of all vehicles the day takes, had or not, those that its doors do not let out."""
        return 0 if self.departures_max is None else max(0, self.ready - self.departures_max)

    @property
    def is_held_by_doors(self) -> bool:
        """Whether doors let out fewer than there could be."""
        return self.held > 0

    @property
    def paid(self) -> int:
        """Vehicles in the cost, with all that may be called."""
        return self.own_paid + self.mix.vehicles - self.mix.own


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPlan:
    """All depots and days, depots in order and days within them."""

    target: float
    days: tuple[DayPlan, ...]

    @property
    def cost_clp(self) -> int:
        """Of all of it, on average; of whole pesos a day, so that what is shown adds up."""
        return sum(round(day.cost_clp) for day in self.days)

    @property
    def kept(self) -> float:
        """Share of all promises kept, on average; 1 where there are none."""
        stops = sum(day.stops for day in self.days)
        return sum(day.kept * day.stops for day in self.days) / stops if stops else 1.0

    @property
    def worst(self) -> DayPlan | None:
        """The depot and day that keep least; None without days."""
        return min(self.days, key=lambda day: (day.kept, day.date, day.depot), default=None)


def ready_vehicles(vehicles: Floats, target: float, sure: float = SURE_SHARE) -> int:
    """Vehicles that serve the target share in so many of the scenarios, and on average.

    Stops served are taken to be in proportion to vehicles, the floor of what is kept.

    Args:
        vehicles: float64, [scenario], needed with fractions.
        target: Share of stops to serve.
        sure: Share of scenarios.
    """
    enough = np.quantile(vehicles * target, sure, method="higher")
    count = int(np.ceil(enough - 1e-9))
    most = int(np.ceil(vehicles.max(initial=0.0)))
    while count < most and kept_shares(vehicles, count).mean() < target:
        count += 1
    return count


def kept_shares(vehicles: Floats, ready: int | Floats) -> Floats:
    """Share of stops served: float64, [scenario]."""
    return np.asarray(np.minimum(1.0, ready / np.maximum(vehicles, 1e-9)))


def size_fleet(
    needs: Sequence[Need],
    fleets: Sequence[DepotFleet],
    target: float = TARGET_DEFAULT,
    sure: float = SURE_SHARE,
) -> FleetPlan:
    """The cheapest vehicles for each depot and day on its own.

    Args:
        needs: Of each depot.
        fleets: In the same order.
        target: Share of promises to keep.
        sure: In which share of scenarios.
    """
    days = [
        day_plan(need, fleet, number, target, sure=sure)
        for need, fleet in zip(needs, fleets, strict=True)
        for number in range(len(need.days))
    ]
    return FleetPlan(target=target, days=tuple(days))


def day_plan(
    need: Need,
    fleet: DepotFleet,
    day: int,
    target: float,
    *,
    mix: Mix | None = None,
    sure: float = SURE_SHARE,
) -> DayPlan:
    """One depot and day; with a mix already chosen, what comes of it."""
    fleet = fleet.on(day)
    vehicles = need.vehicles[:, day]
    ready = ready_vehicles(vehicles, target, sure)
    chosen = cheapest_mix(fleet, ready, vehicles) if mix is None else mix
    called = spot_called(fleet, chosen, vehicles).sum(axis=1)
    kept = kept_shares(vehicles, chosen.firm + called)
    weight = need.stops[:, day]
    low, high = np.quantile(vehicles, QUANTILES)
    hours_low, hours_high = np.quantile(need.minutes[:, day], QUANTILES) / 60
    had = fleet.own + fleet.contracted_max + fleet.spot_max
    return DayPlan(
        depot=need.depot,
        date=need.days[day],
        stops=float(weight.mean()),
        hours_p50=float(hours_low),
        hours_p97=float(hours_high),
        vehicles_p50=int(np.ceil(low - 1e-9)),
        vehicles_p97=int(np.ceil(high - 1e-9)),
        ready=ready,
        mix=chosen,
        own_paid=own_paid(fleet, chosen.own),
        cost_clp=mean_cost_clp(fleet, chosen, vehicles),
        kept=_weighed(kept, weight),
        kept_likely=_weighed(1 - (1 - kept) ** SHORT_POWER, weight),
        kept_p05=float(np.quantile(kept, 1 - SURE_SHARE, method="lower")),
        spot_mean=float(called.mean()),
        held=max(0, min(ready, had) - fleet.vehicles_max),
        departures_max=fleet.departures_max,
    )


def _weighed(shares: Floats, stops: Floats) -> float:
    """The mean share by stops; a day without stops breaks no promise."""
    total = float(stops.sum())
    return float((shares * stops).sum()) / total if total > NOTHING else 1.0
