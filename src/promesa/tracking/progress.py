"""Where on its planned way a van is: metres along it, and how much of the present leg is driven."""

from __future__ import annotations

from dataclasses import dataclass

from promesa.kernel.geo import Position
from promesa.tracking.tracked import TrackedRoute, TrackedStop

# A van may turn round or pass its stop by so much and still be on the leg.
LEG_SLACK_M = 300.0
# Farther from the way than this the van is elsewhere, and the way says nothing about it.
OFF_ROUTE_M_MAX = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A van's place on the planned way.

    Attributes:
        along_m: Metres from the depot along the way.
        off_route_m: How far from the way it is.
        leg_fraction: Share of the leg to the next stop that is driven, 0 to 1.
    """

    along_m: float
    total_m: float
    off_route_m: float
    leg_fraction: float

    @property
    def is_on_route(self) -> bool:
        """Whether the van is near enough for the way to say anything."""
        return self.off_route_m <= OFF_ROUTE_M_MAX


def locate(route: TrackedRoute, position: Position) -> Progress | None:
    """The progress at ``position`` on the leg to the next stop; None when none is left."""
    target = route.next_stop
    if target is None:
        return None
    start_m, end_m = _leg(route, target)
    along_m, off_m = route.path.project(
        position, start_m=start_m - LEG_SLACK_M, end_m=end_m + LEG_SLACK_M
    )
    span_m = max(1.0, end_m - start_m)
    return Progress(
        along_m=along_m,
        total_m=route.path.length_m,
        off_route_m=off_m,
        leg_fraction=min(1.0, max(0.0, (along_m - start_m) / span_m)),
    )


def _leg(route: TrackedRoute, target: TrackedStop) -> tuple[float, float]:
    """Metres along the way at the stop closed last before ``target``, and at ``target``."""
    index = route.stops.index(target)
    end_m = route.path.stop_along[index]
    closed = [i for i in range(index) if not route.stops[i].is_open]
    return (route.path.stop_along[closed[-1]] if closed else 0.0), end_m
