"""What evidence a visit needs, by what happened there, and whether what came suffices.

A failure needs proof too: where something can be seen (a closed door, a broken box) it is a
photo; where nothing can be seen, or where stopping to take it is unsafe, the reason, the instant
and the position of the event are the proof. It stores nothing and closes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from promesa.domain.order import Order
from promesa.domain.stop import Outcome
from promesa.proof.repository import EvidenceKind


class HandedTo(StrEnum):
    """Who or what the parcel was left with."""

    RECIPIENT = "recipient"
    THIRD_PARTY = "third_party"
    SAFE_PLACE = "safe_place"


Kinds = frozenset[EvidenceKind]

# The driver stands before something that a picture shows: a door, a gate, a box.
REASONS_WITH_PHOTO: frozenset[str] = frozenset(
    {
        "RECIPIENT_ABSENT",
        "NO_CONTACT",
        "ADDRESS_WRONG",
        "ADDRESS_INCOMPLETE",
        "ADDRESS_NOT_FOUND",
        "ACCESS_RESTRICTED",
        "BUSINESS_CLOSED",
        "PARCEL_DAMAGED",
        "WRONG_ITEM",
        "OVERSIZED",
    }
)

_MISSING: dict[EvidenceKind, str] = {
    EvidenceKind.PHOTO: "Falta la foto.",
    EvidenceKind.SIGNATURE: "Falta la firma.",
    EvidenceKind.RECEIVER: "Falta el nombre de quien recibe.",
    EvidenceKind.PIN: "Falta el código de entrega.",
    EvidenceKind.CALL: "Falta llamar al destinatario.",
    EvidenceKind.NOTE: "Falta una nota.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPolicy:
    """What an operator asks for besides what an order itself asks for.

    Attributes:
        delivered: Needed for each hand-over to a person.
        paid: Needed as well when cash on delivery was due.
        at_merchant: Needed when a seller hands parcels over, or takes them back.
        reasons_with_photo: Failure reasons that need a picture.
    """

    delivered: Kinds = frozenset({EvidenceKind.PHOTO, EvidenceKind.RECEIVER})
    paid: Kinds = frozenset({EvidenceKind.SIGNATURE})
    at_merchant: Kinds = frozenset({EvidenceKind.PHOTO})
    reasons_with_photo: frozenset[str] = REASONS_WITH_PHOTO


DEFAULT_POLICY = ProofPolicy()


def required_on_delivery(
    order: Order,
    handed_to: HandedTo = HandedTo.RECIPIENT,
    policy: ProofPolicy = DEFAULT_POLICY,
) -> Kinds:
    """What handing over needs: nobody signs or says a code at a safe place, the photo does."""
    if handed_to is HandedTo.SAFE_PLACE:
        return frozenset({EvidenceKind.PHOTO})
    asked = policy.delivered
    if order.cod_clp:
        asked |= policy.paid
    if order.requires_pin:
        asked |= {EvidenceKind.PIN}
    return asked


def required_on_failure(reason: str | None, policy: ProofPolicy = DEFAULT_POLICY) -> Kinds:
    """What a failed visit needs, by its reason; empty for a reason nobody can photograph."""
    if reason in policy.reasons_with_photo:
        return frozenset({EvidenceKind.PHOTO})
    return frozenset()


def required(
    order: Order,
    *,
    outcome: Outcome,
    reason: str | None = None,
    handed_to: HandedTo = HandedTo.RECIPIENT,
    policy: ProofPolicy = DEFAULT_POLICY,
) -> Kinds:
    """What closing a stop with ``outcome`` needs; skipped and cancelled visits need nothing."""
    if outcome is Outcome.FAILED:
        return required_on_failure(reason, policy)
    if outcome in {Outcome.SUCCEEDED, Outcome.PARTIAL}:
        return required_on_delivery(order, handed_to, policy)
    return frozenset()


def list_missing(needed: Kinds, captured: Collection[EvidenceKind]) -> list[str]:
    """What is still missing, a sentence in Spanish each, in the order the phone asks for it."""
    return [_MISSING[kind] for kind in EvidenceKind if kind in needed and kind not in captured]


def suffices(needed: Kinds, captured: Collection[EvidenceKind]) -> bool:
    """Whether nothing is missing."""
    return needed <= frozenset(captured)
