"""Which parcel a barcode names, however the reader or the person wrote it."""

from __future__ import annotations

from promesa.dispatch.refusals import BarcodeUnknownError
from promesa.dispatch.repository import DispatchStore
from promesa.domain.order import Order
from promesa.domain.parcel import Parcel


async def find_parcel(tx: DispatchStore, barcode: str) -> tuple[Order, Parcel]:
    """The parcel with this barcode and its order; the newest, should labels repeat.

    Raises:
        BarcodeUnknownError: No parcel has it.
    """
    for written in _readings(barcode):
        order = await tx.orders.find_by_barcode(written)
        if order is not None:
            return order, next(p for p in order.parcels if p.barcode == written)
    raise BarcodeUnknownError


def _readings(barcode: str) -> list[str]:
    """As it came; without spaces around; with the capitals and hyphens it may have lost.

    Typed by hand it may lack its capitals. A reader set to the layout of the United States on a
    Spanish keyboard writes an apostrophe for each hyphen.
    """
    bare = barcode.strip()
    hyphens = bare.replace("'", "-")
    return list(dict.fromkeys((barcode, bare, bare.upper(), hyphens, hyphens.upper())))
