"""What the planner's process is given with its work; how far it is, and whether anybody waits.

A few bytes of a file that both processes open by its name: a queue would need somebody to read it,
and the one who asks only looks now and then. Who waits no longer takes the file away, so that none
is left, however the work ends.
"""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import structlog

from promesa.kernel.errors import PromesaError
from promesa.kernel.geo import Position
from promesa.roads.overlay import LiveSpeed

_log = structlog.get_logger(__name__)
# The share done, below nought until work begins.
_SHARE = struct.Struct("<d")
_WAITING = -1.0


class Slip:
    """One piece of work, by the name of its file; either process may hold one of these."""

    def __init__(self, path: str) -> None:
        self.path = path

    @classmethod
    def made(cls) -> Slip:
        """A new one, whose work has not begun."""
        number, path = tempfile.mkstemp(prefix="promesa-slip-")
        os.write(number, _SHARE.pack(_WAITING))
        os.close(number)
        return cls(path)

    @property
    def has_begun(self) -> bool:
        """Whether the planner has taken it up."""
        return self._read() >= 0.0

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return max(0.0, self._read())

    @property
    def is_wanted(self) -> bool:
        """Whether somebody still waits."""
        return Path(self.path).exists()

    def tell(self, share: float) -> bool:
        """Notes how much is done; answers whether to go on."""
        try:
            with Path(self.path).open("r+b") as file:
                file.write(_SHARE.pack(share))
        except FileNotFoundError:
            return False
        return True

    def tear_up(self) -> None:
        """Nobody waits any more: the work is over, or ends soon."""
        with suppress(FileNotFoundError):
            Path(self.path).unlink()

    @contextmanager
    def shown(self) -> Iterator[Slip]:
        """For as long as somebody waits for the work; who leaves before it is over cancels it."""
        try:
            yield self
        finally:
            self.tear_up()

    def _read(self) -> float:
        try:
            (share,) = _SHARE.unpack(Path(self.path).read_bytes())
        except FileNotFoundError:
            return 0.0
        return float(share)


class SlipHolder(Protocol):
    """Who asked for work; the slip is None while nothing is being done."""

    slip: Slip | None


@contextmanager
def slip_torn_up(holder: SlipHolder) -> Iterator[None]:
    """However the work ends, nobody waits for it any more."""
    try:
        yield
    finally:
        if holder.slip is not None:
            holder.slip.tear_up()
        holder.slip = None


def fault_sentence(fault: BaseException, *, event: str, fell: str) -> str:
    """Why nothing came of the work, for who asked for it.

    Args:
        fault: A refusal of ours says it itself; anything else is our mistake, and logged.
        event: Name of the line in the log.
        fell: What is told of a mistake.
    """
    if isinstance(fault, PromesaError):
        faults = fault.details.get("faults", ())
        listed = faults if isinstance(faults, (list, tuple)) else ()
        return " ".join([fault.sentence, *(each.reason for each in listed)])
    _log.error(event, exc_info=fault)
    return fell


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What goes with every piece of work.

    Attributes:
        center: The middle of the city.
        live: What is known of the streets now.
        tables: The operator's own tolls and zones, by the names of their files.
    """

    slip: Slip
    center: Position
    live: tuple[LiveSpeed, ...] = ()
    tables: Mapping[str, bytes] = field(default_factory=dict)
