"""The rest of a day: what each van still has to visit, from where it is, and what is told.

Executed legs are not in it. The committed next stops are the frozen first ones of each route.
Parcels that a van hands over where it stands are fetched at a *meeting*: a visit of the van that
takes them, before the stops they are for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from promesa.routing.loads import trips_of
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.problem import Problem, Stop, Window


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rest:
    """A day from now on.

    Attributes:
        routes: As published, one for each vehicle of the problem, in its order.
        loose: Stops that no route visits: new ones, or of a van that stands.
        gone: The vehicles that stand and visit nobody any more.
        home: Vehicle each stop was planned on, by stop; new ones are missing.
        told: The window each recipient was told, by stop.
        fetched: Loose stops whose parcels are fetched at a meeting.
        meeting_of: The meeting of each vehicle that could take them, by vehicle.
        waiting: Stops whose parcels lie in the depot until their vehicle has come back to load.
    """

    problem: Problem
    routes: tuple[OpenRoute, ...]
    loose: tuple[int, ...] = ()
    gone: frozenset[int] = frozenset()
    home: Mapping[int, int] = field(default_factory=dict)
    told: Mapping[int, Window] = field(default_factory=dict)
    fetched: frozenset[int] = frozenset()
    meeting_of: Mapping[int, int] = field(default_factory=dict)
    waiting: frozenset[int] = frozenset()

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
        """The vehicle's route with other stops; a meeting stays before those it feeds."""
        return replace(self.routes[vehicle], stops=stops)

    def is_in_order(self, vehicle: int, stops: tuple[int, ...]) -> bool:
        """Whether what is frozen stays, and nobody is visited before his parcel is aboard."""
        route = self.routes[vehicle]
        if stops[: route.frozen] != route.stops[: route.frozen]:
            return False
        if not self.waiting.isdisjoint(trips_of(stops)[0]):
            return False
        fed = [place for place, stop in enumerate(stops) if stop in self.fetched]
        meeting = self.meeting_of.get(vehicle)
        if not fed:
            return meeting not in stops
        return meeting in stops and stops.index(meeting) < fed[0]


def rest_of(
    problem: Problem,
    routes: tuple[OpenRoute, ...],
    *,
    told: Mapping[int, Window] | None = None,
    aboard: Iterable[int] = (),
    waiting: frozenset[int] = frozenset(),
) -> Rest:
    """A day that goes on as published; stops of no route are loose.

    Args:
        problem: Its stops are those still to be visited.
        routes: One for each vehicle.
        told: By stop; their own windows where nothing is said.
        aboard: Stops whose parcels are in their van: no other may visit them.
        waiting: Stops whose parcels it has still to load.
    """
    home = {stop: r.vehicle for r in routes for stop in r.stops if stop != RELOAD}
    fixed = set(aboard)
    stops = tuple(
        replace(stop, pinned_vehicle=problem.vehicles[home[number]].id)
        if number in fixed and number in home
        else stop
        for number, stop in enumerate(problem.stops)
    )
    windows = dict(told or {})
    for number, stop in enumerate(stops):
        if stop.windows and number not in windows and number in home:
            first, last = stop.windows[0], stop.windows[-1]
            windows[number] = Window(start_s=first.start_s, end_s=last.end_s)
    return Rest(
        problem=replace(problem, stops=stops),
        routes=routes,
        loose=tuple(number for number in range(len(stops)) if number not in home),
        home=home,
        told=windows,
        waiting=waiting,
    )


def broken_down(rest: Rest, vehicle: int, *, location: int, handover_s: int) -> Rest:
    """The day after a van stands: all it had to visit is loose, its parcels fetched from it.

    Every other vehicle gets a meeting it may go to, at no price when it does not.

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
        fetched=rest.fetched | frozenset(lost),
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
