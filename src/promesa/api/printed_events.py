"""The demand calendar on paper: each event, its uplift, how sure it is, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from promesa.api.demand_views import EventView
from promesa.api.forecast_sheets import times
from promesa.api.printing import Masthead
from promesa.planning.demand.event_row import EventKind
from promesa.runtime.printing import Mark, Printed, PrintedPage, PrintedTable

KIND_WORDS = {
    EventKind.HOLIDAY: "feriado",
    EventKind.ELECTION: "elección",
    EventKind.COMMERCE: "comercio",
    EventKind.PAYDAY: "día de pago",
    EventKind.CAMPAIGN: "campaña",
    EventKind.OTHER: "otro",
}
LEARNT = "se aprende"
_UPLIFT = (
    "El alza son veces un día normal: ×6 es seis veces lo de un día corriente. Sin una dada, se "
    "aprende de las veces anteriores del mismo nombre."
)
_COLUMNS = ["Evento", "Tipo", "Días", "Alza", "8 de cada 10 veces", "De dónde sale", "Autor"]


def events_page(
    events: Sequence[EventView],
    first: date,
    last: date,
    masthead: Masthead,
    shops: Mapping[UUID, str],
) -> PrintedPage:
    """A row for each event of the period; ``shops`` are the names of merchants."""
    return PrintedPage(
        title="Eventos",
        subtitle=f"Del {first:%d-%m-%Y} al {last:%d-%m-%Y}",
        operator=masthead.operator,
        made_at=masthead.made_at,
        is_simulated=masthead.is_simulated,
        words=[_UPLIFT],
        parts=[
            PrintedTable(
                title="Calendario",
                columns=_COLUMNS,
                named=len(_COLUMNS),
                widths=[5, 2.2, 3.4, 2.4, 3.4, 9, 3],
                rows=[_row(each, shops) for each in events],
                note="" if events else "No hay eventos en estos días.",
            )
        ],
    )


def _row(event: EventView, shops: Mapping[UUID, str]) -> list[Printed]:
    likely = event.likely
    marks = [] if event.is_confirmed else ["por confirmar"]
    marks += ["irrenunciable"] if event.is_rest else []
    own = [shops.get(shop, str(shop)) for shop in event.scope.merchant_ids]
    scope = event.scope
    places = [*own, *scope.comunas, *scope.depots, *scope.product_classes]
    where = f" (sólo en {', '.join(places)})" if places else ""
    days = f"{event.start:%d-%m}" if event.start == event.end else _span(event)
    return [
        Printed(text=event.name + where),
        Printed(text=KIND_WORDS[event.kind]),
        Printed(
            text=", ".join([days, *marks]),
            mark=Mark.NONE if event.is_confirmed else Mark.DIM,
        ),
        Printed(text=LEARNT if event.uplift is None else times(event.uplift)),
        Printed(text=f"{times(likely.low)} a {times(likely.high)}" if likely else ""),
        Printed(text=event.source),
        Printed(text=event.author or ("" if event.is_shipped else "Alguien")),
    ]


def _span(event: EventView) -> str:
    return f"{event.start:%d-%m} al {event.end:%d-%m}"
