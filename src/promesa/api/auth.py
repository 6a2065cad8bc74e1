"""Finds out who is asking, and denies whatever is not expressly allowed.

A handler says what it needs in ``opt``: ``access=PUBLIC`` or a Permission. One that says nothing
is refused for everybody, and a test walks every route to see that each says something.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import structlog
from litestar.enums import ScopeType

from promesa.api.errors import STATE_REQUEST_ID, ApiKeyInvalidError, NotSignedInError
from promesa.domain.access import CredentialKind
from promesa.domain.actor import Actor, Permission
from promesa.kernel.clock import stopwatch_s
from promesa.kernel.errors import ForbiddenError
from promesa.runtime.access import actor_of, find_valid

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler
    from litestar.types import ASGIApp, Message, Receive, Scope, Send

    from promesa.runtime.platform import Platform

PUBLIC: Final = "public"
USER_COOKIE = "promesa_session"
DRIVER_COOKIE = "promesa_driver"
DRIVER_PATH = "/v1/driver"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A request id from a proxy is kept when it is short and plain, else one is made.
REQUEST_ID_CHARS_MAX = 64
_STATE_ACTOR = "promesa_actor"

_log = structlog.get_logger(__name__)


class CrossSiteError(ForbiddenError):
    """A page of another site tried to act with the visitor's cookie."""

    code = "cross_site"
    message = "Esta acción viene de otro sitio y no se aceptó. Ábrela desde Promesa."


class WhoAsks:
    """ASGI middleware: request id, actor, log line and metric of each request."""

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self._app = app
        self._platform = platform

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        raw = scope["headers"]
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}
        request_id = _request_id(headers, self._platform)
        scope["state"][STATE_REQUEST_ID] = request_id
        scope["state"][_STATE_ACTOR] = await _find_actor(headers, scope["path"], self._platform)
        status = 500
        started_s = stopwatch_s()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._observe(scope, status, stopwatch_s() - started_s, request_id)

    def _observe(self, scope: Scope, status: int, duration_s: float, request_id: str) -> None:
        route = str(scope.get("path_template") or "unmatched")
        method = str(scope.get("method", ""))
        self._platform.metrics.requests.labels(route, method, str(status)).observe(duration_s)
        _log.debug(
            "request",
            route=route,
            method=method,
            status=status,
            ms=round(duration_s * 1000, 1),
            request_id=request_id,
        )


def _request_id(headers: dict[str, str], platform: Platform) -> str:
    given = headers.get("x-request-id", "")
    if given and len(given) <= REQUEST_ID_CHARS_MAX and given.replace("-", "").isalnum():
        return given
    return str(platform.ids.next())


async def _find_actor(headers: dict[str, str], path: str, platform: Platform) -> Actor | None:
    """The actor of the request's key or cookie; None when there is none that opens anything."""
    token, kinds = _token_of(headers, path)
    if token is None:
        return None
    credential = await find_valid(platform.directory, token, kinds, platform.clock.now())
    if credential is None:
        return None
    if credential.kind is not CredentialKind.USER_SESSION:
        return actor_of(credential)
    user = await platform.find_active_user(credential.tenant_id, credential.subject_id)
    return None if user is None else actor_of(credential, user)


def _token_of(headers: dict[str, str], path: str) -> tuple[str | None, frozenset[CredentialKind]]:
    """The secret of a request. One browser may hold both cookies: the path says which counts."""
    bearer = headers.get("authorization", "")
    if bearer.startswith("Bearer "):
        return bearer.removeprefix("Bearer ").strip(), frozenset({CredentialKind.API_KEY})
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return None, frozenset()
    name, kind = (
        (DRIVER_COOKIE, CredentialKind.DRIVER_SESSION)
        if path.startswith(f"{DRIVER_PATH}/")
        else (USER_COOKIE, CredentialKind.USER_SESSION)
    )
    return (cookies[name].value, frozenset({kind})) if name in cookies else (None, frozenset())


def find_actor(connection: ASGIConnection[Any, Any, Any, Any]) -> Actor | None:
    """Who asks, when somebody known does."""
    actor = connection.scope["state"].get(_STATE_ACTOR)
    return actor if isinstance(actor, Actor) else None


def request_id_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The id of this request, which its events carry."""
    return str(connection.scope["state"].get(STATE_REQUEST_ID, ""))


def deny_by_default(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Guard of the whole application.

    Raises:
        NotSignedInError: Nobody known asks.
        ApiKeyInvalidError: The same, with a key that opens nothing.
        ForbiddenError: The role does not grant what the handler needs, or it says nothing.
        CrossSiteError: Another site's page acts with the visitor's cookie.
    """
    access = handler.opt.get("access")
    if access == PUBLIC:
        return
    actor = find_actor(connection)
    if actor is None:
        has_key = bool(connection.headers.get("authorization"))
        raise ApiKeyInvalidError if has_key else NotSignedInError
    if not isinstance(access, Permission):
        raise ForbiddenError
    refuse_cross_site(connection)
    actor.require(access)


def refuse_cross_site(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuses an unsafe method that a browser sends from another site."""
    if connection.scope.get("method") in SAFE_METHODS:
        return
    if connection.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        raise CrossSiteError
    origin = connection.headers.get("origin")
    if origin and urlsplit(origin).netloc != connection.headers.get("host"):
        raise CrossSiteError
