"""What if some vans of one depot drove from another, on one day or on all.

Those the plan leaves at home go first, with their drivers, then those nobody put on that day; a day
on which the depot has fewer gives what it has. What the drive between depots costs is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def with_moved(
    case: CapacityCase, moved: MovedVans, driving: Sequence[int] | None = None
) -> CapacityCase:
    """The case with them where they would be.

    Args:
        case: As it is.
        moved: At least one.
        driving: Own vans that the plan puts on at their depot, by day; None for all there are.

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
    home, other = _Days(fleets[moved.home], len(days)), _Days(fleets[moved.other], len(days))
    most = max(home.own[place] + home.idle[place] for place in meant)
    if not 1 <= moved.vehicles <= most:
        raise ChangeInvalidError(f"El CD {moved.home} tiene {vans(most)}: mueve de 1 a {most}.")
    for place in meant:
        kept = home.own[place] if driving is None else driving[place]
        home.give(moved.vehicles, place, other, kept=kept)
    fleets[moved.home], fleets[moved.other] = home.fleet(), other.fleet()
    return replace(case, fleets=tuple(fleets[each.depot] for each in case.fleets))


class _Days:
    """A depot's vans day by day: its own, those of them with a shift, and those without one."""

    def __init__(self, fleet: DepotFleet, days: int) -> None:
        self._fleet = fleet
        self.own = list(fleet.own_by_day or (fleet.own,) * days)
        self.rostered = list(fleet.rostered_by_day or (fleet.rostered,) * days)
        self.idle = list(fleet.idle_by_day or (0,) * days)

    def give(self, count: int, place: int, other: _Days, *, kept: int) -> None:
        """So many of a day, or all there are; the ``kept`` ones go last."""
        count = min(count, self.own[place] + self.idle[place])
        staying = min(count, max(0, self.own[place] - kept))
        resting = min(count - staying, self.idle[place])
        rostered = min(count - resting, self.rostered[place])
        self.idle[place] -= resting
        self.own[place] -= count - resting
        self.rostered[place] -= rostered
        other.own[place] += count
        other.rostered[place] += rostered

    def fleet(self) -> DepotFleet:
        """The fleet with these days."""
        return replace(
            self._fleet,
            own=max(self.own),
            own_by_day=tuple(self.own),
            rostered_by_day=tuple(self.rostered),
            idle_by_day=tuple(self.idle),
        )
