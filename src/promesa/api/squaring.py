"""The account of a route that is back: parcels not seen, parcels too many, cash; squaring it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get, post

from promesa.api.decoding import View, Wire
from promesa.api.order_views import people_shown
from promesa.dispatch.squaring import Account, read_account, square
from promesa.dispatch.surplus import Surplus
from promesa.domain.actor import Permission
from promesa.domain.order import Order
from promesa.domain.parcel import ParcelState
from promesa.domain.person import Person
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

CLP_MAX = 100_000_000
NOTE_MAX = 500


class AboardView(View):
    """A parcel that no depot has seen; ``is_declared``: its driver says to have left it."""

    barcode: str
    order_id: UUID
    reference: str
    state: str
    is_declared: bool


class SurplusView(View):
    """A parcel that came back with the route and should not; ``barcode`` may be erased."""

    why: str
    at: dt.datetime
    barcode: str | None
    order_id: UUID | None
    reference: str | None
    state: str | None
    route_code: str | None


class CashView(View):
    """Chilean pesos: ``to_count_clp`` is what drivers told and nobody counted yet."""

    due_clp: int
    told_clp: int
    to_count_clp: int
    counted_clp: int | None
    difference_clp: int | None
    notes: list[str]


class AccountView(View):
    """What a route has to square."""

    id: UUID
    code: str
    state: str
    handed_in_at: dt.datetime | None
    aboard: list[AboardView]
    surplus: list[SurplusView]
    returned: int
    cash: CashView


class SquareBody(Wire):
    """The cash that was counted, and why it is not what was told."""

    counted_clp: Annotated[int, msgspec.Meta(ge=0, le=CLP_MAX)]
    note: Annotated[str, msgspec.Meta(max_length=NOTE_MAX)] | None = None


@get("/v1/routes/{route_id:uuid}/account", access=Permission.READ_OPERATION, summary="Its account")
async def get_account(route_id: UUID, platform: Platform, caller: Caller) -> AccountView:
    """What the route has to square: parcels nobody has seen, parcels too many, and cash."""
    async with platform.transaction(caller.tenant_id) as tx:
        return await _view(tx, caller, route_id)


@post(
    "/v1/routes/{route_id:uuid}/reconcile",
    access=Permission.SCAN_AT_DEPOT,
    status_code=200,
    summary="Square a route",
)
async def reconcile(
    route_id: UUID, data: SquareBody, platform: Platform, caller: Caller
) -> AccountView:
    """Squares a route that is back with nothing aboard, with the cash counted; twice is once.

    Of one that was called off or squared before, cash that was told later is counted.
    """
    async with platform.transaction(caller.tenant_id) as tx:
        await square(
            tx,
            route_id,
            counted_clp=data.counted_clp,
            note=data.note,
            actor=caller.actor,
            clock=platform.clock,
            ids=platform.ids,
            request_id=caller.request_id,
        )
        return await _view(tx, caller, route_id)


async def _view(tx: PlatformStore, caller: Caller, route_id: UUID) -> AccountView:
    account = await read_account(tx, route_id, await tx.events.list_of_route(route_id))
    words = [*account.note_ids, *(s.code_id for s in account.surplus if s.code_id)]
    people = await people_shown(tx, caller, words)
    wanted = dict.fromkeys(s.order_id for s in account.surplus if s.order_id)
    orders = {order.id: order for order in await tx.orders.get_many(list(wanted))}
    return _view_account(account, orders, people)


def _view_account(
    account: Account, orders: dict[UUID, Order], people: dict[UUID, Person]
) -> AccountView:
    notes = [people[note_id].instructions for note_id in account.note_ids if note_id in people]
    return AccountView(
        id=account.route.id,
        code=account.route.code,
        state=account.route.state.value,
        handed_in_at=account.route.handed_in_at,
        aboard=[
            AboardView(
                barcode=parcel.barcode,
                order_id=order.id,
                reference=order.reference,
                state=parcel.state.value,
                is_declared=parcel.state is ParcelState.RETURN_IN_TRANSIT,
            )
            for order, parcel in account.aboard
        ],
        surplus=[_view_surplus(item, orders, people) for item in account.surplus],
        returned=account.returned,
        cash=CashView(
            due_clp=account.cash.due_clp,
            told_clp=account.cash.told_clp,
            to_count_clp=account.cash.to_count_clp,
            counted_clp=account.cash.counted_clp,
            difference_clp=account.cash.difference_clp,
            notes=[note for note in notes if note],
        ),
    )


def _view_surplus(
    item: Surplus, orders: dict[UUID, Order], people: dict[UUID, Person]
) -> SurplusView:
    order = orders.get(item.order_id) if item.order_id else None
    parcel = next((p for p in order.parcels if p.id == item.parcel_id), None) if order else None
    read = people.get(item.code_id) if item.code_id else None
    return SurplusView(
        why=item.why.value,
        at=item.at,
        barcode=parcel.barcode if parcel else read.instructions if read else None,
        order_id=item.order_id,
        reference=order.reference if order else None,
        state=parcel.state.value if parcel else None,
        route_code=item.route_code,
    )


router = Router(path="", route_handlers=[get_account, reconcile], tags=["depot"])
