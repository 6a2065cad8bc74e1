"""What an operator offers at a checkout, as it was saved; one row a tenant."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.promising.repository import TermsRecord
from promesa.promising.tickets import QUOTES
from promesa.storage.columns import code, identity, instant, tenant_table, value
from promesa.storage.people import People
from promesa.storage.rows import Rows

# One scope today: terms of a depot or a merchant would be rows beside it.
_OPERATOR = "operator"

PROMISE_TERMS = tenant_table(
    "promise_terms",
    code("scope"),
    value("terms"),
    instant("saved_at"),
    identity("saved_by"),
    key=("scope",),
)

_TERMS = Rows(PROMISE_TERMS, TermsRecord, key=("scope",))


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
        query = select(PROMISE_TERMS).where(PROMISE_TERMS.c.scope == _OPERATOR)
        return await _TERMS.find(self._tx, query)

    async def put(self, record: TermsRecord) -> None:
        """Replaces them."""
        await _TERMS.put_all(self._tx, [{**_TERMS.row(record), "scope": _OPERATOR}])
