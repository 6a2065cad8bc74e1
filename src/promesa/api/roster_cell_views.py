"""Cells of a roster as they go over the wire: put, as they were, and why one was not put."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from promesa.api.decoding import View, Wire
from promesa.api.demand_events import Word

# Two weeks of five hundred drivers.
CELLS_MAX = 7_000
ShiftCode = Annotated[
    str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]–([01][0-9]|2[0-3]):[0-5][0-9]$")
]


class RosterCellBody(Wire):
    """A driver's day: a shift as ``08:30–18:30`` from a depot by its code, or none.

    Two cells of one driver and day are two shifts. Without ``vehicle_id`` they get their usual van,
    else one that is free.
    """

    driver_id: UUID
    day: date
    shift: ShiftCode | None = None
    depot: Word | None = None
    vehicle_id: UUID | None = None
    is_away: bool = False


class RosterCells(Wire):
    """Cells to put.

    With ``expected`` nothing is put where one of those driver days is otherwise by now: what is
    undone was not changed by somebody since.
    """

    cells: Annotated[list[RosterCellBody], msgspec.Meta(min_length=1, max_length=CELLS_MAX)]
    expected: Annotated[list[RosterCellBody], msgspec.Meta(max_length=CELLS_MAX)] = msgspec.field(
        default_factory=list
    )


class CellWas(View):
    """A cell as it is or was kept, in the shape it is put in."""

    driver_id: UUID
    day: date
    shift: str | None
    depot: str | None
    vehicle_id: UUID | None
    is_away: bool


class CellFault(View):
    """A cell that was not put, by its row from 1, and why."""

    row: int
    field: str
    reason: str


class RosterCellsView(View):
    """How many driver days changed, what they were and are now, and what was not put."""

    accepted: int
    before: list[CellWas]
    after: list[CellWas]
    failures: list[CellFault]
