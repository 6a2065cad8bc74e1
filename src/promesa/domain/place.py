"""Where a stop is, and how sure we are of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from promesa.kernel.geo import Position

# Above this a position needs a person's yes before it goes onto a route (issue of the spine).
UNCERTAINTY_M_MAX = 150.0


class PlaceLevel(StrEnum):
    """How fine a position is. A street is not a house, and we say so.

    A point that came with the order matched no number: it is what it is, as good as its metres.
    """

    HOUSE = "house"
    GIVEN = "given"
    STREET = "street"
    COMUNA = "comuna"
    NONE = "none"


class PlaceSource(StrEnum):
    """Who said where it is."""

    GIVEN = "given"
    LEARNT = "learnt"
    CITY_INDEX = "city_index"
    EXTERNAL = "external"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A position with its level, its score and its uncertainty.

    Attributes:
        score: How well the text matched, 0 to 1.
        uncertainty_m: Radius in metres that holds the door nine times of ten.
        confirmed_by: The user who said yes to it, or who put the pin there.
        is_outside: Whether it lies outside the map of the city, or in a comuna the map lacks.
        is_renamed: Whether the map writes the name of the street otherwise than the sender, so that
            it may be another one: a person compares the two.
    """

    position: Position
    level: PlaceLevel
    score: float
    uncertainty_m: float
    source: PlaceSource
    comuna: str | None = None
    confirmed_by: UUID | None = None
    is_outside: bool = False
    is_renamed: bool = False

    @property
    def is_routable(self) -> bool:
        """Whether it may go onto a route: sure enough and on our map, or a person said yes."""
        is_sure = self.uncertainty_m <= UNCERTAINTY_M_MAX and not self.is_outside
        return self.confirmed_by is not None or is_sure
