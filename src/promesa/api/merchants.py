"""Merchants, their API keys and webhooks. A key and a secret are shown once and never again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post
from stdnum.cl import rut as rut_numbers
from stdnum.exceptions import ValidationError

from promesa.api.decoding import View, Wire
from promesa.domain.access import Credential, CredentialKind, Merchant
from promesa.domain.actor import Permission
from promesa.domain.events import EVENT_TYPES
from promesa.kernel.errors import FieldFault, InvalidError, NotFoundError
from promesa.kernel.geo import Position
from promesa.notify.repository import WebhookEndpoint
from promesa.notify.webhook import check_target, new_secret
from promesa.orders.identity import IdentityError, canonical_phone
from promesa.runtime import access
from promesa.runtime.platform import Caller, Platform

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Lon = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Lat = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Url = Annotated[str, msgspec.Meta(min_length=8, max_length=500, pattern=r"^https?://")]


class RutError(InvalidError):
    """The RUT's check digit does not match."""

    code: ClassVar[str] = "rut_invalid"
    message = "El RUT no es válido. Escríbelo como 76123456-0."


class EventTypeError(InvalidError):
    """A webhook asks for events that do not exist."""

    code: ClassVar[str] = "event_type_unknown"
    message = "Hay un tipo de evento que no existe. Mira la lista en la documentación."


class MerchantView(View):
    """A shipper."""

    id: UUID
    code: str
    name: str
    rut: str | None
    email: str | None
    phone: str | None
    position: tuple[float, float] | None
    address: str | None


class MerchantList(View):
    """All of them, by code."""

    items: list[MerchantView]


class NewMerchant(Wire):
    """A shipper to add; the position is where its parcels are collected."""

    code: Code
    name: Name
    rut: Annotated[str, msgspec.Meta(max_length=12)] | None = None
    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    phone: Annotated[str, msgspec.Meta(max_length=30)] | None = None
    position: tuple[Lon, Lat] | None = None
    address: Annotated[str, msgspec.Meta(max_length=200)] | None = None


class KeyView(View):
    """An API key; ``key`` only in the answer that makes it."""

    id: UUID
    prefix: str
    made_at: datetime
    revoked_at: datetime | None
    is_active: bool
    key: str | None = None


class KeyList(View):
    """A merchant's keys, newest first."""

    items: list[KeyView]


class WebhookView(View):
    """Where events are sent; ``secret`` only in the answer that makes it."""

    id: UUID
    url: str
    merchant_id: UUID | None
    event_types: list[str]
    is_active: bool
    secret: str | None = None


class WebhookList(View):
    """All of them."""

    items: list[WebhookView]


class NewWebhook(Wire):
    """Where to send which events; an empty list means all."""

    url: Url
    event_types: Annotated[list[str], msgspec.Meta(max_length=100)] = msgspec.field(
        default_factory=list
    )
    merchant_id: UUID | None = None


def view_merchant(merchant: Merchant) -> MerchantView:
    """A merchant for the wire."""
    spot = merchant.position
    return MerchantView(
        id=merchant.id,
        code=merchant.code,
        name=merchant.name,
        rut=merchant.rut,
        email=merchant.email,
        phone=merchant.phone,
        position=None if spot is None else (spot.lon, spot.lat),
        address=merchant.address_line,
    )


def _valid_rut(text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    try:
        compact = rut_numbers.validate(text)
    except ValidationError as error:
        raise RutError from error
    return f"{compact[:-1]}-{compact[-1]}"


def _valid_phone(text: str | None) -> str | None:
    if not text:
        return None
    try:
        return canonical_phone(text)
    except IdentityError as error:
        fault = FieldFault(field="phone", reason=error.sentence, code="phone_invalid")
        raise IdentityError(error.sentence, faults=[fault]) from error


@get("/v1/merchants", access=Permission.READ_OPERATION, summary="Merchants")
async def list_merchants(platform: Platform, caller: Caller) -> MerchantList:
    """Every shipper of the operator."""
    async with platform.transaction(caller.tenant_id) as tx:
        merchants = await tx.access.list_merchants()
    return MerchantList(items=[view_merchant(merchant) for merchant in merchants])


@post("/v1/merchants", access=Permission.MANAGE_ACCESS, summary="Add a merchant")
async def add_merchant(data: NewMerchant, platform: Platform, caller: Caller) -> MerchantView:
    """Adds a shipper."""
    spot = data.position
    merchant = Merchant(
        id=platform.ids.next(),
        code=data.code,
        name=data.name,
        rut=_valid_rut(data.rut),
        email=data.email,
        phone=_valid_phone(data.phone),
        position=None if spot is None else Position(lon=spot[0], lat=spot[1]),
        address_line=data.address,
    )
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.access.put_merchant(merchant)
        await platform.record(tx, caller, "merchant.added", subject=("merchant", merchant.id))
    return view_merchant(merchant)


def _view_key(credential: Credential, now: datetime, key: str | None = None) -> KeyView:
    return KeyView(
        id=credential.id,
        prefix=credential.prefix,
        made_at=credential.made_at,
        revoked_at=credential.revoked_at,
        is_active=credential.is_valid(now),
        key=key,
    )


@get(
    "/v1/merchants/{merchant_id:uuid}/api-keys", access=Permission.MANAGE_ACCESS, summary="API keys"
)
async def list_keys(merchant_id: UUID, platform: Platform, caller: Caller) -> KeyList:
    """A merchant's keys, without the keys themselves."""
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.access.get_merchant(merchant_id)
        found = await tx.access.list_credentials(CredentialKind.API_KEY, merchant_id)
    return KeyList(items=[_view_key(item, platform.clock.now()) for item in found])


@post(
    "/v1/merchants/{merchant_id:uuid}/api-keys", access=Permission.MANAGE_ACCESS, summary="New key"
)
async def add_key(merchant_id: UUID, platform: Platform, caller: Caller) -> KeyView:
    """Makes a key and shows it this once."""
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.access.get_merchant(merchant_id)
        key, credential = await access.issue(
            tx,
            kind=CredentialKind.API_KEY,
            tenant_id=caller.tenant_id,
            subject_id=merchant_id,
            clock=platform.clock,
            ids=platform.ids,
            lifetime=None,
        )
        await platform.record(tx, caller, "access.key_made", subject=("merchant", merchant_id))
    return _view_key(credential, platform.clock.now(), key)


@delete(
    "/v1/merchants/{merchant_id:uuid}/api-keys/{key_id:uuid}",
    access=Permission.MANAGE_ACCESS,
    summary="End a key",
)
async def end_key(merchant_id: UUID, key_id: UUID, platform: Platform, caller: Caller) -> None:
    """Ends a key at once; ending it twice changes nothing."""
    async with platform.transaction(caller.tenant_id) as tx:
        credential = await tx.access.get_credential(key_id)
        if credential.subject_id != merchant_id or credential.kind is not CredentialKind.API_KEY:
            raise NotFoundError
        await access.revoke(tx, credential, platform.clock)
        await platform.record(tx, caller, "access.key_revoked", subject=("merchant", merchant_id))


def _view_webhook(endpoint: WebhookEndpoint, secret: str | None = None) -> WebhookView:
    return WebhookView(
        id=endpoint.id,
        url=endpoint.url,
        merchant_id=endpoint.merchant_id,
        event_types=sorted(endpoint.event_types),
        is_active=endpoint.is_active,
        secret=secret,
    )


@get("/v1/webhooks", access=Permission.MANAGE_ACCESS, summary="Webhooks")
async def list_webhooks(platform: Platform, caller: Caller) -> WebhookList:
    """Where events are sent."""
    async with platform.transaction(caller.tenant_id) as tx:
        endpoints = await tx.outbox.list_endpoints()
    return WebhookList(items=[_view_webhook(endpoint) for endpoint in endpoints])


@post("/v1/webhooks", access=Permission.MANAGE_ACCESS, summary="Add a webhook")
async def add_webhook(data: NewWebhook, platform: Platform, caller: Caller) -> WebhookView:
    """Adds a target; addresses of private networks are refused unless a setting allows them."""
    if unknown := sorted(set(data.event_types) - set(EVENT_TYPES)):
        raise EventTypeError(unknown=", ".join(unknown[:5]))
    check_target(data.url, private_networks=platform.settings.webhooks.private_networks)
    endpoint = WebhookEndpoint(
        id=platform.ids.next(),
        url=data.url,
        secret=new_secret(platform.ids),
        merchant_id=data.merchant_id,
        event_types=frozenset(data.event_types),
    )
    async with platform.transaction(caller.tenant_id) as tx:
        if data.merchant_id is not None:
            await tx.access.get_merchant(data.merchant_id)
        await tx.outbox.put_endpoint(endpoint)
        await platform.record(tx, caller, "webhook.added", subject=("webhook", endpoint.id))
    return _view_webhook(endpoint, endpoint.secret)


@delete(
    "/v1/webhooks/{webhook_id:uuid}", access=Permission.MANAGE_ACCESS, summary="Remove a webhook"
)
async def remove_webhook(webhook_id: UUID, platform: Platform, caller: Caller) -> None:
    """Stops sending there."""
    async with platform.transaction(caller.tenant_id) as tx:
        if webhook_id not in {endpoint.id for endpoint in await tx.outbox.list_endpoints()}:
            raise NotFoundError
        await tx.outbox.remove_endpoint(webhook_id)
        await platform.record(tx, caller, "webhook.removed", subject=("webhook", webhook_id))


router = Router(
    path="",
    route_handlers=[
        list_merchants,
        add_merchant,
        list_keys,
        add_key,
        end_key,
        list_webhooks,
        add_webhook,
        remove_webhook,
    ],
    tags=["merchants"],
)
