"""Events whose uplift was given, or that touch only some series: a prior, moved by what was seen.

Their days are hidden from the models, which forecast the days as they would have been; what an
event adds is estimated here and put on top. An event never seen has its prior alone, so that its
interval is as wide as the one who gave it was unsure; each occurrence seen narrows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from promesa.planning.demand.event import DemandEvent
from promesa.planning.forecast.event_parts import part_lifts, without_lifts

Floats = NDArray[np.float64]

# Deviation of an uplift's logarithm where none was given: half or double, two times in three
# (market figures against one client, the big Black Friday of Olist inside it).
SIGMA_UNSAID = 0.5
# Of that, the part in which each series goes its own way.
OWN_SHARE = 0.3
# How far the days of an event differ from its one uplift, beyond any profile given, and one
# occurrence from another: parts of the uplift's logarithm, and what small events have at least
# (Favorita's Navidad and Black Friday, Cyber days at .39/.28/.33).
DAY_PART, DAY_LEAST = 0.15, 0.08
TURN_PART, TURN_LEAST = 0.1, 0.05
# Who says how sure an uplift is may be too sure: events that the history has say by how much. As
# if so many whose sigma was right had been seen already.
HONEST_EVENTS = 4.0
STRETCH_MAX = 2.5
# One time in ten it is above the interval.
TAIL = 0.9
# An uplift below this is no event but a closed day (`closures.py`).
UPLIFT_MIN = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDay:
    """One day of one occurrence.

    Attributes:
        row: Of the grid, history and days to come.
        turn: Number of the occurrence among those of its name.
        offset: Which day of it, from 0.
        prior: Logarithm of the factor expected before anything was seen.
    """

    row: int
    turn: int
    offset: int
    prior: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEffect:
    """What one given event adds on one day, on average over the series it touches.

    Attributes:
        scope: The series it is for; None for all.
        mean: Logarithm of the factor.
        deviation: How unsure that is.
        together: Of its variance, what the series touched have in common.
        given: Logarithm of the factor that was given, where what was seen has moved it; else None.
    """

    name: str
    scope: frozenset[str] | None
    row: int
    mean: float
    deviation: float
    together: float
    given: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSeen:
    """What an event did in the history itself, whatever uplift was given.

    Attributes:
        factor: Over the days as they would have been, its occurrences averaged.
        times: How many occurrences were seen.
    """

    name: str
    scope: frozenset[str] | None
    factor: float
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What given events add: mean and variance of the logarithm, float64 [days, series].

    Attributes:
        shared: Of the variance, what all series have in common; float64 [days].
        each: The events one by one, since several may add to a day.
        seen: Those that the history has.
    """

    mean: Floats
    variance: Floats
    shared: Floats
    each: tuple[EventEffect, ...] = ()
    seen: tuple[EventSeen, ...] = ()


def last_said(events: Sequence[DemandEvent], last: date) -> list[DemandEvent]:
    """The events, none with an uplift whose next occurrence after ``last`` is to be learnt.

    Who takes the uplift off the next one has all those seen teach it.
    """
    newest: dict[tuple[str, frozenset[str] | None], DemandEvent] = {}
    for event in sorted(events, key=lambda each: each.start):
        before = newest.get((event.name, event.series))
        if before is None or before.end <= last:
            newest[event.name, event.series] = event
    return [
        replace(event, uplift=None, sigma=None)
        if newest[event.name, event.series].uplift is None and event.end <= last
        else event
        for event in events
    ]


def is_given(event: DemandEvent) -> bool:
    """Whether the event is estimated here and not learnt by the models."""
    if event.uplift is not None:
        return event.uplift >= UPLIFT_MIN
    return event.series is not None


def event_mask(
    days: Sequence[date], series: Sequence[str], events: Sequence[DemandEvent]
) -> NDArray[np.bool_]:
    """Which days of which series are of a given event; bool [days, series]."""
    mask = np.zeros((len(days), len(series)), dtype=bool)
    for event in filter(is_given, events):
        rows = np.array([day.row for day in _event_days([event], days)], dtype=np.int64)
        mask[np.ix_(rows, touched(event, series))] = True
    return mask


def prior_effects(
    days: Sequence[date], series: Sequence[str], events: Sequence[DemandEvent]
) -> Floats:
    """What given events add by their priors alone: logarithms, float64 [days, series]."""
    found = np.zeros((len(days), len(series)))
    for same in _by_name_and_scope(events).values():
        columns, own = touched(same[0], series), _event_days(same, days)
        lifts, _ = _parts(same, own, [series[column] for column in columns])
        for place, day in enumerate(own):
            found[day.row, columns] += day.prior + lifts[place]
    return found


def touched(event: DemandEvent, series: Sequence[str]) -> NDArray[np.int64]:
    """Columns of the series that the event is for."""
    return np.array([c for c, name in enumerate(series) if event.touches(name)], dtype=np.int64)


def estimate_effects(
    days: Sequence[date],
    series: Sequence[str],
    events: Sequence[DemandEvent],
    *,
    residuals: Floats,
    noise: Floats,
) -> Effects:
    """What each given event adds on each of its days.

    Args:
        days: History and days to come.
        series: Names of the columns.
        events: All events; those to be learnt by the models are passed over.
        residuals: Logarithm of what was seen over what it would have been without events; float64
            [history, series], NaN where unknown.
        noise: Variance of it, the same shape.
    """
    mean = np.zeros((len(days), len(series)))
    variance, shared = np.zeros_like(mean), np.zeros(len(days))
    left, each, seen = residuals.copy(), list[EventEffect](), list[EventSeen]()
    stretch = _stretch(days, series, events, residuals)
    # The greatest first: what is left of a day goes to the smaller one.
    for key, same in sorted(_by_name_and_scope(events).items(), key=lambda item: -_size(item[1])):
        columns = touched(same[0], series)
        found = _event_days(same, days)
        if not found or not len(columns):
            continue
        rows = np.array([day.row for day in found])
        lifts, spread = _parts(same, found, [series[column] for column in columns])
        alike = without_lifts(left[:, columns], rows, lifts)
        seen += _seen(same, found, alike)
        effect, common, own = _one_event(same, found, alike, noise[:, columns], stretch)
        mean[np.ix_(rows, columns)] += effect + lifts
        variance[np.ix_(rows, columns)] += (common[:, None] + own) * np.square(spread)
        if same[0].series is None:
            shared[rows] += common
        deviation = np.sqrt(common + own.mean())
        held = _held(same, found, _told(rows, left[:, columns]))
        told = zip(rows, effect.mean(axis=1), deviation, common, held, strict=True)
        for row, of_day, unsure, together, given in told:
            each.append(
                EventEffect(
                    name=key[0],
                    scope=key[1],
                    row=int(row),
                    mean=float(of_day),
                    deviation=float(unsure),
                    together=float(together),
                    given=given,
                )
            )
        past = rows < len(left)
        left[np.ix_(rows[past], columns)] -= (effect + lifts)[past]
    return Effects(mean=mean, variance=variance, shared=shared, each=tuple(each), seen=tuple(seen))


def _by_name_and_scope(
    events: Sequence[DemandEvent],
) -> dict[tuple[str, frozenset[str] | None], list[DemandEvent]]:
    """Occurrences of each event; of two that overlap, the later or shorter one comes last."""
    groups: dict[tuple[str, frozenset[str] | None], list[DemandEvent]] = {}
    given = filter(is_given, events)
    for event in sorted(given, key=lambda event: (event.start, -event.end.toordinal())):
        groups.setdefault((event.name, event.series), []).append(event)
    return groups


def _size(events: Sequence[DemandEvent]) -> float:
    return max(abs(np.log(event.uplift)) if event.uplift else 0.0 for event in events)


def _sigma(events: Sequence[DemandEvent]) -> float:
    """Of the next occurrence: what its author believes now."""
    last = events[-1]
    return SIGMA_UNSAID if last.sigma is None else last.sigma


def _doubted_sigma(events: Sequence[DemandEvent], stretch: float) -> float:
    """Never below what was stated; above it, no more than of one who states nothing."""
    sigma = _sigma(events)
    return min(sigma * stretch, max(sigma, SIGMA_UNSAID))


def _stretch(
    days: Sequence[date], series: Sequence[str], events: Sequence[DemandEvent], residuals: Floats
) -> float:
    """How many times the stated sigma of an event never seen is meant; never below 1.

    Of each event with a stated sigma that the history has, how far its days were from what was
    given, in deviations of what was to be expected; the mean square of them, drawn to 1. A sigma
    known from so few is itself unsure: the tails are those of Student's t.
    """
    squares = []
    for same in _by_name_and_scope(events).values():
        if same[-1].uplift is None or same[-1].sigma is None:
            continue
        columns, found = touched(same[0], series), _event_days(same, days)
        rows = np.array([day.row for day in found], dtype=np.int64)
        lifts, _ = _parts(same, found, [series[column] for column in columns])
        own = without_lifts(residuals[:, columns], rows, lifts)
        told = _told(rows, own)
        if not len(told):
            continue
        off = np.mean([np.nanmean(own[found[n].row]) - found[n].prior for n in told])
        # The days and the occurrences of an event differ even so.
        size, turns = _size(same), len({found[n].turn for n in told})
        day = max(DAY_LEAST, DAY_PART * size) ** 2 / len(told)
        turn = max(TURN_LEAST, TURN_PART * size) ** 2 / turns
        squares.append(off**2 / (_sigma(same) ** 2 + day + turn))
    freedom = HONEST_EVENTS + len(squares)
    mean = (HONEST_EVENTS + sum(squares)) / freedom
    tails = stdtrit(freedom, TAIL) / ndtri(TAIL)
    return float(np.clip(np.sqrt(mean), 1.0, STRETCH_MAX) * tails)


def _parts(
    events: Sequence[DemandEvent], found: Sequence[EventDay], series: Sequence[str]
) -> tuple[Floats, Floats]:
    return part_lifts(events, [(day.turn, day.offset) for day in found], series)


def _event_days(events: Sequence[DemandEvent], days: Sequence[date]) -> list[EventDay]:
    """The days of one event; where two of its rows overlap, the last one says the day."""
    first, count = days[0], len(days)
    found: dict[int, EventDay] = {}
    for turn, event in enumerate(events):
        prior = np.log(event.uplift) if event.uplift else 0.0
        for offset in range((event.end - event.start).days + 1):
            row = (event.start + timedelta(days=offset) - first).days
            if 0 <= row < count:
                factor = event.profile[offset] if offset < len(event.profile) else 1.0
                lift = prior + np.log(max(factor, 1e-3))
                found[row] = EventDay(row=row, turn=turn, offset=offset, prior=lift)
    return list(found.values())


def _one_event(
    events: Sequence[DemandEvent],
    found: Sequence[EventDay],
    residuals: Floats,
    noise: Floats,
    stretch: float,
) -> tuple[Floats, Floats, Floats]:
    """Effect of one event, [its days, series touched]; variance shared [its days], own [series].

    What its days share over all series is a small Gaussian process; what a series has besides is
    shrunk towards nothing by the days it was seen on.
    """
    rows = np.array([day.row for day in found])
    told = _told(rows, residuals)
    prior = _priors(events, found, told)
    # Of an event that was seen its own days say how unsure it is.
    size, sigma = _size(events), _sigma(events) if len(told) else _doubted_sigma(events, stretch)
    own = OWN_SHARE * sigma**2
    covariance = _likeness(found, size, sigma**2 - own)
    common, unsure = prior, np.diagonal(covariance).copy()
    firm = _firm(events, found, told)
    if len(told):
        values = residuals[rows[told]]
        counts = (~np.isnan(values)).sum(axis=1)
        average = np.nanmean(values, axis=1)
        error = np.nanmean(noise[rows[told]], axis=1) / counts + own / counts
        gain = np.linalg.solve(covariance[np.ix_(told, told)] + np.diag(error), covariance[told]).T
        common = prior + gain @ (average - prior[told])
        unsure = np.diagonal(covariance - gain @ covariance[told])
        common = np.where(firm, prior, common)
        stated = _likeness(found, size, _doubted_sigma(events, stretch) ** 2 - own)
        unsure = np.where(firm, np.diagonal(stated), unsure)
    extra, own_unsure = _own(residuals, noise, rows[told], common[told], own)
    # Series differ as they did; what is taken as it was said stays so in their mean.
    each = extra - np.where(firm, extra.mean(), 0.0)[:, None]
    return common[:, None] + each, np.maximum(unsure, 0.0), own_unsure


def _priors(
    events: Sequence[DemandEvent], found: Sequence[EventDay], told: NDArray[np.int64]
) -> Floats:
    """Of each day, logarithms; those seen by the uplift of the next one, whatever was said of them.

    So what they did is held against what is said now: a past one that was corrected had else
    nothing to teach.
    """
    seen = {found[place].turn for place in told}
    ahead = [
        turn for turn in range(len(events)) if turn not in seen and turn > max(seen, default=0)
    ]
    following = events[ahead[0]].uplift if seen and ahead else None

    def shift(day: EventDay) -> float:
        own = events[day.turn].uplift
        return float(np.log(following / own)) if day.turn in seen and following and own else 0.0

    return np.array([day.prior + shift(day) for day in found])


def _firm(
    events: Sequence[DemandEvent], found: Sequence[EventDay], told: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Days of occurrences to come whose uplift is taken as it was said; bool [days].

    Who said it knows what the last one did, so that it must not be held against theirs again.
    """
    seen = {found[place].turn for place in told}
    return np.array([day.turn not in seen and events[day.turn].is_firm for day in found])


def _held(
    events: Sequence[DemandEvent], found: Sequence[EventDay], told: NDArray[np.int64]
) -> list[float | None]:
    """Of each day, what was given for it where it is held against what was seen; logarithms."""
    firm = _firm(events, found, told)
    is_held = [
        bool(len(told)) and not sure and events[day.turn].uplift is not None
        for day, sure in zip(found, firm, strict=True)
    ]
    return [day.prior if held else None for day, held in zip(found, is_held, strict=True)]


def _seen(
    events: Sequence[DemandEvent], found: Sequence[EventDay], residuals: Floats
) -> list[EventSeen]:
    """What the event did each time, on average; nothing where it was never seen."""
    by_turn: dict[int, list[float]] = {}
    for place in _told(np.array([day.row for day in found]), residuals):
        day = found[place]
        given = events[day.turn].uplift
        profile = day.prior - (np.log(given) if given else 0.0)
        value = float(np.nanmean(residuals[day.row])) - profile
        by_turn.setdefault(day.turn, []).append(value)
    if not by_turn:
        return []
    factor = float(np.exp(np.mean([np.mean(values) for values in by_turn.values()])))
    name, scope, share = events[0].name, events[0].series, events[-1].share
    # Of a merchant's, what its own orders did.
    factor = 1 + (factor - 1) / share if share else factor
    return [EventSeen(name=name, scope=scope, factor=max(factor, UPLIFT_MIN), times=len(by_turn))]


def _told(rows: NDArray[np.int64], residuals: Floats) -> NDArray[np.int64]:
    """Which of the event's days are past and known for at least one series."""
    told = [
        n
        for n, row in enumerate(rows)
        if row < len(residuals) and not np.isnan(residuals[row]).all()
    ]
    return np.array(told, dtype=np.int64)


def _likeness(found: Sequence[EventDay], size: float, shared: float) -> Floats:
    """Prior covariance of the days of an event over all its occurrences."""
    offsets = np.array([day.offset for day in found])
    turns = np.array([day.turn for day in found])
    same_day = offsets[:, None] == offsets[None, :]
    same_turn = turns[:, None] == turns[None, :]
    day = max(DAY_LEAST, DAY_PART * size) ** 2
    turn = max(TURN_LEAST, TURN_PART * size) ** 2
    # A day of one occurrence differs a little from the same day of another.
    return np.asarray(shared + day * same_day + turn * same_turn + (same_day & same_turn) * day / 4)


def _own(
    residuals: Floats, noise: Floats, rows: NDArray[np.int64], common: Floats, own: float
) -> tuple[Floats, Floats]:
    """What each series adds to the common effect, and how unsure that is; [series] each."""
    if not len(rows):
        return np.zeros(residuals.shape[1]), np.full(residuals.shape[1], own)
    values = residuals[rows] - common[:, None]
    counts = (~np.isnan(values)).sum(axis=0)
    error = noise[rows].mean(axis=0)
    weight = counts * own / (counts * own + error) if own > 0 else np.zeros(len(counts))
    mean = np.nansum(values, axis=0) / np.maximum(counts, 1)
    return weight * mean, (1 - weight) * own
