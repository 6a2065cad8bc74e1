"""Rows as the domain's frozen values, one table for one noun.

Scalars have columns of their own; nested values are jsonb. Values that hold what the domain
forbids fail here, when they are read, and not later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
from sqlalchemy import Executable, RowMapping, Table, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.kernel.errors import ConflictError, NotFoundError

Noun = TypeVar("Noun")


class TakenError(ConflictError):
    """Another row already has this code, e-mail or number."""

    code: ClassVar[str] = "already_taken"
    message = "Ya existe uno con ese código. Usa otro."


class Rows(Generic[Noun]):
    """The rows of ``table`` as values of ``noun``, found by ``key``.

    The names of the noun's fields are those of the columns. A field in ``flat`` has a column for
    each field of its own value instead: ``window`` has ``window_start`` and ``window_end``, and
    is None when all of them are null.
    """

    def __init__(
        self,
        table: Table,
        noun: type[Noun],
        *,
        key: tuple[str, ...] = ("id",),
        flat: Mapping[str, type[Any]] | None = None,
    ) -> None:
        self.table = table
        self._noun = noun
        names = {field.name for field in fields(noun)}  # type: ignore[arg-type]
        self._columns = [column for column in table.c if column.name in names]
        self._flat = {
            name: [(part.name, f"{name}_{part.name}") for part in fields(kind)]
            for name, kind in (flat or {}).items()
        }
        # Built once: SQLAlchemy takes longer to build a statement than to run it.
        names_kept = [column.name for column in self._columns]
        names_kept += [column for parts in self._flat.values() for _, column in parts]
        statement = insert(table)
        changed = {name: statement.excluded[name] for name in names_kept if name not in key}
        self._add = statement.on_conflict_do_nothing().returning(table.c[key[0]])
        self._put = statement.on_conflict_do_update(
            index_elements=["tenant_id", *key], set_=changed
        )

    def row(self, value: Noun) -> dict[str, Any]:
        """The columns of ``value``."""
        row = {
            column.name: msgspec.to_builtins(part, order="sorted")
            if isinstance(column.type, JSONB)
            else part
            for column in self._columns
            for part in (getattr(value, column.name),)
        }
        for name, parts in self._flat.items():
            nested = getattr(value, name)
            row |= {column: getattr(nested, part, None) for part, column in parts}
        return row

    def value(self, row: RowMapping, **extra: object) -> Noun:
        """The noun that ``row`` keeps; ``extra`` are fields kept elsewhere."""
        content = plain(row) | extra
        for name, parts in self._flat.items():
            nested = {part: row[column] for part, column in parts}
            content[name] = nested if any(nested[part] is not None for part in nested) else None
        return msgspec.convert(content, self._noun)

    async def add(self, tx: AsyncConnection, value: Noun, **extra: object) -> bool:
        """Adds a row; False, and no change, when its key or a unique column is taken."""
        return (await tx.execute(self._add, self.row(value) | extra)).first() is not None

    async def put(self, tx: AsyncConnection, value: Noun) -> None:
        """Adds the row, or replaces the one with its key.

        Raises:
            TakenError: Another row has one of its unique columns.
        """
        with taken_as_conflict():
            await tx.execute(self._put, self.row(value))

    async def put_all(self, tx: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        """The same for many rows as ``row`` makes them, with columns of their own besides."""
        if rows:
            await tx.execute(self._put, rows)

    async def get(self, tx: AsyncConnection, **key: object) -> Noun:
        """The value with this key.

        Raises:
            NotFoundError: None has it, in this tenant.
        """
        found = await self.find(tx, select(self.table).filter_by(**key))
        if found is None:
            raise NotFoundError(noun=self._noun.__name__.lower())
        return found

    async def find(self, tx: AsyncConnection, statement: Executable) -> Noun | None:
        """The first value of a query; None when it has none."""
        row = (await tx.execute(statement)).mappings().first()
        return None if row is None else self.value(row)

    async def list(self, tx: AsyncConnection, statement: Executable) -> list[Noun]:
        """All values of a query, in its order."""
        return [self.value(row) for row in (await tx.execute(statement)).mappings()]


def plain(row: RowMapping) -> dict[str, Any]:
    """The row under names that are plain strings; SQLAlchemy's own kind is refused by msgspec."""
    return {str(name): part for name, part in row.items()}


@contextmanager
def taken_as_conflict() -> Iterator[None]:
    """Turns a unique column that is taken into our error; the transaction is lost with it."""
    try:
        yield
    except IntegrityError as error:
        # 23505 is unique_violation; another broken constraint is our own mistake.
        if getattr(error.orig, "sqlstate", None) != "23505":
            raise
        raise TakenError from error
