"""The capacity board: what each depot and day needs, what there is of it, and what if."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

import msgspec
from litestar import Response, Router, get, post
from litestar.params import Parameter

from promesa.api.capacity_terms import shown_terms
from promesa.api.capacity_views import (
    CapacityTermsView,
    CapacityView,
    ComparedView,
    Lacking,
    WhatIfView,
    view_delivery,
    view_depot,
)
from promesa.api.decoding import Wire
from promesa.api.printed_outlook import capacity_page
from promesa.api.printing import ScreenFormat, masthead_of, screen_response
from promesa.dispatch.capacity_desk import gather_board, list_driven, orders_by_hour
from promesa.domain.actor import Permission
from promesa.kernel.errors import ConflictError
from promesa.planning.capacity.board import (
    DepotBoard,
    board_sentences,
    headline,
    make_board,
    whole_plan,
)
from promesa.planning.capacity.board_case import BoardCase, BoardInputs
from promesa.planning.capacity.board_changes import (
    AS_IT_IS,
    Change,
    changed_case,
    compared_board,
)
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.terms import TARGET_MAX, TARGET_MIN, VEHICLES_MAX
from promesa.planning.capacity.what_if import compared_sentences
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.tables import Cell, Sheet

COLUMNS = (
    "fecha",
    "CD",
    "entregas",
    "necesarias p50",
    "necesarias p97",
    "para la meta",
    "propias",
    "contratadas",
    "al día",
    "faltan",
    "costo CLP",
    "de eso supuesto CLP",
    "se cumple %",
    "al menos, 19 de 20 veces %",
    "evento",
)
Target = Annotated[float | None, Parameter(ge=TARGET_MIN, le=TARGET_MAX)]


class NoBoardError(ConflictError):
    """There is nothing to compare with yet."""

    code: ClassVar[str] = "capacity_without_board"
    message: ClassVar[str] = (
        "Todavía no hay tablero de capacidad: hacen falta un pronóstico y vehículos."
    )


class WhatIfBody(Wire):
    """Own vehicles fewer, another hour of the cut-off, or both; of every depot without ``depot``.

    ``target`` is the share of promises to keep; each depot's own by default.
    """

    vehicles_less: Annotated[int, msgspec.Meta(ge=0, le=VEHICLES_MAX)] = 0
    cut_off: Annotated[int, msgspec.Meta(ge=0, le=24)] | None = None
    depot: Annotated[str, msgspec.Meta(min_length=1, max_length=80)] | None = None
    target: Annotated[float, msgspec.Meta(ge=TARGET_MIN, le=TARGET_MAX)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A board with what it was made from; ``made`` is None without a forecast."""

    made_at: datetime | None = None
    inputs: BoardInputs | None = None
    made: BoardCase | None = None
    boards: tuple[DepotBoard, ...] = ()
    targets: Mapping[str, float] | None = None
    terms: Mapping[str, CapacityTermsView] | None = None

    @property
    def lacking(self) -> Lacking | None:
        """Why there is no board."""
        if self.inputs is None or self.inputs.outlook.days[-1] < self.inputs.first_day:
            return Lacking.FORECAST
        if not self.inputs.depots:
            return Lacking.DEPOTS
        if not self.inputs.fleet.active:
            return Lacking.VEHICLES
        return None if self.boards else Lacking.ZONES


@get("/v1/capacity", access=Permission.READ_OPERATION, summary="Capacity of the days to come")
async def see_capacity(platform: Platform, caller: Caller, target: Target = None) -> CapacityView:
    """Every depot and day of the forecast, at ``target`` or at each depot's own."""
    return _view(await _see(platform, caller, target), target)


@post(
    "/v1/capacity/what-if",
    access=Permission.PLAN,
    status_code=200,
    summary="Capacity with fewer vans or another cut-off",
)
async def what_if(data: WhatIfBody, platform: Platform, caller: Caller) -> WhatIfView:
    """The plan as it is and the changed one, in the same scenarios; nothing is kept."""
    seen = await _see(platform, caller, data.target)
    case = seen.made.case if seen.made else None
    if case is None or seen.inputs is None or seen.targets is None:
        raise NoBoardError
    change = Change(vehicles_less=data.vehicles_less, cut_off=data.cut_off, depot=data.depot)
    hours: tuple[float, ...] = ()
    if change.cut_off is not None:
        async with platform.transaction(caller.tenant_id) as tx:
            hours = await orders_by_hour(tx, today=today(platform))
    changed = await asyncio.to_thread(_changed, case, change, hours, seen)
    compared = (compared_board(AS_IT_IS, seen.boards), compared_board(change.name, changed))
    sentences = compared_sentences(compared)
    return WhatIfView(
        items=[
            ComparedView(
                name=each.name,
                sentence=sentence,
                cost_clp=round(each.plan.cost_clp),
                kept=each.plan.kept,
                gap=each.gap,
                worst_day=each.plan.worst.date if each.plan.worst else None,
                worst_kept=each.plan.worst.kept if each.plan.worst else 1.0,
            )
            for each, sentence in zip(compared, sentences, strict=True)
        ]
    )


@get(
    "/v1/exports/capacity/{kind:str}",
    access=Permission.READ_OPERATION,
    summary="Capacity of the days to come as a table",
)
async def export_capacity(
    kind: ScreenFormat, platform: Platform, caller: Caller, target: Target = None
) -> Response[bytes]:
    """A row for each depot and day, at ``target`` or at each depot's own."""
    view = _view(await _see(platform, caller, target), target)
    rows: list[list[Cell]] = [
        [
            day.day.isoformat(),
            depot.depot,
            round(day.deliveries, 1),
            day.needed_p50,
            day.needed_p97,
            day.ready,
            day.own,
            day.contracted,
            day.spot,
            day.gap,
            day.cost_clp,
            day.cost_assumed_clp,
            round(day.kept * 100, 1),
            round(day.kept_bad_day * 100, 1),
            day.event,
        ]
        for depot in view.depots
        for day in depot.days
    ]
    masthead = await masthead_of(platform, caller)
    sheets = [Sheet(title="Capacidad", columns=COLUMNS, rows=rows)]
    return await screen_response(kind, "capacidad", sheets, lambda: capacity_page(view, masthead))


def _changed(
    case: CapacityCase, change: Change, hours: tuple[float, ...], seen: _Seen
) -> tuple[DepotBoard, ...]:
    assert seen.inputs is not None
    assert seen.targets is not None
    cut_off = seen.inputs.rule.cut_off.at
    return make_board(changed_case(case, change, hours, cut_off), seen.targets)


async def _see(platform: Platform, caller: Caller, target: float | None) -> _Seen:
    async with platform.transaction(caller.tenant_id) as tx:
        record = await tx.demand_forecasts.find_newest()
        if record is None:
            return _Seen()
        day, boards = today(platform), platform.capacity_boards
        driven = await boards.driven(caller.tenant_id, day, lambda: list_driven(tx, today=day))
        inputs = await gather_board(tx, record, today=day, driven=driven)
        terms = await shown_terms(tx, caller, list(inputs.depots))
    made = await boards.case(caller.tenant_id, inputs, platform.city)
    targets = {each.code: target or inputs.terms_of(each).target for each in inputs.depots}
    return _Seen(
        made_at=record.made_at,
        inputs=inputs,
        made=made,
        boards=await boards.boards(caller.tenant_id, inputs, made, targets),
        targets=targets,
        terms={each.depot: each for each in terms},
    )


def _view(seen: _Seen, target: float | None) -> CapacityView:
    lacking, plan = seen.lacking, whole_plan(seen.boards)
    depots = []
    if seen.inputs is not None and seen.made is not None and seen.terms is not None:
        depots = [
            view_depot(board, seen.made, seen.inputs, seen.terms[board.depot])
            for board in seen.boards
        ]
    return CapacityView(
        lacking=lacking,
        made_at=seen.made_at,
        target=target,
        cost_clp=round(plan.cost_clp),
        cost_assumed_clp=sum(each.cost_assumed_clp for each in depots),
        kept=plan.kept,
        gap=sum(board.gap for board in seen.boards),
        headline=headline(seen.boards) if depots else "",
        sentences=list(board_sentences(seen.boards)),
        faults=list(seen.made.faults) if seen.made else [],
        delivery=view_delivery(seen.inputs) if seen.inputs else None,
        depots=depots,
    )


router = Router(path="", route_handlers=[see_capacity, what_if, export_capacity], tags=["capacity"])
