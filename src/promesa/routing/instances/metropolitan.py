"""Metropolitan delivery days as arrays (.npz): two depots, windows, shifts, asymmetric times.

Cost: driving seconds plus a fixed number of seconds per vehicle used; waiting is free. By the
hour, leaving i at t consumes the free-flow time at the speed of i's ring, half-hour after
half-hour (Ichoua, Gendreau, Potvin 2003, doi 10.1016/S0377-2217(02)00147-9).
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.routing.instances.instance import UNIT_KM_COST_CLP, Instance, InstanceError
from promesa.routing.instances.ring_speeds import RingSpeeds
from promesa.routing.matrix import Matrix, Travel
from promesa.routing.plan import Plan
from promesa.routing.problem import Depot, Problem, Stop, Vehicle, Window

DEPOTS = 2
_Arrays = dict[str, NDArray[np.int64]]


def read_metropolitan(path: Path) -> Instance:
    """The day with its free-flow times at all hours.

    Raises:
        InstanceError: An array is missing.
    """
    arrays = _arrays(path)
    free_s = arrays["free_flow_s"].astype(np.int32)
    # Seconds stand as metres too: the instance pays for driving and for nothing else.
    return _instance(path.stem, arrays, Matrix(free_s[None], free_s[None]))


def read_metropolitan_hourly(path: Path) -> Instance:
    """The day with the speeds of each ring and half-hour.

    Raises:
        InstanceError: An array is missing.
    """
    arrays = _arrays(path)
    travel = RingSpeeds(
        free_flow_s=arrays["free_flow_s"].astype(np.int32),
        ring=arrays["ring"].astype(np.int8),
        speed=np.asarray(arrays["speed"], dtype=np.float64),
    )
    return _instance(f"{path.stem} por hora", arrays, travel)


def _arrays(path: Path) -> _Arrays:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (zipfile.BadZipFile, ValueError, EOFError):
        raise InstanceError("El archivo no es un .npz que se pueda abrir.") from None
    needed = {
        "free_flow_s", "ring", "speed", "demand", "service_s", "window_s", "capacity",
        "fixed_cost_s", "shift_s", "vehicles_max",
    }  # fmt: skip
    missing = sorted(needed.difference(arrays))
    if missing:
        raise InstanceError("Al archivo le faltan arreglos.", missing=missing)
    return arrays


def _instance(name: str, arrays: _Arrays, travel: Travel) -> Instance:
    start_s, end_s = (int(each) for each in arrays["shift_s"])
    fixed_s, vehicles_max = int(arrays["fixed_cost_s"]), int(arrays["vehicles_max"])
    vehicles = tuple(
        Vehicle(
            id=f"V{depot + 1}.{number + 1}",
            start_depot=depot,
            end_depot=depot,
            capacity=Load(parcels=int(arrays["capacity"])),
            shift_start_s=start_s,
            shift_end_s=end_s,
            fixed_cost_clp=fixed_s,
            km_cost_clp=UNIT_KM_COST_CLP,
        )
        for depot in range(DEPOTS)
        for number in range(vehicles_max)
    )
    problem = Problem(
        travel=travel,
        depots=tuple(Depot(id=str(place + 1), location=place) for place in range(DEPOTS)),
        vehicles=vehicles,
        stops=_stops(arrays),
    )

    def cost_of(plan: Plan) -> float:
        return sum(route.driving_s + fixed_s for route in plan.routes)

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
