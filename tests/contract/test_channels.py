"""One suite for every channel: what the outbox relies on, whoever the vendor is.

The vendors are real servers on loopback that speak their protocol; the bandeja has none.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from promesa.kernel.clock import SystemClock
from promesa.notify.channels import (
    ChannelPort,
    ChannelRefusedError,
    ChannelUnavailableError,
    Envelope,
    Receipt,
)
from promesa.notify.guard import UrlPolicy
from promesa.notify.sms import SmsChannel, SmsSettings
from promesa.notify.smtp import SmtpChannel, SmtpSecurity, SmtpSettings
from promesa.notify.tray import TrayChannel
from promesa.notify.webhook import WebhookChannel
from tests.support.outbox_memory import NOON
from tests.support.vendors import (
    ACCOUNT,
    TOKEN,
    Answer,
    Request,
    free_port,
    http_vendor,
    json_answer,
    mail_server,
)

WORDS = "Hola, Ana:\n\nTu pedido Ñ-1 va en camino."
# 32 bytes of zeros, as Standard Webhooks writes a secret.
SECRET = "whsec_" + "A" * 43 + "="


@dataclass(slots=True)
class Case:
    """A channel with its vendor alive, and the same channel with nobody there.

    Attributes:
        keys: The idempotency keys the vendor saw.
        refuse: Makes the vendor refuse from now on, for good or for now.
    """

    alive: ChannelPort
    dead: ChannelPort | None
    envelope: Envelope
    keys: Callable[[], list[str]]
    refuse: Callable[[bool], None] | None


ENVELOPE = Envelope(
    message_id=UUID(int=7), to="", subject="Tu pedido", text=WORDS, queued_at=NOON, secret=SECRET
)


@pytest.fixture(params=["email", "sms", "webhook", "tray"])
async def case(request: pytest.FixtureRequest) -> AsyncIterator[Case]:
    make = {"email": email_case, "sms": sms_case, "webhook": webhook_case, "tray": tray_case}
    with ExitStack() as vendors:
        made = make[request.param](vendors)
        yield made
        for channel in (made.alive, made.dead):
            if isinstance(channel, SmsChannel | WebhookChannel):
                await channel.close()


def email_case(vendors: ExitStack) -> Case:
    server = vendors.enter_context(mail_server())

    def channel(port: int) -> SmtpChannel:
        return SmtpChannel(
            SmtpSettings(
                host="127.0.0.1",
                port=port,
                sender="Promesa <avisos@promesa.example.cl>",
                security=SmtpSecurity.PLAIN,
            )
        )

    def keys() -> list[str]:
        lines = [line for mail in server.mails for line in mail.decode().splitlines()]
        ids = [line for line in lines if line.startswith("Message-ID: ")]
        return [line.partition("<")[2].partition("@")[0] for line in ids]

    def refuse(for_good: bool) -> None:
        server.refused["ana@example.cl"] = "550 no such user" if for_good else "451 later"

    envelope = replace(ENVELOPE, to="ana@example.cl")
    return Case(channel(server.port), channel(free_port()), envelope, keys, refuse)


def sms_case(vendors: ExitStack) -> Case:
    vendor = vendors.enter_context(http_vendor(lambda _: json_answer(201, {"sid": "SM1"})))

    def channel(url: str) -> SmsChannel:
        return SmsChannel(
            SmsSettings(base_url=url, account_sid=ACCOUNT, auth_token=TOKEN, sender="+56900000000")
        )

    def refuse(for_good: bool) -> None:
        body = {"code": 21211, "message": "'To' number +56912345678 is not valid"}
        vendor.answer = lambda _: json_answer(400 if for_good else 503, body)

    return Case(
        channel(vendor.url),
        channel(f"http://127.0.0.1:{free_port()}"),
        replace(ENVELOPE, to="+56912345678"),
        lambda: [one.headers["idempotency-key"] for one in vendor.requests],
        refuse,
    )


def webhook_case(vendors: ExitStack) -> Case:
    def taken(_: Request) -> Answer:
        return 204, {}, b""

    vendor = vendors.enter_context(http_vendor(taken))
    channel = WebhookChannel(SystemClock(), UrlPolicy(allows_private=True))

    def refuse(for_good: bool) -> None:
        vendor.answer = lambda _: (410 if for_good else 500, {}, b"")

    return Case(
        channel,
        None,
        replace(ENVELOPE, to=f"{vendor.url}/hook", text='{"id":"1"}'),
        lambda: [one.headers["webhook-id"] for one in vendor.requests],
        refuse,
    )


def tray_case(_: ExitStack) -> Case:
    taken: list[str] = []

    class Counted(TrayChannel):
        async def send(self, envelope: Envelope) -> Receipt:
            taken.append(str(envelope.message_id))
            return await super().send(envelope)

    return Case(Counted(), None, replace(ENVELOPE, to="x"), lambda: taken, None)


async def test_a_message_is_taken_and_gets_a_receipt(case: Case) -> None:
    receipt = await case.alive.send(case.envelope)
    assert receipt.provider_id


async def test_the_message_id_is_the_idempotency_key_each_time(case: Case) -> None:
    await case.alive.send(case.envelope)
    await case.alive.send(case.envelope)
    await case.alive.send(replace(case.envelope, message_id=UUID(int=8)))
    assert case.keys() == [str(UUID(int=7))] * 2 + [str(UUID(int=8))]


async def test_a_refusal_for_good_is_told_apart_and_names_nobody(case: Case) -> None:
    if case.refuse is None:
        return
    case.refuse(True)
    with pytest.raises(ChannelRefusedError) as caught:
        await case.alive.send(case.envelope)
    assert case.envelope.to not in f"{caught.value} {caught.value.details}"


async def test_a_refusal_for_now_asks_for_another_try_and_names_nobody(case: Case) -> None:
    if case.refuse is None:
        return
    case.refuse(False)
    with pytest.raises(ChannelUnavailableError) as caught:
        await case.alive.send(case.envelope)
    assert case.envelope.to not in f"{caught.value} {caught.value.details}"


async def test_a_vendor_that_is_not_there_asks_for_another_try(case: Case) -> None:
    channel, envelope = case.dead or case.alive, case.envelope
    if case.envelope.to.startswith("http"):
        envelope = replace(envelope, to=f"http://127.0.0.1:{free_port()}/")
    elif case.dead is None:
        return
    with pytest.raises(ChannelUnavailableError):
        await channel.send(envelope)
