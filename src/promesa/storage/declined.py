"""Addresses that want no more messages by a channel, kept as keyed digests.

An order brings a person of its own, so the wish is kept under the address it is about: the next
order to the same phone is silent too. Erasing a person leaves the digest, which names nobody
without the tenant's key and is what keeps the wish honoured.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.person import Person
from promesa.notify.declining import addresses_of
from promesa.notify.repository import Channel
from promesa.storage.columns import code, instant, octets, tenant_table
from promesa.storage.people import People

DECLINED = tenant_table(
    "declined_channels",
    code("channel"),
    octets("address_digest"),
    instant("declined_at"),
    key=("channel", "address_digest"),
)

# What the tenant's secret is used for here.
DECLINING = b"declined channels"

_Key = tuple[Channel, bytes]


class DeclinedChannels:
    """What the recipients of one tenant want to hear no more of."""

    def __init__(self, tx: AsyncConnection, people: People) -> None:
        self._tx = tx
        self._people = people

    async def list_of(self, people: Sequence[Person]) -> dict[UUID, frozenset[Channel]]:
        """The declined channels of those who declined any, by person id."""
        keys = {person.id: await self._keys(person, Channel) for person in people}
        asked = {key for of_person in keys.values() for key in of_person}
        if not asked:
            return {}
        matches = [
            and_(DECLINED.c.channel == channel, DECLINED.c.address_digest == digest)
            for channel, digest in sorted(asked)
        ]
        rows = await self._tx.execute(
            select(DECLINED.c.channel, DECLINED.c.address_digest)
            .where(or_(*matches))
            .order_by(DECLINED.c.channel, DECLINED.c.address_digest)
        )
        declined = {(Channel(channel), digest) for channel, digest in rows}
        found = {
            person_id: frozenset(channel for channel, _ in of_person & declined)
            for person_id, of_person in keys.items()
        }
        return {person_id: channels for person_id, channels in found.items() if channels}

    async def save(self, person: Person, declined: frozenset[Channel], at: datetime) -> None:
        """Replaces what the person declines: channels left out are wanted again."""
        for channel, digest in await self._keys(person, declined):
            row = {"channel": channel.value, "address_digest": digest, "declined_at": at}
            await self._tx.execute(insert(DECLINED).values(row).on_conflict_do_nothing())
        for channel, digest in await self._keys(person, frozenset(Channel) - declined):
            await self._tx.execute(
                delete(DECLINED).where(
                    DECLINED.c.channel == channel, DECLINED.c.address_digest == digest
                )
            )

    async def _keys(self, person: Person, channels: Iterable[Channel]) -> set[_Key]:
        wanted = frozenset(channels)
        salt = await self._people.salt_for(DECLINING)
        return {
            (channel, hmac.digest(salt, f"{channel}:{address}".encode(), hashlib.sha256))
            for channel, address in addresses_of(person).items()
            if channel in wanted
        }
