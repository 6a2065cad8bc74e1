"""What the planner's process does: it loads the city and the search once, then plans days.

`jobs` calls these by their names. Nobody imports this file: the search brings its compiler along,
which a process that only serves has no use for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from promesa.dispatch.replanning import DayReplan, Extent, replan_day
from promesa.dispatch.situation import Situation
from promesa.dispatch.streets import DayStreets
from promesa.dispatch.urgent import UrgentPlaces, find_places
from promesa.dispatch.urgent_day import Urgent
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.day_plan import count_searches, plan_day
from promesa.planning.inputs import DayInputs, bicycle_shifts
from promesa.planning.prices import PlannedDay, ShiftPrice, VisitPrice
from promesa.planning.pricing import SEARCHES, price_shift, price_visit
from promesa.planning.repository import DayPlan
from promesa.roads.charge_tables import charge_contents, parse_charges
from promesa.roads.city import City, ensure_built
from promesa.roads.learnt_file import find_learnt
from promesa.roads.network import RoadNetwork
from promesa.roads.overlay import LiveOverlay
from promesa.routing.budget import Budget
from promesa.routing.engine.warm import warm
from promesa.routing.parts.workers import cores, processes
from promesa.routing.replan.params import ReplanParams
from promesa.routing.replan.replanning import Replanned
from promesa.routing.replan.rest import Rest
from promesa.routing.replan.searching import ways_on
from promesa.routing.watching import Watch, WatchedBudget, between
from promesa.runtime.bicycle_roads import BicycleRoads
from promesa.runtime.kept_roads import KeptRoads
from promesa.runtime.price_roads import PriceRoads
from promesa.runtime.road_travel import RoadTravel
from promesa.runtime.slips import Errand

# The process loads the city once; its memory is its own.
_roads: list[RoadNetwork] = []
_ridden: list[BicycleRoads] = []
# The folder it was loaded from, and the roads under the tolls and zones asked for last.
_folders: list[Path] = []
_charged: dict[frozenset[tuple[str, bytes]], RoadNetwork] = {}
# The matrices of the last days on one of those networks.
_kept: list[tuple[RoadNetwork, KeptRoads]] = []
# What the rest of a day is searched for when somebody asks for it: as long as a plan of the day.
SEARCH_ITERATIONS = 40_000
SEARCH_SEED = 1
# What a vehicle is worth: two seconds for 600 stops each time; it moves little beyond.
PRICE_ITERATIONS = 10_000
# A day's matrices: a few places tell which of some 25 half hours are needed, most of them are.
MATRICES = 45
# Of the bar of a vehicle's price; then come the searches.
MATRICES_SHARE = 0.5


def prepare(city_directory: str) -> None:
    """Initializer of the process: matrices and searches hold the interpreter there."""
    _roads.append(City.load(Path(city_directory)).network)
    _folders.append(ensure_built(Path(city_directory)))
    warm()


def count_cities() -> int:
    """The least the process can do; by then it is prepared."""
    return len(_roads)


def plan(inputs: DayInputs, iterations: int, seed: int, errand: Errand) -> DayPlan:
    """Makes a plan on the streets as they are known to be."""
    errand.slip.tell(0.0)
    roads = _usual(errand).under(_now(errand))
    bicycles = _bicycles_for(inputs)
    searches = count_searches(inputs, has_bicycle_roads=bicycles is not None)
    limit = WatchedBudget(Budget(iterations=iterations), errand.slip.tell, searches)
    # They are only started for a big day; any other is planned in this process.
    with processes(cores()) as workers:
        return plan_day(
            inputs,
            roads,
            limit=limit,
            seed=seed,
            bicycles=bicycles,
            workers=workers,
        )


def change_day(situation: Situation, extent: Extent, errand: Errand) -> DayReplan | None:
    """What to change in the rest of a day; None once nobody waits for it."""
    if not errand.slip.tell(0.0):
        return None
    streets, travel = _live(errand)
    find = _search if extent.is_thorough else None
    found = replan_day(situation, streets, travel, extent, find=find, watch=errand.slip.tell)
    return found if errand.slip.is_wanted else None


def place_order(situation: Situation, urgent: Urgent, errand: Errand) -> UrgentPlaces | None:
    """Where an order would go, and what it does to the others; None once nobody waits."""
    if not errand.slip.tell(0.0):
        return None
    streets, travel = _live(errand)
    found = find_places(situation, urgent, streets, travel, watch=errand.slip.tell)
    return found if errand.slip.is_wanted else None


def price_stop(
    day: PlannedDay, order_id: UUID, windows: Sequence[TimeWindow], errand: Errand
) -> VisitPrice | None:
    """What the visit of an order costs, and what it would within hours; None once nobody waits."""
    if not errand.slip.tell(0.0):
        return None
    roads, bicycles = _told(errand, 1.0), _bicycles_for(day.inputs)
    with suppress(_NobodyWaitsError):
        return price_visit(day, order_id, windows, roads, bicycles)
    return None


def price_vehicle(day: PlannedDay, shift_id: UUID, errand: Errand) -> ShiftPrice | None:
    """What the vehicle of a shift is worth, and one more like it; None once nobody waits."""
    if not errand.slip.tell(0.0):
        return None
    roads, bicycles = _told(errand, MATRICES_SHARE), _bicycles_for(day.inputs)
    watch = between(errand.slip.tell, MATRICES_SHARE, 1.0)
    limit = WatchedBudget(Budget(iterations=PRICE_ITERATIONS), watch, SEARCHES)
    with suppress(_NobodyWaitsError):
        found = price_shift(day, shift_id, roads, limit=limit, seed=SEARCH_SEED, bicycles=bicycles)
        return found if errand.slip.is_wanted else None
    return None


def _told(errand: Errand, end: float) -> PriceRoads:
    """The streets of a price, which tell how many of their matrices are found, up to a share."""
    found = 0

    def report() -> None:
        nonlocal found
        if not errand.slip.tell(end * min(1.0, found / MATRICES)):
            raise _NobodyWaitsError
        found += 1

    usual = _usual(errand).told(report)
    return PriceRoads(usual.under(_now(errand)), usual)


class _NobodyWaitsError(Exception):
    """The work ends here: nobody looks at what it would find."""


def _usual(errand: Errand) -> KeptRoads:
    """The streets of motor vehicles without what is live, with the matrices of the last days."""
    roads = _roads_for(errand.tables)
    if not _kept or _kept[0][0] is not roads:
        _kept[:] = [(roads, KeptRoads(roads.with_live(LiveOverlay(()))))]
    return _kept[0][1]


def _now(errand: Errand) -> RoadNetwork:
    """The same as they are known to be."""
    return _roads_for(errand.tables).with_live(LiveOverlay(errand.live))


def _live(errand: Errand) -> tuple[DayStreets, RoadTravel]:
    """The streets of a day under way and what tracking expects of them: those that Hoy shows."""
    roads = _now(errand)
    streets = DayStreets(motor=roads, find_bicycles=_bicycles)
    return streets, RoadTravel(lambda: roads, errand.center, _bicycles)


def _search(
    rest: Rest, params: ReplanParams, *, among: Iterable[int], watch: Watch
) -> tuple[Replanned, ...]:
    budget = Budget(iterations=SEARCH_ITERATIONS)
    return ways_on(rest, budget, SEARCH_SEED, params, among=among, watch=watch)


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
        _ridden.append(BicycleRoads(_folders[0]))
    return _ridden[0].find()


def _bicycles_for(inputs: DayInputs) -> RoadNetwork | None:
    """Only a day that has bicycles loads them."""
    return _bicycles() if bicycle_shifts(inputs) else None


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
