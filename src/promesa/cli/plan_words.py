"""What `promesa plan` says on the screen: few lines, however many rows the file has."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.cli.details import order_fault_line
from promesa.cli.plan_inputs import FileRows
from promesa.cli.plan_places import STREET_LEVEL, street_words
from promesa.routing.plan import Plan
from promesa.routing.words import pesos, thousands

# Beyond this many the screen names none of the rest; --verbose and --json have them all.
ROWS_TOLD_MAX = 10


def fault_lines(rows: FileRows, *, is_whole: bool, accepts_street: bool) -> Iterator[str]:
    """Why rows are not planned, in the file's order; those at street level are counted alone."""
    at_street = street_words(rows.placed)
    told = [fault for fault in rows.faults if is_whole or fault.code != STREET_LEVEL]
    shown = len(told) if is_whole else ROWS_TOLD_MAX
    yield from (order_fault_line(fault) for fault in told[:shown])
    if len(told) > shown:
        yield f"… y {len(told) - shown} más; --verbose las dice todas."
    if at_street and accepts_street:
        yield f"Aceptadas: {at_street}. Se visita la calle, sin saber a qué altura."
    elif at_street:
        yield f"{at_street}: se aceptan todas con --accept-street."


def summary(rows: FileRows, found: Plan) -> str:
    """The plan in one line."""
    served = sum(len(route.visits) for route in found.routes)
    km = sum(route.distance_m for route in found.routes) / 1_000
    refused = len({fault.row for fault in rows.faults})
    told = [
        _counted(len(found.routes), "ruta", "rutas"),
        _counted(served, "parada", "paradas"),
        f"{len(found.unserved)} sin atender",
        _counted(refused, "fila no planificada", "filas no planificadas"),
        f"{thousands(km)} km",
        pesos(found.cost_clp),
    ]
    return ", ".join(told)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
