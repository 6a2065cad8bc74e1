"""SMS over the HTTP API that Twilio made common: form in, JSON out, basic authentication.

Any gateway that speaks it will do; only the address differs. The API has no idempotency of its
own: the message id goes along in a header for gateways that honour it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from promesa.notify.channels import (
    SEND_TIMEOUT_S,
    ChannelRefusedError,
    ChannelUnavailableError,
    Envelope,
    Receipt,
)

_CREATED = 201
_UNAUTHORISED = frozenset({401, 403})
_TOO_MANY = 429
_SERVER_FAULT_FROM = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """Which gateway, and who we are there.

    Attributes:
        base_url: Without a path, as ``https://api.twilio.com``.
        sender: A phone in E.164 or a name the gateway allows.
    """

    base_url: str
    account_sid: str
    auth_token: str = field(repr=False)
    sender: str


class SmsChannel:
    """Sends short messages; one pool of connections, closed with ``close``."""

    def __init__(self, settings: SmsSettings) -> None:
        self._settings = settings
        # trust_env would let a proxy of the environment read every message.
        self._http = httpx.AsyncClient(
            auth=(settings.account_sid, settings.auth_token),
            timeout=SEND_TIMEOUT_S,
            trust_env=False,
            follow_redirects=False,
        )

    async def send(self, envelope: Envelope) -> Receipt:
        """The receipt is the gateway's sid."""
        form = {"To": envelope.to, "From": self._settings.sender, "Body": envelope.text}
        try:
            answer = await self._http.post(
                self._url(), data=form, headers={"Idempotency-Key": str(envelope.message_id)}
            )
        except httpx.HTTPError as silence:
            raise ChannelUnavailableError(cause=type(silence).__name__) from None
        body = _json(answer)
        if answer.status_code == _CREATED:
            sid = body.get("sid")
            return Receipt(provider_id=sid if isinstance(sid, str) else None)
        raise _refusal(answer.status_code, body)

    async def close(self) -> None:
        """Ends the connections."""
        await self._http.aclose()

    def _url(self) -> str:
        base = self._settings.base_url.rstrip("/")
        return f"{base}/2010-04-01/Accounts/{self._settings.account_sid}/Messages.json"


def _json(answer: httpx.Response) -> Mapping[str, object]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _refusal(
    status: int, body: Mapping[str, object]
) -> ChannelRefusedError | ChannelUnavailableError:
    """The gateway's own code is kept; its sentence is not, since it repeats the number."""
    code = body.get("code")
    cause = f"sms {status}" if not isinstance(code, int) else f"sms {status} {code}"
    is_ours = status in _UNAUTHORISED or status == _TOO_MANY or status >= _SERVER_FAULT_FROM
    return ChannelUnavailableError(cause=cause) if is_ours else ChannelRefusedError(cause=cause)
