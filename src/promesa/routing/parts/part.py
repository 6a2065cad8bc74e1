"""Part of a day: some of its stops and vehicles as a problem of its own, fit to be sent away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from promesa.routing.matrix import Matrix, Travel
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.plane import Plane
from promesa.routing.problem import Problem
from promesa.routing.ring_speeds import RingSpeeds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A problem cut out of a whole one.

    Attributes:
        problem: Its stops and vehicles numbered anew, its places too.
        stops: The whole's number of each stop.
        vehicles: The whole's number of each vehicle.
        start: The routes there are, in its own numbers; empty if there are none yet.
    """

    problem: Problem
    stops: tuple[int, ...]
    vehicles: tuple[int, ...]
    start: Sequences

    def back(self, routes: Sequences) -> Sequences:
        """Its routes in the numbers of the whole."""
        return {
            self.vehicles[vehicle]: tuple(
                stop if stop == RELOAD else self.stops[stop] for stop in sequence
            )
            for vehicle, sequence in routes.items()
        }


def cut_out(
    whole: Problem, stops: Sequence[int], vehicles: Sequence[int], routes: Sequences
) -> Part:
    """The part with those stops and vehicles; bonds are whole in it or not at all in it.

    Its travel holds its own places only. Coordinates stay coordinates: the search is no quicker
    with every pair stored (measured on Antwerp1).
    """
    depots = [depot.location for depot in whole.depots]
    places = list(dict.fromkeys([*depots, *(whole.stops[stop].location for stop in stops)]))
    at = {place: number for number, place in enumerate(places)}
    number_of = {stop: number for number, stop in enumerate(stops)} | {RELOAD: RELOAD}
    problem = Problem(
        travel=_travel(whole.travel, np.array(places, np.int64)),
        depots=tuple(replace(depot, location=at[depot.location]) for depot in whole.depots),
        vehicles=tuple(whole.vehicles[vehicle] for vehicle in vehicles),
        stops=tuple(
            replace(whole.stops[stop], location=at[whole.stops[stop].location]) for stop in stops
        ),
        bonds=tuple(
            replace(bond, stops=tuple(number_of[stop] for stop in bond.stops))
            for bond in whole.bonds
            if bond.stops[0] in number_of
        ),
        balance=whole.balance,
    )
    start = {
        number: tuple(number_of[stop] for stop in routes[vehicle])
        for number, vehicle in enumerate(vehicles)
        if routes.get(vehicle)
    }
    return Part(problem=problem, stops=tuple(stops), vehicles=tuple(vehicles), start=start)


def _travel(whole: Travel, places: NDArray[np.int64]) -> Travel:
    if isinstance(whole, Plane):
        return replace(whole, xy=whole.xy[places])
    pairs = np.ix_(places, places)
    if isinstance(whole, RingSpeeds):
        return RingSpeeds(whole.free_flow_s[pairs], whole.ring[places], whole.speed)
    if isinstance(whole, Matrix):
        every = np.ix_(np.arange(len(whole.departures_s)), places, places)
        seconds = whole.seconds[every]
        # The search stores one table where the two are the same array.
        metres = seconds if whole.metres is whole.seconds else whole.metres[every]
        tolls = None if whole.tolls is None else whole.tolls[every]
        return Matrix(seconds, metres, whole.departures_s, tolls)
    raise TypeError(type(whole).__name__)
