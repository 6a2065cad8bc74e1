"""Road times of a quote in microseconds: streets are asked once for each pair of squares.

Near a door the pace of its square counts: seconds for each straight metre, measured by the
streets. Far ways, from a depot to a door, are those between the middles of their squares.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

from promesa.kernel.geo import Position
from promesa.promising.day_book import near_m

# Some 900 m in Santiago: within one the streets are alike.
SQUARE_DEGREES = 0.009
# Beyond this a way is asked between squares; below it they would be the same or neighbours.
FAR_M = 3_000.0
# How far from the middle of a square its pace is measured.
_PROBE_DEGREES = 0.012
# Leaving, parking and walking to the door, however near (assumed).
_SET_OFF_S = 20.0
# Where no street is found: the assumed speed of a van over a lengthened straight line.
PACE_ASSUMED_S_PER_M = 0.21
# A city of 30 x 30 squares seen from ten depots, several times over.
PAIRS_MAX = 50_000

_Square = tuple[int, int]
AskLeg = Callable[[Position, Position, datetime], int]


class CellWays:
    """Answers from memory; a square that nobody asked of yet costs some milliseconds once.

    Args:
        ask: Seconds of a leg by the streets.
        usual_hour: When legs are asked for: an hour of a working day, in the past or to come.
    """

    def __init__(self, ask: AskLeg, usual_hour: Callable[[], datetime]) -> None:
        self._ask = ask
        self._usual_hour = usual_hour
        self._paces: dict[_Square, float] = {}
        self._pairs: dict[tuple[_Square, _Square], float] = {}

    def leg_s(self, origin: Position, destination: Position) -> float:
        """Seconds of driving, at the usual speeds of the day around both."""
        gap_m = near_m(origin, destination)
        first, second = _square_of(origin), _square_of(destination)
        if gap_m < FAR_M or first == second:
            return _SET_OFF_S + gap_m * self._pace_of(first)
        known = self._pairs.get((first, second))
        if known is None:
            if len(self._pairs) >= PAIRS_MAX:
                self._pairs.clear()
            known = self._seconds_per_m(_middle(first), _middle(second))
            self._pairs[first, second] = known
        return _SET_OFF_S + gap_m * known

    def _pace_of(self, square: _Square) -> float:
        known = self._paces.get(square)
        if known is None:
            if len(self._paces) >= PAIRS_MAX:
                self._paces.clear()
            here = _middle(square)
            corners = [
                Position(lon=here.lon + east, lat=here.lat + north)
                for east, north in ((-_PROBE_DEGREES, 0), (_PROBE_DEGREES, 0), (0, _PROBE_DEGREES))
            ]
            paces = sorted(self._seconds_per_m(here, corner) for corner in corners)
            # The one in the middle: a river beside the square is no pace of its streets.
            known = self._paces[square] = paces[len(paces) // 2]
        return known

    def _seconds_per_m(self, origin: Position, destination: Position) -> float:
        gap_m = near_m(origin, destination)
        if gap_m < 1:
            return PACE_ASSUMED_S_PER_M
        return self._ask(origin, destination, self._usual_hour()) / gap_m


def _square_of(position: Position) -> _Square:
    return math.floor(position.lon / SQUARE_DEGREES), math.floor(position.lat / SQUARE_DEGREES)


def _middle(square: _Square) -> Position:
    return Position(lon=(square[0] + 0.5) * SQUARE_DEGREES, lat=(square[1] + 0.5) * SQUARE_DEGREES)
