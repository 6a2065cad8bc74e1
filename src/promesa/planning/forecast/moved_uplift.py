"""What became of an uplift that somebody gave: held against what the history shows, another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from promesa.planning.forecast.forecast import EventUsed
from promesa.planning.forecast.given_events import UPLIFT_MIN
from promesa.planning.forecast.merchant_events import merchant_factor

# By less than a twentieth nobody asks why.
MOVED_MIN = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedUplift:
    """An uplift as it was given, and what is expected in its place; both without the profile."""

    given: float
    expected: float


def moved_uplift(
    used: Sequence[EventUsed], *, first_day: date, profile: Sequence[float], share: float = 1.0
) -> MovedUplift | None:
    """What became of the uplift of one event, in the middle of its days.

    Args:
        used: What a forecast takes of its days.
        first_day: Of the event.
        profile: Factors of its days relative to the uplift; empty where nobody gave them.
        share: The part of the orders that it multiplies, of a merchant's: what became of the
            merchant's own, as the uplift was given.

    Returns:
        None where it is taken as it was given, or nearly so.
    """
    given, moved = list[float](), list[float]()
    for each in used:
        if each.given is None:
            continue
        offset = (each.day - first_day).days
        shape = profile[offset] if 0 <= offset < len(profile) else 1.0
        said, expected = (_own(factor, share) for factor in (each.given, each.factor))
        given.append(math.log(said / shape))
        moved.append(math.log(expected / said))
    if not moved:
        return None
    by = math.fsum(moved) / len(moved)
    if abs(by) < MOVED_MIN:
        return None
    uplift = math.exp(math.fsum(given) / len(given))
    return MovedUplift(given=uplift, expected=uplift * math.exp(by))


def _own(factor: float, share: float) -> float:
    return max(UPLIFT_MIN, merchant_factor(factor, share))
