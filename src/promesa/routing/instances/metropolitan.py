"""Metropolitan delivery days as arrays (.npz): two depots, windows, shifts, asymmetric times.

Cost: driving seconds plus a fixed number of seconds per vehicle used; waiting is free. By the
hour, leaving i at t consumes the free-flow time at the speed of i's ring, half-hour after
half-hour (Ichoua, Gendreau, Potvin 2003, doi 10.1016/S0377-2217(02)00147-9).
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.routing.bounds import LOAD_MAX, PRICE_MAX
from promesa.routing.instances.instance import UNIT_KM_COST_CLP, Instance, InstanceError, whole
from promesa.routing.matrix import NEVER_S, Matrix, Travel
from promesa.routing.plan import Plan
from promesa.routing.problem import LAST_S, Break, Depot, Problem, Stop, Vehicle, Window
from promesa.routing.ring_speeds import SPEED_MAX, SPEED_MIN, RingSpeeds
from promesa.routing.validation import VEHICLES_MAX

DEPOTS = 2
_Arrays = dict[str, NDArray[np.float64]]
# How many places there are, and any number of them.
_PLACES, ANY = -1, -2
# What a zip that is damaged or packed otherwise raises, at whatever byte.
_DAMAGES = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError)
_BREAK = ("break_s", "break_window_s")
_SHAPES: dict[str, tuple[int, ...]] = {
    "free_flow_s": (_PLACES, _PLACES),
    "ring": (_PLACES,),
    "speed": (ANY, ANY),
    "demand": (_PLACES,),
    "service_s": (_PLACES,),
    "window_s": (_PLACES, 2),
    "capacity": (),
    "fixed_cost_s": (),
    "shift_s": (2,),
    "vehicles_max": (),
    "break_s": (),
    "break_window_s": (2,),
}
# Seconds end with the longest horizon; these are no seconds, or may be more of them.
_MOST = {
    "free_flow_s": NEVER_S,
    "ring": np.iinfo(np.int8).max,
    "demand": LOAD_MAX,
    "capacity": LOAD_MAX,
    "fixed_cost_s": PRICE_MAX,
    "vehicles_max": VEHICLES_MAX,
}


def read_metropolitan(path: Path) -> Instance:
    """The day with its free-flow times at all hours.

    Raises:
        InstanceError: An array is missing, or holds what the day cannot be planned with.
    """
    arrays = _arrays(path)
    free_s = arrays["free_flow_s"].astype(np.int32)
    # Seconds stand as metres too: the instance pays for driving and for nothing else.
    slices = free_s[None]
    return _instance(path.stem, arrays, Matrix(slices, slices), _fleet(arrays))


def read_metropolitan_hourly(
    path: Path, *, with_breaks: bool = False, vans: int | None = None
) -> Instance:
    """The day with the speeds of each ring and half-hour.

    Args:
        path: The .npz file.
        with_breaks: Whether every driver takes the break of the file.
        vans: How many there are in all, dealt to the depots in turn; None leaves each depot as
            many as the file allows in all.

    Raises:
        InstanceError: An array is missing, or holds what the day cannot be planned with, or there
            are no vans.
    """
    arrays = _arrays(path, *(_BREAK if with_breaks else ()))
    if vans is not None and vans < 1:
        raise InstanceError("Hace falta al menos una camioneta.", vans=vans)
    travel = RingSpeeds(
        free_flow_s=arrays["free_flow_s"].astype(np.int32),
        ring=arrays["ring"].astype(np.int8),
        speed=arrays["speed"].astype(np.float64),
    )
    breaks = (_break(arrays),) if with_breaks else ()
    fleet = _fleet(arrays) if vans is None else _dealt(arrays, vans)
    rested = tuple(replace(vehicle, breaks=breaks) for vehicle in fleet)
    return _instance(f"{path.stem} por hora", arrays, travel, rested, vans)


def _arrays(path: Path, *more: str) -> _Arrays:
    arrays = _unpacked(path)
    missing = sorted({*_SHAPES, *more}.difference(arrays) - set(_BREAK).difference(more))
    if missing:
        raise InstanceError("Al archivo le faltan arreglos.", missing=", ".join(missing))
    known = {name: arrays[name] for name in _SHAPES if name in arrays}
    numbers = {name: _numbers(name, array) for name, array in known.items()}
    _require_shapes(numbers)
    places, rings = len(numbers["ring"]), len(numbers["speed"])
    if places <= DEPOTS:
        raise InstanceError(f"Hacen falta {DEPOTS} CD y un cliente, y ring trae {places} en todo.")
    if int(numbers["vehicles_max"]) > VEHICLES_MAX // DEPOTS:
        raise InstanceError(f"vehicles_max debe ser de 1 a {VEHICLES_MAX // DEPOTS}.")
    if numbers["ring"].max() >= rings:
        raise InstanceError(f"ring nombra un anillo sin fila en speed, que trae {rings}.")
    speed = numbers["speed"]
    if not speed.size or not ((speed >= SPEED_MIN) & (speed <= SPEED_MAX)).all():
        raise InstanceError(f"Las velocidades de speed deben ir de {SPEED_MIN:g} a {SPEED_MAX:g}.")
    return numbers


def _unpacked(path: Path) -> dict[str, NDArray[np.generic]]:
    if not zipfile.is_zipfile(path):
        raise InstanceError("El archivo no es un .npz que se pueda abrir.")
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (*_DAMAGES, ValueError, EOFError):
        raise InstanceError("El archivo no es un .npz que se pueda abrir.") from None


def _numbers(name: str, array: NDArray[np.generic]) -> NDArray[np.float64]:
    """The array, whole numbers but for the speeds."""
    if array.dtype.kind not in "iuf":
        raise InstanceError(f"El arreglo {name} debe traer números.")
    numbers = array.astype(np.float64)
    if name != "speed":
        whole(numbers.ravel(), name, most=_MOST.get(name, LAST_S))
    return numbers


def _require_shapes(numbers: _Arrays) -> None:
    """Raises InstanceError where two arrays do not tell of the same places."""
    sizes = {_PLACES: len(np.atleast_1d(numbers["ring"]))}
    for name, array in numbers.items():
        due = tuple(sizes.get(size, size) for size in _SHAPES[name])
        fits = len(due) == array.ndim and all(
            want in (ANY, has) for want, has in zip(due, array.shape, strict=True)
        )
        if not fits:
            raise InstanceError(
                f"El arreglo {name} debe medir {_measure(due)} y mide {_measure(array.shape)}."
            )


def _measure(shape: tuple[int, ...]) -> str:
    """As ``6 x 2``."""
    return " x ".join("n" if size == ANY else str(size) for size in shape) or "un número"


def _break(arrays: _Arrays) -> Break:
    start_s, end_s = (int(each) for each in arrays["break_window_s"])
    return Break(start_s=start_s, end_s=end_s, duration_s=int(arrays["break_s"]))


def _fleet(arrays: _Arrays) -> tuple[Vehicle, ...]:
    """As many vans at each depot as may be used in all."""
    vans = int(arrays["vehicles_max"])
    return tuple(
        _van(arrays, depot, number) for depot in range(DEPOTS) for number in range(1, vans + 1)
    )


def _dealt(arrays: _Arrays, vans: int) -> tuple[Vehicle, ...]:
    """So many vans in all; the first depot has the odd one."""
    return tuple(
        _van(arrays, depot, number)
        for depot in range(DEPOTS)
        for number in range(1, 1 + len(range(depot, vans, DEPOTS)))
    )


def _van(arrays: _Arrays, depot: int, number: int) -> Vehicle:
    start_s, end_s = (int(each) for each in arrays["shift_s"])
    return Vehicle(
        id=f"V{depot + 1}.{number}",
        start_depot=depot,
        end_depot=depot,
        capacity=Load(parcels=int(arrays["capacity"])),
        shift_start_s=start_s,
        shift_end_s=end_s,
        fixed_cost_clp=int(arrays["fixed_cost_s"]),
        km_cost_clp=UNIT_KM_COST_CLP,
    )


def _instance(
    name: str,
    arrays: _Arrays,
    travel: Travel,
    fleet: tuple[Vehicle, ...],
    vehicles_max: int | None = None,
) -> Instance:
    fixed_s = int(arrays["fixed_cost_s"])
    problem = Problem(
        travel=travel,
        depots=tuple(Depot(id=str(place + 1), location=place) for place in range(DEPOTS)),
        vehicles=fleet,
        stops=_stops(arrays),
    )

    def cost_of(plan: Plan) -> float:
        return sum(route.driving_s + fixed_s for route in plan.routes)

    if vehicles_max is None:
        vehicles_max = int(arrays["vehicles_max"])
    return Instance(name=name, problem=problem, cost_of=cost_of, vehicles_max=vehicles_max)


def _stops(arrays: _Arrays) -> tuple[Stop, ...]:
    rows = zip(
        arrays["demand"].astype(int).tolist(),
        arrays["service_s"].astype(int).tolist(),
        arrays["window_s"].astype(int).tolist(),
        strict=True,
    )
    return tuple(
        Stop(
            id=str(place),
            location=place,
            delivered=Load(parcels=demand),
            windows=(Window(start_s=window[0], end_s=window[1]),),
            service_time_s=service_s,
        )
        for place, (demand, service_s, window) in enumerate(rows)
        if place >= DEPOTS
    )
