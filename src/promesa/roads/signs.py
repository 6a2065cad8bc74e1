"""What signs close to one kind of vehicle, by day and half hour.

Reversible avenues, street markets, trucks kept out of the centre in the peaks: what the map says of
hours, applied to the half hour of departure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from promesa.roads.graph import RoadGraph
from promesa.roads.traffic import USUAL_SLICE, TrafficSlice, TravelTimes
from promesa.roads.vehicles import Vehicle, closed_edges

# When nobody says when it is a Monday, on which the fewest street markets stand.
USUAL_DAY = 0
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Moment:
    """A half hour as signs and prices see it.

    Attributes:
        day: Weekday, Monday 0, and 7 more when it is a public holiday (see schedules.DAYS).
    """

    day: int
    slice: TrafficSlice

    @classmethod
    def of(
        cls, local: datetime | None, traffic_slice: TrafficSlice, holidays: frozenset[date]
    ) -> Moment:
        """The moment of an instant by the clocks of the city; None is a usual working hour."""
        if local is None:
            return cls(USUAL_DAY, USUAL_SLICE)
        is_holiday = local.date() in holidays
        return cls(local.weekday() + _WEEK_DAYS * is_holiday, traffic_slice)


class Signs:
    """The signs of one city for one vehicle."""

    def __init__(self, graph: RoadGraph, vehicle: Vehicle) -> None:
        kind = int(vehicle.kind)
        self._graph = graph
        self._edges = closed_edges(graph, vehicle)
        self._turns = (graph.turn_closed_to & kind) != 0
        self._is_edge_rule = (graph.timed_edge_closed_to & kind) != 0
        self._is_turn_rule = (graph.timed_turn_closed_to & kind) != 0

    def key(self, moment: Moment) -> bytes:
        """Equal for moments with the same signs."""
        return self._active(moment).tobytes()

    def applied(self, times: TravelTimes, moment: Moment) -> TravelTimes:
        """The times with everything closed that signs close at the moment."""
        graph, active = self._graph, self._active(moment)
        edges, turns = self._edges.copy(), self._turns.copy()
        edges[graph.timed_edge[self._is_edge_rule & active[graph.timed_edge_schedule]]] = True
        turns[graph.timed_turn[self._is_turn_rule & active[graph.timed_turn_schedule]]] = True
        return times.closing(graph, edges, turns)

    def _active(self, moment: Moment) -> NDArray[np.bool_]:
        """bool, [schedule], which of them hold."""
        active: NDArray[np.bool_] = self._graph.schedules[:, moment.day, moment.slice.half_hour]
        return active
