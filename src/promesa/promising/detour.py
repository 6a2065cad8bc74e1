"""What a door takes on the way: the cheapest place between the stops promised around it."""

from __future__ import annotations

from dataclasses import dataclass

from promesa.kernel.geo import Position
from promesa.promising.day_book import BookedStop, DayBook
from promesa.promising.repository import Ways

# Stops around a door that a window's cheapest place is looked for among.
NEAREST_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """To the door from a promised stop, and on to it."""

    stop: BookedStop
    position: Position
    to_s: float
    back_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is promised around a door on a day; ``alone_s`` is a trip for it alone."""

    legs: tuple[Leg, ...]
    alone_s: float

    @classmethod
    def of(cls, book: DayBook, position: Position, ways: Ways, alone_s: float) -> Around:
        """The nearest stops with the ways from and to them."""
        return cls(
            legs=tuple(
                Leg(
                    stop=stop,
                    position=stop.position,
                    to_s=ways.leg_s(stop.position, position),
                    back_s=ways.leg_s(position, stop.position),
                )
                for stop in book.near(position)
                if stop.position is not None
            ),
            alone_s=alone_s,
        )


def detour_s(around: Around, span: tuple[int, int], ways: Ways) -> float:
    """Seconds that the cheapest place between promised stops takes; from the depot, where none are.

    Between two of the nearest that may be visited in those hours too, or out from one and back;
    never more than a trip of its own.
    """
    best_s, near = around.alone_s, []
    for leg in around.legs:
        if leg.stop.start_s < span[1] and span[0] < leg.stop.end_s:
            near.append(leg)
            if len(near) == NEAREST_MAX:
                break
    for number, first in enumerate(near):
        best_s = min(best_s, first.to_s + first.back_s)
        for second in near[number + 1 :]:
            between_s = ways.leg_s(first.position, second.position)
            best_s = min(best_s, max(0.0, first.to_s + second.back_s - between_s))
    return best_s
