"""What the person who waits may change from the page: each deed answers with the page after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Router, post

from promesa.api.auth import PUBLIC, refuse_cross_site, request_id_of
from promesa.api.decoding import Wire
from promesa.api.order_wire import Lat, Lon
from promesa.api.track import Token, order_id_of, page_of, recipient_of
from promesa.api.track_views import TrackView
from promesa.dispatch import corrections
from promesa.dispatch import customer_actions as actions
from promesa.domain.order import Order
from promesa.kernel.geo import Position
from promesa.notify.declining import DECLINABLE
from promesa.notify.repository import Channel
from promesa.orders.desk import Author, Desk
from promesa.runtime.delivery_days import days_to_choose
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

Deed = Callable[[PlatformStore, Order, Desk, Author], Awaitable[object]]


class InstructionsBody(Wire):
    """What the driver should know."""

    text: Annotated[str, msgspec.Meta(max_length=actions.INSTRUCTIONS_LENGTH_MAX)]


class SafePlaceBody(Wire):
    """Who else may receive, or where to leave it."""

    receiver: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    place: Annotated[str, msgspec.Meta(max_length=200)] | None = None


class DateBody(Wire):
    """One of the days offered."""

    date: date


class AddressBody(Wire):
    """How the address should be, the whole of it; the pin where the recipient put one."""

    address: Annotated[str, msgspec.Meta(max_length=corrections.ADDRESS_LENGTH_MAX)]
    unit: Annotated[str, msgspec.Meta(max_length=corrections.UNIT_LENGTH_MAX)] | None = None
    reference: Annotated[str, msgspec.Meta(max_length=actions.INSTRUCTIONS_LENGTH_MAX)] | None = (
        None
    )
    position: tuple[Lon, Lat] | None = None


class RatingBody(Wire):
    """How it was."""

    score: Annotated[int, msgspec.Meta(ge=actions.SCORE_MIN, le=actions.SCORE_MAX)]
    comment: Annotated[str, msgspec.Meta(max_length=actions.COMMENT_LENGTH_MAX)] | None = None


class MessagesBody(Wire):
    """By which channels to be silent from now on; none means all are wanted again."""

    declined: Annotated[list[Literal["email", "sms"]], msgspec.Meta(max_length=len(DECLINABLE))]


@post("/v1/track/{token:str}/instructions", access=PUBLIC, status_code=200)
async def instruct(
    token: Token, data: InstructionsBody, platform: Platform, request: Request[Any, Any, Any]
) -> TrackView:
    """Leaves instructions for the driver."""

    def deed(tx: PlatformStore, order: Order, desk: Desk, author: Author) -> Awaitable[object]:
        return actions.leave_instructions(tx, order, data.text, desk=desk, author=author)

    return await _change(platform, token, request, deed)


@post("/v1/track/{token:str}/safe-place", access=PUBLIC, status_code=200)
async def choose_safe_place(
    token: Token, data: SafePlaceBody, platform: Platform, request: Request[Any, Any, Any]
) -> TrackView:
    """Says who else may receive, or where to leave it."""

    def deed(tx: PlatformStore, order: Order, desk: Desk, author: Author) -> Awaitable[object]:
        return actions.choose_safe_place(
            tx, order, receiver=data.receiver, place=data.place, desk=desk, author=author
        )

    return await _change(platform, token, request, deed)


@post("/v1/track/{token:str}/address", access=PUBLIC, status_code=200)
async def correct_address(
    token: Token, data: AddressBody, platform: Platform, request: Request[Any, Any, Any]
) -> TrackView:
    """Asks to correct the address; a person of the operator answers, nothing moves by itself."""
    pin = data.position
    wish = corrections.Wish(
        address=data.address,
        unit=data.unit,
        reference=data.reference,
        position=Position(lon=pin[0], lat=pin[1]) if pin else None,
    )

    def deed(tx: PlatformStore, order: Order, desk: Desk, author: Author) -> Awaitable[object]:
        return corrections.ask_correction(tx, order, wish, desk=desk, author=author)

    return await _change(platform, token, request, deed)


@post("/v1/track/{token:str}/reschedule", access=PUBLIC, status_code=200)
async def choose_date(
    token: Token, data: DateBody, platform: Platform, request: Request[Any, Any, Any]
) -> TrackView:
    """Chooses another day."""

    def deed(tx: PlatformStore, order: Order, desk: Desk, author: Author) -> Awaitable[object]:
        return _moved_to(platform, tx, order, data.date, desk=desk, author=author)

    return await _change(platform, token, request, deed)


async def _moved_to(
    platform: Platform, tx: PlatformStore, order: Order, day: date, *, desk: Desk, author: Author
) -> Order:
    days = await days_to_choose(platform, tx, order)
    return await actions.choose_date(tx, order, day, days=days, desk=desk, author=author)


@post("/v1/track/{token:str}/cancel", access=PUBLIC, status_code=200)
async def call_off(token: Token, platform: Platform, request: Request[Any, Any, Any]) -> TrackView:
    """Calls the delivery off."""

    def deed(tx: PlatformStore, order: Order, desk: Desk, author: Author) -> Awaitable[object]:
        return actions.call_off(tx, order, desk=desk, author=author)

    return await _change(platform, token, request, deed)


@post("/v1/track/{token:str}/return", access=PUBLIC, status_code=200)
async def send_back(token: Token, platform: Platform, request: Request[Any, Any, Any]) -> TrackView:
    """Sends it back to the shop after a visit that failed."""

    def deed(tx: PlatformStore, order: Order, desk: Desk, author: Author) -> Awaitable[object]:
        return actions.send_back(tx, order, desk=desk, author=author)

    return await _change(platform, token, request, deed)


@post("/v1/track/{token:str}/rating", access=PUBLIC, status_code=200)
async def rate(
    token: Token, data: RatingBody, platform: Platform, request: Request[Any, Any, Any]
) -> TrackView:
    """Says how it was, once."""

    def deed(tx: PlatformStore, order: Order, desk: Desk, author: Author) -> Awaitable[object]:
        return actions.rate(tx, order, data.score, comment=data.comment, desk=desk, author=author)

    return await _change(platform, token, request, deed)


@post("/v1/track/{token:str}/messages", access=PUBLIC, status_code=200)
async def decline_messages(
    token: Token, data: MessagesBody, platform: Platform, request: Request[Any, Any, Any]
) -> TrackView:
    """Says by which channels no more messages are wanted, for this address and the next order."""
    channels = frozenset(Channel(name) for name in data.declined)

    def deed(tx: PlatformStore, order: Order, desk: Desk, author: Author) -> Awaitable[object]:
        return actions.decline_messages(tx, order, channels, desk=desk, author=author)

    return await _change(platform, token, request, deed)


async def _change(
    platform: Platform, token: str, request: Request[Any, Any, Any], deed: Deed
) -> TrackView:
    """Does the deed in a transaction of its own and answers with the page after it."""
    refuse_cross_site(request)
    actor = await recipient_of(platform, token)
    caller = Caller(actor=actor, request_id=request_id_of(request))
    async with platform.transaction(actor.tenant_id) as tx:
        order = await tx.orders.get(order_id_of(actor))
        await deed(tx, order, platform.desk(), platform.author(caller))
    await platform.pump.catch_up()
    tenant = await platform.tenant(actor.tenant_id)
    await platform.ready_watch(actor.tenant_id)
    async with platform.transaction(actor.tenant_id) as tx:
        order = await tx.orders.get(order_id_of(actor))
        return await page_of(platform, tx, order, tenant)


router = Router(
    path="",
    route_handlers=[
        instruct,
        choose_safe_place,
        correct_address,
        choose_date,
        call_off,
        send_back,
        rate,
        decline_messages,
    ],
    tags=["track"],
)
