"""What travel times depend on beside the streets themselves, laid one over the other.

The speed table, what the fleet taught, what is live, signs, zones: each a value of its own, put
together for a half hour when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.serviceday import SANTIAGO
from promesa.roads.charges import Charge, Charges
from promesa.roads.graph import RoadGraph
from promesa.roads.hierarchy import Hierarchy, Metric
from promesa.roads.learnt import LearntSpeeds
from promesa.roads.learnt_times import with_learnt
from promesa.roads.overlay import HalfHourSpeeds, LiveOverlay, laid_over
from promesa.roads.profiles import SpeedTable
from promesa.roads.signs import Moment, Signs
from promesa.roads.snapping import Kerb, Snapper
from promesa.roads.speed_sums import slot_of
from promesa.roads.traffic import TravelTimes, slice_at, travel_times
from promesa.roads.vehicles import Vehicle


class Now:
    """What is known of the streets at this moment; the one writer puts a new overlay here."""

    def __init__(self, overlay: LiveOverlay) -> None:
        self.overlay = overlay


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conditions:
    """What travel times depend on beside the streets themselves.

    Attributes:
        table: The speeds of the half hours.
        hierarchy: Keeps the metrics made under these conditions.
        zone: Whose clocks the half hours go by.
        vehicle: Who drives, and what signs keep it out of.
        charges: Tolls and restricted zones; None where there are none.
        kerb: Where a position is reached from its own side of the street only.
        learnt: What the fleet's traces taught of these streets, over the table.
    """

    table: SpeedTable
    hierarchy: Hierarchy
    now: Now
    snapper: Snapper
    vehicle: Vehicle
    signs: Signs
    zone: str = SANTIAGO
    charges: Charges | None = None
    kerb: Kerb = Kerb.ANY
    learnt: LearntSpeeds | None = None

    def metric(self, graph: RoadGraph, departure: datetime | None) -> Metric:
        """The metric of the half hour of ``departure``, made when it is not kept yet."""
        moment = self.moment(departure)
        live = None if departure is None else self.now.overlay.at(departure)
        key = (
            moment.slice,
            self.signs.key(moment),
            self._forbidden(moment).tobytes(),
            None if live is None else live.key,
        )
        return self.hierarchy.metric(key, lambda: self._times(graph, moment, live))

    def special(self, departure: datetime | None) -> Hashable:
        """Equal for half hours in which the same is live, closed by zones and paid at gates."""
        moment = self.moment(departure)
        live = None if departure is None else self.now.overlay.at(departure)
        return (
            None if live is None else live.key,
            self._forbidden(moment).tobytes(),
            tuple((charge.edge, charge.clp) for charge in self.charged(departure)),
        )

    def charged(self, departure: datetime | None) -> list[Charge]:
        """What gates and zones cost whoever leaves then."""
        if self.charges is None:
            return []
        return self.charges.at(self.moment(departure), self.vehicle.kind)

    def moment(self, departure: datetime | None) -> Moment:
        """The half hour of an aware instant by the clocks of the city."""
        holidays = self.table.holidays
        traffic_slice = slice_at(departure, self.zone, holidays)
        local = None if departure is None else departure.astimezone(ZoneInfo(self.zone))
        return Moment.of(local, traffic_slice, holidays)

    def _forbidden(self, moment: Moment) -> NDArray[np.int64]:
        if self.charges is None:
            return np.empty(0, dtype=np.int64)
        return self.charges.forbidden(moment, self.vehicle.kind)

    def _times(self, graph: RoadGraph, moment: Moment, live: HalfHourSpeeds | None) -> TravelTimes:
        """The table, over it what was learnt, over that what is live, and what is closed."""
        table = self.table.capped(self.vehicle.speed_kph_max)
        times = travel_times(graph, table, moment.slice)
        if self.learnt is not None:
            times = with_learnt(graph, times, self.learnt, slot_of(moment.slice))
        if live is not None:
            times = laid_over(graph, times, live)
        times = self.signs.applied(times, moment)
        forbidden = self._forbidden(moment)
        if not len(forbidden):
            return times
        is_closed = np.zeros(graph.edge_count, dtype=np.bool_)
        is_closed[forbidden] = True
        return times.closing(graph, is_closed)
