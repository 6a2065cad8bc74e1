"""What a stop, the hours it is promised for and a vehicle cost in the day as it is planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post

from promesa.api.decoding import View, Wire
from promesa.api.order_views import WindowView, window_view
from promesa.api.order_wire import WindowBody
from promesa.api.replanning import begin_search
from promesa.dispatch.price_desk import gather_order, gather_plan, gather_route
from promesa.domain.actor import Permission
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.prices import FleetPrice, PlannedDay, PromisePrice, ShiftPrice, VisitPrice
from promesa.runtime.jobs import answer
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.searches import Search

# What one screen compares.
WINDOWS_MAX = 6


class AskStopPrice(Wire):
    """Hours to compare with those promised and with the whole day."""

    windows: Annotated[list[WindowBody], msgspec.Meta(max_length=WINDOWS_MAX)] = msgspec.field(
        default_factory=list[WindowBody]
    )


class AskShiftPrice(Wire):
    """Which of the vehicles of a plan, by its shift."""

    shift_id: UUID


class PromisePriceView(View):
    """What the stop costs at its cheapest place within these hours.

    `kind` is `promised`, `asked` or `whole_day`. `cost_clp` is null where it fits nowhere.
    `more_clp` is what the hours cost over the whole day; `duration_s` and `distance_m` are what
    the vehicle works and drives more for the stop, beginning at `arrival`. `route` is null where a
    vehicle would come that has none.
    """

    kind: str
    window: WindowView
    cost_clp: int | None
    more_clp: int | None
    duration_s: int
    distance_m: int
    route: str | None
    plate: str | None
    arrival: datetime | None


class StopPriceView(View):
    """What the day costs less without the stop, and what its hours cost.

    `with_references` go with it, because they are bound to it. `left_out_clp` is what a plan
    counts for leaving them out.
    """

    order_id: UUID
    reference: str
    with_references: list[str]
    vehicle: str
    cost_clp: int
    duration_s: int
    distance_m: int
    left_out_clp: int
    windows: list[PromisePriceView]


class PricedOrderView(View):
    """An order that only one vehicle more can take."""

    order_id: UUID
    reference: str


class FleetPriceView(View):
    """What a day with one vehicle less costs over the same day with it.

    The routes cost `driven_clp` more, and the `orders` that are left out count `left_out_clp`;
    `worth_clp` is both. Below nought the vehicle costs more than it saves.
    """

    worth_clp: int
    driven_clp: int
    left_out_clp: int
    duration_s: int
    distance_m: int
    orders: list[PricedOrderView]


class VehiclePriceView(View):
    """The day without the vehicle (`less`), and with one more like it (`more`)."""

    vehicle: str
    route: str | None
    plate: str | None
    less: FleetPriceView
    more: FleetPriceView


class PriceView(View):
    """What something costs. Until `state` is `ready` nothing is known.

    `stop` where a stop was asked about, `vehicle` where a vehicle was. `keeps_times` is false where
    the day has so many places that the next question takes as long as this one.
    """

    id: UUID
    state: str
    progress: float
    keeps_times: bool
    failure: str | None
    stop: StopPriceView | None
    vehicle: VehiclePriceView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a price is asked of.

    Attributes:
        order_id: None for a vehicle.
        shift_id: None for a stop.
        promised: The hours promised for the order.
        references: Of the orders of the day, by id.
        codes: Of the day's routes, by shift.
        plates: Of its vehicles, by shift.
        keeps_times: Whether the next question about the day is quicker.
    """

    order_id: UUID | None
    shift_id: UUID | None
    promised: TimeWindow | None
    references: dict[UUID, str]
    codes: dict[UUID, str]
    plates: dict[UUID, str]
    keeps_times: bool


@post("/v1/orders/{order_id:uuid}/price", access=Permission.PLAN, summary="Price a stop")
async def price_order(
    order_id: UUID, data: AskStopPrice, platform: Platform, caller: Caller
) -> Response[PriceView]:
    """Begins to price the stop of an order and answers at once; ask again for what it costs.

    Where it has a route, in the routes of its day as they stand; before, in the newest plan.
    """
    windows = [window.value() for window in data.windows]
    async with platform.transaction(caller.tenant_id) as tx:
        found = await gather_order(tx, order_id)
    if found.promised is not None:
        windows.insert(0, found.promised)
    asked = _about(found.day, order_id=order_id, promised=found.promised)
    search = await begin_search(platform, caller, found.day, subject=asked)
    platform.spawn(answer(platform, search, "price_stop", order_id, tuple(windows)))
    return Response(view_price(search), status_code=202)


@post("/v1/routes/{route_id:uuid}/price", access=Permission.PLAN, summary="Price a vehicle")
async def price_route(route_id: UUID, platform: Platform, caller: Caller) -> Response[PriceView]:
    """Begins to price the vehicle of a route, in the routes of its day as they stand."""
    async with platform.transaction(caller.tenant_id) as tx:
        day, shift_id = await gather_route(tx, route_id)
    return await _price_shift(platform, caller, day, shift_id)


@post("/v1/plans/{plan_id:uuid}/price", access=Permission.PLAN, summary="Price a planned vehicle")
async def price_planned(
    plan_id: UUID, data: AskShiftPrice, platform: Platform, caller: Caller
) -> Response[PriceView]:
    """Begins to price a vehicle of a plan; once it is published, as its route stands."""
    async with platform.transaction(caller.tenant_id) as tx:
        day, shift_id = await gather_plan(tx, plan_id, data.shift_id)
    return await _price_shift(platform, caller, day, shift_id)


@get("/v1/prices/{search_id:uuid}", access=Permission.PLAN, summary="What it costs")
async def get_price(search_id: UUID, platform: Platform, caller: Caller) -> PriceView:
    """What was asked, once it is known."""
    return view_price(platform.searches.get(caller.tenant_id, search_id, about=Asked))


@delete("/v1/prices/{search_id:uuid}", access=Permission.PLAN, summary="Stop pricing")
async def cancel_price(search_id: UUID, platform: Platform, caller: Caller) -> None:
    """Nobody waits for it any more. Twice is once."""
    platform.searches.get(caller.tenant_id, search_id, about=Asked).cancel()


async def _price_shift(
    platform: Platform, caller: Caller, day: PlannedDay, shift_id: UUID
) -> Response[PriceView]:
    asked = _about(day, shift_id=shift_id)
    search = await begin_search(platform, caller, day, subject=asked)
    platform.spawn(answer(platform, search, "price_vehicle", shift_id))
    return Response(view_price(search), status_code=202)


def _about(
    day: PlannedDay,
    *,
    order_id: UUID | None = None,
    shift_id: UUID | None = None,
    promised: TimeWindow | None = None,
) -> Asked:
    plates = {vehicle.id: vehicle.plate for vehicle in day.inputs.vehicles}
    return Asked(
        order_id=order_id,
        shift_id=shift_id,
        promised=promised,
        references={order.id: order.reference for order in day.inputs.orders},
        codes={route.shift_id: route.code for route in day.routes},
        plates={
            shift.id: plates[shift.vehicle_id]
            for shift in day.inputs.shifts
            if shift.vehicle_id in plates
        },
        keeps_times=day.keeps_times,
    )


def view_price(search: Search) -> PriceView:
    """What was asked, for the wire."""
    asked, found = search.subject, search.answer
    assert isinstance(asked, Asked), "a price is asked of something"
    return PriceView(
        id=search.id,
        state=search.state.value,
        progress=search.progress,
        keeps_times=asked.keeps_times,
        failure=search.failure,
        stop=_stop(found, asked) if isinstance(found, VisitPrice) else None,
        vehicle=_vehicle(found, asked) if isinstance(found, ShiftPrice) else None,
    )


def _stop(found: VisitPrice, asked: Asked) -> StopPriceView:
    assert asked.order_id is not None, "a stop is of an order"
    return StopPriceView(
        order_id=asked.order_id,
        reference=asked.references[asked.order_id],
        with_references=[asked.references[o] for o in found.order_ids if o != asked.order_id],
        vehicle=found.vehicle,
        cost_clp=found.cost_clp,
        duration_s=found.duration_s,
        distance_m=found.distance_m,
        left_out_clp=found.left_out_clp,
        windows=[
            _promise(price, _kind(number, len(found.windows), asked), asked)
            for number, price in enumerate(found.windows)
        ],
    )


def _kind(number: int, count: int, asked: Asked) -> str:
    """The promised hours come first, the whole day last."""
    if number == count - 1:
        return "whole_day"
    return "promised" if number == 0 and asked.promised is not None else "asked"


def _promise(price: PromisePrice, kind: str, asked: Asked) -> PromisePriceView:
    came = price.shift_id
    return PromisePriceView(
        kind=kind,
        window=window_view(price.window),
        cost_clp=price.cost_clp,
        more_clp=price.more_clp,
        duration_s=price.duration_s,
        distance_m=price.distance_m,
        route=asked.codes.get(came) if came else None,
        plate=asked.plates.get(came) if came else None,
        arrival=price.arrival,
    )


def _vehicle(found: ShiftPrice, asked: Asked) -> VehiclePriceView:
    return VehiclePriceView(
        vehicle=found.vehicle,
        route=asked.codes.get(asked.shift_id) if asked.shift_id else None,
        plate=asked.plates.get(asked.shift_id) if asked.shift_id else None,
        less=_fleet(found.less, asked),
        more=_fleet(found.more, asked),
    )


def _fleet(price: FleetPrice, asked: Asked) -> FleetPriceView:
    return FleetPriceView(
        worth_clp=price.driven_clp + price.left_out_clp,
        driven_clp=price.driven_clp,
        left_out_clp=price.left_out_clp,
        duration_s=price.duration_s,
        distance_m=price.distance_m,
        orders=[
            PricedOrderView(order_id=order_id, reference=asked.references[order_id])
            for order_id in price.order_ids
        ],
    )


router = Router(
    path="",
    route_handlers=[price_order, price_route, price_planned, get_price, cancel_price],
    tags=["plans"],
)
