"""What if: fewer vans, another cut-off, a depot more, beside the plan as it is. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, ClassVar

import msgspec
from litestar import Router, post

from promesa.api.capacity import SeenBoard, see_board
from promesa.api.compared_views import WhatIfView, view_compared
from promesa.api.decoding import Wire
from promesa.api.fleet import Lat, Lon
from promesa.domain.actor import Permission
from promesa.kernel.errors import ConflictError
from promesa.kernel.geo import Position
from promesa.planning.capacity.board import DepotBoard, make_board
from promesa.planning.capacity.board_changes import (
    AS_IT_IS,
    HOURS_ASSUMED,
    Change,
    Known,
    changed_case,
    compared_board,
    spared_words,
)
from promesa.planning.capacity.moved_vans import MovedVans
from promesa.planning.capacity.new_depot import (
    NEW_DEPOT,
    NewDepot,
    taken_comunas,
    untaken_words,
)
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.replaced_vans import replaced_words
from promesa.planning.capacity.terms import TARGET_MAX, TARGET_MIN, VEHICLES_MAX
from promesa.planning.capacity.what_if import ChangeInvalidError, compared_sentences
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Caller, Platform

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class NoBoardError(ConflictError):
    """There is nothing to compare with yet."""

    code: ClassVar[str] = "capacity_without_board"
    message: ClassVar[str] = (
        "Todavía no hay tablero de capacidad: hacen falta un pronóstico y vehículos."
    )


class NewDepotBody(Wire):
    """A depot that is thought of: where, and with how many vans, new ones or of another depot."""

    position: tuple[Lon, Lat]
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    vehicles: Annotated[int, msgspec.Meta(ge=1, le=VEHICLES_MAX)]
    moved_from: Code | None = None


class MovedVansBody(Wire):
    """Vans of depot ``home`` that drive from ``other``, on one day or on all without ``day``."""

    vehicles: Annotated[int, msgspec.Meta(ge=1, le=VEHICLES_MAX)]
    home: Code
    other: Code
    day: date | None = None


class ChangeBody(Wire):
    """Own vehicles fewer or elsewhere, another cut-off, a depot more, or several of them.

    Fewer vehicles are of every depot without ``depot``.
    """

    vehicles_less: Annotated[int, msgspec.Meta(ge=0, le=VEHICLES_MAX)] = 0
    cut_off: Annotated[int, msgspec.Meta(ge=0, le=24)] | None = None
    depot: Code | None = None
    new_depot: NewDepotBody | None = None
    moved: MovedVansBody | None = None


class WhatIfBody(ChangeBody):
    """A change, and ``target``, the share of promises to keep.

    Each depot's own by default, and the highest of them for a new one.
    """

    target: Annotated[float, msgspec.Meta(ge=TARGET_MIN, le=TARGET_MAX)] | None = None


@post(
    "/v1/capacity/what-if",
    access=Permission.PLAN,
    status_code=200,
    summary="Capacity with vans fewer or elsewhere, another cut-off or a depot more",
)
async def what_if(data: WhatIfBody, platform: Platform, caller: Caller) -> WhatIfView:
    """The plan as it is and the changed one, in the same scenarios; nothing is kept.

    From tomorrow on: what is on the road today cannot be another way.
    """
    return await compare(platform, caller, await see_board(platform, caller, data.target), data)


async def compare(
    platform: Platform, caller: Caller, seen: SeenBoard, data: ChangeBody
) -> WhatIfView:
    """A board beside what a change would make of it.

    Raises:
        NoBoardError: There is nothing to compare with.
        ChangeInvalidError: It cannot be tried on this board.
    """
    case = seen.made.case if seen.made else None
    if case is None or seen.inputs is None or seen.made is None:
        raise NoBoardError
    since = today(platform) + timedelta(days=1)
    if case.scenarios.days[-1] < since:
        raise ChangeInvalidError(_NO_DAYS)
    change = _change(data)
    hauls = await _hauls(platform, caller, seen, change.new_depot)
    known = Known(hauls=hauls, nearest=seen.made.nearest, boards=seen.boards)
    changed, boards = await platform.capacity_boards.changed(
        caller.tenant_id,
        seen.inputs,
        (change, tuple(sorted((seen.targets or {}).items()))),
        lambda: _changed(seen, case, change, known),
    )
    name, price_clp = change_name(seen, data), seen.inputs.broken_clp
    compared = (
        compared_board(AS_IT_IS, seen.boards, since=since, broken_clp=price_clp),
        compared_board(name, boards, since=since, broken_clp=price_clp),
    )
    as_it_is, other = compared_sentences(compared)
    notes = []
    if change.vehicles_less:
        notes.append(replaced_words(case.fleets, seen.boards, boards, since=since))
        spared = spared_words(case, seen.boards, boards, since=since)
        notes += [spared] if spared else []
    if change.cut_off is not None and not seen.inputs.outlook.hours.days:
        notes.append(HOURS_ASSUMED)
    if change.new_depot is not None:
        comuna = platform.city.territory.comuna_at(change.new_depot.position)
        untaken = (
            untaken_words(comuna.name, changed, known.hauls, known.nearest) if comuna else None
        )
        notes += [untaken] if untaken else []
    return WhatIfView(
        since=since,
        items=[
            view_compared(compared[0], compared[0], as_it_is),
            view_compared(compared[1], compared[0], other, taken_comunas(changed), notes),
        ],
    )


_NO_DAYS = "El pronóstico termina hoy, y lo de hoy ya está en la calle: haz uno nuevo en Demanda."


def change_name(seen: SeenBoard, data: ChangeBody) -> str:
    """As the change's row is headed."""
    case = seen.made.case if seen.made else None
    return _change(data).named(
        {board.depot: board.name for board in seen.boards},
        {fleet.depot: fleet.own for fleet in case.fleets} if case else {},
    )


def _change(body: ChangeBody) -> Change:
    new = body.new_depot
    depot = None
    if new is not None:
        lon, lat = new.position
        depot = NewDepot(
            position=Position(lon=lon, lat=lat),
            label=new.label,
            vehicles=new.vehicles,
            moved_from=new.moved_from,
        )
    moved = body.moved
    return Change(
        moved=(
            MovedVans(vehicles=moved.vehicles, home=moved.home, other=moved.other, day=moved.day)
            if moved
            else None
        ),
        vehicles_less=body.vehicles_less,
        cut_off=body.cut_off,
        depot=body.depot,
        new_depot=depot,
    )


async def _hauls(
    platform: Platform, caller: Caller, seen: SeenBoard, new: NewDepot | None
) -> Mapping[str, float]:
    if new is None or seen.inputs is None or seen.made is None:
        return {}
    return await platform.capacity_boards.hauls(
        caller.tenant_id, seen.inputs, seen.made, platform.city, new.position
    )


def _changed(
    seen: SeenBoard,
    case: CapacityCase,
    change: Change,
    known: Known,
) -> tuple[CapacityCase, tuple[DepotBoard, ...]]:
    assert seen.inputs is not None
    assert seen.targets is not None
    hours = seen.inputs.outlook.hours.shares
    changed = changed_case(case, change, hours, seen.inputs.rule.cut_off.at, known)
    targets = {NEW_DEPOT: max(seen.targets.values()), **seen.targets}
    return changed, make_board(changed, targets)


router = Router(path="", route_handlers=[what_if], tags=["capacity"])
