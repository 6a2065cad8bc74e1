"""What a stop or a vehicle costs, as the table that stands on the screen."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, Router, get

from promesa.api.exports import TableFormat, local_time, table_response
from promesa.api.prices import (
    Asked,
    FleetPriceView,
    PriceView,
    StopPriceView,
    VehiclePriceView,
    view_price,
)
from promesa.domain.actor import Permission
from promesa.planning.prices import NotPricedError
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.searches import SearchState
from promesa.runtime.tables import Cell, Sheet

STOP_COLUMNS = (
    "pedido",
    "ventana",
    "desde",
    "hasta",
    "cuesta",
    "por la ventana",
    "minutos más",
    "km más",
    "llega",
    "ruta",
    "patente",
    "sin la parada la ruta cuesta menos",
    "el plan cuenta por dejarla fuera",
)
VEHICLE_COLUMNS = (
    "patente",
    "ruta",
    "el día",
    "cuesta más",
    "las rutas cuestan más",
    "lo que queda fuera cuenta",
    "minutos más",
    "km más",
    "pedidos",
)
_WAIT = "El costo todavía no está: espera a que aparezca y baja la tabla."
_UNKNOWN = {
    SearchState.QUEUED: _WAIT,
    SearchState.RUNNING: _WAIT,
    SearchState.FAILED: "Este costo no se pudo calcular: pregunta de nuevo y baja la tabla.",
    SearchState.CANCELLED: "Esta pregunta se dejó: pregunta de nuevo y baja la tabla.",
}
_KINDS = {"promised": "la prometida", "asked": "la que preguntaste", "whole_day": "cualquier hora"}


@get("/v1/exports/prices/{search_id:uuid}/{kind:str}", access=Permission.PLAN)
async def export_price(
    search_id: UUID, kind: TableFormat, platform: Platform, caller: Caller
) -> Response[bytes]:
    """What was asked, one line a window, or one with a vehicle less and one with one more."""
    price = view_price(platform.searches.get(caller.tenant_id, search_id, about=Asked))
    name, sheet = price_table(price)
    return await table_response(kind, name, [sheet])


def price_table(price: PriceView) -> tuple[str, Sheet]:
    """What the file is called, and what is in it.

    Raises:
        NotPricedError: There is no price, or not yet.
    """
    if price.stop is not None:
        rows = _stop_rows(price.stop)
        return "costo-parada", Sheet(title="Costo", columns=STOP_COLUMNS, rows=rows)
    if price.vehicle is not None:
        rows = _vehicle_rows(price.vehicle)
        return "costo-vehiculo", Sheet(title="Costo", columns=VEHICLE_COLUMNS, rows=rows)
    raise NotPricedError(_UNKNOWN[SearchState(price.state)])


def _stop_rows(price: StopPriceView) -> list[tuple[Cell, ...]]:
    return [
        (
            price.reference,
            _KINDS[each.kind],
            local_time(each.window.start),
            local_time(each.window.end),
            each.cost_clp,
            each.more_clp,
            None if each.cost_clp is None else round(each.duration_s / 60),
            None if each.cost_clp is None else _km(each.distance_m),
            local_time(each.arrival),
            each.route,
            each.plate,
            price.cost_clp,
            price.left_out_clp,
        )
        for each in price.windows
    ]


def _vehicle_rows(price: VehiclePriceView) -> list[tuple[Cell, ...]]:
    return [
        (price.plate, price.route, "sin él", *_fleet_cells(price.less, 1)),
        (price.plate, price.route, "con uno más", *_fleet_cells(price.more, -1)),
    ]


def _fleet_cells(price: FleetPriceView, way: int) -> tuple[Cell, ...]:
    """A price is of one vehicle less: with one more, what it says is over today turns round."""
    return (
        way * price.worth_clp,
        way * price.driven_clp,
        way * price.left_out_clp,
        way * round(price.duration_s / 60),
        _km(way * price.distance_m),
        " ".join(order.reference for order in price.orders),
    )


def _km(distance_m: int) -> float:
    # Added to nought, a few metres less are no «-0».
    return round(distance_m / 1_000, 2) + 0.0


router = Router(path="", route_handlers=[export_price], tags=["exports"])
