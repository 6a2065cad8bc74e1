"""Which depot serves each comuna, and how far off it is: by the streets, else by its middle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from promesa.domain.fleet import Depot
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.streets import MeasuredZones
from promesa.planning.demand.serving import ServingDepots
from promesa.promising.repository import Ways
from promesa.roads.territory import Territory


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What tells how far a depot's vans drive to a comuna."""

    depots: Sequence[Depot]
    territory: Territory
    ways: Ways
    measured: MeasuredZones

    def serving(self, comunas: Iterable[str]) -> ServingDepots:
        """A comuna is of the depot whose vans are sized for it.

        One of which no street was timed is of the depot nearest to its middle.
        """
        sized = self.measured.sized
        for comuna in comunas:
            if comuna not in sized and (nearest := self._nearest(comuna)) is not None:
                sized[comuna] = nearest
        return ServingDepots(codes=frozenset(each.code for each in self.depots), by_comuna=sized)

    def haul_s(self, depot: Depot, name: str) -> float | None:
        """To its doors in the mean, else to its middle; None of a comuna that nobody knows."""
        haul_min = self.measured.hauls.get((name, depot.code))
        if haul_min is not None:
            return haul_min * MINUTE_S
        comuna = self.territory.exact(name)
        return None if comuna is None else self.ways.leg_s(depot.position, comuna.centre)

    def _nearest(self, comuna: str) -> str | None:
        hauls = ((self.haul_s(depot, comuna), depot) for depot in self.depots)
        known = [(way_s, depot.id, depot.code) for way_s, depot in hauls if way_s is not None]
        return min(known)[2] if known else None
