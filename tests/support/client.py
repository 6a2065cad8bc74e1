"""Clients of the API as its callers are: a browser with a cookie, a shop with a key, a phone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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


class EventStream:
    """An open stream of server-sent events, frame by frame; ASGI itself, no buffering client."""

    def __init__(self) -> None:
        self._content: asyncio.Queue[bytes] = asyncio.Queue()
        self._waiting = b""

    async def take(self, message: Any) -> None:
        """What the application sends."""
        if message["type"] == "http.response.body":
            self._content.put_nowait(message.get("body", b""))

    async def frame(self, timeout_s: float = 5.0) -> str:
        """The next frame; a missing one is a failure."""
        while b"\n\n" not in self._waiting:
            self._waiting += await asyncio.wait_for(self._content.get(), timeout_s)
        frame, _, self._waiting = self._waiting.partition(b"\n\n")
        return frame.decode()

    async def number(self) -> int:
        """The number of the next frame that has one."""
        while True:
            frame = await self.frame()
            if frame.startswith("id: "):
                return int(frame[4 : frame.index("\n")])


@asynccontextmanager
async def streaming(app: Any, path: str, headers: dict[str, str]) -> AsyncIterator[EventStream]:
    """Opens a stream as a browser does; it is closed at the end of the block."""
    stream, is_gone = EventStream(), asyncio.Event()
    sent = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        for message in sent:
            return message
        await is_gone.wait()
        return {"type": "http.disconnect"}

    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"host", b"promesa.test"), *raw],
        "client": ("127.0.0.1", 1),
        "server": ("promesa.test", 80),
        "state": {},
    }
    serving = asyncio.create_task(app(scope, receive, stream.take))
    try:
        yield stream
    finally:
        is_gone.set()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
