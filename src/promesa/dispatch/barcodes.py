"""Which parcel a barcode names, however the reader or the person wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from promesa.dispatch.refusals import BarcodeUnknownError
from promesa.dispatch.repository import DispatchStore
from promesa.domain.order import ORDER_OVER, Order
from promesa.domain.parcel import Parcel


async def find_parcel(
    tx: DispatchStore, barcode: str, *, route_id: UUID | None = None
) -> tuple[Order, Parcel]:
    """The parcel with this barcode and its order.

    Two merchants may use the same labels, as when both number their orders from one: the parcel
    of ``route_id`` is meant, if it has one, else one that is still to go somewhere, the newest.

    Raises:
        BarcodeUnknownError: No parcel has it.
    """
    for written in _readings(barcode):
        orders = await tx.orders.list_by_barcode(written)
        if orders:
            order = await _meant(tx, orders, route_id)
            return order, next(p for p in order.parcels if p.barcode == written)
    raise BarcodeUnknownError


async def _meant(tx: DispatchStore, orders: Sequence[Order], route_id: UUID | None) -> Order:
    still_open = [order for order in orders if order.state not in ORDER_OVER]
    likeliest = [*still_open, *(order for order in orders if order.state in ORDER_OVER)]
    if route_id is not None and len(orders) > 1:
        for order in likeliest:
            stops = await tx.routes.list_stops_of_order(order.id)
            if any(stop.route_id == route_id for stop in stops):
                return order
    return likeliest[0]


def _readings(barcode: str) -> list[str]:
    """As it came; without spaces around; with the capitals and hyphens it may have lost.

    Typed by hand it may lack its capitals. A reader set to the layout of the United States on a
    Spanish keyboard writes an apostrophe for each hyphen.
    """
    bare = barcode.strip()
    hyphens = bare.replace("'", "-")
    return list(dict.fromkeys((barcode, bare, bare.upper(), hyphens, hyphens.upper())))
