"""The capacity board: what each depot and day needs, and what there is of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from litestar import Router, get
from litestar.params import Parameter

from promesa.api.capacity_terms import shown_terms
from promesa.api.capacity_views import (
    CapacityTermsView,
    CapacityView,
    Lacking,
    LeftOutView,
    view_delivery,
    view_depot,
    view_free,
)
from promesa.dispatch.capacity_desk import gather_board, list_driven
from promesa.domain.actor import Permission
from promesa.planning.capacity.board import DepotBoard, whole_plan
from promesa.planning.capacity.board_case import BoardCase, BoardInputs
from promesa.planning.capacity.board_words import NOWHERE, Around, board_sentences, headline
from promesa.planning.capacity.next_door import NOBODY, NextDoor
from promesa.planning.capacity.shift_gaps import DayLack, Lack, board_lacks
from promesa.planning.capacity.terms import TARGET_MAX, TARGET_MIN
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Caller, Platform

Target = Annotated[float | None, Parameter(ge=TARGET_MIN, le=TARGET_MAX)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBoard:
    """A board with what it was made from; ``made`` is None without a forecast."""

    made_at: datetime | None = None
    inputs: BoardInputs | None = None
    made: BoardCase | None = None
    boards: tuple[DepotBoard, ...] = ()
    targets: Mapping[str, float] | None = None
    terms: Mapping[str, CapacityTermsView] | None = None
    is_forecasting: bool = False

    @property
    def lacking(self) -> Lacking | None:
        """Why there is no board."""
        if self.inputs is None or self.inputs.outlook.days[-1] < self.inputs.first_day:
            return Lacking.FORECAST_UNDER_WAY if self.is_forecasting else Lacking.FORECAST
        if not self.inputs.depots:
            return Lacking.DEPOTS
        if not self.inputs.fleet.active:
            return Lacking.VEHICLES
        return None if self.boards else Lacking.ZONES


@get("/v1/capacity", access=Permission.READ_OPERATION, summary="Capacity of the days to come")
async def see_capacity(platform: Platform, caller: Caller, target: Target = None) -> CapacityView:
    """Every depot and day of the forecast, at ``target`` or at each depot's own."""
    return await view_seen(platform, caller, await see_board(platform, caller, target), target)


async def view_seen(
    platform: Platform, caller: Caller, seen: SeenBoard, target: float | None
) -> CapacityView:
    """A board with all that is told beside it at the depots' own targets."""
    others = await see_next_door(platform, caller, seen, target)
    lacks: tuple[DayLack, ...] = ()
    # *Turnos* counts for the depots' own targets.
    if target is None and seen.inputs is not None:
        lacks = await asyncio.to_thread(board_lacks, seen.inputs, seen.boards)
    return view_board(seen, target, others, lacks)


async def see_board(platform: Platform, caller: Caller, target: float | None) -> SeenBoard:
    """The board at a target, or at each depot's own, with what it was made from."""
    is_forecasting = platform.forecastings.of(caller.tenant_id).slip is not None
    async with platform.transaction(caller.tenant_id) as tx:
        record = await platform.newest_outlooks.find(tx)
        if record is None:
            return SeenBoard(is_forecasting=is_forecasting)
        day, boards = today(platform), platform.capacity_boards
        driven = await boards.driven(caller.tenant_id, day, lambda: list_driven(tx, today=day))
        inputs = await gather_board(tx, record, today=day, driven=driven)
        terms = await shown_terms(tx, caller, list(inputs.depots))
    made = await boards.case(caller.tenant_id, inputs, platform.city)
    targets = {each.code: target or inputs.terms_of(each).target for each in inputs.depots}
    return SeenBoard(
        made_at=record.made_at,
        inputs=inputs,
        made=made,
        boards=await boards.boards(caller.tenant_id, inputs, made, targets),
        targets=targets,
        terms={each.depot: each for each in terms},
        is_forecasting=is_forecasting,
    )


async def see_next_door(
    platform: Platform, caller: Caller, seen: SeenBoard, target: float | None
) -> NextDoor:
    """Whose vans stay at home beside a depot that hires; nobody's without a board.

    Each of them is a plan more, and the slider has to answer while a hand is on it: they are told
    at the depots' own targets alone.
    """
    if target is not None or seen.inputs is None or seen.made is None or seen.targets is None:
        return NOBODY
    return await platform.capacity_boards.next_door(
        caller.tenant_id, seen.inputs, seen.made, seen.targets, seen.boards
    )


def view_board(
    seen: SeenBoard,
    target: float | None,
    others: NextDoor = NOBODY,
    lacks: Sequence[DayLack] = (),
) -> CapacityView:
    """The board as it goes over the wire."""
    lacking, plan, around = seen.lacking, whole_plan(seen.boards), _around(seen)
    held = max(plan.days, key=lambda day: day.held, default=None)
    depots = []
    if seen.inputs is not None and seen.made is not None and seen.terms is not None:
        depots = [
            view_depot(board, seen.made, seen.inputs, seen.terms[board.depot], lacks)
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
        headline=headline(seen.boards, around, lacks) if depots else "",
        sentences=list(board_sentences(seen.boards, around, others, lacks)),
        doors_day=held.date if held is not None and held.held else None,
        shifts_day=next((each.date for each in lacks if each.kind is Lack.SHIFT), None),
        free=[
            view_free(each, {board.depot: board.name for board in seen.boards})
            for each in others.free
        ],
        faults=list(seen.made.faults) if seen.made else [],
        left_out=[
            LeftOutView(day=day, deliveries=count)
            for day, count in (seen.made.left_out if seen.made else {}).items()
            if count > 0
        ],
        delivery=view_delivery(seen.inputs) if seen.inputs else None,
        depots=depots,
    )


def _around(seen: SeenBoard) -> Around:
    if seen.inputs is None or seen.made is None or seen.made.case is None:
        return NOWHERE
    return Around(
        fleets={fleet.depot: fleet for fleet in seen.made.case.fleets},
        terms={each.code: seen.inputs.terms_of(each) for each in seen.inputs.depots},
    )


router = Router(path="", route_handlers=[see_capacity], tags=["capacity"])
