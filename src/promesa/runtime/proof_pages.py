"""Gathers what a proof says and has it printed; the printing itself runs beside the loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from promesa.domain.custody import CustodyEntry
from promesa.domain.parcel import HANDED_OVER
from promesa.domain.person import Person
from promesa.domain.reasons import REASONS
from promesa.domain.stop import Outcome, Stop, StopState
from promesa.kernel.errors import NotFoundError
from promesa.orders.reading import OrderRecord
from promesa.proof.documents import CustodyLine, ProofFacts, ProofPicture, proof_pdf
from promesa.proof.ledger import verify
from promesa.proof.repository import Evidence, EvidenceKind
from promesa.proof.service import open_picture, standing
from promesa.runtime.repository import PlatformStore

if TYPE_CHECKING:
    from promesa.runtime.platform import Platform

PHOTOS_MAX = 4


class NoProofYetError(NotFoundError):
    """No visit to this order has ended."""

    code: ClassVar[str] = "no_proof_yet"
    message = "Este pedido aún no tiene una visita cerrada. La prueba aparece al cerrarla."


async def make_proof_pdf(
    platform: Platform, tx: PlatformStore, tenant_id: UUID, record: OrderRecord
) -> bytes:
    """The newest closed visit of an order as a PDF.

    Raises:
        NoProofYetError: No visit has ended.
    """
    return await print_proof(await gather_proof(platform, tx, tenant_id, record))


async def print_proof(facts: ProofFacts) -> bytes:
    """The PDF of a visit; made beside the loop."""
    return await asyncio.to_thread(proof_pdf, facts)


async def gather_proof(
    platform: Platform, tx: PlatformStore, tenant_id: UUID, record: OrderRecord
) -> ProofFacts:
    """What is known of the newest closed visit of an order.

    Raises:
        NoProofYetError: No visit has ended.
    """
    order = record.order
    closed = [
        stop
        for stop in await tx.routes.list_stops_of_order(order.id)
        if stop.state is StopState.CLOSED and stop.outcome is not None
    ]
    if not closed:
        raise NoProofYetError
    stop = max(closed, key=lambda item: (item.attempt, str(item.id)))
    return await _facts(platform, tx, tenant_id, record, stop)


async def _facts(
    platform: Platform, tx: PlatformStore, tenant_id: UUID, record: OrderRecord, stop: Stop
) -> ProofFacts:
    order, person = record.order, record.person
    pieces = standing(await tx.proofs.list_of_stop(stop.id))
    tenant = await platform.tenant(tenant_id)
    merchant = await tx.access.get_merchant(order.merchant_id)
    receiver = await _receiver(tx, pieces)
    chains = {parcel.barcode: await tx.custody.list_of(parcel.id) for parcel in order.parcels}
    photos = await _pictures(tx, pieces, EvidenceKind.PHOTO)
    signatures = await _pictures(tx, pieces, EvidenceKind.SIGNATURE)
    promises = record.promises
    reason = REASONS.get(stop.reason or "")
    return ProofFacts(
        operator=tenant.name,
        reference=order.reference,
        merchant=merchant.name,
        recipient=person.name,
        address=" ".join(filter(None, [person.address_line, person.unit])) or None,
        comuna=order.comuna,
        parcels_delivered=sum(parcel.state in HANDED_OVER for parcel in order.parcels),
        parcels_total=len(order.parcels),
        attempt=stop.attempt,
        outcome=stop.outcome or Outcome.FAILED,
        made_at=platform.clock.now(),
        closed_at=stop.closed_at,
        arrived_at=stop.arrived_at,
        promised=promises[-1].window if promises else None,
        first_promised=promises[0].window if promises else None,
        fate=promises[0].fate if promises else None,
        position=stop.position,
        reason=reason.spanish if reason else None,
        receiver=receiver.name if receiver else None,
        receiver_rut=receiver.rut if receiver else None,
        is_pin_checked=any(piece.kind is EvidenceKind.PIN for piece in pieces),
        photos=tuple(photos[:PHOTOS_MAX]),
        signature=signatures[0] if signatures else None,
        custody=tuple(
            _line(barcode, entry) for barcode, entries in chains.items() for entry in entries
        ),
        is_custody_intact=not any(verify(entries) for entries in chains.values()),
        is_simulated=tenant.is_simulated,
    )


async def _receiver(tx: PlatformStore, pieces: list[Evidence]) -> Person | None:
    told = [item for item in pieces if item.kind is EvidenceKind.RECEIVER and item.person_id]
    return await tx.people.get(told[-1].person_id) if told and told[-1].person_id else None


async def _pictures(
    tx: PlatformStore, pieces: list[Evidence], kind: EvidenceKind
) -> list[ProofPicture]:
    """Those that can still be opened: an erased person's are gone, and the rest stands."""
    found = []
    for piece in pieces:
        if piece.kind is not kind or piece.blob_name is None:
            continue
        try:
            content, _ = await open_picture(tx, tx.vault, piece.id)
        except NotFoundError:
            continue
        found.append(ProofPicture(content=content, captured_at=piece.captured_at))
    return found


def _line(barcode: str, entry: CustodyEntry) -> CustodyLine:
    return CustodyLine(
        barcode=barcode,
        sequence=entry.sequence,
        holder=entry.holder.kind,
        occurred_at=entry.occurred_at,
        hash=entry.hash,
    )
