"""Takes batches of positions: good ones are kept, each of the others is refused with a reason.

Every way in (the page, Traccar Client, OsmAnd, the simulator) makes Fix values first; what
happens to them from there is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from promesa.kernel.errors import InvalidError, NotFoundError
from promesa.kernel.ids import derived_id
from promesa.tracking.filters import SENTENCES, FilterState, Refusal, judge
from promesa.tracking.repository import Fix

# A phone offline for a shift at one fix every 10 s sends 3 000; it comes in several batches.
BATCH_MAX = 1_000


class BatchTooLongError(InvalidError):
    """A batch of positions is longer than BATCH_MAX."""

    code: ClassVar[str] = "positions_too_many"
    message: ClassVar[str] = f"Son demasiadas posiciones de una vez: manda hasta {BATCH_MAX}."


class UnreadablePositionError(InvalidError):
    """A position has no place, no instant or no device that can be read."""

    code: ClassVar[str] = "position_not_readable"
    message: ClassVar[str] = "La posición no se entiende. Revisa la configuración del teléfono."


class UnknownDeviceError(NotFoundError):
    """No paired phone has this secret."""

    code: ClassVar[str] = "device_unknown"
    message: ClassVar[str] = "Este teléfono no está vinculado. Vincúlalo de nuevo desde la ruta."


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFix:
    """A position that is not believed, with its reason in Spanish."""

    fix_id: UUID
    code: Refusal
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """A batch after the filters.

    Attributes:
        accepted: Belong to the track, by instant.
        live: Of these, the ones that moved the van, by instant.
    """

    accepted: tuple[Fix, ...]
    live: tuple[Fix, ...]
    refused: tuple[RefusedFix, ...]


def sift(fixes: Sequence[Fix], state: FilterState, now: datetime) -> tuple[FilterState, Sifted]:
    """One driver's batch through the filters, oldest first.

    Raises:
        BatchTooLongError: More than BATCH_MAX.
    """
    if len(fixes) > BATCH_MAX:
        raise BatchTooLongError
    accepted: list[Fix] = []
    live: list[Fix] = []
    refused: list[RefusedFix] = []
    for fix in sorted(fixes, key=lambda fix: fix.at):
        state, verdict = judge(fix, state, now)
        if verdict.refusal is not None:
            sentence = SENTENCES[verdict.refusal]
            refused.append(RefusedFix(fix_id=fix.id, code=verdict.refusal, sentence=sentence))
            continue
        accepted.append(fix)
        if verdict.is_live:
            live.append(fix)
    return state, Sifted(accepted=tuple(accepted), live=tuple(live), refused=tuple(refused))


def fix_id(driver_id: UUID, source: str, at: datetime) -> UUID:
    """The id of a position whose sender gave none: sent twice it is one position."""
    return derived_id("fix", driver_id, source, int(at.timestamp() * 1000))
