"""Who is known to the platform, and by which secret each shows who it is.

A secret itself is never kept, only its digest; a torre password is kept as an argon2 hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from promesa.domain.actor import Role
from promesa.kernel.geo import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """An operator whose data are kept apart from every other's."""

    id: UUID
    name: str
    zone: str = "America/Santiago"
    is_simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person of the torre; name and e-mail are in the people store.

    Attributes:
        email_digest: Finds the user at sign-in, digested under the server's secret; None once the
            person is erased.
    """

    id: UUID
    person_id: UUID
    email_digest: bytes | None
    role: Role
    password_hash: str
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """A shipper (comercio): sees only its own orders.

    Attributes:
        phone: Whom recipients and drivers call, in E.164.
        position: Where its parcels are collected; None until known.
        is_active: False once it stopped working with us: what it sent goes on, nothing new does.
    """

    id: UUID
    code: str
    name: str
    rut: str | None = None
    email: str | None = None
    phone: str | None = None
    position: Position | None = None
    address_line: str | None = None
    is_active: bool = True


class CredentialKind(StrEnum):
    """What a secret opens."""

    USER_SESSION = "user_session"
    DRIVER_LINK = "driver_link"
    DRIVER_SESSION = "driver_session"
    API_KEY = "api_key"
    TRACKING_LINK = "tracking_link"
    DEVICE = "device"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A secret, by its digest.

    Attributes:
        subject_id: The user, driver, merchant or order it speaks for.
        prefix: The first characters, to tell keys apart on screen.
    """

    id: UUID
    kind: CredentialKind
    digest: bytes
    tenant_id: UUID
    subject_id: UUID
    made_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    prefix: str = ""

    def is_valid(self, now: datetime) -> bool:
        """Whether it still opens what it opens."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What was answered to a request with an Idempotency-Key."""

    actor_id: UUID
    key: str
    request_digest: bytes
    status: int
    body: bytes
    kept_at: datetime
