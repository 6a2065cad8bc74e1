"""A sheet with a column for each comuna, laid out as one with a row for each day of each.

An empty cell says nothing of that day and comuna, and makes no row; who had no order writes 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from promesa.orders.cells import CellError, as_text
from promesa.orders.sheets import CellValue, SheetRow

# With fewer a word of a title might be taken for a column.
COMUNAS_MIN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfolded:
    """Rows of day, comuna and orders; those of one line of the sheet share its number.

    Attributes:
        comunas: In the order of their columns.
        unread: Headings that are no comuna, whose columns were left out.
        width: Cells of the heading.
    """

    rows: tuple[SheetRow, ...]
    comunas: tuple[str, ...]
    unread: tuple[str, ...]
    width: int


def unfold(
    rows: Sequence[SheetRow],
    *,
    is_day: Callable[[CellValue], bool],
    comuna_of: Callable[[str], str | None],
    header_rows_max: int,
) -> Unfolded | None:
    """The rows below a heading of a day and comunas; None where there is no such heading."""
    for number, row in enumerate(rows[:header_rows_max]):
        day = next((place for place, cell in enumerate(row.cells) if is_day(cell)), None)
        if day is None:
            continue
        named = {place: _word(cell) for place, cell in enumerate(row.cells) if place != day}
        found = {place: name for place, word in named.items() if word and (name := comuna_of(word))}
        if len(found) >= COMUNAS_MIN:
            return Unfolded(
                rows=tuple(_unfolded(rows[number + 1 :], day, found)),
                comunas=tuple(found.values()),
                unread=tuple(word for place, word in named.items() if word and place not in found),
                width=len(row.cells),
            )
    return None


def _word(cell: CellValue) -> str:
    try:
        return as_text(cell)
    except CellError:
        return ""


def _unfolded(rows: Sequence[SheetRow], day: int, comunas: dict[int, str]) -> list[SheetRow]:
    found = []
    for row in rows:
        cells = row.cells
        for place, name in comunas.items():
            if place < len(cells) and cells[place] not in {None, ""}:
                told = cells[day] if day < len(cells) else None
                found.append(SheetRow(line=row.line, cells=(told, name, cells[place])))
    return found
