"""Looks at a database server without changing it, for `promesa doctor`."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

from promesa.kernel.errors import UnavailableError
from promesa.storage.catalog import plain_dsn
from promesa.storage.postgres import APP_ROLE

CONNECT_LIMIT_S = 5.0
_FACTS = """
    SELECT current_setting('server_version') AS version,
           current_setting('server_version_num')::int / 10000 AS major,
           rolname AS role,
           rolsuper OR rolcreaterole
               OR EXISTS (SELECT 1 FROM pg_roles AS app WHERE app.rolname = $1) AS can_prepare
      FROM pg_roles
     WHERE rolname = current_user
"""


class ServerSilentError(UnavailableError):
    """Nothing answers at the database's address, or it does not let us in."""

    code = "database_silent"
    message = "La base de datos no responde. Revisa la dirección, el usuario y que esté encendida."


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """What a server says of itself.

    Attributes:
        major: Major version.
        can_prepare: Whether the plain role that the platform works as is there or can be made.
    """

    version: str
    major: int
    role: str
    can_prepare: bool


async def inspect_server(dsn: str) -> ServerFacts:
    """Connects once and asks who answers.

    Raises:
        ServerSilentError: Nobody answers, or not to us.
    """
    try:
        connection = await asyncpg.connect(plain_dsn(dsn), timeout=CONNECT_LIMIT_S)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ServerSilentError(cause=str(error)) from error
    try:
        row = await connection.fetchrow(_FACTS, APP_ROLE)
    finally:
        await connection.close()
    return ServerFacts(
        version=row["version"],
        major=row["major"],
        role=row["role"],
        can_prepare=row["can_prepare"],
    )
