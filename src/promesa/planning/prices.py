"""What is asked of a planned day in pesos, and what is answered: values that both processes share.

The answers are found in ``planning.pricing``, which brings the search along.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from promesa.kernel.errors import ConflictError
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.inputs import DayInputs

# Of a day with more the planner keeps no travel times, so that each question waits for them: two
# dozen matrices of so many places, as usual and as the streets are now, take 0.8 GB.
PLACES_KEPT_MAX = 2_000


class NotPricedError(ConflictError):
    """What is asked about has no place in a plan that can be priced."""

    code: ClassVar[str] = "not_priced"
    message: ClassVar[str] = (
        "No está en ningún plan ni ruta de este día. Planifica el día y pregunta de nuevo."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedShift:
    """What a shift drives: the orders of each of its trips, in order.

    Attributes:
        code: What people call its route.
    """

    shift_id: UUID
    code: str
    trips: tuple[tuple[UUID, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """A day with its routes as they stand; picklable.

    Attributes:
        inputs: With the orders of the routes and those that wait, and with every shift.
    """

    inputs: DayInputs
    routes: tuple[PlannedShift, ...]

    @property
    def keeps_times(self) -> bool:
        """Whether only the first question about it waits for the travel times of its hours."""
        return len(self.inputs.orders) + len(self.inputs.depots) <= PLACES_KEPT_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisePrice:
    """What a visit costs at its cheapest place within some hours.

    Attributes:
        cost_clp: Added to the day without it; None where it fits nowhere.
        more_clp: Of it, what the hours cost over the whole day; None where one of both does not
            fit.
        duration_s: What the vehicle works more.
        distance_m: What it drives more.
        shift_id: Of the vehicle that would come.
        arrival: When its service would begin.
    """

    window: TimeWindow
    cost_clp: int | None
    more_clp: int | None
    duration_s: int
    distance_m: int
    shift_id: UUID | None
    arrival: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPrice:
    """What a visit costs in the day.

    Attributes:
        order_ids: It, and those bound to it, which go with it.
        cost_clp: What the day costs less without them.
        duration_s: What the vehicle works less.
        distance_m: What it drives less.
        left_out_clp: What the plan counts for leaving them out.
        windows: Those asked for, and the whole day at the end.
    """

    order_ids: tuple[UUID, ...]
    vehicle: str
    cost_clp: int
    duration_s: int
    distance_m: int
    left_out_clp: int
    windows: tuple[PromisePrice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPrice:
    """What a day with one vehicle less costs over the same with it.

    Attributes:
        driven_clp: What the routes cost more; below nought, less.
        left_out_clp: What the plan counts for the orders left out without it.
        duration_s: What all vehicles work more.
        distance_m: What they drive more.
        order_ids: Those left out without it.
    """

    driven_clp: int
    left_out_clp: int
    duration_s: int
    distance_m: int
    order_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPrice:
    """What a vehicle is worth that day.

    Attributes:
        vehicle: What people call it.
        less: The day without it, over the day as it is.
        more: The day as it is, over the day with one more like it.
    """

    vehicle: str
    less: FleetPrice
    more: FleetPrice
