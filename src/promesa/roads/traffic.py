"""Travel times of one half hour of the week: the speed table laid over the graph.

A departure belongs to the half hour it falls in, and the whole trip is driven at the speeds of
that half hour; trips of a delivery day are short beside it. What is known of right now lies over
this (see overlay).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.serviceday import SANTIAGO
from promesa.roads.graph import RoadGraph
from promesa.roads.profiles import DAY_KINDS, HALF_HOURS_PER_DAY, SpeedTable

# Whole seconds, and even milliseconds, would round short edges away and make ties. Sixteenths of
# a millisecond still leave room for trips of 37 hours below 2^31.
TICKS_PER_S = 16_000
# What the hierarchy calls infinite: a turn of so many ticks is closed.
CLOSED_TICKS = 2**31 - 1
HALF_HOUR_S = 1_800
_HALF_HOUR_MIN = 30
_KPH_PER_MPS = 3.6
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True, order=True)
class TrafficSlice:
    """Half an hour that has one set of speeds: a kind of day, and which of its 48 half hours."""

    day_kind: int
    half_hour: int


# When nobody says when: a working day at 11, between the two peaks.
USUAL_SLICE = TrafficSlice(0, 22)
ALL_SLICES = tuple(
    TrafficSlice(kind, half_hour)
    for kind in range(len(DAY_KINDS))
    for half_hour in range(HALF_HOURS_PER_DAY)
)


def slice_at(
    departure: datetime | None, zone: str = SANTIAGO, holidays: Collection[date] = ()
) -> TrafficSlice:
    """The slice an aware instant falls in, by the clocks of the city.

    Raises:
        ValueError: The instant is naive.
    """
    if departure is None:
        return USUAL_SLICE
    if departure.tzinfo is None:
        raise ValueError("a departure needs an offset")
    local = departure.astimezone(ZoneInfo(zone))
    day_kind = {_SATURDAY: 1, _SUNDAY: 2}.get(local.weekday(), 0)
    if local.date() in holidays:
        day_kind = 2
    return TrafficSlice(day_kind, local.hour * 2 + local.minute // _HALF_HOUR_MIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelTimes:
    """What edges and turns cost in one slice.

    Attributes:
        edge_ticks: int64, [edge], from one end to the other, its traffic light included.
        turn_ticks: uint32, [turn], the edge it leaves and the turn itself; CLOSED_TICKS where
            the edge it leads to is closed.
        is_closed: bool, [edge], nobody may enter it; whoever stands on it may leave.
    """

    edge_ticks: NDArray[np.int64]
    turn_ticks: NDArray[np.uint32]
    is_closed: NDArray[np.bool_]

    def closing(
        self,
        graph: RoadGraph,
        is_closed: NDArray[np.bool_],
        is_turn_closed: NDArray[np.bool_] | None = None,
    ) -> TravelTimes:
        """The same with more closed: bool, [edge], and bool, [turn]."""
        turn_ticks = self.turn_ticks.copy()
        turn_ticks[is_closed[graph.turn_to]] = CLOSED_TICKS
        if is_turn_closed is not None:
            turn_ticks[is_turn_closed] = CLOSED_TICKS
        return TravelTimes(
            edge_ticks=self.edge_ticks,
            turn_ticks=turn_ticks,
            is_closed=self.is_closed | is_closed,
        )


def travel_times(graph: RoadGraph, table: SpeedTable, traffic_slice: TrafficSlice) -> TravelTimes:
    """Costs of every edge and turn in ``traffic_slice``; congestion slows turns and lights too."""
    road_class = graph.segment_class[graph.edge_segment]
    share = table.shares[traffic_slice.day_kind, traffic_slice.half_hour][road_class]
    delays = table.delays
    free_s = free_flow_s(graph, table)[graph.edge_segment] + graph.edge_has_signal * delays.signal_s
    edge_ticks = np.maximum(1, np.rint(free_s / share * TICKS_PER_S)).astype(np.int64)
    by_kind_s = np.array([0.0, delays.turn_right_s, delays.turn_left_s, delays.turn_back_s])
    from_edge = graph.turn_from
    delay_ticks = np.rint(by_kind_s[graph.turn_kind] / share[from_edge] * TICKS_PER_S)
    turn_ticks = (edge_ticks[from_edge] + delay_ticks).astype(np.uint32)
    return TravelTimes(
        edge_ticks=edge_ticks,
        turn_ticks=turn_ticks,
        is_closed=np.zeros(graph.edge_count, dtype=np.bool_),
    )


def ticks_at(length_m: NDArray[np.float64], speed_kph: NDArray[np.float64]) -> NDArray[np.int64]:
    """int64, ticks along so many metres at such speeds, at least one."""
    ticks = np.rint(length_m / speed_kph * _KPH_PER_MPS * TICKS_PER_S)
    return np.maximum(1, np.minimum(ticks, CLOSED_TICKS - 1)).astype(np.int64)


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
