"""What a change counts beside its way, and how many changes there may be."""

from __future__ import annotations

from dataclasses import dataclass

from promesa.routing.params import PRICE_MAX_CLP, UNSERVED_PRICE_CLP

# Ranges; what lies outside is our own mistake, not a user's.
COUNT_MAX = 100_000

# A parcel that changes vans is looked for, scanned and carried: ten minutes of a driver (assumed).
VEHICLE_PRICE_CLP = 1_500
# A driver who loaded by the order searches two minutes for a parcel out of it (assumed).
ORDER_PRICE_CLP = 300
# Somebody is told another hour: a call, and one in ten complains (assumed).
WINDOW_PRICE_CLP = 5_000
# So that between two late hours the less late wins.
LATE_MINUTE_PRICE_CLP = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePrices:
    """What each change counts, in pesos; nobody pays them, the search does.

    Attributes:
        vehicle_clp: A stop that another van than its own visits.
        order_clp: A stop of the same van visited before or after others than planned.
        window_clp: A stop whose service begins outside the window that was told.
        late_minute_clp: Each minute after that window.
    """

    vehicle_clp: int = VEHICLE_PRICE_CLP
    order_clp: int = ORDER_PRICE_CLP
    window_clp: int = WINDOW_PRICE_CLP
    late_minute_clp: int = LATE_MINUTE_PRICE_CLP

    def __post_init__(self) -> None:
        prices = (self.vehicle_clp, self.order_clp, self.window_clp, self.late_minute_clp)
        if not all(0 <= price <= PRICE_MAX_CLP for price in prices):
            raise ValueError("a price of a change is out of range")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disruption:
    """How much may change at most; never exceeded, whatever is gained.

    Attributes:
        stops_max: Stops that change van or order, those of a van that stands too; new ones not.
        windows_max: Promised windows that no longer hold.
    """

    stops_max: int = COUNT_MAX
    windows_max: int = COUNT_MAX

    def __post_init__(self) -> None:
        if not (0 <= self.stops_max <= COUNT_MAX and 0 <= self.windows_max <= COUNT_MAX):
            raise ValueError("a limit of changes is out of range")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanParams:
    """The settings of a new plan for a day that is being driven.

    Attributes:
        unserved_price_clp: Cost of a stop left out that states none.
    """

    prices: ChangePrices = ChangePrices()
    most: Disruption = Disruption()
    unserved_price_clp: int = UNSERVED_PRICE_CLP


CALM = ReplanParams()
