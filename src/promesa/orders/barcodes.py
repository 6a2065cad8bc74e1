"""One barcode, one open order: with two of them a scan would load the wrong box."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from promesa.domain.order import ORDER_OVER
from promesa.kernel.errors import FieldFault
from promesa.orders.faults import OrderInvalidError
from promesa.orders.repository import OrdersStore


async def take_barcodes(
    tx: OrdersStore,
    merchant_id: UUID,
    barcodes: Sequence[str],
    *,
    reference: str,
    row: int | None = None,
) -> None:
    """Requires them to be free, and holds them for ``reference`` until the transaction ends.

    Raises:
        OrderInvalidError: Names each barcode and the order that has it.
    """
    await tx.orders.hold_barcodes(merchant_id, barcodes)
    await require_free_barcodes(tx, merchant_id, barcodes, reference=reference, row=row)


async def require_free_barcodes(
    tx: OrdersStore,
    merchant_id: UUID,
    barcodes: Sequence[str],
    *,
    reference: str,
    row: int | None = None,
) -> None:
    """Does nothing when no open order of the merchant but ``reference`` has one of them.

    By reference and not by id: the same order sent twice at once is not there yet for either.

    Raises:
        OrderInvalidError: Names each barcode and the order that has it.
    """
    taken = await _taken(tx, merchant_id, barcodes, reference)
    faults = tuple(
        FieldFault(
            field=f"parcels[{place}].barcode",
            row=row,
            code="barcode_taken",
            reason=(
                f"El código {barcode} ya es de un bulto del pedido {taken[barcode]}, "
                "que sigue abierto. Usa otro código."
            ),
        )
        for place, barcode in enumerate(barcodes)
        if barcode in taken
    )
    if faults:
        raise OrderInvalidError(faults=faults)


async def _taken(
    tx: OrdersStore, merchant_id: UUID, barcodes: Sequence[str], reference: str
) -> dict[str, str]:
    """By barcode the reference of another open order that has it."""
    found = await tx.orders.list_by_barcodes(merchant_id, barcodes) if barcodes else []
    return {
        parcel.barcode: order.reference
        for order in found
        if order.reference != reference and order.state not in ORDER_OVER
        for parcel in order.parcels
    }
