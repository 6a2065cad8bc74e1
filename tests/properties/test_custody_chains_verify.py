"""Law: a chain as it was linked verifies; with any one byte of a link changed it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from promesa.domain.custody import CustodyEntry, Holder, HolderKind
from promesa.proof.ledger import link, verify

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
instants = st.integers(0, 10**13).map(lambda micros: EPOCH + timedelta(microseconds=micros))
holders = st.builds(Holder, kind=st.sampled_from(HolderKind), id=st.uuids())


@st.composite
def chains(draw: st.DrawFn) -> list[CustodyEntry]:
    entries: list[CustodyEntry] = []
    for _ in range(draw(st.integers(1, 6))):
        entries.append(
            link(
                entries[-1] if entries else None,
                parcel_id=UUID(int=1),
                event_id=draw(st.uuids()),
                holder=draw(holders),
                occurred_at=draw(instants),
                recorded_at=draw(instants),
                evidence=draw(st.lists(st.just("ab" * 32), max_size=2)),
            )
        )
    return entries


@given(chains())
def test_a_chain_as_it_was_linked_is_intact(entries: list[CustodyEntry]) -> None:
    assert verify(entries) == []


@given(chains(), st.data())
def test_a_link_that_changed_hands_afterwards_is_found(
    entries: list[CustodyEntry], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    thief = data.draw(holders.filter(lambda holder: holder != entries[index].holder))
    entries[index] = replace(entries[index], holder=thief)
    assert [fault.sequence for fault in verify(entries)] == [index + 1]


@given(chains(), st.data())
def test_a_hash_with_a_turned_bit_is_found(
    entries: list[CustodyEntry], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    bit = data.draw(st.integers(0, 255))
    turned = bytearray(entries[index].hash)
    turned[bit // 8] ^= 1 << bit % 8
    entries[index] = replace(entries[index], hash=bytes(turned))
    assert verify(entries) != []
