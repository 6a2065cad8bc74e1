"""Everything wrong with a routing problem, found together and told as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from promesa.domain.fleet import Load
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.routing.problem import DAY_S, LAST_S, Problem, Stop, Vehicle

STOPS_MAX = 20_000
VEHICLES_MAX = 2_000
WINDOWS_MAX = 8


class ProblemInvalidError(InvalidError):
    """The problem cannot be planned as it stands; ``details["faults"]`` says why."""

    code: ClassVar[str] = "routing_problem_invalid"
    message: ClassVar[str] = "No se puede planificar con estos datos. Corrige los que se indican."


def require_valid(problem: Problem) -> None:
    """Raises ProblemInvalidError with every fault, if there is any."""
    faults = problem_faults(problem)
    if faults:
        raise ProblemInvalidError(faults=faults)


def problem_faults(problem: Problem) -> tuple[FieldFault, ...]:
    """All faults of the problem; empty when it can be planned."""
    return (*_whole(problem), *_depots(problem), *_vehicles(problem), *_stops(problem))


def _whole(problem: Problem) -> Iterator[FieldFault]:
    if not problem.depots:
        yield FieldFault(field="depots", reason="Falta al menos un CD.")
    if not problem.vehicles:
        yield FieldFault(field="vehicles", reason="Falta al menos un vehículo.")
    if len(problem.vehicles) > VEHICLES_MAX:
        yield FieldFault(field="vehicles", reason=f"Son más de {VEHICLES_MAX} vehículos.")
    if len(problem.stops) > STOPS_MAX:
        yield FieldFault(field="stops", reason=f"Son más de {STOPS_MAX} paradas.")
    yield from _repeated("depots.id", [depot.id for depot in problem.depots])
    yield from _repeated("vehicles.id", [vehicle.id for vehicle in problem.vehicles])
    yield from _repeated("stops.id", [stop.id for stop in problem.stops])


def _repeated(field: str, ids: Sequence[str]) -> Iterator[FieldFault]:
    seen: set[str] = set()
    for row, name in enumerate(ids, start=1):
        if name in seen:
            yield FieldFault(field=field, row=row, reason=f"El identificador {name} se repite.")
        seen.add(name)


def _depots(problem: Problem) -> Iterator[FieldFault]:
    for row, depot in enumerate(problem.depots, start=1):
        yield from _location(problem, "depots.location", row, depot.location)
        if depot.close_s <= depot.open_s:
            yield FieldFault(field="depots.close_s", row=row, reason="El CD cierra antes de abrir.")


def _location(problem: Problem, field: str, row: int, location: int) -> Iterator[FieldFault]:
    if not 0 <= location < problem.travel.locations:
        yield FieldFault(field=field, row=row, reason="El lugar no está en la matriz de tiempos.")


def _vehicles(problem: Problem) -> Iterator[FieldFault]:
    for row, vehicle in enumerate(problem.vehicles, start=1):
        for name, reason in _vehicle(vehicle, len(problem.depots)):
            yield FieldFault(field=f"vehicles.{name}", row=row, reason=reason)


def _vehicle(vehicle: Vehicle, depots: int) -> Iterator[tuple[str, str]]:
    for name, depot in (("start_depot", vehicle.start_depot), ("end_depot", vehicle.end_depot)):
        if not 0 <= depot < depots:
            yield name, "El vehículo nombra un CD que no existe."
    if not 0 <= vehicle.shift_start_s < vehicle.shift_end_s <= LAST_S:
        yield "shift_end_s", "La jornada debe terminar después de empezar."
    if vehicle.stops_max is not None and vehicle.stops_max < 1:
        yield "stops_max", "El máximo de paradas debe ser 1 o más."
    if _has_negative(vehicle.capacity):
        yield "capacity", "La capacidad no puede ser negativa."
    if min(vehicle.fixed_cost_clp, vehicle.hour_cost_clp, vehicle.km_cost_clp) < 0:
        yield "cost_clp", "Un costo no puede ser negativo."


def _stops(problem: Problem) -> Iterator[FieldFault]:
    vehicle_ids = {vehicle.id for vehicle in problem.vehicles}
    for row, stop in enumerate(problem.stops, start=1):
        yield from _location(problem, "stops.location", row, stop.location)
        if stop.pinned_vehicle is not None and stop.pinned_vehicle not in vehicle_ids:
            reason = f"El vehículo fijado {stop.pinned_vehicle} no trabaja este día."
            yield FieldFault(field="stops.pinned_vehicle", row=row, reason=reason)
        for name, reason in _stop(stop):
            yield FieldFault(field=f"stops.{name}", row=row, reason=reason)


def _stop(stop: Stop) -> Iterator[tuple[str, str]]:
    if any(window.end_s < window.start_s for window in stop.windows):
        yield "windows", "Una ventana termina antes de empezar."
    if len(stop.windows) > WINDOWS_MAX:
        yield "windows", f"Son más de {WINDOWS_MAX} ventanas."
    if not 0 <= stop.service_time_s <= DAY_S:
        yield "service_time_s", "El tiempo de atención debe estar entre 0 y 24 horas."
    if _has_negative(stop.delivered) or _has_negative(stop.picked_up):
        yield "delivered", "Bultos, peso y volumen no pueden ser negativos."
    if stop.unserved_price_clp is not None and stop.unserved_price_clp < 0:
        yield "unserved_price_clp", "El costo de no atender no puede ser negativo."


def _has_negative(load: Load) -> bool:
    measures: Iterable[int] = (load.parcels, load.weight_g, load.volume_ml)
    return any(measure < 0 for measure in measures)
