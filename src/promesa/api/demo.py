"""The demo's own addresses: they exist only while `promesa demo` runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.params import Parameter

from promesa.api.auth import PUBLIC, find_actor, refuse_cross_site, request_id_of
from promesa.api.decoding import View, Wire
from promesa.api.roster import qr_svg
from promesa.api.session import open_session
from promesa.domain.access import CredentialKind
from promesa.domain.actor import Permission
from promesa.domain.route import RouteState
from promesa.domain.stop import Stop, StopState, StopType
from promesa.kernel.errors import ForbiddenError, NotFoundError
from promesa.runtime import access
from promesa.runtime.demo import SPEED_MAX, Demo, DemoNotReadyError
from promesa.runtime.fleet_watch import WatchedRoute
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore
from promesa.runtime.tracking_links import TrackingLinks

_STYLE = "font:18px/26px system-ui;max-width:32em;margin:20vh auto;padding:0 16px"
_REFUSED = f"""<!doctype html>
<html lang="es-CL"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>Promesa</title><body style="{_STYLE}"><h1>Falta el código de la demo, o ya se usó</h1>
<p>El que sirve está en el terminal donde corre la demo. Cada código abre una vez.</p>
</body></html>
"""
# A plain GET is answered with 200; the browser goes on by itself.
_ENTERING = """<!doctype html>
<html lang="es-CL"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/torre/">
<title>Promesa</title><link rel="icon" href="data:,">
<p>Entrando a la torre… <a href="/torre/">Abrir</a></p></html>
"""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class CodeError(ForbiddenError):
    """The demo's code is missing, wrong or was used."""

    code: ClassVar[str] = "demo_code_refused"
    message = "Falta el código de la demo o ya se usó. El que sirve está en el terminal."


class FallView(View):
    """What was found after the server fell: orders and deliveries counted again in the log."""

    orders: int
    deliveries: int
    facts: int
    lost: int
    doubled: int
    away_s: float
    was_killed: bool


class DemoView(View):
    """The demo's state. ``falls`` counts the times its server fell and came back."""

    label: str
    phase: str
    progress: float
    speed: float
    has_plan: bool
    is_running: bool
    visited_route_id: UUID | None
    falls: int
    last_fall: FallView | None


class SpeedBody(Wire):
    """Simulated seconds per second; 0 stands still."""

    speed: Annotated[float, msgspec.Meta(ge=0, le=SPEED_MAX)]


class VisitorLinks(View):
    """The visitor's own van, and the page of who waits at its next stop.

    ``phone_url`` is a second link, for a phone on this network, with its QR; without `--host` no
    phone reaches the demo and both are null.
    """

    driver_url: str
    phone_url: str | None
    qr_svg: str | None
    tracking_url: str | None
    route_code: str
    speed: float


class DoorView(View):
    """Whether a page without a link may hand out a simulated one to whoever opened it, and when.

    ``phase`` says what the day is doing: links are handed out while it is running.
    """

    is_open: bool
    phase: str


class DoorLink(View):
    """A page of the simulated day."""

    url: str


def _demo(platform: Platform) -> Demo:
    if platform.demo is None:
        raise NotFoundError
    return platform.demo


@get("/demo/enter", access=PUBLIC, include_in_schema=False, media_type="text/html")
async def enter(
    platform: Platform,
    request: Request[Any, Any, Any],
    code: Annotated[str | None, Parameter(max_length=100)] = None,
) -> Response[str]:
    """Signs the visitor in and opens the torre."""
    demo = _demo(platform)
    known = find_actor(request)
    if known is not None and known.tenant_id == demo.tenant_id:
        return Response(_ENTERING)
    if not demo.admits(code):
        if "text/html" in request.headers.get("accept", ""):
            return Response(_REFUSED, status_code=403)
        raise CodeError
    user = await platform.find_active_user(demo.tenant_id, demo.user_id)
    if user is None:
        raise NotFoundError
    actor = access.user_actor(await platform.tenant(demo.tenant_id), user)
    cookie = await open_session(platform, Caller(actor=actor, request_id=request_id_of(request)))
    return Response(_ENTERING, cookies=[cookie])


@get("/v1/demo", access=Permission.READ_OPERATION, summary="The demo's state")
async def get_demo(platform: Platform) -> DemoView:
    """How far the demo is, how fast its clock runs, and how it got over its falls."""
    return _view(_demo(platform))


def _view(demo: Demo) -> DemoView:
    fall = demo.last_fall
    return DemoView(
        label=demo.label,
        phase=demo.phase.value,
        progress=demo.progress,
        speed=demo.speed,
        has_plan=demo.has_plan,
        is_running=demo.wheel is not None,
        visited_route_id=demo.visited,
        falls=demo.falls,
        last_fall=None
        if fall is None
        else FallView(
            orders=fall.orders,
            deliveries=fall.deliveries,
            facts=fall.facts,
            lost=fall.lost,
            doubled=fall.doubled,
            away_s=round(fall.away_s, 1),
            was_killed=fall.was_killed,
        ),
    )


@post("/v1/demo/clock", access=Permission.DISPATCH, status_code=200, summary="Set the pace")
async def set_clock(data: SpeedBody, platform: Platform) -> DemoView:
    """Runs the simulated clock at another pace; above 1 a visitor's van goes on by itself."""
    demo = _demo(platform)
    await demo.set_pace(data.speed)
    return _view(demo)


@post("/v1/demo/visit", access=Permission.DISPATCH, status_code=200, summary="Drive a van")
async def visit(platform: Platform, caller: Caller) -> VisitorLinks:
    """Gives the visitor a van on the road and slows the clock to a person's pace."""
    demo = _demo(platform)
    watched = await _hand_van(platform, demo)
    waiting = _waiting(watched)
    is_reachable = urlsplit(platform.public_url).hostname not in LOOPBACK
    async with platform.transaction(caller.tenant_id) as tx:
        whose = (caller.tenant_id, watched.route.driver_id)
        driver_url = await _sign_in_url(platform, tx, *whose)
        phone_url = await _sign_in_url(platform, tx, *whose) if is_reachable else None
        links = TrackingLinks(platform, tx, caller.tenant_id)
        tracking_url = await links.tracking_url(waiting[0].order_id) if waiting else None
    return VisitorLinks(
        driver_url=driver_url,
        phone_url=phone_url,
        qr_svg=qr_svg(phone_url) if phone_url else None,
        tracking_url=tracking_url,
        route_code=watched.route.code,
        speed=demo.speed,
    )


async def _hand_van(platform: Platform, demo: Demo) -> WatchedRoute:
    watch = await platform.ready_watch(demo.tenant_id)
    watched = _choose(watch.routes(), demo.visited)
    await demo.take_wheel(watched.route.id)
    return watched


def _is_open(demo: Demo, request: Request[Any, Any, Any]) -> bool:
    """To everybody while only this machine sees the demo; else to who came in by the code."""
    known = find_actor(request)
    return demo.draw_code is None or (known is not None and known.tenant_id == demo.tenant_id)


def _admitted(platform: Platform, request: Request[Any, Any, Any]) -> Demo:
    """The demo, for who may have a link of it.

    Raises:
        NotFoundError: This is no demo.
        CodeError: It asks for a code, and nobody came in with it from this browser.
    """
    demo = _demo(platform)
    refuse_cross_site(request)
    if not _is_open(demo, request):
        raise CodeError
    return demo


@get("/v1/demo/door", access=PUBLIC, summary="What a page without a link can offer")
async def see_door(platform: Platform, request: Request[Any, Any, Any]) -> DoorView:
    """Whether the demo hands out its vans and deliveries here, and its phase; no demo, no door."""
    demo = _demo(platform)
    return DoorView(is_open=_is_open(demo, request), phase=demo.phase.value)


@post("/v1/demo/door/driver", access=PUBLIC, status_code=200, summary="A simulated van")
async def open_driver_door(platform: Platform, request: Request[Any, Any, Any]) -> DoorLink:
    """Gives the visitor a van on the road; the clock slows to a person's pace."""
    demo = _admitted(platform, request)
    watched = await _hand_van(platform, demo)
    async with platform.transaction(demo.tenant_id) as tx:
        url = await _sign_in_url(platform, tx, demo.tenant_id, watched.route.driver_id)
    return DoorLink(url=url)


@post("/v1/demo/door/recipient", access=PUBLIC, status_code=200, summary="A simulated delivery")
async def open_recipient_door(platform: Platform, request: Request[Any, Any, Any]) -> DoorLink:
    """The page of who is next on a van of the day; nobody's van is taken for it."""
    demo = _admitted(platform, request)
    watch = await platform.ready_watch(demo.tenant_id)
    waiting = _waiting(_choose(watch.routes(), demo.visited))
    if not waiting:
        raise DemoNotReadyError
    async with platform.transaction(demo.tenant_id) as tx:
        links = TrackingLinks(platform, tx, demo.tenant_id)
        return DoorLink(url=await links.tracking_url(waiting[0].order_id))


def _waiting(watched: WatchedRoute) -> list[Stop]:
    """Deliveries that are still to be made, in order."""
    stops = [watched.stops[planned.stop_id] for planned in watched.planned]
    return [
        stop
        for stop in stops
        if stop.state is not StopState.CLOSED and stop.type is StopType.DELIVERY
    ]


def _choose(routes: list[WatchedRoute], visited: UUID | None) -> WatchedRoute:
    """The van the visitor drives already, else the one on the road with most left to deliver.

    Raises:
        DemoNotReadyError: No van is on the road.
    """
    under_way = [
        item
        for item in routes
        if item.route.state is RouteState.STARTED and not item.route.is_broken_down
    ]
    mine = [item for item in under_way if item.route.id == visited and _waiting(item)]
    if mine:
        return mine[0]
    found = max(under_way, key=lambda item: len(_waiting(item)), default=None)
    if found is None:
        raise DemoNotReadyError("Ningún furgón va en camino. Espera unos minutos del reloj.")
    return found


async def _sign_in_url(
    platform: Platform, tx: PlatformStore, tenant_id: UUID, driver_id: UUID
) -> str:
    """A link that signs one phone in as the route's driver, once."""
    token, _ = await access.issue(
        tx,
        kind=CredentialKind.DRIVER_LINK,
        tenant_id=tenant_id,
        subject_id=driver_id,
        clock=platform.clock,
        ids=platform.ids,
        lifetime=timedelta(minutes=platform.settings.server.driver_link_min),
    )
    return f"{platform.public_url}/conductor/entrar#{token}"


@post("/v1/demo/restart", access=Permission.DISPATCH, status_code=202, summary="Let it fall")
async def restart(platform: Platform) -> DemoView:
    """Kills the database (kill -9), ends the server, and starts both again."""
    demo = _demo(platform)
    demo.ask_to_fall()
    return _view(demo)


router = Router(
    path="",
    route_handlers=[
        enter,
        get_demo,
        see_door,
        open_driver_door,
        open_recipient_door,
        set_clock,
        visit,
        restart,
    ],
    tags=["demo"],
)
