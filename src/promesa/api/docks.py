"""The doors of depots on a day: loading slots, who leaves late and why, what would mend it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date

from litestar import Response, Router, get

from promesa.api.capacity import see_board
from promesa.api.dock_views import DepotDocksView, DockSlotView, DocksView
from promesa.api.exports import wall_clock
from promesa.api.printed_rosters import docks_page
from promesa.api.printing import ScreenFormat, masthead_of, screen_response
from promesa.api.roster_board import seen_roster
from promesa.dispatch.dock_desk import Loads, gather_loads
from promesa.domain.actor import Permission
from promesa.domain.fleet import Depot
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.dock_day import (
    DockDay,
    DockSource,
    dock_headline,
    held_sentence,
    make_dock_day,
    opening_s,
    variant_sentence,
    with_hired,
)
from promesa.planning.capacity.dock_words import late_sentences, nothing_words
from promesa.planning.capacity.docks import Slot
from promesa.planning.capacity.roster_people import RosterInputs
from promesa.planning.capacity.sizing import DayPlan
from promesa.routing.words import clock_on
from promesa.runtime.forecasting import today
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.tables import WHOLE, Sheet

DOCK_COLUMNS = (
    "fecha",
    "CD",
    "ruta",
    "puerta",
    "vuelta",
    "empieza a cargar",
    "termina",
    "debe salir",
    "minutos tarde",
)
DOCK_FORMATS = (None, None, None, WHOLE, WHOLE, None, None, None, WHOLE)


@get("/v1/capacity/docks", access=Permission.READ_OPERATION, summary="Doors of a day")
async def see_docks(platform: Platform, caller: Caller, day: date | None = None) -> DocksView:
    """Every depot's loading slots by earliest due; today without ``day``."""
    return await seen_docks(platform, caller, day)


@get(
    "/v1/exports/docks/{kind:str}",
    access=Permission.READ_OPERATION,
    summary="Doors of a day as a table",
)
async def export_docks(
    kind: ScreenFormat, platform: Platform, caller: Caller, day: date | None = None
) -> Response[bytes]:
    """A row for each route, in order of loading."""
    view = await seen_docks(platform, caller, day)
    masthead = await masthead_of(platform, caller)
    sheets = [dock_sheet(view)]
    return await screen_response(
        kind, f"andenes-{view.day}", sheets, lambda: docks_page(view, masthead)
    )


async def seen_docks(platform: Platform, caller: Caller, day: date | None) -> DocksView:
    """The doors as they go over the wire."""
    on = day or today(platform)
    board, _ = await seen_roster(platform, caller, on)
    async with platform.transaction(caller.tenant_id) as tx:
        loads = await gather_loads(tx, board.inputs, on)
    seen = await see_board(platform, caller, None)
    plans = {each.depot: day for each in seen.boards for day in each.plan.days if day.date == on}
    depots = await asyncio.to_thread(_depots, board.inputs, loads, on, plans)
    nothing = ""
    if not depots:
        is_closed = seen.inputs is not None and not seen.inputs.rule.is_open(on)
        nothing = nothing_words(on, is_closed=is_closed, is_forecast=bool(plans))
    return DocksView(day=on, today=board.inputs.today, nothing=nothing, depots=depots)


def _depots(
    inputs: RosterInputs, loads: Loads, day: date, plans: Mapping[str, DayPlan]
) -> list[DepotDocksView]:
    found = []
    for depot in inputs.depots:
        source, routes = loads[depot.id]
        plan = plans.get(depot.code)
        # Routes of a plan name hired vans already, and what is needed counts them.
        held = 0
        if source is DockSource.SHIFTS and plan is not None:
            held = plan.held
            routes = with_hired(routes, sum(plan.mix.contracted), sum(plan.mix.spot))
        opens_s = opening_s(depot, day, inputs.zone)
        made = make_dock_day(routes, inputs.terms_of(depot), opens_s=opens_s)
        if made is not None:
            on = ServiceDay(day, inputs.zone)
            found.append(_view(depot, source, made, on, held))
    return found


def _view(
    depot: Depot, source: DockSource, made: DockDay, on: ServiceDay, held: int
) -> DepotDocksView:
    tell = clock_on(on)
    return DepotDocksView(
        depot=depot.code,
        name=depot.name,
        source=source,
        doors=made.doors.count,
        are_given=made.are_given,
        needed=made.needed,
        loading_min=made.loading_min,
        opens=on.instant_at(made.doors.open_s),
        closes=on.instant_at(max(made.doors.close_s, *(slot.end_s for slot in made.slots))),
        late=len(made.late),
        headline=" ".join(filter(None, [dock_headline(made, tell), held_sentence(held)])),
        sentences=list(late_sentences(made.slots, made.doors, tell)),
        variants=[variant_sentence(variant, made) for variant in made.variants],
        slots=[_slot(slot, on) for slot in made.slots],
    )


def _slot(slot: Slot, on: ServiceDay) -> DockSlotView:
    return DockSlotView(
        route=slot.loading.route,
        door=slot.door,
        wave=slot.wave,
        start=on.instant_at(slot.start_s),
        end=on.instant_at(slot.end_s),
        due=on.instant_at(slot.loading.due_s),
        late_min=-(-slot.late_s // MINUTE_S),
    )


def dock_sheet(view: DocksView) -> Sheet:
    """A row for each route."""
    rows = [
        [
            view.day,
            depot.name,
            slot.route,
            slot.door,
            slot.wave,
            wall_clock(slot.start),
            wall_clock(slot.end),
            wall_clock(slot.due),
            slot.late_min,
        ]
        for depot in view.depots
        for slot in depot.slots
    ]
    return Sheet(title="Andenes", columns=DOCK_COLUMNS, rows=rows, formats=DOCK_FORMATS)


router = Router(path="", route_handlers=[see_docks, export_docks], tags=["capacity"])
