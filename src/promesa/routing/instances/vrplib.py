"""VRPLIB files: CVRP and VRPTW, coordinates or explicit distances.

CVRP distances are rounded to the nearest integer (Uchoa et al. 2017, doi
10.1016/j.ejor.2016.08.012). VRPTW follows the DIMACS challenge of 2022: distance only, one
decimal truncated. Explicit distances are taken as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.routing.instances.instance import (
    Instance,
    InstanceError,
    distance_only,
    first_depot,
    fleet_for,
    one_depot_fleet,
    travel_of,
    truncated_euclid,
)
from promesa.routing.matrix import Travel
from promesa.routing.plan import Plan
from promesa.routing.plane import Plane
from promesa.routing.problem import Problem, Stop, Window

TENTHS = 10


class _Sections:
    """Headers and sections of one file."""

    def __init__(self, text: str) -> None:
        self.headers: dict[str, str] = {}
        self.sections: dict[str, list[list[str]]] = {}
        current: list[list[str]] | None = None
        for line in text.splitlines():
            words = line.replace(":", " : ").split()
            if not words or words == ["EOF"]:
                continue
            if words[0].endswith("_SECTION"):
                current = self.sections.setdefault(words[0], [])
            elif len(words) > 1 and words[1] == ":":
                self.headers[words[0]] = " ".join(words[2:])
            elif current is not None:
                current.append(words)

    def number(self, name: str) -> int:
        """A header that must be a whole number."""
        try:
            return int(float(self.headers[name]))
        except (KeyError, ValueError):
            raise InstanceError(
                f"Falta el número {name} en el encabezado, o no es un número.", field=name
            ) from None

    def table(self, name: str, columns: int) -> NDArray[np.float64]:
        """A section as float64, [node, columns], without the node numbers."""
        rows = self.sections.get(name, [])
        dimension = self.number("DIMENSION")
        if len(rows) != dimension or any(len(row) != columns + 1 for row in rows):
            raise InstanceError(
                f"La sección {name} debe tener {dimension} filas de {columns + 1} columnas.",
                field=name,
            )
        try:
            table = np.array([row[1:] for row in rows], dtype=np.float64)
        except ValueError:
            raise InstanceError(f"La sección {name} tiene algo que no es número.") from None
        if not np.isfinite(table).all():
            raise InstanceError(f"La sección {name} tiene un número sin fin.")
        return table


def read_vrplib(path: Path) -> Instance:
    """The instance in a .vrp file with its one depot first.

    Raises:
        InstanceError: A header or section is missing or wrong.
    """
    file = _Sections(path.read_text(encoding="utf-8", errors="replace"))
    has_windows = "TIME_WINDOW_SECTION" in file.sections
    is_explicit = file.headers.get("EDGE_WEIGHT_TYPE") == "EXPLICIT"
    scale = TENTHS if has_windows and not is_explicit else 1
    demands = file.table("DEMAND_SECTION", 1)[:, 0].astype(int).tolist()
    windows = _windows(file, scale) if has_windows else []
    end_s = windows[0].end_s if windows else None
    capacity = file.number("CAPACITY")
    count = fleet_for(demands[1:], capacity)
    if "VEHICLES" in file.headers:
        count = file.number("VEHICLES")
    ends = () if end_s is None else (end_s,)
    problem = Problem(
        travel=_travel(file, has_windows=has_windows, is_explicit=is_explicit),
        depots=first_depot(*ends),
        vehicles=one_depot_fleet(count, capacity, *ends),
        stops=_stops(demands, windows, _services(file, scale)),
    )

    def cost_of(plan: Plan) -> float:
        return sum(route.distance_m for route in plan.routes) / scale

    return Instance(name=file.headers.get("NAME", path.stem), problem=problem, cost_of=cost_of)


def _stops(
    demands: Sequence[int], windows: Sequence[Window], services_s: Sequence[int]
) -> tuple[Stop, ...]:
    return tuple(
        Stop(
            id=str(node),
            location=node,
            delivered=Load(parcels=demands[node]),
            windows=(windows[node],) if windows else (),
            service_time_s=services_s[node],
        )
        for node in range(1, len(demands))
    )


def _windows(file: _Sections, scale: int) -> list[Window]:
    spans = (file.table("TIME_WINDOW_SECTION", 2) * scale).astype(int)
    return [Window(start_s=int(start), end_s=int(end)) for start, end in spans]


def _services(file: _Sections, scale: int) -> list[int]:
    dimension = file.number("DIMENSION")
    if "SERVICE_TIME_SECTION" in file.sections:
        return [int(each) for each in file.table("SERVICE_TIME_SECTION", 1)[:, 0] * scale]
    if "SERVICE_TIME" in file.headers:
        return [file.number("SERVICE_TIME") * scale] * dimension
    return [0] * dimension


def _travel(file: _Sections, *, has_windows: bool, is_explicit: bool) -> Travel:
    if is_explicit:
        return distance_only(_explicit(file), has_times=has_windows)
    coordinates = file.table("NODE_COORD_SECTION", 2)
    if has_windows:
        return distance_only(truncated_euclid(coordinates), has_times=True)
    return travel_of(Plane(xy=coordinates))


def _explicit(file: _Sections) -> NDArray[np.int32]:
    """int32, [n, n], from a full matrix or from one of its halves."""
    words = [word for row in file.sections.get("EDGE_WEIGHT_SECTION", []) for word in row]
    dimension = file.number("DIMENSION")
    form = file.headers.get("EDGE_WEIGHT_FORMAT", "FULL_MATRIX")
    rows, columns = np.indices((dimension, dimension)).reshape(2, -1)
    shapes: dict[str, NDArray[np.bool_]] = {
        "FULL_MATRIX": rows >= 0,
        "LOWER_ROW": rows > columns,
        "LOWER_DIAG_ROW": rows >= columns,
        "UPPER_ROW": rows < columns,
        "UPPER_DIAG_ROW": rows <= columns,
    }
    given = shapes.get(form)
    if given is None or int(given.sum()) != len(words):
        raise InstanceError(
            f"La sección EDGE_WEIGHT_SECTION no calza con {form}.", field="EDGE_WEIGHT_SECTION"
        )
    matrix = np.zeros((dimension, dimension), dtype=np.int32)
    values = np.rint(np.array(words, dtype=np.float64)).astype(np.int32)
    if form != "FULL_MATRIX":
        matrix[columns[given], rows[given]] = values
    matrix[rows[given], columns[given]] = values
    np.fill_diagonal(matrix, 0)
    return matrix
