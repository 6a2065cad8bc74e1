"""The platform as an actor of the simulation meets it: over HTTP, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import httpx
from httpx import codes

from promesa.kernel.errors import UnavailableError

_REFUSED_FROM = 400
ANSWER_CHARS_SHOWN = 400

OpenClient = Callable[[], httpx.AsyncClient]


class SimulationError(UnavailableError):
    """The platform answered what it never should."""

    code: ClassVar[str] = "simulation_failed"
    message = "La simulación recibió una respuesta inesperada de la plataforma."


class Api:
    """One actor's way to the platform: its cookies, its key."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.answered = 0

    async def get(self, path: str, **query: Any) -> Any:
        """The JSON at ``path``."""
        return self._read(await self._client.get(path, params=query), path)

    async def post(self, path: str, body: Any = None) -> Any:
        """What the platform answers to ``body``."""
        return self._read(await self._client.post(path, json=body), path)

    async def put(self, path: str, body: Any) -> Any:
        """What the platform answers to ``body``."""
        return self._read(await self._client.put(path, json=body), path)

    async def try_put_form(self, path: str, fields: dict[str, str], picture: bytes) -> bool:
        """Sends a picture with its fields; False when its stop is not this actor's any more."""
        files = {"file": ("foto.jpg", picture, "image/jpeg")}
        answer = await self._client.put(path, data=fields, files=files)
        if answer.status_code == codes.NOT_FOUND:
            self.answered += 1
            return False
        self._read(answer, path)
        return True

    async def try_post(self, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and answer, whatever they are: a person may be refused and go on."""
        return _told(await self._client.post(path, json=body))

    async def try_put(self, path: str, body: Any) -> tuple[int, Any]:
        """The same of what is put."""
        return _told(await self._client.put(path, json=body))

    async def close(self) -> None:
        """Gives the connections back."""
        await self._client.aclose()

    def _read(self, answer: httpx.Response, path: str) -> Any:
        self.answered += 1
        if answer.status_code >= _REFUSED_FROM:
            raise SimulationError(
                path=path, status=answer.status_code, answer=answer.text[:ANSWER_CHARS_SHOWN]
            )
        return answer.json() if answer.content else None


def _told(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json() if answer.content else None
