"""Rosters at the planner's desk: people, shifts, absences, rules and need, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from promesa.dispatch.capacity_desk import SHIFTS_MAX, CapacityStore, gather_board
from promesa.dispatch.delivery_days import OfferStore, delivery_rule
from promesa.planning.capacity.absences import ABSENCES_MAX, AbsenceRepository
from promesa.planning.capacity.board_case import BoardInputs
from promesa.planning.capacity.driven import DrivenRoute
from promesa.planning.capacity.labour_terms import LabourRepository, standing_rules
from promesa.planning.capacity.own_fleet import FleetOfDays
from promesa.planning.capacity.roster_people import DAYS_BEFORE, DAYS_SHOWN, RosterInputs
from promesa.planning.demand.chile import chile_holidays
from promesa.planning.forecast.outlook import OutlookRecord


class RosterStore(CapacityStore, Protocol):
    """The unit of work as rosters see it."""

    @property
    def labour_rules(self) -> LabourRepository: ...
    @property
    def absences(self) -> AbsenceRepository: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredRoster:
    """What was read.

    Attributes:
        need: What the need is made from; None without a forecast.
        rules_version: Of the rules of working hours.
    """

    inputs: RosterInputs
    need: BoardInputs | None
    rules_version: int


async def gather_roster(
    tx: RosterStore,
    record: OutlookRecord | None,
    *,
    start: date,
    today: date,
    names: Mapping[UUID, str],
    driven: tuple[DrivenRoute, ...] = (),
) -> GatheredRoster:
    """The days from ``start``, as they are kept.

    Args:
        tx: Of the operator.
        record: The newest forecast; None without one.
        start: The first of the days.
        today: The service day under way.
        names: Of drivers.
        driven: Routes that are over: what they taught counts for the need as it does in *Flota*.
    """
    days = tuple(start + timedelta(days=number) for number in range(DAYS_SHOWN))
    # What a depot works with is told from today on: where the days are over, only up to them.
    first, last = min(start, today) - timedelta(days=DAYS_BEFORE), days[-1]
    need = None
    if record is not None:
        need = await gather_board(tx, record, today=today, driven=driven)
    standing = await standing_rules(tx)
    away = await tx.absences.list_between(start, last, limit=ABSENCES_MAX)
    inputs = RosterInputs(
        days=days,
        today=today,
        depots=tuple(await tx.fleet.list_depots()),
        fleet=FleetOfDays(
            vehicles=tuple(await tx.fleet.list_vehicles()),
            drivers=tuple(await tx.fleet.list_drivers()),
            shifts=tuple(await tx.fleet.list_shifts_between(first, last, limit=SHIFTS_MAX)),
        ),
        names=names,
        away=frozenset((absence.driver_id, absence.date) for absence in away),
        rules=standing.rules,
        holidays=_holidays(days),
        closed=await closed_days(tx, days),
        terms=tuple(await tx.capacity_terms.list_all()),
    )
    return GatheredRoster(inputs=inputs, need=need, rules_version=standing.version)


def _holidays(days: Sequence[date]) -> dict[date, str]:
    return {day: name for day in days if (name := chile_holidays(day.year).get(day)) is not None}


async def closed_days(tx: OfferStore, days: Sequence[date]) -> frozenset[date]:
    """Days of rest, whether vans go out on them or not: the rules of working hours say who may."""
    return (await delivery_rule(tx)).rest.of(days)
