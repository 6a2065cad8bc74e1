"""What if some vans of one depot drove from another, on one day or on all.

Those nobody put on that day go first; a day on which the depot has fewer than that gives what it
has. What the drive between depots costs is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.what_if import ChangeInvalidError
from promesa.planning.capacity.words import day_name, vans


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedVans:
    """Vans that drive from another depot.

    Attributes:
        home, other: Codes of the depot they are of, and of the one they drive from.
        day: The only one; None for all.
    """

    vehicles: int
    home: str
    other: str
    day: date | None = None

    def named(self, names: Mapping[str, str]) -> str:
        """As ``7 camionetas de CD Quilicura en CD San Joaquín el martes 20``."""
        home, other = (names.get(code, code) for code in (self.home, self.other))
        when = "todos los días" if self.day is None else f"el {day_name(self.day)}"
        return f"{vans(self.vehicles)} de {home} en {other} {when}"


def with_moved(case: CapacityCase, moved: MovedVans) -> CapacityCase:
    """The case with them where they would be.

    Raises:
        ChangeInvalidError: A depot is not in the plan or both are the same, the day is not in it,
            or the depot has fewer on every day meant.
    """
    fleets = {fleet.depot: fleet for fleet in case.fleets}
    for code in (moved.home, moved.other):
        if code not in fleets:
            raise ChangeInvalidError(f"El CD {code} no está en el plan.")
    if moved.home == moved.other:
        raise ChangeInvalidError("Elige dos CD distintos: de dónde salen y adónde van.")
    days = case.scenarios.days
    meant = [place for place, day in enumerate(days) if moved.day in {None, day}]
    if not meant:
        raise ChangeInvalidError("Ese día no está en el plan: elige uno del pronóstico.")
    own, idle = _by_day(fleets[moved.home], len(days))
    most = max(own[place] + idle[place] for place in meant)
    if not 1 <= moved.vehicles <= most:
        raise ChangeInvalidError(f"El CD {moved.home} tiene {vans(most)}: mueve de 1 a {most}.")
    there, idle_there = _by_day(fleets[moved.other], len(days))
    for place in meant:
        count = min(moved.vehicles, own[place] + idle[place])
        resting = min(count, idle[place])
        idle[place] -= resting
        own[place] -= count - resting
        there[place] += count
    fleets[moved.home] = _with(fleets[moved.home], own, idle)
    fleets[moved.other] = _with(fleets[moved.other], there, idle_there)
    return replace(case, fleets=tuple(fleets[each.depot] for each in case.fleets))


def _by_day(fleet: DepotFleet, days: int) -> tuple[list[int], list[int]]:
    return list(fleet.own_by_day or (fleet.own,) * days), list(fleet.idle_by_day or (0,) * days)


def _with(fleet: DepotFleet, own: list[int], idle: list[int]) -> DepotFleet:
    return replace(fleet, own=max(own), own_by_day=tuple(own), idle_by_day=tuple(idle))
