"""Who is asking: passwords, sessions, keys and links, each kept only as a digest."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import ClassVar, Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from promesa.domain.access import Credential, CredentialKind, Tenant, User
from promesa.domain.actor import Actor, ActorKind, Role
from promesa.domain.person import Person
from promesa.kernel.clock import Clock
from promesa.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from promesa.kernel.ids import Ids, token_digest
from promesa.runtime.repository import Directory, PlatformStore

PASSWORD_CHARS_MIN = 12  # OWASP ASVS 5, 6.2.1 asks for at least 8 and advises 15.
PASSWORD_CHARS_MAX = 128
KEY_PREFIX = "pk_"
KEY_PREFIX_SHOWN_CHARS = 9

_hasher: Final = PasswordHasher()


class SignInError(ForbiddenError):
    """E-mail and password do not belong together."""

    code: ClassVar[str] = "sign_in_refused"
    message = "El correo o la contraseña no coinciden. Revisa e intenta de nuevo."


class LinkEndedError(NotFoundError):
    """A link was used, revoked or has expired."""

    code: ClassVar[str] = "link_ended"
    message = "Este enlace ya no sirve. Pide uno nuevo."


class PasswordError(InvalidError):
    """The password is too short or too long."""

    code: ClassVar[str] = "password_invalid"
    message = (
        f"La contraseña debe tener entre {PASSWORD_CHARS_MIN} y {PASSWORD_CHARS_MAX} caracteres."
    )


async def hash_password(password: str) -> str:
    """The argon2id hash to keep; made in a thread, as it takes a tenth of a second on purpose.

    Raises:
        PasswordError: Its length is out of range.
    """
    if not PASSWORD_CHARS_MIN <= len(password) <= PASSWORD_CHARS_MAX:
        raise PasswordError
    return await asyncio.to_thread(_hasher.hash, password)


async def check_password(
    directory: Directory, email_digest: bytes, password: str
) -> tuple[Tenant, User]:
    """The user with the e-mail of this digest, and this password.

    Raises:
        SignInError: There is none, or it is not active.
    """
    found = await directory.find_users_by_email(email_digest)
    candidates = [(tenant, user) for tenant, user in found if user.is_active]
    # In a thread, as when it was hashed: nobody else waits for it.
    for tenant, user in candidates:
        if await asyncio.to_thread(_matches, user.password_hash, password):
            return tenant, user
    if not candidates:
        await asyncio.to_thread(_matches_nobody, password)
    raise SignInError


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password[:PASSWORD_CHARS_MAX])
    except (VerificationError, InvalidHashError):
        return False


def _matches_nobody(password: str) -> None:
    """Takes as long as a try at somebody's password, so that neither answer tells who is here."""
    _matches(_nobodys_hash(), password)


@cache
def _nobodys_hash() -> str:
    """Made on the first such try: every process that loads this file would pay for it."""
    return _hasher.hash("nobody has this password")


async def issue(
    tx: PlatformStore,
    *,
    kind: CredentialKind,
    tenant_id: UUID,
    subject_id: UUID,
    clock: Clock,
    ids: Ids,
    lifetime: timedelta | None,
) -> tuple[str, Credential]:
    """Makes a secret and keeps its digest; the secret is returned this once."""
    token = ids.token()
    if kind is CredentialKind.API_KEY:
        token = KEY_PREFIX + token
    now = clock.now()
    credential = Credential(
        id=ids.next(),
        kind=kind,
        digest=token_digest(token),
        tenant_id=tenant_id,
        subject_id=subject_id,
        made_at=now,
        expires_at=None if lifetime is None else now + lifetime,
        prefix=token[:KEY_PREFIX_SHOWN_CHARS] if kind is CredentialKind.API_KEY else "",
    )
    await tx.access.put_credential(credential)
    return token, credential


async def find_valid(
    directory: Directory, token: str, kinds: frozenset[CredentialKind], now: datetime
) -> Credential | None:
    """The credential that ``token`` opens now, if it is one of ``kinds``."""
    credential = await directory.find_credential(token_digest(token))
    if credential is None or credential.kind not in kinds or not credential.is_valid(now):
        return None
    return credential


async def use_once(tx: PlatformStore, credential: Credential, clock: Clock) -> None:
    """Marks a single-use link as used.

    Raises:
        LinkEndedError: It was used before.
    """
    if not await tx.access.use_credential(credential.id, clock.now()):
        raise LinkEndedError


async def revoke(tx: PlatformStore, credential: Credential, clock: Clock) -> None:
    """Ends a credential; ending it twice changes nothing."""
    if credential.revoked_at is None:
        await tx.access.put_credential(replace(credential, revoked_at=clock.now()))


async def end_sessions(
    tx: PlatformStore, user_id: UUID, clock: Clock, *, but: bytes | None = None
) -> None:
    """Ends every session of a user; ``but`` is the digest of one that stays."""
    for session in await tx.access.list_credentials(CredentialKind.USER_SESSION, user_id):
        if session.digest != but:
            await revoke(tx, session, clock)


def actor_of(credential: Credential, user: User | None = None) -> Actor:
    """Who a credential speaks for.

    Raises:
        ForbiddenError: It is a link to be exchanged, which speaks for nobody.
    """
    subject, tenant = credential.subject_id, credential.tenant_id
    match credential.kind:
        case CredentialKind.USER_SESSION if user is not None:
            return Actor(kind=ActorKind.USER, id=subject, tenant_id=tenant, role=user.role)
        case CredentialKind.DRIVER_SESSION:
            return Actor(kind=ActorKind.DRIVER, id=subject, tenant_id=tenant, role=Role.DRIVER)
        case CredentialKind.API_KEY:
            return Actor(
                kind=ActorKind.MERCHANT,
                id=credential.id,
                tenant_id=tenant,
                role=Role.MERCHANT,
                merchant_id=subject,
            )
        case CredentialKind.TRACKING_LINK:
            return Actor(
                kind=ActorKind.RECIPIENT,
                id=credential.id,
                tenant_id=tenant,
                role=Role.RECIPIENT,
                order_id=subject,
            )
        case CredentialKind.DEVICE:
            return Actor(kind=ActorKind.DEVICE, id=subject, tenant_id=tenant, role=Role.DEVICE)
        case _:
            raise ForbiddenError


def system_actor(tenant_id: UUID) -> Actor:
    """The platform itself, inside one tenant."""
    return Actor(kind=ActorKind.SYSTEM, id=tenant_id, tenant_id=tenant_id, role=Role.SYSTEM)


def new_user(
    *, email: str, email_digest: bytes, name: str, role: Role, password_hash: str, ids: Ids
) -> tuple[User, Person]:
    """A user of the torre and the person behind it."""
    person = Person(id=ids.next(), name=name, email=email.strip().lower())
    user = User(
        id=ids.next(),
        person_id=person.id,
        email_digest=email_digest,
        role=role,
        password_hash=password_hash,
    )
    return user, person


def user_actor(tenant: Tenant, user: User) -> Actor:
    """A person of the torre as an actor."""
    return Actor(kind=ActorKind.USER, id=user.id, tenant_id=tenant.id, role=user.role)
