"""Turns failures into problem documents (RFC 9457); the only place that knows HTTP status codes.

Codes are stable; sentences are for people and may be reworded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from promesa.api.parameters import name_of
from promesa.api.reasons import reason_in_spanish
from promesa.kernel.errors import (
    ConflictError,
    FieldFault,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    PromesaError,
    UnavailableError,
)
from promesa.runtime.sign_in_tries import TooManyTriesError

if TYPE_CHECKING:
    from litestar.handlers import BaseRouteHandler
    from litestar.types import ExceptionHandlersMap

# Where the middleware leaves the id of the request for whoever answers it.
STATE_REQUEST_ID = "promesa_request_id"
# Where whoever answers a failure leaves its code, and the database's, for the log.
STATE_FAILURE = "promesa_failure"
PROBLEM_MEDIA_TYPE = "application/problem+json"
FAULTS_SHOWN_MAX = 1000

STATUS_OF_CATEGORY: tuple[tuple[type[PromesaError], int], ...] = (
    (InvalidError, 422),
    (NotFoundError, 404),
    (ConflictError, 409),
    (ForbiddenError, 403),
    (UnavailableError, 503),
)


class HttpRefusal(NamedTuple):
    """What is refused before any of our code looks at it; ``when`` is for the reference."""

    code: str
    sentence: str
    when: str


HTTP_REFUSALS: Final = {
    400: HttpRefusal(
        "bad_request",
        "La solicitud está mal formada. Revisa los parámetros.",
        "A parameter of the address or a header is missing or cannot be read.",
    ),
    401: HttpRefusal("not_signed_in", "Inicia sesión para continuar.", "Nobody is signed in."),
    403: HttpRefusal("forbidden", "Tu perfil no permite hacer esto.", "Who asks may not do this."),
    404: HttpRefusal("not_found", "No existe o no es tuyo.", "Nothing has this address."),
    405: HttpRefusal(
        "method_not_allowed",
        "Esta dirección no admite ese método.",
        "The address is known, and takes another method.",
    ),
    413: HttpRefusal(
        "body_too_large",
        "El contenido es demasiado grande. Envíalo en partes.",
        "The body is longer than `server.body_bytes_max`.",
    ),
    415: HttpRefusal(
        "media_type",
        "Ese tipo de contenido no se admite aquí.",
        "The body is of a content type that this address does not take.",
    ),
    422: HttpRefusal("invalid", "Hay un dato que no sirve.", "What was sent cannot be accepted."),
    429: HttpRefusal(
        "too_many_requests",
        "Demasiadas solicitudes. Espera un momento.",
        "More requests came than are served.",
    ),
    500: HttpRefusal(
        "internal",
        "Algo falló de nuestro lado. Avisa con el número de solicitud.",
        "A mistake of ours; it is logged under the id of the request.",
    ),
}

# What Litestar says of a parameter that is not there; it has no other way to tell which.
_MISSING_PARAMETER = re.compile(r"Missing required \w+ parameter '([^']+)'")

_log = structlog.get_logger(__name__)


class NotSignedInError(ForbiddenError):
    """Nobody is signed in, or the credential ended."""

    code = "not_signed_in"
    message = "Inicia sesión para continuar."


class BodyTooLargeError(InvalidError):
    """What is announced is longer than what is taken; refused before a byte of it is read."""

    code = "body_too_large"
    message = "El contenido es demasiado grande. Envíalo en partes."


class ApiKeyInvalidError(NotSignedInError):
    """An API key came with the request, and it opens nothing (any more)."""

    code = "api_key_invalid"
    message = (
        "La llave de la API no es válida. Revisa que esté completa y que no se haya anulado "
        "(Equipo, Llaves)."
    )


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem document; ``errors`` has one row per fault."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None = None
    errors: list[FieldFault] = msgspec.field(default_factory=list)
    context: dict[str, Any] = msgspec.field(default_factory=dict)


def status_of(error: PromesaError) -> int:
    """The HTTP status of an error's category."""
    if isinstance(error, NotSignedInError):
        return 401
    if isinstance(error, TooManyTriesError):
        return 429
    if isinstance(error, BodyTooLargeError):
        return 413
    for category, status in STATUS_OF_CATEGORY:
        if isinstance(error, category):
            return status
    return 500


def answer_known(request: Request[Any, Any, Any], error: PromesaError) -> Response[Problem]:
    """Answers one of our own failures."""
    details = dict(error.details)
    sqlstate = details.pop("sqlstate", None)
    faults = details.pop("faults", [])
    listed = list(faults)[:FAULTS_SHOWN_MAX] if isinstance(faults, (list, tuple)) else []
    context = {key: value if _is_plain(value) else str(value) for key, value in details.items()}
    return _respond(
        request,
        status_of(error),
        error.code,
        error.sentence,
        title=_title_of(error),
        errors=listed,
        context=context,
        sqlstate=sqlstate,
    )


def answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """Answers what Litestar itself refused."""
    code, sentence, _ = HTTP_REFUSALS.get(error.status_code, HTTP_REFUSALS[500])
    extra = error.extra if isinstance(error.extra, list) else []
    handler = request.scope.get("route_handler")
    faults = [_fault_of(item, handler) for item in extra if isinstance(item, dict)]
    if found := _MISSING_PARAMETER.search(error.detail):
        faults.append(FieldFault(field=found[1], reason="Falta este parámetro.", code="missing"))
    return _respond(request, error.status_code, code, sentence, errors=faults)


def _fault_of(item: dict[str, Any], handler: BaseRouteHandler | None) -> FieldFault:
    """What Litestar found in one argument of a handler; ``data`` is there when a body is not."""
    if item.get("key") == "data":
        reason = "Falta el contenido. Envíalo como JSON."
        return FieldFault(field="body", reason=reason, code="missing")
    reason = reason_in_spanish(str(item.get("message", "")))
    return FieldFault(field=name_of(handler, str(item.get("key", ""))), reason=reason)


def answer_unknown(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Answers a mistake of ours: logged whole, shown as a number to quote."""
    request_id = request.scope["state"].get(STATE_REQUEST_ID)
    _log.error("request_failed", request_id=request_id, exc_info=error)
    code, sentence, _ = HTTP_REFUSALS[500]
    sqlstate = getattr(getattr(error, "orig", error), "sqlstate", None)
    return _respond(request, 500, code, sentence, sqlstate=sqlstate)


def _title_of(error: PromesaError) -> str:
    """The same for every case of a code: the first sentence of its own message."""
    head, dot, _ = error.message.partition(". ")
    return f"{head}." if dot else error.message


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (str, int, float, bool))


def _respond(
    request: Request[Any, Any, Any],
    status: int,
    code: str,
    sentence: str,
    *,
    title: str | None = None,
    errors: list[FieldFault] | None = None,
    context: dict[str, Any] | None = None,
    sqlstate: object = None,
) -> Response[Problem]:
    told = {"code": code} | ({"sqlstate": str(sqlstate)} if sqlstate else {})
    request.scope["state"][STATE_FAILURE] = told
    problem = Problem(
        type=f"/errors/{code}",
        title=title or sentence,
        status=status,
        detail=sentence,
        code=code,
        request_id=request.scope["state"].get(STATE_REQUEST_ID),
        errors=errors or [],
        context=context or {},
    )
    # RFC 9110, 15.5.2: a 401 says how to sign in. No browser asks for a password over Bearer.
    challenge = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    # RFC 6585, 4: a 429 may say how long to wait.
    if "retry_after_s" in problem.context:
        challenge["Retry-After"] = str(problem.context["retry_after_s"])
    return Response(
        problem,
        status_code=status,
        media_type=PROBLEM_MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **challenge},
    )


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    PromesaError: answer_known,
    HTTPException: answer_http,
    Exception: answer_unknown,
}
