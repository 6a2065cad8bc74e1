"""Orders that bring a quote: each gets its window as first promise, and takes the place held."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from promesa.api.decoding import BodyError
from promesa.kernel.errors import FieldFault, PromesaError
from promesa.orders.drafts import OrderDraft
from promesa.orders.intake import BatchOutcome
from promesa.promising.repository import Reservation
from promesa.promising.reserving import QuoteTakenError, take
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.promise_board import Holding, PromiseBoard
from promesa.runtime.quotes import desk_of, take_quote
from promesa.runtime.repository import PlatformStore

Upsert = Callable[..., Awaitable[BatchOutcome]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedDraft:
    """A draft, and the quote it came with, if any."""

    draft: OrderDraft
    quote_id: str | None = None


@dataclass(slots=True, kw_only=True)
class QuotedOrders:
    """Orders of one request; ``board`` is None where none of them brings a quote.

    Attributes:
        holding: Of the transaction that is under way; None outside of one.
    """

    platform: Platform
    caller: Caller
    board: PromiseBoard | None
    holding: Holding | None = None

    @classmethod
    async def open(
        cls, platform: Platform, caller: Caller, quote_ids: Sequence[str | None]
    ) -> QuotedOrders:
        """Reads the coming days only where somebody brings a quote."""
        is_asked = any(quote_id is not None for quote_id in quote_ids)
        board = await platform.ready_board(caller.tenant_id) if is_asked else None
        return cls(platform=platform, caller=caller, board=board)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Around each transaction: places of its orders are let go of should it fail."""
        if self.board is None:
            yield
            return
        with self.board.holding() as holding:
            self.holding = holding
            yield

    async def prepared(
        self, tx: PlatformStore, draft: OrderDraft, quote_id: str | None
    ) -> tuple[OrderDraft, Reservation | None]:
        """The draft with what was quoted, and the place it will take; as it came without a quote.

        Raises:
            PromesaError: The quote can't be had any more, or is of somebody else.
        """
        if quote_id is None or self.holding is None:
            return draft, None
        return await take_quote(
            tx, draft, quote_id, holding=self.holding, platform=self.platform, caller=self.caller
        )

    async def taken(self, tx: PlatformStore, held: Reservation | None, order_id: UUID) -> None:
        """Gives the place to the order.

        Raises:
            QuoteTakenError: Another order has it.
        """
        if held is not None and self.holding is not None:
            desk = desk_of(self.holding, self.platform, self.caller)
            await take(tx, held, order_id, desk=desk)

    async def upsert(
        self, tx: PlatformStore, *, rows: Sequence[QuotedDraft], upsert: Upsert
    ) -> BatchOutcome:
        """Adds or changes each row's order; one whose quote fails is a fault, and the rest go on.

        The indexes of what was accepted are those of the whole request.
        """
        drafts: list[OrderDraft] = []
        held: list[Reservation | None] = []
        faults: list[FieldFault] = []
        for row in rows:
            try:
                draft, place = await self.prepared(tx, row.draft, row.quote_id)
                if place is not None and any(p is not None and p.id == place.id for p in held):
                    raise QuoteTakenError
            except PromesaError as error:
                faults += faults_of_row(error, row.draft.row or 0, field="quote_id")
            else:
                drafts.append(draft)
                held.append(place)
        outcome = await upsert(tx, drafts=drafts)
        accepted = []
        for done in outcome.accepted:
            await self.taken(tx, held[done.index], done.order.id)
            line = drafts[done.index].row
            assert line is not None, "rows of a batch are numbered"
            accepted.append(replace(done, index=line - 1))
        return BatchOutcome(accepted=tuple(accepted), rejected=(*outcome.rejected, *faults))


def faults_of_row(error: PromesaError, row: int, *, field: str = "") -> list[FieldFault]:
    """What is wrong with a row of a batch, as its rows of faults."""
    faults = error.details.get("faults")
    code = error.code if field else "invalid"
    found = (
        faults
        if isinstance(faults, (list, tuple))
        else [FieldFault(field=field, reason=error.sentence, code=code)]
    )
    return [
        FieldFault(
            field=fault.field, reason=fault.reason, row=row, code=fault.code or BodyError.code
        )
        for fault in found
    ]
