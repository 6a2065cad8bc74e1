"""The demo's own addresses: they exist only while `promesa demo` runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, ClassVar

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.params import Parameter

from promesa.api.auth import PUBLIC, find_actor, request_id_of
from promesa.api.decoding import View, Wire
from promesa.api.session import open_session
from promesa.domain.access import CredentialKind
from promesa.domain.actor import Permission
from promesa.domain.stop import StopState
from promesa.kernel.errors import ForbiddenError, NotFoundError
from promesa.runtime import access
from promesa.runtime.demo import SPEED_MAX, SPEED_OF_A_VISITOR, Demo
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.tracking_links import TrackingLinks


class CodeError(ForbiddenError):
    """The demo's code is missing, wrong or was used."""

    code: ClassVar[str] = "demo_code_refused"
    message = "Falta el código de la demo o ya se usó. Está en el terminal donde la partiste."


class DemoView(View):
    """The demo's state."""

    label: str
    phase: str
    progress: float
    speed: float
    has_driver: bool


class SpeedBody(Wire):
    """Simulated seconds per second; 0 stands still."""

    speed: Annotated[float, msgspec.Meta(ge=0, le=SPEED_MAX)]


class VisitorLinks(View):
    """The visitor's own van, and the page of who waits at its next stop."""

    driver_url: str
    tracking_url: str | None
    route_code: str
    speed: float


def _demo(platform: Platform) -> Demo:
    if platform.demo is None:
        raise NotFoundError
    return platform.demo


@get("/demo/enter", access=PUBLIC, include_in_schema=False)
async def enter(
    platform: Platform,
    request: Request[Any, Any, Any],
    code: Annotated[str | None, Parameter(max_length=100)] = None,
) -> Response[None]:
    """Signs the visitor in and opens the torre."""
    demo = _demo(platform)
    known = find_actor(request)
    if known is not None and known.tenant_id == demo.tenant_id:
        return Response(None, status_code=303, headers={"Location": "/torre/"})
    if not demo.admits(code):
        raise CodeError
    user = await platform.find_active_user(demo.tenant_id, demo.user_id)
    if user is None:
        raise NotFoundError
    actor = access.user_actor(await platform.tenant(demo.tenant_id), user)
    cookie = await open_session(platform, Caller(actor=actor, request_id=request_id_of(request)))
    return Response(None, status_code=303, headers={"Location": "/torre/"}, cookies=[cookie])


@get("/v1/demo", access=Permission.READ_OPERATION, summary="The demo's state")
async def get_demo(platform: Platform) -> DemoView:
    """How far the demo is, and how fast its clock runs."""
    return _view(_demo(platform))


def _view(demo: Demo) -> DemoView:
    return DemoView(
        label=demo.label,
        phase=demo.phase,
        progress=demo.progress,
        speed=demo.speed,
        has_driver=demo.driver_id is not None,
    )


@post("/v1/demo/clock", access=Permission.DISPATCH, status_code=200, summary="Set the pace")
async def set_clock(data: SpeedBody, platform: Platform) -> DemoView:
    """Runs the simulated clock at another pace."""
    demo = _demo(platform)
    demo.run_at(data.speed)
    return _view(demo)


@post("/v1/demo/visit", access=Permission.DISPATCH, status_code=200, summary="Drive a van")
async def visit(platform: Platform, caller: Caller) -> VisitorLinks:
    """Links to the visitor's own van and to a recipient on it; slows the clock to a person's."""
    demo = _demo(platform)
    if demo.driver_id is None:
        raise NotFoundError("El día aún se está planificando. Espera unos segundos.")
    watch = await platform.ready_watch(caller.tenant_id)
    watched = next(
        (item for item in watch.routes() if item.route.driver_id == demo.driver_id), None
    )
    if watched is None:
        raise NotFoundError
    waiting = [
        planned.order_id
        for planned in watched.planned
        if watched.stops[planned.stop_id].state is not StopState.CLOSED
    ]
    async with platform.transaction(caller.tenant_id) as tx:
        token, _ = await access.issue(
            tx,
            kind=CredentialKind.DRIVER_LINK,
            tenant_id=caller.tenant_id,
            subject_id=demo.driver_id,
            clock=platform.clock,
            ids=platform.ids,
            lifetime=timedelta(minutes=platform.settings.server.driver_link_min),
        )
        links = TrackingLinks(platform, tx, caller.tenant_id)
        tracking_url = await links.tracking_url(waiting[0]) if waiting else None
    demo.run_at(min(demo.speed, SPEED_OF_A_VISITOR))
    return VisitorLinks(
        driver_url=f"{platform.public_url}/conductor/entrar#{token}",
        tracking_url=tracking_url,
        route_code=watched.route.code,
        speed=demo.speed,
    )


@post("/v1/demo/restart", access=Permission.DISPATCH, status_code=202, summary="Let it fall")
async def restart(platform: Platform) -> DemoView:
    """Kills the database, ends the server and starts both again; nothing told is lost."""
    demo = _demo(platform)
    demo.restart.set()
    return _view(demo)


router = Router(path="", route_handlers=[enter, get_demo, set_clock, visit, restart], tags=["demo"])
