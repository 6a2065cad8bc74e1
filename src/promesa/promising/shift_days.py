"""By whose shifts a day's vans are known: its own, else those its weekday had before."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date, timedelta
from uuid import UUID

# Weeks whose shifts stand in for a day that has none yet.
SHIFT_WEEKS = 4
# They are looked for so far back: a day that lies weeks ahead has no week right before it yet.
LOOK_BACK_WEEKS = 8

ShiftDay = tuple[UUID, date]


def days_like(depot_id: UUID, day: date, known: Container[ShiftDay]) -> list[date]:
    """The days whose shifts tell a depot's day, newest first; none where nobody knows its vans.

    ``known`` are the days of depots that have shifts.
    """
    if (depot_id, day) in known:
        return [day]
    past = [day - timedelta(weeks=week) for week in range(1, LOOK_BACK_WEEKS + 1)]
    return [each for each in past if (depot_id, each) in known][:SHIFT_WEEKS]


def open_depots(
    depot_ids: Iterable[UUID], days: Iterable[date], known: Container[ShiftDay]
) -> frozenset[UUID]:
    """Those whose vans are known on one of the days at least."""
    span = list(days)
    return frozenset(
        depot_id for depot_id in depot_ids if any(days_like(depot_id, day, known) for day in span)
    )
