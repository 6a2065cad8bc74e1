"""Reads the coming days of one tenant from storage: all of it, or what a change touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from promesa.dispatch.delivery_days import standing_terms
from promesa.dispatch.plan_desk import within_hours
from promesa.domain.fleet import Depot, Shift, Vehicle
from promesa.kernel.clock import Clock
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.loads import largest_load
from promesa.promising.calibration import OUTCOMES_FOR, calibrate
from promesa.promising.coming import WEEKS_MAX, ArrivalBook
from promesa.promising.fleet_outlook import DRIVEN_DAYS, FleetPast
from promesa.promising.offers import OfferTerms
from promesa.promising.repository import DrivenWork, Reservation, Ways
from promesa.promising.shift_days import ShiftDay, open_depots
from promesa.roads.territory import Territory
from promesa.runtime.expected_orders import Serving, read_expected
from promesa.runtime.newest_outlooks import NewestOutlooks
from promesa.runtime.promise_days import ComingDays
from promesa.runtime.repository import PlatformStore
from promesa.runtime.usual_days import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysReader:
    """What reading needs beside the transaction."""

    ways: Ways
    clock: Clock
    territory: Territory
    newest: NewestOutlooks
    measure: Measure

    @property
    def today(self) -> date:
        """The service day under way."""
        return ServiceDay.of(self.clock.now()).date

    async def read(self, tx: PlatformStore, pending: Mapping[UUID, Reservation]) -> ComingDays:
        """Everything.

        Args:
            tx: Of the tenant.
            pending: Places whose transaction is under way; more may be added meanwhile.
        """
        now, today = self.clock.now(), self.today
        terms = await standing_terms(tx)
        depots = tuple(await tx.fleet.list_depots())
        outcomes = tuple(await tx.reservations.list_outcomes(now - OUTCOMES_FOR))
        vehicles = {vehicle.id: vehicle for vehicle in await tx.fleet.list_vehicles()}
        shifts = await _driven_shifts(tx, _shift_span(today, terms), vehicles, depots)
        shift_days = _days_of(shifts)
        known = ComingDays(
            day=today,
            terms=terms,
            quote_key=await tx.promise_terms.quote_key(),
            depots=depots,
            past=await self._past(tx, depots, terms, today, shift_days),
            shifts=shifts,
            shift_days=shift_days,
            drivers={driver.id: driver for driver in await tx.fleet.list_drivers()},
            vehicles=vehicles,
            largest=largest_load(list(vehicles.values())),
            archived=await _archived(tx),
            calibration=calibrate(outcomes, terms.zone),
            outcomes=outcomes,
        )
        await self._read_books(tx, known, now, pending)
        known.past = known.fleet_past(self.ways)
        return known

    async def reread(self, tx: PlatformStore, known: ComingDays) -> ComingDays | None:
        """Fleet and terms as they are now; None where the books are of other days or depots.

        Where vans go out from decides in which depot's book an order stands.
        """
        terms = await standing_terms(tx)
        depots = tuple(await tx.fleet.list_depots())
        is_longer = terms.horizon_days > known.terms.horizon_days
        if depots != known.depots or is_longer or known.day != self.today:
            return None
        vehicles = {vehicle.id: vehicle for vehicle in await tx.fleet.list_vehicles()}
        shifts = await _driven_shifts(tx, _shift_span(known.day, terms), vehicles, depots)
        if _days_of(shifts) != known.shift_days:
            return None
        known.terms = terms
        known.vehicles = vehicles
        known.largest = largest_load(list(vehicles.values()))
        known.archived = await _archived(tx)
        known.shifts = shifts
        known.drivers = {driver.id: driver for driver in await tx.fleet.list_drivers()}
        expected = await read_expected(
            tx,
            await self.newest.find(tx),
            today=known.day,
            terms=terms,
            serving=self._serving(
                _open(depots, terms, known.day, known.shift_days), known.past.driven
            ),
        )
        known.past = replace(known.fleet_past(self.ways), expected=expected)
        return known

    async def _past(
        self,
        tx: PlatformStore,
        depots: tuple[Depot, ...],
        terms: OfferTerms,
        today: date,
        shift_days: frozenset[ShiftDay],
    ) -> FleetPast:
        first, _ = _shift_span(today, terms)
        history, start = tx.promise_history, ServiceDay(first, terms.zone).start
        arrivals = await history.list_arrivals(
            start, ServiceDay(today, terms.zone).start, terms.zone
        )
        # Days before the first order are no days without orders: the operator was not here yet.
        since = min((row.date for row in arrivals), default=today)
        driven_first = today - timedelta(days=DRIVEN_DAYS)
        book = ArrivalBook.of(arrivals, max(first, since), today, terms.zone)
        driven = tuple(await history.list_driven(driven_first, today - timedelta(days=1)))
        return FleetPast(
            depots=tuple(depot.id for depot in depots),
            hours={},
            driven=driven,
            arrivals=book,
            expected=await read_expected(
                tx,
                await self.newest.find(tx),
                today=today,
                terms=terms,
                serving=self._serving(_open(depots, terms, today, shift_days), driven),
            ),
            usual_load=await history.usual_load(driven_first),
        )

    async def _read_books(
        self,
        tx: PlatformStore,
        known: ComingDays,
        now: datetime,
        pending: Mapping[UUID, Reservation],
    ) -> None:
        zone = known.terms.zone
        start = ServiceDay(known.day, zone).start
        end = ServiceDay(known.day + timedelta(days=known.terms.horizon_days), zone).end
        due = [known.due(each, self.ways) for each in await tx.promise_history.list_due(start, end)]
        # One that is kept while they are read is in neither of the two that are looked at after.
        before = dict(pending)
        standing = {held.id: held for held in await tx.reservations.list_standing(now)}
        held = (before | standing | dict(pending)).values()
        known.put_all(
            [each for each in due if each is not None] + [known.held(each) for each in held]
        )

    def _serving(self, depots: tuple[Depot, ...], driven: tuple[DrivenWork, ...]) -> Serving:
        return Serving(
            depots=depots,
            territory=self.territory,
            ways=self.ways,
            driven=driven,
            measure=self.measure,
        )


async def _archived(tx: PlatformStore) -> frozenset[UUID]:
    merchants = await tx.access.list_merchants()
    return frozenset(merchant.id for merchant in merchants if not merchant.is_active)


async def _driven_shifts(
    tx: PlatformStore,
    span: tuple[date, date],
    vehicles: Mapping[UUID, Vehicle],
    depots: Sequence[Depot],
) -> tuple[Shift, ...]:
    """Those that a plan would drive: of vans in service, while their depot is open."""
    places = {depot.id: depot for depot in depots}
    found = []
    for shift in await tx.promise_history.list_shifts(*span):
        depot, vehicle = places.get(shift.depot_id), vehicles.get(shift.vehicle_id)
        if depot is not None and vehicle is not None and vehicle.is_active:
            cut = within_hours(shift, depot, ServiceDay(shift.date))
            if cut.start < cut.end:
                found.append(cut)
    return tuple(found)


def _days_of(shifts: Sequence[Shift]) -> frozenset[ShiftDay]:
    return frozenset((shift.depot_id, shift.date) for shift in shifts)


def _open(
    depots: tuple[Depot, ...], terms: OfferTerms, today: date, known: frozenset[ShiftDay]
) -> tuple[Depot, ...]:
    """Depots with vans on a day that may be offered; all of them where none has any."""
    days = [today + timedelta(days=number) for number in range(terms.horizon_days + 1)]
    able = open_depots((depot.id for depot in depots), days, known)
    return tuple(depot for depot in depots if depot.id in able) or depots


def _shift_span(today: date, terms: OfferTerms) -> tuple[date, date]:
    """From the weeks that are looked back to until the last day that is offered."""
    return today - timedelta(weeks=WEEKS_MAX + 1), today + timedelta(days=terms.horizon_days)
