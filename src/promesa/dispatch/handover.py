"""Parcels change hands: the state steps, an event is recorded and the parcel's chain grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from promesa.dispatch.journal import Journal
from promesa.dispatch.refusals import ParcelStateError
from promesa.domain.custody import Holder
from promesa.domain.order import Order
from promesa.domain.parcel import PARCEL, Parcel, ParcelState
from promesa.proof.ledger import link

_S = ParcelState
# What must have happened although nobody scanned it: a parcel in a van was loaded, one that turns
# up was found.
_DETOURS = (_S.FOUND, _S.LOADED, _S.IN_TRANSIT, _S.RECEIVED_AT_DEPOT, _S.RETURNED_TO_DEPOT)
# Found, loaded, handed over: nothing real takes more.
_STEPS_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What happens to parcels together.

    Attributes:
        event_type: parcel.loaded, parcel.handed_over, parcel.returned_to_depot, …
        evidence: Digests of sealed blobs, for the chain.
        data: Told in the event besides holder and state.
    """

    state: ParcelState
    holder: Holder
    event_type: str
    evidence: tuple[str, ...] = ()
    data: dict[str, object] | None = None

    def told(self) -> dict[str, object]:
        """What the event says."""
        return (self.data or {}) | {
            "holder_kind": self.holder.kind.value,
            "holder_id": str(self.holder.id),
            "state": self.state.value,
        }


def stepped(parcel: Parcel, target: ParcelState) -> Parcel:
    """The parcel in ``target``: by one step, or by more where those between were never scanned.

    Raises:
        ParcelStateError: No way leads there.
    """
    reached = {parcel.state}
    for _ in range(_STEPS_MAX):
        if any(PARCEL.allows(state, target) for state in reached):
            return replace(parcel, state=target)
        reached |= {
            between
            for between in _DETOURS
            if any(PARCEL.allows(state, between) for state in reached)
        }
    raise ParcelStateError(state=parcel.state.value, target=target.value)


async def hand_over(
    journal: Journal, parcels: Sequence[Parcel], what: HandOver
) -> tuple[Parcel, ...]:
    """Records the hand-over of each parcel and returns them as they are now.

    The steps are checked before anything is written.
    """
    moved = tuple(stepped(parcel, what.state) for parcel in parcels)
    event_ids = {
        parcel.id: await journal.of_parcel(parcel, what.event_type, what.told()) for parcel in moved
    }
    await extend_chains(journal, event_ids, what)
    return moved


async def extend_chains(journal: Journal, event_ids: Mapping[UUID, UUID], what: HandOver) -> None:
    """Appends a link to each parcel's chain; ``event_ids`` says by which event, by parcel."""
    last = await journal.tx.custody.last_entries(list(event_ids))
    for parcel_id, event_id in event_ids.items():
        await journal.tx.custody.append(
            link(
                last.get(parcel_id),
                parcel_id=parcel_id,
                event_id=event_id,
                holder=what.holder,
                occurred_at=journal.occurred_at,
                recorded_at=journal.recorded_at,
                evidence=what.evidence,
            )
        )


def with_parcels(order: Order, changed: Iterable[Parcel]) -> Order:
    """The order with those of its parcels replaced."""
    by_id: dict[UUID, Parcel] = {parcel.id: parcel for parcel in changed}
    return replace(order, parcels=tuple(by_id.get(parcel.id, parcel) for parcel in order.parcels))


def with_state(order: Order, state: ParcelState, *, among: frozenset[ParcelState]) -> Order:
    """The order with its parcels that are in one of ``among`` put in ``state``; same holder."""
    return with_parcels(
        order,
        [stepped(parcel, state) for parcel in order.parcels if parcel.state in among],
    )
