"""Parcels handed over where a van stands: which others go there, and what each takes.

Van by van, whoever gains most; going to the meeting is part of its price. Who it would make late
or keep after hours does not go. Used for a whole day and, stop by stop, by the dispatcher's desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush, nsmallest

from promesa.routing.insertion import spread
from promesa.routing.limits import excess_of
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD
from promesa.routing.problem import Problem
from promesa.routing.replan.rest import open_from
from promesa.routing.room import Room
from promesa.routing.schedule import time_route


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """A van that could take something.

    Attributes:
        now: Its route as it is.
        opened: The routes it could have on going to the meeting, still without what it takes;
            frozen up to the meeting.
        fixed_clp: What leaving its depot costs where its route does not say so.
    """

    now: OpenRoute
    opened: tuple[OpenRoute, ...]
    fixed_clp: int = 0


@dataclass(slots=True)
class HandedOut:
    """Who takes what, by number of the taker.

    Attributes:
        routes: With the meeting and what was taken.
        taken: Stops in the order in which they were handed out.
        costs_clp: What each drives and works more.
        left: Stops nobody takes.
    """

    left: list[int]
    routes: dict[int, OpenRoute] = field(default_factory=dict)
    taken: dict[int, list[int]] = field(default_factory=dict)
    costs_clp: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    gain_clp: int
    cost_clp: int
    route: OpenRoute
    stops: tuple[int, ...]


def hand_out(
    problem: Problem,
    takers: Sequence[Taker],
    stops: Iterable[int],
    price_clp: int,
    before: HandedOut | None = None,
) -> HandedOut:
    """Hands out what fits.

    An offer is worked out again only when it stands first: with fewer stops left it gains less.

    Args:
        problem: The day; how late the stops may be visited is its business.
        takers: Who could take something.
        stops: To hand out; those left before where ``before`` is given.
        price_clp: What leaving out one of them counts.
        before: What was handed out already; it is added to.
    """
    done = before or HandedOut(left=list(stops))
    problem = _without_more_trips(problem, takers)
    queue: list[tuple[int, int]] = []
    offers = {}
    fresh = set(range(len(takers)))
    for number, taker in enumerate(takers):
        offer = _offer(problem, taker, done.routes.get(number), done.left, price_clp)
        if offer is not None:
            offers[number] = offer
            heappush(queue, (-offer.gain_clp, number))
    while queue and done.left:
        _, number = heappop(queue)
        if number in fresh:
            _take(done, number, offers[number])
            fresh.clear()
        offer = _offer(problem, takers[number], done.routes.get(number), done.left, price_clp)
        if offer is not None:
            offers[number] = offer
            fresh.add(number)
            heappush(queue, (-offer.gain_clp, number))
    return done


def _without_more_trips(problem: Problem, takers: Sequence[Taker]) -> Problem:
    """The day in which nobody goes back to load once more: what is fetched is aboard already."""
    vans = list(problem.vehicles)
    for taker in takers:
        trips = 1 + taker.now.stops.count(RELOAD)
        vans[taker.now.vehicle] = replace(vans[taker.now.vehicle], trips_max=trips)
    return replace(problem, vehicles=tuple(vans))


def openings(problem: Problem, route: OpenRoute, meeting: int, most: int) -> tuple[OpenRoute, ...]:
    """The cheapest ways to go to the meeting; what stands before it is frozen then.

    So is what comes after the next return: parcels fetched are handed over before it.
    """
    room = Room(problem, route.vehicle, route.stops, route.start)
    roughs = nsmallest(most, room.positions(problem.stops[meeting], route.places))
    return tuple(
        open_from(
            replace(route, stops=(*route.stops[:place], meeting, *route.stops[place:])), meeting
        )
        for _, place in roughs
    )


def opening_cost_clp(problem: Problem, now: OpenRoute, opened: OpenRoute) -> int | None:
    """The price of going there; None if it breaks a promise, or keeps it longer than it may."""
    after = time_route(problem, opened.vehicle, opened.stops, opened.start)
    over = excess_of(problem, after, opened.start)
    if not now.stops and now.start is None:
        return None if over.lateness_s or over.overtime_s else after.cost_clp
    before = time_route(problem, now.vehicle, now.stops, now.start)
    was = excess_of(problem, before, now.start)
    if over.lateness_s > was.lateness_s or over.overtime_s > was.overtime_s:
        return None
    return after.cost_clp - before.cost_clp


def _take(done: HandedOut, number: int, offer: _Offer) -> None:
    done.routes[number] = offer.route
    done.costs_clp[number] = done.costs_clp.get(number, 0) + offer.cost_clp
    done.taken.setdefault(number, []).extend(offer.stops)
    done.left = [stop for stop in done.left if stop not in offer.stops]


def _offer(
    problem: Problem,
    taker: Taker,
    taken: OpenRoute | None,
    left: Sequence[int],
    price_clp: int,
) -> _Offer | None:
    """What the van would take, on the best of its ways; None if nothing, or at a loss."""
    best: _Offer | None = None
    for route in taker.opened if taken is None else (taken,):
        opening_clp = 0 if taken is not None else opening_cost_clp(problem, taker.now, route)
        if opening_clp is None:
            continue
        opening_clp += 0 if taken is not None else taker.fixed_clp
        result = spread(problem, [route], left)
        cost_clp = opening_clp + sum(made.added_cost_clp for made in result.insertions)
        stops = tuple(stop for made in result.insertions for stop in made.stops)
        gain_clp = price_clp * len(stops) - cost_clp
        if gain_clp > 0 and stops and (best is None or gain_clp > best.gain_clp):
            grown = result.routes[0]
            best = _Offer(gain_clp=gain_clp, cost_clp=cost_clp, route=grown, stops=stops)
    return best
