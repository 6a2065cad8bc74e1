"""What is said of a stop that is left out of a plan: the cause, and what would let it in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why a stop is left out."""

    SKILL_MISSING = "skill_missing"
    TOO_LARGE = "too_large"
    UNREACHABLE = "unreachable"
    WINDOW_IMPOSSIBLE = "window_impossible"
    TOO_DEAR = "too_dear"
    FITS = "fits"
    NO_CAPACITY = "no_capacity"
    STOPS_MAX = "stops_max"
    NO_TIME = "no_time"
    NOT_EXPLAINED = "not_explained"


class Remedy(StrEnum):
    """What would let it in."""

    OTHER_WINDOW = "other_window"
    MORE_CAPACITY = "more_capacity"
    MORE_STOPS = "more_stops"
    LONGER_SHIFT = "longer_shift"
    ONE_MORE_VEHICLE = "one_more_vehicle"
    ANYWAY = "anyway"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One change that was tried and lets the stop in.

    Attributes:
        cost_clp: What serving the stop then adds to the plan.
        vehicle: Id of the vehicle that would serve it (for one more, of the one it copies).
    """

    remedy: Remedy
    sentence: str
    cost_clp: int
    vehicle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one stop is left out.

    Attributes:
        sentence: Cause and best option, to be read by a dispatcher.
        options: What needs nothing comes first, then the cheapest; empty when no single change
            would do.
    """

    stop: str
    cause: Cause
    sentence: str
    options: tuple[Option, ...]

    @property
    def insertion_cost_clp(self) -> int | None:
        """What the first option adds to the plan's cost."""
        return self.options[0].cost_clp if self.options else None
