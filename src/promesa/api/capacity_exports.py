"""The capacity board to take away, with the what-ifs that stand beside it on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from litestar import Response, Router, get
from litestar.params import Parameter

from promesa.api.capacity import SeenBoard, Target, see_board, view_seen
from promesa.api.capacity_views import CapacityDayView, CapacityView, DepotCapacityView
from promesa.api.capacity_what_if import ChangeBody, change_name, compare
from promesa.api.compared_views import UNPRICED, ComparedRow
from promesa.api.decoding import decode_strictly
from promesa.api.printed_outlook import capacity_page
from promesa.api.printing import ScreenFormat, masthead_of, screen_response
from promesa.domain.actor import Permission
from promesa.planning.capacity.what_if import ChangeInvalidError
from promesa.planning.capacity.words import cut_share
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.tables import PESOS, SHARE_TENTH, TENTH, WHOLE, Cell, Sheet

# As many as the screen holds side by side; each is a search of its own.
WHAT_IFS_MAX = 8
CHANGE_CHARS_MAX = 1_000

COLUMNS = (
    "fecha",
    "CD",
    "código del CD",
    "entregas",
    "necesarias en un día medio",
    "necesarias para cubrir 97 de 100 días",
    "para la meta",
    "propias",
    "propias pagadas",
    "propias sin turno",
    "contratadas",
    "al día",
    "faltan",
    "costo CLP",
    "de eso supuesto CLP",
    "se cumple",
    "al menos, 19 de 20 veces",
    "entregas del evento",
)
_COUNTS = 9
FORMATS = (
    None, None, None, TENTH, *[WHOLE] * _COUNTS, PESOS, PESOS, SHARE_TENTH, SHARE_TENTH, None,
)  # fmt: skip
COMPARED_COLUMNS = (
    "plan",
    "se cumple",
    "no se entregan",
    "costo camionetas CLP",
    "promesas incumplidas CLP",
    "costo total CLP",
    "faltan, camionetas-día",
    "peor día",
    "se cumple ese día",
    "puntos de más",
    "costo de más CLP",
    "comunas que toma",
    "observaciones",
)
COMPARED_FORMATS = (
    None, SHARE_TENTH, WHOLE, PESOS, PESOS, PESOS, WHOLE, None, SHARE_TENTH, TENTH, PESOS,
    None, None,
)  # fmt: skip
WhatIfs = Annotated[
    list[Annotated[str, Parameter(max_length=CHANGE_CHARS_MAX)]] | None,
    Parameter(
        query="what_if",
        max_items=WHAT_IFS_MAX,
        description="Changes to compare, as JSON: the body of a what-if without its target.",
    ),
]


@get(
    "/v1/exports/capacity/{kind:str}",
    access=Permission.READ_OPERATION,
    summary="Capacity of the days to come as a table",
)
async def export_capacity(
    kind: ScreenFormat,
    platform: Platform,
    caller: Caller,
    target: Target = None,
    what_ifs: WhatIfs = None,
) -> Response[bytes]:
    """A row for each depot and day, at ``target`` or at each depot's own.

    The changes asked for are reckoned anew, on a sheet of their own or on the page; a table of
    text holds the days alone.
    """
    if what_ifs:
        caller.actor.require(Permission.PLAN)
    changes = [decode_strictly(each.encode(), ChangeBody) for each in what_ifs or ()]
    seen = await see_board(platform, caller, target)
    view = await view_seen(platform, caller, seen, target)
    rows: list[ComparedRow] = []
    if kind is not ScreenFormat.CSV:
        rows = await _compared(platform, caller, seen, changes)
    masthead = await masthead_of(platform, caller)
    sheets = [capacity_sheet(view), *([compared_sheet(rows)] if rows else [])]
    return await screen_response(
        kind, "capacidad", sheets, lambda: capacity_page(view, masthead, rows)
    )


async def _compared(
    platform: Platform, caller: Caller, seen: SeenBoard, changes: Sequence[ChangeBody]
) -> list[ComparedRow]:
    """The plan as it is, and each change below; one that can't be tried says why."""
    rows: list[ComparedRow] = []
    for change in changes:
        try:
            found = await compare(platform, caller, seen, change)
        except ChangeInvalidError as error:
            rows.append(ComparedRow(name=change_name(seen, change), failure=error.sentence))
            continue
        base, plan = found.items
        if not any(row.is_base for row in rows):
            rows.insert(0, ComparedRow(name=base.name, plan=base, base=base))
        rows.append(ComparedRow(name=plan.name, plan=plan, base=base))
    return rows


def compared_sheet(rows: Sequence[ComparedRow]) -> Sheet:
    """A row for each plan; what cannot be tried has its reason and no figures."""
    return Sheet(
        title="Comparación",
        columns=COMPARED_COLUMNS,
        rows=[list(_compared_cells(row)) for row in rows],
        formats=COMPARED_FORMATS,
    )


def _compared_cells(row: ComparedRow) -> Iterator[Cell]:
    yield row.name
    plan, base = row.plan, row.base
    if plan is None or base is None:
        yield from [None] * (len(COMPARED_COLUMNS) - 2)
        yield row.failure
        return
    yield from (cut_share(plan.kept, 1), round(plan.undelivered))
    yield from (plan.cost_clp, plan.undelivered_clp, plan.total_clp, plan.gap)
    yield from (plan.worst_day, cut_share(plan.worst_kept, 1) if plan.worst_day else None)
    changed = not row.is_base
    yield round((plan.kept - base.kept) * 100, 1) if changed else None
    yield plan.total_clp - base.total_clp if changed else None
    yield ", ".join(plan.takes)
    yield " ".join([*plan.notes, *([] if plan.undelivered_clp is not None else [UNPRICED])])


def capacity_sheet(view: CapacityView) -> Sheet:
    """A row for each depot and day, and one of them all below.

    Shares are cut as words cut them, and a day without deliveries keeps none: it breaks none.
    """
    rows = [_row(depot, day) for depot in view.depots for day in depot.days]
    days = [day for depot in view.depots for day in depot.days]
    total: list[Cell] = ["Total", "", "", round(sum(day.deliveries for day in days), 1)]
    total += [None, None]
    total += [
        sum(getattr(day, name) for day in days)
        for name in ("ready", "own", "own_paid", "idle", "contracted", "spot", "gap")
    ]
    total += [view.cost_clp, view.cost_assumed_clp, cut_share(view.kept, 1), None, ""]
    return Sheet(
        title="Capacidad", columns=COLUMNS, rows=[*rows, total] if rows else [], formats=FORMATS
    )


def _row(depot: DepotCapacityView, day: CapacityDayView) -> list[Cell]:
    return [
        day.day,
        depot.name,
        depot.depot,
        round(day.deliveries, 1),
        day.needed_p50,
        day.needed_p97,
        day.ready,
        day.own,
        day.own_paid,
        day.idle,
        day.contracted,
        day.spot,
        day.gap,
        day.cost_clp,
        day.cost_assumed_clp,
        cut_share(day.kept, 1) if day.ready else None,
        cut_share(day.kept_bad_day, 1) if day.ready else None,
        day.event or ("" if day.ready else "No se reparte"),
    ]


router = Router(path="", route_handlers=[export_capacity], tags=["capacity"])
