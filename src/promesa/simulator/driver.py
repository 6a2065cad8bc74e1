"""A simulated driver: drives the real streets, rings, closes stops, comes back.

Knows only what the phone shows; asks for the route before each stop, so a new version published
meanwhile is driven from then on.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from promesa.kernel.geo import Position, distance_m
from promesa.simulator.client import Api
from promesa.simulator.loading import load_out, take_from_van
from promesa.simulator.phone import Phone
from promesa.simulator.proof import Proof
from promesa.simulator.script import OrderFate
from promesa.simulator.timeline import Deed, Timeline
from promesa.simulator.town import Town
from promesa.simulator.way import (
    last_door,
    left_aboard,
    line_of,
    next_transfer,
    place_along,
    rest_due_s,
)
from promesa.simulator.world_file import World

LOAD_LEAD = timedelta(minutes=25)
# A driver without a stop to go to looks at the phone again after this.
LOOK_AGAIN = timedelta(minutes=5)
LOOKS_MAX = 200
# Parcels are found, counted and carried from van to van; assumed, as the platform does.
TAKE_OVER_S = 600
# A van that stands is seen less often than one that drives.
REST_FIX_GAP_S = 240
# Where the map has no way the van takes the straight line at a crawl; assumed.
SPEED_MPS_OFF_ROAD = 6.0
_OPEN = frozenset({"pending", "next", "en_route", "arrived"})
_BEGUN = frozenset({"en_route", "arrived"})
_NOT_LOADED = frozenset({"published", "loading"})
_UNDER_WAY = frozenset({"started", "paused"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What every driver of a day shares.

    Attributes:
        on_delivered: Told of each order that was handed over at its door.
    """

    seed: int
    town: Town
    world: World
    timeline: Timeline
    fates: dict[str, OrderFate]
    on_delivered: Callable[[OrderFate, datetime], None]


class Driver:
    """One driver with one phone and one route."""

    def __init__(self, stage: Stage, api: Api, phone: Phone, draw: random.Random) -> None:
        self._stage = stage
        self._api = api
        self._draw = draw
        self._place: Position | None = None
        self._route: dict[str, Any] = {}
        self._stops: list[dict[str, Any]] = []
        self._known_version = 0
        self._looks = 0
        # How many of the route's breaks were had.
        self._rests = 0
        self._aboard: set[str] = set()
        # The phone knows what was closed on it, whether it was told already or not.
        self._closed: set[str] = set()
        # Vans that stood and handed over what they had, by code, in the version that is driven.
        self._met: set[str] = set()
        self._breaks_at: datetime | None = None
        self._driven_m = 0.0
        self._seen_at: Position | None = None
        self._is_out = False
        # Deeds of an earlier turn at the wheel come to nothing.
        self._turn = 0
        self.phone = phone
        self.is_done = False

    @property
    def driven_m(self) -> float:
        """Metres driven so far."""
        return self._driven_m

    async def stand(self, at: datetime) -> None:
        """The van stands where it was seen last; a visit or a drive under way comes to nothing."""
        if self._is_out:
            return
        self._turn += 1
        self._place = self._seen_at or self._place
        self._look_later(at)

    async def step_out(self, _at: datetime) -> None:
        """Somebody else drives on; what the phone still holds is told first."""
        self._is_out = True
        self._turn += 1
        await self.phone.flush_all()

    async def step_in(self, at: datetime) -> None:
        """Goes on with a route wherever others left it: a visitor, or a demo that was stopped."""
        self._is_out = False
        self._turn += 1
        self.is_done = False
        await self._refresh(at)
        if not self._route:
            self.is_done = True
            return
        self._place = last_door(self._stops, self._route["depot"]["position"])
        state = self._route["state"]
        if state in _NOT_LOADED:
            self._plan(
                max(at, datetime.fromisoformat(self._route["start"]) - LOAD_LEAD), self.begin
            )
        elif state == "loaded":
            self._plan(max(at, datetime.fromisoformat(self._route["start"])), self._leave)
        elif state in _UNDER_WAY:
            await self._go_on(at)
        else:
            await self._finish(at)

    def _plan(self, at: datetime, deed: Deed) -> None:
        """Has ``deed`` done at ``at``, if this driver still drives then."""
        turn = self._turn

        async def act(then: datetime) -> None:
            if turn == self._turn:
                await deed(then)

        self._stage.timeline.plan(at, act)

    async def begin(self, at: datetime) -> None:
        """Signs in at the depot, scans the parcels and sets out when the route says so."""
        await self._refresh(at)
        if not self._route:
            self.is_done = True
            return
        depot = self._route["depot"]["position"]
        self._place = Position(lon=depot[0], lat=depot[1])
        self._aboard |= load_out(
            self.phone, self._stops, at, self._place, scan_s=self._stage.world.service.load_scan_s
        )
        await self.phone.flush_all()
        leaves_at = max(at, datetime.fromisoformat(self._route["start"]))
        self._draw_trouble(leaves_at)
        self._plan(leaves_at, self._leave)

    async def _leave(self, at: datetime) -> None:
        self.phone.tell("route.started", at, self._place)
        await self.phone.flush(at)
        await self._go_on(at)

    async def _go_on(self, at: datetime) -> None:
        """To the next stop, or back."""
        await self.phone.flush(at)
        await self._refresh(at)
        if self._breaks_at is not None and at >= self._breaks_at:
            self._breaks_at = None
            self.phone.tell("route.broke_down", at, self._place)
            await self.phone.flush_all()
            self._look_later(at)
            return
        if self._route.get("is_broken_down"):
            self._look_later(at)
            return
        if self._route.get("state") == "paused":
            self.phone.tell("route.resumed", at, self._place)
        stop = self._next_stop()
        # What was told and has arrived is no longer among those to come.
        not_arrived = max(0, self._rests - len(self._route.get("rests", [])))
        rest_s = rest_due_s(self._route.get("breaks", [])[not_arrived:], stop, at)
        if rest_s is not None:
            await self._rest(at, rest_s)
            return
        if stop is None:
            await self._return(at)
            return
        meeting = next_transfer(self._stops, self._place, self._closed, self._met)
        if meeting is not None and stop["state"] not in _BEGUN:
            lon, lat = meeting["position"]
            there = await self._drive(at, Position(lon=lon, lat=lat))
            taken = there + timedelta(seconds=TAKE_OVER_S)
            self._plan(taken, lambda then: self._take_over(then, meeting["from_code"]))
            return
        self.phone.tell("stop.started", at, self._place, stop_id=stop["stop_id"])
        door = self._door_of(stop)
        arrival = await self._drive(at, door)
        self._plan(arrival, lambda then: self._visit(then, stop, door))

    async def _rest(self, at: datetime, rest_s: float) -> None:
        """The colación, where the van stands."""
        self._rests += 1
        self.phone.tell("route.paused", at, self._place)
        await self.phone.flush(at)
        assert self._place is not None
        # The phone goes on telling where the van stands.
        for seen_s in range(0, int(rest_s), REST_FIX_GAP_S):
            self._plan(at + timedelta(seconds=seen_s), self._seer(self._place, 0.0))

        async def go_on(then: datetime) -> None:
            self.phone.tell("route.resumed", then, self._place)
            self._route["state"] = "started"
            await self._go_on(then)

        self._plan(at + timedelta(seconds=rest_s), go_on)

    def _next_stop(self) -> dict[str, Any] | None:
        for stop in self._stops:
            if stop["state"] in _OPEN and stop["stop_id"] not in self._closed:
                return stop
        return None

    def _look_later(self, at: datetime) -> None:
        self._looks += 1
        if self._looks < LOOKS_MAX:
            self._plan(at + LOOK_AGAIN, self._go_on)
        else:
            self.is_done = True

    async def _take_over(self, at: datetime, from_code: str) -> None:
        """Parcels of another van are scanned into this one, where that one stands."""
        self._met.add(from_code)
        self._aboard |= take_from_van(
            self.phone, self._stops, at, self._place, from_code=from_code, aboard=self._aboard
        )
        await self._go_on(at)

    def _door_of(self, stop: dict[str, Any]) -> Position:
        fate = self._stage.fates.get(stop["reference"])
        if fate is None or stop["type"] != "delivery":
            return Position(lon=stop["position"][0], lat=stop["position"][1])
        return fate.door.position

    async def _drive(self, at: datetime, goal: Position) -> datetime:
        """Drives there with the noise of a real day; plans the positions on the way."""
        assert self._place is not None
        trip = self._stage.town.find_trip(self._place, goal, at)
        travel, start = self._stage.world.travel, self._place
        if trip is None:
            length_m = distance_m(start, goal)
            duration_s = length_m / SPEED_MPS_OFF_ROAD
            geometry: tuple[Position, ...] = (start, goal)
        else:
            duration_s, geometry = float(trip.duration_s), line_of(trip, start, goal)
            length_m = float(trip.distance_m)
        duration_s *= self._draw.lognormvariate(0.0, travel.noise_sigma)
        duration_s += self._incident_s()
        self._driven_m += length_m
        self._place = goal
        self._plan_fixes(at, geometry, duration_s, length_m)
        return at + timedelta(seconds=max(duration_s, 20.0))

    def _incident_s(self) -> float:
        travel, legs = self._stage.world.travel, max(len(self._stops), 1)
        if self._draw.random() >= travel.incidents_per_route / legs:
            return 0.0
        return travel.incident_median_s * self._draw.lognormvariate(0.0, 0.5)

    def _plan_fixes(
        self, at: datetime, geometry: tuple[Position, ...], duration_s: float, length_m: float
    ) -> None:
        """Positions every interval, told to the platform in the moment they are seen."""
        interval_s = self._stage.world.phones.fix_interval_s
        speed_mps = length_m / duration_s if duration_s else 0.0
        count = int(duration_s // interval_s)
        for number in range(1, count + 1):
            place = place_along(geometry, number * interval_s / duration_s)
            moment = at + timedelta(seconds=number * interval_s)
            self._plan(moment, self._seer(place, speed_mps))

    def _seer(self, place: Position, speed_mps: float) -> Deed:
        async def see(at: datetime) -> None:
            self._seen_at = place
            self.phone.see(at, place, speed_mps)
            await self.phone.flush_positions(at)

        return see

    async def _visit(self, at: datetime, stop: dict[str, Any], door: Position) -> None:
        self.phone.see(at, door, 0.0)
        self.phone.tell("stop.arrived", at, door, stop_id=stop["stop_id"])
        self.phone.enter_dead_spot(at)
        await self.phone.flush(at)
        fate = self._stage.fates.get(stop["reference"])
        service_s = fate.service_s if fate else 60.0
        if fate is not None and self._failure_of(fate, stop):
            service_s = max(service_s, self._stage.world.service.absent_wait_s)
        # A second position at the door shows that the van stood there.
        stays_until = at + timedelta(seconds=service_s)
        self._plan(at + timedelta(seconds=service_s * 0.6), self._seer(door, 0.0))
        self._plan(stays_until, lambda then: self._close(then, stop, door))

    def _failure_of(self, fate: OrderFate, stop: dict[str, Any]) -> str | None:
        return fate.failure if stop["type"] == "delivery" else None

    async def _close(self, at: datetime, stop: dict[str, Any], door: Position) -> None:
        fate = self._stage.fates.get(stop["reference"])
        reason = self._failure_of(fate, stop) if fate else None
        proof = Proof(self.phone, self._stage.seed, stop, door)
        content = proof.of_failure(at, reason) if reason else proof.of_hand_over(at, fate)
        self.phone.tell("stop.closed", at, door, **content)
        self._closed.add(stop["stop_id"])
        await self.phone.flush(at)
        if fate is not None and reason is None and stop["type"] == "delivery":
            self._stage.on_delivered(fate, at)
        self._plan(at + timedelta(seconds=15), self._go_on)

    async def _return(self, at: datetime) -> None:
        depot = self._route["depot"]["position"]
        home = Position(lon=depot[0], lat=depot[1])
        arrival = await self._drive(at, home)
        self._plan(arrival, self._finish)

    async def _finish(self, at: datetime) -> None:
        """Everything that was not handed over is left at the depot, whose people count it."""
        await self.phone.flush_all()
        await self._refresh(at)
        if self._next_stop() is not None:
            await self._go_on(at)
            return
        self.phone.tell("route.finished", at, self._place)
        await self.phone.flush_all()
        await self._refresh(at, keep=True)
        for barcode in sorted(left_aboard(self._stops)):
            self.phone.tell("parcel.returned_to_depot", at, self._place, barcode=barcode)
        self.phone.tell("route.reconciled", at, self._place, route_id=self._route["id"])
        await self.phone.flush_all()
        self.is_done = True

    async def _refresh(self, at: datetime, *, keep: bool = False) -> None:
        """Asks for the route; says so when it shows a new version."""
        if self.phone.is_silent(at):
            return
        day = await self._api.get("/v1/driver/route")
        if day["route"] is None and keep:
            return
        self._route, self._stops = day["route"] or {}, day["stops"]
        version = self._route.get("version", 0)
        if version > self._known_version:
            self._known_version = version
            self._met.clear()
            self.phone.tell("route.acknowledged", at, self._place, version=version)

    def _draw_trouble(self, leaves_at: datetime) -> None:
        """Whether the van breaks down, and when the phone dies for a while."""
        world, draw = self._stage.world, self._draw
        if draw.random() < world.travel.breakdowns_per_route:
            self._breaks_at = leaves_at + timedelta(seconds=draw.uniform(3600, 5 * 3600))
        if draw.random() < world.phones.dead_phone:
            dies_at = leaves_at + timedelta(seconds=draw.uniform(3600, 6 * 3600))
            lasts_s = world.phones.dead_median_s * draw.lognormvariate(0.0, 0.5)
            self._plan(dies_at, self._killer(lasts_s))

    def _killer(self, lasts_s: float) -> Deed:
        async def die(at: datetime) -> None:
            self.phone.fall_silent(at + timedelta(seconds=lasts_s))

        return die
