"""Clients of the API as its callers are: a browser with a cookie, a shop with a key, a phone."""

from __future__ import annotations

from typing import Any

import httpx

from promesa.api.auth import DRIVER_COOKIE, USER_COOKIE

BASE_URL = "http://promesa.test"
TIMEOUT_S = 30.0


def open_client(app: Any, **headers: str) -> httpx.AsyncClient:
    """A client of an ASGI application; nobody is signed in unless a header says so."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url=BASE_URL,
        headers=headers,
        timeout=TIMEOUT_S,
    )


def session_header(token: str) -> dict[str, str]:
    """A browser signed in to the torre."""
    return {"cookie": f"{USER_COOKIE}={token}"}


def phone_header(token: str) -> dict[str, str]:
    """A driver's phone."""
    return {"cookie": f"{DRIVER_COOKIE}={token}"}


def key_header(key: str) -> dict[str, str]:
    """A merchant's integration."""
    return {"authorization": f"Bearer {key}"}


def body_of(answer: httpx.Response) -> Any:
    """The JSON of an answer that must be a good one."""
    assert answer.is_success, (answer.request.method, answer.request.url, answer.text[:600])
    return answer.json() if answer.content else None


def problem_of(answer: httpx.Response, status: int) -> Any:
    """The problem document of an answer that must be refused with ``status``."""
    assert answer.status_code == status, (answer.request.url, answer.status_code, answer.text[:600])
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()
