"""Rehearsals at the planner's desk: what one is made from, and keeping what it came to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from promesa.dispatch.capacity_desk import CapacityStore, gather_board
from promesa.dispatch.delivery_days import standing_terms
from promesa.planning.capacity.driven import DrivenRoute
from promesa.planning.forecast.outlook import OutlookRecord
from promesa.promising.calibration import OUTCOMES_FOR, calibrate
from promesa.promising.rehearsal.of_board import RehearsalInputs
from promesa.promising.rehearsal.repository import (
    KEPT_MAX,
    RehearsalRecord,
    RehearsalRepository,
)
from promesa.promising.repository import ReservationRepository


class RehearsalStore(CapacityStore, Protocol):
    """The unit of work as rehearsing sees it."""

    @property
    def reservations(self) -> ReservationRepository: ...
    @property
    def rehearsals(self) -> RehearsalRepository: ...


async def gather_rehearsal(
    tx: RehearsalStore,
    record: OutlookRecord,
    *,
    today: date,
    now: datetime,
    driven: tuple[DrivenRoute, ...],
) -> RehearsalInputs:
    """The board's inputs, the operator's terms of offer, odds as they are put right today.

    ``driven`` are routes that are over: what they taught counts for fleets as it does in *Flota*.
    """
    terms = await standing_terms(tx)
    outcomes = await tx.reservations.list_outcomes(now - OUTCOMES_FOR)
    return RehearsalInputs(
        board=await gather_board(tx, record, today=today, driven=driven),
        terms=terms,
        calibration=calibrate(outcomes, terms.zone),
    )


async def keep_rehearsal(tx: RehearsalStore, record: RehearsalRecord) -> None:
    """Keeps it, and forgets those of long ago."""
    await tx.rehearsals.add(record)
    await tx.rehearsals.keep_newest(KEPT_MAX)
