"""What each vendor's protocol asks for, in a real conversation on loopback."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import threading
from dataclasses import replace
from datetime import timedelta, timezone
from uuid import UUID

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from promesa.kernel.clock import SystemClock
from promesa.kernel.ids import Ids
from promesa.notify.channels import ChannelRefusedError, ChannelUnavailableError, Envelope
from promesa.notify.guard import UnsafeUrlError, UrlPolicy
from promesa.notify.sms import SmsChannel, SmsSettings
from promesa.notify.smtp import SmtpChannel, SmtpSecurity, SmtpSettings
from promesa.notify.webhook import WebhookChannel, check_target, new_secret
from tests.support.outbox_memory import NOON
from tests.support.vendors import (
    ACCOUNT,
    TOKEN,
    Answer,
    HttpVendor,
    MailServer,
    Request,
    http_vendor,
    json_answer,
    mail_server,
)

MAIL = Envelope(
    message_id=UUID(int=7),
    to="ana@example.cl",
    subject="Tu pedido Ñ-1 va en camino",
    text="Hola, Ana:\n\nLlega entre las 14:00 y las 16:00.",
    queued_at=NOON,
)
SMS = replace(MAIL, to="+56912345678", text="Tienda: tu pedido va en camino.")


def smtp(server: MailServer, *, password: str | None = None) -> SmtpChannel:
    return SmtpChannel(
        SmtpSettings(
            host="127.0.0.1",
            port=server.port,
            sender="Promesa <avisos@promesa.example.cl>",
            username=None if password is None else "promesa",
            password=password,
            security=SmtpSecurity.PLAIN,
        )
    )


async def test_a_mail_arrives_with_its_letters_and_headers() -> None:
    with mail_server() as server:
        await smtp(server).send(MAIL)
    (raw,) = server.mails
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["Subject"] == MAIL.subject
    assert mail["To"] == "ana@example.cl"
    assert mail["Message-ID"] == f"<{MAIL.message_id}@promesa.example.cl>"
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_body()
    assert body is not None
    assert body.get_content().splitlines() == MAIL.text.splitlines()
    assert server.recipients == [["ana@example.cl"]]


# Without TLS on loopback; the library warns those who would do so on a network.
PLAIN_LOGIN = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@PLAIN_LOGIN
async def test_the_mail_server_is_told_who_we_are() -> None:
    with mail_server(asks_password=True) as server:
        await smtp(server, password=TOKEN).send(MAIL)
    assert [login.login for login in server.logins] == [b"promesa"]
    assert len(server.mails) == 1


@PLAIN_LOGIN
async def test_a_wrong_password_is_ours_to_put_right_so_the_mail_waits() -> None:
    with mail_server(asks_password=True) as server, pytest.raises(ChannelUnavailableError):
        await smtp(server, password="wrong").send(MAIL)
    assert server.mails == []


@pytest.mark.parametrize("to", ["ana@example.cl\r\nBcc: all@example.cl", "", "no address"])
async def test_an_address_that_is_none_is_refused_before_anybody_is_called(to: str) -> None:
    with mail_server() as server, pytest.raises(ChannelRefusedError):
        await smtp(server).send(replace(MAIL, to=to))
    assert server.mails == []


async def test_a_server_without_encryption_gets_no_mail_when_encryption_is_asked_for() -> None:
    with mail_server() as server:
        settings = SmtpSettings(host="127.0.0.1", port=server.port, sender="a@example.cl")
        with pytest.raises(ChannelUnavailableError):
            await SmtpChannel(settings).send(MAIL)
    assert settings.security is SmtpSecurity.STARTTLS
    assert server.mails == []


def gateway(request: Request) -> Answer:
    """A gateway that checks what Twilio checks."""
    login = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    if request.headers.get("authorization") != f"Basic {login}":
        return json_answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
    if set(request.form) != {"To", "From", "Body"}:
        return json_answer(400, {"code": 21602, "message": "Body is required", "status": 400})
    if not request.form["To"].startswith("+569"):
        return json_answer(400, {"code": 21614, "message": "not a mobile", "status": 400})
    return json_answer(201, {"sid": "SM42", "status": "queued", "to": request.form["To"]})


def sms(vendor: HttpVendor, *, token: str = TOKEN) -> SmsChannel:
    settings = SmsSettings(
        base_url=vendor.url + "/", account_sid=ACCOUNT, auth_token=token, sender="+56900000000"
    )
    return SmsChannel(settings)


async def test_an_sms_is_a_form_with_basic_authentication() -> None:
    with http_vendor(gateway) as vendor:
        channel = sms(vendor)
        receipt = await channel.send(SMS)
        await channel.close()
    assert receipt.provider_id == "SM42"
    (request,) = vendor.requests
    assert request.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert request.form == {"To": SMS.to, "From": "+56900000000", "Body": SMS.text}


async def test_the_gateways_own_code_is_kept_and_its_sentence_is_not() -> None:
    with http_vendor(gateway) as vendor:
        channel = sms(vendor)
        with pytest.raises(ChannelRefusedError) as caught:
            await channel.send(replace(SMS, to="+56221234567"))
        await channel.close()
    assert caught.value.details == {"cause": "sms 400 21614"}


async def test_a_wrong_token_is_ours_to_put_right_so_the_sms_waits() -> None:
    with http_vendor(gateway) as vendor:
        channel = sms(vendor, token="wrong")
        with pytest.raises(ChannelUnavailableError):
            await channel.send(SMS)
        await channel.close()


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]"])
async def test_a_gateway_in_trouble_is_tried_again_whatever_it_says(
    status: int, body: bytes
) -> None:
    with http_vendor(lambda _: (status, {}, body)) as vendor:
        channel = sms(vendor)
        with pytest.raises(ChannelUnavailableError):
            await channel.send(SMS)
        await channel.close()


HOOK = replace(MAIL, text=json.dumps({"id": "1", "type": "cl.promesa.stop.closed.v1"}))
SECRET = new_secret(Ids(SystemClock()))


async def posted(vendor: HttpVendor, policy: UrlPolicy, url: str | None = None) -> None:
    channel = WebhookChannel(SystemClock(), policy)
    try:
        await channel.send(replace(HOOK, to=url or f"{vendor.url}/hook?a=1", secret=SECRET))
    finally:
        await channel.close()


def taken(_: Request) -> Answer:
    return 204, {}, b""


OWN = UrlPolicy(allows_private=True)


async def test_the_receiver_can_verify_the_signature_with_the_standards_library() -> None:
    with http_vendor(taken) as vendor:
        await posted(vendor, OWN)
    (request,) = vendor.requests
    assert request.path == "/hook?a=1"
    assert request.headers["content-type"].startswith("application/cloudevents+json")
    assert Webhook(SECRET).verify(request.body, request.headers) == json.loads(HOOK.text)


async def test_a_changed_body_does_not_verify() -> None:
    with http_vendor(taken) as vendor:
        await posted(vendor, OWN)
    (request,) = vendor.requests
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body.replace(b"1", b"2"), request.headers)


async def test_the_receiver_is_called_by_its_name_at_the_address_that_was_checked() -> None:
    with http_vendor(taken) as vendor:
        port = vendor.url.rpartition(":")[2]
        await posted(vendor, OWN, f"http://localhost:{port}/hook")
    (request,) = vendor.requests
    assert request.headers["host"] == f"localhost:{port}"


async def test_a_private_receiver_is_not_called_at_all() -> None:
    with http_vendor(taken) as vendor:
        with pytest.raises(UnsafeUrlError):
            await posted(vendor, UrlPolicy())
        with pytest.raises(UnsafeUrlError):
            await posted(vendor, UrlPolicy(), vendor.url.replace("http://", "https://"))
    assert vendor.requests == []


async def test_a_redirect_is_not_followed() -> None:
    def elsewhere(_: Request) -> Answer:
        return 302, {"Location": "/other"}, b""

    with http_vendor(elsewhere) as vendor, pytest.raises(ChannelRefusedError):
        await posted(vendor, OWN)
    assert len(vendor.requests) == 1


async def test_a_receiver_that_never_ends_its_answer_does_not_hold_the_outbox() -> None:
    released = threading.Event()

    def hanging(_: Request) -> Answer:
        released.wait(5)
        return 204, {}, b""

    channel = WebhookChannel(SystemClock(), OWN, timeout_s=0.2)
    with http_vendor(hanging) as vendor:
        with pytest.raises(ChannelUnavailableError):
            await channel.send(replace(HOOK, to=vendor.url, secret=SECRET))
        released.set()
        await channel.close()


@pytest.mark.parametrize("secret", [None, "", "whsec_", "whsec_%%%"])
async def test_nothing_leaves_unsigned(secret: str | None) -> None:
    channel = WebhookChannel(SystemClock(), OWN)
    with http_vendor(taken) as vendor:
        with pytest.raises(ChannelRefusedError):
            await channel.send(replace(HOOK, to=vendor.url, secret=secret))
        await channel.close()
    assert vendor.requests == []


def test_a_clock_of_another_zone_would_be_signed_wrong_so_ours_is_utc() -> None:
    """Guards against the library's habit of reading a datetime's figures as UTC."""
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    chile = now.astimezone(timezone(timedelta(hours=-3)))
    webhook = Webhook(SECRET)
    assert webhook.sign("1", now, "x") != webhook.sign("1", chile, "x")


def test_a_target_is_checked_when_it_is_entered() -> None:
    check_target("https://hooks.example.com/", private_networks=False)
    check_target("http://127.0.0.1:9000/", private_networks=True)
    with pytest.raises(UnsafeUrlError):
        check_target("http://127.0.0.1:9000/", private_networks=False)
