"""What is wrong with the travel of a routing problem, as data."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import FieldFault
from promesa.kernel.geo import EARTH_RADIUS_M
from promesa.routing.bounds import DISTANCE_MAX, number_fault
from promesa.routing.matrix import NEVER_S, UNREACHABLE, Matrix, Travel
from promesa.routing.plane import Kind, Plane
from promesa.routing.problem import LAST_S
from promesa.routing.ring_speeds import RingSpeeds
from promesa.routing.words import thousands


def travel_faults(travel: Travel) -> Iterator[FieldFault]:
    """All that keeps the planner from going by these times."""
    if isinstance(travel, Matrix):
        yield from _matrix(travel)
    elif isinstance(travel, RingSpeeds):
        yield from _array("free_flow_s", "Los tiempos", travel.free_flow_s, 0, NEVER_S)
    elif isinstance(travel, Plane) and travel.locations:
        yield from _plane(travel)


def _matrix(travel: Matrix) -> Iterator[FieldFault]:
    reasons = (number_fault(s, "La hora", -LAST_S, LAST_S) for s in travel.departures_s)
    for reason in filter(None, reasons):
        yield FieldFault(field="travel.departures_s", reason=reason)
    least, most = UNREACHABLE, DISTANCE_MAX
    yield from _array("seconds", "Los segundos", travel.seconds, least, most)
    if travel.metres is not travel.seconds:
        yield from _array("metres", "Los metros", travel.metres, least, most)
    if travel.tolls is not None:
        yield from _array("tolls", "Los peajes", travel.tolls, least, most)
        if ((travel.tolls < 0) & (travel.seconds >= 0)).any():
            reason = "Un peaje no puede ser negativo donde hay camino."
            yield FieldFault(field="travel.tolls", reason=reason)


def _array(
    name: str, noun: str, values: NDArray[np.int32], least: int, most: int
) -> Iterator[FieldFault]:
    if not np.issubdtype(values.dtype, np.integer):
        reason = f"{noun} deben ser números enteros."
        yield FieldFault(field=f"travel.{name}", reason=reason)
    elif values.size and not (values.min() >= least and values.max() <= most):
        no_way = f", y {UNREACHABLE} donde no hay camino" if least == UNREACHABLE else ""
        reason = f"{noun} deben ir de 0 a {thousands(most)}{no_way}."
        yield FieldFault(field=f"travel.{name}", reason=reason)


def _plane(travel: Plane) -> Iterator[FieldFault]:
    farthest = math.pi * EARTH_RADIUS_M
    if travel.kind == Kind.EUCLID:
        farthest = math.hypot(*(float(span) for span in np.ptp(travel.xy, axis=0)))
    farthest *= travel.detour
    if not max(farthest, farthest * travel.seconds_per_unit) <= DISTANCE_MAX:
        far = thousands(DISTANCE_MAX)
        reason = f"Hay lugares a más de {far} unidades o segundos uno del otro."
        yield FieldFault(field="travel.xy", reason=reason)
