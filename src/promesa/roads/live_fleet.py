"""The fleet's own traces of the last half hour as live speeds of the streets it drove.

Each van's fixes are matched once; of the passes no van and no driver is kept. One van that waited
for one light says little of a street, so a word of n passes counts n / (n + k) against what the
hour would have it be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from promesa.roads.live import FLEET, SegmentSpeed
from promesa.roads.overlay import SPEED_KPH_MIN
from promesa.roads.parked import PARKED_S_MIN
from promesa.roads.passes import PassFinder
from promesa.roads.profiles import SPEED_KPH_MAX
from promesa.roads.traces import EdgePass, TraceFix

# What the fleet saw longer ago is no longer now.
MEMORY = timedelta(minutes=30)
# Two vans weigh as much as what the hour usually is (assumed).
K_LIVE = 2.0
# So much from before is matched again: what parked then is seen to stand still (see parked).
OVERLAP = timedelta(seconds=2 * PARKED_S_MIN)
# The same entry into an edge, matched twice, may differ by this much.
_ENTRY = timedelta(seconds=1)
_KPH_PER_MPS = 3.6

# The speed of an edge at an instant without anything live, km/h, its light included.
UsualSpeed = Callable[[int, datetime], float]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Passes of one edge in the last half hour."""

    count: int
    length_m: float
    elapsed_s: float
    newest: datetime


class FleetTraffic:
    """A live source: takes fixes in as they come, answers with the streets they were driven on.

    One writer; it keeps the passes of half an hour and the last instant of each van.
    """

    name = FLEET

    def __init__(self, finder: PassFinder, usual_kph: UsualSpeed) -> None:
        self._finder = finder
        self._usual_kph = usual_kph
        self._passes: list[EdgePass] = []
        self._matched_until: dict[UUID, datetime] = {}

    def take(self, traces: Mapping[UUID, Sequence[TraceFix]], now: datetime) -> int:
        """Matches what is new of each van, its fixes by time; answers how many passes came in.

        Some 2,000 fixes a second: call it away from the event loop.
        """
        since = now - MEMORY
        self._passes = [item for item in self._passes if item.at > since]
        self._matched_until = {
            van: until for van, until in self._matched_until.items() if until > since
        }
        came = 0
        for van, fixes in traces.items():
            until = self._matched_until.get(van, since)
            if not fixes or fixes[-1].time <= until:
                continue
            recent = [fix for fix in fixes if fix.time > until - OVERLAP]
            found, on_edge_since = self._finder.find_finished(recent)
            new = [item for item in found if until - _ENTRY < item.at <= now]
            self._passes.extend(new)
            reached = fixes[-1].time if on_edge_since is None else on_edge_since
            self._matched_until[van] = max(until, min(reached, now))
            came += len(new)
        return came

    def speeds(self, now: datetime) -> Sequence[SegmentSpeed]:
        """One word an edge that was driven in the last half hour, until half an hour after it."""
        by_edge: dict[int, list[EdgePass]] = defaultdict(list)
        for item in self._passes:
            if now - MEMORY < item.at <= now:
                by_edge[item.edge].append(item)
        return [self._speed(edge, _seen(items)) for edge, items in sorted(by_edge.items())]

    def _speed(self, edge: int, seen: _Seen) -> SegmentSpeed:
        weight = seen.count / (seen.count + K_LIVE)
        usual_s_per_m = _KPH_PER_MPS / self._usual_kph(edge, seen.newest)
        s_per_m = weight * seen.elapsed_s / seen.length_m + (1 - weight) * usual_s_per_m
        return SegmentSpeed(
            edge=edge,
            speed_kph=min(max(_KPH_PER_MPS / s_per_m, SPEED_KPH_MIN), SPEED_KPH_MAX),
            start=seen.newest,
            end=seen.newest + MEMORY,
            source=FLEET,
            told_at=seen.newest,
            passes=seen.count,
        )


def _seen(items: Sequence[EdgePass]) -> _Seen:
    return _Seen(
        count=len(items),
        length_m=sum(item.length_m for item in items),
        elapsed_s=sum(item.elapsed_s for item in items),
        newest=max(item.at for item in items),
    )
