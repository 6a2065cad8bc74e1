"""Whether an uplift that a person wrote of an event was nearer than what stood without it.

An ordinary day of the event is what a forecast made before it expected, without the event's own
factor; so the orders that came are so many times one, as the uplift that was written is. Of a
merchant's event all is of the merchant's own orders: its share of an ordinary day, and what came
besides the rest of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import exp, fsum, log
from uuid import UUID

from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.planning.demand.event_row import EVERYWHERE, EventContent, EventRow
from promesa.planning.demand.panel import days_from
from promesa.planning.demand.series import DayCounts, SeriesKey
from promesa.planning.demand.serving import AS_NAMED, ServingDepots
from promesa.planning.forecast.forecast import HORIZON_FAR_D, NORMAL_90, EventUsed
from promesa.planning.forecast.merchant_events import merchant_factor
from promesa.planning.forecast.outlook import UNKNOWN_SHARE_MAX, Outlook


class Without(StrEnum):
    """Where it is known from what stood without the uplift that was written."""

    FORECAST = "forecast"  # The last one made before it was written.
    CALENDAR = "calendar"  # The version of the event before it.
    ORDINARY = "ordinary"  # There was no event: a day like others.


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedUplift:
    """An uplift that a person wrote of an event before it began.

    Attributes:
        row: The version that stood as the event began, or stands, where it has yet to.
        author_id, made_at: Who wrote its number, and when.
        untouched: The last version whose uplift nobody had written; None where a person added it.
        touched_at: Since when a number written by hand stands; forecasts before it are without.
    """

    row: EventRow
    author_id: UUID
    made_at: datetime
    untouched: EventRow | None
    touched_at: datetime

    @property
    def uplift(self) -> float:
        """What was written: times an ordinary day, in the mean of its days."""
        assert self.row.content.uplift is not None, "an uplift that was typed is a number"
        return self.row.content.uplift

    @property
    def was_learnt(self) -> bool:
        """Whether it was to be learnt before a person wrote a number."""
        return self.untouched is not None and self.untouched.content.uplift is None

    @property
    def days(self) -> tuple[date, ...]:
        """Of the event, in order."""
        return _days(self.row.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedUplift:
    """An uplift that was written beside what came; factors are of the mean day, as it is.

    Attributes:
        model: What stood without it; None where nobody knows.
        without: Where ``model`` is known from; None where it is not.
        came: None where it is to come, or nobody knows.
        days: How many of its days are judged.
        is_over: Whether all of its days are.
        is_better: Whether it was nearer day by day; None where that cannot be said.
    """

    typed: TypedUplift
    model: float | None
    without: Without | None
    came: float | None
    days: int
    is_over: bool
    is_better: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """Orders of one day: as an ordinary one, by the profile alone, without the uplift, in fact."""

    shaped: float
    model: float | None
    said: float
    came: float


def typed_uplift(versions: Sequence[EventRow], zone: str = SANTIAGO) -> TypedUplift | None:
    """The uplift that a person wrote, as it stood when the event began; None where nobody did.

    Args:
        versions: All of one event, the newest first.
        zone: Of the day on which it began.
    """
    begins = ServiceDay(versions[0].content.start, zone).start
    untouched, touched, typed, last = None, None, None, None
    for row in sorted(versions, key=lambda each: each.version):
        if row.saved_at >= begins:
            break
        last = row
        if _is_untouched(row, untouched):
            untouched, touched, typed = row, None, None
            continue
        touched = touched or row
        if typed is None or _stated(typed) != _stated(row):
            typed = row
    if last is None or last.deleted_at or touched is None or typed is None:
        return None
    assert typed.author_id is not None, "what ships is untouched"
    return TypedUplift(
        row=last,
        author_id=typed.author_id,
        made_at=typed.saved_at,
        untouched=untouched,
        touched_at=touched.saved_at,
    )


def await_uplift(typed: TypedUplift, untyped: Outlook | None = None) -> JudgedUplift:
    """One of which a day is still to come, beside the uplift that the calendar had.

    Of one that was to be learnt, ``untyped`` knows what it was by then, as in `judge_uplift`.
    """
    factors, without = _stood(typed, untyped)
    return JudgedUplift(
        typed=typed,
        model=_mean_factor(factors),
        without=without,
        came=None,
        days=0,
        is_over=False,
        is_better=None,
    )


def judge_uplift(
    typed: TypedUplift,
    counts: DayCounts,
    *,
    before_it: Outlook | None,
    untyped: Outlook | None,
    serving: ServingDepots = AS_NAMED,
) -> JudgedUplift:
    """One whose days are over, as far as they are known.

    Args:
        typed: What was written.
        counts: Orders by series and day; a day that is absent is unknown.
        before_it: The last forecast made before its first day.
        untyped: The last forecast made before a number was written by hand.
        serving: Which depot serves a series.
    """
    factors, without = _stood(typed, untyped)
    known = [] if before_it is None else _known_days(typed, before_it, factors, counts, serving)
    shaped = fsum(day.shaped for day in known)
    if not shaped > 0:
        model = _mean_factor(factors)
        return JudgedUplift(
            typed=typed,
            model=model,
            without=without,
            came=None,
            days=0,
            is_over=True,
            is_better=None,
        )
    models = [day.model for day in known if day.model is not None]
    model_error = fsum(abs(day.came - day.model) for day in known if day.model is not None)
    said_error = fsum(abs(day.came - day.said) for day in known)
    return JudgedUplift(
        typed=typed,
        model=fsum(models) / shaped if models else None,
        without=without,
        came=fsum(day.came for day in known) / shaped,
        days=len(known),
        is_over=True,
        is_better=said_error < model_error if models else None,
    )


def _is_untouched(row: EventRow, before: EventRow | None) -> bool:
    """Whether its uplift is what ships, to be learnt, or that of the last version that was."""
    is_same = before is not None and _stated(before) == _stated(row)
    return row.author_id is None or row.content.uplift is None or is_same


def _stated(row: EventRow) -> tuple[float | None, bool]:
    return row.content.uplift, row.content.is_firm


def _days(content: EventContent) -> tuple[date, ...]:
    return days_from(content.start, (content.end - content.start).days + 1)


def _shares(content: EventContent) -> tuple[float, ...]:
    return content.profile or (1.0,) * len(_days(content))


def _share(content: EventContent, outlook: Outlook) -> float:
    """The part of the orders that it multiplies; 0 of a merchant's where nobody noted it."""
    if not content.scope.merchant_ids:
        return 1.0
    return outlook.share_of(content.name, content.start) or 0.0


def _factors(outlook: Outlook, content: EventContent) -> tuple[float, ...] | None:
    """What a forecast has the event do on each day, 1 for nothing; None beyond its days."""
    days, share = _days(content), _share(content, outlook)
    if not set(days) <= set(outlook.days) or not share:
        return None
    used = {each.day: each.factor for each in outlook.events if each.name == content.name}
    return tuple(merchant_factor(used.get(day, 1.0), share) for day in days)


def _stood(
    typed: TypedUplift, untyped: Outlook | None
) -> tuple[tuple[float, ...] | None, Without | None]:
    """The factors of its days without what was written, and where they are known from."""
    if typed.untouched is None:
        return (1.0,) * len(typed.days), Without.ORDINARY
    content = typed.untouched.content
    has_same_days = _days(content) == typed.days
    if untyped is not None and has_same_days:
        reached = _factors(untyped.reaching(HORIZON_FAR_D), content)
        if reached is not None:
            return reached, Without.FORECAST
    uplift = content.uplift
    if uplift is None:
        return None, None
    shares = _shares(content) if has_same_days else _shares(typed.row.content)
    return tuple(uplift * share for share in shares), Without.CALENDAR


def _mean_factor(factors: Sequence[float] | None) -> float | None:
    return None if factors is None else fsum(factors) / len(factors)


def _known_days(
    typed: TypedUplift,
    made: Outlook,
    stood: Sequence[float] | None,
    counts: DayCounts,
    serving: ServingDepots,
) -> list[_Day]:
    """Those that the forecast reached and of which the orders are known, or nearly all of them."""
    outlook = made.reaching(HORIZON_FAR_D)
    content = typed.row.content
    touched, share = _touched(content, outlook, serving), _share(typed.row.content, outlook)
    used = {each.day: _lift(each) for each in outlook.events if each.name == content.name}
    places = {day: place for place, day in enumerate(outlook.days)}
    found = []
    for number, day in enumerate(typed.days):
        if day not in places:
            continue
        expected = {key: outlook.mean[row][places[day]] for row, key in touched.items()}
        known = {key: count for key in expected if (count := _count(counts, key, day)) is not None}
        whole, part = fsum(expected.values()), fsum(expected[key] for key in known)
        if not known or part < (1 - UNKNOWN_SHARE_MAX) * whole:
            continue
        usual = part / used.get(day, 1.0)
        own = usual * share
        shaped = own * _shares(content)[number]
        found.append(
            _Day(
                shaped=shaped,
                model=None if stood is None else own * stood[number],
                said=shaped * typed.uplift,
                came=max(0.0, sum(known.values()) - (usual - own)),
            )
        )
    return found


def _lift(used: EventUsed) -> float:
    """What an event makes of the mean of a day: its factor is a median, and unsure."""
    if not used.is_given or used.factor_p10 <= 0:
        return used.factor
    deviation = log(used.factor_p90 / used.factor_p10) / (2 * NORMAL_90)
    return used.factor * exp(deviation**2 / 2)


def _touched(
    content: EventContent, outlook: Outlook, serving: ServingDepots
) -> Mapping[int, SeriesKey]:
    """Rows and keys of the series that it is for, as the forecast took it; else by its scope."""
    days = set(_days(content))
    used = (each for each in outlook.events if each.name == content.name and each.day in days)
    series = next((each.series for each in used), None)
    keys = dict(enumerate(outlook.series))
    if series is not None:
        return {row: key for row, key in keys.items() if key.text in series}
    is_all, placed = content.scope == EVERYWHERE, serving.placed(outlook.series)
    return {row: key for row, key in keys.items() if is_all or content.scope.touches(placed[row])}


def _count(counts: DayCounts, key: SeriesKey, day: date) -> int | None:
    return counts[key].get(day) if key in counts else None
