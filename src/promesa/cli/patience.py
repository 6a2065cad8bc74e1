"""How a simulated phone bears a server that is away: it tries again, like a real outbox."""

from __future__ import annotations

import httpx

from promesa.kernel.clock import pause_s

TRIES_MAX = 240
TRY_AGAIN_S = 0.5


class PatientTransport(httpx.AsyncHTTPTransport):
    """Tries again while nobody answers, or the database is away.

    A request may so arrive twice; every one the simulation sends changes things once.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, when there is somebody to give it."""
        for _ in range(TRIES_MAX):
            try:
                answer = await super().handle_async_request(request)
            except httpx.TransportError:
                await pause_s(TRY_AGAIN_S)
                continue
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            await answer.aclose()
            await pause_s(TRY_AGAIN_S)
        return await super().handle_async_request(request)
