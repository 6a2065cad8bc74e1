"""The rest of a day: what each van still has to visit, from where it is, and what is told.

Executed legs are not in it. The committed next stops are the frozen first ones of each route.
Parcels that a van hands over where it stands are fetched at a *meeting*: a visit of the van that
takes them, in the trip of the stops they are for and before them. Parcels that a van on the road
has still to load wait in its depot: nobody on the road visits their stops before it has been there.
What it has aboard it hands over before it loads again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from promesa.routing.course import without_empty_trips
from promesa.routing.loads import trips_of
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.problem import NOTHING, Problem, Stop, Window


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rest:
    """A day from now on.

    Attributes:
        routes: As published, one for each vehicle of the problem, in its order.
        loose: Stops that no route visits: new ones, or of a van that stands.
        gone: The vehicles that stand and visit nobody any more.
        home: Vehicle each stop was planned on, by stop; new ones are missing.
        told: The windows each recipient was told, by stop.
        fetched: Loose stops whose parcels are fetched at a meeting.
        meeting_of: The meeting of each vehicle that could take them, by vehicle.
        aboard: Stops whose parcels their vehicle, on the road, delivers before it loads again.
        waiting: Stops whose parcels lie in the depot until their vehicle has come back to load.
        at_depot: Vehicles that have a start and have not left their depot yet.
    """

    problem: Problem
    routes: tuple[OpenRoute, ...]
    loose: tuple[int, ...] = ()
    gone: frozenset[int] = frozenset()
    home: Mapping[int, int] = field(default_factory=dict)
    told: Mapping[int, tuple[Window, ...]] = field(default_factory=dict)
    fetched: frozenset[int] = frozenset()
    meeting_of: Mapping[int, int] = field(default_factory=dict)
    aboard: frozenset[int] = frozenset()
    waiting: frozenset[int] = frozenset()
    at_depot: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if [route.vehicle for route in self.routes] != list(range(len(self.problem.vehicles))):
            raise ValueError("one route for each vehicle, in order")

    @property
    def published(self) -> Sequences:
        """Every vehicle's stops in order, frozen ones first."""
        return {route.vehicle: route.stops for route in self.routes}

    @property
    def meetings(self) -> frozenset[int]:
        """The stops that are meetings."""
        return frozenset(self.meeting_of.values())

    def open_route(self, vehicle: int, stops: tuple[int, ...]) -> OpenRoute:
        """The vehicle's route with other stops."""
        return replace(self.routes[vehicle], stops=stops)

    def has_left(self, vehicle: int) -> bool:
        """Whether it is on the road, with what is aboard."""
        return self.routes[vehicle].start is not None and vehicle not in self.at_depot

    def tidy(self, vehicle: int, stops: Iterable[int]) -> tuple[int, ...]:
        """The sequence without trips that have lost all their stops."""
        start = self.routes[vehicle].start if self.has_left(vehicle) else None
        return tuple(without_empty_trips(tuple(stops), start))

    def places_for(self, stop: int, vehicle: int, stops: tuple[int, ...]) -> range:
        """Positions in a route at which the parcels of the stop would be aboard."""
        first = self.routes[vehicle].frozen
        if stop in self.fetched:
            meeting = self.meeting_of.get(vehicle)
            return _after(stops, meeting) if meeting in stops else range(0)
        if stop in self.waiting and self.has_left(vehicle):
            if RELOAD not in stops:
                return range(0)
            first = max(first, stops.index(RELOAD) + 1)
        return range(first, len(stops) + 1)

    def is_in_order(self, vehicle: int, stops: tuple[int, ...]) -> bool:
        """Whether what is frozen stays, and who is visited has his parcel aboard, in its trip."""
        route = self.routes[vehicle]
        if stops[: route.frozen] != route.stops[: route.frozen]:
            return False
        trips = trips_of(stops)
        if self.has_left(vehicle) and not self.waiting.isdisjoint(trips[0]):
            return False
        if any(not self._own_aboard(vehicle).isdisjoint(trip) for trip in trips[1:]):
            return False
        fed = self.fetched.intersection(stops)
        meeting = self.meeting_of.get(vehicle)
        if not fed:
            return meeting not in stops
        met = next((trip for trip in trips if meeting in trip), ())
        return fed.issubset(met[met.index(meeting) :] if met else ())

    def _own_aboard(self, vehicle: int) -> frozenset[int]:
        return self.aboard.intersection(self.routes[vehicle].stops)


def rest_of(
    problem: Problem,
    routes: tuple[OpenRoute, ...],
    *,
    told: Mapping[int, tuple[Window, ...]] | None = None,
    aboard: Iterable[int] = (),
    waiting: Iterable[int] | None = None,
    at_depot: Iterable[int] = (),
) -> Rest:
    """A day that goes on as published; stops of no route are loose.

    Args:
        problem: Its stops are those still to be visited.
        routes: One for each vehicle.
        told: By stop; their own windows where nothing is said.
        aboard: Stops whose parcels are in their van: no other may visit them.
        waiting: Stops whose parcels their vehicle has still to load; None for every delivery that
            a vehicle on the road visits once it has come back.
        at_depot: Vehicles that have a start and have not left their depot yet.
    """
    home = {stop: r.vehicle for r in routes for stop in r.stops if stop != RELOAD}
    in_depots = frozenset(at_depot)
    left = [r for r in routes if r.start is not None and r.vehicle not in in_depots]
    if waiting is None:
        waiting = _deliveries(problem, [trip for r in left for trip in trips_of(r.stops)[1:]])
    left_behind = frozenset(waiting)
    carried = _deliveries(problem, [trips_of(route.stops)[0] for route in left])
    fixed = set(aboard)
    stops = list(problem.stops)
    for number, vehicle in home.items():
        if number in fixed:
            stops[number] = replace(stops[number], pinned_vehicle=problem.vehicles[vehicle].id)
        if number in left_behind:
            shut_out = stops[number].excluded_vehicles | _of_other_depots(problem, vehicle)
            stops[number] = replace(stops[number], excluded_vehicles=shut_out)
    own = {number: stops[number].windows for number in home if stops[number].windows}
    return Rest(
        problem=replace(problem, stops=tuple(stops)),
        routes=routes,
        loose=tuple(number for number in range(len(stops)) if number not in home),
        home=home,
        told={**own, **(told or {})},
        aboard=carried - left_behind,
        waiting=left_behind,
        at_depot=in_depots,
    )


def open_from(route: OpenRoute, meeting: int) -> OpenRoute:
    """The route open from a meeting on, until it comes back to load."""
    places = _after(route.stops, meeting)
    fixed_last = len(route.stops) + 1 - places.stop
    return replace(route, frozen=places.start, fixed_last=fixed_last)


def _after(stops: tuple[int, ...], meeting: int | None) -> range:
    """Positions after the meeting in its trip."""
    first = stops.index(meeting) + 1
    end = next((n for n in range(first, len(stops)) if stops[n] == RELOAD), len(stops))
    return range(first, end + 1)


def _deliveries(problem: Problem, trips: Iterable[tuple[int, ...]]) -> frozenset[int]:
    return frozenset(
        stop for trip in trips for stop in trip if problem.stops[stop].delivered != NOTHING
    )


def _of_other_depots(problem: Problem, vehicle: int) -> frozenset[str]:
    """Vehicles that load elsewhere."""
    place = problem.start_location(vehicle)
    return frozenset(
        van.id
        for other, van in enumerate(problem.vehicles)
        if problem.start_location(other) != place
    )


def broken_down(rest: Rest, vehicle: int, *, location: int, handover_s: int) -> Rest:
    """The day after a van stands: all it had to visit is loose, its parcels fetched from it.

    What it had still to load waits in its depot as before. Every other vehicle gets a meeting it
    may go to, at no price when it does not.

    Args:
        rest: The day before.
        vehicle: Which stands.
        location: Where, as a row of the matrix.
        handover_s: How long handing over takes.
    """
    lost = [stop for stop in rest.routes[vehicle].stops if stop != RELOAD]
    stops = list(rest.problem.stops)
    for stop in lost:
        stops[stop] = replace(stops[stop], pinned_vehicle=None)
    meeting_of = {}
    for other, van in enumerate(rest.problem.vehicles):
        if other == vehicle or other in rest.gone:
            continue
        meeting_of[other] = len(stops)
        stops.append(_meeting(f"encuentro {van.id}", location, handover_s, van.id))
    routes = list(rest.routes)
    routes[vehicle] = replace(routes[vehicle], stops=(), frozen=0)
    return replace(
        rest,
        problem=replace(rest.problem, stops=tuple(stops)),
        routes=tuple(routes),
        loose=(*rest.loose, *lost),
        gone=rest.gone | {vehicle},
        aboard=rest.aboard.difference(lost),
        fetched=rest.fetched | (frozenset(lost) - rest.waiting),
        meeting_of=meeting_of,
    )


def _meeting(name: str, location: int, service_s: int, vehicle: str) -> Stop:
    return Stop(
        id=name,
        location=location,
        service_time_s=service_s,
        pinned_vehicle=vehicle,
        unserved_price_clp=0,
    )
