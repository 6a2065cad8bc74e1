"""Small routing days whose numbers can be checked by hand.

Locations stand on a line, one unit apart: a unit takes a minute and 500 metres. Minutes count
from 08:00.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from promesa.domain.fleet import Load
from promesa.routing.matrix import Matrix
from promesa.routing.problem import NOTHING, Depot, Problem, Stop, Vehicle, Window

EIGHT_S = 8 * 3_600
MINUTE_S = 60
UNIT_M = 500


def at(minutes: float) -> int:
    """A second of the day, so many minutes after 08:00."""
    return EIGHT_S + int(minutes * MINUTE_S)


def line(
    places: Sequence[int], factors: Sequence[float] = (1.0,), hours: Sequence[int] = (0,)
) -> Matrix:
    """Travel between points of a line; one factor on times per slice."""
    spots = np.array(places)
    units = np.abs(spots[:, None] - spots[None])
    metres = (units * UNIT_M).astype(np.int32)
    seconds = [np.rint(units * MINUTE_S * factor).astype(np.int32) for factor in factors]
    return Matrix.of(seconds, [metres] * len(seconds), [hour * 3_600 for hour in hours])


def window(start_min: float, end_min: float) -> Window:
    """A window in minutes after 08:00."""
    return Window(start_s=at(start_min), end_s=at(end_min))


def van(name: str = "V-1", **changes: Any) -> Vehicle:
    """A van of depot 0 that works from 08:00 to 18:00 and carries ten parcels."""
    values: dict[str, Any] = {
        "id": name,
        "start_depot": 0,
        "end_depot": 0,
        "capacity": Load(parcels=10, weight_g=100_000, volume_ml=1_000_000),
        "shift_start_s": at(0),
        "shift_end_s": at(600),
        "fixed_cost_clp": 10_000,
        "hour_cost_clp": 6_000,
        "km_cost_clp": 100,
    }
    return Vehicle(**{**values, **changes})


def stop(location: int, **changes: Any) -> Stop:
    """A delivery of one parcel that takes two minutes, named after its location."""
    values: dict[str, Any] = {
        "id": f"P-{location}",
        "location": location,
        "delivered": Load(parcels=1, weight_g=1_000, volume_ml=5_000),
        "service_time_s": 2 * MINUTE_S,
    }
    return Stop(**{**values, **changes})


def pickup(location: int, **changes: Any) -> Stop:
    """A colecta of one parcel."""
    one = Load(parcels=1, weight_g=1_000, volume_ml=5_000)
    return stop(location, delivered=NOTHING, picked_up=one, **changes)


def day(
    stops: Sequence[Stop],
    vehicles: Sequence[Vehicle] | None = None,
    *,
    travel: Matrix | None = None,
    depots: Sequence[Depot] | None = None,
) -> Problem:
    """A problem on a line with its depot at location 0 and enough places for the stops."""
    places = max((each.location for each in stops), default=0) + 1
    return Problem(
        travel=travel or line(range(places)),
        depots=tuple(depots or [Depot(id="CD", location=0, name="Quilicura")]),
        vehicles=tuple(vehicles if vehicles is not None else [van()]),
        stops=tuple(stops),
    )
