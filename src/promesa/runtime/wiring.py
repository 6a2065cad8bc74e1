"""Settings to a running platform: opens what it needs, joins it, and closes it in order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from promesa.domain.events import Event
from promesa.kernel.clock import Clock, SystemClock
from promesa.kernel.ids import Ids
from promesa.notify.outbox import drain
from promesa.notify.policy import NotifyPolicy
from promesa.roads.charge_tables import charge_contents
from promesa.roads.city import City, ensure_built
from promesa.roads.speed_feed import FeedTraffic
from promesa.runtime import access, jobs
from promesa.runtime.background import keep_running
from promesa.runtime.bicycle_roads import BicycleRoads
from promesa.runtime.channels import close_channels, make_channels
from promesa.runtime.chores import run_chores
from promesa.runtime.cleaning import run_cleaning
from promesa.runtime.forecasting import ask_forecast
from promesa.runtime.geocoders import CityTerritory, make_geocoder
from promesa.runtime.live import fact_topic, frame_of, order_topic, plain_frame
from promesa.runtime.places import default_city_directory
from promesa.runtime.platform import Platform
from promesa.runtime.pump import Pump
from promesa.runtime.reacting import NO_WAITS_S, WAITS_S, Reactor
from promesa.runtime.reactions import Reactions
from promesa.runtime.road_travel import RoadTravel
from promesa.runtime.settings import Settings
from promesa.runtime.tracking_links import TrackingLinks
from promesa.runtime.traffic import Traffic
from promesa.runtime.traffic_run import run_traffic
from promesa.storage.database import Database, DatabasePlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What differs between serving, showing and simulating.

    Attributes:
        public_url: Base of links sent to people.
        home: Folder of the private server; None for the usual place.
        is_background: Whether the pump and the jobs run by themselves; a simulation settles by
            hand, so that everything happens in one order.
        is_sole: Whether no other process may serve the same database meanwhile: places that are
            promised are counted in memory.
        city: Loaded already, for who opens several platforms; None to load the one that is set.
    """

    clock: Clock
    ids: Ids
    public_url: str
    home: Path | None = None
    is_background: bool = True
    is_sole: bool = False
    city: City | None = None


def real_circumstances(public_url: str) -> Circumstances:
    """The machine's clock and the machine's randomness."""
    clock = SystemClock()
    return Circumstances(clock=clock, ids=Ids(clock), public_url=public_url)


@asynccontextmanager
async def open_platform(
    settings: Settings,
    circumstances: Circumstances,
    say: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[Platform]:
    """A running platform for as long as the block lasts.

    Raises:
        AlreadyServedError: It is to be the only one, and another process serves.
    """
    say("Abriendo la base de datos…")
    home = circumstances.home or (
        Path(settings.database.directory) if settings.database.directory else None
    )
    place = DatabasePlace(
        url=settings.database.url, home=home, pool_size=settings.database.pool_size
    )
    database = await Database.open(place, circumstances.ids)
    alone = database.served_alone() if circumstances.is_sole else nullcontext()
    try:
        async with alone, _joined(settings, circumstances, database, say) as platform:
            yield platform
    finally:
        await database.close()


@asynccontextmanager
async def _joined(
    settings: Settings,
    circumstances: Circumstances,
    database: Database,
    say: Callable[[str], None],
) -> AsyncIterator[Platform]:
    say("Cargando la ciudad…")
    city_directory = Path(settings.city.directory or default_city_directory())
    city = circumstances.city or City.load(city_directory)
    platform = _join(settings, circumstances, database, city, str(city_directory))
    try:
        if circumstances.is_background:
            await platform.start()
            await jobs.resume_plans(platform)
            platform.spawn(keep_running("chores", lambda: run_chores(platform)))
            platform.spawn(keep_running("cleaning", lambda: run_cleaning(platform)))
            platform.spawn(keep_running("traffic", lambda: run_traffic(platform)))
        yield platform
    finally:
        platform.hub.close()
        await platform.stop()
        await close_channels(platform.channels)
        platform.executor.shutdown(wait=False, cancel_futures=True)


def _join(
    settings: Settings,
    circumstances: Circumstances,
    database: Database,
    city: City,
    city_directory: str,
) -> Platform:
    feed_name = settings.traffic.feed_name
    feed = FeedTraffic(feed_name) if settings.traffic.feed_url else None
    built = ensure_built(Path(city_directory))
    traffic = Traffic(city.network, feed, charge_contents(built))
    platform = Platform(
        settings=settings,
        clock=circumstances.clock,
        ids=circumstances.ids,
        database=database,
        city=city,
        geocoder=make_geocoder(city, settings.geocoder, circumstances.clock),
        territory=CityTerritory(city),
        travel=RoadTravel(lambda: traffic.city, city.center),
        traffic=traffic,
        bicycles=BicycleRoads(built),
        channels=make_channels(settings),
        city_directory=city_directory,
        executor=jobs.make_executor(city_directory),
        public_url=circumstances.public_url.rstrip("/"),
    )
    reactions = Reactions(
        clock=platform.clock,
        available=frozenset(platform.channels),
        policy=NotifyPolicy(),
        tenants=platform.tenant,
        watches=platform.watch,
        forecast=lambda tenant_id: ask_forecast(platform, tenant_id),
    )
    platform.reactor = Reactor(
        database,
        reactions.table(),
        platform.clock,
        waits_s=WAITS_S if circumstances.is_background else NO_WAITS_S,
    )
    platform.pump = Pump(
        database,
        platform.clock,
        reactor=platform.reactor,
        tell=_teller(platform),
        send=_sender(platform),
    )
    return platform


def _teller(platform: Platform) -> Callable[[UUID, list[Event]], Awaitable[None]]:
    async def tell(tenant_id: UUID, events: list[Event]) -> None:
        """Facts move the fleet's picture and the coming days, then go to whoever listens."""
        watch = platform.watch(tenant_id)
        if watch.is_touched_by(events):
            async with platform.database.transaction(tenant_id) as tx:
                await watch.apply(tx, events)
        board = platform.boards.get(tenant_id)
        if board is not None and board.is_touched_by(events):
            async with platform.database.transaction(tenant_id) as tx:
                await board.apply(tx, events)
        orders: dict[UUID, None] = {}
        for event in events:
            platform.metrics.events.labels(event.type).inc()
            platform.hub.publish(fact_topic(tenant_id), frame_of(event))
            if event.order_id is not None:
                orders[event.order_id] = None
        for order_id in orders:
            platform.hub.publish(order_topic(tenant_id, order_id), plain_frame("changed", {}))

    return tell


def _sender(platform: Platform) -> Callable[[UUID], Coroutine[None, None, int]]:
    async def send(tenant_id: UUID) -> int:
        """One batch of what is due."""
        async with platform.database.transaction(tenant_id) as tx:
            report = await drain(
                tx,
                platform.channels,
                TrackingLinks(platform, tx, tenant_id),
                clock=platform.clock,
                actor=access.system_actor(tenant_id),
            )
        return report.sent + report.failed

    return send
