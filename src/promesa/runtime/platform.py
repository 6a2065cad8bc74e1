"""The running platform: one object that handlers, jobs and the simulator's client stand on.

It composes; it decides nothing. One request or job is one transaction, and the pump that numbers
events, reacts to them and tells live listeners runs after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

import structlog

from promesa.dispatch.streets import DayStreets
from promesa.domain.access import Tenant, User
from promesa.domain.actor import Actor
from promesa.domain.events import Event
from promesa.kernel.clock import Clock
from promesa.kernel.errors import ConflictError, NotFoundError
from promesa.kernel.ids import Ids
from promesa.kernel.serviceday import ServiceDay
from promesa.notify.channels import Channels
from promesa.orders.desk import Author, Desk
from promesa.orders.drafts import OrderSource
from promesa.orders.geocoding import Geocoder, Territory
from promesa.promising.cell_ways import CellWays
from promesa.roads.city import City
from promesa.roads.network import RoadNetwork
from promesa.runtime.bicycle_roads import BicycleRoads
from promesa.runtime.broadcast import Hub
from promesa.runtime.capacity_boards import CapacityBoards
from promesa.runtime.demo import Demo
from promesa.runtime.fleet_watch import FleetWatch
from promesa.runtime.forecast_states import Forecastings
from promesa.runtime.newest_outlooks import NewestOutlooks
from promesa.runtime.observe import Metrics
from promesa.runtime.promise_alarms import PromiseAlarms
from promesa.runtime.promise_board import PromiseBoard
from promesa.runtime.promise_reading import DaysReader
from promesa.runtime.pump import Pump
from promesa.runtime.reacting import Reactor
from promesa.runtime.rehearsal_states import Rehearsings
from promesa.runtime.repository import DatabasePort, Directory, PlatformStore
from promesa.runtime.road_travel import RoadTravel
from promesa.runtime.roster_proposals import RosterProposals
from promesa.runtime.searches import Searches
from promesa.runtime.settings import Settings
from promesa.runtime.sign_in_tries import SignInTries
from promesa.runtime.slips import Slip
from promesa.runtime.traffic import Traffic
from promesa.storage.engine import DatabaseBusyError
from promesa.tracking.travel import TravelTimes

Result = TypeVar("Result")

_WEDNESDAY = 2
_USUAL_HOUR = time(11, 0)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and the id of the request, which its events carry."""

    actor: Actor
    request_id: str | None = None

    @property
    def tenant_id(self) -> UUID:
        """The operator the caller belongs to."""
        return self.actor.tenant_id


@dataclass(slots=True, kw_only=True)
class Platform:
    """Everything that is open while the platform runs.

    Attributes:
        public_url: Base of links sent to people, without a slash at the end.
        demo: The demo's switches, while it runs.
        plan_slips: How far the plans are that are being made, by plan.
    """

    settings: Settings
    clock: Clock
    ids: Ids
    database: DatabasePort
    city: City
    geocoder: Geocoder
    territory: Territory
    travel: TravelTimes
    traffic: Traffic
    bicycles: BicycleRoads
    channels: Channels
    city_directory: str
    executor: Executor
    public_url: str
    demo: Demo | None = None
    hub: Hub = field(default_factory=Hub)
    sign_in_tries: SignInTries = field(default_factory=SignInTries)
    metrics: Metrics = field(default_factory=Metrics)
    watches: dict[UUID, FleetWatch] = field(default_factory=dict)
    boards: dict[UUID, PromiseBoard] = field(default_factory=dict)
    searches: Searches = field(default_factory=Searches)
    plan_slips: dict[UUID, Slip] = field(default_factory=dict)
    forecastings: Forecastings = field(default_factory=Forecastings)
    capacity_boards: CapacityBoards = field(default_factory=CapacityBoards)
    roster_proposals: RosterProposals = field(default_factory=RosterProposals)
    rehearsings: Rehearsings = field(default_factory=Rehearsings)
    promise_alarms: PromiseAlarms = field(default_factory=PromiseAlarms)
    newest_outlooks: NewestOutlooks = field(default_factory=NewestOutlooks)
    # Forecast and day whose boards were made ready, by operator.
    warmed: dict[UUID, tuple[UUID, date]] = field(default_factory=dict)
    reactor: Reactor = field(init=False)
    pump: Pump = field(init=False)
    _legs: dict[UUID, TravelTimes] = field(default_factory=dict)
    _ways: dict[UUID, CellWays] = field(default_factory=dict)
    _tasks: list[asyncio.Task[Any]] = field(default_factory=list)

    async def start(self) -> None:
        """Begins to react to what is committed."""
        await self.pump.start()

    async def stop(self) -> None:
        """Ends background work; what is unfinished goes on at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.searches.clear()
        await self.pump.stop()

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Runs ``work`` beside requests; it ends with the platform. A mistake in it is logged."""
        task = asyncio.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.remove(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            _log.error("background_fell", work=task.get_name(), exc_info=fault)

    @property
    def is_demo(self) -> bool:
        """Whether visitors are signed in by themselves."""
        return self.demo is not None

    @property
    def directory(self) -> Directory:
        """The narrow way across tenants."""
        return self.database.directory

    @asynccontextmanager
    async def transaction(self, tenant_id: UUID) -> AsyncIterator[PlatformStore]:
        """One transaction of one tenant; commits at the end, and wakes the pump for new facts."""
        async with self.database.transaction(tenant_id) as tx:
            yield tx
        if tx.events.recorded:
            self.pump.wake()

    async def attempt(
        self, tenant_id: UUID, work: Callable[[PlatformStore], Awaitable[Result]]
    ) -> Result:
        """What ``work`` returns of a transaction of its own; others in its way, it is done anew.

        The second transaction reads what the others left, and is the last. For work that does
        nothing outside its transaction: of the first one nothing was kept.
        """
        try:
            async with self.transaction(tenant_id) as tx:
                return await work(tx)
        except (ConflictError, DatabaseBusyError) as error:
            _log.info("attempted_again", code=error.code, sqlstate=error.details.get("sqlstate"))
        async with self.transaction(tenant_id) as tx:
            return await work(tx)

    async def record(
        self,
        tx: PlatformStore,
        caller: Caller,
        kind: str,
        *,
        subject: tuple[str, UUID],
        data: dict[str, object] | None = None,
    ) -> Event:
        """Appends an event that happened now, at the server, and returns it."""
        now = self.clock.now()
        event = Event(
            id=self.ids.next(),
            type=kind,
            subject_kind=subject[0],
            subject_id=subject[1],
            occurred_at=now,
            recorded_at=now,
            actor=caller.actor,
            request_id=caller.request_id,
            data=data or {},
        )
        await tx.events.record(event)
        return event

    async def find_active_user(self, tenant_id: UUID, user_id: UUID) -> User | None:
        """The user, when it exists and may still come in."""
        async with self.database.transaction(tenant_id) as tx:
            try:
                user = await tx.access.get_user(user_id)
            except NotFoundError:
                return None
        return user if user.is_active else None

    async def is_driving(self, tenant_id: UUID, driver_id: UUID) -> bool:
        """Whether the driver exists and may still drive."""
        async with self.database.transaction(tenant_id) as tx:
            try:
                return (await tx.fleet.get_driver(driver_id)).is_active
            except NotFoundError:
                return False

    async def tenant(self, tenant_id: UUID) -> Tenant:
        """The operator behind an actor."""
        return await self.directory.get_tenant(tenant_id)

    def watch(self, tenant_id: UUID) -> FleetWatch:
        """The live picture of one tenant's fleet, as last written."""
        if tenant_id not in self.watches:
            self.watches[tenant_id] = FleetWatch(tenant_id, self.legs(tenant_id), self.clock)
        return self.watches[tenant_id]

    def roads(self, tenant_id: UUID) -> RoadNetwork:
        """The streets as this operator's plans and estimates see them now, with live traffic."""
        return self.traffic.of(tenant_id).roads

    def streets(self, tenant_id: UUID) -> DayStreets:
        """The same for each vehicle of a day under way, bicycles too."""
        return DayStreets(motor=self.roads(tenant_id), find_bicycles=self.bicycles.find)

    def legs(self, tenant_id: UUID) -> TravelTimes:
        """How long legs take on them."""
        if tenant_id not in self._legs:
            self._legs[tenant_id] = RoadTravel(
                lambda: self.roads(tenant_id), self.city.center, self.bicycles.find
            )
        return self._legs[tenant_id]

    async def ready_watch(self, tenant_id: UUID) -> FleetWatch:
        """The live picture, read from storage first when it is of no day or of another."""
        watch = self.watch(tenant_id)
        if not watch.is_current:
            async with self.database.transaction(tenant_id) as tx:
                await watch.load(tx)
        return watch

    async def ready_board(self, tenant_id: UUID) -> PromiseBoard:
        """What quotes read, read from storage first when it is of no day or of another."""
        if tenant_id not in self.boards:
            reader = DaysReader(
                ways=self.ways(tenant_id),
                clock=self.clock,
                territory=self.city.territory,
                newest=self.newest_outlooks,
                measure=lambda comunas, depots: self.capacity_boards.measured(
                    tenant_id, comunas, depots, self.city
                ),
            )
            self.boards[tenant_id] = PromiseBoard(tenant_id, reader)
        board = self.boards[tenant_id]
        if not board.is_current:
            async with self.database.transaction(tenant_id) as tx:
                await board.load(tx)
        return board

    def ways(self, tenant_id: UUID) -> CellWays:
        """How long the operator's vans take between any two places of a usual day, kept."""
        if tenant_id not in self._ways:
            self._ways[tenant_id] = CellWays(self.legs(tenant_id).leg_s, self._usual_hour)
        return self._ways[tenant_id]

    def _usual_hour(self) -> datetime:
        """Eleven of the last Wednesday: streets as they usually are while vans are out."""
        today = ServiceDay.of(self.clock.now())
        days = (today.date.weekday() - _WEDNESDAY) % 7 or 7
        return ServiceDay(today.date - timedelta(days=days)).at(_USUAL_HOUR)

    def desk(self) -> Desk:
        """The tools of order intake."""
        return Desk(
            clock=self.clock,
            ids=self.ids,
            geocoder=self.geocoder,
            territory=self.territory,
            coverage=self.city,
        )

    def author(self, caller: Caller, source: OrderSource = OrderSource.API) -> Author:
        """In whose name orders change."""
        return Author(actor=caller.actor, request_id=caller.request_id, source=source)
