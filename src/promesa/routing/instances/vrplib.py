"""VRPLIB files: CVRP and VRPTW, coordinates or explicit distances, one depot.

CVRP distances are rounded to the nearest integer (Uchoa et al. 2017, doi
10.1016/j.ejor.2016.08.012), or as TSPLIB defines CEIL_2D and GEO. VRPTW follows the DIMACS
challenge of 2022: distance only, one decimal truncated. Explicit distances are taken as they are.
DISTANCE limits what a route is long, the service at its stops included, as in Christofides,
Mingozzi and Toth's. A customer is named by its node less one, as CVRPLIB's solutions name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.kernel.units import DAY_S
from promesa.routing.bounds import DISTANCE_MAX, LOAD_MAX
from promesa.routing.instances.distances import (
    Measure,
    ceiled_euclid,
    every_pair,
    geographic,
    rounded_euclid,
    truncated_tenths,
)
from promesa.routing.instances.instance import (
    COORDINATE_MAX,
    Instance,
    InstanceError,
    distance_only,
    fleet_for,
    one_depot,
    one_depot_fleet,
    travel_of,
    whole,
)
from promesa.routing.instances.vrplib_sections import Sections
from promesa.routing.matrix import Travel
from promesa.routing.plan import Plan
from promesa.routing.plane import MATRIX_PLACES_MAX, MatrixTooLargeError, Plane
from promesa.routing.problem import LAST_S, Depot, Problem, Stop, Window
from promesa.routing.validation import VEHICLES_MAX

TENTHS = 10
_KINDS = ("CVRP", "ACVRP", "DCVRP", "VRPTW", "CVRPTW")
_EXPLICIT, _EUCLID, _GEO = "EXPLICIT", "EUC_2D", "GEO"
_MEASURES: dict[str, Measure] = {
    _EUCLID: rounded_euclid,
    "CEIL_2D": ceiled_euclid,
    _GEO: geographic,
}
# Degrees of latitude and longitude.
_GEO_MAX = (90, 180)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What the headers say of the whole.

    Attributes:
        weights: EDGE_WEIGHT_TYPE.
        has_windows: Whether each node has a window.
        length_max: Of a route; None for no limit.
    """

    weights: str
    has_windows: bool
    length_max: int | None

    @property
    def scale(self) -> int:
        """Our units in one of the file's."""
        return TENTHS if self.has_windows and self.weights == _EUCLID else 1

    @property
    def is_timed(self) -> bool:
        """Whether time can forbid anything."""
        return self.has_windows or self.length_max is not None


def read_vrplib(path: Path) -> Instance:
    """The instance in a .vrp file.

    Raises:
        InstanceError: A header or section is missing, wrong or unknown to us.
    """
    file = Sections(path.read_text(encoding="utf-8-sig", errors="replace"))
    rules = _rules(file)
    place = _depot(file)
    (demands,) = file.numbers("DEMAND_SECTION", most=LOAD_MAX)
    if demands[place]:
        raise InstanceError(f"El CD (nodo {place + 1}) no puede pedir: ponle 0 en DEMAND_SECTION.")
    windows = _windows(file, rules.scale) if rules.has_windows else []
    depot = one_depot(place, end_s=max(DAY_S, rules.length_max or 0))
    if windows:
        depot = one_depot(place, start_s=windows[place].start_s, end_s=windows[place].end_s)
    capacity = file.number("CAPACITY", most=LOAD_MAX)
    problem = Problem(
        travel=_travel(file, rules),
        depots=(depot,),
        vehicles=one_depot_fleet(
            _vans(file, rules, demands, capacity), capacity, depot.close_s, rules.length_max
        ),
        stops=_stops(depot, demands, windows, _services(file, rules)),
    )

    def cost_of(plan: Plan) -> float:
        return sum(route.distance_m for route in plan.routes) / rules.scale

    return Instance(name=file.headers.get("NAME", path.stem), problem=problem, cost_of=cost_of)


def _rules(file: Sections) -> _Rules:
    _ = file.dimension
    kind = file.headers.get("TYPE", _KINDS[0])
    if kind not in _KINDS:
        raise InstanceError(f"No sabemos resolver el tipo {kind}. Sabemos {', '.join(_KINDS)}.")
    weights = file.headers.get("EDGE_WEIGHT_TYPE")
    known = (_EXPLICIT, *_MEASURES)
    if weights not in known:
        told = "Falta EDGE_WEIGHT_TYPE." if weights is None else f"No sabemos medir con {weights}."
        raise InstanceError(f"{told} Sabemos {', '.join(known)}.", field="EDGE_WEIGHT_TYPE")
    has_windows = "TIME_WINDOW_SECTION" in file.sections
    if kind.endswith("TW") and not has_windows:
        raise InstanceError(f"Es {kind} y falta TIME_WINDOW_SECTION. ¿Está cortado el archivo?")
    length_max = file.number("DISTANCE", most=LAST_S) if "DISTANCE" in file.headers else None
    if has_windows and length_max is not None:
        raise InstanceError("No sabemos resolver con DISTANCE y ventanas a la vez. Quita una.")
    return _Rules(weights=weights, has_windows=has_windows, length_max=length_max)


def _depot(file: Sections) -> int:
    """Row of the one depot; the first node where the file names none."""
    if "DEPOT_SECTION" not in file.sections:
        return 0
    words = file.words("DEPOT_SECTION")
    named = words[: words.index("-1")] if "-1" in words else words
    if len(named) != 1:
        raise InstanceError(
            f"DEPOT_SECTION nombra {len(named)} CD y sabemos resolver con uno. "
            "Deja el número de su nodo y un -1.",
            field="DEPOT_SECTION",
        )
    nodes = file.dimension
    if not named[0].isdecimal() or not 1 <= int(named[0]) <= nodes:
        raise InstanceError(
            f"DEPOT_SECTION debe nombrar un nodo del 1 al {nodes}.", field="DEPOT_SECTION"
        )
    return int(named[0]) - 1


def _vans(file: Sections, rules: _Rules, demands: Sequence[int], capacity: int) -> int:
    """How many vehicles to offer."""
    if "VEHICLES" in file.headers:
        return file.number("VEHICLES", most=VEHICLES_MAX)
    if rules.is_timed:
        # Load does not tell how many are needed where time runs out first.
        return min(VEHICLES_MAX, len(demands) - 1)
    return fleet_for(demands, capacity)


def _stops(
    depot: Depot,
    demands: Sequence[int],
    windows: Sequence[Window],
    services_s: Sequence[int],
) -> tuple[Stop, ...]:
    return tuple(
        Stop(
            id=str(node),
            location=node,
            delivered=Load(parcels=demands[node]),
            windows=(windows[node],) if windows else (),
            service_time_s=services_s[node],
        )
        for node in range(len(demands))
        if node != depot.location
    )


def _windows(file: Sections, scale: int) -> list[Window]:
    starts, ends = file.numbers("TIME_WINDOW_SECTION", most=LAST_S, scale=scale, columns=2)
    return [Window(start_s=start, end_s=end) for start, end in zip(starts, ends, strict=True)]


def _services(file: Sections, rules: _Rules) -> list[int]:
    """Seconds at each node; nought where no limit asks how long a route takes."""
    services_s = [0] * file.dimension
    if "SERVICE_TIME_SECTION" in file.sections:
        (services_s,) = file.numbers("SERVICE_TIME_SECTION", most=DAY_S, scale=rules.scale)
    elif "SERVICE_TIME" in file.headers:
        services_s = [file.number("SERVICE_TIME", most=DAY_S, scale=rules.scale)] * len(services_s)
    return services_s if rules.is_timed else [0] * len(services_s)


def _travel(file: Sections, rules: _Rules) -> Travel:
    if rules.weights == _EXPLICIT:
        return distance_only(_explicit(file), has_times=rules.is_timed)
    coordinates = file.table("NODE_COORD_SECTION", 2)
    most = _GEO_MAX if rules.weights == _GEO else (COORDINATE_MAX, COORDINATE_MAX)
    if (np.abs(coordinates) > most).any():
        told = " y ".join(f"±{each}" for each in dict.fromkeys(most))
        raise InstanceError(f"Una coordenada está fuera de {told}. Corrígela.")
    if rules.weights == _EUCLID and not rules.is_timed:
        return travel_of(Plane(xy=coordinates))
    measure = truncated_tenths if rules.scale == TENTHS else _MEASURES[rules.weights]
    return distance_only(every_pair(coordinates, measure), has_times=rules.is_timed)


def _explicit(file: Sections) -> NDArray[np.int32]:
    """int32, [n, n], from a full matrix or from one of its halves."""
    words, nodes = file.words("EDGE_WEIGHT_SECTION"), file.dimension
    if nodes > MATRIX_PLACES_MAX:
        raise MatrixTooLargeError(places=nodes, places_max=MATRIX_PLACES_MAX)
    form = file.headers.get("EDGE_WEIGHT_FORMAT", "FULL_MATRIX")
    halves = {
        "LOWER_ROW": (np.tril_indices, -1),
        "LOWER_DIAG_ROW": (np.tril_indices, 0),
        "UPPER_ROW": (np.triu_indices, 1),
        "UPPER_DIAG_ROW": (np.triu_indices, 0),
    }
    counts = {"FULL_MATRIX": nodes * nodes}
    for name in halves:
        counts[name] = nodes * (nodes + (1 if "DIAG" in name else -1)) // 2
    if counts.get(form) != len(words):
        due = f"lleva {counts[form]} números" if form in counts else "no es una forma conocida"
        raise InstanceError(
            f"La sección EDGE_WEIGHT_SECTION no calza con {form}: {due} y trae {len(words)}.",
            field="EDGE_WEIGHT_SECTION",
        )
    try:
        given = np.array(words, dtype=np.float64)
    except ValueError:
        raise InstanceError("EDGE_WEIGHT_SECTION tiene algo que no es número.") from None
    values = np.array(whole(given, "EDGE_WEIGHT_SECTION", most=DISTANCE_MAX), dtype=np.int32)
    if form == "FULL_MATRIX":
        matrix = values.reshape(nodes, nodes)
    else:
        matrix = np.zeros((nodes, nodes), dtype=np.int32)
        indices, beside = halves[form]
        rows, columns = indices(nodes, beside)
        matrix[rows, columns] = values
        matrix[columns, rows] = values
    np.fill_diagonal(matrix, 0)
    return matrix
