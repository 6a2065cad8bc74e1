"""The people who wait: some look at their page, leave instructions, rate, or choose another day."""

from __future__ import annotations

from typing import Any

from promesa.simulator.client import Api
from promesa.simulator.script import OrderFate

_OK_BELOW = 300


class Recipient:
    """One person with the link to one delivery.

    Args:
        fate: What this person is going to do.
        pages: The platform as a browser without an account meets it.
        token: The secret of the link.
    """

    def __init__(self, fate: OrderFate, pages: Api, token: str) -> None:
        self._fate = fate
        self._pages = pages
        self._path = f"/v1/track/{token}"

    async def look(self) -> dict[str, Any]:
        """Opens the page; leaves instructions where there is something to say."""
        page: dict[str, Any] = await self._pages.get(self._path)
        if self._fate.instructs and page["can"]["instruct"]:
            body = {"text": self._fate.instructs}
            await self._pages.try_post(f"{self._path}/instructions", body)
        return page

    async def rate(self) -> bool:
        """Says how it was; whether the platform took it."""
        if self._fate.score is None:
            return False
        status, _ = await self._pages.try_post(f"{self._path}/rating", {"score": self._fate.score})
        return status < _OK_BELOW

    async def choose_another_day(self) -> bool:
        """Takes the first day offered; whether the platform took it."""
        page: dict[str, Any] = await self._pages.get(self._path)
        if not page["can"]["reschedule"] or not page["dates"]:
            return False
        status, _ = await self._pages.try_post(
            f"{self._path}/reschedule", {"date": page["dates"][0]}
        )
        return status < _OK_BELOW
