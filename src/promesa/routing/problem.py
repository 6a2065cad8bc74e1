"""The routing problem in our nouns: who leaves from where, who is visited, within what limits.

Times are integer seconds since the service day began, money integer Chilean pesos, places are
indexes into the travel matrix. Nothing here searches, times or judges a route.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from promesa.domain.fleet import Load
from promesa.routing.matrix import Travel

DAY_S = 86_400
# Shifts may run past midnight; the longest benchmark horizon is a few days.
LAST_S = 7 * DAY_S


NOTHING = Load()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A span of the service day in which a service may begin, both ends included."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """A place vans leave from and come back to.

    Attributes:
        location: Row of the travel matrix.
    """

    id: str
    location: int
    name: str = ""
    open_s: int = 0
    close_s: int = DAY_S

    @property
    def label(self) -> str:
        """What a dispatcher calls it."""
        return self.name or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A vehicle with its driver's shift.

    Attributes:
        start_depot: Index into the problem's depots; so is ``end_depot``.
        shift_start_s: Earliest second at which it may leave the depot.
        shift_end_s: Latest second at which it may be back.
        fixed_cost_clp: Paid once if the vehicle leaves at all.
        hour_cost_clp: Paid from leaving the depot to being back, waiting included.
        stops_max: None for no limit.
    """

    id: str
    start_depot: int
    end_depot: int
    capacity: Load
    shift_start_s: int
    shift_end_s: int
    skills: frozenset[str] = frozenset()
    fixed_cost_clp: int = 0
    hour_cost_clp: int = 0
    km_cost_clp: int = 0
    stops_max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A visit to make: something is handed over, something picked up, or both.

    What is delivered leaves the depot with the vehicle; what is picked up comes back with it
    (the same-day colecta at a seller).

    Attributes:
        location: Row of the travel matrix.
        windows: When service may begin; none means any time of the shift.
        promised: The windows as the recipient knows them, for sentences; when ``windows`` keep
            clear of their ends.
        unserved_price_clp: What leaving it out costs; None takes the default of the params.
        pinned_vehicle: Id of the only vehicle that may visit it.
    """

    id: str
    location: int
    delivered: Load = NOTHING
    picked_up: Load = NOTHING
    windows: tuple[Window, ...] = ()
    service_time_s: int = 0
    skills: frozenset[str] = frozenset()
    unserved_price_clp: int | None = None
    pinned_vehicle: str | None = None
    promised: tuple[Window, ...] = ()

    @property
    def told_windows(self) -> tuple[Window, ...]:
        """The windows as a person knows them."""
        return self.promised or self.windows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """A day to plan. Stops, vehicles and depots are named by their index in the tuples."""

    travel: Travel
    depots: tuple[Depot, ...]
    vehicles: tuple[Vehicle, ...]
    stops: tuple[Stop, ...]
    stop_index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        index = {stop.id: number for number, stop in enumerate(self.stops)}
        object.__setattr__(self, "stop_index", index)

    def allows(self, *, vehicle: int, stop: int) -> bool:
        """Whether skills and pins let the vehicle visit the stop."""
        van, visit = self.vehicles[vehicle], self.stops[stop]
        if visit.pinned_vehicle is not None and visit.pinned_vehicle != van.id:
            return False
        return visit.skills <= van.skills

    def start_location(self, vehicle: int) -> int:
        """Row of the matrix the vehicle leaves from."""
        return self.depots[self.vehicles[vehicle].start_depot].location

    def end_location(self, vehicle: int) -> int:
        """Row of the matrix the vehicle comes back to."""
        return self.depots[self.vehicles[vehicle].end_depot].location

    def earliest_s(self, vehicle: int) -> int:
        """When the vehicle may leave: its shift has begun and its depot is open."""
        van = self.vehicles[vehicle]
        return max(van.shift_start_s, self.depots[van.start_depot].open_s)

    def latest_s(self, vehicle: int) -> int:
        """When the vehicle must be back: within its shift, before its depot closes."""
        van = self.vehicles[vehicle]
        return min(van.shift_end_s, self.depots[van.end_depot].close_s)
