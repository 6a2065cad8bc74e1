"""What the planner's process does: it loads the city and the search once, then makes plans.

`jobs` calls these by their names. Nobody imports this file: the search brings its compiler along,
which a process that only serves has no use for.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from promesa.planning.day_plan import plan_day
from promesa.planning.inputs import DayInputs, bicycle_shifts
from promesa.planning.repository import DayPlan
from promesa.roads.charge_tables import charge_contents, parse_charges
from promesa.roads.city import City, ensure_built
from promesa.roads.learnt_file import find_learnt
from promesa.roads.network import RoadNetwork, VehicleNotServedError
from promesa.roads.overlay import LiveOverlay, LiveSpeed
from promesa.routing.budget import Budget
from promesa.routing.engine.warm import warm

# The process loads the city once; its memory is its own.
_roads: list[RoadNetwork] = []
_ridden: list[RoadNetwork] = []
# The folder it was loaded from, and the roads under the tolls and zones asked for last.
_folders: list[Path] = []
_charged: dict[frozenset[tuple[str, bytes]], RoadNetwork] = {}
NO_TABLES: Mapping[str, bytes] = MappingProxyType({})


def prepare(city_directory: str) -> None:
    """Initializer of the process: matrices and searches hold the interpreter there."""
    _roads.append(City.load(Path(city_directory)).network)
    _folders.append(ensure_built(Path(city_directory)))
    warm()


def count_cities() -> int:
    """The least the process can do; by then it is prepared."""
    return len(_roads)


def plan(
    inputs: DayInputs,
    iterations: int,
    seed: int,
    live: tuple[LiveSpeed, ...] = (),
    tables: Mapping[str, bytes] = NO_TABLES,
) -> DayPlan:
    """Makes a plan on the streets as they are known to be.

    ``tables`` are the operator's own tolls and zones, by the names of their files.
    """
    roads = _roads_for(tables).with_live(LiveOverlay(live))
    return plan_day(
        inputs,
        roads,
        limit=Budget(iterations=iterations),
        seed=seed,
        bicycles=_bicycles() if bicycle_shifts(inputs) else None,
    )


def _learn() -> None:
    """Goes by the speeds of the last night, if there are any that it does not know yet."""
    if not _folders:
        return
    learnt, known = find_learnt(_folders[0], _roads[0].graph), _roads[0].learnt
    if learnt is not None and (known is None or learnt.version != known.version):
        _roads[0] = _roads[0].with_learnt(learnt)
        _charged.clear()


def _bicycles() -> RoadNetwork | None:
    """The streets and paths of bicycles; None where the city was built without them."""
    if not _ridden:
        with suppress(VehicleNotServedError):
            _ridden.append(RoadNetwork.load_bicycles(_folders[0]))
    return _ridden[0] if _ridden else None


def _roads_for(tables: Mapping[str, bytes]) -> RoadNetwork:
    """The streets of motor vehicles under the tables; kept for the next plan."""
    _learn()
    if not tables:
        return _roads[0]
    key = frozenset(tables.items())
    if key not in _charged:
        contents = charge_contents(_folders[0]) | dict(tables)
        _charged.clear()
        _charged[key] = _roads[0].with_charges(parse_charges(contents))
    return _charged[key]
