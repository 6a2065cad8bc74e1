"""The demand calendar as a table, to be looked at and sent on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from litestar import Response, Router, get

from promesa.api.demand_events import YEARS_ASKED_MAX, period
from promesa.api.demand_views import EventView, view_events
from promesa.api.printed_events import KIND_WORDS, events_page
from promesa.api.printing import ScreenFormat, masthead_of, screen_response
from promesa.domain.actor import Permission
from promesa.planning.demand.calendar import EVENTS_A_YEAR_MAX
from promesa.planning.demand.event_row import likely_range
from promesa.planning.forecast.given_events import SIGMA_UNSAID
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
    "rango",
    "perfil",
    "comunas",
    "CD",
    "clases",
    "comercio",
    "irrenunciable",
    "fuente",
    "versión",
    "autor",
)
EVENT_FORMATS = (*(None,) * 5, *(HUNDREDTH,) * 3, *(None,) * 10)
SAID, ASSUMED = "dicho", "supuesto"


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
        shops = {shop.id: shop.name for shop in await tx.access.list_merchants()}
    sheet = Sheet(
        title="Eventos",
        columns=EVENT_COLUMNS,
        rows=[_row(view, shops) for view in views],
        formats=EVENT_FORMATS,
    )
    masthead = await masthead_of(platform, caller)
    return await screen_response(
        kind,
        f"eventos-{first}-{last}",
        [sheet],
        lambda: events_page(views, first, last, masthead, shops),
    )


def _row(event: EventView, shops: Mapping[UUID, str]) -> list[Cell]:
    """As the screen has it: of an uplift that nobody said how sure it is of, what is assumed."""
    scope = event.scope
    said = None if event.likely is None else (event.likely.low, event.likely.high)
    likely = said or likely_range(event.uplift, SIGMA_UNSAID)
    return [
        event.name,
        KIND_WORDS[event.kind],
        event.start,
        event.end,
        "confirmada" if event.is_confirmed else "por confirmar",
        event.uplift,
        *((round(end, 2) for end in likely) if likely else (None, None)),
        (SAID if said else ASSUMED) if likely else None,
        " ".join(f"{factor:.2f}".replace(".", ",") for factor in event.profile),
        ", ".join(scope.comunas),
        ", ".join(scope.depots),
        ", ".join(scope.product_classes),
        ", ".join(shops.get(shop, str(shop)) for shop in scope.merchant_ids),
        "sí" if event.is_rest else "",
        event.source,
        event.version,
        event.author,
    ]


router = Router(path="", route_handlers=[export_events], tags=["exports"])
