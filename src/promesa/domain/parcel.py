"""A parcel (bulto): the thing that is scanned, carried and handed over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from promesa.domain.fleet import Load
from promesa.domain.machine import Machine


class ParcelState(StrEnum):
    """Where in its life a parcel is; the dictionary has the Spanish labels."""

    ANNOUNCED = "announced"
    RECEIVED_AT_DEPOT = "received_at_depot"
    SORTED = "sorted"
    STAGED = "staged"
    LOADED = "loaded"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    LEFT_SAFE_PLACE = "left_safe_place"
    DELIVERED_THIRD_PARTY = "delivered_third_party"
    HELD = "held"
    MISSING = "missing"
    UNDER_INVESTIGATION = "under_investigation"
    FOUND = "found"
    LOST = "lost"
    DAMAGED = "damaged"
    RETURN_IN_TRANSIT = "return_in_transit"
    RETURNED_TO_DEPOT = "returned_to_depot"
    RETURNED_TO_SENDER = "returned_to_sender"
    DISPOSED = "disposed"


_S = ParcelState
_TROUBLE = frozenset({_S.MISSING, _S.DAMAGED, _S.HELD})
# Not in a van yet, or back from one.
NOT_SCANNED = frozenset(
    {
        _S.ANNOUNCED,
        _S.RECEIVED_AT_DEPOT,
        _S.SORTED,
        _S.STAGED,
        _S.RETURN_IN_TRANSIT,
        _S.RETURNED_TO_DEPOT,
        _S.FOUND,
    }
)
# Nobody is known to have it.
GONE = frozenset({_S.MISSING, _S.UNDER_INVESTIGATION, _S.LOST})
HANDED_OVER = frozenset({_S.DELIVERED, _S.LEFT_SAFE_PLACE, _S.DELIVERED_THIRD_PARTY})

PARCEL = Machine(
    "parcel",
    {
        _S.ANNOUNCED: frozenset({_S.RECEIVED_AT_DEPOT, _S.LOADED, _S.IN_TRANSIT}) | _TROUBLE,
        _S.RECEIVED_AT_DEPOT: frozenset(
            {_S.SORTED, _S.STAGED, _S.LOADED, _S.RETURN_IN_TRANSIT, _S.RETURNED_TO_SENDER}
        )
        | _TROUBLE,
        _S.SORTED: frozenset({_S.STAGED, _S.LOADED, _S.RECEIVED_AT_DEPOT}) | _TROUBLE,
        _S.STAGED: frozenset({_S.LOADED, _S.RECEIVED_AT_DEPOT}) | _TROUBLE,
        _S.LOADED: frozenset({_S.IN_TRANSIT, _S.RETURNED_TO_DEPOT, _S.STAGED, _S.LOADED})
        | _TROUBLE
        | HANDED_OVER,
        _S.IN_TRANSIT: frozenset(
            {_S.RETURN_IN_TRANSIT, _S.RETURNED_TO_DEPOT, _S.RETURNED_TO_SENDER, _S.LOADED}
        )
        | _TROUBLE
        | HANDED_OVER,
        _S.HELD: frozenset(
            {
                _S.RECEIVED_AT_DEPOT,
                _S.LOADED,
                _S.RETURN_IN_TRANSIT,
                _S.RETURNED_TO_DEPOT,
                _S.DISPOSED,
            }
        ),
        _S.MISSING: frozenset({_S.UNDER_INVESTIGATION, _S.FOUND, _S.LOST}),
        _S.UNDER_INVESTIGATION: frozenset({_S.FOUND, _S.LOST}),
        _S.FOUND: frozenset({_S.RECEIVED_AT_DEPOT, _S.LOADED, _S.RETURNED_TO_DEPOT}),
        _S.DAMAGED: frozenset(
            {_S.RETURN_IN_TRANSIT, _S.RETURNED_TO_DEPOT, _S.RETURNED_TO_SENDER, _S.DISPOSED}
        ),
        _S.RETURN_IN_TRANSIT: frozenset({_S.RETURNED_TO_DEPOT, _S.RETURNED_TO_SENDER}) | _TROUBLE,
        _S.RETURNED_TO_DEPOT: frozenset(
            {
                _S.RECEIVED_AT_DEPOT,
                _S.SORTED,
                _S.STAGED,
                _S.LOADED,
                _S.RETURN_IN_TRANSIT,
                _S.RETURNED_TO_SENDER,
            }
        )
        | _TROUBLE,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line of what was bought."""

    name: str
    code: str | None = None
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One box of an order; an unknown weight or volume is None, never zero."""

    id: UUID
    order_id: UUID
    barcode: str
    state: ParcelState = ParcelState.ANNOUNCED
    weight_g: int | None = None
    volume_ml: int | None = None

    @property
    def load(self) -> Load:
        """What it takes of a vehicle; an unknown dimension takes nothing."""
        return Load(parcels=1, weight_g=self.weight_g or 0, volume_ml=self.volume_ml or 0)
