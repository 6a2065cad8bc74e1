"""Metropolitan delivery days as arrays (.npz): two depots, windows, shifts, asymmetric times.

Cost: driving seconds plus a fixed number of seconds per vehicle used; waiting is free. By the
hour, leaving i at t consumes the free-flow time at the speed of i's ring, half-hour after
half-hour (Ichoua, Gendreau, Potvin 2003, doi 10.1016/S0377-2217(02)00147-9).
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.routing.instances.instance import UNIT_KM_COST_CLP, Instance, InstanceError
from promesa.routing.matrix import Matrix, Travel
from promesa.routing.plan import Plan
from promesa.routing.problem import Break, Depot, Problem, Stop, Vehicle, Window
from promesa.routing.ring_speeds import RingSpeeds

DEPOTS = 2
_Arrays = dict[str, NDArray[np.int64]]


def read_metropolitan(path: Path) -> Instance:
    """The day with its free-flow times at all hours.

    Raises:
        InstanceError: An array is missing.
    """
    arrays = _arrays(path)
    free_s = arrays["free_flow_s"].astype(np.int32, copy=False)
    # Seconds stand as metres too: the instance pays for driving and for nothing else.
    return _instance(path.stem, arrays, Matrix(free_s[None], free_s[None]), _fleet(arrays))


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
        InstanceError: An array is missing, or there are no vans.
    """
    arrays = _arrays(path, *(("break_s", "break_window_s") if with_breaks else ()))
    if vans is not None and vans < 1:
        raise InstanceError("Hace falta al menos una camioneta.", vans=vans)
    travel = RingSpeeds(
        free_flow_s=arrays["free_flow_s"].astype(np.int32, copy=False),
        ring=arrays["ring"].astype(np.int8),
        speed=np.asarray(arrays["speed"], dtype=np.float64),
    )
    breaks = (_break(arrays),) if with_breaks else ()
    fleet = _fleet(arrays) if vans is None else _dealt(arrays, vans)
    rested = tuple(replace(vehicle, breaks=breaks) for vehicle in fleet)
    return _instance(f"{path.stem} por hora", arrays, travel, rested, vans)


def _arrays(path: Path, *more: str) -> _Arrays:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (zipfile.BadZipFile, ValueError, EOFError):
        raise InstanceError("El archivo no es un .npz que se pueda abrir.") from None
    needed = {
        "free_flow_s", "ring", "speed", "demand", "service_s", "window_s", "capacity",
        "fixed_cost_s", "shift_s", "vehicles_max", *more,
    }  # fmt: skip
    missing = sorted(needed.difference(arrays))
    if missing:
        raise InstanceError("Al archivo le faltan arreglos.", missing=missing)
    return arrays


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
        arrays["demand"].tolist(),
        arrays["service_s"].tolist(),
        arrays["window_s"].tolist(),
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
