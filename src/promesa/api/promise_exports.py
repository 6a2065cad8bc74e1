"""What each comuna is shown now and the curve of promises, to take away."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from litestar import Response, Router, get

from promesa.api.exports import wall_clock
from promesa.api.printed_promises import promises_page
from promesa.api.printing import ScreenFormat, masthead_of, screen_response
from promesa.api.promise_curve import (
    BrokenPesos,
    ComunaPromiseView,
    CurvePointView,
    Pesos,
    PromiseCurveView,
    see_curve,
)
from promesa.api.promise_days import DayFillView, DepotFillView
from promesa.domain.actor import Permission
from promesa.kernel.serviceday import ServiceDay
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.tables import HUNDREDTH, PESOS, SHARE_TENTH, TENTH, WHOLE, Cell, Sheet

COMUNA_COLUMNS = (
    "comuna",
    "pedidos en Promesa, 8 semanas",
    "desde",
    "hasta",
    "días",
    "se cumple",
    "precio CLP",
)
DAY_COLUMNS = (
    "CD",
    "día",
    "quedan de antes",
    "vienen de días llenos",
    "prometidos",
    "se esperan en total",
    "caben",
    "verán otro día",
    "no alcanzan a salir",
    "camionetas",
    "según",
)
VANS_FROM = {"shifts": "turnos del día", "past_shifts": "turnos de semanas pasadas"}
CLOSED = "día cerrado"
CURVE_COLUMNS = ("promesa rota, en días más", "días prometidos", "se incumple", "tus precios")


class PromiseTable(StrEnum):
    """Which of the two is the file of a CSV, and the first sheet of a workbook."""

    COMUNAS = "comunas"
    CURVE = "curve"


@get(
    "/v1/exports/promises/{kind:str}",
    access=Permission.READ_OPERATION,
    summary="What is promised now as a table",
)
async def export_promises(
    kind: ScreenFormat,
    platform: Platform,
    caller: Caller,
    table: PromiseTable = PromiseTable.COMUNAS,
    day_later_clp: Pesos = None,
    broken_clp: BrokenPesos = None,
) -> Response[bytes]:
    """What each comuna is shown first, how days fill, and the curve, at the same prices."""
    seen = await see_curve(platform, caller, day_later_clp=day_later_clp, broken_clp=broken_clp)
    comunas = Sheet(
        title="Comunas",
        columns=COMUNA_COLUMNS,
        rows=[_comuna(each) for each in seen.comunas],
        formats=(None, WHOLE, None, None, TENTH, SHARE_TENTH, PESOS),
    )
    curve = Sheet(
        title="Curva",
        columns=CURVE_COLUMNS,
        rows=_points(seen),
        formats=(TENTH, HUNDREDTH, SHARE_TENTH, None),
    )
    fills = [row for depot in seen.fills for row in _days(depot)]
    days = Sheet(
        title="Días", columns=DAY_COLUMNS, rows=fills, formats=(None, None, *(WHOLE,) * 8, None)
    )
    sheets = [comunas, days, curve] if table is PromiseTable.COMUNAS else [curve, comunas, days]
    today = ServiceDay.of(platform.clock.now()).date
    name = "promesas" if table is PromiseTable.COMUNAS else "curva-de-promesas"
    masthead = await masthead_of(platform, caller)
    return await screen_response(
        kind, f"{name}-{today.isoformat()}", sheets, lambda: promises_page(seen, masthead)
    )


def _comuna(shown: ComunaPromiseView) -> list[Cell]:
    return [
        shown.comuna,
        shown.orders,
        wall_clock(shown.start),
        wall_clock(shown.end),
        shown.days,
        shown.p_kept,
        shown.price_clp,
    ]


def _days(depot: DepotFillView) -> list[list[Cell]]:
    """By date, those that are closed among them: what is promised for them stays."""
    days: list[tuple[date, list[Cell]]] = [(day.date, _day(depot.name, day)) for day in depot.days]
    for shut in depot.closed:
        row: list[Cell] = [depot.name, shut.date, None, None, shut.promised, *(None,) * 5, CLOSED]
        days.append((shut.date, row))
    return [row for _, row in sorted(days, key=lambda each: each[0])]


def _day(depot: str, day: DayFillView) -> list[Cell]:
    return [
        depot,
        day.date,
        day.carried,
        day.pushed,
        day.promised,
        day.asked,
        day.room,
        day.later,
        day.undone,
        day.vans,
        VANS_FROM.get(day.vans_from),
    ]


def _points(seen: PromiseCurveView) -> list[list[Cell]]:
    rows = [_point(point, "") for point in seen.points]
    return [*rows, _point(seen.own, "sí")] if seen.own is not None else rows


def _point(point: CurvePointView, is_own: str) -> list[Cell]:
    return [point.ratio, point.days, point.late_share, is_own]


router = Router(path="", route_handlers=[export_promises], tags=["exports"])
