"""Which reported positions are believed, and why each of the others is not.

Also where two sources of one phone (the page and Traccar Client) become one track: both carry
the driver, and what the one says within seconds of the other is a duplicate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from promesa.kernel.geo import distance_m
from promesa.tracking.repository import Fix

# A phone's clock may run ahead of ours by so much.
AHEAD_MAX = timedelta(minutes=2)
# Longer than a shift: older positions can't help today's route.
AGE_MAX = timedelta(hours=16)
# Nothing is at 0,0: it is what a phone without a fix sends. 0.01 degrees is about 1 km.
NULL_ISLAND_DEG = 0.01
# Cell towers give some 500 m and more; a geofence can't use that.
ACCURACY_M_MAX = 200.0
ACCURACY_M_DEFAULT = 30.0
# 180 km/h: no van goes faster, reported or implied.
SPEED_MPS_MAX = 50.0
# Two sources of one phone within this are the same observation.
MERGE_GAP_S = 4.0
RECENT_MAX = 32


class Refusal(StrEnum):
    """Why a position is not believed."""

    FUTURE = "future"
    STALE = "stale"
    NULL_ISLAND = "null_island"
    INACCURATE = "inaccurate"
    IMPOSSIBLE_SPEED = "impossible_speed"
    JUMP = "jump"
    DUPLICATE = "duplicate"


SENTENCES: dict[Refusal, str] = {
    Refusal.FUTURE: "La hora del teléfono va adelantada. Revisa la hora automática.",
    Refusal.STALE: "La posición es de otro turno.",
    Refusal.NULL_ISLAND: "El teléfono no tiene señal de GPS.",
    Refusal.INACCURATE: "La posición es demasiado imprecisa.",
    Refusal.IMPOSSIBLE_SPEED: "La velocidad informada es imposible.",
    Refusal.JUMP: "La posición salta demasiado lejos de la anterior.",
    Refusal.DUPLICATE: "Otra aplicación del mismo teléfono ya la informó.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterState:
    """What one driver's filter remembers.

    Attributes:
        last: The newest believed position.
        suspect: A position refused as a jump; the next one near it proves it right.
        recent: The last believed ones, newest last, for telling duplicates.
    """

    last: Fix | None = None
    suspect: Fix | None = None
    recent: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a position.

    Attributes:
        is_live: Whether it is the newest and moves the van; a late one only joins the track.
    """

    refusal: Refusal | None = None
    is_live: bool = False


def judge(fix: Fix, state: FilterState, now: datetime) -> tuple[FilterState, Verdict]:
    """Believes or refuses ``fix``, and what the filter remembers after it."""
    refusal = _refused_alone(fix, now)
    if refusal is not None:
        return state, Verdict(refusal=refusal)
    if any(known.id == fix.id for known in state.recent):
        # Sent again because our answer was lost: the track keeps a position once by its id.
        return state, Verdict(is_live=False)
    if _is_duplicate(fix, state):
        return state, Verdict(refusal=Refusal.DUPLICATE)
    recent = (*state.recent[1 - RECENT_MAX :], fix)
    if state.last is None:
        return FilterState(last=fix, recent=recent), Verdict(is_live=True)
    if fix.at <= state.last.at:
        return replace(state, recent=recent), Verdict(is_live=False)
    if _is_jump(state.last, fix) and not _is_proven(fix, state.suspect):
        return replace(state, suspect=fix), Verdict(refusal=Refusal.JUMP)
    return FilterState(last=fix, recent=recent), Verdict(is_live=True)


def _refused_alone(fix: Fix, now: datetime) -> Refusal | None:
    """What is wrong with a position by itself."""
    if fix.at > now + AHEAD_MAX:
        return Refusal.FUTURE
    if fix.at < now - AGE_MAX:
        return Refusal.STALE
    if abs(fix.position.lon) < NULL_ISLAND_DEG and abs(fix.position.lat) < NULL_ISLAND_DEG:
        return Refusal.NULL_ISLAND
    if fix.accuracy_m is not None and fix.accuracy_m > ACCURACY_M_MAX:
        return Refusal.INACCURATE
    if fix.speed_mps is not None and fix.speed_mps > SPEED_MPS_MAX:
        return Refusal.IMPOSSIBLE_SPEED
    return None


def _is_duplicate(fix: Fix, state: FilterState) -> bool:
    return any(_is_same_observation(fix, known) for known in reversed(state.recent))


def _is_same_observation(fix: Fix, known: Fix) -> bool:
    gap_s = abs((fix.at - known.at).total_seconds())
    if gap_s > MERGE_GAP_S:
        return False
    return gap_s == 0 or fix.source != known.source


def _is_jump(before: Fix, after: Fix) -> bool:
    """Whether no van gets from the one to the other, both errors granted."""
    gap_s = abs((after.at - before.at).total_seconds())
    sure_m = distance_m(before.position, after.position) - _accuracy_m(before) - _accuracy_m(after)
    return sure_m > SPEED_MPS_MAX * gap_s


def _is_proven(fix: Fix, suspect: Fix | None) -> bool:
    """Whether a later position bears the suspect out; the same one sent again does not."""
    return suspect is not None and fix.at > suspect.at and not _is_jump(suspect, fix)


def _accuracy_m(fix: Fix) -> float:
    return ACCURACY_M_DEFAULT if fix.accuracy_m is None else fix.accuracy_m
