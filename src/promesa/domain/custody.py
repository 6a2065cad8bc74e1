"""Who holds which parcel since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class HolderKind(StrEnum):
    """What kind of hands a parcel is in."""

    MERCHANT = "merchant"
    DEPOT = "depot"
    ROUTE = "route"
    RECIPIENT = "recipient"
    THIRD_PARTY = "third_party"
    SAFE_PLACE = "safe_place"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody or something that answers for a parcel."""

    kind: HolderKind
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEntry:
    """A link of a parcel's chain: its hash covers the one before.

    Attributes:
        sequence: From 1, without a gap.
        evidence: Digests of encrypted blobs, so that erasing a person leaves the chain valid.
        previous_hash: 32 bytes; zeros for the first.
    """

    parcel_id: UUID
    sequence: int
    event_id: UUID
    holder: Holder
    occurred_at: datetime
    recorded_at: datetime
    evidence: tuple[str, ...]
    previous_hash: bytes
    hash: bytes
