"""What is rehearsed: days of a scenario, the fleets and promises compared, what it costs.

Plain values throughout: another process takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from promesa.planning.demand.shop_hours import SHOP_HOURS
from promesa.promising.calibration import Calibration
from promesa.promising.odds import Spread
from promesa.promising.offers import OfferTerms
from promesa.promising.rehearsal.buyers import Habits
from promesa.promising.rehearsal.ground import Ground
from promesa.promising.rehearsal.world import Roughness, Vans

DAYS_MAX = 28
SEEDS_MAX = 10
FIXED_DAYS_MAX = 10
WAYS_MAX = 8
# More orders than this take minutes and tell no more: the planner rehearses fewer days.
ORDERS_MAX = 400_000


class Size(StrEnum):
    """Which of a forecast's scenarios is rehearsed, by the orders of its days."""

    TYPICAL = "typical"
    LARGE = "large"
    WORST = "worst"

    @property
    def quantile(self) -> float:
        """So many of all scenarios are smaller."""
        return {Size.TYPICAL: 0.5, Size.LARGE: 0.9, Size.WORST: 0.99}[self]


class FleetKind(StrEnum):
    """With which vans."""

    OWN = "own"
    MEAN = "mean"
    POOLED = "pooled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to promise with a fleet: one row of what is compared.

    Attributes:
        fixed_days: Delivery days of every promise; None for promises by capacity.
    """

    fleet: FleetKind
    fixed_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetDays:
    """A fleet by depot and day.

    Attributes:
        vans: Of the days of the forecast; beyond them those of the same weekday hold.
        cost_clp: Of the same days.
        missing: Of these vans, those that can be had nowhere.
    """

    vans: Mapping[str, Mapping[date, int]]
    cost_clp: Mapping[str, Mapping[date, int]]
    missing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotCase:
    """A depot of a rehearsal.

    Attributes:
        expected: Orders that are forecast for it, by day.
        service_s: At the door, in the mean.
        stem_s: From the depot to its doors, in the mean.
    """

    name: str
    vans: Vans
    expected: Mapping[date, Spread]
    service_s: float
    stem_s: float


# Orders by comuna of a depot and day: [depot][day][comuna].
Orders = Mapping[str, Mapping[date, Mapping[str, int]]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RehearsalCase:
    """Everything a rehearsal reads.

    Attributes:
        first: The first day whose orders count.
        last: The last one.
        begins: The first day with orders: those before ``first`` fill books and vans.
        depots: By code.
        orders: Of each seed, one scenario.
        usual: Days on which nothing out of the way happens; what an order takes is measured there.
        hours: Weight of each of 24 hours for an order to come.
        is_hours_known: Whether they were learnt.
        lost_sale_clp: What a lost sale costs; None to take it from the price of a day more.
    """

    first: date
    last: date
    begins: date
    depots: Mapping[str, DepotCase]
    orders: tuple[Orders, ...]
    usual: tuple[date, ...]
    fleets: Mapping[FleetKind, FleetDays]
    ways: tuple[Way, ...]
    ground: Ground
    terms: OfferTerms
    hours: tuple[float, ...] = SHOP_HOURS
    is_hours_known: bool = False
    calibration: Calibration = field(default_factory=Calibration)
    habits: Habits = field(default_factory=Habits)
    roughness: Roughness = field(default_factory=Roughness)
    seed: int = 1
    lost_sale_clp: int | None = None

    @property
    def lost_clp(self) -> float:
        """What a lost sale costs, as the planner says.

        Else the owner's price of a day more, over the buyers whom such a day loses: both say the
        same.
        """
        if self.lost_sale_clp is not None:
            return self.lost_sale_clp
        return self.terms.day_later_clp / self.habits.lost_a_day
