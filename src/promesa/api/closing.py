"""Closing a route or a day: what is open, what becomes of it, and doing it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Router, get, post
from litestar.params import Parameter

from promesa.api.decoding import View, Wire
from promesa.api.order_views import people_shown
from promesa.dispatch.day import DayClosedError, close_day
from promesa.dispatch.outlook import OpenRoute, look_at_day
from promesa.dispatch.route_closing import close_route
from promesa.domain.actor import Permission
from promesa.domain.fleet import Driver
from promesa.domain.person import Person
from promesa.kernel.errors import NotFoundError
from promesa.kernel.serviceday import SANTIAGO
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore


class OpenRouteView(View):
    """A route that is not squared yet; ``aboard`` parcels are not back in the depot."""

    id: UUID
    code: str
    state: str
    driver: str
    open_stops: int
    failed_stops: int
    aboard: int


class OpenOrderView(View):
    """An order that closing would end, and how; ``ending`` wait means that a person decides."""

    order_id: UUID
    reference: str
    state: str
    reason: str | None
    ending: str
    date: dt.date | None


class OutlookView(View):
    """A day before it is closed."""

    date: dt.date
    state: str
    next_date: dt.date
    orders_total: int
    states: dict[str, int]
    routes: list[OpenRouteView]
    orders: list[OpenOrderView]


class CloseBody(Wire):
    """Which day is over."""

    date: dt.date


class DayClosingView(View):
    """What closing the day did."""

    still_driving: list[UUID]
    cancelled: list[UUID]
    settled: list[UUID]
    moved: list[UUID]


class RouteClosingView(View):
    """What closing a route did."""

    id: UUID
    code: str
    state: str
    skipped: list[UUID]
    waiting: list[UUID]
    settled: list[UUID]


@get("/v1/day/closing", access=Permission.READ_OPERATION, summary="What closing would do")
async def get_outlook(
    platform: Platform, caller: Caller, day: Annotated[dt.date, Parameter(query="date")]
) -> OutlookView:
    """Routes still open and the fate of each order that is; changes nothing."""
    async with platform.transaction(caller.tenant_id) as tx:
        found = await look_at_day(tx, day, today=platform.desk().today())
        drivers = {driver.id: driver for driver in await tx.fleet.list_drivers()}
        people = await people_shown(tx, caller, [item.person_id for item in drivers.values()])
    return OutlookView(
        date=day,
        state=found.state.value,
        next_date=found.next_day,
        orders_total=sum(found.states.values()),
        states={state.value: count for state, count in sorted(found.states.items())},
        routes=[_open_route(item, drivers, people) for item in found.routes],
        orders=[
            OpenOrderView(
                order_id=item.order_id,
                reference=item.reference,
                state=item.state.value,
                reason=item.reason,
                ending=item.ending.value,
                date=item.day,
            )
            for item in found.orders
        ],
    )


def _open_route(
    item: OpenRoute, drivers: dict[UUID, Driver], people: dict[UUID, Person]
) -> OpenRouteView:
    driver = drivers[item.route.driver_id]
    person = people.get(driver.person_id)
    return OpenRouteView(
        id=item.route.id,
        code=item.route.code,
        state=item.route.state.value,
        driver=person.name if person and person.name else driver.code,
        open_stops=item.open_stops,
        failed_stops=item.failed_stops,
        aboard=item.aboard,
    )


@post("/v1/day/close", access=Permission.DISPATCH, status_code=200, summary="Close a day")
async def close(data: CloseBody, platform: Platform, caller: Caller) -> DayClosingView:
    """Every order of the day ends, waits for a person, or has another day and promise."""
    async with platform.transaction(caller.tenant_id) as tx:
        try:
            done = await close_day(tx, data.date, actor=caller.actor, clock=platform.clock)
        except DayClosedError as error:
            raise await _closed_by(tx, error) from error
    await platform.pump.catch_up()
    return DayClosingView(
        still_driving=list(done.still_driving),
        cancelled=list(done.cancelled),
        settled=list(done.settled),
        moved=list(done.moved),
    )


async def _closed_by(tx: PlatformStore, error: DayClosedError) -> DayClosedError:
    """The same, with the name of who closed it and when."""
    by, at = error.details["by"], error.details["at"]
    assert isinstance(by, UUID)
    assert isinstance(at, dt.datetime)
    try:
        user = await tx.access.get_user(by)
        person = await tx.people.get(user.person_id)
    except NotFoundError:
        return error
    hour = at.astimezone(ZoneInfo(SANTIAGO)).strftime("%H:%M")
    name = person.name or "Otra persona"
    return DayClosedError(
        f"{name} cerró este día a las {hour}. Recarga para ver cómo quedó.", by=by, at=at
    )


@post(
    "/v1/routes/{route_id:uuid}/close",
    access=Permission.DISPATCH,
    status_code=200,
    summary="Close a route",
)
async def close_one(route_id: UUID, platform: Platform, caller: Caller) -> RouteClosingView:
    """Ends a route: what nobody visited goes another day, or waits when nobody drove it."""
    async with platform.transaction(caller.tenant_id) as tx:
        done = await close_route(
            tx,
            route_id,
            actor=caller.actor,
            clock=platform.clock,
            ids=platform.ids,
            request_id=caller.request_id,
        )
    await platform.pump.catch_up()
    return RouteClosingView(
        id=done.route.id,
        code=done.route.code,
        state=done.route.state.value,
        skipped=list(done.skipped),
        waiting=list(done.waiting),
        settled=list(done.settled),
    )


router = Router(path="", route_handlers=[get_outlook, close, close_one], tags=["day"])
