"""LoggiBUD days (Loggi, Brazil): one depot, parcels, a capacity.

The makers count kilometres, by OSRM where one runs and by great circles (radius 6,371 km)
elsewhere. Here it is always great circles: the same file gives the same cost on any machine.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np

from promesa.domain.fleet import Load
from promesa.kernel.geo import EARTH_RADIUS_M
from promesa.kernel.units import KM_M
from promesa.routing.instances.instance import (
    NUMBER_MAX,
    Instance,
    InstanceError,
    fleet_for,
    one_depot,
    one_depot_fleet,
    travel_of,
)
from promesa.routing.plan import Plan
from promesa.routing.plane import Kind, Plane
from promesa.routing.problem import Problem, Stop

# The makers' globe is a little smaller than ours.
_SHRUNK = 6_371_000 / EARTH_RADIUS_M
_DECIMALS = 4


class _Point(msgspec.Struct):
    lng: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]


class _Delivery(msgspec.Struct):
    id: str
    point: _Point
    size: Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MAX)]


class _Day(msgspec.Struct):
    name: str
    origin: _Point
    vehicle_capacity: Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MAX)]
    deliveries: list[_Delivery]


def read_loggibud(path: Path) -> Instance:
    """The instance in a .json file.

    Raises:
        InstanceError: The file is not such a day.
    """
    try:
        day = msgspec.json.decode(path.read_bytes().removeprefix(BOM_UTF8), type=_Day)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InstanceError("No es un día LoggiBUD.", where=str(error)) from None
    if not day.deliveries:
        raise InstanceError("El día no trae ninguna entrega.")
    points = [day.origin, *(each.point for each in day.deliveries)]
    lng_lat = np.array([(point.lng, point.lat) for point in points])
    plane = Plane(xy=lng_lat, kind=Kind.GREAT_CIRCLE, detour=_SHRUNK)
    sizes = [each.size for each in day.deliveries]
    problem = Problem(
        travel=travel_of(plane),
        depots=(one_depot(),),
        vehicles=one_depot_fleet(fleet_for(sizes, day.vehicle_capacity), day.vehicle_capacity),
        stops=tuple(
            Stop(id=str(place), location=place, delivered=Load(parcels=each.size))
            for place, each in enumerate(day.deliveries, start=1)
        ),
    )

    def cost_of(plan: Plan) -> float:
        total_m = 0.0
        for route in plan.routes:
            places = np.array([0, *(stop + 1 for stop in route.stops), 0])
            total_m += float(plane.between(places[:-1], places[1:]).sum())
        return round(total_m / KM_M, _DECIMALS)

    return Instance(name=day.name, problem=problem, cost_of=cost_of)
