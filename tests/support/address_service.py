"""A service that finds addresses: a real HTTP server that says what it was told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

# As Nominatim tells of a door in Providencia.
HOUSE = {
    "lat": "-33.42456",
    "lon": "-70.60123",
    "place_rank": 30,
    "boundingbox": ["-33.4246", "-33.4245", "-70.6013", "-70.6011"],
    "address": {"house_number": "220", "road": "Los Leones"},
    "importance": 0.1,
}


@dataclass
class Service:
    """A server that gives one answer and remembers what it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = b"[]"
    asked: list[str] = field(default_factory=list)

    def answer(self, told: object) -> None:
        """What to say from now on."""
        self.body = json.dumps(told).encode()

    def parameters(self) -> dict[str, str]:
        """Of the last question."""
        return {key: values[0] for key, values in parse_qs(urlsplit(self.asked[-1]).query).items()}


@pytest.fixture
def address_service() -> Iterator[Service]:
    """One on this machine."""
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(told.body)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()
