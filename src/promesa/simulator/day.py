"""One simulated day: founded, planned, driven, followed and closed, all over HTTP.

The same day serves two purposes: run to its end on a clock moved by hand, or run up to a moment
and then at the pace of a clock that runs, which is the demo. There a visitor may take a van's
wheel, publish routes of its own, and stop the demo to go on with the same day later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import ServiceDay
from promesa.routing.fleetfile import FleetFile
from promesa.simulator.buyers import Batch, Round
from promesa.simulator.checkout import Checkouts
from promesa.simulator.client import Api, OpenClient
from promesa.simulator.driver import LOAD_LEAD, Driver, Stage
from promesa.simulator.office import Crew, Office
from promesa.simulator.phone import Phone
from promesa.simulator.recipients import Recipient
from promesa.simulator.script import DayScript, OrderFate
from promesa.simulator.timeline import Deed, Timeline
from promesa.simulator.town import Town
from promesa.simulator.world_file import World

# Orders are in by the evening before; the plan is made before the vans are loaded.
ORDERS_IN = time(18, 30)
PLANNED_AT = time(6, 30)
CLOSED_AT = time(23, 0)
# The torre looks around this often.
WATCH_GAP = timedelta(minutes=5)
# A van that is back waits its turn at the dock.
COUNTED_AFTER = timedelta(minutes=30)
SHIFT_OF_THE_TORRE = timedelta(hours=6)
# People rate soon or when they get to it; median and spread of the logarithm are assumed.
RATES_AFTER_MEDIAN_S, RATES_AFTER_SIGMA = 45 * 60.0, 0.9
RATES_BEFORE = time(22, 30)
# A phone without a network tells its deliveries late: until then there is nothing to rate.
RATES_AGAIN, RATES_TRIES_MAX = timedelta(minutes=30), 6
_OVER = frozenset({"reconciled", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Casting:
    """Who takes part, and how they reach the platform.

    Attributes:
        open_client: Gives each actor a connection and cookies of its own.
        settle: Has the platform finish what follows from what was just told; a platform that
            runs by itself needs nothing.
        chores: Has the platform do what time brings about.
        is_live: Whether the torre hands over what broken vans carry.
        reviews_left: Addresses left for a visitor to look at.
        batches: How the day's orders came in; all of them at once where this says nothing.
        rounds: Who buys at the shops' checkouts during the day, for the days after it.
    """

    script: DayScript
    world: World
    town: Town
    fleet: FleetFile
    open_client: OpenClient
    settle: Callable[[], Awaitable[None]]
    chores: Callable[[], Awaitable[None]]
    email: str
    password: str
    iterations: int
    is_live: bool = True
    reviews_left: int = 0
    batches: tuple[Batch, ...] = ()
    rounds: tuple[Round, ...] = ()

    @property
    def begins_at(self) -> datetime:
        """When the first thing happens."""
        first = begins_at(self.script.date)
        return min(first, self.batches[0].at) if self.batches else first


@dataclass(slots=True, kw_only=True)
class Cast:
    """Who is on stage."""

    crew: Crew | None = None
    drivers: list[Driver] = field(default_factory=list)
    routes: list[dict[str, Any]] = field(default_factory=list)
    by_route: dict[str, Driver] = field(default_factory=dict)


def begins_at(day: date) -> datetime:
    """When the first thing happens: the evening before."""
    return ServiceDay(day - timedelta(days=1)).at(ORDERS_IN)


def ends_at(day: date) -> datetime:
    """When the day is closed."""
    return ServiceDay(day).at(CLOSED_AT)


class SimulatedDay:
    """The day as a timeline of deeds."""

    def __init__(self, casting: Casting) -> None:
        self._casting = casting
        self._day = ServiceDay(casting.script.date)
        self._fates = {fate.reference: fate for fate in casting.script.orders}
        self._asked_to_repair: set[str] = set()
        self._back_since: dict[str, datetime] = {}
        self._rated: set[str] = set()
        self._signed_in_at = casting.begins_at
        self._stage = Stage(
            seed=casting.script.seed,
            town=casting.town,
            world=casting.world,
            timeline=Timeline(),
            fates=self._fates,
            on_delivered=self._plan_rating,
        )
        self.timeline = self._stage.timeline
        api = Api(casting.open_client())
        self.office = Office(api, casting.script.seed)
        self._checkouts = Checkouts(api, self.office.merchant_id)
        self._pages = Api(casting.open_client())
        self.cast = Cast()

    def raise_curtain(self) -> None:
        """Plans what begins the day; everything else follows from it."""
        self.timeline.plan(self._casting.begins_at, self._open)
        self.timeline.plan(self._day.at(PLANNED_AT), self._plan)
        self.timeline.plan(ends_at(self._day.date), self._close)

    def pick_up(self, at: datetime) -> None:
        """Goes on at ``at`` with a day that was begun before; the platform remembers it."""
        self.timeline.plan(at, self._remember)
        self.timeline.plan(ends_at(self._day.date), self._close)

    @property
    def has_plan(self) -> bool:
        """Whether vans have routes."""
        return bool(self.cast.routes)

    async def hand_over(self, route_id: UUID, at: datetime) -> None:
        """A visitor takes the wheel of a van: its driver does nothing more until it is back."""
        await self._do_between(at, self.cast.by_route[str(route_id)].step_out)

    async def take_back(self, route_id: UUID, at: datetime) -> None:
        """The visitor is gone: the van's own driver goes on from where it stands."""
        await self._do_between(at, self.cast.by_route[str(route_id)].step_in)

    async def _do_between(self, at: datetime, deed: Deed) -> None:
        """Has ``deed`` done after what is under way, and waits for it."""
        done = asyncio.Event()

        async def act(then: datetime) -> None:
            try:
                await deed(then)
            finally:
                done.set()

        self.timeline.plan(at, act)
        await done.wait()

    async def run_until(self, until: datetime, move_to: Callable[[datetime], None]) -> None:
        """Does everything due by ``until``, moving the clock to each deed."""
        while (due := self.timeline.pop_due(until)) is not None:
            at, deed = due
            move_to(at)
            await deed(at)
            await self._casting.settle()
        move_to(until)

    async def _open(self, at: datetime) -> None:
        casting = self._casting
        await self._sign_in(at)
        await self.office.open_shops(casting.script)
        self.cast.crew = await self.office.hire(casting.fleet, casting.script.date)
        for batch in casting.batches:
            self.timeline.plan(batch.at, self._taker(batch))
        if not casting.batches:
            await self.office.take_orders(casting.script.orders)
        self._expect_buyers(at)

    def _taker(self, batch: Batch) -> Deed:
        async def take(_at: datetime) -> None:
            quotes = await self._checkouts.quote(batch.orders)
            await self.office.take_orders(batch.orders, quotes)

        return take

    def _expect_buyers(self, since: datetime) -> None:
        for each in self._casting.rounds:
            if each.at >= since:
                self.timeline.plan(each.at, self._seller(each))

    def _seller(self, each: Round) -> Deed:
        async def sell(at: datetime) -> None:
            await self._checkouts.serve(each.buyers, at)

        return sell

    async def _sign_in(self, at: datetime) -> None:
        """Sessions end after a shift, so somebody signs in anew."""
        await self.office.sign_in(self._casting.email, self._casting.password)
        self._signed_in_at = at

    async def _plan(self, at: datetime) -> None:
        casting, day = self._casting, self._casting.script.date
        await self._sign_in(at)
        await self.office.review(day, leave=casting.reviews_left)
        plan_id = await self.office.plan(day, casting.iterations)
        self.cast.routes = await self.office.publish(plan_id)
        for route in sorted(self.cast.routes, key=lambda route: str(route["code"])):
            driver = await self._engage(route, phone=f"{casting.script.seed}/{route['code']}")
            self.timeline.plan(datetime.fromisoformat(route["start"]) - LOAD_LEAD, driver.begin)
        for fate in casting.script.orders:
            self._plan_recipient(fate, at)
        self.timeline.plan(at + WATCH_GAP, self._watch)

    async def _remember(self, at: datetime) -> None:
        """Every van goes on with what it had left; phones begin with an empty outbox."""
        await self._sign_in(at)
        await self.office.remember()
        await self.office.open_shops(self._casting.script)
        self._expect_buyers(at)
        self.cast.routes = await self._routes()
        for route in self.cast.routes:
            if route["state"] not in _OVER:
                await self._pick_up_route(route, at)
        for fate in self._casting.script.orders:
            self._plan_recipient(fate, at)
        self.timeline.plan(at + WATCH_GAP, self._watch)

    async def _pick_up_route(self, route: dict[str, Any], at: datetime) -> None:
        """A phone of another name: ids of what it tells must not be those told before."""
        name = f"{self._casting.script.seed}/{route['code']}/{at.isoformat()}"
        driver = await self._engage(route, phone=name)
        self.timeline.plan(at, driver.step_in)

    async def _routes(self) -> list[dict[str, Any]]:
        day = self._casting.script.date
        items = (await self.office.read("/v1/routes", date=day.isoformat()))["items"]
        return sorted(items, key=lambda route: str(route["code"]))

    async def _engage(self, route: dict[str, Any], *, phone: str) -> Driver:
        casting = self._casting
        seed, code = casting.script.seed, str(route["code"])
        api = Api(casting.open_client())
        token = await self.office.driver_token(route["driver"]["id"])
        await api.post("/v1/driver/session", {"token": token})
        device = Phone(api, phone, casting.world.phones, stream(seed, "phone", code))
        driver = Driver(self._stage, api, device, stream(seed, "road", code))
        self.cast.drivers.append(driver)
        self.cast.by_route[str(route["id"])] = driver
        return driver

    def _plan_recipient(self, fate: OrderFate, at: datetime) -> None:
        """When this person looks; what follows depends on what the page says then."""
        draw = stream(self._casting.script.seed, "looks", fate.reference)
        looks_at = self._day.at(time(9, 30)) + timedelta(seconds=draw.uniform(0, 6 * 3600))
        if fate.opens_page and looks_at >= at:
            self.timeline.plan(looks_at, lambda at: self._look(at, fate))
        if fate.score is not None or fate.failure == "DATE_CHANGE_REQUESTED":
            asks_at = self._day.at(time(19, 0)) + timedelta(seconds=draw.uniform(0, 2 * 3600))
            self.timeline.plan(max(asks_at, at), lambda at: self._follow_up(at, fate))

    async def _look(self, _at: datetime, fate: OrderFate) -> None:
        await (await self._recipient(fate)).look()

    async def _follow_up(self, _at: datetime, fate: OrderFate) -> None:
        recipient = await self._recipient(fate)
        if fate.failure == "DATE_CHANGE_REQUESTED":
            await recipient.choose_another_day()
        elif fate.reference not in self._rated:
            # What a visitor delivered, or before the demo was stopped.
            await recipient.rate()

    def _plan_rating(self, fate: OrderFate, at: datetime) -> None:
        """When who received says how it was: some minutes to some hours later."""
        if fate.score is None:
            return
        draw = stream(self._casting.script.seed, "rates", fate.reference)
        after_s = RATES_AFTER_MEDIAN_S * draw.lognormvariate(0.0, RATES_AFTER_SIGMA)
        rates_at = min(at + timedelta(seconds=after_s), self._day.at(RATES_BEFORE))
        self.timeline.plan(max(rates_at, at), lambda then: self._rate(then, fate))

    async def _rate(self, at: datetime, fate: OrderFate, tries: int = 1) -> None:
        if await (await self._recipient(fate)).rate():
            self._rated.add(fate.reference)
        elif tries < RATES_TRIES_MAX:
            again = at + RATES_AGAIN
            self.timeline.plan(again, lambda then: self._rate(then, fate, tries + 1))

    async def _recipient(self, fate: OrderFate) -> Recipient:
        token = await self.office.tracking_token(fate.reference)
        return Recipient(fate, self._pages, token)

    async def _watch(self, at: datetime) -> None:
        """The torre looks around: delays are told, broken vans are helped and get repaired."""
        await self._casting.chores()
        if at - self._signed_in_at >= SHIFT_OF_THE_TORRE:
            await self._sign_in(at)
        day = self._casting.script.date
        routes = await self._routes()
        await self._count_back(routes, at)
        for route in routes:
            if route["state"] == "published" and str(route["id"]) not in self.cast.by_route:
                # Planned by a visitor in the middle of the day: somebody drives that, too.
                await self._pick_up_route(route, at)
            if route["is_broken_down"] and route["id"] not in self._asked_to_repair:
                self._asked_to_repair.add(route["id"])
                if (driver := self.cast.by_route.get(str(route["id"]))) is not None:
                    await driver.stand(at)
                repair_s = self._casting.world.travel.breakdown_repair_s
                self.timeline.plan(
                    at + timedelta(seconds=repair_s), self._repairer(str(route["id"]))
                )
                if self._casting.is_live:
                    await self.office.mend(day)
        if at + WATCH_GAP < ends_at(self._day.date):
            self.timeline.plan(at + WATCH_GAP, self._watch)

    def _repairer(self, route_id: str) -> Callable[[datetime], Awaitable[None]]:
        async def repair(_at: datetime) -> None:
            self._asked_to_repair.discard(route_id)
            await self.office.repair(route_id)

        return repair

    async def _count_back(
        self, routes: list[dict[str, Any]], at: datetime, *, waited: timedelta = COUNTED_AFTER
    ) -> None:
        """The dock counts each van whose driver has handed in, a while after it came."""
        for route in routes:
            driver = self.cast.by_route.get(str(route["id"]))
            if route["state"] != "finished" or driver is None or not driver.is_done:
                continue
            if at - self._back_since.setdefault(str(route["id"]), at) >= waited:
                await self.office.count_back(route, at)

    async def _close(self, at: datetime) -> None:
        await self._count_back(await self._routes(), at, waited=timedelta(0))
        await self.office.close_day(self._casting.script.date)
