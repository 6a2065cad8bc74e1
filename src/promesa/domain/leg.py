"""The legs an order travels: colecta at the seller, troncal between depots, reparto to the door."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class LegKind(StrEnum):
    """Which part of the way."""

    COLLECTION = "collection"  # colecta
    LINEHAUL = "linehaul"  # troncal
    DELIVERY = "delivery"  # reparto
    RETURN = "return"  # devolución


class Carrier(StrEnum):
    """Whose fleet does it."""

    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One part of the way; a depot that is None is the seller's or the recipient's door."""

    kind: LegKind
    carrier: Carrier = Carrier.OWN
    origin_depot_id: UUID | None = None
    destination_depot_id: UUID | None = None
    carrier_name: str | None = None
