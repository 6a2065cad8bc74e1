"""LoggiBUD days (Loggi, Brazil): one depot, parcels, a capacity.

The makers count kilometres, by OSRM where one runs and by great circles (radius 6,371 km)
elsewhere. Here it is always great circles: the same file gives the same cost on any machine.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.routing.instances.instance import (
    Instance,
    InstanceError,
    distance_only,
    first_depot,
    fleet_for,
    one_depot_fleet,
)
from promesa.routing.plan import Plan
from promesa.routing.problem import Problem, Stop

EARTH_RADIUS_M = 6_371_000
_KM_M = 1_000
_DECIMALS = 4


class _Point(msgspec.Struct):
    lng: float
    lat: float


class _Delivery(msgspec.Struct):
    id: str
    point: _Point
    size: int


class _Day(msgspec.Struct):
    name: str
    origin: _Point
    vehicle_capacity: int
    deliveries: list[_Delivery]


def read_loggibud(path: Path) -> Instance:
    """The instance in a .json file.

    Raises:
        InstanceError: The file is not such a day.
    """
    try:
        day = msgspec.json.decode(path.read_bytes(), type=_Day)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InstanceError(f"No es un día LoggiBUD: {error}") from None
    metres = _great_circle([day.origin, *(each.point for each in day.deliveries)])
    sizes = [each.size for each in day.deliveries]
    problem = Problem(
        travel=distance_only(np.rint(metres).astype(np.int32), has_times=False),
        depots=first_depot(),
        vehicles=one_depot_fleet(fleet_for(sizes, day.vehicle_capacity), day.vehicle_capacity),
        stops=tuple(
            Stop(id=str(place), location=place, delivered=Load(parcels=each.size))
            for place, each in enumerate(day.deliveries, start=1)
        ),
    )

    def cost_of(plan: Plan) -> float:
        total_m = 0.0
        for route in plan.routes:
            places = [0, *(stop + 1 for stop in route.stops), 0]
            total_m += float(metres[places[:-1], places[1:]].sum())
        return round(total_m / _KM_M, _DECIMALS)

    return Instance(name=day.name, problem=problem, cost_of=cost_of)


def _great_circle(points: list[_Point]) -> NDArray[np.float64]:
    """float64, [n, n], metres; the haversine form, exact to the millimetre at city distances."""
    lat = np.radians([point.lat for point in points])
    lng = np.radians([point.lng for point in points])
    half_lat = np.sin((lat[:, None] - lat[None]) / 2) ** 2
    half_lng = np.sin((lng[:, None] - lng[None]) / 2) ** 2
    chord = half_lat + np.cos(lat)[:, None] * np.cos(lat)[None] * half_lng
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, chord))))
