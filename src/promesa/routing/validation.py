"""Everything wrong with a routing problem, found together and told as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from promesa.domain.fleet import Load
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.units import DAY_S
from promesa.routing.bounds import (
    LOAD_MAX,
    PRICE_MAX,
    SPENT_MAX_S,
    STOPS_OF_VEHICLE_MAX,
    TRIPS_MAX,
    number_fault,
)
from promesa.routing.problem import (
    BREAKS_MAX,
    LAST_S,
    NOTHING,
    Balance,
    Bond,
    Break,
    Depot,
    Problem,
    Stop,
    Vehicle,
    Window,
)
from promesa.routing.travel_faults import travel_faults

STOPS_MAX = 60_000
# Three parcels a stop and thirty a van need 6,000 vans for that many stops.
VEHICLES_MAX = 10_000
WINDOWS_MAX = 8
# One fault in more rows than this is told once, with their number.
ROWS_TOLD_MAX = 5
_MAY_BE_NONE = frozenset({"stops_max", "driving_max_s", "duty_max_s"})
_A_DAY = "entre 0 y 24 horas"
_A_WEEK = f"a no más de {LAST_S // DAY_S} días del comienzo del día"
_MEASURES = (("parcels", "bultos"), ("weight_g", "gramos"), ("volume_ml", "mililitros"))
# Name of the field of a fault, what is wrong.
_Named = tuple[str, str]


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
    faults = (
        *_whole(problem),
        *travel_faults(problem.travel),
        *_depots(problem),
        *_vehicles(problem),
        *_stops(problem),
        *_bonds(problem),
    )
    return tuple(_told_once(faults)) if len(faults) > ROWS_TOLD_MAX else faults


def _told_once(faults: Sequence[FieldFault]) -> Iterator[FieldFault]:
    """What is wrong in many rows alike, once, in the row where it comes first."""
    times = Counter((fault.field, fault.reason) for fault in faults)
    told: set[_Named] = set()
    for fault in faults:
        key = fault.field, fault.reason
        if times[key] <= ROWS_TOLD_MAX:
            yield fault
        elif key not in told:
            told.add(key)
            yield replace(fault, reason=f"{fault.reason} Lo mismo en {times[key] - 1} filas más.")


def _whole(problem: Problem) -> Iterator[FieldFault]:
    if not problem.depots:
        yield FieldFault(field="depots", reason="Falta al menos un CD.")
    if not problem.vehicles:
        yield FieldFault(field="vehicles", reason="Falta al menos un vehículo.")
    if len(problem.vehicles) > VEHICLES_MAX:
        yield FieldFault(field="vehicles", reason=f"Son más de {VEHICLES_MAX} vehículos.")
    if len(problem.stops) > STOPS_MAX:
        yield FieldFault(field="stops", reason=f"Son más de {STOPS_MAX} paradas.")
    for reason in _balance(problem.balance):
        yield FieldFault(field="balance", reason=reason)
    yield from _repeated("depots.id", [depot.id for depot in problem.depots])
    yield from _repeated("vehicles.id", [vehicle.id for vehicle in problem.vehicles])
    yield from _repeated("stops.id", [stop.id for stop in problem.stops])


def _balance(balance: Balance) -> Iterator[str]:
    for price, noun in ((balance.stop_price_clp, "paradas"), (balance.hour_price_clp, "horas")):
        reason = number_fault(price, f"El precio de repartir parejo las {noun}", 0, PRICE_MAX)
        if reason:
            yield reason


def _repeated(field: str, ids: Sequence[str]) -> Iterator[FieldFault]:
    seen: set[str] = set()
    for row, name in enumerate(ids, start=1):
        if name in seen:
            yield FieldFault(field=field, row=row, reason=f"El identificador {name} se repite.")
        seen.add(name)


def _depots(problem: Problem) -> Iterator[FieldFault]:
    for row, depot in enumerate(problem.depots, start=1):
        yield from _location(problem, "depots.location", row, depot.location)
        for name, reason in _hours(depot):
            yield FieldFault(field=f"depots.{name}", row=row, reason=reason)


def _hours(depot: Depot) -> Iterator[_Named]:
    is_sound = True
    for name, second in (("open_s", depot.open_s), ("close_s", depot.close_s)):
        if reason := _hour_fault(second, "El horario del CD"):
            is_sound = False
            yield name, reason
    if is_sound and depot.close_s <= depot.open_s:
        yield "close_s", "El CD cierra antes de abrir."


def _hour_fault(second: object, noun: str) -> str | None:
    return number_fault(second, noun, -LAST_S, LAST_S, between=_A_WEEK)


def _location(problem: Problem, field: str, row: int, location: int) -> Iterator[FieldFault]:
    if number_fault(location, "El lugar", 0, problem.travel.locations - 1):
        yield FieldFault(field=field, row=row, reason="El lugar no está en la matriz de tiempos.")


def _vehicles(problem: Problem) -> Iterator[FieldFault]:
    for row, vehicle in enumerate(problem.vehicles, start=1):
        for name, reason in _vehicle(vehicle, len(problem.depots)):
            yield FieldFault(field=f"vehicles.{name}", row=row, reason=reason)


def _vehicle(vehicle: Vehicle, depots: int) -> Iterator[_Named]:
    ends = () if vehicle.end_depot is None else (("end_depot", vehicle.end_depot),)
    for name, depot in (("start_depot", vehicle.start_depot), *ends):
        if number_fault(depot, "El CD", 0, depots - 1):
            yield name, "El vehículo nombra un CD que no existe."
    yield from _load("capacity", "La capacidad", vehicle.capacity)
    yield from _shift(vehicle)
    yield from _limits(vehicle)
    costs = (vehicle.fixed_cost_clp, vehicle.hour_cost_clp, vehicle.km_cost_clp)
    for cost in (*costs, vehicle.overtime_hour_cost_clp, vehicle.unfamiliar_price_clp):
        if reason := number_fault(cost, "Un costo", 0, PRICE_MAX):
            yield "cost_clp", reason
    yield from _breaks(vehicle.breaks)


def _load(name: str, noun: str, load: Load) -> Iterator[_Named]:
    if load is NOTHING:
        return
    for measure, unit in _MEASURES:
        reason = number_fault(getattr(load, measure), f"{noun} en {unit}", 0, LOAD_MAX)
        if reason:
            yield name, reason


def _shift(vehicle: Vehicle) -> Iterator[_Named]:
    start_s, end_s = vehicle.shift_start_s, vehicle.shift_end_s
    reasons = (_hour_fault(second, "La hora de la jornada") for second in (start_s, end_s))
    reason = next(filter(None, reasons), None)
    if reason is None and not 0 <= start_s < end_s:
        reason = "La jornada debe terminar después de empezar."
    if reason is not None:
        yield "shift_end_s", reason
    latest_s = vehicle.latest_start_s
    if latest_s is None:
        return
    if late := _hour_fault(latest_s, "La última hora de salida"):
        yield "latest_start_s", late
    elif reason is None and latest_s < start_s:
        yield "latest_start_s", "La última hora de salida es anterior al inicio de la jornada."


def _limits(vehicle: Vehicle) -> Iterator[_Named]:
    weeks = f"entre 0 y {SPENT_MAX_S // DAY_S} días"
    for name, value, noun, least, most, between in (
        ("stops_max", vehicle.stops_max, "El máximo de paradas", 1, STOPS_OF_VEHICLE_MAX, ""),
        ("driving_max_s", vehicle.driving_max_s, "El máximo de manejo", 0, SPENT_MAX_S, weeks),
        ("duty_max_s", vehicle.duty_max_s, "El máximo de tiempo en ruta", 0, SPENT_MAX_S, weeks),
        ("trips_max", vehicle.trips_max, "El máximo de viajes", 1, TRIPS_MAX, ""),
        ("loading_time_s", vehicle.loading_time_s, "El tiempo de carga", 0, DAY_S, _A_DAY),
        ("overtime_max_s", vehicle.overtime_max_s, "El tiempo de horas extra", 0, DAY_S, _A_DAY),
    ):
        if value is None and name in _MAY_BE_NONE:
            continue
        if reason := number_fault(value, noun, least, most, between=between):
            yield name, reason


def _breaks(breaks: Sequence[Break]) -> Iterator[_Named]:
    if len(breaks) > BREAKS_MAX:
        yield "breaks", f"Son más de {BREAKS_MAX} colaciones."
    rested_s, is_sound = 0, True
    for each in breaks:
        seconds = (each.duration_s, each.start_s, each.end_s)
        reasons = (_hour_fault(second, "La hora de una colación") for second in seconds)
        if reason := next(filter(None, reasons), None):
            yield "breaks", reason
        elif each.duration_s <= 0:
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


def _stop(stop: Stop) -> Iterator[_Named]:
    reasons = (reason for window in stop.windows for reason in _window(window))
    if reason := next(reasons, None):
        yield "windows", reason
    if len(stop.windows) > WINDOWS_MAX:
        yield "windows", f"Son más de {WINDOWS_MAX} ventanas."
    noun = "El tiempo de atención"
    if reason := number_fault(stop.service_time_s, noun, 0, DAY_S, between=_A_DAY):
        yield "service_time_s", reason
    yield from _load("delivered", "Lo que se entrega", stop.delivered)
    yield from _load("delivered", "Lo que se retira", stop.picked_up)
    price = stop.unserved_price_clp
    if price is not None and (
        reason := number_fault(price, "El costo de no atender", 0, PRICE_MAX)
    ):
        yield "unserved_price_clp", reason


def _window(window: Window) -> Iterator[str]:
    for second in (window.start_s, window.end_s):
        if reason := _hour_fault(second, "La hora de una ventana"):
            yield reason
    if not window.start_s <= window.end_s:
        yield "Una ventana termina antes de empezar."


def _bonds(problem: Problem) -> Iterator[FieldFault]:
    bound: set[int] = set()
    for row, bond in enumerate(problem.bonds, start=1):
        for name, reason in _bond(bond, len(problem.stops), bound):
            yield FieldFault(field=f"bonds.{name}", row=row, reason=reason)
        bound.update(bond.stops)


def _bond(bond: Bond, stops: int, bound: Collection[int]) -> Iterator[_Named]:
    if len(bond.stops) < 2:
        yield "stops", "Un vínculo une dos paradas o más."
    if len(set(bond.stops)) < len(bond.stops):
        yield "stops", "Un vínculo nombra dos veces la misma parada."
    if any(number_fault(stop, "La parada", 0, stops - 1) for stop in bond.stops):
        yield "stops", "Un vínculo nombra una parada que no existe."
    if any(stop in bound for stop in bond.stops):
        yield "stops", "Una parada está en dos vínculos."
    yield from _load("carried", "Lo que se lleva de una parada a otra", bond.carried)
    if bond.carried != NOTHING and not bond.in_order:
        yield "carried", "Lo que se lleva de una parada a otra exige que vayan en orden."
