"""Keeps evidence: pictures cleaned, sealed under a person's key and recorded, once each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from promesa.domain.actor import Actor
from promesa.domain.events import Event
from promesa.kernel.errors import ConflictError, NotFoundError
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.proof.pictures import clean_picture
from promesa.proof.repository import BlobVault, Evidence, EvidenceKind, ProofStore

PICTURES = frozenset({EvidenceKind.PHOTO, EvidenceKind.SIGNATURE})


class EvidenceConflictError(ConflictError):
    """An evidence id was used for another stop."""

    code: ClassVar[str] = "evidence_id_taken"
    message: ClassVar[str] = "Esta evidencia ya existe en otra parada. Tómala de nuevo."


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Evidence as the phone took it; ``id`` is the phone's, so a second upload changes nothing.

    Attributes:
        person_id: Whose key seals the picture: the recipient's, or the receiver's.
        closed_at: When the visit was closed, if it was before this came; its chain can't have it.
        is_taken_back: The visit was closed without naming it: a failure taken back left it.
    """

    id: UUID
    stop_id: UUID
    order_id: UUID
    kind: EvidenceKind
    person_id: UUID
    captured_at: datetime
    position: Position | None = None
    route_id: UUID | None = None
    closed_at: datetime | None = None
    is_taken_back: bool = False


async def keep_picture(
    tx: ProofStore,
    vault: BlobVault,
    capture: Capture,
    content: bytes,
    *,
    actor: Actor,
    now: datetime,
) -> Evidence:
    """Cleans, seals and keeps a picture; the same id again gives what is already kept.

    Raises:
        PictureError: The file is no usable picture.
        EvidenceConflictError: The id belongs to another stop.
    """
    kept = await find_evidence(tx, capture.id)
    if kept is not None:
        return _same_stop(kept, capture)
    picture = await asyncio.to_thread(clean_picture, content)
    blob_name, digest = await vault.seal(capture.person_id, picture.content)
    evidence = _evidence(capture, now, digest, blob_name, picture.media_type)
    return await _keep(tx, evidence, capture, actor)


async def keep_statement(
    tx: ProofStore, capture: Capture, *, actor: Actor, now: datetime
) -> Evidence:
    """Keeps evidence that has no picture: a receiver's name (with the person), a code, a call.

    Raises:
        EvidenceConflictError: The id belongs to another stop.
    """
    kept = await find_evidence(tx, capture.id)
    if kept is not None:
        return _same_stop(kept, capture)
    return await _keep(tx, _evidence(capture, now, None, None, None), capture, actor)


async def open_picture(tx: ProofStore, vault: BlobVault, evidence_id: UUID) -> tuple[bytes, str]:
    """The plain picture and its media type.

    Raises:
        NotFoundError: No such evidence, no picture in it, or its person was erased.
    """
    evidence = await tx.proofs.get(evidence_id)
    if evidence.blob_name is None or evidence.person_id is None or evidence.media_type is None:
        raise NotFoundError
    return await vault.open(evidence.person_id, evidence.blob_name), evidence.media_type


async def withdraw_piece(
    tx: ProofStore, piece: Evidence, *, actor: Actor, now: datetime, route_id: UUID | None
) -> None:
    """From now on the piece proves nothing; that it was captured stays told."""
    await tx.proofs.mark_withdrawn(piece.id, now)
    await tx.events.record(
        Event(
            id=derived_id("proof.withdrawn", piece.id),
            type="proof.withdrawn",
            subject_kind="stop",
            subject_id=piece.stop_id,
            occurred_at=now,
            recorded_at=now,
            actor=actor,
            evidence=(piece.id,),
            data={"kind": piece.kind.value, "digest": piece.digest},
            order_id=piece.order_id,
            route_id=route_id,
        )
    )


def standing(pieces: Iterable[Evidence]) -> list[Evidence]:
    """Those that prove something: what was taken back does not."""
    return [piece for piece in pieces if piece.withdrawn_at is None]


async def find_evidence(tx: ProofStore, evidence_id: UUID) -> Evidence | None:
    """The evidence with this id, if it is kept."""
    try:
        return await tx.proofs.get(evidence_id)
    except NotFoundError:
        return None


def _evidence(
    capture: Capture,
    now: datetime,
    digest: str | None,
    blob_name: str | None,
    media_type: str | None,
) -> Evidence:
    return Evidence(
        id=capture.id,
        stop_id=capture.stop_id,
        order_id=capture.order_id,
        kind=capture.kind,
        person_id=capture.person_id,
        captured_at=capture.captured_at,
        recorded_at=now,
        digest=digest,
        blob_name=blob_name,
        media_type=media_type,
        position=capture.position,
    )


async def _keep(tx: ProofStore, evidence: Evidence, capture: Capture, actor: Actor) -> Evidence:
    if not await tx.proofs.put(evidence):
        # Two uploads of one picture met; the one that came first is the one kept.
        return _same_stop(await tx.proofs.get(evidence.id), capture)
    captured = _captured(evidence, capture, actor)
    await tx.events.record(captured)
    if capture.is_taken_back:
        now, route_id = evidence.recorded_at, capture.route_id
        await withdraw_piece(tx, evidence, actor=actor, now=now, route_id=route_id)
    elif capture.closed_at is not None:
        await tx.events.record(_came_late(captured))
    return evidence


def _captured(evidence: Evidence, capture: Capture, actor: Actor) -> Event:
    return Event(
        id=derived_id("proof.captured", evidence.id),
        type="proof.captured",
        subject_kind="stop",
        subject_id=evidence.stop_id,
        occurred_at=evidence.captured_at,
        recorded_at=evidence.recorded_at,
        actor=actor,
        position=evidence.position,
        evidence=(evidence.id,),
        data={
            "kind": evidence.kind.value,
            "digest": evidence.digest,
            "person_id": str(evidence.person_id),
        },
        order_id=evidence.order_id,
        route_id=capture.route_id,
    )


def _came_late(captured: Event) -> Event:
    """The same evidence as a fact of the visit that was closed without it."""
    kept = {key: captured.data[key] for key in ("kind", "digest")}
    return replace(
        captured,
        id=derived_id("stop.late_evidence", captured.id),
        type="stop.late_evidence",
        occurred_at=captured.recorded_at,
        data=kept,
    )


def _same_stop(kept: Evidence, capture: Capture) -> Evidence:
    if kept.stop_id != capture.stop_id or kept.kind is not capture.kind:
        raise EvidenceConflictError(evidence_id=str(kept.id))
    return kept
