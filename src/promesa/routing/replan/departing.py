"""The rest of a day as a day of its own: every van leaves from where what is committed leaves it.

So that whoever plans and checks days can plan and check this one: what is executed or frozen is
not in it, what is fetched at a meeting is a pickup bound before its delivery, or before all that go
together. A van that has still to come back and load stays as it is, and out of it with its stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from promesa.domain.fleet import Load
from promesa.routing.breaks import first_departures
from promesa.routing.course import Start, without_empty_trips
from promesa.routing.limits import NO_EXCESS, Excess, excess_of
from promesa.routing.placing import OpenRoute
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
        start: What is planned so far, in its own numbers.
        so_far: The same in those of the rest, of every vehicle.
    """

    rest: Rest
    problem: Problem
    vehicles: tuple[int, ...]
    stops: tuple[int, ...]
    start: Sequences
    so_far: Sequences

    def back(self, sequences: Mapping[int, tuple[int, ...]]) -> Sequences:
        """Its sequences as those of the rest, frozen stops first, one meeting for all pickups."""
        found = dict(self.so_far)
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

    Late visits and late returns may be as late as they are in ``sequences``, and no later. Who
    would break a limit otherwise has had by then the breaks that it has in ``sequences``. Whose
    route breaks a limit all the same, or would not hold what it carries, told in pickups, stays
    out of it.
    """
    vehicles = _departing(ledger.rest, sequences)
    departed = _departed(ledger, sequences, vehicles, frozenset())
    rested = frozenset(v for own, v in enumerate(vehicles) if _excess(departed, own) != NO_EXCESS)
    if rested:
        departed = _departed(ledger, sequences, vehicles, rested)
    able = tuple(v for own, v in enumerate(vehicles) if _excess(departed, own) == NO_EXCESS)
    return departed if able == vehicles else _departed(ledger, sequences, able, rested)


def _departing(rest: Rest, sequences: Sequences) -> tuple[int, ...]:
    """The vehicles that need not come back to where they began."""
    return tuple(
        route.vehicle
        for route in rest.routes
        if route.vehicle not in rest.gone
        and (route.start is None or RELOAD not in (*route.stops, *sequences[route.vehicle]))
        and (route.start is not None or not route.frozen)
    )


def _excess(departed: Departed, own: int) -> Excess:
    stops = departed.start[own]
    return excess_of(departed.problem, time_route(departed.problem, own, stops))


def _departed(
    ledger: Ledger, sequences: Sequences, vehicles: tuple[int, ...], rested: frozenset[int]
) -> Departed:
    rest = ledger.rest
    problem = rest.problem
    out = _left_aside(rest, sequences, vehicles)
    stops = tuple(stop for stop in range(len(problem.stops)) if stop not in out)
    own = {stop: number for number, stop in enumerate(stops)}
    units = _units(rest, own, sequences)
    fed = [unit for unit in units if not rest.fetched.isdisjoint(unit.stops)]
    pickup_of = {
        stop: len(stops) + number for number, unit in enumerate(fed) for stop in unit.stops
    }
    depots = list(problem.depots)
    vans = [_van(ledger, vehicle, sequences[vehicle], depots, rested) for vehicle in vehicles]
    visits = _visits(ledger, sequences, stops, vehicles)
    bearers = _bearers(rest, sequences)
    visits += [_pickup(rest, unit, bearers) for unit in fed]
    bonds = [
        replace(
            unit,
            stops=tuple(
                [pickup_of[stop] for stop in unit.stops[:1] if stop in pickup_of]
                + [own[stop] for stop in unit.stops]
            ),
        )
        for unit in units
    ]
    start = {
        number: _own(rest, vehicle, sequences[vehicle], own, pickup_of)
        for number, vehicle in enumerate(vehicles)
    }
    return Departed(
        rest=rest,
        problem=replace(
            problem,
            depots=tuple(depots),
            vehicles=tuple(
                _with_pickups(van, start[number], len(stops)) for number, van in enumerate(vans)
            ),
            stops=tuple(visits),
            bonds=tuple(bonds),
        ),
        vehicles=vehicles,
        stops=stops,
        start=start,
        so_far=dict(sequences),
    )


def _left_aside(rest: Rest, sequences: Sequences, vehicles: tuple[int, ...]) -> frozenset[int]:
    """Stops that nobody of that day may visit, or that are committed."""
    problem = rest.problem
    out = {stop for v, stops in sequences.items() if v not in vehicles for stop in stops}
    if not rest.meeting_of:
        # Nobody is left who could fetch anything.
        out |= rest.fetched
    names = {problem.vehicles[vehicle].id for vehicle in vehicles}
    out |= {
        number
        for number, stop in enumerate(problem.stops)
        if stop.pinned_vehicle is not None and stop.pinned_vehicle not in names
    }
    # What somebody visits who departs is in it all the same.
    out -= {stop for vehicle in vehicles for stop in sequences[vehicle]}
    out |= {stop for bond in problem.bonds if not out.isdisjoint(bond.stops) for stop in bond.stops}
    committed = {stop for r in rest.routes for stop in r.stops[: r.frozen]}
    return frozenset(out | committed | rest.meetings)


def _units(rest: Rest, own: Mapping[int, int], sequences: Sequences) -> list[Bond]:
    """Stops that go together, and those whose parcels are fetched, in the numbers of the rest.

    What is fetched for several is aboard until the last of them: never less than there is.
    """
    problem = rest.problem
    place = {
        stop: number
        for stops in sequences.values()
        for number, stop in enumerate(stops)
        if stop != RELOAD
    }
    units = []
    for bond in problem.bonds:
        if not all(stop in own for stop in bond.stops):
            continue
        fetched = [problem.stops[stop].delivered for stop in bond.stops if stop in rest.fetched]
        if not fetched:
            units.append(bond)
            continue
        order = bond.stops
        if not bond.in_order:
            order = tuple(sorted(order, key=lambda stop: place.get(stop, len(problem.stops))))
        units.append(Bond(stops=order, in_order=True, carried=bond.carried.plus_all(fetched)))
    bound = {stop for unit in units for stop in unit.stops}
    units += [
        Bond(stops=(stop,), in_order=True, carried=problem.stops[stop].delivered)
        for stop in own
        if stop in rest.fetched and stop not in bound
    ]
    return units


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
            found += dict.fromkeys(pickup_of[each] for each in stops if each in pickup_of)
        else:
            found.append(RELOAD if stop == RELOAD else own[stop])
    return tuple(without_empty_trips(found, None))


def _with_pickups(van: Vehicle, stops: tuple[int, ...], first_pickup: int) -> Vehicle:
    """A meeting is one visit, however many pickups it is told in."""
    pickups = sum(stop >= first_pickup for stop in stops)
    if van.stops_max is None or pickups < 2:
        return van
    return replace(van, stops_max=van.stops_max + pickups - 1)


def _van(
    ledger: Ledger,
    vehicle: int,
    stops: tuple[int, ...],
    depots: list[Depot],
    rested: frozenset[int],
) -> Vehicle:
    """The van as it leaves the last of its frozen stops; its place becomes a depot."""
    rest = ledger.rest
    route, van = rest.routes[vehicle], rest.problem.vehicles[vehicle]
    timed = ledger.entry(vehicle, stops).timed
    overtime_s = 0 if timed is None else max(van.overtime_max_s, timed.overtime_s)
    van = replace(van, overtime_max_s=max(van.overtime_max_s, overtime_s))
    if timed is not None and van.end_depot is not None:
        home = rest.problem.depots[van.end_depot]
        if timed.end_s > home.close_s:
            # It comes back to a closed door as it is; no later than that.
            depots.append(replace(home, id=f"{van.id} de vuelta", close_s=timed.end_s))
            van = replace(van, end_depot=len(depots) - 1)
    if route.start is None:
        return van
    first = route.stops[: route.frozen]
    if vehicle in rested and timed is not None:
        done = _done(rest, timed, route, is_rested=True)
    else:
        alone = time_route(rest.problem, vehicle, first, route.start)
        done = _done(rest, alone, route, is_rested=bool(first))
    aboard = sum((rest.problem.stops[stop].picked_up for stop in first), route.start.aboard)
    depots.append(Depot(id=f"{van.id} en ruta", location=done.location, close_s=LAST_S))
    ready_s = done.ready_s
    return replace(
        van,
        start_depot=len(depots) - 1,
        capacity=van.capacity.less(aboard),
        shift_start_s=ready_s,
        latest_start_s=ready_s,
        shift_end_s=max(van.shift_end_s, ready_s + 1),
        fixed_cost_clp=0,
        driving_max_s=_less(van.driving_max_s, done.driven_s),
        duty_max_s=_less(van.duty_max_s, done.on_duty_s),
        breaks=_breaks_left(van.breaks[done.breaks_taken :], ready_s),
        stops_max=None if van.stops_max is None else max(1, van.stops_max - len(first)),
        trips_max=1,
    )


def _done(rest: Rest, timed: PlannedRoute, route: OpenRoute, *, is_rested: bool) -> Start:
    """Where and when the van leaves the last of its frozen stops; with the breaks had by then."""
    start = route.start
    assert start is not None, "who is under way has a start"
    visits = timed.visits[: route.frozen]
    location, ready_s, driven_s = start.location, start.ready_s, start.driven_s
    taken = start.breaks_taken
    if is_rested:
        # Those had where it stands are in no pause of the route.
        ready_s = timed.departure_s
        taken = first_departures(rest.problem, timed.vehicle, start).index(ready_s)
    for visit in visits:
        driven_s += visit.arrival_s - ready_s
        location, ready_s = rest.problem.stops[visit.stop].location, visit.departure_s
    return Start(
        location=location,
        ready_s=ready_s,
        breaks_taken=taken + sum(pause.visit < len(visits) for pause in timed.pauses),
        driven_s=driven_s,
        on_duty_s=start.on_duty_s + ready_s - start.ready_s,
    )


def _breaks_left(breaks: tuple[Break, ...], ready_s: int) -> tuple[Break, ...]:
    """Those that can still be had, under way: nobody has had them before."""
    left, rested_s = [], ready_s
    for each in breaks:
        begun_s = max(each.start_s, rested_s)
        if begun_s + each.duration_s <= each.end_s:
            left.append(replace(each, start_s=max(each.start_s, ready_s)))
            rested_s = begun_s + each.duration_s
    return tuple(left)


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


def _visits(
    ledger: Ledger, sequences: Sequences, stops: tuple[int, ...], vehicles: tuple[int, ...]
) -> list[Stop]:
    """The stops as those who depart may visit them."""
    rest, late_s = ledger.rest, _starts_s(ledger, sequences)
    begun = _begun(rest, vehicles)
    on_the_road = frozenset(rest.problem.vehicles[v].id for v in vehicles if rest.has_left(v))
    visits = []
    for stop in stops:
        visit = rest.problem.stops[stop]
        if stop in rest.fetched:
            visit = replace(visit, delivered=NOTHING)
        if stop in rest.waiting:
            shut_out = visit.excluded_vehicles | on_the_road
            visit = replace(visit, excluded_vehicles=shut_out)
        if stop in begun:
            carrier, carried = begun[stop]
            visit = replace(
                visit, pinned_vehicle=carrier, delivered=visit.delivered.plus_all(carried)
            )
        late = late_s.get(stop)
        if late is not None:
            visit = replace(visit, windows=_open_until(visit.windows, late))
        visits.append(visit)
    return visits


def _open_until(windows: tuple[Window, ...], late_s: int) -> tuple[Window, ...]:
    """The windows, the last to close of them open until then."""
    last = max(windows, key=lambda window: window.end_s)
    return tuple(replace(each, end_s=late_s) if each is last else each for each in windows)


def _begun(rest: Rest, vehicles: tuple[int, ...]) -> dict[int, tuple[str, list[Load]]]:
    """Who has visited others of its bond, or is about to, and what it has aboard from them."""
    found: dict[int, tuple[str, list[Load]]] = {}
    for vehicle in vehicles:
        route = rest.routes[vehicle]
        for first in route.stops[: route.frozen]:
            for stop in rest.problem.bound_to(first):
                bond = rest.problem.bond_of.get(stop)
                if bond is not None and stop not in route.stops[: route.frozen]:
                    is_given = (first, stop) == (bond.stops[0], bond.stops[-1])
                    carried = [bond.carried] if is_given else []
                    name = rest.problem.vehicles[vehicle].id
                    before = found.get(stop, (name, []))[1]
                    found[stop] = (name, before + carried)
    return found


def _pickup(rest: Rest, unit: Bond, bearers: frozenset[int]) -> Stop:
    """Fetching what goes together; a meeting's time is spent with the first it feeds."""
    meeting = rest.problem.stops[next(iter(rest.meeting_of.values()))]
    is_bearer = not bearers.isdisjoint(unit.stops)
    return replace(
        meeting,
        id=f"{rest.problem.stops[unit.stops[0]].id} en el encuentro",
        service_time_s=meeting.service_time_s if is_bearer else 0,
        pinned_vehicle=None,
        unserved_price_clp=0,
    )


def _bearers(rest: Rest, sequences: Sequences) -> frozenset[int]:
    """The first stop that each meeting feeds; of all, where nobody goes to one yet."""
    firsts = [next((s for s in stops if s in rest.fetched), None) for stops in sequences.values()]
    found = frozenset(stop for stop in firsts if stop is not None)
    return found or rest.fetched
