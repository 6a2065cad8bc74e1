"""What a depot can put on the road on each day of a board: own vans, hires, doors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from promesa.domain.fleet import Depot, Shift
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.planning.capacity.dock_day import departures_in_time, opening_s
from promesa.planning.capacity.own_fleet import OwnFleet
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.terms import DepotTerms


def depot_fleet(
    depot: Depot,
    own: OwnFleet,
    terms: DepotTerms,
    shifts: Sequence[Shift],
    days: Sequence[date],
) -> DepotFleet:
    """The fleet of a depot.

    Args:
        depot: Whose it is.
        own: Its vans of each of the days.
        terms: Whom it may hire, and its doors.
        shifts: Of all depots: when vans leave says how many doors let out in time.
        days: Of the board.
    """
    return DepotFleet(
        depot=depot.code,
        own=max(own.by_day),
        own_day_cost_clp=own.day_cost_clp,
        contracts=terms.contracts,
        spot=terms.spot,
        departures_max=terms.departures_max,
        own_by_day=own.by_day,
        rostered_by_day=own.with_shift,
        idle_by_day=own.without_shift,
        departures_by_day=_departures(depot, terms, shifts, days),
    )


def _departures(
    depot: Depot, terms: DepotTerms, shifts: Sequence[Shift], days: Sequence[date]
) -> tuple[int, ...]:
    """Of each day, by the shifts put for it; () where no doors are known."""
    if terms.doors is None:
        return ()
    due_s: dict[date, list[int]] = {day: [] for day in days}
    for shift in shifts:
        if shift.depot_id == depot.id and shift.date in due_s:
            due_s[shift.date].append(ServiceDay(shift.date, SANTIAGO).second_of(shift.start))
    found = [departures_in_time(due_s[day], terms, opens_s=opening_s(depot, day)) for day in days]
    return tuple(count for count in found if count is not None)
