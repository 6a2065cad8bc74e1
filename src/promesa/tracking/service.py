"""One writer per tenant follows the fleet; readers take its immutable snapshots.

The tracker lives in the event loop of one process, so its methods are plain calls that never
wait; what they cost is one route's steps. It keeps nothing: after a restart it is rebuilt from
routes, stops and the last positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from uuid import UUID

from promesa.domain.events import Event
from promesa.kernel.clock import Clock
from promesa.tracking.facts import with_fact
from promesa.tracking.filters import FilterState, Refusal
from promesa.tracking.geofence import Crossing
from promesa.tracking.intake import BATCH_MAX, BatchTooLongError, RefusedFix, Sifted, sift
from promesa.tracking.pipeline import (
    Context,
    RouteTrack,
    absorb,
    advance,
    estimate_arrivals,
    picture,
)
from promesa.tracking.repository import Fix, TrackingStore
from promesa.tracking.snapshot import FleetSnapshot, RouteSnapshot
from promesa.tracking.tracked import TrackedRoute
from promesa.tracking.travel import RememberedTravel, TravelTimes

# A route's estimates take about a millisecond: nobody waits longer than for so many.
TICK_SHARE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FixReport:
    """What became of a batch.

    Attributes:
        accepted: To be appended to the tracks.
        crossings: Arrivals and departures the positions show, to be recorded as events.
    """

    accepted: tuple[Fix, ...]
    refused: tuple[RefusedFix, ...]
    crossings: tuple[Crossing, ...]


class Tracker:
    """Follows the routes of one tenant."""

    def __init__(self, travel: TravelTimes, clock: Clock) -> None:
        self._travel = RememberedTravel(travel)
        self._clock = clock
        self._tracks: dict[UUID, RouteTrack] = {}
        self._filters: dict[UUID, FilterState] = {}
        # The last position of a driver that was not believed, until one is.
        self._refused: dict[UUID, RefusedFix] = {}
        self._shown: dict[UUID, RouteSnapshot] = {}
        self._snapshot = FleetSnapshot(number=0, at=clock.now())

    def snapshot(self) -> FleetSnapshot:
        """The fleet as last written; sharing it costs nothing."""
        return self._snapshot

    def forget_travel(self) -> None:
        """Estimates from now on ask the streets anew: live traffic changed."""
        self._travel.forget()

    def ask_ahead(self, gap: timedelta) -> None:
        """Has the roads asked what estimates will ask of them by now and in ``gap``.

        For a thread: a second for a fleet whose streets were marked just now, when each half hour
        of the day has yet to be made; what is found is remembered by the travel times alone.
        """
        now = self._clock.now()
        for track in list(self._tracks.values()):
            if not track.route.is_over:
                for at in (now, now + gap):
                    estimate_arrivals(track, self._context(track, None, at))

    def follow(self, route: TrackedRoute) -> None:
        """Follows a route, or its newer version: position and fences are kept."""
        before = self._tracks.get(route.route_id)
        fix = self._filters.get(route.driver_id, FilterState()).last
        track = RouteTrack(route=route, fix=fix)
        if before is not None:
            # What the roads said is of the old way when there is now something to fetch on it.
            road = before.road if before.route.errands == route.errands else None
            track = replace(before, route=route, road=road)
        self._advance(track, None, self._clock.now())
        self._publish()

    def forget(self, route_id: UUID) -> None:
        """Stops following a route; one that is not followed changes nothing."""
        if self._tracks.pop(route_id, None) is not None:
            del self._shown[route_id]
            self._publish()

    def recall(self, last_fixes: Mapping[UUID, Fix]) -> None:
        """After a restart: where each driver was last, before the routes are followed."""
        for driver_id, fix in last_fixes.items():
            self._filters.setdefault(driver_id, FilterState(last=fix, recent=(fix,)))

    def apply_fixes(self, fixes: Sequence[Fix]) -> FixReport:
        """Takes a batch of any drivers: each live position moves a van, the last is estimated.

        Raises:
            BatchTooLongError: More than intake.BATCH_MAX, and nothing was taken.
        """
        if len(fixes) > BATCH_MAX:
            raise BatchTooLongError
        now = self._clock.now()
        accepted: list[Fix] = []
        refused: list[RefusedFix] = []
        crossings: list[Crossing] = []
        for driver_id, batch in _by_driver(fixes):
            state = self._filters.get(driver_id, FilterState())
            self._filters[driver_id], sifted = sift(batch, state, now)
            accepted.extend(sifted.accepted)
            refused.extend(sifted.refused)
            self._remember_refusal(driver_id, sifted)
            crossings.extend(self._drive(driver_id, sifted.live, now))
        if accepted:
            self._publish()
        return FixReport(
            accepted=tuple(accepted), refused=tuple(refused), crossings=tuple(crossings)
        )

    def find_refused(self, driver_id: UUID) -> RefusedFix | None:
        """The last position of a driver that was refused, while none was believed since."""
        return self._refused.get(driver_id)

    def _remember_refusal(self, driver_id: UUID, sifted: Sifted) -> None:
        """A duplicate is no trouble: the other application's position was taken."""
        told = [item for item in sifted.refused if item.code is not Refusal.DUPLICATE]
        if sifted.live:
            self._refused.pop(driver_id, None)
        elif told:
            self._refused[driver_id] = told[-1]

    def apply_fact(self, event: Event) -> None:
        """Takes an event of the log; one that is about no followed route changes nothing."""
        track = self._find_track_of_event(event)
        if track is None:
            return
        route = with_fact(track.route, event)
        if route is not track.route:
            self._advance(replace(track, route=route, road=None), None, self._clock.now())
            self._publish()

    def tick(self) -> None:
        """Lets time pass: estimates move even when nobody reports anything."""
        for _ in self.ticking():
            pass

    def ticking(self) -> Iterator[None]:
        """The same a few routes at a time: between two, others may read and write.

        Each route is taken as it is by then, so that no position that came meanwhile is lost.
        """
        for number, route_id in enumerate(list(self._tracks), start=1):
            track = self._tracks.get(route_id)
            if track is not None and not track.route.is_over:
                self._advance(track, None, self._clock.now())
            if number % TICK_SHARE == 0:
                yield
        self._publish()

    def _drive(self, driver_id: UUID, live: Sequence[Fix], now: datetime) -> list[Crossing]:
        """Moves the driver's route through each position and estimates from the last."""
        track = self._find_track_of_driver(driver_id)
        if track is None or not live:
            return []
        crossings: list[Crossing] = []
        for fix in live[:-1]:
            track = absorb(track, self._context(track, fix, now))
            crossings.extend(track.crossings)
        track = self._advance(track, live[-1], now)
        return [*crossings, *track.crossings]

    def _advance(self, track: RouteTrack, fix: Fix | None, now: datetime) -> RouteTrack:
        advanced = advance(track, self._context(track, fix, now))
        self._tracks[track.route.route_id] = advanced
        self._shown[track.route.route_id] = picture(advanced, now)
        return advanced

    def _context(self, track: RouteTrack, fix: Fix | None, now: datetime) -> Context:
        return Context(now=now, travel=self._travel.of(track.route.vehicle), fix=fix)

    def _publish(self) -> None:
        """A copy, so that whoever holds the former snapshot keeps it as it was. O(routes)."""
        self._snapshot = FleetSnapshot(
            number=self._snapshot.number + 1,
            at=self._clock.now(),
            routes=MappingProxyType(dict(self._shown)),
        )

    def _find_track_of_driver(self, driver_id: UUID) -> RouteTrack | None:
        """The route the driver is on: one under way before one to come, the earlier first."""
        own = [
            track
            for track in self._tracks.values()
            if track.route.driver_id == driver_id and not track.route.is_over
        ]
        return min(own, key=_expected_order, default=None)

    def _find_track_of_event(self, event: Event) -> RouteTrack | None:
        if event.route_id is not None:
            return self._tracks.get(event.route_id)
        if event.subject_kind == "route":
            return self._tracks.get(event.subject_id)
        return None


async def take_positions(
    tx: TrackingStore, tracker: Tracker, fixes: Sequence[Fix], received_at: datetime
) -> FixReport:
    """Shows a batch to the tracker and keeps what it believed.

    The snapshot moves before the transaction ends: if that fails, the phone sends again, the same
    positions are accepted again, and the track gets what the map already shows.
    """
    report = tracker.apply_fixes(fixes)
    if report.accepted:
        await tx.tracks.append(report.accepted, received_at)
    return report


def _by_driver(fixes: Iterable[Fix]) -> Iterable[tuple[UUID, list[Fix]]]:
    for driver_id, batch in groupby(
        sorted(fixes, key=lambda fix: fix.driver_id), key=lambda fix: fix.driver_id
    ):
        yield driver_id, list(batch)


def _expected_order(track: RouteTrack) -> tuple[bool, datetime, UUID]:
    route = track.route
    return (not route.is_under_way, route.planned_start, route.route_id)
