"""A day of a rehearsal as it comes out: vans drive stop by stop through real streets.

It shares no formula with the odds of `promising`. The day has its own traffic, absences and slow
doors, drawn anew for each date and seed and the same for every policy. Simulated.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.promising.rehearsal.buyers import Sold
from promesa.promising.rehearsal.ground import Ground, hour_slice, metres
from promesa.promising.rehearsal.tours import curve_places, untangled

# Of a curve's ways, what is left once tours are untangled; the first guess of each day, which its
# own vans move (0.75 to 0.85 measured in Santiago).
UNTANGLED_SHARE = 0.8
_LEARNS = 0.3
# A van is given no more than its even share of the work, and this much beyond.
SHARE_ROOM = 1.03
HALF = 0.5
# A window whose middle lies no farther from that of the day is for the whole day.
_OF_THE_DAY = timedelta(minutes=30)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roughness:
    """How a day differs from what was planned; all assumed, as in the made worlds of the benchmark.

    Attributes:
        traffic_cv: How much all ways of a day take more or less.
        door_cv: The same of the time at doors.
        absent_share: Vans that do not come.
        away_share: Doors where nobody is: the promise is kept, the parcel goes again.
        fail_share: Visits that fail by our own fault.
        overtime_s: Drivers finish what is near after the end of the shift.
    """

    traffic_cv: float = 0.08
    door_cv: float = 0.05
    absent_share: float = 0.02
    away_share: float = 0.04
    fail_share: float = 0.005
    overtime_s: int = 1_800


@dataclass(frozen=True, slots=True, kw_only=True)
class Vans:
    """What each of a depot's vans is.

    Attributes:
        shift_s: From leaving to being back, the break left out.
        stops_max: As many as it holds parcels for.
    """

    starts: time = time(9)
    shift_s: int = 32_400
    rest_s: int = 2_700
    stops_max: int = 120


@dataclass(slots=True, kw_only=True)
class DrivenDay:
    """What became of a day.

    Attributes:
        again: Kept, but nobody was there: they go once more.
        travel_s: Between doors, without the way from the depot and back.
    """

    kept: list[Sold] = field(default_factory=list)
    late: list[Sold] = field(default_factory=list)
    left: list[Sold] = field(default_factory=list)
    again: list[Sold] = field(default_factory=list)
    travel_s: float = 0.0
    service_s: float = 0.0
    stops: int = 0
    vans: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Laid:
    """What is due, with places beside it; the depot stands behind the last."""

    due: Sequence[Sold]
    xy_m: Floats
    anchors: NDArray[np.int64]

    def ways_s(self, ground: Ground, places: Sequence[int], hour: int) -> Floats:
        """Between all of these: float64, [place, place]."""
        chosen = np.asarray(places)
        pace = ground.pace[hour][np.ix_(self.anchors[chosen], self.anchors[chosen])]
        xy_m = self.xy_m[chosen]
        gap_m = np.hypot(*(xy_m[:, None] - xy_m[None]).transpose(2, 0, 1))
        return np.asarray(gap_m * pace, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coming:
    """A day under way: how slow its ways and its doors are, and what came of it so far."""

    day: ServiceDay
    slow: tuple[float, float]
    driven: DrivenDay


class World:
    """The days of one depot under one seed."""

    def __init__(
        self,
        ground: Ground,
        depot: str,
        vans: Vans,
        *,
        seed: int,
        roughness: Roughness | None = None,
        zone: str = SANTIAGO,
    ) -> None:
        self.ground, self.depot, self.vans = ground, depot, vans
        self._rough = roughness or Roughness()
        self._seed, self._zone = seed, zone
        self._depot_xy = metres([ground.depots[depot]])

    def drive(self, day: date, due: Sequence[Sold], vans: int) -> DrivenDay:
        """The day as it comes out: what was made in its window, late, or not at all."""
        chance = stream(self._seed, "day", self.depot, day.isoformat())
        there = sum(chance.random() >= self._rough.absent_share for _ in range(vans))
        rough = self._rough
        slow = chance.gauss(1, rough.traffic_cv), chance.gauss(1, rough.door_cv)
        turn = chance.random()
        driven = DrivenDay(vans=there)
        if not due:
            return driven
        laid = self._laid(due)
        ordered = np.argsort((curve_places(laid.xy_m[:-1]) + turn) % 1.0, kind="stable").tolist()
        coming = _Coming(day=ServiceDay(day, self._zone), slow=slow, driven=driven)
        driven.left += [due[n] for n in self._depart(coming, laid, ordered)]
        return driven

    def _laid(self, due: Sequence[Sold]) -> _Laid:
        xy_m = np.vstack([metres([sold.buyer.position for sold in due]), self._depot_xy])
        return _Laid(due=due, xy_m=xy_m, anchors=self.ground.anchors_of(xy_m))

    def _depart(self, coming: _Coming, laid: _Laid, ordered: list[int]) -> list[int]:
        """Every van with its share; what no van took."""
        service = np.array([sold.buyer.service_s for sold in laid.due], float)
        share_left = UNTANGLED_SHARE
        rest = ordered
        for van in range(coming.driven.vans):
            if not rest:
                break
            ways = self._along(laid, rest)
            stem_s = self._stem_s(laid, rest)
            taken = self._cut(ways * share_left, service[rest], stem_s, coming.driven.vans - van)
            tour, planned_s = self._tour(laid, rest[:taken])
            curved = float(ways[1:taken].sum())
            if curved > 0:
                real = (planned_s - stem_s) / curved
                share_left += _LEARNS * (min(1.0, max(0.4, real)) - share_left)
            chance = stream(self._seed, "van", self.depot, coming.day.date.isoformat(), van)
            self._route(coming, laid, tour, chance)
            rest = rest[taken:]
        return rest

    def _along(self, laid: _Laid, rest: list[int]) -> Floats:
        """Seconds from each to the next along the curve; the first has none."""
        here, there = np.array(rest[:-1], int), np.array(rest[1:], int)
        pace = self.ground.pace[1][laid.anchors[here], laid.anchors[there]]
        gap_m = np.hypot(*(laid.xy_m[here] - laid.xy_m[there]).T)
        return np.concatenate([[0.0], gap_m * pace])

    def _stem_s(self, laid: _Laid, rest: list[int]) -> float:
        """Out to the first of them and back, by the pace of noon."""
        gap_m = float(np.hypot(*(laid.xy_m[rest[0]] - laid.xy_m[-1])))
        both = self.ground.pace[1]
        first, depot = laid.anchors[rest[0]], laid.anchors[-1]
        return gap_m * float(both[first, depot] + both[depot, first])

    def _cut(self, ways: Floats, service: Floats, stem_s: float, vans: int) -> int:
        """How many of those along the curve one van is given: at least one."""
        work = np.cumsum(ways + service)
        limit = min(self.vans.shift_s - stem_s, float(work[-1]) / vans * SHARE_ROOM)
        fits = int(np.searchsorted(work, limit, side="right"))
        return max(1, min(fits, self.vans.stops_max))

    def _tour(self, laid: _Laid, share: list[int]) -> tuple[list[int], float]:
        """The order of visits, mornings first, and what its ways are planned to take."""
        depot = len(laid.due)
        whole = [share[n - 1] for n in self._order(laid, [depot, *share, depot], is_open=False)]
        out, back = _halves(whole, laid.due)
        if out and back:
            out = self._placed(laid, [depot, *out, back[0]], is_open=True)
            back = self._placed(laid, [out[-1], *back, depot], is_open=False)
        tour = [*out, *back]
        places = [depot, *tour, depot]
        ways = laid.ways_s(self.ground, places, 1)
        return tour, float(np.diagonal(ways, 1).sum())

    def _placed(self, laid: _Laid, places: list[int], *, is_open: bool) -> list[int]:
        return [places[n] for n in self._order(laid, places, is_open=is_open)]

    def _order(self, laid: _Laid, places: list[int], *, is_open: bool) -> list[int]:
        ways = laid.ways_s(self.ground, places, 1)
        return [int(n) for n in untangled(ways, is_open=is_open)]

    def _route(self, coming: _Coming, laid: _Laid, tour: list[int], chance: random.Random) -> None:
        """One van's day at the speeds of its hours."""
        vans, rough = self.vans, self._rough
        slow, driven = coming.slow, coming.driven
        begins = coming.day.at(vans.starts)
        lasts_s = vans.shift_s + vans.rest_s + rough.overtime_s
        depot = len(laid.due)
        ways = [laid.ways_s(self.ground, [depot, *tour], hour) for hour in range(3)]
        first_s = (vans.starts.hour * 60 + vans.starts.minute) * 60
        now_s, is_rested = 0.0, False
        for place, number in enumerate(tour, start=1):
            sold = laid.due[number]
            hour = hour_slice(first_s + now_s)
            way_s = float(ways[hour][place - 1, place]) * slow[0]
            if not is_rested and now_s >= vans.shift_s * HALF:
                now_s, is_rested = now_s + vans.rest_s, True
            opens_s = (sold.window.start - begins).total_seconds()
            arrives_s = now_s + way_s
            if not sold.may_come_early:
                arrives_s = max(arrives_s, opens_s)
            if arrives_s > lasts_s:
                driven.left += [laid.due[each] for each in tour[place - 1 :]]
                return
            at = begins + timedelta(seconds=arrives_s)
            draw = chance.random()
            service_s = sold.buyer.service_s * slow[1]
            now_s = arrives_s + service_s
            driven.stops += 1
            driven.service_s += service_s
            driven.travel_s += way_s if place > 1 else 0.0
            if draw < rough.fail_share:
                driven.left.append(sold)
            elif at > sold.window.end:
                driven.late.append(sold)
            else:
                driven.kept.append(sold)
                if draw > 1 - rough.away_share:
                    driven.again.append(sold)


def _halves(tour: list[int], due: Sequence[Sold]) -> tuple[list[int], list[int]]:
    """Out with the mornings and as many of the rest as make half; back with the others.

    A tour all of whose stops may be visited the whole day stays in one piece; what is overdue may
    be visited at any hour.
    """
    today = max(due[n].day for n in tour)
    of_today = {n: due[n].window for n in tour if due[n].day == today}
    if all(due[n].is_whole_day for n in of_today):
        return tour, []
    first = min(each.start for each in of_today.values())
    last = max(each.end for each in of_today.values())
    middle = first + (last - first) / 2
    off = dict.fromkeys(tour, timedelta()) | {
        n: window.start + window.width / 2 - middle for n, window in of_today.items()
    }
    early = {n for n in tour if off[n] < -_OF_THE_DAY}
    free = [n for n in tour if abs(off[n]) <= _OF_THE_DAY]
    out = early | set(free[: max(0, len(tour) // 2 - len(early))])
    return [n for n in tour if n in out], [n for n in tour if n not in out]
