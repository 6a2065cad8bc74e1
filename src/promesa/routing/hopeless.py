"""Stops that not even an empty vehicle could serve, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import permutations

from promesa.routing.explanation import Cause, Explanation
from promesa.routing.limits import Excess, excess_of
from promesa.routing.loads import loads_along
from promesa.routing.matrix import NEVER_S
from promesa.routing.plan import PlannedRoute
from promesa.routing.problem import Problem, Stop, Vehicle
from promesa.routing.schedule import time_route
from promesa.routing.words import capacity_gap, clock, list_words, span

# Stops bound together that are tried in every order; more are left to the trial.
_ORDERED_MAX = 4


def find_hopeless(problem: Problem, stop: int) -> Explanation | None:
    """Why nothing can help this stop; None when an empty vehicle could serve it."""
    for cause, sentence in _hopeless(problem, stop):
        name = problem.stops[stop].id
        return Explanation(stop=name, cause=cause, sentence=sentence, options=())
    return None


def _hopeless(problem: Problem, index: int) -> Iterator[tuple[Cause, str]]:
    """Causes that hold even with every vehicle empty."""
    unit = problem.bound_to(index)
    fleet = range(len(problem.vehicles))
    allowed = [v for v in fleet if problem.allows_all(vehicle=v, stops=unit)]
    if not allowed:
        yield Cause.SKILL_MISSING, _barred(problem, unit)
        return
    orders = _orders(problem, index)
    if not orders:
        return
    vehicles = [problem.vehicles[v] for v in allowed]
    if not any(_holds(problem, vehicle, order) for vehicle in vehicles for order in orders):
        yield Cause.TOO_LARGE, _too_large(problem, index, vehicles)
        return
    alone = [time_route(problem, v, order) for v in allowed for order in orders]
    reachable = [route for route in alone if route.driving_s < NEVER_S]
    if not reachable:
        yield Cause.UNREACHABLE, _no_way(problem, index, alone)
        return
    if all(_seconds_over(excess_of(problem, route)) for route in reachable):
        best = min(reachable, key=lambda route: _seconds_over(excess_of(problem, route)))
        yield (
            Cause.WINDOW_IMPOSSIBLE,
            f"Ni un vehículo vacío alcanza: {_too_far(problem, index, best)}.",
        )


def _orders(problem: Problem, index: int) -> list[tuple[int, ...]]:
    """Every order in which the stop may be made with those bound to it; none if too many."""
    unit = problem.bound_to(index)
    if len(unit) == 1 or problem.bond_of[index].in_order:
        return [unit]
    return list(permutations(unit)) if len(unit) <= _ORDERED_MAX else []


def _no_way(problem: Problem, index: int, alone: Sequence[PlannedRoute]) -> str:
    """Which way is missing: out, or only the one back."""
    others = [stop for stop in problem.bound_to(index) if stop != index]
    if others:
        names = list_words([problem.stops[stop].id for stop in others])
        return f"No hay camino en el mapa para visitarla en el mismo viaje que {names}."
    vans = [problem.vehicles[route.vehicle] for route in alone]
    for route in alone:
        out_s = route.driving_s - (route.end_s - route.visits[-1].departure_s)
        if out_s < NEVER_S:
            homes = _any_of(problem, {van.end_depot for van in vans})
            return f"Hay camino en el mapa hasta la dirección, pero no para volver a {homes}."
    depots = _any_of(problem, {van.start_depot for van in vans})
    return f"No hay camino en el mapa desde {depots} hasta la dirección."


def _any_of(problem: Problem, depots: Collection[int | None]) -> str:
    """The depots after a 'no': by name, where vehicles of others must not come anyway."""
    if all(number in depots for number in range(len(problem.depots))):
        return "ningún CD"
    return " ni ".join(
        depot.label for number, depot in enumerate(problem.depots) if number in depots
    )


def _barred(problem: Problem, unit: Sequence[int]) -> str:
    """What keeps every vehicle of the day away."""
    stops = [problem.stops[stop] for stop in unit]
    pins = sorted({stop.pinned_vehicle for stop in stops if stop.pinned_vehicle is not None})
    needs = sorted(frozenset().union(*(stop.skills for stop in stops)))
    needs += [f"el vehículo {pin}" for pin in pins]
    together = ", contando las que van en el mismo viaje" if len(unit) > 1 else ""
    if not needs:
        reason = f"está excluida de todos{together}"
        return f"No puede ir en ninguno de los vehículos libres: {reason}."
    able = [van.id for van in problem.vehicles if _has_all(van, stops)]
    if not able:
        return f"Ningún vehículo libre tiene lo que pide: {list_words(needs)}."
    return f"Pide {list_words(needs)} y está excluida de {list_words(able)}{together}."


def _has_all(van: Vehicle, stops: Sequence[Stop]) -> bool:
    """Whether it is what all of them ask for, were it not for exclusions."""
    return all(
        stop.skills <= van.skills and stop.pinned_vehicle in {None, van.id} for stop in stops
    )


def _holds(problem: Problem, vehicle: Vehicle, order: Sequence[int]) -> bool:
    (loads,) = loads_along(problem, order)
    return all(load.fits_in(vehicle.capacity) for load in loads)


def _too_large(problem: Problem, index: int, vehicles: Sequence[Vehicle]) -> str:
    unit = problem.bound_to(index)
    if len(unit) == 1:
        gap = capacity_gap(problem.stops[index], vehicles)
        return f"No cabe en ningún vehículo vacío: {gap}."
    names = list_words([problem.stops[stop].id for stop in unit if stop != index])
    return f"No cabe en ningún vehículo vacío junto con {names}, que van en el mismo viaje."


def _seconds_over(excess: Excess) -> int:
    """How far from possible; a break without a place counts as if it were a day late."""
    seconds = excess.lateness_s + excess.overtime_s + excess.driving_s + excess.duty_s
    return seconds + 86_400 * excess.breaks


def _too_far(problem: Problem, index: int, route: PlannedRoute) -> str:
    """What an empty vehicle breaks, by the clock."""
    van = problem.vehicles[route.vehicle]
    depot = problem.depots[van.start_depot].label
    for number, visit in enumerate(route.visits):
        if visit.lateness_s:
            stop = problem.stops[visit.stop]
            close_s = max(window.end_s for window in stop.told_windows)
            near = "" if visit.arrival_s > close_s else ", sin margen para un atraso,"
            if near and any(rest.visit == number and rest.is_before for rest in route.pauses):
                near = ", toma ahí su colación"
            whose = "" if visit.stop == index else f" de {stop.id}"
            return (
                f"saliendo de {depot} llega a las {clock(visit.arrival_s)}{near} "
                f"y la ventana{whose} cierra a las {clock(close_s)}"
            )
    excess = excess_of(problem, route)
    if excess.overtime_s:
        return _too_late(problem, route)
    if excess.driving_s and van.driving_max_s is not None:
        return f"maneja {span(route.driving_s)} y su máximo es {span(van.driving_max_s)}"
    if excess.duty_s and van.duty_max_s is not None:
        out_s = route.end_s - route.departure_s
        return f"la ruta dura {span(out_s)} y su máximo es {span(van.duty_max_s)}"
    return "no queda dónde tomar la colación"


def _too_late(problem: Problem, route: PlannedRoute) -> str:
    """What it comes back after: its shift, or the closing of its depot before that."""
    van, end = problem.vehicles[route.vehicle], clock(route.end_s)
    limit_s = problem.limit_s(route.vehicle)
    limit = clock(limit_s)
    if van.end_depot is None:
        return f"termina a las {end} y la jornada termina a las {limit}"
    is_shut = limit_s < van.shift_end_s + van.overtime_max_s
    what = "el CD cierra" if is_shut else "la jornada termina"
    return f"vuelve a {problem.depots[van.end_depot].label} a las {end} y {what} a las {limit}"
