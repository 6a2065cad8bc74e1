"""The custody chain: what breaks it is seen, what erases a person is not."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from promesa.domain.custody import CustodyEntry, Holder, HolderKind
from promesa.proof.ledger import GENESIS_HASH, canonical, entry_hash, link, verify

PARCEL = UUID(int=1)
START = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def chain(length: int) -> list[CustodyEntry]:
    entries: list[CustodyEntry] = []
    for number in range(length):
        entries.append(
            link(
                entries[-1] if entries else None,
                parcel_id=PARCEL,
                event_id=UUID(int=100 + number),
                holder=Holder(kind=HolderKind.ROUTE, id=UUID(int=7)),
                occurred_at=START + timedelta(minutes=number),
                recorded_at=START + timedelta(minutes=number, seconds=1),
                evidence=("ab" * 32,),
            )
        )
    return entries


def codes(entries: list[CustodyEntry]) -> list[tuple[int, str]]:
    return [(fault.sequence, fault.code) for fault in verify(entries)]


def test_a_chain_starts_at_one_and_each_link_holds_the_hash_before() -> None:
    first, second = chain(2)
    assert (first.sequence, first.previous_hash) == (1, GENESIS_HASH)
    assert (second.sequence, second.previous_hash) == (2, first.hash)
    assert verify([first, second]) == []
    assert verify([]) == []


def test_a_changed_link_is_seen_at_itself() -> None:
    entries = chain(3)
    entries[1] = replace(entries[1], holder=Holder(kind=HolderKind.DEPOT, id=UUID(int=7)))
    assert codes(entries) == [(2, "changed")]


def test_a_changed_link_with_its_hash_made_anew_is_seen_at_the_next() -> None:
    entries = chain(3)
    forged = replace(entries[1], occurred_at=START)
    entries[1] = replace(forged, hash=entry_hash(forged))
    assert codes(entries) == [(3, "broken_link")]


def test_a_link_taken_out_is_seen() -> None:
    first, _, third = chain(3)
    assert codes([first, third]) == [(3, "gap"), (3, "broken_link")]


def test_a_link_of_another_parcel_is_seen() -> None:
    first, second = chain(2)
    other = replace(second, parcel_id=UUID(int=2))
    other = replace(other, hash=entry_hash(other))
    assert codes([first, other]) == [(2, "other_parcel")]


def test_no_link_follows_another_parcels() -> None:
    (first,) = chain(1)
    with pytest.raises(ValueError, match="own parcel"):
        link(
            first,
            parcel_id=UUID(int=2),
            event_id=UUID(int=3),
            holder=first.holder,
            occurred_at=START,
            recorded_at=START,
        )


def test_the_zone_an_instant_is_written_in_changes_nothing() -> None:
    (entry,) = chain(1)
    chile = timezone(timedelta(hours=-3))
    moved = replace(entry, occurred_at=entry.occurred_at.astimezone(chile))
    assert entry_hash(moved) == entry.hash


def test_an_instant_without_a_zone_is_our_own_mistake() -> None:
    (entry,) = chain(1)
    with pytest.raises(ValueError, match="offset"):
        entry_hash(replace(entry, occurred_at=START.replace(tzinfo=None)))


def test_the_encoding_never_changes() -> None:
    """A new encoding needs a new name: hashes of old links must stay as they are."""
    (entry,) = chain(1)
    assert canonical(entry) == (
        b'["promesa.custody.v1","00000000-0000-0000-0000-000000000001",1,'
        b'"00000000-0000-0000-0000-000000000064","route",'
        b'"00000000-0000-0000-0000-000000000007",1796040000000000,1796040001000000,'
        b'["' + b"ab" * 32 + b'"],"' + b"00" * 32 + b'"]'
    )


def test_every_field_but_the_hash_itself_is_covered() -> None:
    _, entry = chain(2)
    changes: dict[str, Any] = {
        "parcel_id": UUID(int=9),
        "sequence": 3,
        "event_id": UUID(int=9),
        "holder": Holder(kind=HolderKind.ROUTE, id=UUID(int=9)),
        "occurred_at": START,
        "recorded_at": START,
        "evidence": (),
        "previous_hash": GENESIS_HASH,
    }
    assert set(changes) == {field.name for field in fields(entry)} - {"hash"}
    for name, value in changes.items():
        assert entry_hash(replace(entry, **{name: value})) != entry.hash, name
