"""What an order takes of a van's day, in the mean."""

from __future__ import annotations

from dataclasses import dataclass

from promesa.domain.fleet import NO_LOAD, Load


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualWork:
    """What an order takes on a usual day of a depot.

    Attributes:
        orders: Of such a day.
        service_s: At the door, each.
        travel_s: On the way between doors, each, when there are so many.
        load: What each fills of a van; 0 of a measure that nobody says.
    """

    orders: float
    service_s: float
    travel_s: float
    load: Load = NO_LOAD
