"""Vendors on this machine that speak their real protocols: a mail server, an HTTP receiver."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

# How often the HTTP server looks whether it should end.
POLL_S = 0.01
ACCOUNT, TOKEN = "AC0123456789", "t0ken"


@dataclass(slots=True)
class MailServer:
    """Takes mail for anyone but those it was told to refuse.

    Attributes:
        refused: Address to the answer it gets at RCPT.
    """

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    logins: list[LoginPassword] = field(default_factory=list)

    async def take_recipient(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answers RCPT."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def take_mail(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answers DATA."""
        content = envelope.content
        self.mails.append(content if isinstance(content, bytes) else b"")
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        self.logins.append(data)
        return AuthResult(success=data.password == TOKEN.encode(), handled=False)


@contextmanager
def mail_server(*, asks_password: bool = False) -> Iterator[MailServer]:
    """A mail server on a free port of loopback."""
    server = MailServer()
    controller = Controller(
        SimpleNamespace(handle_RCPT=server.take_recipient, handle_DATA=server.take_mail),
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=server.authenticate,
        auth_required=asks_password,
        auth_require_tls=False,
    )
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


@dataclass(frozen=True, slots=True)
class Request:
    """What an HTTP vendor was sent."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {key: values[0] for key, values in parse_qs(self.body.decode()).items()}


Answer = tuple[int, dict[str, str], bytes]


@dataclass(slots=True)
class HttpVendor:
    """Remembers requests and answers each as ``answer`` says."""

    answer: Callable[[Request], Answer]
    url: str = ""
    requests: list[Request] = field(default_factory=list)


@contextmanager
def http_vendor(answer: Callable[[Request], Answer]) -> Iterator[HttpVendor]:
    """An HTTP server on a free port of loopback."""
    vendor = HttpVendor(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            headers = {key.lower(): value for key, value in self.headers.items()}
            request = Request(self.path, headers, self.rfile.read(length))
            vendor.requests.append(request)
            status, extra, body = vendor.answer(request)
            self.send_response(status)
            for key, value in {**extra, "Content-Length": str(len(body))}.items():
                self.send_header(key, value)
            self.end_headers()
            # Who asked may have tired of waiting: that is what some tests are about.
            with suppress(BrokenPipeError):
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Says nothing on the test's terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    vendor.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(POLL_S,), daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def json_answer(status: int, body: object) -> Answer:
    """An answer in JSON."""
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
