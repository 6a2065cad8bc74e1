"""Operators, and the narrow way across them: who a secret speaks for, before a tenant is known.

The plain role sees at most the row of its transaction's tenant. Before there is one, it may call
the functions below, which run as the owner: each answers one question, and none returns personal
data (a user has digests and ids; name and e-mail are sealed with the people).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Column, RowMapping, Table, Text, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.access import Credential, Tenant, User
from promesa.domain.events import LogState
from promesa.kernel.clock import stopwatch_s
from promesa.kernel.errors import NotFoundError
from promesa.kernel.ids import Ids
from promesa.storage.access import CREDENTIAL_ROWS, USER_ROWS
from promesa.storage.columns import METADATA, code, fact, octets
from promesa.storage.engine import driver_of
from promesa.storage.rows import plain

# The tenant's secret: words of people are searched under it, short-lived answers sealed.
SEARCH_KEY_BYTES = 32
# One e-mail at more operators than this is a mistake, or an attack.
USERS_OF_EMAIL_MAX = 20
# An operator added by another process is met this much later.
REMEMBERED_S = 5.0

# The server's own secrets, read by what they are for.
SERVER_SECRETS = Table(
    "server_secrets",
    METADATA,
    Column("use", Text, primary_key=True),
    octets("secret"),
)
SIGN_IN = "sign in"

TENANTS = Table(
    "tenants",
    METADATA,
    Column("id", Uuid, primary_key=True),
    code("name"),
    code("zone"),
    fact("is_simulated"),
    octets("search_key"),
)

Begun = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class TenantDirectory:
    """Looks across tenants, a transaction for each question."""

    def __init__(self, begun: Begun, ids: Ids) -> None:
        self._begun = begun
        self._ids = ids
        self._known: list[Tenant] = []
        self._known_at_s = 0.0
        self._sign_in_secret: bytes | None = None

    async def digest_email(self, email: str) -> bytes:
        """What finds a user by e-mail without keeping the e-mail, nor anything it fits."""
        if self._sign_in_secret is None:
            [row] = await self._ask("SELECT directory_secret($1) AS secret", SIGN_IN)
            self._sign_in_secret = row["secret"]
        plain = hashlib.sha256(email.strip().lower().encode()).digest()
        return hmac.digest(self._sign_in_secret, plain, hashlib.sha256)

    async def find_credential(self, digest: bytes) -> Credential | None:
        """The credential with this digest, whichever tenant's it is."""
        # Every request with a key asks this: the driver's own statement takes a third of the CPU.
        async with self._begun() as connection:
            driver = await driver_of(connection)
            row = await driver.fetchrow("SELECT * FROM directory_credential($1)", digest)
        return CREDENTIAL_ROWS.value(row) if row else None

    async def find_users_by_email(self, email_digest: bytes) -> list[tuple[Tenant, User]]:
        """Users with this e-mail, by tenant name."""
        users = await self._ask(
            "SELECT * FROM directory_users($1) ORDER BY tenant_id, id LIMIT $2",
            email_digest,
            USERS_OF_EMAIL_MAX,
        )
        found = [(await self.get_tenant(row["tenant_id"]), USER_ROWS.value(row)) for row in users]
        return sorted(found, key=lambda pair: (pair[0].name, pair[0].id))

    async def get_tenant(self, tenant_id: UUID) -> Tenant:
        """The operator.

        Raises:
            NotFoundError: There is none.
        """
        for _ in range(2):
            for tenant in await self.list_tenants():
                if tenant.id == tenant_id:
                    return tenant
            # It may have come after the list was read, in this process or another.
            self._known = []
        raise NotFoundError(noun="tenant")

    async def list_tenants(self) -> list[Tenant]:
        """All operators by name; remembered for a moment, since every event asks for its own."""
        if not self._known or stopwatch_s() - self._known_at_s > REMEMBERED_S:
            rows = await self._ask("SELECT * FROM directory_tenants()")
            tenants = [msgspec.convert(plain(row), Tenant) for row in rows]
            self._known = sorted(tenants, key=lambda tenant: (tenant.name, tenant.id))
            self._known_at_s = stopwatch_s()
        return list(self._known)

    async def list_logs(self, reader: str, now: datetime) -> list[LogState]:
        """How far the log of each operator is, and how far ``reader`` came, by operator name."""
        rows = await self._ask("SELECT * FROM directory_logs($1, $2)", reader, now)
        return [msgspec.convert(plain(row), LogState) for row in rows]

    async def add_tenant(self, tenant: Tenant) -> None:
        """Keeps a new operator; one that is there already keeps its key and gets the rest."""
        await self._ask(
            "SELECT directory_put_tenant($1, $2, $3, $4, $5)",
            tenant.id,
            tenant.name,
            tenant.zone,
            tenant.is_simulated,
            self._ids.secret_bytes(SEARCH_KEY_BYTES),
        )
        self._known = []

    async def _ask(self, question: str, *parameters: object) -> Sequence[RowMapping]:
        async with self._begun() as connection:
            return (await connection.exec_driver_sql(question, parameters)).mappings().all()
