"""Gives the duties of a roster their vans: a van has one driver at a time, past midnight too.

Whoever is moved leaves their van first, so that two may change places. A driver's day that finds
no van stays as it was, and the others are fitted around it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from promesa.domain.fleet import Depot, Shift, Vehicle
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.roster_people import shift_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDuty:
    """A shift somebody is put on.

    Attributes:
        shift: Its code, as ``08:30–18:30``.
        vehicle_id: The van asked for; None for theirs, their usual one, or any that is free.
    """

    shift: str
    depot: Depot
    vehicle_id: UUID | None = None

    def span_on(self, day: date) -> tuple[datetime, datetime]:
        """From when to when; past midnight where it ends before it starts."""
        hours, on = shift_of(self.shift), ServiceDay(day)
        last = on if hours.end > hours.start else ServiceDay(day + timedelta(days=1))
        return on.at(hours.start), last.at(hours.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverDay:
    """A driver's day as it is and as it is wanted.

    Attributes:
        before: Shifts that are kept, in their order; the wanted ones take their places.
    """

    driver_id: UUID
    day: date
    before: tuple[Shift, ...]
    wanted: tuple[WantedDuty, ...]

    @property
    def gone(self) -> tuple[Shift, ...]:
        """Shifts that nothing takes the place of."""
        return self.before[len(self.wanted) :]


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedDays:
    """What was fitted.

    Attributes:
        made: The shifts of each driver's day, in the order they were wanted in.
        lacking: Days without a van, with the place of the duty that finds none.
    """

    made: Mapping[tuple[UUID, date], tuple[Shift, ...]]
    lacking: Mapping[tuple[UUID, date], int]


def fit_days(
    days: Sequence[DriverDay],
    *,
    vehicles: Sequence[Vehicle],
    usual: Mapping[UUID, UUID],
    shifts: Sequence[Shift],
) -> FittedDays:
    """The shifts of several drivers' days, with vans.

    Args:
        days: One for each driver and day.
        vehicles: That may be driven.
        usual: The van each driver had last.
        shifts: Of all drivers on those days, the days before and the days after.
    """
    lacking: dict[tuple[UUID, date], int] = {}
    # Every round leaves a day less, so that there are at most as many as days.
    for _ in range(len(days) + 1):
        left = [each for each in days if (each.driver_id, each.day) not in lacking]
        vans = _Vans(vehicles, usual, shifts, left)
        made: dict[tuple[UUID, date], tuple[Shift, ...]] = {}
        found: dict[tuple[UUID, date], int] = {}
        for each in left:
            put = vans.put(each)
            if isinstance(put, int):
                found[each.driver_id, each.day] = put
            else:
                made[each.driver_id, each.day] = put
        if not found:
            return FittedDays(made=made, lacking=lacking)
        lacking |= found
    raise AssertionError("a round without a day lacks no van")


class _Vans:
    """Which van is driven when, once everybody who is moved has left theirs."""

    def __init__(
        self,
        vehicles: Sequence[Vehicle],
        usual: Mapping[UUID, UUID],
        shifts: Iterable[Shift],
        moving: Sequence[DriverDay],
    ) -> None:
        self._usual = usual
        self._active = {each.id for each in vehicles}
        left = {shift.id for each in moving for shift in each.before}
        # Another's van is taken last.
        others = {shift.vehicle_id for each in moving for shift in each.before}
        others |= set(usual.values())
        self._at_depot: dict[UUID, list[UUID]] = defaultdict(list)
        for vehicle in sorted(vehicles, key=lambda each: each.id in others):
            self._at_depot[vehicle.depot_id].append(vehicle.id)
        self._driven: dict[UUID, list[Shift]] = defaultdict(list)
        self._ids: set[UUID] = set()
        for shift in shifts:
            self._ids.add(shift.id)
            if shift.id not in left:
                self._driven[shift.vehicle_id].append(shift)

    def put(self, each: DriverDay) -> tuple[Shift, ...] | int:
        """The day's shifts; the place of the duty that finds no van, and nothing is put."""
        made: list[Shift] = []
        for place, duty in enumerate(each.wanted):
            kept = each.before[place] if place < len(each.before) else None
            shift = self._made(each, duty, kept)
            if shift is None:
                for put in made:
                    self._driven[put.vehicle_id].remove(put)
                return place
            self._driven[shift.vehicle_id].append(shift)
            made.append(shift)
        return tuple(made)

    def _made(self, each: DriverDay, duty: WantedDuty, kept: Shift | None) -> Shift | None:
        start, end = duty.span_on(each.day)
        for vehicle_id in self._candidates(each.driver_id, duty, kept):
            if vehicle_id in self._active and self._is_free(vehicle_id, start, end):
                return Shift(
                    id=kept.id if kept is not None else self._free_id(each, vehicle_id, duty),
                    date=each.day,
                    driver_id=each.driver_id,
                    vehicle_id=vehicle_id,
                    depot_id=duty.depot.id,
                    start=start,
                    end=end,
                )
        return None

    def _candidates(self, driver_id: UUID, duty: WantedDuty, kept: Shift | None) -> Iterable[UUID]:
        """The vehicle asked for, the one they have, their usual one, then the depot's others.

        Last comes their own of another depot: who is lent where no van stands brings it along.
        """
        if duty.vehicle_id is not None:
            yield duty.vehicle_id
        if kept is not None and kept.depot_id == duty.depot.id:
            yield kept.vehicle_id
        at_depot = self._at_depot[duty.depot.id]
        usual = self._usual.get(driver_id)
        if usual in at_depot:
            yield usual
        yield from at_depot
        if kept is not None:
            yield kept.vehicle_id
        if usual is not None:
            yield usual

    def _is_free(self, vehicle_id: UUID, start: datetime, end: datetime) -> bool:
        return not any(
            shift.start < end and start < shift.end for shift in self._driven[vehicle_id]
        )

    def _free_id(self, each: DriverDay, vehicle_id: UUID, duty: WantedDuty) -> UUID:
        """One that no shift has: one that was moved kept the id of its first hours."""
        made = (
            derived_id("shift", each.day, each.driver_id, vehicle_id, duty.shift, number)
            for number in range(len(self._ids) + 1)
        )
        found = next(shift_id for shift_id in made if shift_id not in self._ids)
        self._ids.add(found)
        return found
