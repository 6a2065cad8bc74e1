"""Promises and rehearsals on paper."""

from __future__ import annotations

from promesa.api.printing import Masthead
from promesa.api.promise_curve import ComunaPromiseView, CurvePointView, PromiseCurveView
from promesa.api.promise_days import CrowdingView, DayFillView, DepotFillView
from promesa.api.rehearsal_views import RehearsalFigureView, RehearsalView, RehearsalWayView
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.words import day_name, long_day_name, per_cent
from promesa.promising.rehearsal.case import Way
from promesa.promising.rehearsal.words import FLEETS, promise_words
from promesa.routing.words import pesos, thousands
from promesa.runtime.printing import Mark, Printed, PrintedPage, PrintedTable

_NOTHING = Printed(text="–", mark=Mark.DIM)


def promises_page(view: PromiseCurveView, masthead: Masthead) -> PrintedPage:
    """Where the prices put the operator, how days fill, what each comuna is shown, the curve."""
    return PrintedPage(
        title="Promesas",
        subtitle="Qué fecha se muestra ahora en cada comuna, y la curva de días contra cumplir",
        operator=masthead.operator,
        made_at=masthead.made_at,
        is_simulated=masthead.is_simulated,
        words=_promise_words(view),
        parts=[
            *(_fill(depot) for depot in view.fills),
            _comunas(view),
            *([_curve(view)] if len(view.points) > 1 else []),
        ],
    )


def _promise_words(view: PromiseCurveView) -> list[str]:
    prices = (
        f"Un día más cuesta {pesos(view.day_later_clp)} y una promesa incumplida "
        f"{pesos(view.broken_clp)}."
    )
    full = [] if view.crowding is None else [_crowding_words(view.crowding)]
    if view.own is None:
        return [*full, "Ahora no hay qué prometer: ningún día tiene espacio seguro.", prices]
    return [
        *full,
        (
            f"Con tus precios, a quien compra ahora se le promete a {_decimal(view.own.days)} días "
            f"en promedio, y se incumpliría {per_cent(view.own.late_share, 1)} de esas promesas."
        ),
        prices,
        *([] if len(view.points) > 1 else ["Hoy ningún precio cambia la fecha que se muestra."]),
    ]


def _crowding_words(crowding: CrowdingView) -> str:
    told = f"Lo que se espera no cabe desde el {long_day_name(crowding.since)} en {crowding.depot}."
    if crowding.wait_days is None:
        return told
    days = "1 día" if crowding.wait_days == 1 else f"{crowding.wait_days} días"
    return (
        f"{told} Quien compre para el {long_day_name(crowding.worst_day)} en "
        f"{crowding.worst_depot} esperaría unos {days} de reparto más."
    )


def _fill(depot: DepotFillView) -> PrintedTable:
    return PrintedTable(
        title=f"Cómo se llenan los días: {depot.name}",
        note="Caben los pedidos que alcanzan a llevar y repartir las camionetas con turno.",
        columns=["Día", "De antes", "Prometidos", "Se esperan", "Caben", "No caben", "Camionetas"],
        widths=[3, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5],
        rows=[_day(day) for day in depot.days],
    )


def _day(day: DayFillView) -> list[Printed]:
    beyond = (day.later or 0) + (day.undone or 0)
    counts: list[int | None] = [day.carried + day.pushed, day.promised, day.asked, day.room]
    return [
        Printed(text=long_day_name(day.date)),
        *(_count(count) for count in counts),
        Printed(text=thousands(beyond), mark=Mark.SHORT) if beyond else _NOTHING,
        _count(day.vans),
    ]


def _count(count: int | None) -> Printed:
    return _NOTHING if count is None else Printed(text=thousands(count))


def _comunas(view: PromiseCurveView) -> PrintedTable:
    return PrintedTable(
        title="Por comuna",
        columns=[
            "Comuna",
            "Pedidos en Promesa, 8 semanas",
            "Fecha",
            "Ventana",
            "Días",
            "Se cumple",
            "Precio",
        ],
        widths=[3, 2, 3, 2, 1, 1.5, 1.5],
        rows=[_comuna(each) for each in view.comunas],
    )


def _comuna(shown: ComunaPromiseView) -> list[Printed]:
    name = [Printed(text=shown.comuna), Printed(text=thousands(shown.orders))]
    if shown.start is None or shown.end is None or shown.p_kept is None:
        return [*name, Printed(text="sin fecha", mark=Mark.SHORT), *[_NOTHING] * 4]
    day = ServiceDay.of(shown.start)
    clock = f"{day.clock_time_of(shown.start):%H:%M}–{day.clock_time_of(shown.end):%H:%M}"
    return [
        *name,
        Printed(text=long_day_name(day.date)),
        Printed(text=clock),
        Printed(text=str(shown.days)),
        Printed(text=per_cent(shown.p_kept, 1)),
        Printed(text=pesos(shown.price_clp or 0)),
    ]


def _curve(view: PromiseCurveView) -> PrintedTable:
    own = [] if view.own is None else [_point(view.own, "tus precios")]
    return PrintedTable(
        title="La curva",
        note="Cuántos días más vale esperar por no incumplir una promesa, y qué resulta.",
        columns=["Promesa incumplida, en días más", "Días prometidos", "Se incumple", ""],
        named=0,
        rows=[*(_point(point, "") for point in view.points), *own],
    )


def _point(point: CurvePointView, told: str) -> list[Printed]:
    return [
        Printed(text=_decimal(point.ratio)),
        Printed(text=_decimal(point.days)),
        Printed(text=per_cent(point.late_share, 1)),
        Printed(text=told),
    ]


def rehearsal_page(view: RehearsalView, masthead: Masthead) -> PrintedPage:
    """What it says, then a row for each way, then what was assumed; simulated, all of it."""
    return PrintedPage(
        title=f"Ensayo (simulado): {view.name}",
        subtitle=f"Del {long_day_name(view.first)} al {long_day_name(view.last)}",
        operator=masthead.operator,
        made_at=masthead.made_at,
        is_simulated=True,
        words=list(view.sentences),
        parts=[
            PrintedTable(
                title="Promesa y flota",
                note=" ".join(view.notes),
                columns=[
                    "Promesa",
                    "Flota",
                    "Se dijo",
                    "Se cumple",
                    "Peor día",
                    "Días prometidos",
                    "Ventas perdidas",
                    "Días de camioneta",
                    "Costo",
                ],
                named=2,
                widths=[2.4, 3, 1.4, 1.6, 3.2, 1.8, 1.8, 2, 2.2],
                rows=[_way(each) for each in view.ways],
            )
        ],
    )


def _way(way: RehearsalWayView) -> list[Printed]:
    worst = _NOTHING
    if way.worst_kept is not None and way.worst_day is not None:
        worst = Printed(text=f"{per_cent(way.worst_kept, 1)}, {day_name(way.worst_day)}")
    return [
        Printed(text=promise_words(Way(fleet=way.fleet, fixed_days=way.fixed_days))),
        Printed(text=FLEETS[way.fleet]),
        _NOTHING if way.stated is None else Printed(text=per_cent(way.stated, 1)),
        Printed(text=_kept(way.kept)),
        worst,
        _days(way.days_promised),
        Printed(text=per_cent(way.lost_share, 1)),
        Printed(text=thousands(way.van_days)),
        Printed(text=pesos(way.cost_clp)),
    ]


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _kept(figure: RehearsalFigureView | None) -> str:
    return "sin promesas" if figure is None else per_cent(figure.mean, 1)


def _days(figure: RehearsalFigureView | None) -> Printed:
    return _NOTHING if figure is None else Printed(text=_decimal(figure.mean))
