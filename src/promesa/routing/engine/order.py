"""The order in which the kernels number stops: what is near in town lies near in memory.

A step of the search touches a few stops of one part of town. Numbered side by side, their records
and their rows of the travel tables share cache lines, and a step waits for memory half as long.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from promesa.routing.engine.day import Ints
from promesa.routing.matrix import Matrix
from promesa.routing.plane import Plane
from promesa.routing.problem import Problem
from promesa.routing.ring_speeds import RingSpeeds

# Bits of each coordinate that count: a town in 65,536 columns and rows.
_BITS = 16


def near_order(problem: Problem) -> Ints:
    """int64, [stop], each of the problem's stops once, near ones close together."""
    places = np.array([stop.location for stop in problem.stops], np.int64)
    travel = problem.travel
    if len(places) == 0:
        return places
    if isinstance(travel, Plane):
        return np.argsort(_cells(travel.xy[places]), kind="stable")
    if isinstance(travel, Matrix):
        return _chain(travel.seconds[len(travel.seconds) // 2], places)
    if isinstance(travel, RingSpeeds):
        return _chain(travel.free_flow_s, places)
    return np.arange(len(places))


def reordered(problem: Problem, order: Ints) -> Problem:
    """The same problem with its stops numbered in that order."""
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    bonds = (
        replace(bond, stops=tuple(int(number[stop]) for stop in bond.stops))
        for bond in problem.bonds
    )
    stops = tuple(problem.stops[stop] for stop in order)
    return replace(problem, stops=stops, bonds=tuple(bonds))


def _cells(xy: np.ndarray) -> Ints:
    """Numbers along a curve that fills the plane (Morton 1966)."""
    span = np.ptp(xy, axis=0).max() or 1.0
    cells = ((xy - xy.min(axis=0)) / span * (2**_BITS - 1)).astype(np.int64)
    code = np.zeros(len(xy), np.int64)
    for bit in range(_BITS):
        code |= (cells[:, 0] >> bit & 1) << (2 * bit) | (cells[:, 1] >> bit & 1) << (2 * bit + 1)
    return code


def _chain(seconds: np.ndarray, places: Ints) -> Ints:
    """From each stop to the nearest that has not had its turn."""
    order = np.empty(len(places), np.int64)
    waiting = np.arange(len(places))
    here = 0
    for turn in range(len(places)):
        order[turn] = waiting[here]
        place = places[waiting[here]]
        waiting[here] = waiting[-1]
        waiting = waiting[:-1]
        if len(waiting):
            here = int(seconds[place, places[waiting]].argmin())
    return order
