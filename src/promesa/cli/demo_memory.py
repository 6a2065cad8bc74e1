"""What the demo keeps beside its data, to go on with the same day after it was stopped.

Simulated phones live in memory and forget what they had not sent; what the platform was told is
in its database, and every van goes on from there.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import msgspec

import promesa

FILE = "demo.json"
# Nobody else on the machine reads the password, though all it opens is simulated.
_MODE = 0o600


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """A day that is under way.

    Attributes:
        password: Of the demo's own user, as whom the simulated office signs in.
        clock_at: How far the simulated clock had come, at least.
    """

    promesa: str
    orders: int
    seed: int
    password: str
    clock_at: datetime


def read_memory(home: Path) -> Memory | None:
    """What was kept in ``home`` by this version; None when nothing usable was."""
    try:
        kept = msgspec.json.decode((home / FILE).read_bytes(), type=Memory)
    except (OSError, msgspec.DecodeError):
        return None
    return kept if kept.promesa == promesa.__version__ else None


def keep_memory(home: Path, memory: Memory) -> None:
    """Writes it whole or not at all."""
    unfinished = home / f"{FILE}.new"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(memory))
    unfinished.replace(home / FILE)


def forget(home: Path) -> None:
    """The day is over: the next demo begins anew."""
    (home / FILE).unlink(missing_ok=True)
