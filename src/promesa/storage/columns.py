"""Columns as every table has them: aware instants, UUIDs made by us, values as jsonb, the tenant.

A row's tenant is filled in by the database from the transaction's setting, so that no repository
can forget it, and checked by row-level security, so that none can get it wrong.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Double,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Time,
    TypeDecorator,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.schema import SchemaItem

# Constraint names that migrations can rely on.
METADATA = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

TENANT_SETTING = "promesa.tenant"
TENANT_DEFAULT = f"current_setting('{TENANT_SETTING}')::uuid"


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as timestamptz; a naive one is refused, not guessed."""

    impl = TIMESTAMP(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive instant on its way in."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Gives UTC on its way out."""
        del dialect
        return None if value is None else value.astimezone(UTC)


def instant(name: str, *, nullable: bool = False) -> Column[datetime]:
    """A column of instants."""
    return Column(name, Instant, nullable=nullable)


def identity(name: str = "id", *, nullable: bool = False) -> Column[object]:
    """A column of ids; we make them, the database never does."""
    return Column(name, Uuid, nullable=nullable)


def value(name: str, *, nullable: bool = False) -> Column[object]:
    """A column of nested values, as jsonb."""
    return Column(name, JSONB(none_as_null=True), nullable=nullable)


def code(name: str, *, nullable: bool = False) -> Column[str]:
    """A column of short words: states, kinds, codes."""
    return Column(name, Text, nullable=nullable)


def tenant_table(name: str, *items: SchemaItem, key: tuple[str, ...] = ("id",)) -> Table:
    """A table whose rows belong to a tenant; its primary key begins with the tenant.

    Two tenants may derive the same id from the same words, and neither may learn of the other.
    """
    return Table(
        name,
        METADATA,
        Column("tenant_id", Uuid, nullable=False, server_default=text(TENANT_DEFAULT)),
        *items,
        PrimaryKeyConstraint("tenant_id", *key),
    )


def refers(column: str, table: str, target: str = "id") -> ForeignKeyConstraint:
    """A foreign key inside the tenant; it can't point into another one."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.{target}"])


def position(name: str = "position", *, nullable: bool = False) -> list[Column[float]]:
    """Two columns of degrees, WGS 84; ``position`` in ``Rows.flat`` puts them together."""
    return [Column(f"{name}_{part}", Double, nullable=nullable) for part in ("lon", "lat")]


def whole(name: str, *, nullable: bool = False) -> Column[int]:
    """A column of whole numbers; 64 bits, since grams and pesos add up."""
    return Column(name, BigInteger, nullable=nullable)


def clock_time(name: str) -> Column[time]:
    """A column of clock times of the zone, which may be unknown."""
    return Column(name, Time, nullable=True)


def fact(name: str) -> Column[bool]:
    """A column of facts: true or false, never unknown."""
    return Column(name, Boolean, nullable=False)


def octets(name: str, *, nullable: bool = False) -> Column[bytes]:
    """A column of bytes."""
    return Column(name, LargeBinary, nullable=nullable)


def day(name: str = "date") -> Column[date]:
    """A column of service dates."""
    return Column(name, Date, nullable=False)
