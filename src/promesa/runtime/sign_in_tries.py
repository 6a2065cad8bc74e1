"""How often somebody may try to sign in before waiting: by e-mail, and by where it comes from.

Only failures count, and only in memory: a start of the server forgets them. What is kept is
bounded, the oldest goes first; a flood of invented e-mails meets the limit of its own address.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import ClassVar, Final

from promesa.kernel.errors import ForbiddenError

# Somebody who forgot tries a handful; at this pace a password of 12 characters stays unguessed.
TRIES_OF_EMAIL_MAX = 10
# An office with one address on the internet has dozens of people.
TRIES_OF_ADDRESS_MAX = 100
WINDOW: Final = timedelta(minutes=15)
REMEMBERED_MAX = 20_000


class TooManyTriesError(ForbiddenError):
    """Too many failed tries to sign in; ``retry_after_s`` says how long to wait."""

    code: ClassVar[str] = "too_many_tries"
    message = "Demasiados intentos de entrar. Espera unos minutos y vuelve a intentar."


@dataclass(slots=True)
class SignInTries:
    """Failed tries of the last while; a try counts from its beginning until it succeeds."""

    _tries: OrderedDict[bytes, tuple[int, datetime]] = field(default_factory=OrderedDict)

    def begin(self, email_digest: bytes, address: str, now: datetime) -> None:
        """Counts a try.

        Raises:
            TooManyTriesError: There were too many already; this one is not looked at.
        """
        limits = _limits(email_digest, address)
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
        """Takes the try back, and forgets those of the e-mail."""
        by_email, by_address = _limits(email_digest, address)
        self._tries.pop(by_email, None)
        if (count := self._count(by_address, now)) > 0:
            self._tries[by_address] = (count - 1, self._began_at(by_address, now))

    def _count(self, key: bytes, now: datetime) -> int:
        count, began_at = self._tries.get(key, (0, now))
        return count if now - began_at < WINDOW else 0

    def _began_at(self, key: bytes, now: datetime) -> datetime:
        _, began_at = self._tries.get(key, (0, now))
        return began_at if now - began_at < WINDOW else now

    def __len__(self) -> int:
        """How many e-mails and addresses are remembered."""
        return len(self._tries)


def _limits(email_digest: bytes, address: str) -> dict[bytes, int]:
    return {
        b"email" + email_digest: TRIES_OF_EMAIL_MAX,
        b"address" + address.encode(): TRIES_OF_ADDRESS_MAX,
    }
