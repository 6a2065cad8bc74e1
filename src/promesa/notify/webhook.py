"""Webhooks signed as Standard Webhooks says, to public addresses only, never redirected."""

from __future__ import annotations

import asyncio
import base64
import binascii
import ssl
from functools import cache

import httpx
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from promesa.kernel.clock import Clock
from promesa.kernel.ids import Ids
from promesa.notify.channels import (
    SEND_TIMEOUT_S,
    ChannelRefusedError,
    ChannelUnavailableError,
    Envelope,
    Receipt,
)
from promesa.notify.cloud_events import CONTENT_TYPE
from promesa.notify.guard import Target, UrlPolicy, check_url, resolve

_REDIRECT_FROM, _FAULT_FROM = 300, 400
_GONE = 410
# Standard Webhooks asks for 24 to 64 bytes.
SECRET_BYTES = 32


def new_secret(ids: Ids) -> str:
    """A secret to sign with, as Standard Webhooks writes it; shown once."""
    return "whsec_" + base64.b64encode(ids.secret_bytes(SECRET_BYTES)).decode()


def check_target(url: str, *, private_networks: bool) -> None:
    """Refuses a URL no webhook may have, when it is entered; sending checks its addresses too.

    Raises:
        UnsafeUrlError: Not https, with credentials, or of a private network that is not allowed.
    """
    check_url(url, UrlPolicy(allows_private=private_networks))


@cache
def _certificates() -> ssl.SSLContext:
    """Whom we believe; read once, since that takes longer than the rest of a platform's start."""
    return httpx.create_ssl_context(trust_env=False)


class WebhookChannel:
    """Posts signed payloads; one pool of connections, closed with ``close``."""

    def __init__(
        self,
        clock: Clock,
        policy: UrlPolicy | None = None,
        *,
        timeout_s: float = SEND_TIMEOUT_S,
    ) -> None:
        """Takes the machine's clock, even on a simulated day.

        A receiver refuses a signature whose instant is five minutes from its own.
        """
        self._clock = clock
        self._policy = policy or UrlPolicy()
        self._timeout_s = timeout_s
        self._http = httpx.AsyncClient(
            verify=_certificates(), timeout=timeout_s, trust_env=False, follow_redirects=False
        )

    async def send(self, envelope: Envelope) -> Receipt:
        """Taken when the receiver answers 2xx; its answer's body is not read."""
        headers = self._headers(envelope)
        try:
            # The limit of the client is for each read; this one is for the whole.
            async with asyncio.timeout(self._timeout_s):
                target = await resolve(envelope.to, self._policy)
                status = await self._post(target, headers, envelope.text)
        except (httpx.HTTPError, TimeoutError) as silence:
            raise ChannelUnavailableError(cause=type(silence).__name__) from None
        if status < _REDIRECT_FROM:
            return Receipt(provider_id=str(envelope.message_id))
        if status < _FAULT_FROM or status == _GONE:
            raise ChannelRefusedError(cause=f"webhook {status}")
        # A receiver's 4xx is more often a bad deployment than a verdict, so it is tried again.
        raise ChannelUnavailableError(cause=f"webhook {status}")

    async def close(self) -> None:
        """Ends the connections."""
        await self._http.aclose()

    async def _post(self, target: Target, headers: dict[str, str], text: str) -> int:
        """Connects to the checked address under the receiver's own name, TLS included."""
        request = self._http.build_request(
            "POST",
            target.url,
            content=text.encode(),
            headers={**headers, "host": target.host_header},
            extensions={"sni_hostname": target.host},
        )
        answer = await self._http.send(request, stream=True)
        await answer.aclose()
        return answer.status_code

    def _headers(self, envelope: Envelope) -> dict[str, str]:
        # The library reads a datetime's figures as UTC whatever its offset, so it must be UTC;
        # and it signs whole seconds.
        signed_at = self._clock.now()
        message_id = str(envelope.message_id)
        try:
            signature = Webhook(envelope.secret or "").sign(message_id, signed_at, envelope.text)
        except (EmptyWebhookSecretError, binascii.Error):
            raise ChannelRefusedError("El webhook no tiene una clave que sirva.") from None
        return {
            "content-type": CONTENT_TYPE,
            "webhook-id": message_id,
            "webhook-timestamp": str(int(signed_at.timestamp())),
            "webhook-signature": signature,
        }
