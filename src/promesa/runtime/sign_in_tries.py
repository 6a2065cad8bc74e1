"""How often somebody may try to sign in before waiting: by e-mail, by place, and by both.

A place is where a try comes from. Who knows an e-mail must not be able to keep its owner out: wrong
passwords from one place hold up that place, and the slower limit of the e-mail alone holds up no
place its owner came in from before.

Only failures count, and only in memory: a start of the server forgets them. What is kept is
bounded, the oldest goes first; a flood of invented e-mails meets the limit of its own place.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import ClassVar, Final

from promesa.kernel.errors import ForbiddenError

# Somebody who forgot tries a handful.
TRIES_OF_EMAIL_FROM_PLACE_MAX = 10
# Ten places at their limit; at this pace a password of 12 characters stays unguessed.
TRIES_OF_EMAIL_MAX = 100
# An office with one address on the internet has dozens of people.
TRIES_OF_PLACE_MAX = 100
WINDOW: Final = timedelta(minutes=15)
REMEMBERED_MAX = 20_000
# A line of IPv6 is given 2^64 addresses to choose from (RFC 6177): they are one place.
LINE_BITS = 64


class TooManyTriesError(ForbiddenError):
    """Too many failed tries to sign in; ``retry_after_s`` says how long to wait."""

    code: ClassVar[str] = "too_many_tries"
    message = "Demasiados intentos de entrar. Espera unos minutos y vuelve a intentar."


@dataclass(slots=True)
class SignInTries:
    """Failed tries of the last while; a try counts from its beginning until it succeeds."""

    _tries: OrderedDict[bytes, tuple[int, datetime]] = field(default_factory=OrderedDict)
    # E-mails with the places they came in from.
    _homes: OrderedDict[bytes, None] = field(default_factory=OrderedDict)

    def begin(self, email_digest: bytes, address: str, now: datetime) -> None:
        """Counts a try.

        Raises:
            TooManyTriesError: There were too many already; this one is not looked at.
        """
        limits = self._limits(email_digest, address)
        waits = [
            self._began_at(key, now) + WINDOW - now
            for key, limit in limits.items()
            if self._count(key, now) >= limit
        ]
        if waits:
            raise TooManyTriesError(retry_after_s=ceil(max(waits).total_seconds()))
        for key in limits:
            self._tries[key] = (self._count(key, now) + 1, self._began_at(key, now))
            self._tries.move_to_end(key)
        while len(self._tries) > REMEMBERED_MAX:
            self._tries.popitem(last=False)

    def succeed(self, email_digest: bytes, address: str, now: datetime) -> None:
        """Takes the try back, and forgets those of the e-mail from this place."""
        for key in self._limits(email_digest, address):
            if (count := self._count(key, now)) > 0:
                self._tries[key] = (count - 1, self._began_at(key, now))
        home = _home(email_digest, address)
        self._tries.pop(home, None)
        self._homes[home] = None
        self._homes.move_to_end(home)
        while len(self._homes) > REMEMBERED_MAX:
            self._homes.popitem(last=False)

    def _limits(self, email_digest: bytes, address: str) -> dict[bytes, int]:
        home = _home(email_digest, address)
        limits = {
            home: TRIES_OF_EMAIL_FROM_PLACE_MAX,
            b"place" + _place(address): TRIES_OF_PLACE_MAX,
        }
        if home not in self._homes:
            limits[b"email" + email_digest] = TRIES_OF_EMAIL_MAX
        return limits

    def _count(self, key: bytes, now: datetime) -> int:
        count, began_at = self._tries.get(key, (0, now))
        return count if now - began_at < WINDOW else 0

    def _began_at(self, key: bytes, now: datetime) -> datetime:
        _, began_at = self._tries.get(key, (0, now))
        return began_at if now - began_at < WINDOW else now

    def __len__(self) -> int:
        """How many tries are remembered, of e-mails and places."""
        return len(self._tries)


def _home(email_digest: bytes, address: str) -> bytes:
    return b"home" + email_digest + _place(address)


def _place(address: str) -> bytes:
    try:
        place = ip_address(address)
    except ValueError:
        return address.encode()
    if isinstance(place, IPv6Address):
        return (place.ipv4_mapped or place).packed[: LINE_BITS // 8]
    return place.packed
