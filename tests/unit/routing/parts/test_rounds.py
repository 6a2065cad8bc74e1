"""How a search in parts spends what it is given."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from promesa.kernel.units import DAY_S
from promesa.routing.budget import Budget, Spending
from promesa.routing.engine.search import COLD, HOT
from promesa.routing.parts.rounds import PART_SECONDS_MIN, Cuts, search_in_parts
from promesa.routing.parts.searching import Task
from promesa.routing.parts.workers import Here, Workers
from promesa.routing.plan import Sequences
from promesa.routing.plane import Plane
from promesa.routing.problem import Depot, Problem
from tests.support.routing_days import day, stop, van

STOPS, PARTS = 40, 4
ROUNDS = 3


class _Watched(Here):
    """Notes the parts that are searched."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.tasks += [each for each in args if isinstance(each, Task)]
        return super().submit(fn, *args, **kwargs)


@dataclass
class _Elsewhere:
    """A limit of CPU seconds that other processes spend: here no time goes by."""

    seconds: float
    iterations: int | None = None
    parts: list[float] = field(default_factory=list)

    def part(self, share: float) -> Budget:
        self.parts.append(self.seconds * share)
        return Budget(iterations=20)

    def start(self) -> Spending:
        return self

    def share(self, _iterations: int, /) -> float:
        return 0.0


def _windowed() -> Problem:
    stops = [stop(place) for place in range(1, STOPS + 1)]
    return day(stops, [van(f"V-{number}") for number in range(12)])


def _plain(vans: int) -> Problem:
    """Stops on a plane that want room and nothing else."""
    xy = [(0.0, 0.0), *((float(place % 7), float(place // 7)) for place in range(STOPS))]
    return Problem(
        travel=Plane(xy=np.array(xy)),
        depots=(Depot(id="D", location=0),),
        vehicles=tuple(
            van(f"V-{number}", shift_start_s=0, shift_end_s=DAY_S, hour_cost_clp=0)
            for number in range(vans)
        ),
        stops=tuple(stop(place, service_time_s=0) for place in range(1, STOPS + 1)),
    )


def _tasks(problem: Problem, limit: Any, workers: int) -> list[Task]:
    watched = _Watched()
    crew = Workers(executor=watched, count=workers)
    cuts = Cuts(part_stops=STOPS // PARTS)
    search_in_parts(problem, [50_000] * STOPS, 20, limit, 1, workers=crew, cuts=cuts)
    return watched.tasks


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_parts_spend_the_seconds_of_every_worker_once(workers: int) -> None:
    limit = _Elsewhere(seconds=ROUNDS * PART_SECONDS_MIN * PARTS / workers)
    tasks = _tasks(_windowed(), limit, workers)
    assert len(tasks) == ROUNDS * PARTS
    assert sum(limit.parts) == pytest.approx(limit.seconds * workers)


def test_the_temperature_falls_from_round_to_round_without_a_gap() -> None:
    limit = _Elsewhere(seconds=ROUNDS * PART_SECONDS_MIN * PARTS)
    tasks = _tasks(_windowed(), limit, 1)
    ends = sorted({(task.stretch.hot, task.stretch.cold) for task in tasks}, reverse=True)
    assert (ends[0][0], ends[-1][1]) == pytest.approx((HOT, COLD))
    assert [hot for hot, _ in ends[1:]] == pytest.approx([cold for _, cold in ends[:-1]])
    assert all(hot > cold for hot, cold in ends)
    assert [task.stretch.keeps_best for task in tasks] == [False] * 8 + [True] * 4


def test_steps_are_dealt_before_anybody_begins_whoever_searches() -> None:
    dealt = [
        [task.limit for task in _tasks(_windowed(), Budget(iterations=2_000), workers)]
        for workers in (1, 2)
    ]
    assert dealt[0] == dealt[1]
    assert sum(limit.iterations or 0 for limit in dealt[0]) == pytest.approx(2_000, rel=0.02)


def _starts(tasks: list[Task]) -> list[Sequences]:
    return [task.start for task in tasks[:PARTS]]


def test_where_only_room_counts_the_first_round_begins_with_routes() -> None:
    assert all(_starts(_tasks(_plain(12), Budget(iterations=2_000), 1)))
    assert not any(_starts(_tasks(_windowed(), Budget(iterations=2_000), 1)))


def test_with_no_time_at_all_the_first_routes_are_the_plan() -> None:
    nothing = Budget(seconds=0.0)
    assert _tasks(_plain(12), nothing, 1) == []
    # Two vans hold half of the stops: the parts say who else fits, if anybody does.
    assert len(_tasks(_plain(2), nothing, 1)) == PARTS
    assert len(_tasks(_windowed(), nothing, 1)) == PARTS


def test_every_part_gets_vans_and_none_is_in_two_parts() -> None:
    tasks = _tasks(_windowed(), Budget(iterations=2_000), 1)
    first = [{van.id for van in task.problem.vehicles} for task in tasks[:PARTS]]
    assert [len(vans) for vans in first] == [3, 3, 3, 3]
    assert len(set().union(*first)) == 12
