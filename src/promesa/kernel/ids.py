"""Identifiers that sort by time, and secrets that nobody can guess."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from collections.abc import Callable

from promesa.kernel.clock import Clock

# RFC 9562 version 7: 48 bits of Unix milliseconds, 12 that count within one, 62 random bits.
_RANDOM_BYTES = 8
_COUNT_MAX = 0xFFF
_VERSION = 0x7 << 76
_VARIANT = 0x2 << 62
# 128 bits is what ASVS 5 asks of an unguessable link; ours have 160.
TOKEN_BYTES = 20

_NAMESPACE = uuid.UUID("6f8d3a52-0b0e-5d53-9a3e-0e8f2d1c7b41")


class Ids:
    """Makes ids and tokens from a clock and a source of random bytes."""

    def __init__(
        self, clock: Clock, random_bytes: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._clock = clock
        self._random_bytes = random_bytes
        self._millis = 0
        self._count = 0

    def next(self) -> uuid.UUID:
        """A new UUID of version 7; those of one millisecond sort as they were made (to 4,096)."""
        millis = int(self._clock.now().timestamp() * 1000)
        self._count = min(self._count + 1, _COUNT_MAX) if millis == self._millis else 0
        self._millis = millis
        low = int.from_bytes(self._random_bytes(_RANDOM_BYTES)) & ((1 << 62) - 1)
        return uuid.UUID(int=(millis << 80) | _VERSION | (self._count << 64) | _VARIANT | low)

    def token(self) -> str:
        """A new secret for a link or key, 160 bits, URL-safe."""
        return base64.urlsafe_b64encode(self._random_bytes(TOKEN_BYTES)).rstrip(b"=").decode()

    def secret_bytes(self, count: int) -> bytes:
        """``count`` random bytes, for keys and salts."""
        return self._random_bytes(count)


def derived_id(*parts: object) -> uuid.UUID:
    """The id that ``parts`` always give (UUID version 5): what is made twice is one thing."""
    return uuid.uuid5(_NAMESPACE, "\x1f".join(map(str, parts)))


def token_digest(token: str) -> bytes:
    """What is stored of a token: its SHA-256. A token has 160 random bits, so no salt is due."""
    return hashlib.sha256(token.encode()).digest()
