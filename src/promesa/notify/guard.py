"""Keeps webhooks from reaching what only we can reach (server-side request forgery).

A name is resolved once, every address it gives must be public, and the connection goes to that
very address: a name that answers differently the second time changes nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import ClassVar, cast
from urllib.parse import urlsplit

from promesa.notify.channels import ChannelRefusedError, ChannelUnavailableError

Address = IPv4Address | IPv6Address
URL_LENGTH_MAX = 2_000
_PORTS = {"https": 443, "http": 80}
# RFC 6052: an IPv4 address in its last 32 bits, which a gateway may unwrap.
_NAT64 = cast("IPv6Network", ip_network("64:ff9b::/96"))


class UnsafeUrlError(ChannelRefusedError):
    """A webhook's URL leads where it must not."""

    code: ClassVar[str] = "webhook_url_unsafe"
    message: ClassVar[str] = "La URL debe ser https y pública. Usa otra."


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to connect, and under which name to speak.

    Attributes:
        path: With the query, as the request line has it.
    """

    scheme: str
    host: str
    port: int
    address: Address
    path: str

    @property
    def url(self) -> str:
        """With the address in the place of the name."""
        host = f"[{self.address}]" if self.address.version == 6 else str(self.address)
        return f"{self.scheme}://{host}:{self.port}{self.path}"

    @property
    def host_header(self) -> str:
        """The name as the receiver knows itself."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlPolicy:
    """What is let through; the default is for strangers' URLs.

    Attributes:
        allows_private: Whether private addresses and plain http are; an operator's setting for
            receivers on its own network.
    """

    allows_private: bool = False


async def resolve(url: str, policy: UrlPolicy) -> Target:
    """The one public address of a URL.

    Raises:
        UnsafeUrlError: Not https, with credentials, or one of its addresses is not public.
        ChannelUnavailableError: The name cannot be resolved now.
    """
    scheme, host, port, path = _parts(url, policy)
    addresses = await _addresses(host, port)
    if not policy.allows_private and not all(is_public(address) for address in addresses):
        raise UnsafeUrlError
    return Target(scheme=scheme, host=host, port=port, address=addresses[0], path=path)


def check_url(url: str, policy: UrlPolicy) -> None:
    """What can be told of a URL without asking any name server; ``resolve`` tells the rest.

    Raises:
        UnsafeUrlError: Not https, with credentials, or a private address as such.
    """
    _, host, _, _ = _parts(url, policy)
    try:
        address = ip_address(host)
    except ValueError:
        is_private = host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
    else:
        is_private = not is_public(address)
    if is_private and not policy.allows_private:
        raise UnsafeUrlError


def is_public(address: Address) -> bool:
    """Whether the address is one of the open Internet, wrapped addresses looked into."""
    return all(one.is_global and not one.is_multicast for one in _unwrapped(address))


def _unwrapped(address: Address) -> Iterable[Address]:
    yield address
    if isinstance(address, IPv4Address):
        return
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        inner.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    yield from (one for one in inner if one is not None)


def _parts(url: str, policy: UrlPolicy) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of a URL that is shaped as one should be."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise UnsafeUrlError from None
    is_shaped = split.scheme in _PORTS and split.hostname and len(url) <= URL_LENGTH_MAX
    if not is_shaped or split.username is not None or split.password is not None:
        raise UnsafeUrlError
    if split.scheme != "https" and not policy.allows_private:
        raise UnsafeUrlError
    query = f"?{split.query}" if split.query else ""
    host = cast("str", split.hostname)
    return split.scheme, host, port or _PORTS[split.scheme], (split.path or "/") + query


async def _addresses(host: str, port: int) -> list[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ChannelUnavailableError("El nombre del servidor no se encuentra.") from None
    # A zone (fe80::1%eth0) belongs to link-local addresses, which are refused anyway.
    return [ip_address(str(info[4][0]).partition("%")[0]) for info in found]
