"""Takes batches of positions: good ones are kept, each of the others is refused with a reason.

Every way in (the page, Traccar Client, OsmAnd, the simulator) makes Fix values first; what
happens to them from there is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from promesa.kernel.errors import InvalidError, NotFoundError
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import SANTIAGO, YEAR_MAX, YEAR_MIN, ServiceDay
from promesa.tracking.filters import SENTENCES, FilterState, Refusal, judge
from promesa.tracking.repository import Fix

# A phone offline for a shift at one fix every 10 s sends 3 000; it comes in several batches.
BATCH_MAX = 1_000
_OF_THE_CLOCK = frozenset({Refusal.FUTURE, Refusal.STALE})


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
    """A position that is not believed, with its reason in Spanish.

    Attributes:
        at: By the device.
        heard_at: By us.
    """

    fix_id: UUID
    code: Refusal
    sentence: str
    at: datetime
    heard_at: datetime


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
            refused.append(
                RefusedFix(
                    fix_id=fix.id,
                    code=verdict.refusal,
                    sentence=_sentence(verdict.refusal, fix, now),
                    at=fix.at,
                    heard_at=now,
                )
            )
            continue
        accepted.append(fix)
        if verdict.is_live:
            live.append(fix)
    return state, Sifted(accepted=tuple(accepted), live=tuple(live), refused=tuple(refused))


def shift_to(fixes: Sequence[Fix], now: datetime) -> list[Fix]:
    """A batch as if its newest position were of ``now``, if its day is another than ours.

    For the demo alone: there a real phone tells the hour of a real day to a simulated one.
    """
    newest = max((fix.at for fix in fixes), default=now)
    if _day_of(newest) == _day_of(now):
        return list(fixes)
    return [replace(fix, at=fix.at + (now - newest)) for fix in fixes]


def _sentence(refusal: Refusal, fix: Fix, now: datetime) -> str:
    """Why, and what to do; a clock that is off by days is told with the hour that came."""
    if refusal not in _OF_THE_CLOCK or _day_of(fix.at) == _day_of(now):
        return SENTENCES[refusal]
    # Of a year without deliveries the hour says nothing, and may not even be written down.
    is_told = _day_of(fix.at) is not None
    hour = f": {fix.at.astimezone(ZoneInfo(SANTIAGO)):%d-%m-%Y %H:%M}" if is_told else ""
    return (
        f"Llegó una posición con la hora de otro día{hour}. "
        "Activa la fecha y hora automáticas del teléfono."
    )


def _day_of(at: datetime) -> date | None:
    """The service day; None where a phone's clock lost the date."""
    return ServiceDay.of(at).date if YEAR_MIN <= at.year <= YEAR_MAX else None


def fix_id(driver_id: UUID, source: str, at: datetime) -> UUID:
    """The id of a position whose sender gave none: sent twice it is one position."""
    return derived_id("fix", driver_id, source, int(at.timestamp() * 1000))
