"""Tolls and restricted zones as an operator keeps them, over those of the city's files.

They are kept as the CSV that was saved; what a row means, and what is wrong with it, is
``roads.charge_tables``' business. Plans and the estimates of a day under way go by them alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from promesa.roads.city_folder import RESTRICTED_ZONES_FILE, TOLL_GATES_FILE, TOLL_PRICES_FILE


class RoadTableKind(StrEnum):
    """Which of the three."""

    GATES = "gates"
    PRICES = "prices"
    ZONES = "zones"


FILES: Mapping[RoadTableKind, str] = {
    RoadTableKind.GATES: TOLL_GATES_FILE,
    RoadTableKind.PRICES: TOLL_PRICES_FILE,
    RoadTableKind.ZONES: RESTRICTED_ZONES_FILE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadTable:
    """One table as it was saved last."""

    kind: RoadTableKind
    content: str
    saved_at: datetime
    saved_by: UUID


class RoadTableRepository(Protocol):
    """The operator's own tables."""

    async def put(self, table: RoadTable) -> None: ...
    async def list(self) -> list[RoadTable]: ...


def contents_of(tables: Iterable[RoadTable]) -> dict[str, bytes]:
    """The tables by the names of their files."""
    return {FILES[table.kind]: table.content.encode() for table in tables}
