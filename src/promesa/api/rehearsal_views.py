"""Rehearsals as they go over the wire; every figure of one is simulated."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from promesa.api.decoding import View
from promesa.promising.rehearsal.case import FleetKind, Size
from promesa.promising.rehearsal.making import Asked
from promesa.promising.rehearsal.outcome import Figure, Rehearsal, WayResult
from promesa.promising.rehearsal.repository import RehearsalRecord


class RehearsalFigureView(View):
    """Over the scenarios that were run: the mean, the least and the most."""

    mean: float
    low: float
    high: float


class RehearsalDayView(View):
    """A day of one way. ``kept`` is null where nothing was promised for it.

    ``room`` is how many stops its vans make on a usual day; ``behind`` how many parcels whose
    promise is broken were still here at night.
    """

    day: date
    came: float
    lost: float
    due: float
    kept: float | None
    delivered: float
    vans: float
    room: float
    behind: float


class RehearsalWayView(View):
    """What one way to promise, with one fleet, came to.

    ``fixed_days`` is null for promises by capacity, and ``stated`` for fixed ones, which state no
    odds. ``kept`` and the days promised are null where nothing was promised. ``missing`` are vans
    of all days together that can be had nowhere.
    """

    fleet: FleetKind
    fixed_days: int | None
    kept: RehearsalFigureView | None
    worst_kept: float | None
    worst_day: date | None
    stated: float | None
    stated_kept: float | None
    days_promised: RehearsalFigureView | None
    days_p90: int | None
    lost_share: float
    refused: float
    broken: float
    cost_clp: int
    fleet_clp: int
    broken_clp: int
    lost_clp: int
    van_days: float
    behind_max: float
    missing: int
    days: list[RehearsalDayView]


class RehearsalSummary(View):
    """A rehearsal in the list."""

    id: UUID
    name: str
    size: Size
    first: date
    last: date
    seeds: int
    made_at: datetime
    author: str | None
    sentence: str


class RehearsalView(View):
    """A rehearsal that was run. ``usual`` and ``peak`` are orders of such a day.

    The first ``unfolded`` sentences say it in short. ``lost_sale_clp`` and ``broken_promise_clp``
    are what a lost sale and a broken promise were taken to cost, null in old rehearsals;
    ``is_lost_assumed`` says that nobody gave the first.
    """

    id: UUID
    name: str
    size: Size
    first: date
    last: date
    seeds: int
    seed: int
    made_at: datetime
    author: str | None
    is_simulated: bool
    orders: float
    usual: float
    peak: float
    peak_day: date
    sentences: list[str]
    unfolded: int
    lost_sale_clp: int | None
    is_lost_assumed: bool
    broken_promise_clp: int | None
    notes: list[str]
    ways: list[RehearsalWayView]


class RehearsedEventView(View):
    """An event of the forecast that can be rehearsed, with the days around it.

    It begins on ``start``; a rehearsal takes in ``first`` to ``last``.
    """

    name: str
    start: date
    first: date
    last: date


class RehearsalChoiceView(View):
    """What a rehearsal was asked with: each fleet with every number of days, and by capacity."""

    first: date
    last: date
    size: Size
    seeds: int
    fixed_days: list[int]
    by_capacity: bool
    fleets: list[FleetKind]
    lost_sale_clp: int | None


class RehearsalRunView(View):
    """The one that runs now, if any, and what it was asked with.

    ``failure`` says why the last one came to nothing; ``newest`` is the last one that was kept
    since the server began.
    """

    is_running: bool
    name: str
    asked: RehearsalChoiceView | None
    progress: float
    failure: str | None
    newest: UUID | None


class RehearsalsView(View):
    """What can be rehearsed, and what was rehearsed before.

    ``first_day`` and ``last_day`` of the forecast are null where there is nothing to rehearse.
    """

    first_day: date | None
    last_day: date | None
    events: list[RehearsedEventView]
    items: list[RehearsalSummary]


def view_rehearsal(record: RehearsalRecord, author: str | None) -> RehearsalView:
    """A whole one."""
    done: Rehearsal = record.rehearsal
    return RehearsalView(
        id=record.id,
        name=done.name,
        size=done.size,
        first=done.first,
        last=done.last,
        seeds=done.seeds,
        seed=done.seed,
        made_at=record.made_at,
        author=author,
        is_simulated=True,
        orders=done.orders,
        usual=done.usual,
        peak=done.peak,
        peak_day=done.peak_day,
        sentences=list(done.sentences),
        unfolded=done.unfolded,
        lost_sale_clp=done.lost_sale_clp,
        is_lost_assumed=done.is_lost_assumed,
        broken_promise_clp=done.broken_promise_clp,
        notes=list(done.notes),
        ways=[_way(each) for each in done.results],
    )


def view_choice(asked: Asked) -> RehearsalChoiceView:
    """The choice of who asked."""
    manners = dict.fromkeys(way.fixed_days for way in asked.ways)
    return RehearsalChoiceView(
        first=asked.first,
        last=asked.last,
        size=asked.size,
        seeds=asked.seeds,
        fixed_days=[days for days in manners if days is not None],
        by_capacity=None in manners,
        fleets=list(dict.fromkeys(way.fleet for way in asked.ways)),
        lost_sale_clp=asked.lost_sale_clp,
    )


def view_summary(record: RehearsalRecord, author: str | None) -> RehearsalSummary:
    """A line of the list."""
    done = record.rehearsal
    return RehearsalSummary(
        id=record.id,
        name=done.name,
        size=done.size,
        first=done.first,
        last=done.last,
        seeds=done.seeds,
        made_at=record.made_at,
        author=author,
        sentence=done.sentences[0] if done.sentences else "",
    )


def _way(result: WayResult) -> RehearsalWayView:
    return RehearsalWayView(
        fleet=result.way.fleet,
        fixed_days=result.way.fixed_days,
        kept=_figure(result.kept),
        worst_kept=result.worst_kept,
        worst_day=result.worst_day,
        stated=result.stated,
        stated_kept=result.stated_kept,
        days_promised=_figure(result.days_promised),
        days_p90=result.days_p90,
        lost_share=result.lost_share,
        refused=result.refused,
        broken=result.broken,
        cost_clp=result.cost_clp,
        fleet_clp=result.fleet_clp,
        broken_clp=result.broken_clp,
        lost_clp=result.lost_clp,
        van_days=result.van_days,
        behind_max=result.behind_max,
        missing=result.missing,
        days=[
            RehearsalDayView(
                day=day.date,
                came=day.came,
                lost=day.lost,
                due=day.due,
                kept=day.kept,
                delivered=day.delivered,
                vans=day.vans,
                room=day.room,
                behind=day.behind,
            )
            for day in result.days
        ],
    )


def _figure(figure: Figure | None) -> RehearsalFigureView | None:
    if figure is None:
        return None
    return RehearsalFigureView(mean=figure.mean, low=figure.low, high=figure.high)
