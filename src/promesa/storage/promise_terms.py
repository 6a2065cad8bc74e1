"""What an operator offers at a checkout, version by version; what stands is the newest."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.promising.repository import TermsRecord
from promesa.promising.tickets import QUOTES
from promesa.storage.columns import code, identity, instant, tenant_table, value, whole
from promesa.storage.locks import lock_of_tenant
from promesa.storage.people import People
from promesa.storage.rows import Rows

# One scope today: terms of a depot or a merchant would be rows beside it.
_OPERATOR = "operator"

PROMISE_TERMS = tenant_table(
    "promise_terms",
    code("scope"),
    whole("version"),
    value("terms"),
    instant("saved_at"),
    identity("saved_by"),
    key=("scope", "version"),
)

_TERMS = Rows(PROMISE_TERMS, TermsRecord, key=("scope", "version"))


class PromiseTerms:
    """The terms of offer of one tenant."""

    def __init__(self, tx: AsyncConnection, people: People) -> None:
        self._tx = tx
        self._people = people

    async def quote_key(self) -> bytes:
        """What this tenant's quotes are signed with: the same for all of its processes."""
        return await self._people.salt_for(QUOTES)

    async def find(self) -> TermsRecord | None:
        """None until somebody saved them."""
        newest = await self.list_versions(limit=1)
        return newest[0] if newest else None

    async def list_versions(self, *, limit: int) -> list[TermsRecord]:
        """The newest first."""
        query = select(PROMISE_TERMS).where(PROMISE_TERMS.c.scope == _OPERATOR)
        newest = query.order_by(PROMISE_TERMS.c.version.desc()).limit(limit)
        return await _TERMS.list(self._tx, newest)

    async def lock(self) -> None:
        """Lets nobody else add a version until the transaction ends."""
        await lock_of_tenant(self._tx, PROMISE_TERMS.name)

    async def add(self, record: TermsRecord) -> None:
        """Adds a version."""
        await _TERMS.add(self._tx, record, scope=_OPERATOR)
