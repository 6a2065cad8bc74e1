"""What was stated against what became of it: odds are put right by the outcomes there are.

A logistic recalibration of the log odds, held to the identity by a prior that outcomes outweigh,
so that ten outcomes change little and a thousand decide. It says on how many it rests.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from promesa.kernel.serviceday import SANTIAGO, ServiceDay

# Odds beyond these are certainty, which nothing earns.
P_MIN, P_MAX = 0.001, 0.999
# Inverse variances of shift and slope before any outcome (assumed): a shift of a third of a log odd
# and a slope off by a sixth are no surprise.
_SHIFT_WEIGHT = 10.0
_SLOPE_WEIGHT = 40.0
# Promises of one day share its traffic and its absences: however many, they count as so many.
DAY_WEIGHT_MAX = 25.0
_STEPS_MAX = 50
_HALVINGS_MAX = 30
_STEP_ENOUGH = 1e-9
SLOPE_MIN, SLOPE_MAX = 0.2, 3.0
# Below so many outcomes the screen says that the odds are the model's own.
OUTCOMES_ENOUGH = 200
# Outcomes of a quarter put the odds right.
OUTCOMES_FOR = timedelta(days=90)

# Log odds stated, whether kept, and how much it counts.
_Row = tuple[float, float, float]
BINS = (0.0, 0.8, 0.9, 0.95, 0.98, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A promise whose fate is known.

    Attributes:
        p_stated: What was stated before any calibration (0-1).
        is_whole_day: Whether its window was no narrower than the hours of delivery.
        due_at: End of its window.
        p_told: What was told, after the calibration of its day; None where there was none.
    """

    p_stated: float
    is_kept: bool
    is_whole_day: bool = True
    due_at: datetime | None = None
    p_told: float | None = None

    @property
    def told(self) -> float:
        """The odds that somebody was told."""
        return self.p_stated if self.p_told is None else self.p_told


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Log odds put right: shift plus slope times what was stated."""

    shift: float = 0.0
    slope: float = 1.0
    outcomes: int = 0

    def right(self, p: float) -> float:
        """The odds after calibration; a higher one stays higher."""
        return _sigmoid(self.shift + self.slope * _logit(p))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A line for whole days and one for narrower windows."""

    whole_day: Line = Line()
    narrow: Line = Line()

    @property
    def outcomes(self) -> int:
        """On how many promises it rests."""
        return self.whole_day.outcomes + self.narrow.outcomes

    def line(self, *, is_whole_day: bool) -> Line:
        """The one of windows of that kind."""
        return self.whole_day if is_whole_day else self.narrow


NO_OUTCOMES = Calibration()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Promises stated alike: how they were stated in the mean, and how many were kept."""

    low: float
    high: float
    promises: int
    p_stated: float
    kept_share: float


def calibrate(outcomes: Iterable[Outcome], zone: str = SANTIAGO) -> Calibration:
    """The calibration that outcomes ask for; ``zone`` says which days they share."""
    known = list(outcomes)
    return Calibration(
        whole_day=_fit([each for each in known if each.is_whole_day], zone),
        narrow=_fit([each for each in known if not each.is_whole_day], zone),
    )


def bins_of(outcomes: Iterable[Outcome], bounds: Sequence[float] = BINS) -> list[Bin]:
    """Outcomes sorted by what was stated; bins without any are left out."""
    known = list(outcomes)
    found = []
    for low, high in pairwise(bounds):
        is_last = high >= 1.0
        inside = [o for o in known if low <= o.p_stated < high or (is_last and o.p_stated >= high)]
        if inside:
            found.append(
                Bin(
                    low=low,
                    high=high,
                    promises=len(inside),
                    p_stated=sum(o.p_stated for o in inside) / len(inside),
                    kept_share=sum(o.is_kept for o in inside) / len(inside),
                )
            )
    return found


def _fit(outcomes: Sequence[Outcome], zone: str) -> Line:
    """Newton's steps on the penalised likelihood; two unknowns, so by hand."""
    days = [each.due_at and ServiceDay.of(each.due_at, zone).date for each in outcomes]
    of_day = Counter(days)
    rows = [
        (
            _logit(outcome.p_stated),
            float(outcome.is_kept),
            min(1.0, DAY_WEIGHT_MAX / of_day[day]) if day else 1.0,
        )
        for outcome, day in zip(outcomes, days, strict=True)
    ]
    at = (0.0, 1.0)
    loss = _loss(rows, at)
    for _ in range(_STEPS_MAX):
        at, found = _descend(rows, at, loss)
        gained, loss = loss - found, found
        if gained < _STEP_ENOUGH:
            break
    shift, slope = at
    return Line(shift=shift, slope=min(SLOPE_MAX, max(SLOPE_MIN, slope)), outcomes=len(outcomes))


def _descend(
    rows: Sequence[_Row], at: tuple[float, float], loss: float
) -> tuple[tuple[float, float], float]:
    """One step downhill and the loss there; where none leads down, where it was."""
    step = _newton(rows, at)
    for _ in range(_HALVINGS_MAX):
        there = (at[0] - step[0], at[1] - step[1])
        found = _loss(rows, there)
        if found <= loss:
            return there, found
        # Far from the end a whole step overshoots.
        step = (step[0] / 2, step[1] / 2)
    return at, loss


def _loss(rows: Sequence[_Row], at: tuple[float, float]) -> float:
    """Minus the logarithm of the likelihood and the prior."""
    shift, slope = at
    loss = (_SHIFT_WEIGHT * shift**2 + _SLOPE_WEIGHT * (slope - 1) ** 2) / 2
    for x, kept, counts in rows:
        z = shift + slope * x
        # Of log(1 + exp(z)), in the form that never overflows.
        loss += counts * (max(z, 0.0) + math.log1p(math.exp(-abs(z))) - kept * z)
    return loss


def _newton(rows: Sequence[_Row], at: tuple[float, float]) -> tuple[float, float]:
    """The step to the lowest point of the parabola that the loss looks like from here."""
    shift, slope = at
    g0, g1 = _SHIFT_WEIGHT * shift, _SLOPE_WEIGHT * (slope - 1)
    h00, h01, h11 = _SHIFT_WEIGHT, 0.0, _SLOPE_WEIGHT
    for x, kept, counts in rows:
        p = _sigmoid(shift + slope * x)
        error, weight = counts * (p - kept), counts * p * (1 - p)
        g0 += error
        g1 += error * x
        h00 += weight
        h01 += weight * x
        h11 += weight * x * x
    determinant = h00 * h11 - h01 * h01
    return (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant


def _logit(p: float) -> float:
    p = min(P_MAX, max(P_MIN, p))
    return math.log(p / (1 - p))


def _sigmoid(x: float) -> float:
    # Of large negative numbers the other form would overflow.
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
