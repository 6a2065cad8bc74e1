"""Uplifts that people wrote of events, beside what stood without them and what came."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from promesa.api.decoding import View
from promesa.api.demand_views import authors_shown
from promesa.api.exports import wall_clock
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.demand.series import DayCounts, SeriesKey
from promesa.planning.demand.serving import AS_NAMED, ServingDepots
from promesa.planning.forecast.judged_uplifts import (
    JudgedUplift,
    TypedUplift,
    Without,
    await_uplift,
    judge_uplift,
    typed_uplift,
)
from promesa.planning.forecast.outlook import Outlook
from promesa.runtime.platform import Caller
from promesa.runtime.repository import PlatformStore
from promesa.runtime.tables import HUNDREDTH, Cell, Sheet

# Events of two years that people wrote; of those that are over each costs two forecasts to read.
WRITTEN_MAX = 500
JUDGED_MAX = 24
COLUMNS = (
    "evento",
    "desde",
    "hasta",
    "comunas",
    "CD",
    "sin el alza escrita",
    "según",
    "alza escrita",
    "llegó",
    "más cerca",
    "días juzgados",
    "autor",
    "escrita",
)
FORMATS = (*(None,) * 5, HUNDREDTH, None, HUNDREDTH, HUNDREDTH, *(None,) * 4)
AWAITED, UNKNOWN = "por ver", "no se sabe lo que llegó"
UNTOLD = "no se sabe qué había sin ella"
LEARNT = "aprendido"
WORDS = {
    Without.FORECAST: "el pronóstico de antes",
    Without.CALENDAR: "el calendario",
    Without.ORDINARY: "un día normal",
}


class JudgedUpliftView(View):
    """An uplift that a person wrote of an event; factors over an ordinary day, in its mean day.

    ``model``: what stood without it, by ``without``: the last forecast made before, the calendar,
    or an ordinary day where there was no event; null where nobody knows. ``was_learnt``: by then
    it was to be learnt from the history, and ``model`` is what had been. ``came`` and ``is_better``
    are null while it is to come or where nobody knows; ``days``: how many are judged. Of a
    merchant's event all are of the merchant's own orders, by its share of an ordinary day.
    """

    event_id: UUID
    name: str
    start: date
    end: date
    comunas: list[str]
    depots: list[str]
    uplift: float
    model: float | None
    without: Without | None
    was_learnt: bool
    came: float | None
    days: int
    is_over: bool
    is_better: bool | None
    author_id: UUID
    author: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedUplifts:
    """What people wrote of events, by first day; ``has_more``: earlier ones are left out."""

    over: tuple[TypedUplift, ...]
    ahead: tuple[TypedUplift, ...]
    has_more: bool


async def typed_between(
    tx: PlatformStore,
    start: date,
    end: date,
    *,
    until: date,
    keys: Sequence[SeriesKey] | None = None,
) -> TypedUplifts:
    """Those of events of a period; over are those whose last day is no later than ``until``.

    Of all, or those that touch a series of ``keys``.
    """
    written = await tx.demand_events.list_written(start, end, limit=WRITTEN_MAX + 1)
    found = [
        typed
        for rows in written[-WRITTEN_MAX:]
        if (typed := typed_uplift(rows))
        and (keys is None or any(map(typed.row.content.scope.touches, keys)))
    ]
    over = [each for each in found if each.days[-1] <= until]
    return TypedUplifts(
        over=tuple(over[-JUDGED_MAX:]),
        ahead=tuple(each for each in found if each.days[-1] > until),
        has_more=len(written) > WRITTEN_MAX or len(over) > JUDGED_MAX,
    )


async def uplift_views(
    tx: PlatformStore,
    caller: Caller,
    typed: TypedUplifts,
    counts: DayCounts,
    serving: ServingDepots = AS_NAMED,
) -> list[JudgedUpliftView]:
    """Each judged as far as it can be: those to come first, then the last ones."""
    found = []
    for number, each in enumerate(typed.ahead):
        is_read = each.was_learnt and number < JUDGED_MAX
        untyped = await _last_outlook(tx, each.touched_at) if is_read else None
        found.append(await_uplift(each, untyped))
    for each in reversed(typed.over):
        begins = ServiceDay(each.days[0]).start
        before_it = await _last_outlook(tx, begins)
        untyped = await _last_outlook(tx, each.touched_at) if each.untouched else None
        found.append(
            await asyncio.to_thread(
                judge_uplift, each, counts, before_it=before_it, untyped=untyped, serving=serving
            )
        )
    authors = await authors_shown(tx, caller, [each.typed.author_id for each in found])
    return [_view(each, authors.get(each.typed.author_id)) for each in found]


def uplift_sheet(found: Sequence[JudgedUpliftView]) -> Sheet:
    """A row for each."""
    rows = [_row(each) for each in found]
    return Sheet(title="Alzas escritas", columns=COLUMNS, rows=rows, formats=FORMATS)


async def _last_outlook(tx: PlatformStore, before: datetime) -> Outlook | None:
    found = await tx.demand_forecasts.find_last_id(before)
    return None if found is None else (await tx.demand_forecasts.get(found)).outlook


def _nearer(view: JudgedUpliftView) -> str:
    if not view.is_over:
        return AWAITED
    if view.came is None:
        return UNKNOWN
    if view.is_better is None:
        return UNTOLD
    return "lo escrito" if view.is_better else "lo que había"


def _known_by(view: JudgedUpliftView) -> list[str]:
    told = [] if view.without is None else [WORDS[view.without]]
    return [*told, LEARNT] if view.was_learnt else told


def _row(view: JudgedUpliftView) -> Sequence[Cell]:
    return (
        view.name,
        view.start,
        view.end,
        ", ".join(view.comunas),
        ", ".join(view.depots),
        view.model,
        ", ".join(_known_by(view)),
        view.uplift,
        view.came,
        _nearer(view),
        view.days,
        view.author,
        wall_clock(view.made_at),
    )


def _view(found: JudgedUplift, author: str | None) -> JudgedUpliftView:
    typed, content = found.typed, found.typed.row.content
    return JudgedUpliftView(
        event_id=typed.row.id,
        name=content.name,
        start=content.start,
        end=content.end,
        comunas=list(content.scope.comunas),
        depots=list(content.scope.depots),
        uplift=typed.uplift,
        model=found.model,
        without=found.without,
        was_learnt=typed.was_learnt,
        came=found.came,
        days=found.days,
        is_over=found.is_over,
        is_better=found.is_better,
        author_id=typed.author_id,
        author=author,
        made_at=typed.made_at,
    )
