"""The shops' checkouts: buyers ask for a date, take it or leave, and their orders bring the quote.

Each shop asks with a key of its own, like anybody's. What the platform refuses loses a sale and
nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from promesa.kernel.serviceday import ServiceDay
from promesa.promising.rehearsal.buyers import Habits, staying_share
from promesa.simulator.buyers import ORDERING, Buyer, Habit
from promesa.simulator.client import Api, OpenClient
from promesa.simulator.timeline import Timeline

_REFUSED_FROM = 400
# A checkout shows no more; each further day costs the platform a little.
WINDOWS_SHOWN = 3
LOST_A_DAY = Habits().lost_a_day


class Checkouts:
    """The shops' pages where something is bought.

    Args:
        open_client: Gives each shop a connection of its own.
        timeline: Where buyers come, and come back to order.
    """

    def __init__(self, open_client: OpenClient, timeline: Timeline) -> None:
        self._open_client = open_client
        self._timeline = timeline
        self._shops: list[Api] = []

    def open(self, keys: Sequence[str]) -> None:
        """Opens each shop with its key, in the order of the shops."""
        self._shops = [Api(self._open_client()) for _ in keys]
        for shop, key in zip(self._shops, keys, strict=True):
            shop.carry_key(key)

    def expect(self, buyers: Sequence[Buyer], since: datetime) -> None:
        """Plans those who come at ``since`` or later."""
        for buyer in buyers:
            if buyer.at >= since:
                self._plan(buyer)

    def _plan(self, buyer: Buyer) -> None:
        self._timeline.plan(buyer.at, lambda at: self._visit(at, buyer))

    async def _visit(self, at: datetime, buyer: Buyer) -> None:
        """Asks for a date; most who find it soon enough order."""
        shown = await self._quoted(buyer)
        if shown is None or _is_too_late(buyer, at, date.fromisoformat(shown["date"])):
            return
        quote_id = str(shown["quote_id"])
        if buyer.habit in {Habit.HOLDS, Habit.FORGETS}:
            await self._shops[buyer.merchant].try_post(f"/v1/promises/{quote_id}/accept")
        if buyer.habit is Habit.BUYS:
            await self._order(buyer, quote_id)
        elif buyer.habit in ORDERING:
            self._timeline.plan(at + buyer.orders_after, lambda _: self._order(buyer, quote_id))

    async def _quoted(self, buyer: Buyer) -> dict[str, Any] | None:
        """The date that the checkout shows first; None where there is none to show."""
        asked = {key: buyer.body[key] for key in ("position", "address", "comuna", "parcels")}
        asked["windows_min"] = WINDOWS_SHOWN
        status, answer = await self._shops[buyer.merchant].try_post("/v1/promises/quote", asked)
        if status >= _REFUSED_FROM:
            return None
        windows = answer["windows"]
        return next((each for each in windows if each["is_shown"]), next(iter(windows), None))

    async def _order(self, buyer: Buyer, quote_id: str) -> None:
        """Orders with the quote; where it can't be kept any more, with the date there is now."""
        shop = self._shops[buyer.merchant]
        status, _ = await shop.try_post("/v1/orders", buyer.body | {"quote_id": quote_id})
        if status >= _REFUSED_FROM and (again := await self._quoted(buyer)) is not None:
            await shop.try_post("/v1/orders", buyer.body | {"quote_id": again["quote_id"]})


def _is_too_late(buyer: Buyer, at: datetime, day: date) -> bool:
    days = (day - ServiceDay.of(at).date).days
    return buyer.patience > staying_share(days, LOST_A_DAY)
