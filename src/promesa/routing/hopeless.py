"""Stops that not even an empty vehicle could serve, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from promesa.routing.explanation import Cause, Explanation
from promesa.routing.limits import Excess, excess_of
from promesa.routing.loads import loads_along
from promesa.routing.matrix import NEVER_S
from promesa.routing.plan import PlannedRoute
from promesa.routing.problem import Problem, Vehicle
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
        yield Cause.UNREACHABLE, _no_way(alone)
        return
    if all(_seconds_over(excess_of(problem, route)) for route in reachable):
        best = min(reachable, key=lambda route: _seconds_over(excess_of(problem, route)))
        yield Cause.WINDOW_IMPOSSIBLE, f"Ni un vehículo vacío alcanza: {_too_far(problem, best)}."


def _orders(problem: Problem, index: int) -> list[tuple[int, ...]]:
    """Every order in which the stop may be made with those bound to it; none if too many."""
    unit = problem.bound_to(index)
    if len(unit) == 1 or problem.bond_of[index].in_order:
        return [unit]
    return list(permutations(unit)) if len(unit) <= _ORDERED_MAX else []


def _no_way(alone: Sequence[PlannedRoute]) -> str:
    """Which way is missing: out, or only the one back."""
    for route in alone:
        out_s = route.driving_s - (route.end_s - route.visits[-1].departure_s)
        if out_s < NEVER_S:
            return "Hay camino en el mapa hasta la dirección, pero no para volver a ningún CD."
    return "No hay camino en el mapa desde ningún CD hasta la dirección."


def _barred(problem: Problem, unit: Sequence[int]) -> str:
    """What keeps every vehicle of the day away."""
    stops = [problem.stops[stop] for stop in unit]
    pins = sorted({stop.pinned_vehicle for stop in stops if stop.pinned_vehicle is not None})
    needs = sorted(frozenset().union(*(stop.skills for stop in stops)))
    needs += [f"el vehículo {pin}" for pin in pins]
    if needs:
        return f"Ningún vehículo libre tiene lo que pide: {list_words(needs)}."
    return "No puede ir en ninguno de los vehículos libres: está excluida de todos."


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


def _too_far(problem: Problem, route: PlannedRoute) -> str:
    """What an empty vehicle breaks, by the clock."""
    van = problem.vehicles[route.vehicle]
    depot = problem.depots[van.start_depot].label
    for visit in route.visits:
        if visit.lateness_s:
            close_s = max(window.end_s for window in problem.stops[visit.stop].told_windows)
            near = "" if visit.arrival_s > close_s else ", sin margen para un atraso,"
            return (
                f"saliendo de {depot} llega a las {clock(visit.arrival_s)}{near} "
                f"y la ventana cierra a las {clock(close_s)}"
            )
    excess = excess_of(problem, route)
    if excess.overtime_s:
        end, limit = clock(route.end_s), clock(problem.limit_s(route.vehicle))
        does = f"vuelve a {depot}" if van.end_depot is not None else "termina"
        return f"{does} a las {end} y la jornada termina a las {limit}"
    if excess.driving_s and van.driving_max_s is not None:
        return f"maneja {span(route.driving_s)} y su máximo es {span(van.driving_max_s)}"
    if excess.duty_s and van.duty_max_s is not None:
        out_s = route.end_s - route.departure_s
        return f"la ruta dura {span(out_s)} y su máximo es {span(van.duty_max_s)}"
    return "no queda dónde tomar la colación"
