"""The one migration history makes what the code describes, and SQL never asks the clock."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import asyncpg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

import promesa.storage
from promesa.kernel.clock import SystemClock
from promesa.kernel.ids import Ids
from promesa.storage.catalog import make_database, plain_dsn
from promesa.storage.database import Database, DatabasePlace
from promesa.storage.engine import make_engine_url
from promesa.storage.migrating import migrate
from promesa.storage.schema import METADATA
from tests.support.nouns import an_id
from tests.support.postgres import TestServer

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


async def test_who_was_let_in_before_the_secret_is_found_by_e_mail_after_it(
    postgres: TestServer, tmp_path: Path
) -> None:
    dsn = await make_database(postgres.server.owner_dsn, f"old_{next(postgres.numbers)}")
    await migrate(dsn, version="0010")
    plain = hashlib.sha256(b"ana@example.cl").digest()
    connection = await asyncpg.connect(plain_dsn(dsn))
    await connection.execute(
        "INSERT INTO tenants VALUES ($1, 'Uno', 'America/Santiago', false, 'k')", an_id("tenant")
    )
    await connection.execute(
        "INSERT INTO users (tenant_id, id, person_id, email_digest, role, password_hash, is_active)"
        " VALUES ($1, $2, $3, $4, 'solo_lectura', '', true)",
        *(an_id("tenant"), an_id("user"), an_id("person"), plain),
    )
    await connection.close()
    database = await Database.open(DatabasePlace(url=dsn, home=tmp_path), Ids(SystemClock()))
    digest = await database.directory.digest_email(" Ana@Example.cl")
    [(_, user)] = await database.directory.find_users_by_email(digest)
    assert user.id == an_id("user")
    assert await database.directory.find_users_by_email(plain) == []
    await database.close()


async def test_skills_kept_with_accents_are_compared_without_after_it(
    postgres: TestServer,
) -> None:
    dsn = await make_database(postgres.server.owner_dsn, f"old_{next(postgres.numbers)}")
    await migrate(dsn, version="0020")
    connection = await asyncpg.connect(plain_dsn(dsn))
    await connection.execute(
        "INSERT INTO tenants VALUES ($1, 'Uno', 'America/Santiago', false, 'k')", an_id("tenant")
    )
    await connection.execute(
        "INSERT INTO vehicles (tenant_id, id, code, plate, depot_id, capacity_parcels,"
        " capacity_weight_g, capacity_volume_ml, skills, cost_fixed_clp, cost_per_hour_clp,"
        " cost_per_km_clp, is_active, kind, trips_max)"
        " VALUES ($1, $2, 'V', 'P', $3, 1, 1, 1, $4, 0, 0, 0, true, 'van', 1)",
        *(an_id("tenant"), an_id("vehicle"), an_id("depot"), '["Frío ", "frio", "Rampa  alta"]'),
    )
    await migrate(dsn)
    [row] = await connection.fetch("SELECT skills FROM vehicles")
    await connection.close()
    assert row["skills"] == '["frio", "rampa alta"]'
