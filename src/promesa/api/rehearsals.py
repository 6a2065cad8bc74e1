"""Rehearsals of a peak: asked for, watched, cancelled, opened again, exported and deleted."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post

from promesa.api.decoding import Wire
from promesa.api.demand_views import authors_shown
from promesa.api.printed_promises import rehearsal_page
from promesa.api.printing import ScreenFormat, masthead_of, screen_response
from promesa.api.rehearsal_sheets import rehearsal_sheets
from promesa.api.rehearsal_views import (
    RehearsalRunView,
    RehearsalsView,
    RehearsalView,
    RehearsedEventView,
    view_choice,
    view_rehearsal,
    view_summary,
)
from promesa.domain.actor import Permission
from promesa.kernel.errors import NotFoundError
from promesa.planning.capacity.scenarios import Scenarios
from promesa.promising.rehearsal.case import (
    FIXED_DAYS_MAX,
    SEEDS_MAX,
    WAYS_MAX,
    FleetKind,
    Size,
    Way,
)
from promesa.promising.rehearsal.making import Asked, days_around
from promesa.promising.rehearsal.repository import KEPT_MAX, RehearsalRecord
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.rehearsing import ask_rehearsal, cancel_rehearsal, foresee, remove_rehearsal

SEED_MAX = 2**31 - 1
# A dear parcel's margin, with the buyer who does not come back.
LOST_SALE_MAX_CLP = 1_000_000
FixedDays = Annotated[int, msgspec.Meta(ge=1, le=FIXED_DAYS_MAX)]


class RehearsalMissingError(NotFoundError):
    """No rehearsal has that id."""

    code: ClassVar[str] = "rehearsal_missing"
    message: ClassVar[str] = "Ese ensayo no existe o ya se olvidó: se guardan los últimos 40."


class RehearsalBody(Wire):
    """Which days, which size of a peak, and the ways to promise that are compared.

    Each fleet is run with every number of ``fixed_days``, and by capacity unless told not to.
    A lost sale costs ``lost_sale_clp``, else what the price of a day more makes of it.
    """

    first: date
    last: date
    size: Size = Size.TYPICAL
    seeds: Annotated[int, msgspec.Meta(ge=1, le=SEEDS_MAX)] = 3
    seed: Annotated[int, msgspec.Meta(ge=0, le=SEED_MAX)] = 1
    fixed_days: Annotated[tuple[FixedDays, ...], msgspec.Meta(max_length=WAYS_MAX)] = (2,)
    by_capacity: bool = True
    fleets: Annotated[tuple[FleetKind, ...], msgspec.Meta(min_length=1, max_length=3)] = (
        FleetKind.MEAN,
        FleetKind.POOLED,
    )
    lost_sale_clp: Annotated[int, msgspec.Meta(ge=0, le=LOST_SALE_MAX_CLP)] | None = None


@get("/v1/rehearsals", access=Permission.READ_OPERATION, summary="Rehearsals of a peak")
async def list_rehearsals(platform: Platform, caller: Caller) -> RehearsalsView:
    """The newest first, with what can be rehearsed."""
    foreseen = await foresee(platform, caller.tenant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        records = await tx.rehearsals.list_newest(limit=KEPT_MAX)
        authors = await authors_shown(tx, caller, [each.author_id for each in records])
    days = foreseen.orders.days if foreseen else ()
    return RehearsalsView(
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
        events=_events(foreseen.orders) if foreseen else [],
        items=[view_summary(each, authors.get(each.author_id)) for each in records],
    )


@get(
    "/v1/rehearsals/running",
    access=Permission.READ_OPERATION,
    summary="How far the rehearsal is that runs",
)
async def see_running(platform: Platform, caller: Caller) -> RehearsalRunView:
    """Cheap, to be asked again and again while one runs."""
    state = platform.rehearsings.of(caller.tenant_id)
    return RehearsalRunView(
        is_running=state.slip is not None,
        name=state.name,
        asked=view_choice(state.asked) if state.slip and state.asked else None,
        progress=state.slip.share if state.slip else 0.0,
        failure=state.failure,
        newest=state.newest,
    )


@post("/v1/rehearsals", access=Permission.PLAN, status_code=202, summary="Rehearse days of a peak")
async def start_rehearsal(data: RehearsalBody, platform: Platform, caller: Caller) -> None:
    """Begins one; one at a time runs, beside requests."""
    manners = [*dict.fromkeys(data.fixed_days), *([None] if data.by_capacity else [])]
    ways = tuple(
        Way(fleet=fleet, fixed_days=days)
        for fleet in dict.fromkeys(data.fleets)
        for days in manners
    )
    asked = Asked(
        first=data.first,
        last=data.last,
        size=data.size,
        seeds=data.seeds,
        seed=data.seed,
        ways=ways,
        lost_sale_clp=data.lost_sale_clp,
    )
    await ask_rehearsal(platform, caller, asked)


@post(
    "/v1/rehearsals/cancel",
    access=Permission.PLAN,
    status_code=204,
    summary="Cancel the rehearsal that runs",
)
async def stop_rehearsal(platform: Platform, caller: Caller) -> None:
    """Nothing is kept of it; without one nothing happens."""
    cancel_rehearsal(platform, caller.tenant_id)


@get(
    "/v1/rehearsals/{rehearsal_id:uuid}",
    access=Permission.READ_OPERATION,
    summary="One rehearsal, day by day",
)
async def see_rehearsal(rehearsal_id: UUID, platform: Platform, caller: Caller) -> RehearsalView:
    """Simulated, all of it."""
    record = await _get(platform, caller, rehearsal_id)
    async with platform.transaction(caller.tenant_id) as tx:
        authors = await authors_shown(tx, caller, [record.author_id])
    return view_rehearsal(record, authors.get(record.author_id))


@delete("/v1/rehearsals/{rehearsal_id:uuid}", access=Permission.PLAN, summary="Delete a rehearsal")
async def delete_rehearsal(rehearsal_id: UUID, platform: Platform, caller: Caller) -> None:
    """It is gone; asked for again on the same forecast, the same one comes of it."""
    if not await remove_rehearsal(platform, caller, rehearsal_id):
        raise RehearsalMissingError


@get(
    "/v1/exports/rehearsals/{rehearsal_id:uuid}/{kind:str}",
    access=Permission.READ_OPERATION,
    summary="A rehearsal as a table",
)
async def export_rehearsal(
    rehearsal_id: UUID, kind: ScreenFormat, platform: Platform, caller: Caller
) -> Response[bytes]:
    """A row for each way, and in the workbook a row for each way and day."""
    record = await _get(platform, caller, rehearsal_id)
    done, masthead = record.rehearsal, await masthead_of(platform, caller)
    return await screen_response(
        kind,
        f"ensayo-{done.first.isoformat()}",
        rehearsal_sheets(done),
        lambda: rehearsal_page(view_rehearsal(record, None), masthead),
    )


async def _get(platform: Platform, caller: Caller, rehearsal_id: UUID) -> RehearsalRecord:
    async with platform.transaction(caller.tenant_id) as tx:
        record = await tx.rehearsals.find(rehearsal_id)
    if record is None:
        raise RehearsalMissingError
    return record


def _events(orders: Scenarios) -> list[RehearsedEventView]:
    """Each run of days of one event, with the days around it that a rehearsal takes in."""
    found = []
    days = list(zip(orders.days, orders.events, strict=True))
    for name, run in groupby(days, key=lambda pair: pair[1]):
        own = [day for day, _ in run]
        if name:
            first, last = days_around(own[0], own[-1], orders.days)
            found.append(RehearsedEventView(name=name, start=own[0], first=first, last=last))
    return found


router = Router(
    path="",
    route_handlers=[
        list_rehearsals,
        see_running,
        start_rehearsal,
        stop_rehearsal,
        see_rehearsal,
        delete_rehearsal,
        export_rehearsal,
    ],
    tags=["capacity"],
)
