"""A day on PostgreSQL from orders to report, through the slices' own functions.

    Tienda ── places ──> orders ── plan ──> publish ── Dora's phone ──> closed stops ──> report

Each step is a transaction of its own, as the boundary makes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from uuid import UUID

from promesa.analytics.reports import DayReport, day_report
from promesa.dispatch import plan_desk
from promesa.dispatch.driver_actions import apply_driver_event
from promesa.dispatch.phone import EventResult
from promesa.dispatch.release import Release, publish_plan
from promesa.domain.access import Merchant, Tenant
from promesa.domain.fleet import Shift
from promesa.domain.order import Order
from promesa.domain.route import Route
from promesa.domain.stop import Stop
from promesa.kernel.clock import MovedClock
from promesa.kernel.geo import Position
from promesa.kernel.ids import Ids, derived_id
from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.desk import Author, Desk
from promesa.orders.drafts import OrderDraft, ParcelDraft, RecipientDraft
from promesa.orders.intake import place_order
from promesa.planning.day_plan import plan_day
from promesa.planning.repository import PlanRecord
from promesa.routing.budget import Budget
from promesa.storage.database import Database
from tests.support.dispatch_memory import DEPOT, DISPATCHER, DORA, DRIVER, NINE, VAN
from tests.support.orders_memory import MERCHANT_ID, TENANT_ID, TODAY, KnownStreets
from tests.support.straight_roads import StraightRoads

PHOTO_KIND = "photo"


@dataclass
class RealDay:
    """One tenant, one depot, one van, one driver, on a clock moved by hand."""

    database: Database
    clock: MovedClock = field(default_factory=lambda: MovedClock(NINE - timedelta(hours=1)))

    def __post_init__(self) -> None:
        self.ids = Ids(self.clock, stream(1, "real day").randbytes)
        self.desk = Desk(
            clock=self.clock,
            ids=self.ids,
            geocoder=KnownStreets(),
        )
        self.author = Author(actor=DISPATCHER, request_id="r-1")

    async def open(self) -> RealDay:
        """Makes the tenant with its merchant, depot, van, driver and a shift from 09:00."""
        await self.database.directory.add_tenant(Tenant(id=TENANT_ID, name="Operador"))
        day = ServiceDay(TODAY)
        async with self.database.transaction(TENANT_ID) as tx:
            shop = Position(lon=-70.65, lat=-33.44)
            await tx.access.put_merchant(
                Merchant(id=MERCHANT_ID, code="tienda", name="Tienda", position=shop)
            )
            await tx.fleet.put_depot(DEPOT)
            await tx.fleet.put_vehicle(VAN)
            await tx.fleet.put_driver(DORA)
            await tx.fleet.put_shift(
                Shift(
                    id=derived_id("shift"),
                    date=TODAY,
                    driver_id=DORA.id,
                    vehicle_id=VAN.id,
                    depot_id=DEPOT.id,
                    start=day.at(time(9, 0)),
                    end=day.at(time(18, 0)),
                )
            )
        return self

    async def place(self, name: str, *, parcels: int = 1, km_east: float = 0.0) -> Order:
        """Places an order at a known door, so many kilometres east of the first one."""
        draft = OrderDraft(
            reference=name.upper(),
            merchant_id=MERCHANT_ID,
            date=TODAY,
            recipient=RecipientDraft(name=name.title()),
            address="Suecia 1120",
            comuna="Providencia",
            position=Position(lon=-70.61013 + km_east * 0.01074, lat=-33.43017),
            parcels=tuple(ParcelDraft(barcode=f"{name}-{n}") for n in range(1, parcels + 1)),
        )
        async with self.database.transaction(TENANT_ID) as tx:
            return await place_order(tx, draft, desk=self.desk, author=self.author)

    async def plan(self) -> PlanRecord:
        """Asks for a plan, searches, keeps it."""
        async with self.database.transaction(TENANT_ID) as tx:
            plan = await plan_desk.request_plan(
                tx, TODAY, actor=DISPATCHER, clock=self.clock, ids=self.ids, iterations=500
            )
            inputs = await plan_desk.gather_day(tx, TODAY, now=self.clock.now())
            await plan_desk.start_plan(tx, plan.id, inputs, actor=DISPATCHER, clock=self.clock)
        made = plan_day(inputs, StraightRoads(), limit=Budget(iterations=500), seed=plan.seed)
        async with self.database.transaction(TENANT_ID) as tx:
            return await plan_desk.keep_plan(
                tx, plan.id, inputs, made, actor=DISPATCHER, clock=self.clock
            )

    async def publish(self, plan: PlanRecord) -> list[Route]:
        """Publishes it."""
        release = Release(clock=self.clock, ids=self.ids, places={})
        async with self.database.transaction(TENANT_ID) as tx:
            return await publish_plan(tx, plan, actor=DISPATCHER, release=release)

    async def stops_in_order(self, route: Route) -> list[Stop]:
        """The stops of the newest version, as planned."""
        async with self.database.transaction(TENANT_ID) as tx:
            newest = await tx.routes.get(route.id)
            version = await tx.routes.get_version(route.id, newest.version)
            return [await tx.routes.get_stop(planned.stop_id) for planned in version.stops]

    async def order(self, order_id: UUID) -> Order:
        """The order as it is now."""
        async with self.database.transaction(TENANT_ID) as tx:
            return await tx.orders.get(order_id)

    async def report(self) -> DayReport:
        """The day's report as it stands."""
        async with self.database.transaction(TENANT_ID) as tx:
            return await day_report(tx, TODAY, now=self.clock.now())

    def event(self, event_type: str, **fields: object) -> dict[str, object]:
        """An event that happens now."""
        told = {name: str(v) if isinstance(v, UUID) else v for name, v in fields.items()}
        return {
            "id": str(self.ids.next()),
            "type": event_type,
            "occurred_at": self.clock.now().isoformat(),
            **told,
        }

    async def send(self, *events: dict[str, object]) -> list[EventResult]:
        """Hands events in, each in its own transaction."""
        results = []
        for raw in events:
            async with self.database.transaction(TENANT_ID) as tx:
                results.append(await apply_driver_event(tx, raw, actor=DRIVER, clock=self.clock))
        return results

    async def tell(self, event_type: str, *, minutes: int = 1, **fields: object) -> EventResult:
        """Lets time pass, then tells one event."""
        self.clock.move_to(self.clock.now() + timedelta(minutes=minutes))
        return (await self.send(self.event(event_type, **fields)))[0]

    async def visit(self, stop: Stop, outcome: str = "succeeded", **fields: object) -> EventResult:
        """Drives there, arrives, stays three minutes, closes at the door."""
        door = [stop.position.lon, stop.position.lat]
        await self.tell("stop.started", stop_id=stop.id)
        await self.tell("stop.arrived", minutes=10, stop_id=stop.id, position=door)
        told: dict[str, object] = {
            "evidence": [{"id": str(self.ids.next()), "kind": PHOTO_KIND}],
            "receiver": {"relation": "recipient"},
            "position": door,
        }
        return await self.tell(
            "stop.closed", minutes=3, stop_id=stop.id, outcome=outcome, **(told | fields)
        )


async def load_all(day: RealDay, orders: Sequence[Order]) -> list[EventResult]:
    """Scans every parcel of the orders into the van."""
    return [
        await day.tell("parcel.loaded", barcode=parcel.barcode)
        for order in orders
        for parcel in order.parcels
    ]
