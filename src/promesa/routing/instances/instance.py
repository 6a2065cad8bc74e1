"""What a benchmark instance is here: a problem, and how its makers count cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.kernel.errors import InvalidError
from promesa.kernel.units import DAY_S
from promesa.routing.matrix import Matrix, Travel
from promesa.routing.params import PRICE_MAX_CLP, RoutingParams
from promesa.routing.plan import Plan
from promesa.routing.plane import Plane
from promesa.routing.problem import Depot, Problem, Vehicle
from promesa.routing.validation import VEHICLES_MAX

# One unit of distance costs one peso, so that the planner's cost is the instance's.
UNIT_KM_COST_CLP = 1_000
# A matrix of more places than this takes longer to fill (9 million pairs) than it saves.
MATRIX_PLACES_MAX = 3_000
# Where the instance does not limit its fleet: what the load needs, and half as much again.
SPARE_VEHICLES_SHARE = 1.5
# Above any number of a file of the field, and below where sums of many leave 64 bits.
NUMBER_MAX = 1_000_000_000
# Units from the origin: between two of the farthest lie fewer than DISTANCE_MAX.
COORDINATE_MAX = 10_000_000
# What floats leave over of a number written with one decimal.
_WHOLE = 1e-6
# In benchmarks no stop may be left out.
MUST_SERVE = RoutingParams(unserved_price_clp=PRICE_MAX_CLP)


class InstanceError(InvalidError):
    """The file is no instance in a format we read."""

    code: ClassVar[str] = "routing_instance_invalid"
    message: ClassVar[str] = "El archivo no es una instancia que sepamos leer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A benchmark instance.

    Attributes:
        cost_of: The cost of a plan by the instance's own convention.
        vehicles_max: How many vehicles a plan may use in all; None for no limit.
    """

    name: str
    problem: Problem
    cost_of: Callable[[Plan], float]
    vehicles_max: int | None = None


def whole(
    values: NDArray[np.float64], noun: str, *, most: int = NUMBER_MAX, scale: int = 1
) -> list[int]:
    """The numbers in whole units, of which ``scale`` make one of the file's.

    Raises:
        InstanceError: One is a part of a unit, below nought or above ``most``.
    """
    is_sound = np.isfinite(values) & (values >= 0) & (values <= most // scale)
    scaled = np.where(is_sound, values, 0) * scale
    nearest = np.rint(scaled)
    is_sound &= np.abs(scaled - nearest) < _WHOLE
    wrong = np.flatnonzero(~is_sound)
    if len(wrong):
        parts = "entero" if scale == 1 else "de un decimal a lo más"
        place = f", dato {wrong[0] + 1}" if len(values) > 1 else ""
        raise InstanceError(
            f"{noun}{place}: {values[wrong[0]]:.12g} no sirve. "
            f"Debe ser un número {parts}, de 0 a {most // scale}."
        )
    return [int(each) for each in nearest]


def travel_of(plane: Plane) -> Travel:
    """Every pair stored where they are few enough to be quicker so, else the coordinates."""
    return plane if plane.locations > MATRIX_PLACES_MAX else plane.matrix()


def fleet_for(demands: Sequence[int], capacity: int) -> int:
    """Vehicles to offer where the instance sets no limit."""
    least = -(-sum(demands) // max(1, capacity))
    return min(VEHICLES_MAX, len(demands), int(least * SPARE_VEHICLES_SHARE) + 5)


def one_depot_fleet(
    count: int, capacity: int, end_s: int = DAY_S, duty_max_s: int | None = None
) -> tuple[Vehicle, ...]:
    """Alike vehicles of depot 0 that pay by distance only.

    Raises:
        InstanceError: There are more than can be planned with.
    """
    if count > VEHICLES_MAX:
        raise InstanceError(f"Pide {count} vehículos y el máximo es {VEHICLES_MAX}.")
    return tuple(
        Vehicle(
            id=f"V{number + 1}",
            start_depot=0,
            end_depot=0,
            capacity=Load(parcels=capacity),
            shift_start_s=0,
            shift_end_s=end_s,
            km_cost_clp=UNIT_KM_COST_CLP,
            duty_max_s=duty_max_s,
        )
        for number in range(count)
    )


def distance_only(distances: NDArray[np.int32], *, has_times: bool) -> Matrix:
    """A matrix whose seconds are its distances, or nought where nothing depends on time."""
    metres = distances[None]
    return Matrix(metres if has_times else np.zeros_like(metres), metres)


def one_depot(location: int = 0, *, start_s: int = 0, end_s: int = DAY_S) -> Depot:
    """The depot of an instance that has one."""
    return Depot(id="1", location=location, open_s=start_s, close_s=end_s)
