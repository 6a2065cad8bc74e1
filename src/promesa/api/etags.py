"""Answers with an ETag: who asks again and has it already gets 304 and no body."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from litestar import Request, Response

DIGEST_CHARS = 24


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
