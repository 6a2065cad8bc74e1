"""Stops that not even an empty vehicle could serve, and why."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.routing.explanation import Cause, Explanation
from promesa.routing.matrix import NEVER_S
from promesa.routing.problem import Problem, Stop, Vehicle
from promesa.routing.schedule import time_route
from promesa.routing.words import capacity_gap, clock, list_words


def find_hopeless(problem: Problem, stop: int) -> Explanation | None:
    """Why nothing can help this stop; None when an empty vehicle could serve it."""
    for cause, sentence in _hopeless(problem, stop):
        name = problem.stops[stop].id
        return Explanation(stop=name, cause=cause, sentence=sentence, options=())
    return None


def _hopeless(problem: Problem, index: int) -> Iterator[tuple[Cause, str]]:
    """Causes that hold even with every vehicle empty."""
    stop = problem.stops[index]
    allowed = [v for v in range(len(problem.vehicles)) if problem.allows(vehicle=v, stop=index)]
    if not allowed:
        needs = list_words(sorted(stop.skills)) or f"el vehículo {stop.pinned_vehicle}"
        yield Cause.SKILL_MISSING, f"Ningún vehículo del día tiene lo que pide: {needs}."
        return
    vehicles = [problem.vehicles[v] for v in allowed]
    if not any(_holds(vehicle, stop) for vehicle in vehicles):
        gap = capacity_gap(stop, vehicles)
        yield Cause.TOO_LARGE, f"No cabe en ningún vehículo vacío: {gap}."
        return
    alone = [time_route(problem, v, (index,)) for v in allowed]
    reachable = [route for route in alone if route.driving_s < NEVER_S]
    if not reachable:
        yield Cause.UNREACHABLE, "No hay camino en el mapa desde ningún CD hasta la dirección."
        return
    if all(route.lateness_s or route.overtime_s for route in reachable):
        best = min(reachable, key=lambda route: route.lateness_s + route.overtime_s)
        yield Cause.WINDOW_IMPOSSIBLE, _too_far(problem, best.vehicle, index)


def _too_far(problem: Problem, vehicle: int, index: int) -> str:
    stop = problem.stops[index]
    route = time_route(problem, vehicle, (index,))
    depot = problem.depots[problem.vehicles[vehicle].start_depot].label
    arrival = clock(route.visits[0].arrival_s)
    if route.lateness_s:
        close_s = max(window.end_s for window in stop.told_windows)
        near = "" if route.visits[0].arrival_s > close_s else ", sin margen para un atraso,"
        return (
            f"Ni un vehículo vacío alcanza: saliendo de {depot} llega a las {arrival}{near} "
            f"y la ventana cierra a las {clock(close_s)}."
        )
    end, limit = clock(route.end_s), clock(problem.latest_s(vehicle))
    return (
        f"Ni un vehículo vacío alcanza: vuelve a {depot} a las {end} "
        f"y la jornada termina a las {limit}."
    )


def _holds(vehicle: Vehicle, stop: Stop) -> bool:
    return stop.delivered.fits_in(vehicle.capacity) and stop.picked_up.fits_in(vehicle.capacity)
