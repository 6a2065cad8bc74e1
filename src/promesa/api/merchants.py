"""Merchants and their API keys. A key is shown once and never again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post, put
from stdnum.cl import rut as rut_numbers
from stdnum.exceptions import ValidationError

from promesa.api.decoding import View, Wire
from promesa.domain.access import Credential, CredentialKind, Merchant
from promesa.domain.actor import Permission
from promesa.kernel.errors import FieldFault, InvalidError, NotFoundError
from promesa.kernel.geo import Position
from promesa.orders.identity import canonical_email, canonical_phone
from promesa.runtime import access
from promesa.runtime.platform import Caller, Platform

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Lon = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Lat = Annotated[float, msgspec.Meta(ge=-90, le=90)]


class RutError(InvalidError):
    """The RUT's check digit does not match."""

    code: ClassVar[str] = "rut_invalid"
    message = "El RUT no es válido. Escríbelo como 76123456-0."


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
    is_active: bool


class MerchantList(View):
    """All of them, by code."""

    items: list[MerchantView]


class MerchantBody(Wire):
    """A shipper; the position is where its parcels are collected.

    One that is not active places no new orders; those under way go on.
    """

    code: Code
    name: Name
    rut: Annotated[str, msgspec.Meta(max_length=12)] | None = None
    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    phone: Annotated[str, msgspec.Meta(max_length=30)] | None = None
    position: tuple[Lon, Lat] | None = None
    address: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    is_active: bool = True


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
        is_active=merchant.is_active,
    )


def _merchant_of(data: MerchantBody, merchant_id: UUID) -> Merchant:
    """The shipper as told, or every field that cannot be meant so, at once."""
    spot, refused = data.position, list[InvalidError]()

    def checked(field: str, text: str | None, canonical: Callable[[str], str]) -> str | None:
        if text is None or not text.strip():
            return None
        try:
            return canonical(text)
        except InvalidError as error:
            code = f"{field}_invalid"
            fault = FieldFault(field=field, reason=error.sentence, code=code)
            refused.append(type(error)(error.sentence, faults=[fault]))
        return None

    merchant = Merchant(
        id=merchant_id,
        code=data.code,
        name=data.name,
        rut=checked("rut", data.rut, _canonical_rut),
        email=checked("email", data.email, canonical_email),
        phone=checked("phone", data.phone, canonical_phone),
        position=None if spot is None else Position(lon=spot[0], lat=spot[1]),
        address_line=(data.address or "").strip() or None,
        is_active=data.is_active,
    )
    if refused:
        faults = [fault for error in refused for fault in _faults_of(error)]
        raise type(refused[0])(refused[0].sentence, faults=faults)
    return merchant


def _canonical_rut(text: str) -> str:
    try:
        compact = rut_numbers.validate(text)
    except ValidationError as error:
        raise RutError from error
    return f"{compact[:-1]}-{compact[-1]}"


def _faults_of(error: InvalidError) -> list[FieldFault]:
    faults = error.details.get("faults", [])
    return list(faults) if isinstance(faults, list) else []


@get("/v1/merchants", access=Permission.READ_OPERATION, summary="Merchants")
async def list_merchants(platform: Platform, caller: Caller) -> MerchantList:
    """Every shipper of the operator."""
    async with platform.transaction(caller.tenant_id) as tx:
        merchants = await tx.access.list_merchants()
    return MerchantList(items=[view_merchant(merchant) for merchant in merchants])


@post("/v1/merchants", access=Permission.MANAGE_ACCESS, summary="Add a merchant")
async def add_merchant(data: MerchantBody, platform: Platform, caller: Caller) -> MerchantView:
    """Adds a shipper."""
    merchant = _merchant_of(data, platform.ids.next())
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.access.put_merchant(merchant)
        await platform.record(tx, caller, "merchant.added", subject=("merchant", merchant.id))
    return view_merchant(merchant)


@put(
    "/v1/merchants/{merchant_id:uuid}", access=Permission.MANAGE_ACCESS, summary="Change a merchant"
)
async def change_merchant(
    merchant_id: UUID, data: MerchantBody, platform: Platform, caller: Caller
) -> MerchantView:
    """Replaces what is known of a shipper, and says whether it still works with us."""
    merchant = _merchant_of(data, merchant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        before = await tx.access.get_merchant(merchant_id)
        names = [item.name for item in fields(Merchant)]
        changed = [name for name in names if getattr(before, name) != getattr(merchant, name)]
        if changed:
            await tx.access.put_merchant(merchant)
            await platform.record(
                tx,
                caller,
                "merchant.changed",
                subject=("merchant", merchant_id),
                data={"fields": sorted(changed), "is_active": merchant.is_active},
            )
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


router = Router(
    path="",
    route_handlers=[
        list_merchants,
        add_merchant,
        change_merchant,
        list_keys,
        add_key,
        end_key,
    ],
    tags=["merchants"],
)
