"""The driver's phone: sign-in by link, today's route, events in batches, pictures, positions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post, put
from litestar.datastructures import Cookie, UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from promesa.api.auth import DRIVER_COOKIE, DRIVER_PATH, PUBLIC, refuse_cross_site, request_id_of
from promesa.api.decoding import View, Wire, decode_strictly, find_object
from promesa.api.driver_views import (
    REASON_VIEWS,
    DriverDayView,
    DriverRef,
    view_driver_route,
    view_left_aboard,
)
from promesa.api.etags import answer_tagged
from promesa.api.roster import qr_svg
from promesa.api.route_views import refused_view
from promesa.dispatch.closing import was_left_unnamed
from promesa.dispatch.current_route import find_current_route
from promesa.dispatch.driver_actions import apply_driver_event
from promesa.dispatch.moved_visits import find_former_route
from promesa.dispatch.phone import EventStatus, believed_instant, believed_position
from promesa.domain.access import CredentialKind
from promesa.domain.actor import Permission
from promesa.kernel.errors import FieldFault, InvalidError, NotFoundError
from promesa.proof.repository import EvidenceKind
from promesa.proof.service import Capture, keep_picture
from promesa.runtime import access
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.positions import PhoneFix, take_phone_fixes

BATCH_EVENTS_MAX = 500
BATCH_FIXES_MAX = 1000
PICTURE_BYTES_MAX = 12_000_000
TRACCAR_INTERVAL_S = 20

Token = Annotated[str, msgspec.Meta(min_length=20, max_length=100)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class LinkBody(Wire):
    """The secret of a sign-in link."""

    token: Token


class DriverSessionView(View):
    """Whose phone it is now."""

    driver: DriverRef


class EventBatch(Wire):
    """What happened, oldest first; each event is judged on its own and may come twice."""

    events: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=BATCH_EVENTS_MAX)]


class EventResultView(View):
    """What became of an event."""

    id: str
    status: EventStatus
    code: str | None
    detail: str | None


class EventBatchView(View):
    """What became of each, in the order sent."""

    results: list[EventResultView]


class FixBatch(Wire):
    """Positions; each is judged on its own and may come twice."""

    fixes: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=BATCH_FIXES_MAX)]


class FixBatchView(View):
    """How many were kept, and why others were not."""

    accepted: int
    refused: list[FieldFault]


class EvidenceForm(msgspec.Struct, frozen=True, kw_only=True):
    """A picture and what it shows."""

    file: UploadFile
    stop_id: UUID
    kind: EvidenceKind
    captured_at: Instant
    lon: float | None = None
    lat: float | None = None


class EvidenceReceipt(View):
    """The picture is kept; the digest is of its ciphertext."""

    id: UUID
    digest: str | None
    status: str


class PairingView(View):
    """How to pair the Traccar Client app, which reports positions in the background."""

    device_id: str
    deep_link: str
    server_url: str
    qr_svg: str


@post("/v1/driver/session", access=PUBLIC, status_code=200, summary="Sign a phone in")
async def sign_in_phone(
    data: LinkBody, platform: Platform, request: Request[Any, Any, Any]
) -> Response[DriverSessionView]:
    """Exchanges a link, once, for a session bound to this phone."""
    refuse_cross_site(request)
    kinds = frozenset({CredentialKind.DRIVER_LINK})
    link = await access.find_valid(platform.directory, data.token, kinds, platform.clock.now())
    if link is None or not await platform.is_driving(link.tenant_id, link.subject_id):
        raise access.LinkEndedError
    lifetime = timedelta(hours=platform.settings.server.driver_session_h)
    async with platform.transaction(link.tenant_id) as tx:
        await access.use_once(tx, link, platform.clock)
        token, credential = await access.issue(
            tx,
            kind=CredentialKind.DRIVER_SESSION,
            tenant_id=link.tenant_id,
            subject_id=link.subject_id,
            clock=platform.clock,
            ids=platform.ids,
            lifetime=lifetime,
        )
        caller = Caller(actor=access.actor_of(credential), request_id=request_id_of(request))
        await platform.record(tx, caller, "device.paired", subject=("driver", link.subject_id))
        driver = await tx.fleet.get_driver(link.subject_id)
        person = await tx.people.get(driver.person_id)
    cookie = Cookie(
        key=DRIVER_COOKIE,
        value=token,
        httponly=True,
        samesite="lax",
        secure=platform.public_url.startswith("https:"),
        max_age=int(lifetime.total_seconds()),
        path=DRIVER_PATH,
    )
    view = DriverSessionView(driver=DriverRef(id=driver.id, code=driver.code, name=person.name))
    return Response(view, cookies=[cookie])


@get("/v1/driver/route", access=Permission.DRIVE, summary="Today's route")
async def get_route(
    platform: Platform, caller: Caller, request: Request[Any, Any, Any]
) -> Response[DriverDayView]:
    """The driver's route of the day with its stops; with ETag, since phones ask often."""
    now = platform.clock.now()
    async with platform.transaction(caller.tenant_id) as tx:
        driver = await tx.fleet.get_driver(caller.actor.id)
        person = await tx.people.get(driver.person_id)
        route = await find_current_route(tx, driver.id, now)
        seen, stops = (None, []) if route is None else await view_driver_route(tx, route, now)
        left = [] if route is None else await view_left_aboard(tx, route)
    refused = refused_view(platform.watch(caller.tenant_id).find_refused(driver.id))
    tenant = await platform.tenant(caller.tenant_id)
    view = DriverDayView(
        driver=DriverRef(id=driver.id, code=driver.code, name=person.name),
        now=now,
        is_simulated=tenant.is_simulated,
        route=seen,
        stops=stops,
        left_aboard=left,
        reasons=REASON_VIEWS,
        refused_fix=refused,
    )
    tagged = (seen, stops, left, refused)
    return answer_tagged(request, view, tagged=tagged)


@post("/v1/driver/events", access=Permission.DRIVE, status_code=200, summary="What happened")
async def take_events(data: EventBatch, platform: Platform, caller: Caller) -> EventBatchView:
    """Takes a batch, each event in a transaction of its own: one that fails stops no other."""
    results = []
    for raw in data.events:
        event = find_object(raw) or {}
        async with platform.transaction(caller.tenant_id) as tx:
            result = await apply_driver_event(
                tx,
                event,
                actor=caller.actor,
                clock=platform.clock,
                request_id=caller.request_id,
            )
        results.append(
            EventResultView(
                id=result.id, status=result.status, code=result.code, detail=result.detail
            )
        )
    return EventBatchView(results=results)


@put(
    "/v1/driver/evidence/{evidence_id:uuid}",
    access=Permission.DRIVE,
    summary="A picture of a stop",
    dto=None,
    request_max_body_size=PICTURE_BYTES_MAX,
)
async def put_evidence(
    evidence_id: UUID,
    data: Annotated[EvidenceForm, Body(media_type=RequestEncodingType.MULTI_PART)],
    platform: Platform,
    caller: Caller,
) -> EvidenceReceipt:
    """Keeps a picture under the phone's own id; it may come before or after the stop closes."""
    content = await data.file.read()
    async with platform.transaction(caller.tenant_id) as tx:
        stop = await tx.routes.get_stop(data.stop_id)
        route = await tx.routes.get(stop.route_id)
        if route.driver_id != caller.actor.id:
            # A picture of a visit made before the phone knew that another van has the stop.
            former = await find_former_route(tx, stop, caller.actor.id)
            if former is None:
                raise NotFoundError
            route = former
        order = await tx.orders.get(stop.order_id)
        spot = None
        if data.lon is not None and data.lat is not None:
            spot = believed_position(data.lon, data.lat)
        now = platform.clock.now()
        evidence = await keep_picture(
            tx,
            tx.vault,
            Capture(
                id=evidence_id,
                stop_id=stop.id,
                order_id=stop.order_id,
                kind=data.kind,
                person_id=order.recipient_id,
                captured_at=believed_instant(data.captured_at, now)[0],
                position=spot,
                route_id=route.id,
                closed_at=stop.closed_at,
                is_taken_back=await was_left_unnamed(tx, stop, evidence_id),
            ),
            content,
            actor=caller.actor,
            now=now,
        )
    return EvidenceReceipt(id=evidence.id, digest=evidence.digest, status="kept")


@post("/v1/driver/positions", access=Permission.REPORT_POSITION, status_code=200)
async def take_positions(data: FixBatch, platform: Platform, caller: Caller) -> FixBatchView:
    """Takes positions of the open page; the background ones come from the Traccar app."""
    fixes: list[PhoneFix] = []
    refused: list[FieldFault] = []
    for row, raw in enumerate(data.fixes, start=1):
        try:
            fixes.append(decode_strictly(raw, PhoneFix))
        except InvalidError as error:
            faults = error.details.get("faults", [])
            refused.extend(
                FieldFault(field=fault.field, reason=fault.reason, row=row, code=fault.code)
                for fault in (faults if isinstance(faults, list) else [])
            )
    verdict = await take_phone_fixes(platform, caller.tenant_id, caller.actor.id, fixes)
    return FixBatchView(accepted=verdict.accepted, refused=[*refused, *verdict.refused])


@post("/v1/driver/pairing", access=Permission.DRIVE, summary="Pair the Traccar app")
async def pair_device(platform: Platform, caller: Caller) -> PairingView:
    """Makes a device id that nobody can guess, and the link that sets the app up with it."""
    async with platform.transaction(caller.tenant_id) as tx:
        token, _ = await access.issue(
            tx,
            kind=CredentialKind.DEVICE,
            tenant_id=caller.tenant_id,
            subject_id=caller.actor.id,
            clock=platform.clock,
            ids=platform.ids,
            lifetime=None,
        )
        await platform.record(tx, caller, "device.paired", subject=("driver", caller.actor.id))
    server_url = f"{platform.public_url}/v1/positions/traccar"
    asked = {"id": token, "url": server_url, "interval": TRACCAR_INTERVAL_S, "accuracy": "highest"}
    deep_link = f"org.traccar.client://config?{urlencode(asked)}"
    return PairingView(
        device_id=token, deep_link=deep_link, server_url=server_url, qr_svg=qr_svg(deep_link)
    )


router = Router(
    path="",
    route_handlers=[
        sign_in_phone,
        get_route,
        take_events,
        put_evidence,
        take_positions,
        pair_device,
    ],
    tags=["driver"],
)
