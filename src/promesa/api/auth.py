"""Finds out who is asking, and denies whatever is not expressly allowed.

A handler says what it needs in ``opt``: ``access=PUBLIC`` or a Permission. One that says nothing
is refused for everybody, and a test walks every route to see that each says something.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from litestar.enums import ScopeType

from promesa.api.errors import STATE_REQUEST_ID, ApiKeyInvalidError, NotSignedInError
from promesa.api.observing import platform_of
from promesa.domain.access import CredentialKind
from promesa.domain.actor import Actor, Permission
from promesa.kernel.errors import ForbiddenError
from promesa.runtime.access import actor_of, find_valid

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler
    from litestar.types import ASGIApp, Receive, Scope, Send

    from promesa.runtime.platform import Platform

PUBLIC: Final = "public"
USER_COOKIE = "promesa_session"
DRIVER_COOKIE = "promesa_driver"
DRIVER_PATH = "/v1/driver"
BEARER = "bearer "
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_STATE_ACTOR = "promesa_actor"


SEND_KEY = (
    "Falta la llave. Envíala en la cabecera Authorization: Bearer LLAVE, o inicia sesión para "
    "continuar."
)


class CrossSiteError(ForbiddenError):
    """A page of another site tried to act with the visitor's cookie."""

    code = "cross_site"
    message = "Esta acción viene de otro sitio y no se aceptó. Ábrela desde Promesa."


class WhoAsks:
    """ASGI middleware: the actor of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] == ScopeType.HTTP:
            raw = scope["headers"]
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}
            platform = platform_of(scope)
            scope["state"][_STATE_ACTOR] = await _find_actor(headers, scope["path"], platform)
        await self._app(scope, receive, send)


async def _find_actor(headers: dict[str, str], path: str, platform: Platform) -> Actor | None:
    """The actor of the request's key or cookie; None when there is none that opens anything."""
    token, kinds = _token_of(headers, path)
    if token is None:
        return None
    credential = await find_valid(platform.directory, token, kinds, platform.clock.now())
    if credential is None:
        return None
    if credential.kind is CredentialKind.DRIVER_SESSION:
        is_driving = await platform.is_driving(credential.tenant_id, credential.subject_id)
        return actor_of(credential) if is_driving else None
    if credential.kind is not CredentialKind.USER_SESSION:
        return actor_of(credential)
    user = await platform.find_active_user(credential.tenant_id, credential.subject_id)
    return None if user is None else actor_of(credential, user)


def _token_of(headers: dict[str, str], path: str) -> tuple[str | None, frozenset[CredentialKind]]:
    """The secret of a request. One browser may hold both cookies: the path says which counts."""
    bearer = headers.get("authorization", "")
    # RFC 9110, section 11.1: the name of a scheme is written in any case.
    if bearer[: len(BEARER)].lower() == BEARER:
        return bearer[len(BEARER) :].strip(), frozenset({CredentialKind.API_KEY})
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
        if connection.headers.get("authorization"):
            raise ApiKeyInvalidError
        # A browser brings its cookies; a shop's server has none, and no page to sign in on.
        is_page = not {"cookie", "sec-fetch-site"}.isdisjoint(connection.headers)
        raise NotSignedInError(None if is_page else SEND_KEY)
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
