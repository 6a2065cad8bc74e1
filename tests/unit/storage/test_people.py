"""People: found by the beginning of a word, sealed, and erased for good with their key."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from promesa.domain.person import Person
from promesa.kernel.errors import NotFoundError
from promesa.orders.repository import OrderFilter
from promesa.storage.catalog import plain_dsn
from promesa.storage.database import Database
from promesa.storage.people import PersonErasedError
from promesa.storage.schema import METADATA
from promesa.storage.unit_of_work import UnitOfWork
from tests.support.nouns import (
    a_person,
    a_tenant,
    an_answer,
    an_id,
    an_import,
    an_order,
    keep_one_of_each,
)

TENANT = a_tenant()
ANA = a_person()
ORDER = replace(an_order(), reference="X-1", comuna=None)


@pytest_asyncio.fixture(autouse=True)
async def tenant(database: Database) -> None:
    await database.directory.add_tenant(TENANT)


async def found(tx: UnitOfWork, typed: str) -> list[UUID]:
    """Whose order is found by these words."""
    if not await tx.orders.get_many([ORDER.id]):
        await tx.orders.add(ORDER)
    return [
        order.recipient_id for order in await tx.orders.list_page(OrderFilter(text=typed), limit=5)
    ]


async def test_a_person_comes_back_whole_and_is_replaced_whole(database: Database) -> None:
    moved = replace(ANA, address_line="Los Leones 45", instructions=None)
    async with database.transaction(TENANT.id) as tx:
        await tx.people.put(ANA)
        assert await tx.people.get(ANA.id) == ANA
        await tx.people.put(moved)
        assert await tx.people.get_many([ANA.id, an_id("nobody")]) == {ANA.id: moved}


async def test_somebody_who_never_was_is_not_found(database: Database) -> None:
    async with database.transaction(TENANT.id) as tx:
        with pytest.raises(NotFoundError):
            await tx.people.get(an_id("nobody"))


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("ana", True),
        ("PEREZ", True),
        ("pérez", True),
        ("prov 1234", True),
        ("+56987654321", True),
        ("+56 9 8765 4321", True),
        ("4321", True),
        ("12345678-5", True),
        ("ana gonzalez", False),
        ("an", False),
    ],
)
async def test_words_are_found_by_their_beginning_without_accents(
    database: Database, typed: str, is_found: bool
) -> None:
    async with database.transaction(TENANT.id) as tx:
        await tx.people.put(ANA)
        assert (await found(tx, typed) == [ANA.id]) is is_found


async def test_a_replaced_word_is_found_no_more(database: Database) -> None:
    async with database.transaction(TENANT.id) as tx:
        await tx.people.put(ANA)
        await tx.people.put(replace(ANA, name="Berta Rojas"))
        assert await found(tx, "soto") == []
        assert await found(tx, "berta") == [ANA.id]


async def test_erasing_the_key_erases_the_person_and_the_pictures(database: Database) -> None:
    async with database.transaction(TENANT.id) as tx:
        await tx.people.put(ANA)
        name, digest = await tx.vault.seal(ANA.id, b"a signature")
        assert await tx.vault.open(ANA.id, name) == b"a signature"
        assert len(digest) == 64
        await tx.people.erase(ANA.id)

    async with database.transaction(TENANT.id) as tx:
        assert await tx.people.get(ANA.id) == Person(id=ANA.id)
        assert await found(tx, "ana") == []
        with pytest.raises(NotFoundError):
            await tx.vault.open(ANA.id, name)


async def test_a_new_key_does_not_open_what_the_erased_one_sealed(database: Database) -> None:
    async with database.transaction(TENANT.id) as tx:
        await tx.people.put(ANA)
        name, _ = await tx.vault.seal(ANA.id, b"a signature")
        await tx.people.erase(ANA.id)
        await tx.people.put(ANA)
        with pytest.raises(NotFoundError):
            await tx.vault.open(ANA.id, name)


async def test_a_picture_opens_for_its_person_alone(database: Database) -> None:
    berta = replace(ANA, id=an_id("person", "berta"))
    async with database.transaction(TENANT.id) as tx:
        await tx.people.put(ANA)
        await tx.people.put(berta)
        name, _ = await tx.vault.seal(ANA.id, b"a photo")
        with pytest.raises(NotFoundError):
            await tx.vault.open(berta.id, name)


async def test_rejected_rows_of_an_import_are_erased_like_a_person(database: Database) -> None:
    async with database.transaction(TENANT.id) as tx:
        await tx.imports.add(an_import())
        assert await tx.imports.get(an_import().id) == an_import()
        await tx.people.erase(an_import().id)
        kept = await tx.imports.get(an_import().id)
    assert kept == replace(an_import(), rejected_rows=())


def bytes_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_no_table_and_no_blob_has_a_personal_word_in_clear(
    database: Database, owner_dsn: str, tmp_path: Path
) -> None:
    """Every row of every table as text, and every blob, searched for what names Ana and Berta."""
    async with database.transaction(TENANT.id) as tx:
        await keep_one_of_each(tx)
        await tx.vault.seal(ANA.id, b"picture of Ana")
        await tx.answers.add(replace(an_answer(), key="k-2", body=b'{"name": "Ana"}'))
    connection = await asyncpg.connect(plain_dsn(owner_dsn))
    everything = ""
    for table in sorted(METADATA.tables):
        rows = await connection.fetch(f"SELECT t::text AS line FROM {table} t")
        everything += "".join(row["line"] for row in rows)
    await connection.close()
    blobs = bytes_under(tmp_path)
    assert "N-one" in everything, "what is not personal can be read"
    assert blobs
    personal = ["Ana", "Pérez", "12345678", "987654321", "example.cl/ana", "ana@", "Providencia 1"]
    personal += ["timbre", "Depto 56", "Berta", "Rojas"]
    text = everything + blobs.decode(errors="replace")
    hexadecimal = text.lower()
    assert [word for word in personal if word in text] == []
    assert [word for word in personal if word.encode().hex() in hexadecimal] == []


async def test_who_is_erased_while_another_writes_does_not_come_back(database: Database) -> None:
    """Two connections: one has read Ana and writes her back after the other erased her."""
    async with database.transaction(TENANT.id) as tx:
        await tx.people.put(ANA)
    async with database.transaction(TENANT.id) as writing:
        read = await writing.people.get(ANA.id)
        async with database.transaction(TENANT.id) as erasing:
            await erasing.people.erase(ANA.id)
        with pytest.raises(PersonErasedError):
            await writing.people.put(replace(read, instructions="Toca el timbre"))
    async with database.transaction(TENANT.id) as tx:
        assert await tx.people.get(ANA.id) == Person(id=ANA.id)
        assert await found(tx, "ana") == []


async def test_erasing_waits_for_who_is_writing_and_erases_that_too(database: Database) -> None:
    async with database.transaction(TENANT.id) as tx:
        await tx.people.put(ANA)

    async def erase() -> None:
        async with database.transaction(TENANT.id) as tx:
            await tx.people.erase(ANA.id)

    async with database.transaction(TENANT.id) as writing:
        read = await writing.people.get(ANA.id)
        await writing.people.put(replace(read, name="Ana Nueva"))
        erasing = asyncio.create_task(erase())
        await asyncio.wait((erasing,), timeout=0.2)
        assert not erasing.done()
        await writing.people.put(replace(read, name="Ana Otra"))
    await erasing
    async with database.transaction(TENANT.id) as tx:
        assert await tx.people.get(ANA.id) == Person(id=ANA.id)
        assert await found(tx, "ana") == []
