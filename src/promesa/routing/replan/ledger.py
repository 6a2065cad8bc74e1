"""What a day costs as it would be driven, with what its changes count: route by route.

Routes are timed once for each sequence and remembered: a new plan asks for the same ones again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from promesa.kernel.units import MINUTE_S
from promesa.routing.limits import Excess, excess_of
from promesa.routing.plan import PlannedRoute
from promesa.routing.replan.difference import broken_windows, reordered
from promesa.routing.replan.params import ReplanParams
from promesa.routing.replan.rest import Rest
from promesa.routing.schedule import time_route

Stops = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One route as it would be.

    Attributes:
        timed: None for a vehicle that stays in its depot.
        cost_clp: Hours, kilometres and what leaving the depot costs.
        count_clp: With what changes, windows and delays count.
        broken: Stops visited outside their told window.
    """

    timed: PlannedRoute | None
    excess: Excess
    cost_clp: int
    count_clp: int
    broken: frozenset[int] = frozenset()


_IDLE = Entry(timed=None, excess=Excess(), cost_clp=0, count_clp=0)


class Ledger:
    """Prices routes of one day."""

    def __init__(self, rest: Rest, params: ReplanParams) -> None:
        self.rest = rest
        self.params = params
        self._entries: dict[tuple[int, Stops], Entry] = {}

    def entry(self, vehicle: int, stops: Stops) -> Entry:
        """The route of a vehicle with these stops."""
        found = self._entries.get((vehicle, stops))
        if found is None:
            found = self._entries[vehicle, stops] = self._made(vehicle, stops)
        return found

    @property
    def timed(self) -> int:
        """How many routes it has timed."""
        return len(self._entries)

    def published(self, vehicle: int) -> Entry:
        """The route as it was published, from now on."""
        return self.entry(vehicle, self.rest.routes[vehicle].stops)

    def is_sound(self, vehicle: int, stops: Stops) -> bool:
        """Whether the route keeps its order and breaks nothing it keeps as published."""
        if not self.rest.is_in_order(vehicle, stops):
            return False
        return self.entry(vehicle, stops).excess.is_within(self.published(vehicle).excess)

    def count_clp(self, sequences: Mapping[int, Stops]) -> int:
        """The whole day, who is left out included."""
        return sum(
            self.entry(vehicle, stops).count_clp for vehicle, stops in sequences.items()
        ) + sum(self.left_clp(stop) for stop in left_out(self.rest, sequences))

    def cost_clp(self, sequences: Mapping[int, Stops]) -> int:
        """What driving it costs."""
        return sum(self.entry(vehicle, stops).cost_clp for vehicle, stops in sequences.items())

    def broken(self, sequences: Mapping[int, Stops]) -> frozenset[int]:
        """Stops visited outside their told window."""
        found = [self.entry(vehicle, stops).broken for vehicle, stops in sequences.items()]
        return frozenset().union(*found)

    def left_clp(self, stop: int) -> int:
        """What leaving it out counts."""
        stated = self.rest.problem.stops[stop].unserved_price_clp
        return self.params.unserved_price_clp if stated is None else stated

    def _made(self, vehicle: int, stops: Stops) -> Entry:
        route = self.rest.routes[vehicle]
        if not stops and (route.start is None or vehicle in self.rest.gone):
            return _IDLE
        timed = time_route(self.rest.problem, vehicle, stops, route.start)
        broken = broken_windows(self.rest, timed)
        prices = self.params.prices
        others = sum(self.rest.home.get(stop, vehicle) != vehicle for stop in stops)
        count_clp = (
            timed.cost_clp
            + prices.vehicle_clp * others
            + prices.order_clp * len(reordered(route.stops, stops))
            + prices.window_clp * len(broken)
            + prices.late_minute_clp * _late_s(self.rest, timed) // MINUTE_S
        )
        return Entry(
            timed=timed,
            excess=excess_of(self.rest.problem, timed, route.start),
            cost_clp=timed.cost_clp,
            count_clp=count_clp,
            broken=broken,
        )


def left_out(rest: Rest, sequences: Mapping[int, Stops]) -> tuple[int, ...]:
    """Stops that no route visits, meetings aside, rising."""
    visited = {stop for stops in sequences.values() for stop in stops}
    return tuple(
        stop
        for stop in range(len(rest.problem.stops))
        if stop not in visited and stop not in rest.meetings
    )


def _late_s(rest: Rest, timed: PlannedRoute) -> int:
    """Seconds after the windows that were told, summed: after the last that had opened."""
    late_s = 0
    for visit in timed.visits:
        told = rest.told.get(visit.stop, ())
        ends = [window.end_s for window in told if window.start_s <= visit.start_s]
        late_s += max(0, visit.start_s - max(ends)) if ends else 0
    return late_s
