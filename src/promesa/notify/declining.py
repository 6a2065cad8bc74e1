"""No quiero más mensajes: which channels a person can be reached by, and no longer wants.

The wish belongs to the address, not to one order: the same phone stays silent for the next one.
It stops what was queued already, too. Webhooks are the shop's and the bandeja is the operator's;
nobody declines those.
"""

from __future__ import annotations

from collections.abc import Mapping

from promesa.domain.person import Person
from promesa.notify.repository import Channel

DECLINABLE = frozenset({Channel.EMAIL, Channel.SMS})


def addresses_of(person: Person) -> Mapping[Channel, str]:
    """Where a person can be reached, by channel; letter case makes no other mailbox."""
    known = {Channel.EMAIL: (person.email or "").lower(), Channel.SMS: person.phone or ""}
    return {channel: address for channel, address in known.items() if address}


def wants_silence(person: Person, declined: frozenset[Channel]) -> bool:
    """Whether every way to reach the person is declined: then nothing is told at all."""
    reachable = frozenset(addresses_of(person))
    return bool(reachable) and reachable <= declined
