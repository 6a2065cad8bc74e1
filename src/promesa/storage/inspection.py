"""Looks at a database server without changing it, for `promesa doctor`."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

from promesa.kernel.errors import UnavailableError

CONNECT_LIMIT_S = 5.0


class ServerSilentError(UnavailableError):
    """Nothing answers at the database's address, or it does not let us in."""

    code = "database_silent"
    message = "La base de datos no responde. Revisa la dirección, el usuario y que esté encendida."


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """What a server says of itself.

    Attributes:
        is_bound: Whether row-level security binds the role that asked.
    """

    version: str
    role: str
    is_bound: bool


async def inspect_server(dsn: str) -> ServerFacts:
    """Connects once and asks who answers.

    Raises:
        ServerSilentError: Nobody answers, or not to us.
    """
    try:
        connection = await asyncpg.connect(dsn, timeout=CONNECT_LIMIT_S)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ServerSilentError(cause=str(error)) from error
    try:
        row = await connection.fetchrow(
            "SELECT current_setting('server_version') AS version, rolname AS role,"
            " NOT (rolsuper OR rolbypassrls) AS is_bound FROM pg_roles WHERE rolname = current_user"
        )
    finally:
        await connection.close()
    return ServerFacts(version=row["version"], role=row["role"], is_bound=row["is_bound"])
