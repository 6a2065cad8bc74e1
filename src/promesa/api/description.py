"""What the OpenAPI description says of every operation: how to sign in, and how it refuses.

Both come from what a handler already declares (``access``, parameters, body), so no handler
repeats them. It decides nothing: the guard of :mod:`promesa.api.auth` does.
"""

from __future__ import annotations

from typing import Final

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Components, SecurityScheme
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute

from promesa.api.auth import DRIVER_COOKIE, DRIVER_PATH, SAFE_METHODS, USER_COOKIE
from promesa.api.errors import PROBLEM_MEDIA_TYPE, Problem
from promesa.api.parameters import KNOWN
from promesa.domain.actor import GRANTS, Permission, Role

KEY, SESSION, PHONE = "api_key", "session", "driver_session"
SCHEMES: Final = Components(
    security_schemes={
        KEY: SecurityScheme(
            type="http",
            scheme="bearer",
            description="A merchant's key, made in the torre (Equipo, Llaves).",
        ),
        SESSION: SecurityScheme(
            type="apiKey",
            name=USER_COOKIE,
            security_scheme_in="cookie",
            description="A person signed in to the torre, with POST /v1/session.",
        ),
        PHONE: SecurityScheme(
            type="apiKey",
            name=DRIVER_COOKIE,
            security_scheme_in="cookie",
            description="A driver's phone, paired by the link of its route.",
        ),
    }
)
# What the application hands to a handler by itself; anything else comes with the request.
_HANDED: Final = frozenset({"platform", "caller", "request", "return"})
_REFUSALS: Final = {
    400: "A parameter cannot be read.",
    401: "Nobody known asks.",
    403: "Who asks may not do this.",
    404: "It does not exist, or not for who asks.",
    409: "It is in another state than the request supposes.",
    413: "The body is too large.",
    422: "What was sent cannot be accepted as it is; `errors` names each field.",
}


class Description(ReceiveRoutePlugin):
    """Writes security and refusals into each handler as it is registered."""

    def receive_route(self, route: BaseRoute) -> None:
        """Completes the handlers of one path."""
        if isinstance(route, HTTPRoute):
            for handler, taken in route.route_handler_map.values():
                _describe(handler, route)
                if handler.include_in_schema:
                    queries = taken.expected_query_params
                    handler.opt[KNOWN] = {item.field_name: item.field_alias for item in queries}


def _describe(handler: HTTPRouteHandler, route: HTTPRoute) -> None:
    access = handler.opt.get("access")
    statuses = {404} if route.path_parameters else set()
    if set(handler.parsed_fn_signature.parameters) - _HANDED:
        statuses |= {400, 422}
    if not handler.http_methods <= SAFE_METHODS:
        statuses |= {409, 413}
    if isinstance(access, Permission):
        statuses |= {401, 403}
        handler.security = [{name: []} for name in _schemes_of(access, route.path)]
    handler.responses = dict(handler.responses or {}) | {
        status: ResponseSpec(
            Problem,
            description=_REFUSALS[status],
            media_type=PROBLEM_MEDIA_TYPE,
            generate_examples=False,
        )
        for status in sorted(statuses)
    }


def _schemes_of(access: Permission, path: str) -> list[str]:
    """Any one of them opens it."""
    if path.startswith(f"{DRIVER_PATH}/"):
        return [PHONE]
    return [KEY, SESSION] if access in GRANTS[Role.MERCHANT] else [SESSION]
