"""A made world to promise in: buyers, doors, vans and days that differ from what was expected.

It shares no formula with `promesa.promising`: days are driven stop by stop along a curve through
the doors, with the day's own traffic, absences and slow doors. Simulated, and marked so.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from promesa.kernel.geo import Position
from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.rehearsal.buyers import Buyer, Sold
from promesa.promising.rehearsal.world import DrivenDay

DEPOT = Position(lon=-70.65, lat=-33.45)
SHIFT_FROM, SHIFT_UNTIL = time(9, 0), time(19, 0)
BREAK_S = 2_700
# Drivers finish what is near after the end of the shift.
OVERTIME_S = 1_800
# Share of a day's orders by the hour they come in (a shop's day: noon and after dinner).
HOURLY = (2, 1, 1, 0, 0, 0, 1, 2, 4, 6, 7, 8, 8, 7, 6, 6, 6, 5, 5, 5, 6, 7, 5, 3)
CURVE_BITS = 10
METRES_PER_DEGREE_LAT = 111_195.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldRules:
    """What one world is like; `draw_rules` makes one from a seed.

    Attributes:
        orders: A usual day's, in the mean over weekdays.
        weekdays: Factors of Monday to Sunday.
        demand_cv: How much all of a day is more or less than expected.
        pace_s_per_m: Of a straight metre.
        traffic_cv: How much all ways of a day take more or less.
        door_cv: The same of the time at doors.
        fixed_share: Orders that say their own day, whatever is offered.
        narrow_share: Buyers who want a part of the day.
        vans: On each delivery day.
        are_patient: Whether nobody buys elsewhere for a longer promise.
    """

    seed: int
    orders: float
    weekdays: tuple[float, ...]
    demand_cv: float
    service_s: float
    pace_s_per_m: float
    traffic_cv: float
    door_cv: float
    absent_share: float
    fail_share: float
    fixed_share: float
    narrow_share: float
    vans: int = 0
    are_patient: bool = False


def draw_rules(seed: int, *, orders: float | None = None) -> WorldRules:
    """A world: no two are alike in size, traffic, doors, absences and habits."""
    chance = stream(seed, "rules")
    return WorldRules(
        seed=seed,
        orders=orders or chance.uniform(250, 700),
        weekdays=tuple(
            factor * chance.uniform(0.9, 1.1) for factor in (1.15, 1.05, 1.0, 1.0, 1.05, 0.9, 0.85)
        ),
        demand_cv=chance.uniform(0.06, 0.16),
        service_s=chance.uniform(150, 300),
        pace_s_per_m=chance.uniform(0.16, 0.24),
        traffic_cv=chance.uniform(0.05, 0.12),
        door_cv=chance.uniform(0.03, 0.07),
        absent_share=chance.uniform(0.005, 0.04),
        fail_share=chance.uniform(0.002, 0.008),
        fixed_share=chance.uniform(0.05, 0.25),
        narrow_share=chance.uniform(0.15, 0.3),
    )


class World:
    """Buyers and days of one world; ``uplifts`` multiply the orders of some dates."""

    def __init__(self, rules: WorldRules, uplifts: dict[date, float] | None = None) -> None:
        self.rules = rules
        self._uplifts = uplifts or {}
        chance = stream(rules.seed, "town")
        self._towns = [
            (chance.gauss(0, 0.055), chance.gauss(0, 0.05), chance.uniform(0.008, 0.02))
            for _ in range(40)
        ]

    def expected(self, day: date) -> float:
        """Orders that come in on a day, in the mean."""
        return self.rules.orders * self.rules.weekdays[day.weekday()] * self._uplifts.get(day, 1.0)

    def buyers(self, day: date) -> list[Buyer]:
        """Those of a day, by the time they come."""
        chance = stream(self.rules.seed, "buyers", day.isoformat())
        shape = 1 / self.rules.demand_cv**2
        common = chance.gammavariate(shape, 1 / shape)
        count = _poisson(chance, self.expected(day) * common)
        start = ServiceDay(day)
        found = [self._buyer(chance, start, number) for number in range(count)]
        return sorted(found, key=lambda buyer: buyer.at)

    def _buyer(self, chance: random.Random, day: ServiceDay, number: int) -> Buyer:
        hour = chance.choices(range(24), HOURLY)[0]
        east, north, wide = chance.choice(self._towns)
        draw = chance.random()
        narrow = self.rules.narrow_share
        wants = "morning" if draw < narrow / 2 else "afternoon" if draw < narrow else ""
        service_s = max(40, round(chance.lognormvariate(0, 0.5) * self.rules.service_s / 1.13))
        return Buyer(
            number=number,
            at=day.at(time(0, 0)) + timedelta(hours=hour + chance.random()),
            position=Position(
                lon=DEPOT.lon + east + chance.gauss(0, wide),
                lat=DEPOT.lat + north + chance.gauss(0, wide),
            ),
            service_s=service_s,
            patience=chance.random() * (not self.rules.are_patient),
            wants=wants,
            is_fixed=chance.random() < self.rules.fixed_share,
        )

    def drive(self, day: date, due: Sequence[Sold], vans: int) -> DrivenDay:
        """The day as it comes out: what was made in its window, late, or not at all."""
        chance = stream(self.rules.seed, "day", day.isoformat())
        there = sum(chance.random() >= self.rules.absent_share for _ in range(vans))
        slow = (chance.gauss(1, self.rules.traffic_cv), chance.gauss(1, self.rules.door_cv))
        driven = DrivenDay()
        turn = chance.random()
        ordered = sorted(due, key=lambda sold: (_curve(sold.buyer.position) + turn) % 1.0)
        rest = list(ordered)
        for van in range(there):
            share = self._share(rest, there - van)
            rest = rest[len(share) :]
            self._route(ServiceDay(day), share, slow, driven, chance)
        driven.left += rest
        return driven

    def _share(self, rest: list[Sold], vans: int) -> list[Sold]:
        """What one van is given: an even share of the planned time, no more than a shift holds."""
        legs = [self._planned(rest, number) for number in range(len(rest))]
        limit = min(self.shift_s(), sum(legs) / vans * 1.02)
        taken, used = 0, 0.0
        while taken < len(rest) and used + legs[taken] <= limit:
            used += legs[taken]
            taken += 1
        return rest[:taken]

    def _planned(self, rest: list[Sold], number: int) -> float:
        if number == 0:
            return float(rest[0].buyer.service_s)
        way = self.leg_s(rest[number - 1].buyer.position, rest[number].buyer.position)
        return way + rest[number].buyer.service_s

    def _route(
        self,
        day: ServiceDay,
        share: list[Sold],
        slow: tuple[float, float],
        driven: DrivenDay,
        chance: random.Random,
    ) -> None:
        now = day.at(SHIFT_FROM)
        end = day.at(SHIFT_UNTIL) + timedelta(seconds=OVERTIME_S)
        here, is_rested = DEPOT, False
        for sold in _by_hours(share, day):
            way_s = self.leg_s(here, sold.buyer.position) * slow[0]
            now += timedelta(seconds=way_s)
            if not is_rested and now >= day.at(time(13, 0)):
                now, is_rested = now + timedelta(seconds=BREAK_S), True
            now = max(now, sold.window.start) if not sold.may_come_early else now
            if now > end:
                driven.left.append(sold)
                continue
            is_missed = chance.random() < self.rules.fail_share
            is_late = now > sold.window.end
            (driven.late if is_missed or is_late else driven.kept).append(sold)
            now += timedelta(seconds=sold.buyer.service_s * slow[1])
            if here != DEPOT:
                driven.travel_s += way_s
            driven.service_s += sold.buyer.service_s * slow[1]
            driven.stops += 1
            here = sold.buyer.position

    def leg_s(self, origin: Position, destination: Position) -> float:
        """Seconds of driving on a usual day."""
        north = (destination.lat - origin.lat) * METRES_PER_DEGREE_LAT
        east = (destination.lon - origin.lon) * METRES_PER_DEGREE_LAT * 0.834
        # Parking and setting off, however near.
        return 20 + math.hypot(north, east) * self.rules.pace_s_per_m

    def shift_s(self) -> float:
        """Seconds of a van's shift that are left for stops, as planned."""
        whole = (SHIFT_UNTIL.hour - SHIFT_FROM.hour) * 3_600 - BREAK_S
        return whole - self.leg_s(DEPOT, Position(lon=DEPOT.lon + 0.06, lat=DEPOT.lat))


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualDay:
    """What orders took on days before: seconds at doors and between them, each."""

    orders: float
    service_s: float
    travel_s: float


def usual_day(world: World, vans: int, *, first: date, days: int = 12) -> UsualDay:
    """Measured: each day's orders driven the next, with the parts of the day that buyers want."""
    stops = driven_days = 0
    travel_s = service_s = 0.0
    for number in range(days):
        day = first + timedelta(days=number)
        came = world.buyers(day - timedelta(days=1))
        driven = world.drive(day, [_next_day(buyer, day) for buyer in came], vans)
        stops, driven_days = stops + driven.stops, driven_days + 1
        travel_s, service_s = travel_s + driven.travel_s, service_s + driven.service_s
    return UsualDay(
        orders=stops / driven_days, service_s=service_s / stops, travel_s=travel_s / stops
    )


def vans_for(world: World, orders: float, *, room: float = 1.08) -> int:
    """Vans that carry so many orders on a day, with some room, as measured on days before."""
    vans = math.ceil(orders / 70)
    for _ in range(3):
        usual = usual_day(world, vans + 2, first=date(2026, 2, 3), days=6)
        # More orders on the same ground: the way of each shrinks.
        travel_s = usual.travel_s * math.sqrt(usual.orders / orders)
        vans = math.ceil(orders * (usual.service_s + travel_s) * room / world.shift_s())
    return vans


def sized(rules: WorldRules) -> WorldRules:
    """The rules with vans for a usual delivery day, six a week."""
    return replace(rules, vans=vans_for(World(rules), a_delivery_day(rules)))


def a_delivery_day(rules: WorldRules) -> float:
    """Orders of a usual one: Sunday's are carried by the other six."""
    return sum(rules.weekdays) * rules.orders / 6


def _next_day(buyer: Buyer, day: date) -> Sold:
    service_day = ServiceDay(day)
    start, end = {"morning": (9, 14), "afternoon": (14, 21)}.get(buyer.wants, (9, 21))
    window = TimeWindow(start=service_day.at(time(start)), end=service_day.at(time(end)))
    return Sold(buyer=buyer, window=window, day=day, is_whole_day=not buyer.wants)


def _by_hours(share: list[Sold], day: ServiceDay) -> Iterator[Sold]:
    """Out along the curve with the mornings and half of the rest, and back with the other half."""
    noon = day.at(time(14, 0))
    out: list[Sold] = []
    back: list[Sold] = []
    half = len(share) / 2
    early = sum(sold.window.end <= noon for sold in share)
    free = [sold for sold in share if sold.window.start < noon < sold.window.end]
    taken = max(0.0, half - early) / max(len(free), 1)
    turn = 0.0
    for sold in share:
        is_early = sold.window.end <= noon
        if sold.window.start < noon < sold.window.end:
            turn += taken
            is_early = turn >= 1
            turn -= is_early
        (out if is_early else back).append(sold)
    yield from out
    yield from reversed(back)


def _poisson(chance: random.Random, mean: float) -> int:
    return max(0, round(chance.gauss(mean, math.sqrt(mean))))


def _curve(position: Position) -> float:
    """Where on a Hilbert curve through the city a door lies, 0-1 (a tour some 25 % too long)."""
    side = 1 << CURVE_BITS
    x = min(side - 1, max(0, int((position.lon - DEPOT.lon + 0.3) / 0.6 * side)))
    y = min(side - 1, max(0, int((position.lat - DEPOT.lat + 0.3) / 0.6 * side)))
    index, step = 0, side >> 1
    while step:
        right, upper = int((x & step) > 0), int((y & step) > 0)
        index += step * step * ((3 * right) ^ upper)
        if not upper:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        step >>= 1
    return index / (side * side)
