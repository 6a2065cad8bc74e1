"""Brings a database to the newest version of the one migration history."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from promesa.storage.engine import make_engine_url
from promesa.storage.locks import DatabaseLock

MIGRATIONS = Path(__file__).parent / "migrations"


async def migrate(owner_dsn: str, *, version: str = "head") -> None:
    """Runs the missing migrations as the owner, all in one transaction or none.

    Another version than the newest is for tests of how data of before come through.
    """
    engine = create_async_engine(make_engine_url(owner_dsn), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": DatabaseLock.MIGRATION.value}
            )
            await connection.run_sync(_upgrade, version)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, version)
