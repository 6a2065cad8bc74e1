"""The one migration history makes what the code describes, and SQL never asks the clock."""

from __future__ import annotations

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

import promesa.storage
from promesa.storage.engine import make_engine_url
from promesa.storage.migrating import migrate
from promesa.storage.schema import METADATA

STORAGE = Path(promesa.storage.__file__).parent
CLOCK_OR_CHANCE = re.compile(
    r"\b(now|gen_random_uuid|clock_timestamp|random|statement_timestamp)\s*\(|\bCURRENT_(TIME|DATE)",
    re.IGNORECASE,
)


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found = compare_metadata(context, METADATA)
    # The migration points every table at its tenant in one loop; the code does not repeat it.
    return [
        change
        for change in found
        if not (change[0] == "remove_fk" and change[1].referred_table.name == "tenants")
    ]


async def test_the_migrated_database_is_the_one_the_code_describes(owner_dsn: str) -> None:
    engine = create_async_engine(make_engine_url(owner_dsn))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_migrating_twice_changes_nothing(owner_dsn: str) -> None:
    await migrate(owner_dsn)
    engine = create_async_engine(make_engine_url(owner_dsn))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


def test_sql_asks_neither_the_clock_nor_chance() -> None:
    asked = [
        f"{path.name}: {match[0]}"
        for path in [*STORAGE.rglob("*.sql"), *STORAGE.rglob("*.py")]
        for match in CLOCK_OR_CHANCE.finditer(path.read_text())
        if not match[0].startswith("now")
        or ".now" not in path.read_text()[match.start() - 1 : match.end()]
    ]
    assert asked == []
