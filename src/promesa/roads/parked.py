"""Where a trace stands still: the pieces of it that say how fast the streets are.

A van at a door, at the depot or at lunch tells nothing of the street it stands in, and neither do
the minutes a phone kept silent. A van in a jam does: it moves.
"""

from __future__ import annotations

from collections.abc import Sequence

from promesa.kernel.geo import Position, between, distance_m
from promesa.roads.traces import TraceFix

# Three times the noise of a phone, and what its receiver wanders beside (assumed).
PARKED_RADIUS_M = 40.0
# Longer than a red light of Santiago, some 60-90 s: in a jam of 3 km/h a van moves 75 m (assumed).
PARKED_S_MIN = 90.0
# A phone that said nothing for so long may have stood anywhere between (assumed).
SILENCE_S_MAX = 120.0


def moving_parts(fixes: Sequence[TraceFix]) -> list[list[TraceFix]]:
    """The pieces of a trace, by time, between its stands and silences; each has two fixes or more.

    A stand is a run of fixes within PARKED_RADIUS_M of their middle for PARKED_S_MIN or longer.
    Its first and last fix end and begin a piece. O(fixes) times those of one stand.
    """
    parts: list[list[TraceFix]] = [[]]
    place = 0
    while place < len(fixes):
        fix = fixes[place]
        if parts[-1] and _seconds(parts[-1][-1], fix) > SILENCE_S_MAX:
            parts.append([])
        parts[-1].append(fix)
        last = _last_of_stand(fixes, place)
        if _seconds(fix, fixes[last]) >= PARKED_S_MIN:
            # The last fix of the stand begins the next piece, and stands no more.
            parts.append([fixes[last]])
            place = last
        place += 1
    return [part for part in parts if len(part) > 1]


def is_moving_at_end(fixes: Sequence[TraceFix]) -> bool:
    """Whether the last fix of a trace belongs to a piece."""
    parts = moving_parts(fixes)
    return bool(parts) and parts[-1][-1] is fixes[-1]


def _last_of_stand(fixes: Sequence[TraceFix], first: int) -> int:
    """The last fix of the run from ``first`` that stays near its own middle."""
    middle = fixes[first].position
    last = first
    while last + 1 < len(fixes) and _is_near(middle, fixes[last + 1]):
        last += 1
        middle = between(middle, fixes[last].position, 1 / (last - first + 1))
    return last


def _is_near(middle: Position, fix: TraceFix) -> bool:
    return distance_m(middle, fix.position) <= PARKED_RADIUS_M


def _seconds(before: TraceFix, after: TraceFix) -> float:
    return (after.time - before.time).total_seconds()
