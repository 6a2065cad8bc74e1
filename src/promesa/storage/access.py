"""Users, merchants and credentials of one tenant; of secrets, only digests and hashes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.access import Credential, CredentialKind, Merchant, User
from promesa.kernel.geo import Position
from promesa.storage.columns import (
    code,
    fact,
    identity,
    instant,
    octets,
    position,
    tenant_table,
)
from promesa.storage.rows import Rows

USERS = tenant_table(
    "users",
    identity(),
    identity("person_id"),
    octets("email_digest", nullable=True),
    code("role"),
    code("password_hash"),
    fact("is_active"),
)
Index("users_email_key", USERS.c.email_digest, USERS.c.tenant_id, unique=True)

MERCHANTS = tenant_table(
    "merchants",
    identity(),
    code("code"),
    code("name"),
    code("rut", nullable=True),
    code("email", nullable=True),
    code("phone", nullable=True),
    *position(nullable=True),
    code("address_line", nullable=True),
    fact("is_active"),
)
Index("merchants_code_key", MERCHANTS.c.tenant_id, MERCHANTS.c.code, unique=True)

CREDENTIALS = tenant_table(
    "credentials",
    identity(),
    code("kind"),
    octets("digest"),
    identity("subject_id"),
    instant("made_at"),
    instant("expires_at", nullable=True),
    instant("used_at", nullable=True),
    instant("revoked_at", nullable=True),
    code("prefix"),
)
# Across tenants: a secret has to say by itself whose it is.
Index("credentials_digest_key", CREDENTIALS.c.digest, unique=True)
Index(
    "credentials_subject_idx",
    CREDENTIALS.c.tenant_id,
    CREDENTIALS.c.kind,
    CREDENTIALS.c.subject_id,
)

USER_ROWS = Rows(USERS, User)
CREDENTIAL_ROWS = Rows(CREDENTIALS, Credential)
_MERCHANTS = Rows(MERCHANTS, Merchant, flat={"position": Position})


class Access:
    """Who may come in, of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def put_user(self, user: User) -> None:
        """Adds or replaces.

        Raises:
            TakenError: The e-mail is another user's.
        """
        await USER_ROWS.put(self._tx, user)

    async def get_user(self, user_id: UUID) -> User:
        """The user, or NotFoundError."""
        return await USER_ROWS.get(self._tx, id=user_id)

    async def list_users(self) -> list[User]:
        """All users by id, those who may no longer come in too."""
        return await USER_ROWS.list(self._tx, select(USERS).order_by(USERS.c.id))

    async def hold_users(self) -> list[User]:
        """All users by id, held against other writers until the transaction ends."""
        query = select(USERS).order_by(USERS.c.id).with_for_update()
        return await USER_ROWS.list(self._tx, query)

    async def put_merchant(self, merchant: Merchant) -> None:
        """Adds or replaces.

        Raises:
            TakenError: The code is another merchant's.
        """
        await _MERCHANTS.put(self._tx, merchant)

    async def get_merchant(self, merchant_id: UUID) -> Merchant:
        """The merchant, or NotFoundError."""
        return await _MERCHANTS.get(self._tx, id=merchant_id)

    async def find_merchant_by_code(self, code: str) -> Merchant | None:
        """The merchant with this code."""
        return await _MERCHANTS.find(self._tx, select(MERCHANTS).where(MERCHANTS.c.code == code))

    async def list_merchants(self) -> list[Merchant]:
        """All merchants by code."""
        query = select(MERCHANTS).order_by(MERCHANTS.c.code, MERCHANTS.c.id)
        return await _MERCHANTS.list(self._tx, query)

    async def get_merchants(self, merchant_ids: Sequence[UUID]) -> dict[UUID, Merchant]:
        """Those that exist, by id."""
        query = select(MERCHANTS).where(MERCHANTS.c.id.in_(list(merchant_ids)))
        found = await _MERCHANTS.list(self._tx, query.order_by(MERCHANTS.c.id))
        return {merchant.id: merchant for merchant in found}

    async def put_credential(self, credential: Credential) -> None:
        """Adds or replaces by id; one of another tenant is refused by the database."""
        await CREDENTIAL_ROWS.put(self._tx, credential)

    async def get_credential(self, credential_id: UUID) -> Credential:
        """The credential, or NotFoundError."""
        return await CREDENTIAL_ROWS.get(self._tx, id=credential_id)

    async def use_credential(self, credential_id: UUID, at: datetime) -> bool:
        """Marks it as used; False when it was used or revoked before. Who asks at once waits."""
        statement = (
            CREDENTIALS.update()
            .where(
                CREDENTIALS.c.id == credential_id,
                CREDENTIALS.c.used_at.is_(None),
                CREDENTIALS.c.revoked_at.is_(None),
            )
            .values(used_at=at)
            .returning(CREDENTIALS.c.id)
        )
        return (await self._tx.execute(statement)).first() is not None

    async def list_credentials(self, kind: CredentialKind, subject_id: UUID) -> list[Credential]:
        """Newest first by (made_at, id)."""
        query = (
            select(CREDENTIALS)
            .where(CREDENTIALS.c.kind == kind, CREDENTIALS.c.subject_id == subject_id)
            .order_by(CREDENTIALS.c.made_at.desc(), CREDENTIALS.c.id.desc())
        )
        return await CREDENTIAL_ROWS.list(self._tx, query)
