"""The capacity board and the forecast on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence

from promesa.api.capacity_views import CapacityDayView, CapacityView, DepotCapacityView
from promesa.api.compared_views import UNPRICED, ComparedRow, ComparedView
from promesa.api.demand_today import TodayBasis, TodayView
from promesa.api.forecast_sheets import event_words, made_words
from promesa.api.forecast_views import DemandOutlookView, EventUsedView, ForecastDayView
from promesa.api.printed_rosters import day_heading
from promesa.api.printing import Masthead
from promesa.planning.capacity.what_if import difference_words
from promesa.planning.capacity.words import long_day_name, per_cent
from promesa.routing.words import list_words, pesos, thousands
from promesa.runtime.printing import (
    Mark,
    Printed,
    PrintedColumn,
    PrintedColumns,
    PrintedPage,
    PrintedTable,
)

_NAMED_FACTOR_MIN = 1.05
# Names that have room below a page's chart, and how an axis is divided.
CHART_NAMES_MAX = 28
GAPS_MAX, STEPS = 5, (1, 2, 5, 10)


def capacity_page(
    view: CapacityView, masthead: Masthead, compared: Sequence[ComparedRow] = ()
) -> PrintedPage:
    """Words first, the plans compared, then days by depot: what lacks most, then the largest."""
    depots = sorted(view.depots, key=_first)
    return PrintedPage(
        title="Capacidad",
        subtitle="Camionetas por día y centro de distribución",
        operator=masthead.operator,
        made_at=masthead.made_at,
        is_simulated=masthead.is_simulated,
        words=[view.headline, *view.sentences] if view.depots else ["Todavía no hay tablero."],
        parts=[
            *([_compared(compared)] if compared else []),
            *(_capacity(depot) for depot in depots),
        ],
    )


def _compared(rows: Sequence[ComparedRow]) -> PrintedTable:
    return PrintedTable(
        title="¿Y si…?",
        note=" ".join(
            [
                "Cada cambio frente al plan como está, desde mañana y en los mismos escenarios.",
                *(_priced(row.plan) for row in rows if row.is_base and row.plan is not None),
            ]
        ),
        columns=[
            "Plan",
            "Qué cambia",
            "Se cumple",
            "No se entregan",
            "Costo",
            "Faltan",
            "Peor día",
            "Ese día",
        ],
        named=2,
        widths=[5, 7, 2, 2, 2.5, 2, 3, 2],
        rows=[_compared_plan(row) for row in rows],
    )


def _compared_plan(row: ComparedRow) -> list[Printed]:
    plan, base = row.plan, row.base
    if plan is None or base is None:
        return [Printed(text=row.name), Printed(text=row.failure), *[Printed()] * 6]
    told = [] if row.is_base else [_difference(plan, base)]
    told += [f"Toma {list_words(plan.takes)}."] if plan.takes else []
    return [
        Printed(text=row.name),
        Printed(text=" ".join([*told, *plan.notes])),
        Printed(text=per_cent(plan.kept, 1)),
        Printed(text=thousands(round(plan.undelivered))),
        Printed(text=pesos(plan.total_clp)),
        Printed(text=str(plan.gap), mark=Mark.SHORT) if plan.gap else Printed(text="0"),
        Printed(text=day_heading(plan.worst_day) if plan.worst_day else ""),
        Printed(text=per_cent(plan.worst_kept, 1) if plan.worst_day else ""),
    ]


def _priced(plan: ComparedView) -> str:
    """What the cost holds besides vans."""
    if plan.undelivered_clp is None:
        return UNPRICED
    return "El costo suma el de las camionetas y el precio de las promesas incumplidas."


def _difference(plan: ComparedView, base: ComparedView) -> str:
    return difference_words(plan.total_clp - base.total_clp, kept=plan.kept - base.kept) + "."


def _first(depot: DepotCapacityView) -> tuple[int, int]:
    return -depot.gap, -sum(day.ready for day in depot.days)


def _capacity(depot: DepotCapacityView) -> PrintedTable:
    staying = any(day.own_paid > day.own for day in depot.days)
    note = " Propias, 2 de 10: salen 2 de las 10 con turno, que se pagan igual." if staying else ""
    return PrintedTable(
        title=depot.name,
        note=f"{depot.sentence}{note}",
        columns=[
            "Día",
            "Entregas del evento",
            "Entregas",
            "Para la meta",
            "Propias",
            "Contratadas",
            "Al día",
            "Faltan",
            "Costo",
            "Se cumple",
        ],
        named=2,
        widths=[2, 4, 2, 2, 2, 2, 2, 2, 2.5, 2],
        rows=[_capacity_day(day) for day in depot.days],
    )


def _capacity_day(day: CapacityDayView) -> list[Printed]:
    own = f"{day.own} de {day.own_paid}" if day.own_paid > day.own else str(day.own)
    counts = (str(day.ready), own, str(day.contracted), str(day.spot))
    gap = Printed(text=str(day.gap), mark=Mark.SHORT) if day.gap else Printed()
    return [
        Printed(text=day_heading(day.day)),
        Printed(text=day.event or ""),
        Printed(text=thousands(round(day.deliveries))),
        *(Printed(text=count) for count in counts),
        gap,
        Printed(text=pesos(day.cost_clp)),
        Printed(text=per_cent(day.kept, 1) if day.ready else ""),
    ]


def forecast_page(
    view: DemandOutlookView | None,
    masthead: Masthead,
    today: TodayView | None = None,
    where: Sequence[str] = (),
) -> PrintedPage:
    """Words, then orders and deliveries of each day with the interval of 80 %.

    ``today``: the day under way, of whose orders that have come the words tell, as the screen's do.
    ``where``: the comuna and the depot that are looked at; none for all.
    """
    has_days = view is not None and bool(view.days)
    return PrintedPage(
        title=" · ".join(["Pronóstico de demanda", *where]),
        subtitle="Pedidos y entregas por día, con el intervalo del 80 %",
        operator=masthead.operator,
        made_at=masthead.made_at,
        is_simulated=masthead.is_simulated,
        words=_words(view, today)
        if view is not None and has_days
        else ["Todavía no hay pronóstico."],
        parts=[_chart(view), _fan(view)] if view is not None and has_days else [],
    )


def _words(view: DemandOutlookView, today: TodayView | None) -> list[str]:
    now = None if today is None or today.basis is not TodayBasis.OWN or not today.seen else today
    peak = max(view.days, key=lambda each: each.orders.mean)
    causes = [each for each in _events_on(view, peak) if each.factor > _NAMED_FACTOR_MIN]
    because = f", por {event_words(causes[0])}" if causes else ""
    whole = sum(day.orders.mean for day in view.days)
    least, likely, most = (
        thousands(round(number)) for number in (peak.orders.p10, peak.orders.mean, peak.orders.p90)
    )
    day = long_day_name(peak.day)
    return [
        f"El día de más pedidos es el {day}: {likely}, entre {least} y {most}{because}.",
        f"En {len(view.days)} días vienen {thousands(round(whole))} pedidos.",
        *([_today_words(now)] if now else []),
        f"Descansa en {thousands(view.history_days)} días de historia. {made_words(view)}",
    ]


def _today_words(now: TodayView) -> str:
    left = max(0, round(now.mean) - now.seen)
    return (
        f"De hoy ya llegaron {thousands(now.seen)} y se esperan {thousands(left)} más: "
        f"{thousands(round(now.mean))}, donde el pronóstico dice {thousands(round(now.expected))}."
    )


def _events_on(view: DemandOutlookView, day: ForecastDayView) -> Sequence[EventUsedView]:
    found = [event for event in view.events if event.day == day.day]
    return sorted(found, key=lambda event: -event.factor)


def _chart(view: DemandOutlookView) -> PrintedColumns:
    """Orders of each day; as many are named as have room."""
    every = max(1, math.ceil(len(view.days) / CHART_NAMES_MAX))
    return PrintedColumns(
        title="Pedidos por día",
        note="Cada columna es lo esperado; la línea, de cuánto a cuánto ocho de cada diez veces.",
        columns=[
            PrintedColumn(
                value=day.orders.mean,
                low=day.orders.p10,
                high=day.orders.p90,
                name=day_heading(day.day) if place % every == 0 else "",
            )
            for place, day in enumerate(view.days)
        ],
        ticks=_ticks(max(max(day.orders.p90, day.orders.mean) for day in view.days)),
    )


def _ticks(most: float) -> list[tuple[float, str]]:
    """Round values from nought to the first at or above the most."""
    size = 10.0 ** math.floor(math.log10(max(most, 1.0) / GAPS_MAX))
    step = max(
        1.0, size * next(each for each in STEPS if max(most, 1.0) / (each * size) <= GAPS_MAX)
    )
    count = math.ceil(most / step)
    return [(step * number, thousands(step * number)) for number in range(max(1, count) + 1)]


def _fan(view: DemandOutlookView) -> PrintedTable:
    return PrintedTable(
        title="Días por venir",
        note="Ocho de cada diez veces el día queda entre las columnas «de» y «a».",
        columns=[
            "Día",
            "Eventos",
            "Pedidos",
            "de",
            "a",
            "Entregas",
            "de",
            "a",
            "Antes de corregir",
        ],
        named=2,
        widths=[2, 5, 2, 2, 2, 2, 2, 2, 2.4],
        rows=[_fan_day(view, day) for day in view.days],
    )


def _fan_day(view: DemandOutlookView, day: ForecastDayView) -> list[Printed]:
    events = ", ".join(event_words(event) for event in _events_on(view, day))
    orders, delivered = day.orders, day.deliveries
    numbers = (
        *(orders.mean, orders.p10, orders.p90),
        *(delivered.mean, delivered.p10, delivered.p90),
    )
    return [
        Printed(text=day_heading(day.day)),
        Printed(text=events),
        *(Printed(text=thousands(round(number))) for number in numbers),
        Printed(text="" if day.model is None else thousands(round(day.model)), mark=Mark.DIM),
    ]
