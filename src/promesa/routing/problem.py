"""The routing problem in our nouns: who leaves from where, who is visited, within what limits.

Times are integer seconds since the service day began, money integer Chilean pesos, places are
indexes into the travel matrix. Nothing here searches, times or judges a route.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from promesa.domain.fleet import Load
from promesa.kernel.units import DAY_S
from promesa.routing.matrix import Travel

# Shifts may run past midnight; the longest benchmark horizon is a few days.
LAST_S = 7 * DAY_S
# Breaks of a vehicle. Each is one more label at every stop; the law knows one colación (Código del
# Trabajo, art. 34), and two short rests beside it are what contracts add.
BREAKS_MAX = 3


NOTHING = Load()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A span of the service day in which a service may begin, both ends included."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A rest the driver takes in one piece (colación), between ``start_s`` and ``end_s``.

    It is taken where the van stands: on arriving, before the service, or after it. Who leaves the
    depot late enough to have had it, or is back early enough to have it there, drives without.
    """

    start_s: int
    end_s: int
    duration_s: int


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
        start_depot: Index into the problem's depots.
        end_depot: Likewise; None lets the route end at its last stop.
        shift_start_s: Earliest second at which it may leave the depot.
        shift_end_s: Latest second at which it may be back without overtime.
        latest_start_s: Latest second at which it may leave; None for no limit.
        fixed_cost_clp: Paid once if the vehicle leaves at all.
        hour_cost_clp: Paid from leaving the depot to being back, waiting and breaks included.
        overtime_max_s: How long after ``shift_end_s`` it may be back at most.
        overtime_hour_cost_clp: Paid besides for each hour after ``shift_end_s``.
        driving_max_s: Most seconds on the road; None for no limit.
        duty_max_s: Most seconds from leaving to being back; None for no limit.
        breaks: In the order they are taken.
        stops_max: None for no limit.
        trips_max: How often it may leave its depot; each trip carries one load.
        loading_time_s: At the depot between two trips.
        areas: The areas its driver knows; empty if he knows them all.
        unfamiliar_price_clp: What a visit outside those areas counts, in the search only.
    """

    id: str
    start_depot: int
    end_depot: int | None
    capacity: Load
    shift_start_s: int
    shift_end_s: int
    latest_start_s: int | None = None
    skills: frozenset[str] = frozenset()
    fixed_cost_clp: int = 0
    hour_cost_clp: int = 0
    km_cost_clp: int = 0
    overtime_max_s: int = 0
    overtime_hour_cost_clp: int = 0
    driving_max_s: int | None = None
    duty_max_s: int | None = None
    breaks: tuple[Break, ...] = ()
    stops_max: int | None = None
    trips_max: int = 1
    loading_time_s: int = 0
    areas: frozenset[str] = frozenset()
    unfamiliar_price_clp: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A visit to make: something is handed over, something picked up, or both.

    What is delivered leaves the depot with the vehicle; what is picked up comes back with it
    (the same-day colecta at a seller).

    Attributes:
        location: Row of the travel matrix.
        windows: When service may begin, kept in order of time; none means any time of the shift.
        promised: The windows as the recipient knows them, for sentences; when ``windows`` keep
            clear of their ends.
        unserved_price_clp: What leaving it out costs; None takes the default of the params.
        pinned_vehicle: Id of the only vehicle that may visit it.
        excluded_vehicles: Ids of vehicles that must not.
        area: Name of the part of town it lies in, for drivers who know only some.
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
    excluded_vehicles: frozenset[str] = frozenset()
    area: str = ""
    promised: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        # Who times a visit takes the first window that has not closed: here alone they are sorted.
        if len(self.windows) > 1:
            rising = sorted(self.windows, key=lambda each: (each.start_s, each.end_s))
            object.__setattr__(self, "windows", tuple(rising))

    @property
    def told_windows(self) -> tuple[Window, ...]:
        """The windows as a person knows them."""
        return self.promised or self.windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """Stops that one vehicle visits in one trip, all or none.

    Attributes:
        stops: Indexes into the problem's stops, two or more.
        in_order: Whether they are visited in the order given, others between them or not.
        carried: What the first hands in and the last receives, never touching the depot.
    """

    stops: tuple[int, ...]
    in_order: bool = False
    carried: Load = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What uneven work counts, in the search only: nobody pays it.

    Attributes:
        stop_price_clp: For the square of each route's stops away from the mean route.
        hour_price_clp: For the square of each route's hours away from the mean route.
    """

    stop_price_clp: int = 0
    hour_price_clp: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """A day to plan. Stops, vehicles and depots are named by their index in the tuples."""

    travel: Travel
    depots: tuple[Depot, ...]
    vehicles: tuple[Vehicle, ...]
    stops: tuple[Stop, ...]
    bonds: tuple[Bond, ...] = ()
    balance: Balance = Balance()
    stop_index: dict[str, int] = field(init=False, repr=False)
    bond_of: dict[int, Bond] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        index = {stop.id: number for number, stop in enumerate(self.stops)}
        object.__setattr__(self, "stop_index", index)
        bonds = {stop: bond for bond in self.bonds for stop in bond.stops}
        object.__setattr__(self, "bond_of", bonds)

    def named_vehicles(self) -> frozenset[str]:
        """Ids that a stop names, for it alone or against it: no other vehicle is like them."""
        pinned = {stop.pinned_vehicle for stop in self.stops if stop.pinned_vehicle is not None}
        return frozenset(pinned).union(*(stop.excluded_vehicles for stop in self.stops))

    def bound_to(self, stop: int) -> tuple[int, ...]:
        """The stop with those that go where it goes, in their order."""
        bond = self.bond_of.get(stop)
        return (stop,) if bond is None else bond.stops

    def allows(self, *, vehicle: int, stop: int) -> bool:
        """Whether skills, pins and exclusions let the vehicle visit the stop."""
        van, visit = self.vehicles[vehicle], self.stops[stop]
        if visit.pinned_vehicle is not None and visit.pinned_vehicle != van.id:
            return False
        return visit.skills <= van.skills and van.id not in visit.excluded_vehicles

    def allows_all(self, *, vehicle: int, stops: Iterable[int]) -> bool:
        """Whether the vehicle may visit every one of the stops."""
        return all(self.allows(vehicle=vehicle, stop=stop) for stop in stops)

    def start_location(self, vehicle: int) -> int:
        """Row of the matrix the vehicle leaves from."""
        return self.depots[self.vehicles[vehicle].start_depot].location

    def end_location(self, vehicle: int) -> int | None:
        """Row of the matrix the vehicle comes back to; None where its route ends anywhere."""
        end_depot = self.vehicles[vehicle].end_depot
        return None if end_depot is None else self.depots[end_depot].location

    def earliest_s(self, vehicle: int) -> int:
        """When the vehicle may leave: its shift has begun and its depot is open."""
        van = self.vehicles[vehicle]
        return max(van.shift_start_s, self.depots[van.start_depot].open_s)

    def latest_start_s(self, vehicle: int) -> int:
        """When the vehicle may leave at the latest: nobody leaves a depot that has closed."""
        van = self.vehicles[vehicle]
        close_s = self.depots[van.start_depot].close_s
        return close_s if van.latest_start_s is None else min(van.latest_start_s, close_s)

    def latest_s(self, vehicle: int) -> int:
        """When its shift ends: nobody pays overtime before, and its depot is still open."""
        van = self.vehicles[vehicle]
        if van.end_depot is None:
            return van.shift_end_s
        return min(van.shift_end_s, self.depots[van.end_depot].close_s)

    def limit_s(self, vehicle: int) -> int:
        """When the vehicle must be back, overtime included, before its depot closes."""
        van = self.vehicles[vehicle]
        last_s = van.shift_end_s + van.overtime_max_s
        if van.end_depot is None:
            return last_s
        return min(last_s, self.depots[van.end_depot].close_s)
