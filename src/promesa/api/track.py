"""The recipient's page: opened by a link nobody can guess, without an account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get
from litestar.response import Stream

from promesa.api.auth import PUBLIC
from promesa.api.etags import answer_tagged
from promesa.api.streams import open_order_stream
from promesa.api.track_views import (
    DELIVERED,
    IN_PART,
    ON_THE_WAY,
    TrackView,
    can_of,
    choices_of,
    correction_seen,
    delivered_seen,
    expected_seen,
    failed_seen,
    first_name,
    rating_of,
    state_of,
    van_seen,
    windows_of,
)
from promesa.domain.access import CredentialKind, Tenant
from promesa.domain.actor import Actor
from promesa.domain.order import Order
from promesa.domain.person import Person
from promesa.domain.stop import StopState
from promesa.kernel.errors import NotFoundError
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.reading import get_order_record
from promesa.proof.repository import Evidence, EvidenceKind
from promesa.proof.service import open_picture, standing
from promesa.runtime import access
from promesa.runtime.delivery_days import days_to_choose
from promesa.runtime.fleet_watch import FleetWatch, OrderNow
from promesa.runtime.platform import Platform
from promesa.runtime.proof_pages import gather_proof, print_proof
from promesa.runtime.repository import PlatformStore

# A page polls; five seconds old is fresh enough and spares a peak day's server.
MAX_AGE_S = 5
_PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
# Of any form: a link that is cut short is as dead as one that ended, and is told the same.
Token = str


async def recipient_of(platform: Platform, token: str) -> Actor:
    """Who holds the link.

    Raises:
        LinkEndedError: It opens nothing, or no longer.
    """
    kinds = frozenset({CredentialKind.TRACKING_LINK})
    found = await access.find_valid(platform.directory, token, kinds, platform.clock.now())
    if found is None:
        raise access.LinkEndedError
    return access.actor_of(found)


def order_id_of(actor: Actor) -> UUID:
    """The one order the link is about."""
    if actor.order_id is None:
        raise NotFoundError
    return actor.order_id


@get("/v1/track/{token:str}", access=PUBLIC, summary="The page of one delivery")
async def follow(
    token: Token, platform: Platform, request: Request[Any, Any, Any]
) -> Response[TrackView]:
    """State, window, van when near, and what can be done."""
    actor = await recipient_of(platform, token)
    await platform.ready_watch(actor.tenant_id)
    tenant = await platform.tenant(actor.tenant_id)
    async with platform.transaction(actor.tenant_id) as tx:
        order = await tx.orders.get(order_id_of(actor))
        view = await page_of(platform, tx, order, tenant)
    tagged = msgspec.structs.replace(view, now=view.now.replace(second=0, microsecond=0))
    return answer_tagged(request, view, tagged=tagged, max_age_s=MAX_AGE_S, headers=_PRIVATE)


async def page_of(platform: Platform, tx: PlatformStore, order: Order, tenant: Tenant) -> TrackView:
    """The page of an order as it is now; the watch of its tenant must be ready."""
    person = await tx.people.get(order.recipient_id)
    merchant = await tx.access.get_merchant(order.merchant_id)
    promises = (await tx.promises.list_of([order.id])).get(order.id, [])
    facts = await tx.events.list_of_order(order.id)
    evidence = standing(await tx.proofs.list_of_order(order.id))
    rating = rating_of(facts)
    now = platform.clock.now()
    watch = platform.watch(tenant.id)
    here = watch.find_order(order.id)
    today = ServiceDay.of(now).date
    days = await days_to_choose(platform, tx, order)
    can, dates = can_of(order, today=today, is_rated=rating is not None, facts=facts, days=days)
    center = platform.city.center
    window, previous, cause = windows_of(promises)
    declined = (await tx.declined.list_of([person])).get(person.id, frozenset())
    state = state_of(order)
    is_on_the_way = state == ON_THE_WAY
    placement = order.placement
    return TrackView(
        reference=order.reference,
        merchant=merchant.name,
        merchant_email=merchant.email,
        merchant_phone=merchant.phone,
        state=state,
        date=order.date,
        window=window,
        previous_window=previous,
        cause=cause,
        expected=expected_seen(here) if is_on_the_way else None,
        address_short=person.address_line,
        unit=person.unit,
        first_name=first_name(person),
        language=person.language,
        stops_before=here.stops_before if here and is_on_the_way else None,
        is_at_door=is_on_the_way and here is not None and here.stop.state is StopState.ARRIVED,
        driver_first_name=await _driver_name(tx, watch, here) if is_on_the_way else None,
        van=van_seen(watch, here, now) if is_on_the_way else None,
        messages=choices_of(person, declined),
        destination=(placement.position.lon, placement.position.lat) if placement else None,
        placement_level=placement.level.value if placement else None,
        instructions=person.instructions,
        safe_place=person.safe_place,
        pin=person.pin if order.requires_pin and is_on_the_way else None,
        cod_clp=order.cod_clp,
        correction=correction_seen(order, person, facts),
        map_center=(center.lon, center.lat),
        can=can,
        dates=dates,
        delivered=delivered_seen(order, facts, evidence, await _receiver(tx, evidence)),
        failed=failed_seen(order, facts),
        rating=rating,
        is_simulated=tenant.is_simulated,
        now=now,
    )


async def _driver_name(tx: PlatformStore, watch: FleetWatch, here: OrderNow | None) -> str | None:
    watched = watch.find_route(here.route_id) if here else None
    if watched is None:
        return None
    driver = await tx.fleet.get_driver(watched.route.driver_id)
    return first_name(await tx.people.get(driver.person_id))


async def _receiver(tx: PlatformStore, evidence: list[Evidence]) -> Person | None:
    """Who took it, as the driver wrote it down."""
    told = [item for item in evidence if item.kind is EvidenceKind.RECEIVER and item.person_id]
    if not told:
        return None
    newest = max(told, key=lambda item: (item.recorded_at, item.id))
    return await tx.people.get(newest.person_id) if newest.person_id else None


@get("/v1/track/{token:str}/stream", access=PUBLIC, summary="Says that something changed")
async def stream(token: Token, platform: Platform) -> Stream:
    """The page then asks what."""
    actor = await recipient_of(platform, token)
    return open_order_stream(platform, actor.tenant_id, order_id_of(actor))


@get("/v1/track/{token:str}/photo", access=PUBLIC, summary="The photo of the delivery")
async def photo(token: Token, platform: Platform, at: str | None = None) -> Response[bytes]:
    """The newest photo of the proof; a page says by ``at`` of when, so that it asks anew."""
    del at
    actor = await recipient_of(platform, token)
    async with platform.transaction(actor.tenant_id) as tx:
        pieces = standing(await tx.proofs.list_of_order(order_id_of(actor)))
        photos = [item for item in pieces if item.kind is EvidenceKind.PHOTO and item.blob_name]
        if not photos:
            raise NotFoundError
        newest = max(photos, key=lambda item: (item.recorded_at, item.id))
        content, media_type = await open_picture(tx, tx.vault, newest.id)
    return Response(
        content, media_type=media_type, headers={**_PRIVATE, "Cache-Control": "private, no-store"}
    )


@get("/v1/track/{token:str}/proof.pdf", access=PUBLIC, summary="The proof of the delivery")
async def proof(token: Token, platform: Platform) -> Response[bytes]:
    """What the operator can show of the delivery; the RUT of whoever received stays with it."""
    actor = await recipient_of(platform, token)
    async with platform.transaction(actor.tenant_id) as tx:
        record = await get_order_record(tx, order_id_of(actor), actor)
        if state_of(record.order) not in {DELIVERED, IN_PART}:
            raise NotFoundError
        facts = await gather_proof(platform, tx, actor.tenant_id, record)
    content = await print_proof(replace(facts, receiver_rut=None))
    name = f'inline; filename="comprobante-{record.order.id.hex[:8]}.pdf"'
    headers = {**_PRIVATE, "Cache-Control": "private, no-store", "Content-Disposition": name}
    return Response(content, media_type="application/pdf", headers=headers)


router = Router(
    path="",
    route_handlers=[
        follow,
        stream,
        photo,
        proof,
    ],
    tags=["track"],
)
