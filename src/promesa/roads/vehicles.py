"""Kinds of vehicle and their sizes: what a street may be closed to, and who is let through.

All motor vehicles share one graph and one hierarchy; what is closed to one of them is a turn of
infinite weight in its metrics. Bicycles have a graph of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from promesa.roads.graph import RoadGraph


class VehicleKind(IntFlag):
    """Who drives; the value is part of every built city."""

    VAN = 1
    TRUCK = 2
    MOTORCYCLE = 4
    BICYCLE = 8


MOTOR_KINDS = VehicleKind.VAN | VehicleKind.TRUCK | VehicleKind.MOTORCYCLE
ALL_KINDS = MOTOR_KINDS | VehicleKind.BICYCLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A vehicle as the streets see it.

    Attributes:
        height_m, width_m, weight_t: With its load; None when nobody said, and then no sign
            keeps it out.
        speed_kph_max: What it does not exceed on any street; None for as fast as the table says.
    """

    kind: VehicleKind = VehicleKind.VAN
    height_m: float | None = None
    width_m: float | None = None
    weight_t: float | None = None
    speed_kph_max: float | None = None


VAN = Vehicle()
# A motorcycle in the city keeps to the limits like everybody; passing a queue is not counted.
MOTORCYCLE = Vehicle(kind=VehicleKind.MOTORCYCLE, width_m=0.9)
# A truck of two axles as it goes into town; Decreto 158 (1980) of the MOP allows 4.2 m and 2.6 m
# on any road, and trucks may drive 90 km/h (Ley 18.290, article 145).
TRUCK = Vehicle(
    kind=VehicleKind.TRUCK, height_m=4.2, width_m=2.6, weight_t=16.0, speed_kph_max=90.0
)
BICYCLE = Vehicle(kind=VehicleKind.BICYCLE, width_m=0.8)


def closed_edges(graph: RoadGraph, vehicle: Vehicle) -> NDArray[np.bool_]:
    """bool, [edge], where signs keep the vehicle out at any hour."""
    closed = (graph.segment_closed_to & int(vehicle.kind)) != 0
    for limit, size in (
        (graph.segment_maxheight_m, vehicle.height_m),
        (graph.segment_maxwidth_m, vehicle.width_m),
        (graph.segment_maxweight_t, vehicle.weight_t),
    ):
        if size is not None:
            closed |= (limit > 0) & (limit < size)
    found: NDArray[np.bool_] = closed[graph.edge_segment]
    return found
