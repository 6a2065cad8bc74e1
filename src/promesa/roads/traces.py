"""A GPS trace, and what it says was driven: the values that matching makes of the one the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from promesa.kernel.errors import InvalidError
from promesa.kernel.geo import Position

FIXES_MAX = 20_000
# Newson and Krumm estimate 4 m of noise from good receivers; phones among buildings have more.
NOISE_M = 10.0
_KPH_PER_MPS = 3.6


class TraceTooLongError(InvalidError):
    """The trace has more fixes than a day of driving."""

    code = "roads_trace_too_long"
    message = f"La traza es muy larga: el máximo es {FIXES_MAX} posiciones. Córtala por día."


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFix:
    """Where a phone said it was, and when; ``accuracy_m`` as the phone states it."""

    time: datetime
    position: Position
    accuracy_m: float = NOISE_M


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeDrive:
    """What was driven of one edge.

    Attributes:
        length_m: Metres driven on it, at most its length.
        elapsed_s: Seconds they took; between two fixes spread as the table would spread them.
        turning_s: How many of these were the turn at its end, by the same table.
        entered_at: When the van came onto it.
    """

    edge: int
    length_m: float
    elapsed_s: float
    turning_s: float
    entered_at: datetime

    @property
    def speed_kph(self) -> float | None:
        """The mean speed; None where no time passed."""
        if self.elapsed_s <= 0:
            return None
        return round(self.length_m / self.elapsed_s * _KPH_PER_MPS, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedTrace:
    """The streets a trace drove on.

    Attributes:
        drives: In driving order.
        share_matched: Share of the fixes that lie on the edges, 0-1.
    """

    drives: tuple[EdgeDrive, ...]
    share_matched: float

    @property
    def edges(self) -> tuple[int, ...]:
        """Edge ids in driving order."""
        return tuple(drive.edge for drive in self.drives)

    @property
    def speeds_kph(self) -> tuple[float | None, ...]:
        """For each edge the mean speed on it; None where the time is unknown."""
        return tuple(drive.speed_kph for drive in self.drives)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgePass:
    """One van over one edge, good to learn from; it keeps no van and no driver.

    Attributes:
        at: When it came onto the edge.
        elapsed_s: Its traffic light included, the turn at its end not.
    """

    edge: int
    at: datetime
    length_m: float
    elapsed_s: float
