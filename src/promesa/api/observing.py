"""The outermost layer: each request gets its platform and an id, leaves a log line and a metric.

It stands around the finished application, so that an address that nothing answers is seen too.
A line names no person: route templates and codes, never paths, queries or bodies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import structlog
from litestar.enums import ScopeType

from promesa.api.errors import STATE_FAILURE, STATE_REQUEST_ID
from promesa.kernel.clock import stopwatch_s

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Message, Receive, Scope, Send

    from promesa.runtime.platform import Platform

# A request id from a proxy is kept when it is short and plain, else one is made.
REQUEST_ID_CHARS_MAX = 64
# ``opt`` of handlers asked so often that their lines would bury the others: files, health.
QUIET: Final = "is_quiet"
UNMATCHED = "unmatched"
FAILED_STATUS_MIN = 500
_STATE_PLATFORM = "promesa_platform"

_log = structlog.get_logger(__name__)


class Observed:
    """ASGI application that serves one platform, around one that could serve any."""

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self._app = app
        self._platform = platform

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope, self._platform)
        scope.setdefault("state", {})
        scope["state"] |= {STATE_REQUEST_ID: request_id, _STATE_PLATFORM: self._platform}
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
            self._observe(scope, status, stopwatch_s() - started_s)

    def _observe(self, scope: Scope, status: int, duration_s: float) -> None:
        route = str(scope.get("path_template") or UNMATCHED)
        method = str(scope.get("method", ""))
        self._platform.metrics.requests.labels(route, method, str(status)).observe(duration_s)
        if status >= FAILED_STATUS_MIN:
            tell = _log.warning
        else:
            tell = _log.debug if _is_quiet(scope) else _log.info
        tell(
            "request",
            route=route,
            method=method,
            status=status,
            ms=round(duration_s * 1000, 1),
            request_id=scope["state"][STATE_REQUEST_ID],
            **scope["state"].get(STATE_FAILURE, {}),
        )


def platform_of(scope: Scope) -> Platform:
    """The platform that the request was made to."""
    return cast("Platform", scope["state"][_STATE_PLATFORM])


def _is_quiet(scope: Scope) -> bool:
    handler: Any = scope.get("route_handler")
    return handler is not None and bool(handler.opt.get(QUIET))


def _request_id(scope: Scope, platform: Platform) -> str:
    named = (value for name, value in scope["headers"] if name == b"x-request-id")
    given = next(named, b"").decode("latin-1")
    plain = given.replace("-", "")
    if len(given) <= REQUEST_ID_CHARS_MAX and plain.isascii() and plain.isalnum():
        return given
    return str(platform.ids.next())
