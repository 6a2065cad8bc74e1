"""Roles and databases of a server, as its owner role makes them."""

from __future__ import annotations

import hashlib
import hmac
from typing import ClassVar

import asyncpg
from sqlalchemy.engine import make_url

from promesa.kernel.clock import pause_s
from promesa.kernel.errors import UnavailableError
from promesa.storage.locks import DatabaseLock
from promesa.storage.postgres import APP_ROLE

# Autovacuum is through with a database of ours within seconds.
DROP_TRIES_MAX = 40
DROP_GAP_S = 0.25


class RolesError(UnavailableError):
    """The owner's role may not make the plain one."""

    code: ClassVar[str] = "roles_not_made"
    message = (
        f"El dueño de la base no puede crear el rol {APP_ROLE}. Dale CREATEROLE y vuelve a partir."
    )


def app_dsn_of(owner_dsn: str) -> str:
    """The address of the same database for the plain role.

    Its password, where the owner has one, is derived from the owner's, so that there is one
    secret to set and every process finds the same.
    """
    url = make_url(owner_dsn).set(username=APP_ROLE)
    password = _app_password(owner_dsn)
    return url.set(password=password).render_as_string(hide_password=False)


async def prepare_roles(owner_dsn: str) -> None:
    """Makes the plain role if it is missing: neither superuser, nor owner, nor past the rules.

    Raises:
        RolesError: The owner may not make it.
    """
    connection = await asyncpg.connect(plain_dsn(owner_dsn))
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", DatabaseLock.ROLES.value)
            exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname=$1", APP_ROLE)
            if exists is None:
                await connection.execute(
                    f"CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT"
                )
            password = _app_password(owner_dsn)
            if password is not None:
                # Hexadecimal digits, so there is nothing to escape.
                await connection.execute(f"ALTER ROLE {APP_ROLE} PASSWORD '{password}'")
    except asyncpg.InsufficientPrivilegeError as error:
        raise RolesError from error
    finally:
        await connection.close()


async def make_database(owner_dsn: str, name: str, *, template: str = "template0") -> str:
    """Makes a database owned by the owner role, and returns its address.

    A copy of a migrated ``template`` that nobody is connected to takes about 50 ms.
    """
    connection = await asyncpg.connect(plain_dsn(owner_dsn))
    try:
        await connection.execute(
            f'CREATE DATABASE "{_checked(name)}" TEMPLATE "{_checked(template)}" STRATEGY wal_log'
        )
    finally:
        await connection.close()
    url = make_url(owner_dsn).set(database=name)
    return url.render_as_string(hide_password=False)


async def drop_database(owner_dsn: str, name: str) -> None:
    """Drops a database and whoever is connected to it; one that is not there is no error."""
    statement = f'DROP DATABASE IF EXISTS "{_checked(name)}" WITH (FORCE)'
    connection = await asyncpg.connect(plain_dsn(owner_dsn))
    try:
        for _ in range(DROP_TRIES_MAX - 1):
            try:
                await connection.execute(statement)
            except asyncpg.InsufficientPrivilegeError:
                # Autovacuum is in it, which belongs to the superuser and soon goes by itself.
                await pause_s(DROP_GAP_S)
            else:
                return
        await connection.execute(statement)
    finally:
        await connection.close()


def plain_dsn(dsn: str) -> str:
    """The address as asyncpg itself reads it, whatever driver it names."""
    url = make_url(dsn).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _app_password(owner_dsn: str) -> str | None:
    secret = make_url(owner_dsn).password
    if secret is None:
        return None
    return hmac.new(secret.encode(), APP_ROLE.encode(), hashlib.sha256).hexdigest()


def _checked(name: str) -> str:
    if not name.replace("_", "").isalnum():
        raise ValueError("a database name has letters, digits and underscores")
    return name
