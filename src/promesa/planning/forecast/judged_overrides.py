"""Whether planners knew better: what they said instead of the forecast, beside what came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.planning.demand.overrides import DemandOverride
from promesa.planning.demand.series import DayCounts, SeriesKey
from promesa.planning.demand.serving import AS_NAMED, ServingDepots


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedOverride:
    """An override over the days that are known by now.

    Attributes:
        days: How many of its days are over, known, and were forecast.
        model, said, came: Orders of those days together.
        model_error, said_error: Sum of absolute errors by day.
    """

    override: DemandOverride
    days: int
    model: float
    said: float
    came: float
    model_error: float
    said_error: float

    @property
    def is_better(self) -> bool:
        """Whether it came nearer than the model."""
        return self.said_error < self.model_error


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedOverride:
    """An override of which no day can be judged yet.

    Attributes:
        model, said: Orders of its days together; None where the model did not reach all of them,
            and of a factor nothing else is known.
        is_over: Its days are over, but what came is not known of any.
    """

    override: DemandOverride
    model: float | None
    said: float | None
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Several overrides together; errors as shares of what came, None where nothing came."""

    overrides: int
    better: int
    model_error: float | None
    said_error: float | None


def judge_overrides(
    overrides: Iterable[DemandOverride],
    counts: DayCounts,
    *,
    until: date,
    zone: str = SANTIAGO,
    serving: ServingDepots = AS_NAMED,
) -> list[JudgedOverride]:
    """Those of which a day at least can be judged, in the order given.

    Args:
        overrides: Withdrawn ones too; their days from the withdrawal on are left out.
        counts: Orders by series and day; a day that is absent is unknown.
        until: The last day that is over.
        zone: Of the day on which one was withdrawn.
        serving: Which depot serves a series.
    """
    found = []
    placed = [(replace(key, depot=serving.of(key)), days) for key, days in counts.items()]
    for override in overrides:
        days = list(_known_days(override, placed, _last_day(override, until, zone)))
        if days:
            found.append(_judged(override, days))
    return found


def await_overrides(
    overrides: Iterable[DemandOverride], judged: Sequence[JudgedOverride], *, until: date
) -> list[AwaitedOverride]:
    """Those that stand, in the order given.

    Args:
        overrides: Withdrawn ones are left out.
        judged: Those that wait no more.
        until: The last day that is over.
    """
    done = {each.override.id for each in judged}
    return [
        _awaited(override, until)
        for override in overrides
        if override.withdrawn_at is None and override.id not in done
    ]


def sum_up(judged: Sequence[JudgedOverride]) -> Judgement:
    """All of them together."""
    came = sum(each.came for each in judged)
    return Judgement(
        overrides=len(judged),
        better=sum(each.is_better for each in judged),
        model_error=sum(each.model_error for each in judged) / came if came else None,
        said_error=sum(each.said_error for each in judged) / came if came else None,
    )


def _last_day(override: DemandOverride, until: date, zone: str) -> date:
    if override.withdrawn_at is None:
        return min(override.last_day, until)
    withdrawn = ServiceDay.of(override.withdrawn_at, zone).date
    return min(override.last_day, until, withdrawn - timedelta(days=1))


def _known_days(
    override: DemandOverride, counts: Iterable[tuple[SeriesKey, Mapping[date, int]]], last: date
) -> Iterable[tuple[float, float, float]]:
    """What the model and the planner said, and what came, of each day that can be judged."""
    series = [days for key, days in counts if override.scope.holds(key)]
    for number, expected in enumerate(override.expected):
        day = override.first_day + timedelta(days=number)
        known = [days[day] for days in series if day in days]
        if day > last or expected is None or not known or len(known) < len(series):
            continue
        yield expected, _said_of_day(override, expected), float(sum(known))


def _said_of_day(override: DemandOverride, expected: float) -> float:
    if override.orders_a_day is not None:
        return override.orders_a_day
    assert override.factor is not None, "an override says a factor or a number"
    return override.factor * expected


def _awaited(override: DemandOverride, until: date) -> AwaitedOverride:
    width = (override.last_day - override.first_day).days + 1
    reached = [expected for expected in override.expected if expected is not None]
    is_reached = len(reached) == width
    number = override.orders_a_day
    said = sum(_said_of_day(override, expected) for expected in reached) if is_reached else None
    return AwaitedOverride(
        override=override,
        model=sum(reached) if is_reached else None,
        said=said if number is None else number * width,
        is_over=override.last_day <= until,
    )


def _judged(override: DemandOverride, days: Sequence[tuple[float, float, float]]) -> JudgedOverride:
    return JudgedOverride(
        override=override,
        days=len(days),
        model=sum(model for model, _, _ in days),
        said=sum(said for _, said, _ in days),
        came=sum(came for _, _, came in days),
        model_error=sum(abs(came - model) for model, _, came in days),
        said_error=sum(abs(came - said) for _, said, came in days),
    )
