"""What a benchmark instance is here: a problem, and how its makers count cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.kernel.errors import InvalidError
from promesa.routing.matrix import Matrix, Travel
from promesa.routing.params import PRICE_MAX_CLP, RoutingParams
from promesa.routing.plan import Plan
from promesa.routing.plane import MATRIX_PLACES_MAX as MATRIX_PLACES_LAST
from promesa.routing.plane import MatrixTooLargeError, Plane
from promesa.routing.problem import DAY_S, Depot, Problem, Vehicle
from promesa.routing.validation import VEHICLES_MAX

# One unit of distance costs one peso, so that the planner's cost is the instance's.
UNIT_KM_COST_CLP = 1_000
# A matrix of more places than this takes longer to fill (9 million pairs) than it saves.
MATRIX_PLACES_MAX = 3_000
# Where the instance does not limit its fleet: what the load needs, and half as much again.
SPARE_VEHICLES_SHARE = 1.5
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


def truncated_euclid(coordinates: NDArray[np.float64]) -> NDArray[np.int32]:
    """DIMACS' VRPTW convention: int32, [n, n], tenths of a unit, one decimal truncated.

    Raises:
        MatrixTooLargeError: There are more places than memory should hold every pair of.
    """
    places = len(coordinates)
    if places > MATRIX_PLACES_LAST:
        raise MatrixTooLargeError(places=places, places_max=MATRIX_PLACES_LAST)
    tenths = np.empty((places, places), np.int32)
    for row, (x, y) in enumerate(coordinates):
        straight = np.hypot(x - coordinates[:, 0], y - coordinates[:, 1])
        tenths[row] = np.floor(10 * straight + 1e-9)
    return tenths


def travel_of(plane: Plane) -> Travel:
    """Every pair stored where they are few enough to be quicker so, else the coordinates."""
    return plane if plane.locations > MATRIX_PLACES_MAX else plane.matrix()


def fleet_for(demands: Sequence[int], capacity: int) -> int:
    """Vehicles to offer where the instance sets no limit."""
    least = -(-sum(demands) // max(1, capacity))
    return min(VEHICLES_MAX, len(demands), int(least * SPARE_VEHICLES_SHARE) + 5)


def one_depot_fleet(count: int, capacity: int, end_s: int = DAY_S) -> tuple[Vehicle, ...]:
    """Alike vehicles of depot 0 that pay by distance only."""
    return tuple(
        Vehicle(
            id=f"V{number + 1}",
            start_depot=0,
            end_depot=0,
            capacity=Load(parcels=capacity),
            shift_start_s=0,
            shift_end_s=end_s,
            km_cost_clp=UNIT_KM_COST_CLP,
        )
        for number in range(count)
    )


def distance_only(distances: NDArray[np.int32], *, has_times: bool) -> Matrix:
    """A matrix whose seconds are its distances, or nought where nothing depends on time."""
    metres = distances[None]
    return Matrix(metres if has_times else np.zeros_like(metres), metres)


def first_depot(end_s: int = DAY_S) -> tuple[Depot, ...]:
    """One depot at location 0."""
    return (Depot(id="1", location=0, close_s=end_s),)
