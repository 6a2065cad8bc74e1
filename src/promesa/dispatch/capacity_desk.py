"""Capacity at the planner's desk: what the board is made from, read in one transaction."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

from promesa.dispatch.delivery_days import broken_price, rule_over_time
from promesa.dispatch.forecast_desk import ForecastStore
from promesa.planning.capacity.board_case import BoardInputs
from promesa.planning.capacity.driven import (
    DRIVEN_BEFORE_D,
    DRIVEN_ROUTES_MAX,
    DrivenRoute,
    DrivenRouteRepository,
)
from promesa.planning.capacity.own_fleet import FleetOfDays
from promesa.planning.capacity.terms import TermsRepository
from promesa.planning.demand.overrides import OVERRIDES_MAX, OverrideRepository
from promesa.planning.forecast.outlook import OutlookRecord

# Last month's shifts say what a weekday has.
SHIFTS_BEFORE_D = 28
# Five hundred drivers on each day of what *Turnos* reads: five weeks back, and as far ahead as
# rosters begin, with their fortnight. What came beyond it would be the oldest, untold.
SHIFTS_MAX = 75_000


class CapacityStore(ForecastStore, Protocol):
    """The unit of work as the board sees it."""

    @property
    def demand_overrides(self) -> OverrideRepository: ...
    @property
    def capacity_terms(self) -> TermsRepository: ...
    @property
    def driven_routes(self) -> DrivenRouteRepository: ...


async def list_driven(tx: CapacityStore, *, today: date) -> tuple[DrivenRoute, ...]:
    """What routes of the last weeks came to, those of today left out: they are not over."""
    since, until = today - timedelta(days=DRIVEN_BEFORE_D), today - timedelta(days=1)
    return tuple(await tx.driven_routes.list_driven(since, until, limit=DRIVEN_ROUTES_MAX))


async def gather_board(
    tx: CapacityStore,
    record: OutlookRecord,
    *,
    today: date,
    driven: tuple[DrivenRoute, ...],
) -> BoardInputs:
    """The forecast with its corrections, depots, vehicles, shifts and terms."""
    outlook = record.outlook
    first, last = outlook.days[0], outlook.days[-1]
    said = await tx.demand_overrides.list_between(first, last, limit=OVERRIDES_MAX)
    since = today - timedelta(days=SHIFTS_BEFORE_D)
    shifts = await tx.fleet.list_shifts_between(since, last, limit=SHIFTS_MAX)
    return BoardInputs(
        outlook_id=record.id,
        outlook=outlook,
        overrides=tuple(said),
        depots=tuple(await tx.fleet.list_depots()),
        fleet=FleetOfDays(
            vehicles=tuple(await tx.fleet.list_vehicles()),
            drivers=tuple(await tx.fleet.list_drivers()),
            shifts=tuple(shifts),
        ),
        terms=tuple(await tx.capacity_terms.list_all()),
        first_day=today,
        rule=await rule_over_time(tx),
        driven=driven,
        broken_clp=await broken_price(tx),
    )
