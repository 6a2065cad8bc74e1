"""Everything wrong with a routing problem, found together and told as data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import ClassVar

from promesa.domain.fleet import Load
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.routing.problem import DAY_S, LAST_S, NOTHING, Bond, Break, Problem, Stop, Vehicle

STOPS_MAX = 60_000
# Three parcels a stop and thirty a van need 6,000 vans for that many stops.
VEHICLES_MAX = 10_000
WINDOWS_MAX = 8
# Each break is one more label at every stop; the law knows one colación (Código del Trabajo,
# art. 34), and two short rests beside it are what contracts add.
BREAKS_MAX = 3


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
    return (
        *_whole(problem),
        *_depots(problem),
        *_vehicles(problem),
        *_stops(problem),
        *_bonds(problem),
    )


def _whole(problem: Problem) -> Iterator[FieldFault]:
    if not problem.depots:
        yield FieldFault(field="depots", reason="Falta al menos un CD.")
    if not problem.vehicles:
        yield FieldFault(field="vehicles", reason="Falta al menos un vehículo.")
    if len(problem.vehicles) > VEHICLES_MAX:
        yield FieldFault(field="vehicles", reason=f"Son más de {VEHICLES_MAX} vehículos.")
    if len(problem.stops) > STOPS_MAX:
        yield FieldFault(field="stops", reason=f"Son más de {STOPS_MAX} paradas.")
    balance = problem.balance
    if min(balance.stop_price_clp, balance.hour_price_clp) < 0:
        yield FieldFault(field="balance", reason="Un precio no puede ser negativo.")
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
        if depot is not None and not 0 <= depot < depots:
            yield name, "El vehículo nombra un CD que no existe."
    if _has_negative(vehicle.capacity):
        yield "capacity", "La capacidad no puede ser negativa."
    yield from _shift(vehicle)
    yield from _limits(vehicle)
    costs = (vehicle.fixed_cost_clp, vehicle.hour_cost_clp, vehicle.km_cost_clp)
    if min(*costs, vehicle.overtime_hour_cost_clp, vehicle.unfamiliar_price_clp) < 0:
        yield "cost_clp", "Un costo no puede ser negativo."
    yield from _breaks(vehicle.breaks)


def _shift(vehicle: Vehicle) -> Iterator[tuple[str, str]]:
    if not 0 <= vehicle.shift_start_s < vehicle.shift_end_s <= LAST_S:
        yield "shift_end_s", "La jornada debe terminar después de empezar."
    latest_s = vehicle.latest_start_s
    if latest_s is not None and latest_s < vehicle.shift_start_s:
        yield "latest_start_s", "La última hora de salida es anterior al inicio de la jornada."
    if not 0 <= vehicle.overtime_max_s <= DAY_S:
        yield "overtime_max_s", "Las horas extra deben estar entre 0 y 24 horas."


def _limits(vehicle: Vehicle) -> Iterator[tuple[str, str]]:
    if vehicle.stops_max is not None and vehicle.stops_max < 1:
        yield "stops_max", "El máximo de paradas debe ser 1 o más."
    if vehicle.driving_max_s is not None and vehicle.driving_max_s < 0:
        yield "driving_max_s", "El máximo de manejo no puede ser negativo."
    if vehicle.duty_max_s is not None and vehicle.duty_max_s < 0:
        yield "duty_max_s", "El máximo de tiempo en ruta no puede ser negativo."
    if vehicle.trips_max < 1:
        yield "trips_max", "El máximo de viajes debe ser 1 o más."
    if not 0 <= vehicle.loading_time_s <= DAY_S:
        yield "loading_time_s", "El tiempo de carga debe estar entre 0 y 24 horas."


def _breaks(breaks: Sequence[Break]) -> Iterator[tuple[str, str]]:
    if len(breaks) > BREAKS_MAX:
        yield "breaks", f"Son más de {BREAKS_MAX} colaciones."
    rested_s, is_sound = 0, True
    for each in breaks:
        if each.duration_s <= 0:
            yield "breaks", "Una colación debe durar más de 0 segundos."
        elif not 0 <= each.start_s <= each.end_s <= LAST_S:
            yield "breaks", "El horario de una colación termina antes de empezar."
        elif each.start_s + each.duration_s > each.end_s:
            yield "breaks", "Una colación dura más que el horario en que se toma."
        else:
            rested_s = max(rested_s, each.start_s) + each.duration_s
            is_sound = is_sound and rested_s <= each.end_s
    if not is_sound:
        yield "breaks", "Las colaciones no caben una después de la otra en el orden dado."


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


def _bonds(problem: Problem) -> Iterator[FieldFault]:
    bound: set[int] = set()
    for row, bond in enumerate(problem.bonds, start=1):
        for name, reason in _bond(bond, len(problem.stops), bound):
            yield FieldFault(field=f"bonds.{name}", row=row, reason=reason)
        bound.update(bond.stops)


def _bond(bond: Bond, stops: int, bound: Collection[int]) -> Iterator[tuple[str, str]]:
    if len(bond.stops) < 2:
        yield "stops", "Un vínculo une dos paradas o más."
    if len(set(bond.stops)) < len(bond.stops):
        yield "stops", "Un vínculo nombra dos veces la misma parada."
    if any(not 0 <= stop < stops for stop in bond.stops):
        yield "stops", "Un vínculo nombra una parada que no existe."
    if any(stop in bound for stop in bond.stops):
        yield "stops", "Una parada está en dos vínculos."
    if _has_negative(bond.carried):
        yield "carried", "Lo que se lleva de una parada a otra no puede ser negativo."
    if bond.carried != NOTHING and not bond.in_order:
        yield "carried", "Lo que se lleva de una parada a otra exige que vayan en orden."


def _has_negative(load: Load) -> bool:
    measures: Iterable[int] = (load.parcels, load.weight_g, load.volume_ml)
    return any(measure < 0 for measure in measures)
