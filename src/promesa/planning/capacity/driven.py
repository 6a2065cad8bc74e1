"""What a depot's own routes teach: road minutes of its zones, and minutes at a door.

Phones tell when a van left, stood at each door and came back; the plan of the same route is beside
it and says which of that cannot be. How full shifts are is not learnt here: a fleet that goes out
whether it is needed or not would say that its vans do little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from promesa.planning.capacity.route_length import DEFAULT, RouteCoefficients
from promesa.planning.capacity.route_refit import ExecutedDay, refit_travel
from promesa.planning.capacity.streets import MeasuredZones
from promesa.planning.capacity.zones import Zone, ZoneArrays

# Two months: seasons of traffic change, and a week of them is no basis.
DRIVEN_BEFORE_D = 56
DRIVEN_ROUTES_MAX = 20_000
# Fewer days of a depot are told apart from chance by nobody (assumed).
DAYS_MIN = 5
# The minutes of a driven day miss more than those of a plan: rain, a driver, a game (assumed).
DRIVEN_SIGMA = 0.10
# A route that left more of its stops unvisited was cut short.
VISITED_SHARE_MIN = 0.9
# Where fewer visits have both hours, how long it stood at doors is not known.
TIMED_SHARE_MIN = 0.8
# Driving this much less or more than planned is a clock or a button, not the streets.
DRIVING_RATIO_MAX = 3.0
ROUTE_HOURS_MAX = 16
# A visit that lasts longer held a colación, or was closed when somebody thought of it.
VISIT_S_MAX = 1_800
# Visits that say how long one takes: their mean is known within some three per cent.
VISITS_MIN = 300
# The rest of a day's routes are taken to be like these.
SOUND_SHARE_MIN = 0.8
# Stops of a day in comunas that have no zone.
UNPLACED_SHARE_MAX = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivenRoute:
    """A route that is over, as it was told, beside its newest version.

    Attributes:
        finished_at: When its driver said to be back; None where nobody did.
        last_closed: Of its visits; None without any.
        stops: By comuna, those nobody visited too.
        timed: Visits with both hours, in their order.
        at_door_s: Of those.
        brief: Those of them of VISIT_S_MAX at most.
        brief_s: Of those.
        off_s: Rests as told, else as planned, and the loading between trips.
        planned_driving_s: Of all legs, the way back included.
        planned_back_s: From the last stop to the depot.
    """

    depot_id: UUID
    date: date
    started_at: datetime | None
    finished_at: datetime | None
    last_closed: datetime | None
    stops: Mapping[str, int]
    visited: int
    timed: int
    at_door_s: int
    brief: int
    brief_s: int
    off_s: int
    planned_driving_s: int
    planned_back_s: int

    @property
    def driving_s(self) -> float | None:
        """Seconds on the road; None where what was told does not say."""
        if self.started_at is None or self.last_closed is None or not self.is_whole:
            return None
        out_s = (self.last_closed - self.started_at).total_seconds()
        at_door_s = self.at_door_s * self.visited / self.timed
        driving_s = out_s + self._back_s(self.last_closed) - at_door_s - self.off_s
        is_likely = (
            self.planned_driving_s
            < driving_s * DRIVING_RATIO_MAX
            < self.planned_driving_s * DRIVING_RATIO_MAX**2
        )
        return driving_s if is_likely and 0 < out_s <= ROUTE_HOURS_MAX * 3_600 else None

    @property
    def is_whole(self) -> bool:
        """Whether nearly all of its stops were visited, and it is known when."""
        count = sum(self.stops.values())
        return (
            self.visited > 0
            and self.visited >= VISITED_SHARE_MIN * count
            and self.timed >= TIMED_SHARE_MIN * self.visited
        )

    def _back_s(self, last_closed: datetime) -> float:
        """As told where that can be; who ends the route at the last door, or at home, is not."""
        if self.finished_at is None:
            return self.planned_back_s
        back_s = (self.finished_at - last_closed).total_seconds()
        least, most = (self.planned_back_s * each for each in (1 / 2, DRIVING_RATIO_MAX))
        return back_s if least <= back_s <= most else self.planned_back_s


class DrivenRouteRepository(Protocol):
    """The driven routes of one tenant."""

    async def list_driven(self, first: date, last: date, *, limit: int) -> list[DrivenRoute]:
        """Those that left and are over, the newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntRoutes:
    """What a depot's routes came to.

    Attributes:
        coefficients: The default where its days are too few; how many there were is in them.
        days_known: Days that could be used, also where they are too few.
        service_min: Of a visit; None where those that were timed are too few.
        visits: That it rests on.
    """

    coefficients: RouteCoefficients = DEFAULT
    days_known: int = 0
    service_min: float | None = None
    visits: int = 0


def learn_routes(
    routes: Iterable[DrivenRoute], depot: str, measured: MeasuredZones
) -> LearntRoutes:
    """What the routes of one depot teach.

    Args:
        routes: Of the depot.
        depot: Its name among the zones measured.
        measured: Comunas without a zone leave their days out.
    """
    driven = list(routes)
    zones = _zones_of(depot, measured)
    by_day: dict[date, list[DrivenRoute]] = defaultdict(list)
    for route in driven:
        by_day[route.date].append(route)
    found = (_executed(by_day[day], zones) for day in sorted(by_day))
    days = [day for day in found if day is not None]
    visits = sum(route.brief for route in driven)
    learnt = LearntRoutes(days_known=len(days))
    if visits >= VISITS_MIN:
        service_min = sum(route.brief_s for route in driven) / visits / 60
        learnt = replace(learnt, service_min=service_min, visits=visits)
    if len(days) < DAYS_MIN:
        return learnt
    arrays = ZoneArrays.of(list(zones.values()))
    return replace(learnt, coefficients=refit_travel(days, arrays, day_sigma=DRIVEN_SIGMA))


def _zones_of(depot: str, measured: MeasuredZones) -> dict[str, Zone]:
    """Every comuna as it is to this depot, whoever serves it now."""
    return {
        zone.name: replace(zone, depot=depot, haul_min=measured.hauls[zone.name, depot])
        for zone in measured.zones
        if (zone.name, depot) in measured.hauls
    }


def _executed(routes: Sequence[DrivenRoute], zones: Mapping[str, Zone]) -> ExecutedDay | None:
    """A depot's day; None where too little of it is known.

    Routes whose hours cannot be are taken to have kept to their plan as the others did.
    """
    sound = [(route, seconds) for route in routes if (seconds := route.driving_s) is not None]
    stops: dict[str, int] = defaultdict(int)
    for route in routes:
        for comuna, count in route.stops.items():
            stops[comuna] += count
    total = sum(stops.values())
    placed = sum(count for comuna, count in stops.items() if comuna in zones)
    if len(sound) < SOUND_SHARE_MIN * len(routes) or placed < (1 - UNPLACED_SHARE_MAX) * total:
        return None
    planned_s = sum(route.planned_driving_s for route in routes)
    pace = sum(seconds for _, seconds in sound) / sum(route.planned_driving_s for route, _ in sound)
    at_door_s = sum(route.at_door_s for route, _ in sound) / sum(route.timed for route, _ in sound)
    return ExecutedDay(
        stops=tuple(stops.get(name, 0) for name in zones),
        driving_min=planned_s * pace * placed / total / 60,
        service_min=at_door_s * placed / 60,
        vehicles=len(routes),
        parcels=placed,
    )
