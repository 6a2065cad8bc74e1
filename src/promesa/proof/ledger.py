"""The custody ledger: each link of a parcel's chain covers the one before with a SHA-256.

What is hashed names no person: ids, kinds, instants and digests of ciphertext. Erasing a person
therefore leaves every chain as valid as it was. Where the links are kept is not its business.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from promesa.domain.custody import CustodyEntry, Holder

# The encoding is part of every hash: another one gets another name, and old links stay readable.
ENCODING = "promesa.custody.v1"
GENESIS_HASH = bytes(32)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyFault:
    """Something wrong with one link.

    Attributes:
        sequence: Of the link as it came.
        code: gap, other_parcel, broken_link or changed.
        sentence: The same in Spanish.
    """

    sequence: int
    code: str
    sentence: str


def link(
    previous: CustodyEntry | None,
    *,
    parcel_id: UUID,
    event_id: UUID,
    holder: Holder,
    occurred_at: datetime,
    recorded_at: datetime,
    evidence: Sequence[str] = (),
) -> CustodyEntry:
    """The next link after ``previous``, or the first of a chain when that is None.

    ``evidence`` are the digests (hexadecimal) of encrypted blobs.

    Raises:
        ValueError: ``previous`` is another parcel's, or an instant is naive.
    """
    if previous is not None and previous.parcel_id != parcel_id:
        raise ValueError("a link follows a link of its own parcel")
    entry = CustodyEntry(
        parcel_id=parcel_id,
        sequence=1 if previous is None else previous.sequence + 1,
        event_id=event_id,
        holder=holder,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        evidence=tuple(evidence),
        previous_hash=GENESIS_HASH if previous is None else previous.hash,
        hash=b"",
    )
    return replace(entry, hash=entry_hash(entry))


def verify(entries: Sequence[CustodyEntry]) -> list[CustodyFault]:
    """Every fault of a parcel's chain, given by sequence; none means it is intact."""
    faults: list[CustodyFault] = []
    previous_hash = GENESIS_HASH
    for number, entry in enumerate(entries, start=1):
        if entry.parcel_id != entries[0].parcel_id:
            faults.append(_fault(entry, "other_parcel", "Este registro es de otro bulto."))
        if entry.sequence != number:
            faults.append(_fault(entry, "gap", f"Falta el registro {number} de la custodia."))
        if entry.previous_hash != previous_hash:
            faults.append(_fault(entry, "broken_link", "No calza con el registro anterior."))
        if entry.hash != entry_hash(entry):
            faults.append(_fault(entry, "changed", "El registro fue modificado."))
        previous_hash = entry.hash
    return faults


def entry_hash(entry: CustodyEntry) -> bytes:
    """SHA-256 of the canonical encoding, 32 bytes."""
    return hashlib.sha256(canonical(entry)).digest()


def canonical(entry: CustodyEntry) -> bytes:
    """The one way to write a link as bytes: ASCII JSON, a list in fixed order, no spaces.

    Instants are whole microseconds since 1970 in UTC, so that a zone changes nothing.
    """
    fields = [
        ENCODING,
        str(entry.parcel_id),
        entry.sequence,
        str(entry.event_id),
        entry.holder.kind.value,
        str(entry.holder.id),
        _micros(entry.occurred_at),
        _micros(entry.recorded_at),
        list(entry.evidence),
        entry.previous_hash.hex(),
    ]
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _micros(instant: datetime) -> int:
    if instant.tzinfo is None:
        raise ValueError("a link needs instants with an offset")
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _fault(entry: CustodyEntry, code: str, sentence: str) -> CustodyFault:
    return CustodyFault(sequence=entry.sequence, code=code, sentence=sentence)
