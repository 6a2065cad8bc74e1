"""How good the estimated arrivals are: what was said so long before, against what came.

The estimate of a horizon is the first that said the van was that far away, not one chosen
afterwards. An error is the real arrival less the middle of the estimate: over zero the van came
later than was said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from promesa.analytics.facts import DayFacts, StopFact
from promesa.analytics.indicator import IN_PROGRESS, Row
from promesa.domain.stop import Outcome
from promesa.kernel.serviceday import SANTIAGO
from promesa.tracking.eta import Basis
from promesa.tracking.repository import ArrivalEstimate

# Visits that may still come are in progress; those taken off the van never were to come.
_NO_VISIT = frozenset({Outcome.SKIPPED, Outcome.CANCELLED})
_BASES = {
    Basis.POSITION: "con posición",
    Basis.LAST_EVENT: "sin posición, desde lo último que hizo",
    Basis.PLAN: "según el plan",
}
_ZONE = ZoneInfo(SANTIAGO)

Rows = Callable[[DayFacts], Sequence[Row]]
Judge = Callable[[ArrivalEstimate, datetime], float]


def error_s(estimate: ArrivalEstimate, arrived_at: datetime) -> int:
    """Whole seconds the van came after the middle of the estimate; negative when before."""
    return round((arrived_at - estimate.p50).total_seconds())


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that this share of them does not exceed (nearest rank)."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def absolute_errors(horizon_min: int) -> Rows:
    """Seconds between estimate and arrival, either way, per stop."""
    return _rows(horizon_min, lambda estimate, at: abs(error_s(estimate, at)))


def signed_errors(horizon_min: int) -> Rows:
    """Seconds the van came after the estimate, per stop; what is early takes from what is late."""
    return _rows(horizon_min, error_s)


def band_widths(horizon_min: int) -> Rows:
    """Seconds from P10 to P90, per stop."""
    return _rows(horizon_min, lambda said, _at: round((said.p90 - said.p10).total_seconds()))


def in_band(horizon_min: int) -> Rows:
    """Stops; counts arrivals from P10 to P90, both included."""
    return _rows(horizon_min, lambda estimate, at: estimate.p10 <= at <= estimate.p90)


def error_quantile_min(horizon_min: int, share: float) -> Callable[[DayFacts], float | None]:
    """Minutes that this share of the errors does not exceed; None without any."""

    def value(facts: DayFacts) -> float | None:
        found = quantile(_errors(facts, horizon_min), share)
        return None if found is None else found / 60

    return value


def within_quantile(horizon_min: int, share: float) -> Rows:
    """Stops; counts those whose error is no larger than the quantile."""

    def rows(facts: DayFacts) -> Sequence[Row]:
        most = quantile(_errors(facts, horizon_min), share) or 0.0
        judged = _rows(horizon_min, lambda estimate, at: abs(error_s(estimate, at)) <= most)
        return judged(facts)

    return rows


def _errors(facts: DayFacts, horizon_min: int) -> list[float]:
    return [row.numerator for row in absolute_errors(horizon_min)(facts) if not row.excluded]


def _rows(horizon_min: int, judge: Judge) -> Rows:
    def rows(facts: DayFacts) -> list[Row]:
        return [
            _row(stop, stop.estimates.get(horizon_min), judge, is_going=facts.at is not None)
            for stop in _to_be_visited(facts)
        ]

    return rows


def _to_be_visited(facts: DayFacts) -> Iterator[StopFact]:
    return (
        stop for stop in facts.stops if stop.arrived_at is not None or stop.outcome not in _NO_VISIT
    )


def _row(stop: StopFact, estimate: ArrivalEstimate | None, judge: Judge, *, is_going: bool) -> Row:
    arrived_at = stop.arrived_at
    counts = estimate is not None and arrived_at is not None
    return Row(
        subject="stop",
        subject_id=stop.stop_id,
        label=stop.reference,
        numerator=judge(estimate, arrived_at) if estimate and arrived_at else 0,
        denominator=1 if counts else 0,
        note=_note(estimate, arrived_at),
        excluded="" if counts else _why_not(stop, is_going=is_going),
    )


def _why_not(stop: StopFact, *, is_going: bool) -> str:
    if stop.arrived_at is not None:
        return "no hay estimación guardada de esa antelación"
    if stop.outcome is not None:
        return "sin hora de llegada"
    return IN_PROGRESS if is_going else "no se visitó"


def _note(estimate: ArrivalEstimate | None, arrived_at: datetime | None) -> str:
    if estimate is None:
        return ""
    band = f"entre {_clock(estimate.p10)} y {_clock(estimate.p90)}"
    words = [f"a las {_clock(estimate.made_at)} se estimó {_clock(estimate.p50)} ({band})"]
    words.append(_BASES[estimate.basis])
    if arrived_at is not None:
        minutes = round(error_s(estimate, arrived_at) / 60)
        side = f"{abs(minutes)} min {'después' if minutes > 0 else 'antes'}" if minutes else "justo"
        words.append(f"llegó {_clock(arrived_at)}, {side}")
    return "; ".join(words)


def _clock(at: datetime) -> str:
    return _minute_of(at.replace(second=0, microsecond=0))


@lru_cache(maxsize=4_096)
def _minute_of(minute: datetime) -> str:
    """A day has few minutes, and a report names each of them often."""
    return f"{minute.astimezone(_ZONE):%H:%M}"
