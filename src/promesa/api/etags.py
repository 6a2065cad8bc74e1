"""Answers with an ETag: who asks again and has it already gets 304 and no body.

Who writes may say with If-Match which version was read, and overwrites no other.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Any, ClassVar

import msgspec
from litestar import Request, Response
from litestar.params import Parameter

from promesa.kernel.errors import InvalidError

DIGEST_CHARS = 24
_VERSION = re.compile(r'(?:W/)?"?(\d{1,9})"?')

IfMatch = Annotated[str | None, Parameter(header="If-Match", max_length=40)]


class IfMatchError(InvalidError):
    """The header If-Match is no version of ours."""

    code: ClassVar[str] = "if_match_invalid"
    message: ClassVar[str] = (
        'If-Match debe traer la versión que leíste, como la dio ETag: "3". Vuelve a leer y envía.'
    )


def version_tag(version: int) -> dict[str, str]:
    """The headers of what has versions."""
    return {"ETag": f'"{version}"'}


def version_read(if_match: str | None) -> int | None:
    """The version over which somebody writes; None for whatever is there.

    Raises:
        IfMatchError: It is none.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    found = _VERSION.fullmatch(if_match.strip())
    if found is None:
        raise IfMatchError
    return int(found[1])


def answer_tagged(
    request: Request[Any, Any, Any],
    view: Any,
    *,
    tagged: Any = None,
    max_age_s: int = 0,
    headers: dict[str, str] | None = None,
) -> Response[Any]:
    """The view as JSON with its ETag, or 304.

    ``tagged`` is what the tag covers when that is less than the view (without its clock, say).
    """
    content = msgspec.json.encode(view)
    covered = content if tagged is None else msgspec.json.encode(tagged)
    tag = f'"{hashlib.sha256(covered).hexdigest()[:DIGEST_CHARS]}"'
    cache = f"private, max-age={max_age_s}" if max_age_s else "no-cache"
    told = {"ETag": tag, "Cache-Control": cache, **(headers or {})}
    known = {
        item.strip().removeprefix("W/")
        for item in request.headers.get("if-none-match", "").split(",")
    }
    if tag in known:
        return Response(None, status_code=304, headers=told)
    return Response(content, media_type="application/json", headers=told)
