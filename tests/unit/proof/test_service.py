"""Evidence is kept once, sealed, and told in the log without naming anyone."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from PIL import Image

from promesa.domain.actor import Actor, ActorKind, Role
from promesa.kernel.errors import NotFoundError
from promesa.proof.pictures import PictureError
from promesa.proof.repository import EvidenceKind
from promesa.proof.service import (
    Capture,
    EvidenceConflictError,
    keep_picture,
    keep_statement,
    open_picture,
)
from tests.support.proof_memory import MemoryProofs, MemoryVault

NOW = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
DRIVER = Actor(kind=ActorKind.DRIVER, id=UUID(int=1), tenant_id=UUID(int=2), role=Role.DRIVER)
PHOTO = Capture(
    id=UUID(int=10),
    stop_id=UUID(int=11),
    order_id=UUID(int=12),
    kind=EvidenceKind.PHOTO,
    person_id=UUID(int=13),
    captured_at=NOW,
)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "green").save(out, "JPEG")
    return out.getvalue()


async def test_a_photo_is_kept_sealed_and_opens_again() -> None:
    tx, vault = MemoryProofs(), MemoryVault()
    kept = await keep_picture(tx, vault, PHOTO, jpeg(), actor=DRIVER, now=NOW)
    assert kept.blob_name is not None
    assert not vault.blobs[kept.blob_name].startswith(b"\xff\xd8")
    content, media_type = await open_picture(tx, vault, PHOTO.id)
    assert content.startswith(b"\xff\xd8")
    assert media_type == "image/jpeg"


async def test_the_log_has_the_digest_and_no_picture() -> None:
    tx = MemoryProofs()
    kept = await keep_picture(tx, MemoryVault(), PHOTO, jpeg(), actor=DRIVER, now=NOW)
    (event,) = tx.recorded.values()
    assert (event.type, event.subject_id, event.evidence) == (
        "proof.captured",
        PHOTO.stop_id,
        (PHOTO.id,),
    )
    assert event.data == {
        "kind": "photo",
        "digest": kept.digest,
        "person_id": str(PHOTO.person_id),
    }


async def test_a_photo_that_comes_after_the_visit_was_closed_is_told_as_late_once() -> None:
    tx, vault = MemoryProofs(), MemoryVault()
    late = replace(PHOTO, closed_at=NOW - timedelta(minutes=5))
    kept = await keep_picture(tx, vault, late, jpeg(), actor=DRIVER, now=NOW)
    await keep_picture(tx, vault, late, jpeg(), actor=DRIVER, now=NOW)
    captured, told = tx.recorded.values()
    assert (captured.type, told.type) == ("proof.captured", "stop.late_evidence")
    assert (told.subject_id, told.evidence) == (PHOTO.stop_id, (PHOTO.id,))
    assert told.data == {"kind": "photo", "digest": kept.digest}


async def test_the_same_photo_twice_is_one_photo_one_blob_and_one_event() -> None:
    tx, vault = MemoryProofs(), MemoryVault()
    first = await keep_picture(tx, vault, PHOTO, jpeg(), actor=DRIVER, now=NOW)
    again = await keep_picture(tx, vault, PHOTO, jpeg(), actor=DRIVER, now=NOW)
    assert first == again
    assert len(vault.blobs) == len(tx.recorded) == len(tx.kept) == 1


async def test_an_id_cannot_be_used_for_another_stop() -> None:
    tx, vault = MemoryProofs(), MemoryVault()
    await keep_picture(tx, vault, PHOTO, jpeg(), actor=DRIVER, now=NOW)
    elsewhere = replace(PHOTO, stop_id=UUID(int=99))
    with pytest.raises(EvidenceConflictError):
        await keep_picture(tx, vault, elsewhere, jpeg(), actor=DRIVER, now=NOW)


async def test_a_refused_picture_leaves_nothing_behind() -> None:
    tx, vault = MemoryProofs(), MemoryVault()
    with pytest.raises(PictureError):
        await keep_picture(tx, vault, PHOTO, b"no", actor=DRIVER, now=NOW)
    assert (vault.blobs, tx.kept, tx.recorded) == ({}, {}, {})


async def test_a_receivers_name_is_evidence_without_a_picture() -> None:
    tx = MemoryProofs()
    receiver = replace(PHOTO, kind=EvidenceKind.RECEIVER)
    kept = await keep_statement(tx, receiver, actor=DRIVER, now=NOW)
    assert (kept.digest, kept.blob_name) == (None, None)
    assert await keep_statement(tx, receiver, actor=DRIVER, now=NOW) == kept
    with pytest.raises(NotFoundError):
        await open_picture(tx, MemoryVault(), receiver.id)


async def test_the_picture_of_an_erased_person_does_not_open() -> None:
    tx, vault = MemoryProofs(), MemoryVault()
    await keep_picture(tx, vault, PHOTO, jpeg(), actor=DRIVER, now=NOW)
    vault.erased.add(PHOTO.person_id)
    with pytest.raises(NotFoundError):
        await open_picture(tx, vault, PHOTO.id)
