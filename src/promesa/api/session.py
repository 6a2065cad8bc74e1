"""Signing in to the torre and out of it, and who is signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, delete, get, post
from litestar.datastructures import Cookie
from litestar.openapi.datastructures import ResponseSpec

from promesa.api.auth import PUBLIC, USER_COOKIE, refuse_cross_site, request_id_of
from promesa.api.decoding import View, Wire
from promesa.api.errors import PROBLEM_MEDIA_TYPE, Problem
from promesa.domain.access import CredentialKind
from promesa.domain.actor import GRANTS, Actor, Permission
from promesa.kernel.clock import ScaledClock
from promesa.kernel.ids import token_digest
from promesa.runtime import access
from promesa.runtime.platform import Caller, Platform


class SignIn(Wire):
    """E-mail and password of a person of the torre."""

    email: Annotated[str, msgspec.Meta(max_length=254)]
    password: Annotated[str, msgspec.Meta(max_length=access.PASSWORD_CHARS_MAX)]


class ClockView(View):
    """The platform's time; a simulated one runs ``speed`` times as fast."""

    now: datetime
    speed: float
    is_simulated: bool


class WhoView(View):
    """Who acts."""

    id: UUID
    kind: str
    role: str
    name: str | None


class TenantView(View):
    """The operator."""

    id: UUID
    name: str


class SessionView(View):
    """Who is signed in, where, and what that allows."""

    actor: WhoView
    tenant: TenantView
    is_demo: bool
    clock: ClockView
    permissions: list[Permission]


async def open_session(platform: Platform, caller: Caller) -> Cookie:
    """Keeps a session of a user, records that it began, and returns its cookie."""
    lifetime = timedelta(hours=platform.settings.server.session_h)
    async with platform.transaction(caller.tenant_id) as tx:
        token, _ = await access.issue(
            tx,
            kind=CredentialKind.USER_SESSION,
            tenant_id=caller.tenant_id,
            subject_id=caller.actor.id,
            clock=platform.clock,
            ids=platform.ids,
            lifetime=lifetime,
        )
        await platform.record(tx, caller, "access.signed_in", subject=("user", caller.actor.id))
    return Cookie(
        key=USER_COOKIE,
        value=token,
        httponly=True,
        samesite="lax",
        secure=platform.public_url.startswith("https:"),
        max_age=int(lifetime.total_seconds()),
        path="/",
    )


async def view_session(platform: Platform, actor: Actor) -> SessionView:
    """What the torre asks first."""
    tenant = await platform.tenant(actor.tenant_id)
    name = None
    if actor.may(Permission.READ_OPERATION):
        async with platform.transaction(actor.tenant_id) as tx:
            user = await tx.access.get_user(actor.id)
            name = (await tx.people.get(user.person_id)).name
    speed = platform.clock.speed if isinstance(platform.clock, ScaledClock) else 1.0
    return SessionView(
        actor=WhoView(id=actor.id, kind=actor.kind.value, role=actor.role.value, name=name),
        tenant=TenantView(id=tenant.id, name=tenant.name),
        is_demo=platform.is_demo,
        clock=ClockView(now=platform.clock.now(), speed=speed, is_simulated=tenant.is_simulated),
        permissions=sorted(GRANTS[actor.role]),
    )


@get("/v1/session", access=Permission.READ_OPERATION, summary="Who is signed in")
async def get_session(platform: Platform, caller: Caller) -> SessionView:
    """The session of the cookie."""
    return await view_session(platform, caller.actor)


@post(
    "/v1/session",
    access=PUBLIC,
    status_code=200,
    summary="Sign in",
    responses={
        429: ResponseSpec(
            Problem,
            description="Too many tries; `Retry-After` says when again.",
            media_type=PROBLEM_MEDIA_TYPE,
            generate_examples=False,
        )
    },
)
async def sign_in(
    data: SignIn, platform: Platform, request: Request[Any, Any, Any]
) -> Response[SessionView]:
    """Opens a session; wrong e-mail and wrong password look the same."""
    refuse_cross_site(request)
    digest = await platform.directory.digest_email(data.email)
    address = request.client.host if request.client else ""
    platform.sign_in_tries.begin(digest, address, platform.clock.now())
    tenant, user = await access.check_password(platform.directory, digest, data.password)
    platform.sign_in_tries.succeed(digest, address, platform.clock.now())
    actor = access.user_actor(tenant, user)
    cookie = await open_session(platform, Caller(actor=actor, request_id=request_id_of(request)))
    return Response(await view_session(platform, actor), cookies=[cookie])


@delete("/v1/session", access=PUBLIC, summary="Sign out")
async def sign_out(platform: Platform, request: Request[Any, Any, Any]) -> Response[None]:
    """Ends the session of the cookie; without one there is nothing to do."""
    refuse_cross_site(request)
    credential = await platform.directory.find_credential(
        token_digest(request.cookies.get(USER_COOKIE, ""))
    )
    if credential is not None:
        async with platform.transaction(credential.tenant_id) as tx:
            await access.revoke(tx, credential, platform.clock)
    ended = Cookie(key=USER_COOKIE, value="", max_age=0, path="/", httponly=True)
    return Response(None, status_code=204, cookies=[ended])


router = Router(path="", route_handlers=[get_session, sign_in, sign_out], tags=["session"])
