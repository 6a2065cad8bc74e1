"""What was asked of `promesa demo`, and under which addresses it is found."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass

# Asked for with --host, never the default.
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  Compared, not bound.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_HERE = "127.0.0.1"
# Set aside for documentation (RFC 5737): a socket that is pointed at it sends nothing.
_ELSEWHERE = ("192.0.2.1", 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """What was asked for.

    Attributes:
        for_s: Stops by itself after so many seconds; None for never.
        is_fresh: Whether a day that was stopped is forgotten.
    """

    host: str
    port: int
    orders: int
    seed: int
    speed: float
    for_s: float | None
    is_fresh: bool = False

    @property
    def is_private(self) -> bool:
        """Whether only this machine reaches it."""
        return self.host in LOOPBACK

    @property
    def near_url(self) -> str:
        """Where the simulated phones on this machine find it."""
        return _url(_HERE if self.host in EVERYWHERE | LOOPBACK else self.host, self.port)

    @property
    def public_url(self) -> str:
        """What stands in links and QR codes: the address in the local network, when asked for."""
        return _url(network_address() if self.host in EVERYWHERE else self.host, self.port)


def network_address() -> str:
    """This machine's address in the network it is in; the loopback's when it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(_ELSEWHERE)
        return str(probe.getsockname()[0])
    return _HERE


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
