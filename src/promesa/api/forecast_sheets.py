"""The forecast as a workbook: by day, by comuna and day, and the last weeks against what came.

The same figures as on the screen, whole, so that whoever adds them up gets the screen's total.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from promesa.api.comuna_forecasts import Columns, judged_views
from promesa.api.forecast_views import DemandOutlookView, EventUsedView, ForecastDayView
from promesa.kernel.serviceday import SANTIAGO
from promesa.planning.demand.overrides import DemandOverride
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.forecast import Forecast
from promesa.planning.forecast.outlook import Outlook
from promesa.routing.words import thousands
from promesa.runtime.tables import SHARE, WHOLE, Cell, Sheet

SOMEBODY = "Alguien"
EXPECTED = ("pedidos esperados", "entre", "y")
DAY_COLUMNS = (
    "fecha",
    *EXPECTED,
    "entregas esperadas",
    "entregas, entre",
    "entregas, y",
    "eventos",
    "antes de corregir",
    "correcciones",
)


def day_sheet(
    view: DemandOutlookView,
    said: Sequence[DemandOverride],
    authors: Mapping[UUID, str | None],
    depots: Mapping[str, str],
) -> Sheet:
    """A row a day, what they add up to, and which forecast it is; ends of intervals do not add.

    ``depots`` are their names by code.
    """
    rows: list[Sequence[Cell]] = [_day(view, day, said, authors, depots) for day in view.days]
    if view.days:
        orders = sum(day.orders.mean for day in view.days)
        delivered = sum(day.deliveries.mean for day in view.days)
        rows.append(("Total", orders, None, None, delivered, None, None, None, None, None))
        rows.append((made_words(view), *(None,) * (len(DAY_COLUMNS) - 1)))
    return Sheet(
        title="Por día",
        columns=DAY_COLUMNS,
        rows=rows,
        formats=(None, *(WHOLE,) * 6, None, WHOLE, None),
    )


def made_words(view: DemandOutlookView) -> str:
    """Which forecast it is, as the screen says it: another one may have been made since."""
    return f"Pronóstico hecho el {view.made_at.astimezone(ZoneInfo(SANTIAGO)):%d-%m-%Y, %H:%M}."


def _day(
    view: DemandOutlookView,
    day: ForecastDayView,
    said: Sequence[DemandOverride],
    authors: Mapping[UUID, str | None],
    depots: Mapping[str, str],
) -> Sequence[Cell]:
    events = [each for each in view.events if each.day == day.day]
    own = [each for each in said if each.first_day <= day.day <= each.last_day]
    return (
        day.day,
        *(day.orders.mean, day.orders.p10, day.orders.p90),
        *(day.deliveries.mean, day.deliveries.p10, day.deliveries.p90),
        ", ".join(event_words(each, depots) for each in events),
        day.model,
        "; ".join(_said_words(each, authors.get(each.author_id), depots) for each in own),
    )


def event_words(event: EventUsedView, depots: Mapping[str, str]) -> str:
    """An event with what it was taken to move, as ``CyberMonday ×2,65``, and what was given.

    ``depots`` are their names by code.
    """
    places = [*event.comunas, *(depots.get(code, code) for code in event.depots)]
    where = f" (sólo en {' y '.join(places)})" if places else ""
    basis = " (sin alza dada)" if event.is_unsaid else ""
    moved = event.moved
    if moved is not None:
        whose = " a sus pedidos" if event.merchant_ids else ""
        told = f"se dio {times(moved.given)}{whose}; con tu historia, {times(moved.expected)}"
        basis = f" ({told})"
    return f"{event.name} {times(event.factor)}{basis}{where}"


def _said_words(said: DemandOverride, author: str | None, depots: Mapping[str, str]) -> str:
    depot = None if said.depot is None else depots.get(said.depot, said.depot)
    where = said.comuna or depot or "todas las comunas"
    if said.orders_a_day is not None:
        what = f"{thousands(round(said.orders_a_day))} pedidos"
    else:
        what = times(said.factor or 1.0)
    return f"{where}, {what}: {said.reason} ({author or SOMEBODY})"


def times(factor: float) -> str:
    """As ``×2,5``."""
    return f"×{factor:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def series_sheet(
    series: Sequence[SeriesKey],
    made: Forecast,
    columns: Sequence[int],
    depots: Mapping[str, str],
) -> Sheet:
    """A row for each day of each series; depot and class only where there are several.

    ``depots`` are their names by code: a person reads the one, another system the other.
    """
    parts = _parts([series[column] for column in columns], depots)
    rows: list[Sequence[Cell]] = [
        (
            day,
            series[column].comuna,
            *(told(series[column]) for _, told in parts),
            *(float(table[row, column]) for table in (made.mean, made.p10, made.p90)),
        )
        for column in columns
        for row, day in enumerate(made.days)
    ]
    return Sheet(
        title="Por comuna y día",
        columns=("fecha", "comuna", *(title for title, _ in parts), *EXPECTED),
        rows=rows,
        formats=(None, None, *(None for _ in parts), WHOLE, WHOLE, WHOLE),
    )


def _parts(
    keys: Sequence[SeriesKey], depots: Mapping[str, str]
) -> list[tuple[str, Callable[[SeriesKey], str]]]:
    parts: list[tuple[str, Callable[[SeriesKey], str]]] = []
    if len({key.depot for key in keys}) > 1:
        parts.append(("CD", lambda key: depots.get(key.depot, key.depot)))
        parts.append(("código del CD", lambda key: key.depot))
    if len({key.product_class for key in keys}) > 1:
        parts.append(("clase", lambda key: key.product_class))
    return parts


def comuna_sheet(view: DemandOutlookView, comuna: str | None) -> Sheet:
    """The table of comunas as it is shown, with its total."""
    shown = [each for each in view.comunas if comuna in {None, each.comuna}]
    named: list[tuple[str, object]] = [(each.comuna, each) for each in shown]
    if comuna is None and view.total is not None:
        named.append(("Total", view.total))
    fields = ("next_7", "next_28", "peak_day", "peak", "error", "floor", "inside")
    return Sheet(
        title="Comunas",
        columns=(
            "comuna",
            "próximos 7 días",
            "próximos 28 días",
            "día más alto",
            "pedidos ese día",
            "error",
            "error por azar",
            "dentro del 80 %",
        ),
        rows=[(name, *(getattr(each, field) for field in fields)) for name, each in named],
        formats=(None, WHOLE, WHOLE, None, WHOLE, SHARE, SHARE, SHARE),
    )


def judged_sheet(outlook: Outlook, columns: Columns) -> Sheet:
    """Each comuna's last weeks: what was forecast a week or two before, and what came."""
    rows = [
        (each.day, name, each.expected, each.came)
        for name, own in sorted(columns.items())
        for each in judged_views(outlook, {name: own})
    ]
    return Sheet(
        title="Últimas 8 semanas",
        columns=("fecha", "comuna", "pedidos pronosticados", "pedidos que llegaron"),
        rows=rows,
        formats=(None, None, WHOLE, WHOLE),
    )
