"""Orders are found by what people type: reference, name, street, comuna, in any case and mix."""

from __future__ import annotations

from dataclasses import replace

import pytest
import pytest_asyncio

from promesa.orders.repository import OrderFilter
from promesa.storage.database import Database
from tests.support.nouns import a_person, a_tenant, an_id, an_order

TENANT = a_tenant()
# Reference, name, address, comuna.
ROWS = (
    ("SUR-7", "José Ñancupil", "Gran Avenida José Miguel Carrera 4500", "San Miguel"),
    ("NOR-8", "Ana Pérez", "Avenida Libertador Bernardo O'Higgins 1234", "Estación Central"),
    ("NOR-9", "Ana Soto", "Irarrázaval 3400", "Ñuñoa"),
)


@pytest_asyncio.fixture(autouse=True)
async def orders(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as tx:
        for reference, name, address, comuna in ROWS:
            person = replace(
                a_person(reference),
                name=name,
                address_line=address,
                rut=None,
                email=None,
                unit=None,
            )
            await tx.people.put(person)
            order = replace(an_order(reference), reference=reference, comuna=comuna)
            await tx.orders.add(replace(order, recipient_id=an_id("person", reference)))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("gran avenida", {"SUR-7"}),
        ("irarrazaval 3400", {"NOR-9"}),
        ("IRARRÁZAVAL", {"NOR-9"}),
        ("nunoa", {"NOR-9"}),
        ("ana ñuñoa", {"NOR-9"}),
        ("ana", {"NOR-8", "NOR-9"}),
        ("estacion central", {"NOR-8"}),
        ("nor-8", {"NOR-8"}),
        ("nor pérez", {"NOR-8"}),
        ("jose san miguel", {"SUR-7"}),
        ("ana san miguel", set()),
        ("100%", set()),
        ("alameda", {"NOR-8"}),
        ("Alameda 1234", {"NOR-8"}),
        ("alameda 999", set()),
        ("miguel carrera 4500", {"SUR-7"}),
    ],
)
async def test_each_word_is_looked_for_wherever_it_may_stand(
    database: Database, typed: str, found: set[str]
) -> None:
    async with database.transaction(TENANT.id) as tx:
        where = OrderFilter(text=typed)
        orders = await tx.orders.list_page(where, limit=10)
        assert {order.reference for order in orders} == found
        assert await tx.orders.count(where) == len(found)
