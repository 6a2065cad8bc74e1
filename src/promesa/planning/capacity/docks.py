"""Loading slots at a depot's doors: which route loads where and when, and which leave late.

The rule is earliest due first: whenever a door is free, of the routes whose parcels are staged the
one that has to leave first is loaded. It is within some minutes of the best that can be found
(benchmarks/docks.py), and anybody at the door can check it. `dock_search` tries to better it where
somebody asks.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.units import DAY_S, MINUTE_S

LOADINGS_MAX = 5_000
DOORS_MAX = 500


class DocksInvalidError(InvalidError):
    """Doors or loadings cannot be scheduled; the details say which."""

    code: ClassVar[str] = "capacity_docks_invalid"
    message: ClassVar[str] = "Los andenes no se pueden programar. Corrige lo que se indica."


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The doors of a depot. Times are seconds of the service day.

    Attributes:
        close_s: When the last van has to have loaded.
    """

    count: int
    open_s: int
    close_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """A route to be loaded.

    Attributes:
        route: Its name.
        ready_s: When its parcels are staged.
        due_s: When it has to leave to keep its promises.
        duration_s: At the door.
    """

    route: str
    ready_s: int
    due_s: int
    duration_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A route at a door.

    Attributes:
        door: From 1.
        wave: How many have loaded at that door with it, from 1.
    """

    loading: Loading
    door: int
    wave: int
    start_s: int
    end_s: int

    @property
    def late_s(self) -> int:
        """Seconds after it had to leave."""
        return max(0, self.end_s - self.loading.due_s)


_Name = tuple[tuple[int, str], ...]
Rank = Callable[[Loading], tuple[int, int, _Name]]


def earliest_due(loading: Loading) -> tuple[int, int, _Name]:
    """Who has to leave first loads first."""
    return loading.due_s, loading.ready_s, _counted_name(loading.route)


def first_come(loading: Loading) -> tuple[int, int, _Name]:
    """Who is staged first loads first: what happens where nobody decides."""
    return loading.ready_s, loading.due_s, _counted_name(loading.route)


def _counted_name(name: str) -> _Name:
    """As people order names: ``Contratada 2`` before ``Contratada 10``."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return tuple((int(part), "") if part[0] in "0123456789" else (-1, part) for part in parts)


def schedule(
    loadings: Sequence[Loading], doors: Doors, rank: Rank = earliest_due
) -> tuple[Slot, ...]:
    """Every route at a door, in order of loading; a free door never waits while a route is staged.

    O(n log n).

    Raises:
        DocksInvalidError: There are no doors, too many routes, or times that cannot be.
    """
    require_sound(loadings, doors)
    coming = sorted(loadings, key=lambda each: (each.ready_s, earliest_due(each)))
    free = [(doors.open_s, door) for door in range(1, doors.count + 1)]
    loaded = [0] * (doors.count + 1)
    staged: list[tuple[tuple[int, int, _Name], int]] = []
    slots: list[Slot] = []
    after = 0
    while len(slots) < len(coming):
        free_s, door = heapq.heappop(free)
        if not staged and coming[after].ready_s > free_s:
            free_s = coming[after].ready_s
        while after < len(coming) and coming[after].ready_s <= free_s:
            heapq.heappush(staged, (rank(coming[after]), after))
            after += 1
        loading = coming[heapq.heappop(staged)[1]]
        loaded[door] += 1
        end_s = free_s + loading.duration_s
        slots.append(
            Slot(loading=loading, door=door, wave=loaded[door], start_s=free_s, end_s=end_s)
        )
        heapq.heappush(free, (end_s, door))
    return tuple(slots)


def late_minutes(slots: Sequence[Slot]) -> int:
    """Minutes late of all routes together."""
    return round(sum(slot.late_s for slot in slots) / MINUTE_S)


def require_sound(loadings: Sequence[Loading], doors: Doors) -> None:
    """Refuses what cannot be scheduled.

    Raises:
        DocksInvalidError: With a fault for each route that cannot be.
    """
    if not 1 <= doors.count <= DOORS_MAX:
        raise DocksInvalidError(f"Un CD tiene de 1 a {DOORS_MAX} puertas.")
    if len(loadings) > LOADINGS_MAX:
        raise DocksInvalidError(f"Son más de {LOADINGS_MAX} rutas: divide la salida por CD.")
    faults = [
        FieldFault(row=row, field="duration_s", reason="La carga debe durar más de cero.")
        for row, each in enumerate(loadings, start=1)
        if not 0 < each.duration_s <= DAY_S
    ]
    if faults:
        raise DocksInvalidError(faults=tuple(faults))
