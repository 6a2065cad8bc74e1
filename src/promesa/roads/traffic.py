"""Travel times of one hour of the week: the speed table laid over the graph.

A departure belongs to the hour it falls in, and the whole trip is driven at the speeds of that
hour; trips of a delivery day are short beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.serviceday import SANTIAGO
from promesa.roads.graph import RoadGraph
from promesa.roads.profiles import HOURS_PER_DAY, SpeedTable

# Whole seconds, and even milliseconds, would round short edges away and make ties. Sixteenths of
# a millisecond still leave room for trips of 37 hours below 2^31.
TICKS_PER_S = 16_000
_KPH_PER_MPS = 3.6
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True, order=True)
class TrafficSlice:
    """Hours that share one set of speeds: a kind of day and an hour."""

    day_kind: int
    hour: int


# When nobody says when: a working day at 11, between the two peaks.
USUAL_SLICE = TrafficSlice(0, 11)
ALL_SLICES = tuple(TrafficSlice(kind, hour) for kind in range(3) for hour in range(HOURS_PER_DAY))


def slice_at(departure: datetime | None, zone: str = SANTIAGO) -> TrafficSlice:
    """The slice an aware instant falls in, by the clocks of the city.

    Public holidays count as the weekday they are.

    Raises:
        ValueError: The instant is naive.
    """
    if departure is None:
        return USUAL_SLICE
    if departure.tzinfo is None:
        raise ValueError("a departure needs an offset")
    local = departure.astimezone(ZoneInfo(zone))
    day_kind = {_SATURDAY: 1, _SUNDAY: 2}.get(local.weekday(), 0)
    return TrafficSlice(day_kind, local.hour)


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelTimes:
    """What edges and turns cost in one slice.

    Attributes:
        edge_ticks: int64, [edge], from one end to the other, its traffic light included.
        turn_ticks: uint32, [turn], the edge it leaves and the turn itself.
    """

    edge_ticks: NDArray[np.int64]
    turn_ticks: NDArray[np.uint32]


def travel_times(graph: RoadGraph, table: SpeedTable, traffic_slice: TrafficSlice) -> TravelTimes:
    """Costs of every edge and turn in ``traffic_slice``; congestion slows turns and lights too."""
    road_class = graph.segment_class[graph.edge_segment]
    share = table.shares[traffic_slice.day_kind, traffic_slice.hour][road_class]
    delays = table.delays
    free_s = free_flow_s(graph, table)[graph.edge_segment] + graph.edge_has_signal * delays.signal_s
    edge_ticks = np.maximum(1, np.rint(free_s / share * TICKS_PER_S)).astype(np.int64)
    by_kind_s = np.array([0.0, delays.turn_right_s, delays.turn_left_s, delays.turn_back_s])
    from_edge = graph.turn_from
    delay_ticks = np.rint(by_kind_s[graph.turn_kind] / share[from_edge] * TICKS_PER_S)
    turn_ticks = (edge_ticks[from_edge] + delay_ticks).astype(np.uint32)
    return TravelTimes(edge_ticks=edge_ticks, turn_ticks=turn_ticks)


def free_flow_s(graph: RoadGraph, table: SpeedTable) -> NDArray[np.float64]:
    """Seconds along each segment on an empty road; a sign may lower the class's speed."""
    speed_kph = table.free_flow_kph[graph.segment_class]
    sign_kph = np.where(graph.segment_maxspeed_kph > 0, graph.segment_maxspeed_kph, np.inf)
    seconds: NDArray[np.float64] = (
        graph.segment_length_m / np.minimum(speed_kph, sign_kph) * _KPH_PER_MPS
    )
    return seconds


def seconds_of(ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole seconds, halves up; matrix and path both round here, so they agree."""
    return (ticks + TICKS_PER_S // 2) // TICKS_PER_S
