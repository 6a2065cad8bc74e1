"""The demand calendar as a table, to be looked at and sent on."""

from __future__ import annotations

from datetime import date

from litestar import Response, Router, get

from promesa.api.demand_events import YEARS_ASKED_MAX, period
from promesa.api.demand_views import EventView, view_events
from promesa.api.printed_events import KIND_WORDS, events_page
from promesa.api.printing import ScreenFormat, masthead_of, screen_response
from promesa.domain.actor import Permission
from promesa.planning.demand.calendar import EVENTS_A_YEAR_MAX
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.tables import HUNDREDTH, Cell, Sheet

EVENT_COLUMNS = (
    "evento",
    "tipo",
    "desde",
    "hasta",
    "fecha",
    "alza",
    "alza baja",
    "alza alta",
    "perfil",
    "comunas",
    "CD",
    "clases",
    "irrenunciable",
    "fuente",
    "versión",
    "autor",
)
EVENT_FORMATS = (*(None,) * 5, *(HUNDREDTH,) * 3, *(None,) * 8)


@get(
    "/v1/exports/demand-events/{kind:str}",
    access=Permission.READ_OPERATION,
    summary="Events that move demand as a table",
)
async def export_events(
    kind: ScreenFormat,
    platform: Platform,
    caller: Caller,
    start: date | None = None,
    end: date | None = None,
) -> Response[bytes]:
    """The events of the period, a row each; on paper as it is read."""
    first, last = period(platform, start, end)
    async with platform.transaction(caller.tenant_id) as tx:
        rows = await tx.demand_events.list_between(
            first, last, limit=EVENTS_A_YEAR_MAX * YEARS_ASKED_MAX
        )
        views = await view_events(tx, caller, rows)
    sheet = Sheet(
        title="Eventos",
        columns=EVENT_COLUMNS,
        rows=[_row(view) for view in views],
        formats=EVENT_FORMATS,
    )
    masthead = await masthead_of(platform, caller)
    return await screen_response(
        kind,
        f"eventos-{first}-{last}",
        [sheet],
        lambda: events_page(views, first, last, masthead),
    )


def _row(event: EventView) -> list[Cell]:
    scope = event.scope
    return [
        event.name,
        KIND_WORDS[event.kind],
        event.start,
        event.end,
        "confirmada" if event.is_confirmed else "por confirmar",
        event.uplift,
        round(event.likely.low, 2) if event.likely else None,
        round(event.likely.high, 2) if event.likely else None,
        " ".join(f"{factor:.2f}".replace(".", ",") for factor in event.profile),
        ", ".join(scope.comunas),
        ", ".join(scope.depots),
        ", ".join(scope.product_classes),
        "sí" if event.is_rest else "",
        event.source,
        event.version,
        event.author,
    ]


router = Router(path="", route_handlers=[export_events], tags=["exports"])
