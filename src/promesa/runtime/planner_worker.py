"""What the planner's process does: it loads the city and the search once, then makes plans.

`jobs` calls these by their names. Nobody imports this file: the search brings its compiler along,
which a process that only serves has no use for.
"""

from __future__ import annotations

from pathlib import Path

from promesa.planning.day_plan import plan_day
from promesa.planning.inputs import DayInputs
from promesa.planning.repository import DayPlan
from promesa.roads.city import City
from promesa.roads.network import RoadNetwork
from promesa.roads.overlay import LiveOverlay, LiveSpeed
from promesa.routing.budget import Budget
from promesa.routing.engine.warm import warm

# The process loads the city once; its memory is its own.
_roads: list[RoadNetwork] = []


def prepare(city_directory: str) -> None:
    """Initializer of the process: matrices and searches hold the interpreter there."""
    _roads.append(City.load(Path(city_directory)).network)
    warm()


def count_cities() -> int:
    """The least the process can do; by then it is prepared."""
    return len(_roads)


def plan(
    inputs: DayInputs, iterations: int, seed: int, live: tuple[LiveSpeed, ...] = ()
) -> DayPlan:
    """Makes a plan on the streets as they are known to be."""
    roads = _roads[0].with_live(LiveOverlay(live))
    return plan_day(inputs, roads, limit=Budget(iterations=iterations), seed=seed)
