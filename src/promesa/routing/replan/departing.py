"""The rest of a day as a day of its own: every van leaves from where what is committed leaves it.

So that whoever plans and checks days can plan and check this one: what is executed or frozen is
not in it, what is fetched at a meeting is a pickup bound before its delivery. A van that has
still to come back and load stays as published, and out of it with its stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from promesa.domain.fleet import Load
from promesa.routing.plan import RELOAD, PlannedRoute, Sequences
from promesa.routing.problem import (
    LAST_S,
    NOTHING,
    Bond,
    Break,
    Depot,
    Problem,
    Stop,
    Vehicle,
    Window,
)
from promesa.routing.replan.ledger import Ledger
from promesa.routing.replan.rest import Rest
from promesa.routing.schedule import time_route


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Departed:
    """The day of its own.

    Attributes:
        vehicles: Those of the rest it has, by its own number.
        stops: Those of the rest it has, by its own number; pickups at meetings follow them.
        start: What was planned, or what is planned so far, in its own numbers.
    """

    rest: Rest
    problem: Problem
    vehicles: tuple[int, ...]
    stops: tuple[int, ...]
    start: Sequences

    def back(self, sequences: Mapping[int, tuple[int, ...]]) -> Sequences:
        """Its sequences as those of the rest, frozen stops first, one meeting for all pickups."""
        found = dict(self.rest.published)
        for own, vehicle in enumerate(self.vehicles):
            route = self.rest.routes[vehicle]
            stops = list(route.stops[: route.frozen])
            meeting = self.rest.meeting_of.get(vehicle)
            for stop in sequences.get(own, ()):
                if stop < 0:
                    stops.append(RELOAD)
                elif stop < len(self.stops):
                    stops.append(self.stops[stop])
                elif meeting is not None and meeting not in stops:
                    stops.append(meeting)
            found[vehicle] = tuple(stops)
        return found


def depart(ledger: Ledger, sequences: Sequences) -> Departed:
    """The rest of the day from what is frozen on.

    Late visits and late returns may be as late as they are in ``sequences``, and no later.
    """
    rest = ledger.rest
    vehicles = tuple(
        route.vehicle
        for route in rest.routes
        if route.vehicle not in rest.gone
        and (route.start is None or RELOAD not in route.stops)
        and (route.start is not None or not route.frozen)
    )
    out = {stop for r in rest.routes if r.vehicle not in vehicles for stop in r.stops}
    out |= {stop for r in rest.routes for stop in r.stops[: r.frozen]} | rest.meetings
    if not rest.meeting_of:
        # Nobody is left who could fetch anything.
        out |= rest.fetched
    names = {rest.problem.vehicles[vehicle].id for vehicle in vehicles}
    out |= {
        number
        for number, stop in enumerate(rest.problem.stops)
        if stop.pinned_vehicle is not None and stop.pinned_vehicle not in names
    }
    stops = tuple(stop for stop in range(len(rest.problem.stops)) if stop not in out)
    own = {stop: number for number, stop in enumerate(stops)}
    pickups = [stop for stop in stops if stop in rest.fetched]
    pickup_of = {stop: len(stops) + number for number, stop in enumerate(pickups)}
    problem = rest.problem
    depots = list(problem.depots)
    vans = [_van(ledger, vehicle, sequences[vehicle], depots) for vehicle in vehicles]
    late_s = _starts_s(ledger, sequences)
    visits = [_visit(rest, stop, late_s.get(stop)) for stop in stops]
    bearers = _bearers(rest, sequences)
    visits += [_pickup(rest, stop, bearers) for stop in pickups]
    bonds = [
        Bond(stops=(pickup_of[s], own[s]), in_order=True, carried=problem.stops[s].delivered)
        for s in pickups
    ]
    bonds += [
        replace(bond, stops=tuple(own[stop] for stop in bond.stops))
        for bond in problem.bonds
        if all(stop in own for stop in bond.stops)
    ]
    return Departed(
        rest=rest,
        problem=replace(
            problem,
            depots=tuple(depots),
            vehicles=tuple(vans),
            stops=tuple(visits),
            bonds=tuple(bonds),
        ),
        vehicles=vehicles,
        stops=stops,
        start={
            number: _own(rest, vehicle, sequences[vehicle], own, pickup_of)
            for number, vehicle in enumerate(vehicles)
        },
    )


def _own(
    rest: Rest,
    vehicle: int,
    stops: tuple[int, ...],
    own: Mapping[int, int],
    pickup_of: Mapping[int, int],
) -> tuple[int, ...]:
    """A sequence without what is frozen, the meeting as the pickups of all it feeds."""
    found: list[int] = []
    for stop in stops[rest.routes[vehicle].frozen :]:
        if stop in rest.meetings:
            found += [pickup_of[each] for each in stops if each in rest.fetched]
        else:
            found.append(RELOAD if stop == RELOAD else own[stop])
    return tuple(found)


def _van(ledger: Ledger, vehicle: int, stops: tuple[int, ...], depots: list[Depot]) -> Vehicle:
    """The van as it leaves the last of its frozen stops; its place becomes a depot."""
    rest = ledger.rest
    route, van = rest.routes[vehicle], rest.problem.vehicles[vehicle]
    timed = ledger.entry(vehicle, stops).timed
    overtime_s = 0 if timed is None else max(van.overtime_max_s, timed.overtime_s)
    van = replace(van, overtime_max_s=max(van.overtime_max_s, overtime_s))
    if route.start is None:
        return van
    first = route.stops[: route.frozen]
    done = time_route(rest.problem, vehicle, first, route.start)
    place, ready_s = route.start.location, route.start.ready_s
    if done.visits:
        place = rest.problem.stops[done.visits[-1].stop].location
        ready_s = done.visits[-1].departure_s
    driven_s = route.start.driven_s + done.driving_s - _home_s(done)
    aboard = sum((rest.problem.stops[stop].picked_up for stop in first), route.start.aboard)
    depots.append(Depot(id=f"{van.id} en ruta", location=place, close_s=LAST_S))
    taken = route.start.breaks_taken + len(done.pauses)
    return replace(
        van,
        start_depot=len(depots) - 1,
        capacity=_room(van.capacity, aboard),
        shift_start_s=ready_s,
        latest_start_s=ready_s,
        shift_end_s=max(van.shift_end_s, ready_s + 1),
        fixed_cost_clp=0,
        driving_max_s=_less(van.driving_max_s, driven_s),
        duty_max_s=_less(van.duty_max_s, route.start.on_duty_s + ready_s - route.start.ready_s),
        breaks=_breaks_left(van.breaks[taken:], ready_s),
        stops_max=None if van.stops_max is None else max(1, van.stops_max - len(first)),
        trips_max=1,
    )


def _home_s(done: PlannedRoute) -> int:
    """The way home that the frozen part alone would end with."""
    return done.end_s - (done.visits[-1].departure_s if done.visits else done.departure_s)


def _breaks_left(breaks: tuple[Break, ...], ready_s: int) -> tuple[Break, ...]:
    """Those that can still be had, under way: nobody has had them before."""
    left, rested_s = [], ready_s
    for each in breaks:
        begun_s = max(each.start_s, rested_s)
        if begun_s + each.duration_s <= each.end_s:
            left.append(replace(each, start_s=max(each.start_s, ready_s)))
            rested_s = begun_s + each.duration_s
    return tuple(left)


def _room(capacity: Load, aboard: Load) -> Load:
    return Load(
        parcels=max(0, capacity.parcels - aboard.parcels),
        weight_g=max(0, capacity.weight_g - aboard.weight_g),
        volume_ml=max(0, capacity.volume_ml - aboard.volume_ml),
    )


def _less(most: int | None, spent: int) -> int | None:
    return None if most is None else max(0, most - spent)


def _starts_s(ledger: Ledger, sequences: Sequences) -> dict[int, int]:
    """When late visits begin."""
    return {
        visit.stop: visit.start_s
        for vehicle, stops in sequences.items()
        if (timed := ledger.entry(vehicle, stops).timed) is not None
        for visit in timed.visits
        if visit.lateness_s
    }


def _visit(rest: Rest, stop: int, late_s: int | None) -> Stop:
    visit = rest.problem.stops[stop]
    if stop in rest.fetched:
        visit = replace(visit, delivered=NOTHING)
    if late_s is None:
        return visit
    last = visit.windows[-1]
    return replace(visit, windows=(*visit.windows, Window(start_s=last.end_s, end_s=late_s)))


def _pickup(rest: Rest, stop: int, bearers: frozenset[int]) -> Stop:
    """Fetching one stop's parcels; a meeting's time is spent with the first of those it feeds."""
    meeting = rest.problem.stops[next(iter(rest.meeting_of.values()))]
    return replace(
        meeting,
        id=f"{rest.problem.stops[stop].id} en el encuentro",
        service_time_s=meeting.service_time_s if stop in bearers else 0,
        pinned_vehicle=None,
        unserved_price_clp=0,
    )


def _bearers(rest: Rest, sequences: Sequences) -> frozenset[int]:
    """The first stop that each meeting feeds; of all, where nobody goes to one yet."""
    firsts = [next((s for s in stops if s in rest.fetched), None) for stops in sequences.values()]
    found = frozenset(stop for stop in firsts if stop is not None)
    return found or rest.fetched
