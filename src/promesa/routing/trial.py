"""A stop that is left out, put into the plan's own routes with one limit lifted at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from promesa.domain.fleet import Load
from promesa.kernel.units import MINUTE_S
from promesa.routing.counting import Counted, count_insertions
from promesa.routing.explanation import Cause, Option, Remedy
from promesa.routing.insertion import Insertion, find_insertion, list_insertions
from promesa.routing.params import RoutingParams
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD, Plan
from promesa.routing.problem import LAST_S, Depot, Problem, Stop, Vehicle
from promesa.routing.words import clock, list_words, pesos

# Routes tried per stop: those that pass nearest. More made no difference to the sentences.
ROUTES_TRIED = 8
# How much longer a shift may get before we stop calling it an answer: two hours of overtime is
# the legal day's limit (Código del Trabajo, art. 31).
OVERTIME_MAX_S = 7_200
OVERTIME_STEP_S = 900


class Trial:
    """One left-out stop against the plan's routes, with one limit lifted at a time."""

    def __init__(self, problem: Problem, plan: Plan, stop: int) -> None:
        self._problem = problem
        self._index = stop
        self._stop = problem.stops[stop]
        busy = [route.vehicle for route in plan.routes]
        self._routes = [*_nearest(problem, plan, stop), *idle_routes(problem, busy)]
        offers = list_insertions(problem, self._routes, stop)
        timed = {route.vehicle: route for route in plan.routes}
        self._counted = next(iter(count_insertions(problem, timed, offers)), None)
        self._as_it_is = None if self._counted is None else self._counted.insertion

    def options(self) -> Iterator[Option]:
        """Every single change that lets the stop in."""
        tried = (
            self._anyway(),
            self._other_window(),
            self._more_capacity(),
            self._more_stops(),
            self._longer_shift(),
            one_more_vehicle(self._problem, self._index),
        )
        yield from (option for option in tried if option is not None)

    def cause(self, options: Sequence[Option], params: RoutingParams) -> tuple[Cause, str]:
        """The limit that keeps it out, judged by which lifting lets it in."""
        if self._counted is not None:
            return self._not_put_in(self._counted, params)
        remedies = {option.remedy for option in options}
        if Remedy.MORE_CAPACITY in remedies and Remedy.OTHER_WINDOW not in remedies:
            return Cause.NO_CAPACITY, "no queda espacio en los vehículos que alcanzan a pasar"
        if Remedy.MORE_STOPS in remedies and Remedy.OTHER_WINDOW not in remedies:
            return Cause.STOPS_MAX, "quien alcanza a pasar ya hace su máximo de paradas"
        if self._stop.windows and not self._is_open_all_day():
            return Cause.NO_TIME, f"no cabe en {self._window_words()}"
        return Cause.NO_TIME, "no queda tiempo en ninguna jornada"

    def _not_put_in(self, counted: Counted, params: RoutingParams) -> tuple[Cause, str]:
        """Why it is left out though it fits: what it counts against what leaving it out does."""
        found = counted.insertion
        price_clp = left_out_clp(self._problem, found.stops, params)
        if counted.added_clp <= price_clp:
            if price_clp > 0:
                return Cause.FITS, "se paga sola, pero la búsqueda no llegó a ponerla"
            return Cause.FITS, "dejarla fuera no cuesta nada, y atenderla tampoco"
        if price_clp == 0:
            return Cause.TOO_DEAR, "dejarla fuera no cuesta nada"
        price = pesos(price_clp)
        if found.added_cost_clp <= price_clp:
            return Cause.TOO_DEAR, (
                f"atenderla cuesta menos que los {price} de dejarla fuera, pero lleva a un "
                "conductor donde no conoce o reparte peor el trabajo"
            )
        return Cause.TOO_DEAR, f"atenderla cuesta más que los {price} de dejarla fuera"

    def _is_open_all_day(self) -> bool:
        """Whether a window holds every shift, so that it keeps nobody away."""
        return any(
            window.start_s <= min(van.shift_start_s for van in self._problem.vehicles)
            and window.end_s >= max(van.shift_end_s for van in self._problem.vehicles)
            for window in self._stop.told_windows
        )

    def _window_words(self) -> str:
        spans = [f"{clock(w.start_s)}–{clock(w.end_s)}" for w in self._stop.told_windows]
        return (
            f"su ventana {spans[0]}"
            if len(spans) == 1
            else f"ninguna ventana ({list_words(spans)})"
        )

    def _name(self, found: Insertion) -> str:
        return self._problem.vehicles[found.timed.vehicle].id

    def _fits(self) -> str:
        return _fits(self._problem, self._index)

    def _anyway(self) -> Option | None:
        found = self._as_it_is
        if found is None:
            return None
        return _option(
            Remedy.ANYWAY, f"{self._fits()} en {self._name(found)}", found, self._name(found)
        )

    def _other_window(self) -> Option | None:
        if not self._stop.windows or self._as_it_is is not None:
            return None
        free = self._with_stop(replace(self._stop, windows=()))
        found = find_insertion(free, self._routes, self._index)
        if found is None:
            return None
        visit = next(visit for visit in found.timed.visits if visit.stop == self._index)
        at = clock(visit.start_s)
        sentence = f"{self._fits()} en {self._name(found)} a las {at} si se cambia la ventana"
        return _option(Remedy.OTHER_WINDOW, sentence, found, self._name(found))

    def _more_capacity(self) -> Option | None:
        if self._as_it_is is not None:
            return None
        roomy = Load(parcels=10**9, weight_g=10**12, volume_ml=10**12)
        vehicles = tuple(replace(v, capacity=roomy) for v in self._problem.vehicles)
        found = find_insertion(self._with_vehicles(vehicles), self._routes, self._index)
        if found is None:
            return None
        sentence = f"{self._fits()} en {self._name(found)} si tuviera más espacio"
        return _option(Remedy.MORE_CAPACITY, sentence, found, self._name(found))

    def _more_stops(self) -> Option | None:
        vehicles = tuple(replace(v, stops_max=None) for v in self._problem.vehicles)
        if self._as_it_is is not None or vehicles == self._problem.vehicles:
            return None
        found = find_insertion(self._with_vehicles(vehicles), self._routes, self._index)
        if found is None:
            return None
        sentence = f"{self._fits()} en {self._name(found)} si pudiera hacer más paradas"
        return _option(Remedy.MORE_STOPS, sentence, found, self._name(found))

    def _longer_shift(self) -> Option | None:
        """With the depots open as they are; open for longer only where that alone is in the way."""
        if self._as_it_is is not None:
            return None
        depots = self._problem.depots
        open_late = tuple(replace(depot, close_s=LAST_S) for depot in depots)
        for hours in (depots, open_late):
            if self._with_overtime(OVERTIME_MAX_S, hours) is None:
                continue
            # The longest of them does.
            found, extra_s = next(
                (each, extra_s)
                for extra_s in range(OVERTIME_STEP_S, OVERTIME_MAX_S + 1, OVERTIME_STEP_S)
                if (each := self._with_overtime(extra_s, hours)) is not None
            )
            name, longer = self._name(found), f"{extra_s // MINUTE_S} min más de jornada"
            if hours is open_late:
                longer += f" y el CD abierto hasta las {clock(found.timed.end_s)}"
            sentence = f"{self._fits()} en {name} con {longer}"
            return _option(Remedy.LONGER_SHIFT, sentence, found, name)
        return None

    def _with_overtime(self, extra_s: int, depots: tuple[Depot, ...]) -> Insertion | None:
        vehicles = tuple(_working_longer(v, extra_s) for v in self._problem.vehicles)
        longer = replace(self._problem, vehicles=vehicles, depots=depots)
        return find_insertion(longer, self._routes, self._index)

    def _with_stop(self, stop: Stop) -> Problem:
        stops = list(self._problem.stops)
        stops[self._index] = stop
        return replace(self._problem, stops=tuple(stops))

    def _with_vehicles(self, vehicles: tuple[Vehicle, ...]) -> Problem:
        return replace(self._problem, vehicles=vehicles)


def one_more_vehicle(problem: Problem, stop: int) -> Option | None:
    """A copy of each vehicle that could come, empty; the cheapest one that fits."""
    extra = list(dict.fromkeys(replace(v, id="") for v in problem.vehicles))
    number = len(problem.vehicles)
    wider = replace(problem, vehicles=(*problem.vehicles, *extra))
    # A pin names one vehicle; one more would have to be another.
    wider = replace(wider, stops=_unpinned(wider.stops, wider.bound_to(stop)))
    routes = [OpenRoute(vehicle=number + place) for place in range(len(extra))]
    found = find_insertion(wider, routes, stop)
    if found is None:
        return None
    copied = extra[found.route]
    name = next(v.id for v in problem.vehicles if replace(v, id="") == copied)
    depot = problem.depots[copied.start_depot].label
    sentence = f"{_fits(problem, stop)} con un vehículo más desde {depot}"
    return _option(Remedy.ONE_MORE_VEHICLE, sentence, found, name)


def _fits(problem: Problem, stop: int) -> str:
    """'cabría', with those that must come along."""
    others = [other for other in problem.bound_to(stop) if other != stop]
    names = list_words([problem.stops[other].id for other in others]) if others else ""
    return f"cabría junto con {names}" if names else "cabría"


def _option(remedy: Remedy, sentence: str, found: Insertion, vehicle: str) -> Option:
    return Option(
        remedy=remedy,
        sentence=f"{sentence} ({pesos(found.added_cost_clp)})",
        cost_clp=found.added_cost_clp,
        vehicle=vehicle,
    )


def _working_longer(vehicle: Vehicle, extra_s: int) -> Vehicle:
    duty_max_s = None if vehicle.duty_max_s is None else vehicle.duty_max_s + extra_s
    return replace(vehicle, shift_end_s=vehicle.shift_end_s + extra_s, duty_max_s=duty_max_s)


def _unpinned(stops: tuple[Stop, ...], indexes: Sequence[int]) -> tuple[Stop, ...]:
    return tuple(
        replace(stop, pinned_vehicle=None) if index in indexes else stop
        for index, stop in enumerate(stops)
    )


def left_out_clp(problem: Problem, stops: Iterable[int], params: RoutingParams) -> int:
    """What leaving these out counts."""
    prices = (problem.stops[stop].unserved_price_clp for stop in stops)
    return sum(params.unserved_price_clp if price is None else price for price in prices)


def idle_routes(problem: Problem, busy: Iterable[int]) -> list[OpenRoute]:
    """An empty route for one unused vehicle of each kind: more of a kind offer nothing new."""
    taken, kinds, idle = set(busy), set(), []
    named = problem.named_vehicles()
    for index, vehicle in enumerate(problem.vehicles):
        kind = vehicle if vehicle.id in named else replace(vehicle, id="")
        if index not in taken and kind not in kinds:
            kinds.add(kind)
            idle.append(OpenRoute(vehicle=index))
    return idle


def _nearest(problem: Problem, plan: Plan, stop: int) -> list[OpenRoute]:
    """The routes that pass nearest to the stop and may visit it and those bound to it."""
    place = problem.stops[stop].location

    def away_s(route: OpenRoute) -> int:
        return min(
            problem.travel.travel_s(problem.stops[other].location, place, 0)
            for other in route.stops
            if other != RELOAD
        )

    routes = [
        OpenRoute(vehicle=route.vehicle, stops=route.sequence)
        for route in plan.routes
        if route.visits and problem.allows_all(vehicle=route.vehicle, stops=problem.bound_to(stop))
    ]
    return sorted(routes, key=away_s)[:ROUTES_TRIED]
