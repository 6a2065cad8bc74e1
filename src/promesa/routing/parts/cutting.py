"""A day cut into groups of neighbouring routes, each with vehicles of its own.

Groups of routes whose centres lie together were the best of the cuts that Santini, Schneider,
Vidal and Vigo compared (2023, doi 10.1287/ijoc.2023.1288).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from promesa.routing.parts.dealing import deal
from promesa.routing.parts.layout import Points, grouped
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Stops and vehicles that are searched together."""

    stops: tuple[int, ...]
    vehicles: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Stops that no cut parts: a route, or those that are in none and go together."""

    stops: tuple[int, ...]
    vehicle: int | None = None


def cut(
    problem: Problem, at: Points, routes: Sequences, *, count: int, angle: float, turn: int
) -> list[Group]:
    """At most ``count`` groups, in which every stop and every vehicle is once.

    Args:
        problem: The day.
        at: float64, [place, 2].
        routes: Those there are.
        count: How many groups.
        angle: Of the first cut, in radians.
        turn: Number of the round; see ``deal``.
    """
    blocks = _blocks(problem, routes)
    places = np.array([stop.location for stop in problem.stops], np.int64)
    centres = _centres(at[places], [block.stops for block in blocks])
    weights = np.array([len(block.stops) for block in blocks])
    members = [
        [blocks[number] for number in numbers]
        for numbers in grouped(centres, weights, count, angle)
    ]
    middles = _centres(at[places], [_stops(each) for each in members])
    used = {vehicle for vehicle, stops in routes.items() if stops}
    idle = deal(
        problem,
        [vehicle for vehicle in range(len(problem.vehicles)) if vehicle not in used],
        centres=middles,
        weights=[len(_stops(each)) for each in members],
        depots=at[[depot.location for depot in problem.depots]],
        turn=turn,
    )
    vehicles = [
        sorted([*spare, *(block.vehicle for block in each if block.vehicle is not None)])
        for each, spare in zip(members, idle, strict=True)
    ]
    _settle(problem, members, vehicles, middles)
    return [
        Group(stops=_stops(each), vehicles=tuple(vans))
        for each, vans in zip(members, vehicles, strict=True)
    ]


def _blocks(problem: Problem, routes: Sequences) -> list[_Block]:
    blocks = [
        _Block(stops=tuple(stop for stop in stops if stop != RELOAD), vehicle=vehicle)
        for vehicle, stops in sorted(routes.items())
        if stops
    ]
    routed = {stop for block in blocks for stop in block.stops}
    for stop in range(len(problem.stops)):
        bound = problem.bound_to(stop)
        if stop not in routed and min(bound) == stop:
            blocks.append(_Block(stops=bound))
    return blocks


def _stops(blocks: Sequence[_Block]) -> tuple[int, ...]:
    return tuple(stop for block in blocks for stop in block.stops)


def _centres(at: Points, members: Sequence[Sequence[int]]) -> Points:
    """float64, [group, 2]; no group is empty."""
    sizes = np.array([len(each) for each in members])
    every = np.concatenate([np.array(each, np.int64) for each in members])
    sums = np.add.reduceat(at[every], np.cumsum(sizes) - sizes, axis=0)
    return np.asarray(sums / sizes[:, None])


def _settle(
    problem: Problem, members: list[list[_Block]], vehicles: list[list[int]], middles: Points
) -> None:
    """Moves who is in no route to the nearest group with a vehicle that may take them."""
    for group, blocks in enumerate(members):
        for block in [each for each in blocks if each.vehicle is None]:
            if not any(_has_rights(problem, stop) for stop in block.stops):
                continue
            way = ((middles - middles[group]) ** 2).sum(axis=1)
            for other in np.argsort(way, kind="stable").tolist():
                if any(problem.allows_all(vehicle=v, stops=block.stops) for v in vehicles[other]):
                    blocks.remove(block)
                    members[other].append(block)
                    break


def _has_rights(problem: Problem, number: int) -> bool:
    stop = problem.stops[number]
    pinned = stop.pinned_vehicle is not None
    return pinned or bool(stop.skills or stop.excluded_vehicles)
