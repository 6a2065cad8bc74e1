"""One depot, one way to promise, one seed: buyers are promised, days driven, promises judged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from promesa.domain.fleet import Load
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.cell_ways import CellWays
from promesa.promising.coming import COMMON_CV_DEFAULT, ArrivalBook, coming_for
from promesa.promising.day_load import travel_each
from promesa.promising.expected import ExpectedOrders
from promesa.promising.fleet_outlook import SERVICE_S_ASSUMED, TRAVEL_S_ASSUMED, spread_hours
from promesa.promising.rehearsal.buyers import Buyer, Sold, draw_buyers, is_lost
from promesa.promising.rehearsal.case import FleetDays, RehearsalCase, Way
from promesa.promising.rehearsal.ground import Ground, metres
from promesa.promising.rehearsal.outcome import RunCount
from promesa.promising.rehearsal.policies import (
    ORDER_LOAD,
    CapacityAware,
    FixedDays,
    Policy,
    next_delivery_day,
    offered_days,
)
from promesa.promising.rehearsal.world import DrivenDay, World
from promesa.promising.repository import HALF_HOURS, DayOutlook
from promesa.promising.usual_work import UsualWork

# Days after the last order that counts, until its parcels are gone.
TAIL_D_MAX = 35
# Books are read anew after so many orders, or a fiftieth of a usual day's if those are more.
ORDERS_A_LOOK, LOOK_SHARE = 10, 0.02
# Of a day's hours, so much is planned: what a van leaves idle as the next stop does not fit.
PLANNED_SHARE = 0.97
USUAL_STOPS_MIN = 50
# How many stops fit and how near they lie depend on each other; each round halves the error.
ROOM_ROUNDS = 6


class DepotRun:
    """The days of one depot under one way; ``count`` holds what they came to."""

    def __init__(
        self,
        case: RehearsalCase,
        depot: str,
        way: Way,
        *,
        world: World,
        buyers: Mapping[date, Sequence[Buyer]],
        usual: UsualWork,
        count: RunCount,
    ) -> None:
        self._case, self._depot, self._way = case, case.depots[depot], way
        self._code, self._world, self._buyers = depot, world, buyers
        self._usual, self._count = usual, count
        self._fleet: FleetDays = case.fleets[way.fleet]
        self._vans: dict[date, int] = {}
        self._hours: dict[date, tuple[float, ...]] = {}
        self._policy = self._make_policy()
        self._due: list[Sold] = []
        self._behind: list[Sold] = []
        self._again: list[Sold] = []

    def days(self) -> Iterator[date]:
        """Runs day after day, until the last order that counts is delivered."""
        day = self._case.begins
        for _ in range((self._case.last - day).days + 1 + TAIL_D_MAX):
            if day > self._case.last and not any(map(self._counts, self._open())):
                return
            yield day
            self._run(day)
            day += timedelta(days=1)

    def _run(self, day: date) -> None:
        came = self._buyers.get(day, ())
        # With a cut-off on the day itself vans wait for what comes before it.
        before = [each for each in came if self._case.terms.first_day(each.at) <= day]
        for buyer in before:
            self._sell(buyer, day)
        self._drive(day)
        for buyer in came[len(before) :]:
            self._sell(buyer, day)

    def _sell(self, buyer: Buyer, day: date) -> None:
        counts = self._case.first <= day <= self._case.last
        sold = self._policy.promise(buyer)
        is_gone = sold is None or is_lost(sold, self._case.habits.lost_a_day)
        if day >= self._case.first:
            of_day = self._count.on(day)
            of_day.came += 1
            of_day.lost += is_gone
        if counts:
            self._count.came += 1
            self._count.lost += is_gone
            self._count.refused += sold is None
        if sold is None or is_gone:
            return
        self._policy.book(sold)
        self._due.append(sold)
        if counts:
            wait = (sold.day - day).days
            self._count.waits[wait] = self._count.waits.get(wait, 0) + 1

    def _drive(self, day: date) -> None:
        vans = self._vans_on(day)
        if vans:
            going = self._going(day, vans)
            gone = {id(sold) for sold in going}
            late_before = {id(sold) for sold in (*self._behind, *self._again)}
            driven = self._world.drive(day, going, vans)
            self._policy.close_day(day)
            self._judge(day, driven, late_before)
            left = [sold for sold in self._due if id(sold) not in gone]
            self._settle(day, driven, late_before, left)
            self._note(day, driven, vans)
        # A day without vans breaks what was promised for it as well.
        self._break_what_is_due(day)
        if self._case.first <= day:
            self._count.on(day).behind += len(self._behind)

    def _going(self, day: date, vans: int) -> list[Sold]:
        """What must go, and of what may come early as much as there is room for."""
        must = [*self._behind, *self._again, *(sold for sold in self._due if sold.day <= day)]
        each_s = self._usual.travel_s
        left_s = self._van_s() * vans * PLANNED_SHARE
        left_s -= sum(sold.buyer.service_s + each_s for sold in must)
        first_day = self._case.terms.first_day
        early = (
            sold
            for sold in self._due
            if sold.day > day and sold.may_come_early and first_day(sold.buyer.at) <= day
        )
        for sold in sorted(early, key=lambda each: each.day):
            left_s -= sold.buyer.service_s + each_s
            if left_s < 0:
                break
            must.append(sold)
        return must

    def _judge(self, day: date, driven: DrivenDay, late_before: set[int]) -> None:
        for sold in driven.kept:
            if id(sold) not in late_before:
                self._judged(sold, is_kept=True)
        for sold in (*driven.late, *driven.left):
            if id(sold) not in late_before and sold.day <= day:
                self._judged(sold, is_kept=False)

    def _settle(
        self, day: date, driven: DrivenDay, late_before: set[int], left: list[Sold]
    ) -> None:
        """Who waits for another day: what stayed behind, where nobody was, what was not tried."""
        was_again = {id(sold) for sold in self._again}
        self._due = left + [
            sold for sold in driven.left if id(sold) not in late_before and sold.day > day
        ]
        missed = [sold for sold in driven.left if id(sold) in late_before or sold.day <= day]
        self._behind = [sold for sold in missed if id(sold) not in was_again]
        self._again = [*driven.again, *(sold for sold in missed if id(sold) in was_again)]
        goes = next_delivery_day(self._case.terms, day)
        for sold in (*self._behind, *self._again):
            if goes is not None:
                self._policy.book(sold, goes)

    def _break_what_is_due(self, day: date) -> None:
        late = [sold for sold in self._due if sold.day <= day]
        for sold in late:
            self._judged(sold, is_kept=False)
        self._behind += late
        self._due = [sold for sold in self._due if sold.day > day]

    def _judged(self, sold: Sold, *, is_kept: bool) -> None:
        if sold.day >= self._case.first:
            of_day = self._count.on(sold.day)
            of_day.due += 1
            of_day.kept += is_kept
        if not self._counts(sold):
            return
        self._count.due += 1
        self._count.kept += is_kept
        if sold.p_model >= 0:
            self._count.stated += sold.p_kept
            self._count.stated_due += 1
            self._count.stated_kept += is_kept

    def _note(self, day: date, driven: DrivenDay, vans: int) -> None:
        if day < self._case.first:
            return
        of_day = self._count.on(day)
        of_day.delivered += len(driven.kept) + len(driven.late) - len(driven.again)
        of_day.vans += vans
        of_day.room += self._room(vans)

    def _room(self, vans: int) -> float:
        """Stops that so many vans make when they are full; more of them lie nearer each other."""
        stops = self._usual.orders
        for _ in range(ROOM_ROUNDS):
            each_s = self._usual.service_s + travel_each(self._usual, stops)
            stops = self._van_s() * vans / each_s
        return min(stops, float(vans * self._world.vans.stops_max))

    def _counts(self, sold: Sold) -> bool:
        day = ServiceDay.of(sold.buyer.at, self._case.terms.zone).date
        return self._case.first <= day <= self._case.last

    def _open(self) -> Iterator[Sold]:
        yield from self._due
        yield from self._behind

    def _vans_on(self, day: date) -> int:
        if day not in self._vans:
            is_open = bool(self._case.terms.windows_of(day))
            self._vans[day] = van_count(self._fleet.vans[self._code], day) if is_open else 0
        return self._vans[day]

    def _van_s(self) -> float:
        return max(1.0, self._world.vans.shift_s - 2 * self._depot.stem_s)

    def _make_policy(self) -> Policy:
        case = self._case
        if self._way.fixed_days is not None:
            return FixedDays(days=self._way.fixed_days, terms=case.terms)
        usual_hour = ServiceDay(case.first, case.terms.zone).at(self._world.vans.starts)
        return CapacityAware(
            depot_id=derived_id("rehearsal", self._code),
            depot=case.ground.depots[self._code],
            terms=case.terms,
            ways=CellWays(_Legs(case.ground).leg_s, lambda: usual_hour),
            ahead=self._ahead,
            calibration=case.calibration,
            orders_a_look=max(ORDERS_A_LOOK, round(LOOK_SHARE * self._usual.orders)),
        )

    def _ahead(self, now: datetime) -> dict[date, DayOutlook]:
        """As an operator sees the coming days: the forecast, and the shifts of this fleet."""
        case, terms = self._case, self._case.terms
        expected = ExpectedOrders(
            days=self._depot.expected, hour_shares=tuple(case.hours), zone=terms.zone
        )
        book = ArrivalBook(
            first=case.begins,
            until=case.begins,
            reached=(0.0,),
            common_cv=COMMON_CV_DEFAULT,
            fixed_share=0.0,
            zone=terms.zone,
        )
        found, before = {}, None
        for day in offered_days(terms, now):
            coming = coming_for(day, before, now=now, book=book, terms=terms, expected=expected)
            found[day] = DayOutlook(
                depot_id=derived_id("rehearsal", self._code),
                date=day,
                hours_s=self._hours_on(day),
                coming=coming.orders,
                usual=replace(self._usual, load=ORDER_LOAD),
                coming_basis=coming.basis,
                load=self._load_on(day),
                vans=self._vans_on(day),
            )
            before = day
        return found

    def _load_on(self, day: date) -> Load:
        """What the vans hold, as far as an operator may count on it.

        A full van makes up neither for one that does not come nor for a door driven to again.
        """
        rough = self._case.roughness
        sure = (1 - rough.absent_share) / (1 + rough.away_share)
        stops = self._vans_on(day) * self._world.vans.stops_max * sure
        return Load(parcels=round(stops))

    def _hours_on(self, day: date) -> tuple[float, ...]:
        if day not in self._hours:
            vans, stem_s = self._world.vans, self._depot.stem_s
            start_s = (vans.starts.hour * 60 + vans.starts.minute) * 60 + stem_s
            end_s = start_s + vans.shift_s + vans.rest_s - 2 * stem_s
            hours = [0.0] * HALF_HOURS
            count = self._vans_on(day)
            for number, seconds in spread_hours(start_s, end_s, vans.rest_s):
                hours[number] = seconds * count
            self._hours[day] = tuple(hours)
        return self._hours[day]


def van_count(known: Mapping[date, int], day: date) -> int:
    """Vans of a day; beyond the days that are planned, the fewest of the same weekday.

    A weekday without any does not count: what was ordered before the first day is not forecast.
    """
    if day in known:
        return known[day]
    alike = (n for each, n in known.items() if n and each.weekday() == day.weekday())
    return min(alike, default=0)


def draw_all(case: RehearsalCase, number: int, depot: str) -> dict[date, list[Buyer]]:
    """The buyers of one seed and depot, by the day they come on."""
    return {
        day: draw_buyers(
            ServiceDay(day, case.terms.zone),
            by_comuna,
            ground=case.ground,
            hours=case.hours,
            service_s=case.depots[depot].service_s,
            narrow_share=case.habits.narrow_share,
            seed=case.seed + number,
        )
        for day, by_comuna in case.orders[number][depot].items()
    }


def measure_usual(
    case: RehearsalCase, world: World, buyers: Mapping[date, Sequence[Buyer]], fleet: FleetDays
) -> UsualWork:
    """What an order took on usual days, as a depot's own routes tell it.

    A door where nobody was is driven to again: the order took both visits, and the second counts
    as way, since promises know the seconds at doors of their own.
    """
    stops, again, days, travel_s, service_s = 0, 0, 0, 0.0, 0.0
    for day in case.usual:
        goes = next_delivery_day(case.terms, day)
        came = buyers.get(day, ())
        if goes is None or not came:
            continue
        service_day = ServiceDay(goes, case.terms.zone)
        windows = [offered.on(service_day) for offered in case.terms.windows_of(goes)]
        widest = max(windows, key=lambda window: window.width)
        due = [Sold(buyer=buyer, window=widest, day=goes) for buyer in came]
        driven = world.drive(goes, due, max(1, van_count(fleet.vans[world.depot], goes)))
        stops, days = stops + driven.stops, days + 1
        again += len(driven.again)
        travel_s, service_s = travel_s + driven.travel_s, service_s + driven.service_s
    if stops < USUAL_STOPS_MIN:
        return UsualWork(
            orders=max(1.0, stops / max(1, days)),
            service_s=case.depots[world.depot].service_s or SERVICE_S_ASSUMED,
            travel_s=TRAVEL_S_ASSUMED,
        )
    more = again / stops
    return UsualWork(
        orders=stops / days,
        service_s=service_s / stops,
        travel_s=(travel_s * (1 + more) + service_s * more) / stops,
    )


class _Legs:
    """Ways of a quote from the ground, as its own memory of squares asks for them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
        """Seconds at noon's pace; the hour is what quotes call usual."""
        del departure
        first, second = metres([origin]), metres([destination])
        return math.ceil(float(self._ground.legs_s(first, second, 1)[0, 0]))
