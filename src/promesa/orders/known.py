"""What is known already of what drafts name, read once for many: merchants, orders, vehicles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from promesa.domain.access import Merchant
from promesa.domain.fleet import Load
from promesa.domain.order import Order
from promesa.kernel.errors import NotFoundError
from promesa.orders.drafts import OrderDraft
from promesa.orders.loads import largest_load
from promesa.orders.repository import OrdersStore
from promesa.orders.text import tidy


class Known:
    """Reads what it was not asked before; ``read_orders`` reads ahead.

    Somebody else may change an order meanwhile: the store refuses to save over that, and
    ``read_again`` says what there is now.
    """

    def __init__(self, tx: OrdersStore, own_id: UUID | None = None) -> None:
        self._tx = tx
        self._own_id = own_id
        self._merchants: dict[UUID, Merchant | None] = {}
        self._orders: dict[tuple[UUID, str], Order | None] = {}
        self._largest: Load | None = None

    def place(self, draft: OrderDraft) -> tuple[str, str]:
        """Whose order and which one: the order in which everybody writes orders.

        Two batches that wrote the same orders in another order would wait for each other.
        """
        return str(self._own_id or draft.merchant_id or ""), tidy(draft.reference)

    async def read_orders(self, drafts: Iterable[OrderDraft]) -> None:
        """Reads the orders of all of them in one question for each merchant."""
        wanted: dict[UUID, set[str]] = defaultdict(set)
        for draft in drafts:
            merchant_id = self._own_id or draft.merchant_id
            if merchant_id is not None:
                wanted[merchant_id].add(self.place(draft)[1])
        for merchant_id, references in wanted.items():
            found = await self._tx.orders.list_by_reference(merchant_id, sorted(references))
            self._orders |= {(merchant_id, reference): None for reference in references}
            self._orders |= {(merchant_id, order.reference): order for order in found}

    async def merchant(self, merchant_id: UUID) -> Merchant | None:
        """The merchant, if there is one."""
        if merchant_id not in self._merchants:
            try:
                self._merchants[merchant_id] = await self._tx.access.get_merchant(merchant_id)
            except NotFoundError:
                self._merchants[merchant_id] = None
        return self._merchants[merchant_id]

    async def largest(self) -> Load:
        """The most that one of the vehicles carries."""
        if self._largest is None:
            self._largest = largest_load(await self._tx.fleet.list_vehicles())
        return self._largest

    async def order(self, merchant_id: UUID, reference: str) -> Order | None:
        """The merchant's order with this reference, as it was read or noted last."""
        if (merchant_id, reference) not in self._orders:
            return await self.read_again(merchant_id, reference)
        return self._orders[merchant_id, reference]

    async def read_again(self, merchant_id: UUID, reference: str) -> Order | None:
        """The same, as it is now."""
        found = await self._tx.orders.find_by_reference(merchant_id, reference)
        self._orders[merchant_id, reference] = found
        return found

    def note(self, order: Order) -> None:
        """What this transaction made of an order: the same reference may come again."""
        self._orders[order.merchant_id, order.reference] = order
