"""Solomon's and Gehring and Homberger's text files (VRPTW).

Cost by DIMACS' convention: distance only, one decimal truncated.
Solomon (1987), doi 10.1287/opre.35.2.254.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.kernel.units import DAY_S
from promesa.routing.bounds import LOAD_MAX
from promesa.routing.instances.distances import every_pair, truncated_tenths
from promesa.routing.instances.instance import (
    COORDINATE_MAX,
    Instance,
    InstanceError,
    distance_only,
    one_depot,
    one_depot_fleet,
    whole,
)
from promesa.routing.plan import Plan
from promesa.routing.problem import LAST_S, Problem, Stop, Window
from promesa.routing.validation import VEHICLES_MAX

TENTHS = 10
_FLEET_COLUMNS, _NODE_COLUMNS = 2, 7


def read_solomon(path: Path) -> Instance:
    """The instance in a .txt file.

    Raises:
        InstanceError: The fleet or nodes are missing, cut or not what the format has there.
    """
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    fleet, nodes = _tables(lines)
    (count,) = whole(fleet[:1], "NUMBER", most=VEHICLES_MAX)
    (capacity,) = whole(fleet[1:], "CAPACITY", most=LOAD_MAX)
    demands = whole(nodes[:, 3], "DEMAND", most=LOAD_MAX)
    starts, ends = (
        whole(nodes[:, column], noun, most=LAST_S, scale=TENTHS)
        for column, noun in ((4, "READY TIME"), (5, "DUE DATE"))
    )
    services_s = whole(nodes[:, 6], "SERVICE TIME", most=DAY_S, scale=TENTHS)
    coordinates = nodes[:, 1:3]
    if not (np.abs(coordinates) <= COORDINATE_MAX).all():
        raise InstanceError(f"Una coordenada está fuera de ±{COORDINATE_MAX}. Corrígela.")
    if demands[0]:
        raise InstanceError("El CD (nodo 0) no puede pedir: ponle 0 en DEMAND.")
    stops = tuple(
        Stop(
            id=str(place),
            location=place,
            delivered=Load(parcels=demands[place]),
            windows=(Window(start_s=starts[place], end_s=ends[place]),),
            service_time_s=services_s[place],
        )
        for place in range(1, len(nodes))
    )
    problem = Problem(
        travel=distance_only(every_pair(coordinates, truncated_tenths), has_times=True),
        depots=(one_depot(start_s=starts[0], end_s=ends[0]),),
        vehicles=one_depot_fleet(count, capacity, ends[0]),
        stops=stops,
    )

    def cost_of(plan: Plan) -> float:
        return sum(route.distance_m for route in plan.routes) / TENTHS

    name = next((line.strip() for line in lines if line.strip()), path.stem)
    return Instance(name=name, problem=problem, cost_of=cost_of, vehicles_max=count)


def _tables(lines: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The fleet's two numbers, and the nodes' seven by their numbers."""
    fleet: list[float] = []
    nodes: list[list[float]] = []
    for number, line in enumerate(lines, start=1):
        row = _numbers(line)
        if not fleet and len(row) == _FLEET_COLUMNS:
            fleet = row
        elif len(row) == _NODE_COLUMNS:
            nodes.append(row)
        elif line.strip() and (nodes or (fleet and row)):
            raise InstanceError(
                f"La línea {number} no tiene {_NODE_COLUMNS} números. ¿Está cortado el archivo?"
            )
    if not fleet or len(nodes) < 2:
        raise InstanceError("Faltan la flota (2 números) o los nodos (7 números por fila).")
    nodes.sort(key=lambda row: row[0])
    table = np.array(nodes)
    if table[:, 0].tolist() != list(range(len(nodes))):
        raise InstanceError(
            f"Los nodos deben ir del 0 al {len(nodes) - 1}, cada uno una vez: el 0 es el CD."
        )
    return np.array(fleet), table


def _numbers(line: str) -> list[float]:
    try:
        return [float(word) for word in line.split()]
    except ValueError:
        return []
