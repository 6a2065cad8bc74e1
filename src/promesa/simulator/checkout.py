"""The shops' checkouts: buyers ask for a date, take it or leave, and their orders bring the quote.

What the platform refuses loses a sale and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from promesa.kernel.serviceday import ServiceDay
from promesa.promising.rehearsal.buyers import Habits, staying_share
from promesa.simulator.buyers import ORDERING, Buyer, Habit
from promesa.simulator.client import Api
from promesa.simulator.script import OrderFate

_REFUSED_FROM = 400
# A checkout shows no more; each further day costs the platform a little.
WINDOWS_SHOWN = 3
LOST_A_DAY = Habits().lost_a_day
_ASKED = ("position", "address", "comuna", "parcels")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cart:
    """An order that is going to be placed with a quote."""

    buyer: Buyer
    quote_id: str
    due: datetime


class Checkouts:
    """The shops' pages where something is bought.

    Args:
        api: Their way to the platform, all of them together.
        merchant_id: Of a shop's number.
    """

    def __init__(self, api: Api, merchant_id: Callable[[int], str]) -> None:
        self._api = api
        self._merchant_id = merchant_id
        # Of those who took a date and pay later; no more than come within an hour.
        self._carts: list[_Cart] = []

    async def quote(self, orders: Sequence[OrderFate]) -> dict[str, str]:
        """Quotes of orders that leave the hour to the checkout, by reference; for their day alone.

        Those that say hours of their own, or are fetched first, were sold without asking.
        """
        found = {}
        for fate in orders:
            if fate.body["windows"] or "legs" in fate.body:
                continue
            shown = await self._quoted(fate.body, fate.merchant)
            if shown is not None and shown["date"] == fate.body["date"]:
                found[fate.reference] = str(shown["quote_id"])
        return found

    async def serve(self, buyers: Sequence[Buyer], at: datetime) -> None:
        """Shows each a date, and places the orders of those who have paid by now."""
        for buyer in buyers:
            await self._visit(buyer, at)
        ready = [cart for cart in self._carts if cart.due <= at]
        self._carts = [cart for cart in self._carts if cart.due > at]
        left_out = await self._order({cart.buyer: cart.quote_id for cart in ready})
        # A quote that can't be kept any more is asked for anew, once.
        again = {buyer: await self._quote_id(buyer) for buyer in left_out}
        await self._order({buyer: found for buyer, found in again.items() if found is not None})

    async def _visit(self, buyer: Buyer, at: datetime) -> None:
        shown = await self._quoted(buyer.body, buyer.merchant)
        if shown is None or _is_too_late(buyer, at, date.fromisoformat(shown["date"])):
            return
        quote_id = str(shown["quote_id"])
        if buyer.habit in {Habit.HOLDS, Habit.FORGETS}:
            await self._api.try_post(f"/v1/promises/{quote_id}/accept")
        if buyer.habit in ORDERING:
            cart = _Cart(buyer=buyer, quote_id=quote_id, due=at + buyer.orders_after)
            self._carts.append(cart)

    async def _quoted(self, body: dict[str, Any], merchant: int) -> dict[str, Any] | None:
        """The date that the checkout shows first; None where there is none to show."""
        asked = {key: body[key] for key in _ASKED if key in body}
        asked["merchant_id"] = self._merchant_id(merchant)
        asked["windows_min"] = WINDOWS_SHOWN
        status, answer = await self._api.try_post("/v1/promises/quote", asked)
        if status >= _REFUSED_FROM:
            return None
        windows = answer["windows"]
        return next((each for each in windows if each["is_shown"]), next(iter(windows), None))

    async def _quote_id(self, buyer: Buyer) -> str | None:
        shown = await self._quoted(buyer.body, buyer.merchant)
        return None if shown is None else str(shown["quote_id"])

    async def _order(self, carts: dict[Buyer, str]) -> list[Buyer]:
        """Places the orders; those whose quote was refused."""
        if not carts:
            return []
        orders = [
            buyer.body
            | {"merchant_id": self._merchant_id(buyer.merchant), "quote_id": carts[buyer]}
            for buyer in carts
        ]
        status, answer = await self._api.try_put("/v1/orders", {"orders": orders})
        if status >= _REFUSED_FROM:
            return []
        left_out = {row["index"] for row in answer["rejected"]}
        return [buyer for index, buyer in enumerate(carts) if index in left_out]


def _is_too_late(buyer: Buyer, at: datetime, day: date) -> bool:
    days = (day - ServiceDay.of(at).date).days
    return buyer.patience > staying_share(days, LOST_A_DAY)
