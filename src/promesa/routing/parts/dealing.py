"""Vehicles that have no stops yet, dealt to the groups of stops a day is cut into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from promesa.routing.parts.layout import Points
from promesa.routing.problem import Problem, Vehicle

# Of its vehicles so many come from the depots that are nearest, the rest from anywhere: a fleet
# that is just enough must not cross the town, and who lies between two depots may use both.
NEAR_SHARE = 0.75
_TINY = 1e-6

Dealt = list[list[int]]


def deal(
    problem: Problem,
    idle: Sequence[int],
    *,
    centres: Points,
    weights: Sequence[int],
    depots: Points,
    turn: int,
) -> Dealt:
    """The idle vehicles of each group: of every kind its share by weight.

    Args:
        problem: The day.
        idle: Who has no stops.
        centres: float64, [group, 2].
        weights: By group.
        depots: float64, [depot, 2].
        turn: Who comes first where there are too few; another one each round.
    """
    groups = len(weights)
    due = np.array([(group - turn) % groups for group in range(groups)]) * -_TINY
    share = np.array(weights, np.float64) / max(1, sum(weights))
    apart = np.sqrt(((centres[:, None] - depots) ** 2).sum(axis=2))
    dealt: Dealt = [[] for _ in weights]
    for by_depot in _kinds(problem, idle):
        total = sum(map(len, by_depot.values()))
        due += share * total
        counts = [0] * groups
        for _ in range(total):
            group = int(due.argmax())
            due[group] -= 1.0
            counts[group] += 1
        _from_near_depots(dealt, by_depot, counts, apart)
        _from_any_depot(dealt, by_depot, counts)
    return dealt


def _kinds(problem: Problem, idle: Sequence[int]) -> list[dict[int, list[int]]]:
    """Alike but for their depots, by the depot they leave from."""
    kinds: dict[Vehicle, dict[int, list[int]]] = {}
    for number in idle:
        vehicle = problem.vehicles[number]
        is_open = vehicle.end_depot is None
        kind = replace(vehicle, id="", start_depot=0, end_depot=None if is_open else 0)
        kinds.setdefault(kind, defaultdict(list))[vehicle.start_depot].append(number)
    return list(kinds.values())


def _from_near_depots(
    dealt: Dealt, by_depot: dict[int, list[int]], counts: list[int], apart: Points
) -> None:
    """Whose nearest depot is nearer than the others by most chooses first."""
    known = sorted(by_depot)
    ways = apart[:, known]
    by_regret = np.argsort(ways.min(axis=1) - ways.max(axis=1), kind="stable")
    for group in by_regret.tolist():
        wanted = int(NEAR_SHARE * counts[group])
        counts[group] -= wanted
        for at in np.argsort(ways[group], kind="stable").tolist():
            vans = by_depot[known[at]]
            taken = min(wanted, len(vans))
            dealt[group] += vans[:taken]
            del vans[:taken]
            wanted -= taken


def _from_any_depot(dealt: Dealt, by_depot: dict[int, list[int]], counts: list[int]) -> None:
    for group, count in enumerate(counts):
        for _ in range(count):
            fullest = max(by_depot, key=lambda depot: (len(by_depot[depot]), -depot))
            dealt[group].append(by_depot[fullest].pop(0))
