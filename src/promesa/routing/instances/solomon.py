"""Solomon's and Gehring and Homberger's text files (VRPTW).

Cost by DIMACS' convention: distance only, one decimal truncated.
Solomon (1987), doi 10.1287/opre.35.2.254.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from promesa.domain.fleet import Load
from promesa.routing.instances.instance import (
    Instance,
    InstanceError,
    distance_only,
    first_depot,
    one_depot_fleet,
    truncated_euclid,
)
from promesa.routing.plan import Plan
from promesa.routing.problem import Problem, Stop, Window

TENTHS = 10
_FLEET_COLUMNS, _NODE_COLUMNS = 2, 7


def read_solomon(path: Path) -> Instance:
    """The instance in a .txt file.

    Raises:
        InstanceError: The fleet or the nodes are missing.
    """
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    numbers = [row for row in (_numbers(line) for line in lines) if row]
    fleet = next((row for row in numbers if len(row) == _FLEET_COLUMNS), None)
    nodes = [row for row in numbers if len(row) == _NODE_COLUMNS]
    if fleet is None or len(nodes) < 2:
        raise InstanceError("Faltan la flota (2 números) o los nodos (7 números por fila).")
    table = np.array(nodes)
    scaled = (table[:, 4:] * TENTHS).astype(int)
    end_s = int(scaled[0, 1])
    stops = tuple(
        Stop(
            id=str(int(row[0])),
            location=place,
            delivered=Load(parcels=int(row[3])),
            windows=(Window(start_s=int(scaled[place, 0]), end_s=int(scaled[place, 1])),),
            service_time_s=int(scaled[place, 2]),
        )
        for place, row in enumerate(nodes)
        if place > 0
    )
    problem = Problem(
        travel=distance_only(truncated_euclid(table[:, 1:3]), has_times=True),
        depots=first_depot(end_s),
        vehicles=one_depot_fleet(int(fleet[0]), int(fleet[1]), end_s),
        stops=stops,
    )

    def cost_of(plan: Plan) -> float:
        return sum(route.distance_m for route in plan.routes) / TENTHS

    name = next((line.strip() for line in lines if line.strip()), path.stem)
    return Instance(name=name, problem=problem, cost_of=cost_of, vehicles_max=int(fleet[0]))


def _numbers(line: str) -> list[float]:
    try:
        return [float(word) for word in line.split()]
    except ValueError:
        return []
